"""Contraction: a sum of products over named axes, as the matrix formula that it is, or as one network.

What ``einsum`` means: each array has its letters, one an axis, and a letter that the result lacks is summed over.
Every operation on tensors that is linear in each argument is a contraction: a sum along an axis, a product of batches
of matrices, a transpose, an array repeated along a new axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from frechet.algebra.atoms import ones, zero
from frechet.algebra.constructors import T, add, late, mul, unvec, vec
from frechet.algebra.expand import MOST, expand
from frechet.algebra.network.indices import Network
from frechet.algebra.network.lowering import plain
from frechet.algebra.network.raising import LETTERS, raise_hubs, raise_two
from frechet.algebra.network.reducing import plain_axes, reduce
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, settle

SMALL = 2
"""Contractions to as many axes have their sums of tensors distributed: the pieces may be matrix formulas."""


def contracted(specs: Sequence[str], out: str, nodes: Sequence[Node]) -> Node:
    """The contraction of these nodes, each with the letters of its axes.

    Sums of tensors are distributed where the result is a matrix and lighter by it: the pieces of Σ_k (X[i,k] - X[j,k])²
    are matrices, the whole is not.
    """
    whole = undivided(specs, out, nodes)
    if len(out) > SMALL:
        return whole
    choices = [_distributed(x) for x in nodes]
    count = 1
    for c in choices:
        count *= len(c)
    if not 1 < count <= MOST:
        return whole
    terms: list[tuple[Node, Fraction]] = []
    for pick in product(*choices):
        coef = Fraction(1)
        for _, c in pick:
            coef *= c
        terms.append((undivided(specs, out, [x for x, _ in pick]), coef))
    apart = add(terms)
    return whole if whole.weight < apart.weight else apart


def _distributed(x: Node) -> list[tuple[Node, Fraction]]:
    """The terms of a tensor; a matrix stays whole."""
    if len(x.shape) <= 2:
        return [(x, Fraction(1))]
    return expand([(x, Fraction(1))]) or [(x, Fraction(1))]


def undivided(specs: Sequence[str], out: str, nodes: Sequence[Node]) -> Node:
    """The contraction with every sum whole; only axes in another order are given to each of its terms."""
    if (
        len(nodes) == 1
        and nodes[0].kind == "sum"
        and nodes[0].terms
        and len(out) > 2
        and sorted(out) == sorted(specs[0])
    ):
        return add([(undivided(specs, out, [t]), c) for t, c in nodes[0].terms])
    net = Network()
    letters: dict[str, int] = {}
    for names, x in zip(specs, nodes, strict=True):
        at: list[int] = []
        dims = x.shape if len(x.shape) > 2 or len(names) == 2 else (x.rows if x.cols == ONE else x.cols,)[: len(names)]
        for name, d in zip(names, dims, strict=True):
            if name not in letters:
                letters[name] = net.index(d)
            at.append(letters[name])
        if len(at) < 2:
            x = T(x) if x.row else x
        while len(at) < 2:
            at.append(net.index(ONE))
        plain(net, x, tuple(at))
    return raised(net, [letters[name] for name in out])


def raised(net: Network, outs: Sequence[int]) -> Node:
    """The network as an array with these axes; one that is fused from others is put together at the end."""
    axes = [plain_axes(net, o) for o in outs]
    flat = [i for parts in axes for i in parts]
    red = reduce(net, flat, tensor=True)
    dims = [net.dims[i] for i in flat]
    if red.zero:
        return zero(*(net.dims[net.find(o)] for o in outs), *(ONE,) * (2 - len(outs)))
    if len(flat) > 2:
        made = mul(red.scalar, raise_hubs(red, flat, tuple(dims)))
    else:
        while len(flat) < 2:
            flat.append(net.index(ONE))
            dims.append(ONE)
        made = raise_two(red, flat[0], flat[1], dims[0], dims[1])
    return made if all(len(parts) == 1 for parts in axes) else _fused(net, made, outs)


def _fused(net: Network, x: Node, outs: Sequence[int]) -> Node:
    sizes = [net.dims[net.find(o)] for o in outs]
    return unvec(x, *sizes) if len(sizes) > 1 else vec(x)


late.tie(contracted=undivided)


# -- operations on tensors, as contractions; axes are counted from 0 ---------------------------------------------------


def order(x: Node) -> int:
    """How many axes the value of a node has: a vector one, a number none."""
    return len(settle(x.shape))


def permuted(x: Node, axes: Sequence[int]) -> Node:
    """The axes in another order: axis k of the result is axis `axes[k]` of x."""
    letters = LETTERS[: order(x)]
    return x if list(axes) == sorted(axes) else contracted([letters], "".join(letters[a] for a in axes), [x])


def turned(x: Node) -> Node:
    """X': the last two axes exchanged."""
    n = order(x)
    return permuted(x, [*range(n - 2), n - 1, n - 2]) if n > 2 else T(x)


def summed(x: Node, axis: int) -> Node:
    """The sum along an axis, which goes."""
    letters = LETTERS[: order(x)]
    return contracted([letters], letters[:axis] + letters[axis + 1 :], [x])


def repeated(x: Node, axis: int, size: Dim, axes: int | None = None) -> Node:
    """x along a new axis, the same everywhere; with how many `axes` in all, where x may have lost one of size one."""
    letters = LETTERS[: axes or order(x) + 1]
    return contracted([letters[:axis] + letters[axis + 1 :], letters[axis]], letters, [x, ones(size)])


def batched(x: Node, y: Node) -> Node:
    """The product over the last two axes, member by member; the axes before are alike or one of the two has none."""
    m, n = order(x), order(y)
    batch = LETTERS[: max(m, n) - 2]
    i, j, k = LETTERS[len(batch) : len(batch) + 3]
    left = batch[len(batch) - (m - 2) :] if m > 2 else ""
    right = batch[len(batch) - (n - 2) :] if n > 2 else ""
    return contracted([left + i + j, right + j + k], batch + i + k, [x, y])
