"""What edits are made with: the terms of a claim, the sizes of its problem, the pieces that may be brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.explain.claims.claim_tree import Bank, Path, Term
from frechet.explain.claims.pieces import Pieces
from frechet.explain.claims.tree_text import shown
from frechet.language import read_formula
from frechet.ops.expressions import apply, variable

LONGEST = 60


@final
@dataclass(frozen=True)
class Edit:
    """A changed claim, what was changed, and how unlikely the slip is."""

    term: Term
    change: str
    cost: float


Found = Iterator[tuple[Term, str, float]]
Kind = Callable[["Workshop", Term, Path], Found]


@final
class Workshop:
    """Makes edits: what the terms are made in, the sizes of the problem, the pieces that may be brought in."""

    def __init__(self, bank: Bank, sizes: Sequence[Dim], pieces: Pieces) -> None:
        self.bank, self.sizes = bank, list(sizes)
        self._shown: dict[Term, str] = {}
        self._formulas: dict[tuple[str, tuple[tuple[str, Shape], ...]], tuple[Mapping[str, Expr], Expr] | None] = {}
        self.leaves = [bank.leaf(e) for e in pieces.leaves]
        self.factors = [bank.of_expr(e) for e in pieces.factors]
        self.arguments = [bank.of_expr(e) for e in pieces.arguments]
        self.terms = [bank.of_expr(e) for e in pieces.terms]
        self.ones = [bank.leaf(apply("ones", (), shape)) for shape in pieces.shapes if shape]
        self.shifted = [bank.of_expr(e) for e in pieces.shifted]
        self.maps = pieces.maps
        self.upstream = bank.leaf(pieces.upstream) if pieces.upstream is not None else None

    def show(self, term: Term) -> str:
        """A term as it is shown in a sentence."""
        found = self._shown.get(term)
        if found is None:
            found = shown(term, self.bank)
            found = found if len(found) <= LONGEST else found[: LONGEST - 22] + " … " + found[-16:]
            self._shown[term] = found
        return found

    def scalar(self, term: Term) -> bool:
        """Whether a term is known to be a number, which commutes with every factor."""
        e = self.bank.typed(term)
        return e is not None and not e.shape

    def written_out(self, formula: str, terms: Mapping[str, Term], shape: Shape) -> Term | None:
        """A formula of a record with terms for its names, those without a shape of the `shape`; None if it has none.

        The entrywise signs of a formula about numbers are the plain ones.
        """
        typed = {name: self.bank.typed(term) for name, term in terms.items()}
        shapes = tuple((name, e.shape if e is not None else shape) for name, e in typed.items())
        if (formula, shapes) not in self._formulas:
            self._formulas[formula, shapes] = _read(formula, dict(shapes))
        found = self._formulas[formula, shapes]
        if found is None:
            return None
        names, expr = found
        return self.bank.of_expr(expr, {names[name]: term for name, term in terms.items()})


def _read(formula: str, shapes: Mapping[str, Shape]) -> tuple[Mapping[str, Expr], Expr] | None:
    """The variables that the names of a formula are, and its expression."""
    names = {name: variable(name, shape) for name, shape in shapes.items()}
    if not any(shapes.values()):
        formula = formula.replace(".*", "*").replace("./", "/").replace(".^", "^")
    try:
        return names, read_formula(formula, names)
    except FrechetError:
        return None
