"""A line that is linear in its increments, term by term, and what stands between a term's increment and its outside."""

from __future__ import annotations

from collections.abc import Container, Iterable

from frechet.core.expr import Expr, make, postorder
from frechet.errors import FrechetError
from frechet.explain.derivation.inner import transposed
from frechet.notation.signs import negative
from frechet.ops.expressions import apply

MOST = 24
"""Lines of more terms are left as they are."""

Term = tuple[int, Expr]
"""A sign and a product that holds one increment."""


def active(root: Expr, leaves: Container[Expr]) -> set[Expr]:
    """The parts in which one of the leaves occurs."""
    found: set[Expr] = set()
    for e in postorder(root):
        if e in leaves or any(a in found for a in e.args):
            found.add(e)
    return found


def terms(root: Expr, increments: Container[Expr]) -> list[Term]:
    """The line multiplied out as far as its increments are concerned.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> from frechet.ops.expressions import variable
    >>> X, dX = variable("X", ("m", "n")), variable("dX", ("m", "n"))
    >>> line = parse("tr(S*(dX'*X-X'*dX))", known={"X": X, "dX": dX}).value
    >>> [(sign, text(e)) for sign, e in terms(line, {dX})]
    [(1, "tr(S*dX'*X)"), (-1, "tr(S*X'*dX)")]
    """
    moving = active(root, increments)
    known: dict[Expr, list[Term]] = {}
    for e in postorder(root):
        if e not in moving:
            continue
        if e in increments:
            known[e] = [(1, e)]
            continue
        inside = [known[a] for a in e.args if a in moving]
        if e.op.name in ("add", "sub", "neg"):
            signs = [1, -1] if e.op.name == "sub" else [-1] if e.op.name == "neg" else [1, 1]
            pairs = zip((s for s, a in zip(signs, e.args, strict=True) if a in moving), inside, strict=True)
            found = [(sign * s, t) for sign, part in pairs for s, t in part]
        elif len(inside) == 1:
            (k,) = [k for k, a in enumerate(e.args) if a in moving]
            found = [(s, _around(e, k, t)) for s, t in inside[0]]
        else:
            found = [(1, e)]
        known[e] = found if len(found) <= MOST else [(1, e)]
    return known.get(root, [])


def _around(e: Expr, k: int, part: Expr) -> Expr:
    """The operation with another k-th argument; products are grouped to the left, transposes go inside."""
    if e.op.name == "transpose":
        return transposed(part)
    if e.op.name == "mul" and k == 1 and part.op.name == "mul" and (part.shape or not e.args[0].shape):
        product = grouped(e.args[0], part)
        if product is not None and product.shape == e.shape:
            return product
    args = (*e.args[:k], part, *e.args[k + 1 :])
    return make(e.op, args, e.params, e.shape) if part is not e.args[k] else e


def grouped(left: Expr, product: Expr) -> Expr | None:
    """a*(b*c) as (a*b)*c, where the shapes allow it."""
    factors: list[Expr] = []
    while product.op.name == "mul":
        factors.append(product.args[1])
        product = product.args[0]
    try:
        whole = apply("mul", (left, product))
        for f in reversed(factors):
            whole = apply("mul", (whole, f))
    except FrechetError:
        return None
    return whole


def total(parts: Iterable[Term]) -> Expr:
    """The sum of terms with their signs."""
    whole: Expr | None = None
    for sign, e in parts:
        if whole is None:
            whole = e if sign > 0 else negative(e)
            continue
        whole = apply("add" if sign > 0 else "sub", (whole, e))
    assert whole is not None, "a sum of no terms"
    return whole


def path(root: Expr, increments: Container[Expr]) -> list[tuple[Expr, int]]:
    """From the outside of a term to its increment: each operation, and at which argument the increment is."""
    moving = active(root, increments)
    found: list[tuple[Expr, int]] = []
    e = root
    while e in moving and e not in increments:
        k = next(k for k, a in enumerate(e.args) if a in moving)
        found.append((e, k))
        e = e.args[k]
    return found
