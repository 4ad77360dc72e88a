"""Transposes and conjugates: they sit on atoms, and are pushed through everything else."""

from __future__ import annotations

from frechet.algebra import atoms
from frechet.algebra.atoms import number, zero
from frechet.algebra.constructors import commuting, late
from frechet.algebra.constructors.products import assemble, mul, neg
from frechet.algebra.node import Node, intern, postorder
from frechet.core.dim import ONE, Dim
from frechet.core.records import facts, having
from frechet.errors import FrechetError

_SYMMETRIC = having("symmetric")


def prefer_turned(this: list[Node], that: list[Node], shape: tuple[Dim, ...]) -> bool:
    """Which of two orientations is kept: columns; then fewer transposes; then the lesser keys."""
    if shape[0] == ONE or shape[1] == ONE:
        return shape[0] == ONE
    a, b = sum(x.flips for x in this), sum(x.flips for x in that)
    return (b, [x.key for x in that]) < (a, [x.key for x in this])


def T(x: Node) -> Node:
    """The transpose."""
    if x.turned is not None:
        return x.turned
    turned = _turn(x)
    x.turned = turned
    if turned.turned is None and turned is not x:
        turned.turned = x
    return turned


def _turn(x: Node) -> Node:
    if len(x.shape) > 2:
        raise FrechetError("unsupported", "a tensor has no transpose: name its axes with einsum")
    if x.scalar or x.kind in ("diag", "ring"):
        return x
    if x.kind == "transpose":
        return x.args[0]
    if x.kind == "product":
        if commuting.joins(x.chain):  # what commutes has an order of its own
            return mul(number(x.coef), *(late.power(s, e) for s, e in x.terms), *(T(f) for f in reversed(x.chain)))
        return assemble(x.coef, dict(x.terms), [T(f) for f in reversed(x.chain)], (x.cols, x.rows))
    if x.kind == "conj" and T(x.args[0]) is x.args[0]:
        return x
    if x.kind == "leaf":
        if facts(x.op).symmetric or not atoms.SYMMETRIC.isdisjoint(atoms.assumptions(x)):
            return x
        if x.op == "commutation":
            return atoms.commutation(x.params[1], x.params[0])
        if x.op == "zeros":
            return zero(x.cols, x.rows)
    if x.kind == "apply":
        if ("elementwise" in x.params or facts(x.op).transposes) and T(x.args[0]) is x.args[0]:
            return x
        symmetric = _SYMMETRIC.get(x.op)
        if symmetric is not None and symmetric(x):
            return x
    if x.kind in ("hadamard", "sum") and not x.column:
        own = all(T(a) is a for a in x.args) or dict(x.terms) == {T(a): c for a, c in x.terms}
        if own:
            return x
    if x.kind == "kron":
        return late.kron(*(T(f) for f in x.args))
    if x.kind == "einsum" and len(x.params[0].split("->")[1]) == 2:
        spec: str = x.params[0]
        if any(len(a.shape) > 2 for a in x.args):  # the letters and the factors have an order by those of the result
            ins, out = spec.split("->")
            return late.contracted(ins.split(","), out[::-1], x.args)
        return intern("einsum", (x.cols, x.rows), x.args, params=(spec[:-2] + spec[-1] + spec[-2],), overhead=3)
    return intern("transpose", (x.cols, x.rows), (x,))


def conj(x: Node) -> Node:
    """The conjugate: pushed down to the complex variables, the transpose outside it; what is real stays.

    Of a hermitian variable it is the transpose.  Functions commute with it, or have real values; so no node but a
    leaf ever stands in a ``conj``.
    """
    if not x.complex:
        return x
    if x.conjugate is None:
        for y in postorder([x], _HasConjugate()):
            z = _conjugated(y)
            y.conjugate = z
            if z.conjugate is None:
                z.conjugate = y
    assert x.conjugate is not None
    return x.conjugate


class _HasConjugate:
    """The nodes whose conjugates are there already, as `postorder` wants to know them."""

    def __contains__(self, x: object) -> bool:
        return isinstance(x, Node) and (not x.complex or x.conjugate is not None)


def _conjugated(x: Node) -> Node:
    """The conjugate of a node whose arguments have theirs."""
    if x.kind == "conj":
        return x.args[0]
    if x.kind == "apply":
        if all(conj(a) is a for a in x.args):
            return x
        if not facts(x.op).holomorphic:
            raise FrechetError("unsupported", f"{x.op} of a complex argument is not differentiated here")
    if x.kind != "leaf":
        return late.rebuild(x, conj)
    if x.op == "imaginary":
        return neg(x)
    if any("hermitian" in a for a in atoms.assumptions(x)):
        return T(x)
    return intern("conj", x.shape, (x,))


def require_holomorphic(function: str, x: Node) -> None:
    """Refuse a function of a complex argument that it has no meaning, or no derivative, for."""
    if not facts(function).holomorphic and x.complex and conj(x) is not x:
        raise FrechetError("unsupported", f"{function} of a complex argument is not differentiated here")


def herm(x: Node) -> Node:
    """The conjugate transpose."""
    return T(conj(x)) if x.complex else T(x)
