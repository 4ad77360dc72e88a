"""The verdict on a claim, in words and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, final

from frechet.explain.claims.readings import Convention
from frechet.explain.plain import Answer

Word = Literal["right", "right under a convention", "right under a condition", "shorthand", "wrong", "undecided"]


@final
@dataclass(frozen=True)
class Mend:
    """The nearest right formula in the form of the claim, what was changed, and the reading it holds under.

    `small` puts whole numbers in the place of labels or a mask, where the formula needs these.
    """

    formula: str
    change: str
    reading: str
    small: Callable[[dict[str, Any]], dict[str, Any]] | None = field(default=None, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Mend], tuple[str, str, str]]:
        return Mend, (self.formula, self.change, self.reading)  # `small` is for the counterexample, which is there

    def to_dict(self) -> dict[str, str]:
        """The entry of the verdict."""
        return {"formula": self.formula, "change": self.change}


@final
@dataclass(frozen=True)
class Verdict:
    """Whether a formula is the derivative, under which conventions, and what would mend it.

    `reading` is the claim as it was read (LaTeX and size names of its own put in terms of the problem),
    `condition` where it is right, or what would have to be assumed for it to be, `searched` says that the search for a
    mend was cut short.
    """

    expression: str
    wrt: str
    claim: str
    verdict: Word
    conventions: tuple[Convention, ...]
    meaning: str
    correct: Answer | None = field(hash=False, repr=False)
    mend: Mend | None = None
    counterexample: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)
    reading: str | None = None
    condition: str | None = None
    searched: str | None = None
    usual: bool = field(default=False, compare=False, repr=False)

    @property
    def holds(self) -> bool:
        """Whether the claim is right, perhaps under a convention or with what everyone assumes of labels and masks."""
        return self.verdict in ("right", "right under a convention") or self.usual

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data."""
        out: dict[str, Any] = {
            "expression": self.expression,
            "wrt": self.wrt,
            "claim": self.claim,
            "verdict": self.verdict,
            "conventions": [c.to_dict() for c in self.conventions],
            "meaning": self.meaning,
            "correct": dict(self.correct) if self.correct is not None else None,
            "mend": self.mend.to_dict() if self.mend else None,
            "counterexample": dict(self.counterexample) if self.counterexample else None,
        }
        for key in ("reading", "condition", "searched"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key)
        return out

    def __str__(self) -> str:
        """The verdict in words."""
        return self.meaning
