"""Functions of every entry, softmax and logsumexp: parity, broadcasts and transposes go outside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.algebra import atoms, build
from frechet.algebra.atoms import HALF, U, is_op, is_zero, number, ones, value_of
from frechet.algebra.build.entrywise import all_ones, hadamard
from frechet.algebra.build.powers import nonnegative
from frechet.algebra.build.products import assemble, mul, neg, parts, unturned
from frechet.algebra.build.sums import plus
from frechet.algebra.build.transposes import T, conj, prefer_turned
from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE, Dim

ODD = frozenset({"sin", "tan", "arcsin", "arctan", "sinh", "tanh", "erf", "sign"})
"""Functions with f(-x) = -f(x)."""
EVEN = frozenset({"cos", "cosh", "abs"})
"""Functions with f(-x) = f(x)."""


def apply(op: str, args: Sequence[Node], shape: tuple[Dim, ...], *params: object) -> Node:
    """A function the algebra knows nothing more of."""
    return intern("apply", shape, tuple(args), op=op, params=params)


def elementwise(op: str, x: Node, *params: object) -> Node:
    """A function of every entry.  Parity, broadcasts and transposes are moved outside.

    `params` are what the function needs besides (the name and order of a declared function).
    """
    if op == "sqrt":
        return hadamard([(x, Fraction(1, 2))])
    if x.row or (x.kind == "transpose" and not x.column):
        return T(elementwise(op, T(x), *params))
    coef, s, chain = parts(x)
    if coef < 0 and op in ODD:
        return neg(elementwise(op, neg(x), *params))
    if coef < 0 and op in EVEN:
        return elementwise(op, neg(x), *params)
    if coef < 0 and op == "sigmoid":
        return plus(number(1), elementwise(op, neg(x)), -1)
    value = value_of(x)
    if value is not None:
        known = _AT.get((op, value))
        if known is not None:
            return number(known)
        if op == "gamma" and value == HALF:
            return build.power(atoms.pi(), HALF)
        if value > 0 and op == "abs":
            return x
        if value > 0 and op == "sign":
            return number(1)
    if is_zero(x) and (op, Fraction(0)) in _AT:
        return mul(number(_AT[op, Fraction(0)]), all_ones(x.shape))
    if op in ("abs", "relu") and nonnegative(x):
        return x
    if x.complex and op in ("abs", "sign") and conj(x) is not x:
        if op == "sign":
            return hadamard([(x, U), (elementwise("abs", x), -U)])
        both = sorted((x, conj(x)), key=lambda z: (z.bars, z.flips, z.key))
        return intern("apply", x.shape, tuple(both), op=op, params=("elementwise",))
    if op == "sign" and nonnegative(x) and "positive" in atoms.assumptions(x):
        return all_ones(x.shape)
    if op == "exp" and is_op(x, "log"):
        return x.args[0]
    if op == "log":
        found = _log(x)
        if found is not None:
            return found
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:  # f(s·u·1') = f(s·u)·1'
        u, w = mul(*chain[:cut]), T(mul(*chain[cut:]))
        if is_op(w, "ones"):
            return mul(elementwise(op, mul(assemble(coef, dict(s), (), (ONE, ONE)), u), *params), T(w))
        if is_op(u, "ones"):
            return mul(u, T(elementwise(op, mul(assemble(coef, dict(s), (), (ONE, ONE)), w), *params)))
    if is_op(x, "ones") and coef == 1:
        return mul(x, elementwise(op, number(1), *params))
    turned = T(x) if len(x.shape) == 2 else x
    if turned is not x and not x.column and not x.scalar and prefer_turned([x], [turned], x.shape):
        return T(intern("apply", turned.shape, (turned,), op=op, params=("elementwise", *params)))
    return intern("apply", x.shape, (x,), op=op, params=("elementwise", *params))


_AT: dict[tuple[str, Fraction], Fraction] = {
    ("exp", Fraction(0)): U, ("log", U): Fraction(0), ("sin", Fraction(0)): Fraction(0), ("cos", Fraction(0)): U,
    ("tanh", Fraction(0)): Fraction(0), ("sinh", Fraction(0)): Fraction(0), ("cosh", Fraction(0)): U,
    ("tan", Fraction(0)): Fraction(0), ("abs", Fraction(0)): Fraction(0), ("sign", Fraction(0)): Fraction(0),
    ("relu", Fraction(0)): Fraction(0), ("step", Fraction(0)): Fraction(0), ("sigmoid", Fraction(0)): Fraction(1, 2),
    ("erf", Fraction(0)): Fraction(0), ("arctan", Fraction(0)): Fraction(0), ("arcsin", Fraction(0)): Fraction(0),
}  # fmt: skip
"""Values of functions that are rational at a rational point."""


def _log(x: Node) -> Node | None:
    """log of what its rules take apart: exp, softmax, sigmoid.  (Of complex numbers log has branches.)"""
    if x.complex and conj(x) is not x:
        return None
    if is_op(x, "exp"):
        return x.args[0]
    if x.kind == "hadamard" and _below(x):  # log(1./x) = -log(x): both are defined where x is positive
        return neg(elementwise("log", hadamard([(b, -e) for b, e in x.terms])))
    if is_op(x, "det"):  # where log det is defined, det is positive
        return build.logdet(x.args[0])
    if is_op(x, "abs") and len(x.args) == 1 and is_op(x.args[0], "det"):
        return build.logdet(x.args[0].args[0])
    if is_op(x, "softmax"):
        u, axis = x.args[0], x.params[0]
        lse = logsumexp(u, axis)
        if axis is None:
            return plus(u, lse, -1)
        spread = mul(lse, T(ones(u.cols))) if axis == 2 else mul(ones(u.rows), T(lse))
        return plus(u, spread, -1)
    if is_op(x, "sigmoid"):
        return neg(elementwise("softplus", neg(x.args[0])))
    if x.kind == "sum" and len(x.terms) == 2:
        for (a, ca), (b, cb) in (x.terms, x.terms[::-1]):
            if ca == 1 and cb == -1 and is_op(b, "sigmoid") and is_ones(a):
                return neg(elementwise("softplus", b.args[0]))
            if ca == 1 and cb == 1 and is_op(b, "exp") and is_ones(a):
                return elementwise("softplus", b.args[0])
    if x.kind == "ring" and x.scalar:
        u = sum_of_exp(x)
        if u is not None:
            return logsumexp(u, None)
        ends = [f for f in x.chain if is_op(unturned(f), "unit")]
        picked = [f for f in x.chain if is_op(unturned(f), "softmax")]
        if len(picked) == 1 and len(ends) + 1 == len(x.chain):  # an entry of softmax
            return mul(*(build.elementwise("log", f) if f is picked[0] else f for f in x.chain))
    return None


def _below(x: Node) -> bool:
    """Whether a quotient has more below its line than above, or what comes first."""
    above = [b.key for b, e in x.terms if e > 0]
    below = [b.key for b, e in x.terms if e < 0]
    return (len(below), below) > (len(above), above) if len(below) != len(above) else below < above


def is_ones(x: Node) -> bool:
    """Whether x is an array of ones (or the number 1)."""
    return value_of(x) == 1 or is_op(x, "ones") or (len(x.shape) == 2 and x is all_ones(x.shape))


def sum_of_exp(x: Node) -> Node | None:
    """u when x is sum(exp(u))."""
    if x.kind == "ring" and x.params == ("open",):
        c = x.chain
        if len(c) == 2 and is_op(unturned(c[0]), "ones") and is_op(c[1], "exp"):
            return c[1].args[0]
        if len(c) == 2 and is_op(c[1], "ones") and is_op(unturned(c[0]), "exp"):
            return unturned(c[0]).args[0]
        if len(c) == 3 and is_op(unturned(c[0]), "ones") and is_op(c[2], "ones") and is_op(unturned(c[1]), "exp"):
            return unturned(c[1]).args[0]
    return None


def logsumexp(x: Node, axis: int | None) -> Node:
    """log of the sum of exp, over all entries, down the rows (1) or along each row (2)."""
    if axis is None:
        return apply("logsumexp", (x,), (ONE, ONE), axis)
    return apply("logsumexp", (x,), (x.cols if axis == 1 else x.rows, ONE), axis)


def softmax(x: Node, axis: int | None) -> Node:
    """exp(x) over its sum, over all entries, each column (1) or each row (2)."""
    if axis == 1:
        return T(softmax(T(x), 2))
    if axis is None and x.row:
        return T(softmax(T(x), None))
    if x.column and axis is None and _level(x) is not None:  # equal entries have equal shares
        return mul(build.power(atoms.size(x.rows), -U), ones(x.rows))
    return apply("softmax", (x,), x.shape, axis)


def _level(x: Node) -> Node | None:
    """The number that every entry of a column is, if it is seen at once."""
    if is_zero(x):
        return number(0)
    coef, scalars, chain = parts(x)
    if len(chain) == 1 and is_op(chain[0], "ones"):
        return assemble(coef, dict(scalars), (), (ONE, ONE))
    return None
