"""The differential: df as a node that is linear in the increments.

One pass over the active nodes, arguments first.  Multilinear nodes follow the product rule; everything else says
its own differential in its record.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import T, add, hadamard, mul, power
from frechet.algebra.node import Node, depends, postorder
from frechet.errors import FrechetError
from frechet.ops import record


def zero_like(x: Node) -> Node:
    """The zero of x's shape."""
    return atoms.zero(*x.shape)


def differential(root: Node, increments: Mapping[Node, Node]) -> Node:
    """d root, where each variable in `increments` moves by its increment and everything else stays."""
    active = depends(root, frozenset(increments))
    if root not in active:
        return zero_like(root)
    tangents: dict[Node, Node] = dict(increments)
    for x in postorder([root]):
        if x in active and x not in tangents:
            tangents[x] = local_differential(x, tangents)
    return tangents[root]


def local_differential(x: Node, tangents: Mapping[Node, Node]) -> Node:
    """dx from the tangents of its arguments; an argument without one does not move."""
    if x.kind == "apply":
        rule = record(x.op).differential
        if rule is None:
            raise FrechetError("unsupported", f"the differential of {x.op} is not known")
        return rule(x, *(tangents[a] if a in tangents else zero_like(a) for a in x.args))
    if x.kind == "conj":
        return zero_like(x)  # beside Z, conj(Z) is a variable of its own
    if x.kind == "sum":
        return add([(tangents[t], c) for t, c in x.terms if t in tangents])
    if x.kind == "transpose":
        return T(tangents[x.args[0]])
    if x.kind == "diag":
        return b.diag(tangents[x.args[0]])
    if x.kind == "diagonal":
        return b.diagonal(tangents[x.args[0]])
    if x.kind == "vec":
        return b.vec(tangents[x.args[0]])
    if x.kind == "unvec":
        return b.unvec(tangents[x.args[0]], *x.params)
    if x.kind == "hadamard":
        return add(
            [
                (hadamard([*((q, f) for q, f in x.terms if q is not base), (base, e - 1), (tangents[base], U)]), e)
                for base, e in x.terms
                if base in tangents
            ]
        )
    if x.kind == "product":
        return add(_product_rule(x, tangents))
    if x.kind == "ring":
        return add(
            [
                (b.trace(mul(tangents[f], *x.chain[k + 1 :], *x.chain[:k])), 1)
                for k, f in enumerate(x.chain)
                if f in tangents
            ]
        )
    if x.kind == "kron":
        return add(
            [(b.kron(*x.args[:k], tangents[f], *x.args[k + 1 :]), 1) for k, f in enumerate(x.args) if f in tangents]
        )
    if x.kind == "einsum":
        return add(
            [
                (b.einsum(x.params[0], [*x.args[:k], tangents[f], *x.args[k + 1 :]], x.shape), 1)
                for k, f in enumerate(x.args)
                if f in tangents
            ]
        )
    raise FrechetError("unsupported", f"the differential of {x.op or x.kind} is not known")


def _product_rule(x: Node, tangents: Mapping[Node, Node]) -> list[tuple[Node, Fraction]]:
    terms: list[tuple[Node, Fraction]] = []
    scalars = [power(s, e) for s, e in x.terms]
    for k, (s, e) in enumerate(x.terms):
        if s in tangents:
            others = [*scalars[:k], *scalars[k + 1 :]]
            terms.append((mul(*others, power(s, e - 1), tangents[s], *x.chain), e * x.coef))
    for k, f in enumerate(x.chain):
        if f in tangents:
            terms.append((mul(*scalars, *x.chain[:k], tangents[f], *x.chain[k + 1 :]), x.coef))
    return terms
