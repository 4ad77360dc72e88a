"""Index forms with their sums written: A[i,k]*x[k], where k stands twice, is sum(k: A[i,k]*x[k]).

In ASCII an index that stands twice is summed by the convention; on paper each sum has its sign, over the smallest
product that holds the index, with what does not depend on it in front.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from frechet.core.expr import Expr, make
from frechet.ops.expressions import apply, number

PICKS = frozenset({"at", "delta", "row", "column", "slice", "unit"})
"""Operations whose parameters are indices."""
ONE = number(1)


def summed(e: Expr, free: Collection[str]) -> Expr:
    """The same entry with a sum for each index that is summed; `free` are the indices of the entry itself.

    >>> from frechet.language import read_formula
    >>> from frechet.notation.ascii import text
    >>> from frechet.ops.expressions import variable
    >>> names = {"A": variable("A", ("m", "n")), "x": variable("x", ("n",)), "b": variable("b", ("m",))}
    >>> entry = read_formula("2*A[j,i]*(A[j,k]*x[k]-b[j])", names, indices=["i", "j", "k"])
    >>> print(text(summed(entry, ["i"])))
    2*sum(j: A[j,i]*(sum(k: A[j,k]*x[k])-b[j]))
    """
    bound = frozenset(free)
    name = e.op.name
    if name == "isum":
        own = tuple(map(str, e.params))
        body = summed(e.args[0], bound | set(own))
        return _sum(body, own)
    if name in PICKS:
        twice = _repeated([list(_indices(e))], bound)
        return _sum(e, twice) if twice else e
    if name in ("mul", "divide"):
        above, below = _factors(e)
        inner = _repeated([list(_indices(f)) for f in (*above, *below)], bound)
        if inner:
            return _product(above, below, inner, bound)
    args = tuple(summed(a, bound) for a in e.args)
    return e if args == e.args else make(e.op, args, e.params, e.shape)


def _sum(body: Expr, over: tuple[str, ...]) -> Expr:
    """A sum; one of a sum is one sum, and what does not depend on it stands in front."""
    if body.op.name == "isum":
        return apply("isum", body.args, (*over, *body.params))
    return apply("isum", (body,), over)


def _product(above: list[Expr], below: list[Expr], inner: tuple[str, ...], bound: frozenset[str]) -> Expr:
    """A product with a sum over these indices around the factors that depend on them."""
    known = bound | set(inner)
    negative = sum(f.op.name == "neg" for f in above) % 2
    above = [f.args[0] if f.op.name == "neg" else f for f in above]
    outer = [summed(f, known) for f in above if not set(_indices(f)) & set(inner)]
    inside = [summed(f, known) for f in above if set(_indices(f)) & set(inner)]
    under = [summed(f, known) for f in below if set(_indices(f)) & set(inner)]
    over = [summed(f, known) for f in below if not set(_indices(f)) & set(inner)]
    body = _quotient(_times(inside), under)
    whole = _quotient(_times([*outer, _sum(body, inner)]), over)
    return apply("neg", (whole,)) if negative else whole


def _times(factors: list[Expr]) -> Expr:
    whole = factors[0] if factors else ONE
    for f in factors[1:]:
        whole = apply("mul", (whole, f))
    return whole


def _quotient(above: Expr, below: list[Expr]) -> Expr:
    return apply("divide", (above, _times(below))) if below else above


def _factors(e: Expr) -> tuple[list[Expr], list[Expr]]:
    """The factors above and below the line."""
    if e.op.name == "mul":
        (a, b), (c, d) = _factors(e.args[0]), _factors(e.args[1])
        return a + c, b + d
    if e.op.name == "divide":
        (a, b), (c, d) = _factors(e.args[0]), _factors(e.args[1])
        return a + d, b + c
    return [e], []


def _repeated(factors: list[list[str]], bound: frozenset[str]) -> tuple[str, ...]:
    """The indices that are not bound and stand in two factors, or twice in one that picks an entry."""
    found: dict[str, None] = {}
    for k, names in enumerate(factors):
        for name in names:
            elsewhere = any(name in other for j, other in enumerate(factors) if j != k)
            if name not in bound and (elsewhere or (len(factors) == 1 and names.count(name) > 1)):
                found[name] = None
    return tuple(found)


def _indices(e: Expr) -> Iterator[str]:
    """The names of the indices in a formula, those of its own sums left out."""
    if e.op.name == "isum":
        yield from (name for name in _indices(e.args[0]) if name not in e.params)
        return
    if e.op.name in PICKS:
        yield from (p for p in e.params if isinstance(p, str))
        return
    for a in e.args:
        yield from _indices(a)
