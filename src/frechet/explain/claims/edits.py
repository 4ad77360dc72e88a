"""Small changes of a claim: each is a slip that people make, undone, with the words for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.explain.claims.harvest import Harvest
from frechet.explain.claims.terms import CHAIN, LEAF, TOTAL, Bank, Path, Term, positions, shown
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, size

HALF = Fraction(1, 2)
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

    def __init__(self, bank: Bank, sizes: Sequence[Dim], pieces: Harvest) -> None:
        self.bank, self.sizes = bank, list(sizes)
        self._shown: dict[Term, str] = {}
        self.leaves = [bank.leaf(e) for e in pieces.leaves]
        self.factors = [bank.of_expr(e) for e in pieces.factors]
        self.arguments = [bank.of_expr(e) for e in pieces.arguments]
        self.terms = [bank.of_expr(e) for e in pieces.terms]
        self.ones = [bank.leaf(apply("ones", (), shape)) for shape in pieces.shapes if shape]
        self.shifted = [bank.of_expr(e) for e in pieces.shifted]
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

    def edits(self, root: Term, kinds: Sequence[Kind]) -> Iterator[Edit]:
        """Every single edit of these kinds, the outer places first."""
        above: dict[Path, Term] = {(): root}
        for path, term in positions(root):
            above[path] = term
            parent = above[path[:-1]] if path else None
            for kind in kinds:
                if parent is not None and _idle(kind, parent, path[-1]):
                    continue
                for new, change, cost in kind(self, term, path):
                    if new is not term:
                        yield Edit(self.bank.put(root, path, new), change, cost)


TURNABLE = frozenset({"inv", "adj", "det", "logdet", "tr", "sum", "norm2", "norm1", "transpose", "declared", "softmax"})
"""Functions of which a transposed argument makes the transpose, or no difference."""


def _idle(kind: Kind, parent: Term, place: int) -> bool:
    """Whether a change there is another one's: an exponent has edits of its own, inv(X)' serves for inv(X')."""
    if kind is numbers:
        return parent.op in ("power", "epower") and place == 1
    op = REGISTRY.get(parent.op)
    return kind is transposes and (
        parent.op in TURNABLE or (op is not None and op.elementwise and len(parent.args) == 1)
    )


def transposes(w: Workshop, term: Term, path: Path) -> Found:
    """A transpose too many or too few."""
    if term.op == "transpose":
        yield term.args[0], f"no transpose on {w.show(term.args[0])}", 1.0
        return
    e = w.bank.typed(term)
    if (e is None or e.shape) and term.value is None:
        new = w.bank.apply("transpose", term)
        yield new, f"transpose {w.show(term)}", 1.0 if term.op in (LEAF, CHAIN, TOTAL) else 1.02


def numbers(w: Workshop, term: Term, path: Path) -> Found:
    """A number that is another one, or should not be there."""
    value = term.value
    if value is None:
        return
    for new in dict.fromkeys((2 * value, value / 2, -value, value + 1, value - 1, Fraction(1))):
        if new and new != value:
            yield w.bank.number(new), f"{new} in place of {value}", 1.2


def signs(w: Workshop, term: Term, path: Path) -> Found:
    """The sign of a term; a factor 2 or ½ on it."""
    bank = w.bank
    if term.op != TOTAL:
        return
    for k, part in enumerate(term.args):
        turned = [-s if i == k else s for i, s in enumerate(term.params)]
        yield bank.total(term.args, turned), f"the sign of {w.show(part)}", 1.0
        for factor, said in ((Fraction(2), "the factor 2"), (HALF, "the factor 1/2")):
            scaled = bank.chain((bank.number(factor), part))
            new = bank.total([*term.args[:k], scaled, *term.args[k + 1 :]], term.params)
            yield new, f"{said} on {w.show(part)}", 1.05


def orders(w: Workshop, term: Term, path: Path) -> Found:
    """Factors in another order: a swap, a rotation, the reverse, any order of few."""
    if term.op != CHAIN:
        return
    bank, fixed = w.bank, [f for f in term.args if f.value is not None]
    factors = [f for f in term.args if f.value is None]
    n = len(factors)
    if n < 2:
        return
    found: dict[tuple[Term, ...], float] = {}
    for k in range(n - 1):
        found.setdefault((*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :]), 1.0)
    for k in range(1, n):
        found.setdefault((*factors[k:], *factors[:k]), 1.1)
    found.setdefault(tuple(reversed(factors)), 1.1)
    if n <= 4:
        for order in permutations(factors):
            found.setdefault(order, 1.5)
    for order, cost in found.items():
        if order != tuple(factors):
            yield bank.chain((*fixed, *order)), f"the order of the factors: {w.show(bank.chain(order))}", cost
    turned = tuple(bank.apply("transpose", f) for f in factors)
    yield bank.chain((*fixed, *turned)), f"each factor transposed, of {w.show(bank.chain(factors))}", 1.3
    back = tuple(reversed(turned))
    yield bank.chain((*fixed, *back)), f"transpose {w.show(bank.chain(factors))}", 1.2


def products(w: Workshop, term: Term, path: Path) -> Found:
    """The entrywise product for the matrix product, and the other way about."""
    bank = w.bank
    if term.op == CHAIN:
        args = term.args
        for k in range(1, len(args)):
            left, right = args[:k], args[k:]
            yield (
                bank.apply("hadamard", bank.chain(left), bank.chain(right)),
                f"the entrywise product of {w.show(bank.chain(left))} and {w.show(bank.chain(right))}",
                1.0,
            )
            pair = bank.apply("hadamard", args[k - 1], args[k])
            yield bank.chain((*args[: k - 1], pair, *args[k + 1 :])), f"the entrywise product {w.show(pair)}", 1.0
            yield from _on_the_diagonal(w, args, k)
            if k + 2 <= len(args):
                tail = bank.apply("hadamard", args[k - 1], bank.chain(right))
                yield bank.chain((*args[: k - 1], tail)), f"the entrywise product {w.show(tail)}", 1.1
    elif term.op == "hadamard":
        a, b = term.args
        said = f"the matrix product for the entrywise one of {w.show(a)} and {w.show(b)}"
        yield bank.chain((a, b)), said, 1.0
        yield bank.chain((b, a)), said, 1.2
        yield bank.chain((bank.apply("transpose", a), b)), said, 1.2
        for u, v in ((a, b), (b, a)):
            yield bank.chain((bank.apply("diag", u), v)), f"diag({w.show(u)}) as a matrix factor", 1.2
            yield bank.chain((v, bank.apply("diag", u))), f"diag({w.show(u)}) as a matrix factor", 1.2


def _on_the_diagonal(w: Workshop, args: Sequence[Term], k: int) -> Found:
    """diag(u.*v) for the outer product u*v'."""
    bank, e, turned = w.bank, w.bank.typed(args[k - 1]), args[k]
    column = bank.typed(turned.args[0]) if turned.op == "transpose" else None
    if e is not None and column is not None and len(e.shape) == len(column.shape) == 1:
        entries = bank.apply("hadamard", args[k - 1], turned.args[0])
        said = f"diag({w.show(entries)}) for the outer product {w.show(bank.chain((args[k - 1], turned)))}"
        yield bank.chain((*args[: k - 1], bank.apply("diag", entries), *args[k + 1 :])), said, 1.0


def diagonals(w: Workshop, term: Term, path: Path) -> Found:
    """diag where it is missing, or where it is too much."""
    bank = w.bank
    e = bank.typed(term)
    if term.op == "diag":
        yield term.args[0], f"no diag on {w.show(term.args[0])}", 1.1
        if e is None or len(e.shape) < 2:
            yield bank.apply("diag", term), f"diag({w.show(term)}): a diagonal matrix, where diag gives a vector", 1.0
        return
    if term.value is None and (e is None or e.shape):
        yield bank.apply("diag", term), f"diag({w.show(term)}) for {w.show(term)}", 1.1


def summed_diagonals(w: Workshop, term: Term, path: Path) -> Found:
    """Row sums for a diagonal, a product of columns for a diagonal scaling."""
    bank = w.bank
    if term.op == CHAIN and len(term.args) > 1:
        last = bank.typed(term.args[-1])
        if last is not None and last.op.name == "ones":
            fixed = [f for f in term.args[:-1] if f.value is not None]
            rest = bank.chain([f for f in term.args[:-1] if f.value is None] or term.args[:-1])
            new = bank.chain((*fixed, bank.apply("diag", rest)))
            yield new, "the diagonal where the row sums were taken", 1.0


def inverses(w: Workshop, term: Term, path: Path) -> Found:
    """An inverse missing, or its transpose, or one too many."""
    bank = w.bank
    if term.op == "inv":
        yield term.args[0], f"no inverse on {w.show(term.args[0])}", 1.2
        yield bank.apply("transpose", term), f"transpose {w.show(term)}", 1.0
        return
    e = bank.typed(term)
    if e is not None and len(e.shape) == 2 and e.shape[0] == e.shape[1] and e.op.name not in ("eye", "transpose"):
        inverse = bank.apply("inv", term)
        yield inverse, f"the inverse of {w.show(term)}", 1.2
        yield bank.apply("transpose", inverse), f"the transposed inverse of {w.show(term)}", 1.4


SIZED = {"eye": "the identity", "commutation": "the commutation matrix"}


def sizes(w: Workshop, term: Term, path: Path) -> Found:
    """An identity (or ones, zeros, a commutation) of the wrong size."""
    e = term.leaf
    if e is None or e.op.name not in ("eye", "ones", "zeros", "commutation", "unit", "size"):
        return
    if e.op.name == "size":
        for new in w.sizes:
            if new != e.params[0]:
                yield w.bank.leaf(size(new)), f"the size {new} for {e.params[0]}", 1.2
        return
    if e.op.name == "eye":
        named = [d for d in w.sizes if len(d.terms) == 1]
        for a, b in ((a, b) for a in named for b in named if a * b == e.params[0]):
            yield w.bank.leaf(apply("commutation", (), (a, b))), f"commutation({a},{b}) for {w.show(term)}", 1.2
    for k, old in enumerate(e.params):
        if not isinstance(old, Dim):
            continue
        for new in w.sizes:
            if new != old:
                params = (*e.params[:k], new, *e.params[k + 1 :])
                other = w.bank.leaf(apply(e.op, (), params))
                said = f"the size of {SIZED.get(e.op.name, w.show(term))}: {w.show(other)}, not {w.show(term)}"
                yield other, said, 0.9
    if len(e.params) == 2 and e.op.name == "commutation":
        other = w.bank.leaf(apply(e.op, (), e.params[::-1]))
        yield other, f"{w.show(other)} for {w.show(term)}", 0.8


def removals(w: Workshop, term: Term, path: Path) -> Found:
    """A factor, a term or a function too many."""
    bank = w.bank
    if term.op in (CHAIN, TOTAL) and len(term.args) > 1:
        for k, part in enumerate(term.args):
            rest = [*term.args[:k], *term.args[k + 1 :]]
            what = "factor" if term.op == CHAIN else "term"
            signs_ = [s for i, s in enumerate(term.params) if i != k]
            new = bank.chain(rest) if term.op == CHAIN else bank.total(rest, signs_)
            yield new, f"without the {what} {w.show(part)}", 1.3
        if term.op == CHAIN and len(term.args) > 2:
            for gone, rest in ((term.args[:2], term.args[2:]), (term.args[-2:], term.args[:-2])):
                yield bank.chain(rest), f"without the factors {w.show(bank.chain(gone))}", 1.8
    elif term.op in ("hadamard", "edivide", "kron"):
        for part, other in zip(term.args, reversed(term.args), strict=True):
            yield part, f"without {w.show(other)}", 1.5
    elif term.op == "divide":
        above, below = [*term.args]
        yield above, f"without the divisor {w.show(below)}", 1.4
    elif len(term.args) == 1 and term.op not in ("transpose", "inv", "diag"):
        said = {"tr": "no trace", "sum": "no sum"}.get(term.op, f"without {term.op}")
        yield term.args[0], said, 1.2 if said.startswith("no ") else 1.5


def powers(w: Workshop, term: Term, path: Path) -> Found:
    """Another exponent; a square, of a divisor or an inverse; A'*A for A^2; a power of the entries."""
    bank = w.bank
    if term.op in ("power", "epower") and term.args[1].value is not None:
        base, exponent = term.args[0], term.args[1].value
        for new in (exponent - 1, exponent + 1):
            if new:
                yield bank.apply(term.op, base, bank.number(new)), f"the exponent {new} on {w.show(base)}", 1.3
        yield from _alternating(w, base, int(exponent) if exponent.denominator == 1 else 0)
        other, said = ("epower", "entry by entry") if term.op == "power" else ("power", "of the matrix")
        yield bank.apply(other, *term.args), f"the power {said}: {w.show(bank.apply(other, *term.args))}", 1.1
    elif term.op == CHAIN:
        for k in range(len(term.args) - 1):
            if term.args[k] is term.args[k + 1]:
                turned = bank.apply("transpose", term.args[k])
                yield bank.put(term, (k,), turned), f"transpose {w.show(term.args[k])}", 1.0
    elif term.op in ("divide", "edivide"):
        above, below = term.args
        square = "power" if term.op == "divide" else "epower"
        if below.op not in ("power", "epower", LEAF) or below.value is None:
            squared = bank.apply(square, below, bank.number(2))
            yield bank.apply(term.op, above, squared), f"the square of {w.show(below)} below", 1.2
        other = "edivide" if term.op == "divide" else "divide"
        yield (
            bank.apply(other, above, below),
            f"a division {'entry by entry' if other == 'edivide' else 'as a whole'}",
            1.0,
        )
    elif term.op in ("inv", "det", "norm2"):
        yield bank.apply("power", term, bank.number(2)), f"the square of {w.show(term)}", 1.3


def _alternating(w: Workshop, base: Term, exponent: int) -> Found:
    """A'*A for A^2, A*A'*A for A^3."""
    bank, turned = w.bank, w.bank.apply("transpose", base)
    e = bank.typed(base)
    if not 2 <= exponent <= 4 or (e is not None and len(e.shape) < 2):
        return
    for first, second, cost in ((base, base, 1.1), (turned, base, 1.2), (base, turned, 1.2)):
        new = bank.chain([first, second] * (exponent // 2) + [first] * (exponent % 2))
        yield new, f"{w.show(new)} for {w.show(base)}^{exponent}", cost


def identities(w: Workshop, term: Term, path: Path) -> Found:
    """A number where a matrix is meant: 1 for the identity, for the array of ones."""
    e = w.bank.typed(term)
    if e is None or e.shape or e.op.name == "size":
        return
    number = w.show(term)
    for d in (d for d in w.sizes if len(d.terms) == 1):
        unit = w.bank.leaf(apply("eye", (), (d,)))
        said = f"eye({d}) for 1" if number == "1" else f"the factor eye({d})"
        yield w.bank.chain((term, unit)), said, 1.2
        if not path and number == "1":
            for other in w.ones:
                yield other, f"{w.show(other)} for 1", 1.2


DERIVED = {
    "sin": "cos", "exp": "exp", "relu": "step", "softplus": "sigmoid", "sinh": "cosh", "cosh": "sinh", "abs": "sign",
    "norm1": "sign", "logsumexp": "softmax",
}  # fmt: skip


OF_SIGN = frozenset({"sigmoid", "exp", "step", "relu", "softplus"})
"""Functions in which the sign of the argument is easily lost."""


def functions(w: Workshop, term: Term, path: Path) -> Found:
    """The argument of a function; the function for its derivative."""
    bank = w.bank
    if len(term.args) != 1 or term.op in ("transpose", "inv", "diag", "tr", "vec", TOTAL):
        return
    for argument in w.arguments:
        if argument is not term.args[0]:
            new = bank.apply(term.op, argument, params=term.params)
            yield new, f"the argument of {_called(term)}: {w.show(argument)} for {w.show(term.args[0])}", 0.9
    if term.op in OF_SIGN:
        turned = bank.total((term.args[0],), (-1,))
        new = bank.apply(term.op, turned)
        yield new, f"the argument of {_called(term)}: {w.show(turned)} for {w.show(term.args[0])}", 1.0
    if term.op in DERIVED:
        yield bank.apply(DERIVED[term.op], term.args[0]), f"{DERIVED[term.op]} for {term.op}", 1.3
    if term.op == "declared":
        name, order = term.params
        new = bank.apply("declared", term.args[0], params=(name, order + 1))
        yield new, f"the derivative of {name}", 1.2
        if order:
            yield bank.apply("declared", term.args[0], params=(name, order - 1)), f"{name} itself", 1.3
    if term.op in ("sigmoid", "tanh"):
        square = bank.apply("epower", term, bank.number(2))
        one = bank.number(1)
        rest = bank.total((one, term), (1, -1))
        rule = (
            (bank.chain((term, rest)) if w.scalar(term) else bank.apply("hadamard", term, rest))
            if term.op == "sigmoid"
            else bank.total((one, square), (1, -1))
        )
        yield rule, f"the derivative of {term.op}", 1.3


def _called(term: Term) -> str:
    return str(term.params[0]) + "'" * int(term.params[1]) if term.op == "declared" else term.op


def substitutions(w: Workshop, term: Term, path: Path) -> Found:
    """One name for another of the same shape; a sum for a name in it, a name for what it stands in."""
    e = term.leaf
    if path and e is None:
        whole = w.bank.typed(term)
        inside = frozenset(postorder(whole)) if whole is not None and whole.shape else frozenset[Expr]()
        for other in w.leaves:
            if (
                other.leaf is not None
                and other.leaf in inside
                and whole is not None
                and other.leaf.shape == whole.shape
            ):
                yield other, f"{w.show(other)} for {w.show(term)}", 1.3
    if e is None or e.op.name != "variable":
        return
    for other in w.shifted:
        known = w.bank.typed(other)
        if known is not None and known.shape == e.shape and any(a is e for a in postorder(known)):
            yield other, f"{w.show(other)} for {w.show(term)}", 1.2
    for other in w.leaves:
        if other is not term and other.leaf is not None and other.leaf.shape == e.shape:
            yield other, f"{w.show(other)} for {w.show(term)}", 1.6


def insertions(w: Workshop, term: Term, path: Path) -> Found:
    """A factor that is missing."""
    bank = w.bank
    if term.op == LEAF and path and term.value is not None:
        return
    unit = term.leaf is not None and term.leaf.op.name == "eye"
    if w.upstream is not None and not path:
        yield from _beside(w, term, w.upstream)
    for piece in w.factors:
        e = bank.typed(piece)
        if e is None:
            continue
        if term.leaf is not None and term.leaf.op.name == "ones" and term.leaf.shape == e.shape:
            yield piece, f"{w.show(piece)} for {w.show(term)}", 1.3
            continue
        if unit and e.shape:
            yield bank.apply("hadamard", piece, term), f"the entrywise factor {w.show(piece)}", 1.4
            continue
        cost = 1.4 if piece.op == LEAF else 1.5
        said = f"the factor {w.show(piece)}"
        if e.shape and w.scalar(term):
            yield bank.chain((term, piece)), said, cost  # a number stands before what it scales
            continue
        yield bank.chain((piece, term)), said, cost
        if not e.shape:
            yield bank.apply("divide", term, piece), f"the divisor {w.show(piece)}", cost + 0.1
            continue
        turned = bank.apply("transpose", piece)
        yield bank.chain((term, piece)), said, cost
        yield bank.chain((turned, term)), f"the factor {w.show(turned)}", cost
        yield bank.chain((term, turned)), f"the factor {w.show(turned)}", cost
        yield bank.apply("hadamard", piece, term), f"the entrywise factor {w.show(piece)}", cost
        if len(e.shape) == 1:
            yield bank.chain((bank.apply("diag", piece), term)), f"the factor diag({w.show(piece)})", cost + 0.1
            yield bank.chain((term, bank.apply("diag", piece))), f"the factor diag({w.show(piece)})", cost + 0.1


def _beside(w: Workshop, term: Term, upstream: Term) -> Found:
    """The upstream gradient beside a factor that has to be transposed."""
    bank = w.bank
    turned = bank.apply("transpose", term)
    if turned is not term:
        said = f"the factor {w.show(upstream)}, transpose {w.show(term)}"
        yield bank.chain((upstream, turned)), said, 2.0
        yield bank.chain((turned, upstream)), said, 2.0


def additions(w: Workshop, term: Term, path: Path) -> Found:
    """A term that is missing in a sum: a part and its transpose, a term of the right answer."""
    bank = w.bank
    e = bank.typed(term)
    if e is not None and len(e.shape) == 2 and e.shape[0] == e.shape[1] and term.value is None:
        turned = bank.apply("transpose", term)
        yield bank.total((term, turned), (1, 1)), f"the term {w.show(turned)}", 1.1
        number = term.args[0].value if term.op == CHAIN else None
        body = bank.chain(term.args[1:]) if number is not None else term
        both = bank.total((body, bank.apply("transpose", body)), (1, 1))
        half = bank.chain((bank.number((number or 1) * HALF), both))
        yield half, f"({w.show(both)})/2 for {w.show(body)}, which need not be symmetric", 1.2
    if term.op == CHAIN:
        yield from _both_orders(w, term)
    if path and term.op == TOTAL and e is not None:
        for other in w.leaves:
            if other.leaf is not None and other.leaf.shape == e.shape and other not in term.args:
                for sign in (1, -1):
                    yield bank.total((*term.args, other), (*term.params, sign)), f"the term {w.show(other)}", 1.3
    if not path:
        for other in w.terms:
            if other is not term and not (term.op == TOTAL and other in term.args):
                for sign in (1, -1):
                    yield bank.total((term, other), (1, sign)), f"the term {w.show(other)}", 1.4


def _both_orders(w: Workshop, term: Term) -> Found:
    """P*Q + Q*P for 2*P*Q: the product rule where the factors do not commute."""
    bank = w.bank
    factors = [f for f in term.args if f.value is None]
    number = next((f.value for f in term.args if f.value is not None), None) or Fraction(1)
    yield from _parts_both_ways(w, factors, number)
    if not 2 <= sum(not w.scalar(f) for f in factors) <= len(factors) <= 4:
        return
    one, other = bank.chain(factors), bank.chain(factors[::-1])
    said = f"both orders, {w.show(bank.total((one, other), (1, 1)))}"
    for factor in dict.fromkeys((number, number / 2)):
        both = bank.total((one, other), (1, 1))
        yield bank.chain((bank.number(factor), both)), said, 1.1


def _parts_both_ways(w: Workshop, factors: Sequence[Term], number: Fraction) -> Found:
    """(S + S')/2 for a part S of a product that is square: A'*B of 2*A'*B*x."""
    bank = w.bank
    for start in range(len(factors)):
        for stop in range(start + 2, min(len(factors), start + 4) + 1):
            part = bank.chain(factors[start:stop])
            e = bank.typed(part)
            if stop - start == len(factors) or e is None or len(e.shape) != 2 or e.shape[0] != e.shape[1]:
                continue
            both = bank.total((part, bank.apply("transpose", part)), (1, 1))
            said = f"({w.show(both)})/2 for {w.show(part)}, which need not be symmetric"
            yield bank.chain((bank.number(number / 2), *factors[:start], both, *factors[stop:])), said, 1.3


def sums(w: Workshop, term: Term, path: Path) -> Found:
    """A sum over rows or columns that is missing (or its opposite, a broadcast)."""
    bank = w.bank
    e = bank.typed(term)
    if e is None or not e.shape or len(e.shape) > 2:
        return
    if len(e.shape) == 2 and e.shape[0] == e.shape[1]:
        yield bank.apply("tr", term), f"the trace of {w.show(term)}", 1.2
    for axis, said in ((None, "all entries"), (1, "each column"), (2, "each row")):
        if axis is None or len(e.shape) == 2:
            yield bank.apply("sum", term, params=(axis,)), f"the sum over {said} of {w.show(term)}", 1.4


def shares(w: Workshop, term: Term, path: Path) -> Found:
    """The 1/m of a mean."""
    bank = w.bank
    if path or (term.leaf is not None and term.leaf.op.name == "size"):
        return
    for d in w.sizes:
        if len(d.terms) == 1 and d.number is None:
            leaf = bank.leaf(size(d))
            yield bank.apply("divide", term, leaf), f"the factor 1/{d}", 1.2
            yield bank.chain((leaf, term)), f"the factor {d}", 1.2


def krons(w: Workshop, term: Term, path: Path) -> Found:
    """The factors of a Kronecker product the other way about; a commutation that is missing."""
    bank = w.bank
    if term.op != "kron":
        return
    a, b = term.args
    yield bank.apply("kron", b, a), f"the order of the Kronecker factors: {w.show(bank.apply('kron', b, a))}", 0.9
    ta, tb = (bank.apply("transpose", x) for x in (a, b))
    yield bank.apply("kron", tb, ta), "the factors the other way about and transposed", 1.4
    yield bank.apply("kron", ta, tb), "both factors transposed", 1.3
    yield bank.chain((a, b)), "the matrix product for the Kronecker product", 1.4


def commutations(w: Workshop, term: Term, path: Path) -> Found:
    """A commutation matrix that is missing, on either side of a term of a Jacobian."""
    bank = w.bank
    e = bank.typed(term)
    if e is None or len(e.shape) != 2 or term.op not in ("kron", CHAIN, TOTAL):
        return
    named = [d for d in w.sizes if len(d.terms) == 1]
    for a in named:
        for b in named:
            for k, where in ((0, (0, 1)), (1, (1, 0))):
                if e.shape[1 - k] == a * b:
                    leaf = bank.leaf(apply("commutation", (), (a, b)))
                    pair = (term, leaf) if where == (0, 1) else (leaf, term)
                    yield bank.chain(pair), f"the factor {w.show(leaf)}", 1.2


LIGHT: tuple[Kind, ...] = (
    sizes, transposes, numbers, signs, orders, products, krons, diagonals, summed_diagonals, functions, inverses,
    powers, removals, shares, identities,
)  # fmt: skip
"""What may be done twice."""

HEAVY: tuple[Kind, ...] = (commutations, additions, substitutions, insertions, sums)
"""What brings something in: once is enough."""
