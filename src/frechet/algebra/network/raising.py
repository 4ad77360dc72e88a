"""Raising: a matrix (or, where indices meet in hubs, an einsum) read off what is left."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.algebra.atoms import U, ones
from frechet.algebra.constructors import T, diag, eye, hadamard, mul, recognise_network
from frechet.algebra.constructors.tensors import LETTERS, network, network_of_matrices
from frechet.algebra.network.reducing import Reduced
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError


def raise_two(red: Reduced, i: int, j: int, rows: Dim, cols: Dim) -> Node:
    """The network as a matrix with row index i and column index j."""
    from frechet.algebra.constructors import add, all_ones

    net = red.net
    red.unfused()
    if red.zero:
        return add([(all_ones((rows, cols)), 0)])
    i, j = net.find(i), net.find(j)
    if red.hubs:
        return mul(red.scalar, raise_hubs(red, [i, j], (rows, cols)))
    u = red.labels.get(i)
    w = red.labels.get(j)
    if rows.number == 1 and cols.number == 1:
        return red.scalar
    if rows.number == 1:
        return mul(red.scalar, T(w if w is not None else ones(cols)))
    if cols.number == 1:
        return mul(red.scalar, u if u is not None else ones(rows))
    if i == j:
        return mul(red.scalar, diag(u if u is not None else ones(rows)))
    m = red.edge(i, j)
    if m is None:
        return mul(red.scalar, u if u is not None else ones(rows), T(w if w is not None else ones(cols)))
    if u is not None:
        m = mul(diag(u), m)
    if w is not None:
        m = mul(m, diag(w))
    return mul(red.scalar, m)


def raise_hubs(red: Reduced, outputs: Sequence[int], shape: tuple[Dim, ...]) -> Node:
    """The network as an einsum over all that is left; outputs of size one get no letter."""
    if len(shape) > 2 or any(len(node.shape) > 2 for node, _ in red.hubs):
        return _raise_tensors(red, outputs, shape)
    names: dict[int, str] = {}
    red.unfused()

    def letter(i: int) -> str:
        if i not in names:
            names[i] = LETTERS[len(names)]
        return names[i]

    operands: list[Node] = []
    specs: list[str] = []
    live = [o for o, d in zip(outputs, shape, strict=True) if d.number != 1]
    out = "".join(letter(o) for o in live)
    if len(set(out)) != len(out):
        raise FrechetError("unsupported", "a diagonal of a three-index contraction has no matrix form")
    everything = [
        *red.hubs,
        *((m, key) for key, m in red.edges.items()),
        *((v, (u,)) for u, v in red.labels.items()),
    ]
    for node, at in everything:
        live_at = [a for a, d in zip(at, node.shape, strict=False) if d.number != 1]
        if len(at) == 2 and node.rows.number == 1 and len(live_at) == 1:
            node = T(node)
        operands.append(node)
        specs.append("".join(letter(a) for a in live_at))
    for o, d in zip(outputs, shape, strict=True):
        if d.number != 1 and not any(names[o] in s for s in specs):
            operands.append(ones(d))
            specs.append(names[o])
    return network_of_matrices(",".join(specs) + "->" + out, operands, shape)


def _raise_tensors(red: Reduced, outputs: Sequence[int], shape: tuple[Dim, ...]) -> Node:
    """The same where an array of three axes or more is among the factors, or is wanted.

    Factors on the same axes are one entrywise product; an output that stands twice is tied by an identity, one that no
    factor has is a one along its axis.
    """
    together: dict[tuple[int, ...], list[Node]] = {}
    everything = [
        *red.hubs,
        *((m, key) for key, m in red.edges.items()),
        *((v, (u,)) for u, v in red.labels.items()),
    ]
    for node, at in everything:
        if len(node.shape) <= 2:
            live = [a for a, d in zip(at, node.shape, strict=False) if d != ONE]
            node = T(node) if len(at) == 2 and node.rows == ONE and len(live) == 1 else node
            if len(live) == 2 and live[0] > live[1]:
                node, live = T(node), live[::-1]
            at = tuple(live)
        together.setdefault(at, []).append(node)
    recognise_network(together)
    names: dict[int, str] = {}

    def letter(i: int) -> str:
        return names.setdefault(i, LETTERS[len(names)])

    live_outputs = [o for o, d in zip(outputs, shape, strict=True) if d != ONE or len(shape) > 2]
    factors: list[tuple[Node, str]] = []
    out = ""
    for o in live_outputs:
        c = letter(o)
        if c in out:
            again = LETTERS[-1 - len(out)]
            factors.append((eye(red.net.dims[o]), c + again))
            c = again
        out += c
    factors += [
        (hadamard([(x, U) for x in nodes]) if len(nodes) > 1 else nodes[0], "".join(map(letter, at)))
        for at, nodes in together.items()
        if nodes
    ]
    covered = {c for _, spec in factors for c in spec}
    factors += [
        (ones(d), names[o]) for o, d in zip(outputs, shape, strict=True) if o in names and names[o] not in covered
    ]
    return network(factors, out, shape)
