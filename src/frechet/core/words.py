"""A rule of differentiation in words: what a step of a derivation is called, why it holds, where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Words:
    """A rule in words: its title, one sentence of why, where it stands in the books."""

    title: str
    why: str
    reference: str
