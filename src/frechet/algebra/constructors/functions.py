"""Functions of every entry: parity, broadcasts and transposes go outside; the rest is asked of the record."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.algebra.atoms import is_op, is_zero, number, ones, value_of
from frechet.algebra.constructors import late
from frechet.algebra.constructors.entrywise import all_ones
from frechet.algebra.constructors.products import assemble, mul, neg, parts
from frechet.algebra.constructors.shapes import reshaped
from frechet.algebra.constructors.sums import plus
from frechet.algebra.constructors.tensors import spread
from frechet.algebra.constructors.transposes import T, prefer_turned
from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE, Dim
from frechet.core.records import facts, having, named_under, rules

_SIMPLIFIED = having("simplified")


def apply(op: str, args: Sequence[Node], shape: tuple[Dim, ...], *params: object) -> Node:
    """A function the algebra knows nothing more of."""
    return intern("apply", shape, tuple(args), op=op, params=params)


def again(name: str, *args: Node) -> Node:
    """The operation of that name, by its own constructor: for a rule that speaks of another operation."""
    make = rules(name).again
    assert make is not None, name
    return make(*args)


def under(name: str, x: Node, *args: Node) -> Node | None:
    """What the operation `name` makes of an application of another: det(expm(X)) = exp(tr(X)).  None where unknown."""
    rule = named_under(name, x.op) if x.kind == "apply" else None
    return rule(x, *args) if rule is not None else None


def elementwise(op: str, x: Node, *params: object) -> Node:
    """A function of every entry.  Parity, broadcasts and transposes are moved outside.

    `params` are what the function needs besides (the name and order of a declared function).
    """
    if x.row or (x.kind == "transpose" and not x.column):
        return T(elementwise(op, T(x), *params))
    known = facts(op)
    coef, s, chain = parts(x)
    if coef < 0 and known.mirror:
        turned = elementwise(op, neg(x), *params)
        if known.mirror == "complement":
            return plus(number(1), turned, -1)
        return neg(turned) if known.mirror == "odd" else turned
    value = value_of(x)
    if value is not None and value in known.at:
        return number(known.at[value])
    if is_zero(x) and Fraction(0) in known.at:
        return mul(number(known.at[Fraction(0)]), all_ones(x.shape))
    rule = _SIMPLIFIED.get(op)
    shorter: Node | None = rule(x, *params) if rule is not None else None
    if shorter is not None:
        return shorter
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:  # f(s·u·1') = f(s·u)·1'
        u, w = mul(*chain[:cut]), T(mul(*chain[cut:]))
        if is_op(w, "ones"):
            return mul(elementwise(op, mul(assemble(coef, dict(s), (), (ONE, ONE)), u), *params), T(w))
        if is_op(u, "ones"):
            return mul(u, T(elementwise(op, mul(assemble(coef, dict(s), (), (ONE, ONE)), w), *params)))
    same = spread(chain[0]) if len(x.shape) > 2 and chain else None
    if same:  # f of what is the same along an axis
        v, own, letters = same
        inside = elementwise(op, mul(assemble(coef, dict(s), (), (ONE, ONE)), v), *params)
        along = [(c, ones(d)) for c, d in zip(letters, x.shape, strict=True) if c not in own]
        return late.contracted([own, *(c for c, _ in along)], letters, [inside, *(n for _, n in along)])
    if (
        chain
        and len(chain) == 1
        and chain[0].kind in ("vec", "unvec")
        and max(len(x.shape), len(chain[0].args[0].shape)) > 2
    ):
        inside = mul(assemble(coef, dict(s), (), (ONE, ONE)), chain[0].args[0])
        return reshaped(elementwise(op, inside, *params), *(x.shape[:1] if x.column else x.shape))
    if is_op(x, "ones") and coef == 1:
        return mul(x, elementwise(op, number(1), *params))
    turned = T(x) if len(x.shape) == 2 else x
    if turned is not x and not x.column and not x.scalar and prefer_turned([x], [turned], x.shape):
        return T(intern("apply", turned.shape, (turned,), op=op, params=("elementwise", *params)))
    return intern("apply", x.shape, (x,), op=op, params=("elementwise", *params))
