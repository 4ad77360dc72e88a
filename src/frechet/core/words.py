"""What a derivation says of an operation: a rule of differentiation in words, and how such a rule is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final


@final
@dataclass(frozen=True, slots=True)
class Words:
    """A rule in words: its title, one sentence of why, where it stands in the books.

    `rule` is what it is called where it is not the rule of one operation: several have it in common ("linear"), or one
    operation has several ("softmax by rows").
    """

    title: str
    why: str
    reference: str
    rule: str = ""


OnPaper = Callable[..., Any]
"""(expression, the tangent of its argument, paper) → the differential, or None where it does not fit.

`paper` writes for it, as `xp` computes for a value: ``paper.apply(name, arguments, params)`` is an operation of the
language, ``paper.number(q)`` a number, ``paper.inner(u, v)`` the inner product ⟨u, v⟩, of complex arrays its real part.
"""


@final
@dataclass(frozen=True, slots=True)
class Square:
    """The square of a value that is a number, where its rule is simpler than that of the value: d‖u‖² = 2⟨u, du⟩.

    An even power of the value then has a derivative where the value itself has none.
    """

    words: Words
    on_paper: OnPaper


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a derivation says of an operation; M and u stand for the increment, G for what it is paired with.

    step         the rule of its differential, or (expression) → the rule, where it depends on an axis
    on_paper     its differential as a person writes it, where the algebra's reads otherwise
    square       the rule of its square
    across       how it is moved across an inner product: ``⟨G, f(M)⟩ = ⟨f*(G), M⟩``
    collected    how the increment is brought out of it in a line that is a number, where that is said otherwise
    commuting    what it is where the increment commutes with the other arguments
    stacked      the matrix that it is where a line is stacked: ``vec(f(M)) = K*vec(M)``
    recognised   the step that finds it written out with other operations; such a value always has a name
    letters      what its value is called: as a column, as a matrix
    """

    step: Words | Callable[[Any], Words] | None = None
    on_paper: OnPaper | None = None
    square: Square | None = None
    across: str = ""
    collected: str = ""
    commuting: str = ""
    stacked: str = ""
    recognised: Words | None = None
    letters: tuple[str, str] = ("", "")


NOTHING_TOLD = Telling()
"""What is said of an operation that has no words of its own."""
