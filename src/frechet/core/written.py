"""Functions that are formulas: what other languages have a name for, and this one writes with several operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Written:
    """A function that is a formula.

    python       what Python libraries call it, as `Op.python`: dotted names without the library's own
    parameters   its parameters in order, with the defaults of those that may be left out: ``"x, alpha=1"``
    formula      the formula in the language, entry by entry; it may name parts: ``"c = min(x,d); c.*(x-c/2)"``
    caution      what is assumed where it is read so
    reduced      whether the entries are added up or averaged in the end, as a parameter `reduction` says
    """

    python: tuple[str, ...]
    parameters: str
    formula: str
    caution: str = ""
    reduced: bool = False
