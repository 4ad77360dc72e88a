"""How an operation is written, where that is not its name and its arguments in brackets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The looks of an operation in the three alphabets.

    word        what it is called in a formula, if not by its name (``largest`` is written ``max``)
    unicode     what stands for the name on a terminal: ``Γ`` for gamma
    latex       the same in LaTeX, a command; with ``{}`` where a parameter that comes first is put in
    letter      of a constant matrix its letter on a terminal, the sizes being lowered: ``I``
    latex_letter      the same in LaTeX
    bars        what stands around the argument instead of name and brackets, on a terminal: ``("‖", "‖")``
    latex_bars  the same in LaTeX
    matrix_mark      what LaTeX adds to the bars around a matrix: ``_{F}``
    names       letters for a vector and for a matrix that holds its value, in a `where`: ``"sS"``
    named       a value of it is given a name where it stands twice, however short the formula is
    from_one    its values lie below 1: 1 - f is written, never f - 1
    turned      of a mask: the operation whose mask is the transpose
    """

    word: str = ""
    unicode: str = ""
    latex: str = ""
    letter: str = ""
    latex_letter: str = ""
    bars: tuple[str, str] | None = None
    latex_bars: tuple[str, str] | None = None
    matrix_mark: str = ""
    names: str = ""
    named: bool = False
    from_one: bool = False
    turned: str = ""


PLAIN = Looks()
"""The looks of an operation that is written with its name."""
