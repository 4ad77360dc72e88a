"""A request as a program: every formula as a node, every linear map as the networks that it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from frechet.algebra.network import networks, plain
from frechet.algebra.node import Node, depends
from frechet.compiler.lower import Lowering
from frechet.compiler.request import Flat, Output, Request
from frechet.compiler.spread import Spread, added, dense
from frechet.compiler.stable import stable
from frechet.compiler.values import Value
from frechet.core.dim import Dim, rows_cols
from frechet.core.expr import postorder
from frechet.errors import FrechetError
from frechet.ops.normalise import node_of

USUAL = 100
"""A size that nobody gave, where orders are weighed."""


class Sizes(dict[str, int]):
    """Integers for the names of sizes; one that is missing has the usual one."""

    def __missing__(self, _: str) -> int:
        return USUAL

    def __contains__(self, _: object) -> bool:
        return True


def program(request: Request, sizes: Mapping[str, int]) -> tuple[list[Value], bool]:
    """The values of the outputs, and whether they would be the same for other sizes."""
    work, roots = built(request, sizes)
    return roots, not work.weighed


def built(request: Request, sizes: Mapping[str, int]) -> tuple[Lowering, list[Value]]:
    """The lowering of a request, and the values of the outputs in its program."""
    definitions = {name: node_of(e) for name, e in request.definitions.items()}
    formulas: dict[str, Node] = {}
    for out in request.outputs:
        if out.formula is not None:
            try:
                formulas[out.name] = node_of(out.formula)
            except FrechetError:
                if out.flat is None:
                    raise
    linear = {out.name: node_of(out.flat.differential) for out in request.outputs if out.flat}
    plain_outputs = [node for name, node in formulas.items() if name not in linear]
    work = Lowering([*definitions.values(), *plain_outputs, *linear.values()], Sizes(sizes), not request.complexes)
    stands = _stands(request)
    for name, node in definitions.items():
        for leaf in stands.get(name, ()):
            work.name(leaf, node, name)
    roots = [_output(work, out, formulas.get(out.name), linear.get(out.name)) for out in request.outputs]
    if not request.complexes:
        roots = stable(work.program, roots)
    if len(roots) > 1:
        for out, root in zip(request.outputs, roots, strict=True):
            root.name = root.name or out.name.replace(" ", "_").replace(",", "_")
    return work, roots


def _stands(request: Request) -> dict[str, list[Node]]:
    """The leaves that stand for the names of definitions, by name."""
    roots = [*request.definitions.values(), *(o.formula for o in request.outputs if o.formula is not None)]
    roots += [o.flat.differential for o in request.outputs if o.flat]
    found: dict[str, list[Node]] = {}
    for e in postorder(*roots):
        if e.op.name == "variable" and e.params[0] in request.definitions:
            leaf = node_of(e)
            if leaf not in found.setdefault(e.params[0], []):
                found[e.params[0]].append(leaf)
    return found


def _output(work: Lowering, out: Output, formula: Node | None, linear: Node | None) -> Value:
    if out.flat is not None and linear is not None:
        try:
            return _matrix(work, out.flat, linear, out.shape)
        except FrechetError as trouble:
            if formula is None or trouble.kind not in ("unsupported", "limit"):
                raise
    assert formula is not None
    return work.program.reshape(work.array(formula), out.shape)


def _matrix(work: Lowering, flat: Flat, linear: Node, shape: Sequence[Dim]) -> Value:
    """The matrix of a linear map, filled where its factors stand."""
    hole = node_of(flat.increment)
    rows = rows_cols(flat.rows) if len(flat.rows) <= 2 else flat.rows
    active = depends(linear, frozenset([hole]))
    nets = networks(linear, rows, hole, active) if linear in active else []
    spreads: list[tuple[Fraction, Spread]] = []
    dims: tuple[Dim, ...] = ()
    for net, outs in nets:
        assert net.hole is not None
        value, moved = list(outs), list(net.hole)
        if flat.adjoint:
            value = []
            if flat.upstream is not None:
                plain(net, node_of(flat.upstream), outs)
        elif flat.vec == "column":
            value, moved = value[::-1], moved[::-1]
        order = [*moved, *value] if flat.transposed else [*value, *moved]
        spread = work.network(net, order)
        dims = tuple(net.dims[net.find(i)] for i in order if net.dims[net.find(i)].number != 1)
        spreads.append((Fraction(1), spread))
    if not spreads:
        return work.program.full(work.program.rational(0), (), tuple(shape))
    whole = dense(work.program, added(work.program, spreads, dims), dims)
    return work.program.reshape(whole, shape)
