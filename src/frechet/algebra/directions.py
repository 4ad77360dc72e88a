"""The constructors of the linear operators in the derivatives of matrix functions.

Each is linear in its last argument: scalars of that leave, and of f(X, E) and f(X', E')' the one with fewer transposes
is kept.  Where E commutes with X the operator is a product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from frechet.algebra import build as b
from frechet.algebra import commuting, spectra
from frechet.algebra.atoms import eye, is_zero, number
from frechet.algebra.node import Node


def _linear(op: str, args: tuple[Node, ...], e: Node, turned: tuple[Node, ...]) -> Node:
    """f(args, e), linear in e: in the orientation with fewer transposes."""
    if is_zero(e):
        return e
    outside, e = spectra.bare(e)
    here, there = (*args, e), (*turned, b.T(e))
    flips = sum(x.flips for x in here), sum(x.flips for x in there)
    if (flips[1], [x.key for x in there]) < (flips[0], [x.key for x in here]):
        return b.mul(outside, b.T(b.apply(op, there, there[-1].shape)))
    return b.mul(outside, b.apply(op, here, e.shape))


def expm_frechet(x: Node, e: Node) -> Node:
    """The derivative of expm at x in the direction e: e*expm(x) where they commute."""
    if x.scalar or commuting.commute(e, x):
        return b.mul(e, spectra.expm(x))
    return _linear("expm_frechet", (x,), e, (b.T(x),))


def logm_frechet(x: Node, e: Node) -> Node:
    """The derivative of logm at x in the direction e: e*inv(x) where they commute; of c*x it is 1/c of that of x."""
    outside, x = spectra.positive(x)
    if outside is not number(1):
        return b.mul(b.power(outside, -1), logm_frechet(x, e))
    if x.scalar or commuting.commute(e, x):
        return b.mul(e, b.inverse(x))
    return _linear("logm_frechet", (x,), e, (b.T(x),))


def power_frechet(x: Node, k: Node, e: Node) -> Node:
    """The derivative of X^k in the direction e: k*X^(k-1)*e where they commute."""
    if x.scalar or commuting.commute(e, x):
        return b.mul(k, spectra.matrix_power(x, b.plus(k, number(1), -1)), e)
    return _linear("power_frechet", (x, k), e, (b.T(x), k))


def sylvester(p: Node, q: Node, c: Node) -> Node:
    """The Y with p*Y + Y*q = c."""
    if p.scalar and q.scalar:
        return b.mul(b.power(b.plus(p, q), -1), c)
    if p is q and commuting.commute(c, p):
        return b.scale(Fraction(1, 2), b.mul(b.inverse(p), c))
    outside, bare = spectra.bare(p)
    other, second = spectra.bare(q)
    if outside is other and outside is not number(1):
        return b.mul(b.power(outside, -1), sylvester(bare, second, c))
    return _linear("sylvester", (p, q), c, (b.T(q), b.T(p)))


def in_trace(chain: tuple[Node, ...]) -> Node | None:
    """tr(R*L(X,E)) = tr(L(X,R)*E) for a derivative L of a matrix function, where R commutes with X; None elsewhere."""
    for k, f in enumerate(chain):
        if f.op not in SELF_ADJOINT and commuting.stem(f).op not in SELF_ADJOINT:
            continue
        rest = [*chain[k + 1 :], *chain[:k]]
        r = b.mul(*rest) if rest else eye(f.rows)
        core = commuting.stem(f)
        if f is not core:
            r = b.T(r)
        x, e = core.args[0], core.args[-1]
        if core.op == "sylvester" and core.args[1] is not x:
            continue
        if commuting.commute(r, x):
            return b.trace(b.mul(MAKERS[core.op](*core.args[:-1], r), e))
    return None


SELF_ADJOINT = frozenset({"expm_frechet", "logm_frechet", "power_frechet", "sylvester"})
"""Operators with tr(R*L(E)) = tr(L(R)*E) (sylvester: where both its matrices are the same)."""

MAKERS: Mapping[str, Callable[..., Node]] = {
    "expm_frechet": expm_frechet,
    "logm_frechet": logm_frechet,
    "power_frechet": power_frechet,
    "sylvester": sylvester,
}
"""The constructor of each operator by its name."""
