"""The derivative as an array of the value's axes followed by the variable's: an einsum over its pieces."""

from __future__ import annotations

from frechet.algebra import build as b
from frechet.algebra.build import T, eye, ones
from frechet.algebra.network import Reduced
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.write import Writer
from frechet.ops.build import apply

LETTERS = "ijklmnpqrstuvwxyzabcdefgh"


def tensor_of(red: Reduced, axes: list[tuple[int, Dim]], writer: Writer) -> Expr:
    """The reduced network as ``einsum`` with one output letter an axis (axes of size one included)."""
    net = red.net
    red.spread()
    letters: dict[int, str] = {}
    used = iter(LETTERS)
    operands: list[tuple[Node, str]] = []
    out = ""
    fresh: list[str] = []  # axes of size one: some row must bring them
    for v, d in axes:
        letter = next(used, "")
        if not letter:
            raise FrechetError("limit", "more indices than letters")
        out += letter
        v = net.find(v)
        if d == ONE:
            fresh.append(letter)
        elif v in letters:
            operands.append((eye(d), letters[v] + letter))
        else:
            letters[v] = letter

    def letter_of(v: int) -> str:
        if v not in letters:
            letters[v] = next(used)
        return letters[v]

    for v, label in red.labels.items():
        operands.append((label, letter_of(v)))
    for (u, w), m in red.edges.items():
        operands.append((m, letter_of(u) + letter_of(w)))
    for m, at in red.hubs:
        live = [v for v, d in zip(at, m.shape, strict=False) if d != ONE]
        m = T(m) if len(m.shape) == 2 and m.rows == ONE and len(live) == 1 else m
        operands.append((m, "".join(letter_of(v) for v in live)))
    covered = {c for _, spec in operands for c in spec}
    for v, d in axes:
        v = net.find(v)
        if d != ONE and letters[v] not in covered:
            operands.append((ones(d), letters[v]))
            covered.add(letters[v])
    for letter in fresh:
        k = next((k for k, (m, s) in enumerate(operands) if len(s) == 1 and m.column), None)
        if k is not None:
            m, s = operands[k]
            operands[k] = (T(m), letter + s)
            continue
        d, s = next(((d, letters[net.find(v)]) for v, d in axes if d != ONE), (None, ""))
        if d is None:
            raise FrechetError("unsupported", "an array whose axes all have size one")
        operands.append((T(ones(d)), letter + s))
    operands.sort(key=lambda o: (min(o[1], default=""), o[1]))  # i first: the reading order of the output
    e = apply("einsum", tuple(writer.write(m) for m, _ in operands), (",".join(s for _, s in operands) + "->" + out,))
    scalar = red.scalar
    value = b.value_of(scalar)
    if value == 1:
        return e
    if value is not None and value < 0:
        inner = e if value == -1 else apply("mul", (writer.write(b.number(-value)), e))
        return apply("neg", (inner,))
    return apply("mul", (writer.write(scalar), e))


def axes_of(shape: Shape, indices: list[int]) -> list[tuple[int, Dim]]:
    """The axes of a value with the indices of its node: a vector has one, a row two."""
    return list(zip(indices, shape, strict=False))
