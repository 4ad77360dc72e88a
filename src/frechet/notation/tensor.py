"""The derivative as an array of the value's axes followed by the variable's: an einsum over its pieces."""

from __future__ import annotations

from frechet.algebra import constructors as b
from frechet.algebra.constructors import T, eye, ones
from frechet.algebra.network import Reduced
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, Shape, settle
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.signs import negative
from frechet.notation.write import Writer
from frechet.notation.write.networks import held_at_places, sliced
from frechet.ops.expressions import apply


def tensor_of(red: Reduced, axes: list[tuple[int, Dim]], writer: Writer) -> Expr:
    """The reduced network as ``einsum`` with one output letter an axis (axes of size one included)."""
    net = red.net
    red.spread()
    letters: dict[int, str] = {}
    used = iter(LETTERS)
    operands: list[tuple[Node, str]] = []
    out = ""
    single: list[tuple[int, str]] = []  # axes of size one
    fresh: list[str] = []  # those of them that no tensor has: some row must bring them
    for v, d in axes:
        letter = next(used, "")
        if not letter:
            raise FrechetError("limit", "more indices than letters")
        out += letter
        v = net.find(v)
        if d == ONE:
            single.append((v, letter))
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
    free = dict(single)
    for m, at in red.hubs:
        if len(m.shape) > 2:  # all axes have letters; one of size one that the result lacks is summed over
            spec = "".join(free.pop(v, "") or next(used) if net.dims[v] == ONE else letter_of(v) for v in at)
            operands.append((m, spec))
            continue
        live = [v for v, d in zip(at, m.shape, strict=False) if d != ONE]
        m = T(m) if m.rows == ONE and len(live) == 1 else m
        operands.append((m, "".join(letter_of(v) for v in live)))
    fresh += [letter for _, letter in single if not any(letter in spec for _, spec in operands)]
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
    if len(operands) == 1 and len(out) > 1 and set(operands[0][1]) == set(out):
        m, spec = operands[0]
        if len(spec) == 2 or spec == out:
            return _scaled(writer.write(m if spec == out else T(m)), red.scalar, writer)
        if len(spec) > 2 and len(set(spec)) == len(spec):
            turned = apply("permute", (writer.write(m),), tuple(spec.index(c) + 1 for c in out))
            return _scaled(turned, red.scalar, writer)
    specs, factors, held = held_at_places([s for _, s in operands], [m for m, _ in operands], out)
    written = [sliced(writer.write(m), at) for m, at in zip(factors, held, strict=True)]
    if specs == [out]:
        return _scaled(written[0], red.scalar, writer)
    e = apply("einsum", tuple(written), (",".join(specs) + "->" + out,))
    return _scaled(e, red.scalar, writer)


def _scaled(e: Expr, scalar: Node, writer: Writer) -> Expr:
    """A scalar times an array: c*e/d, with the sign in front."""
    coef, terms, _ = b.parts(scalar)
    above = b.mul(b.number(abs(coef.numerator)), *(b.power(s, k) for s, k in terms if k > 0))
    below = b.mul(b.number(coef.denominator), *(b.power(s, -k) for s, k in terms if k < 0))
    if b.value_of(above) != 1:
        e = apply("mul", (writer.write(above), e))
    if b.value_of(below) != 1:
        e = apply("divide", (e, writer.write(below)))
    return negative(e) if coef < 0 else e


def axes_of(shape: Shape, indices: list[int]) -> list[tuple[int, Dim]]:
    """The axes of a value with the indices of its node: a vector has one, a row two."""
    return list(zip(indices, shape, strict=False))


def zeros_of(value: Node, x: Node) -> Expr:
    """The zero array with the axes of the value, then those of the variable."""
    return apply("zeros", (), settle(value.shape) + settle(x.shape))
