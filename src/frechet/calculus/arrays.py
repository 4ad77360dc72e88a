"""Arrays of any order as columns, and the matrix of a linear map between them."""

from __future__ import annotations

from collections.abc import Collection

from frechet.algebra.atoms import is_op
from frechet.algebra.constructors import T, add, diag, diagonal, mul, number, parts, power, trace, vec
from frechet.algebra.constructors.rebuild import rebuild
from frechet.algebra.network import Network, Reduced, contracted, reduce, unfuse_outputs
from frechet.algebra.network.contraction import permuted
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node, postorder
from frechet.calculus.fromjacobian import live
from frechet.calculus.heldsums import held_sum
from frechet.calculus.jacobian import jacobian
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.indexnames import IndexNames
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer

Nets = list[tuple[Network, tuple[int, ...]]]


def stacks(x: Node) -> dict[str, Node]:
    """The entries of an array as a column: columns stacked, the first index fastest; rows stacked, the last.

    >>> from frechet.algebra.atoms import variable
    >>> from frechet.core.dim import Dim
    >>> from frechet.notation.ascii import text
    >>> for x in (variable("A", (Dim.of("m"), Dim.of("n"))), variable("X", tuple(map(Dim.of, "bmn")))):
    ...     print([text(Writer().write(stack)) for stack in stacks(x).values()])
    ['vec(A)', "vec(A')"]
    ['vec(X)', 'vec(permute(X,3,2,1))']
    """
    turned = permuted(x, range(len(x.shape))[::-1]) if len(x.shape) > 2 else T(x)
    return {"column": vec(x), "row": vec(turned)}


def inner(x: Node, y: Node) -> Node:
    """⟨x, y⟩, the sum of the products of the entries."""
    if len(x.shape) <= 2:
        return trace(mul(T(x), y))
    letters = LETTERS[: len(x.shape)]
    return contracted([letters, letters], "", [x, y])


def matrix(nets: Nets, rows_stacked: bool, writer: Writer, taken: Collection[str]) -> tuple[Expr, Expr]:
    """The Jacobian of a map between tensors in numerator and denominator layout.

    As a Kronecker product where it is one, else as a sum over an index; raises FrechetError("unsupported") where it is
    neither.
    """
    try:
        made = tidy(jacobian(copies(nets), rows_stacked, writer.cost), writer)
    except FrechetError as trouble:
        held = held_sum(copies(nets), rows_stacked, writer, IndexNames(taken).fresh)
        if held is None:
            raise FrechetError(trouble.kind, trouble.message) from trouble
        return held.numerator, held.denominator
    made = min(made, one_diagonal(made), key=writer.cost)
    return writer.write(made), writer.write(T(made))


def one_diagonal(root: Node) -> Node:
    """The same with sums of diagonal matrices as one: eye(n) - diag(v) as diag(1-v)."""
    done: dict[Node, Node] = {}
    for x in postorder([root]):
        y = rebuild(x, lambda a: done[a])
        vectors = [_diagonal_of(t) for t, _ in y.terms] if y.kind == "sum" else [None]
        if all(v is not None for v in vectors):
            y = diag(add([(v, c) for v, (_, c) in zip(vectors, y.terms, strict=True) if v is not None]))
        done[x] = y
    return done[root]


def _diagonal_of(x: Node) -> Node | None:
    """The vector of a multiple of diag(v) or of an identity; None of anything else."""
    coef, scalars, chain = parts(x)
    if len(chain) != 1 or not (chain[0].kind == "diag" or is_op(chain[0], "eye")):
        return None
    return mul(number(coef), *(power(s, e) for s, e in scalars), diagonal(chain[0]))


def copies(nets: Nets) -> Nets:
    """The networks again: reducing one changes it."""
    return [(net.copy(), out) for net, out in nets]


def named(
    net: Network, out: tuple[int, ...], value_axes: list[str], wrt_axes: list[str], value: Node, x: Node
) -> tuple[Reduced, list[tuple[int, str]]]:
    """A network reduced, and the names of its outputs."""
    assert net.hole is not None
    outputs = unfuse_outputs(net, [*out, *net.hole])
    red = reduce(net, outputs)
    named = list(zip([outputs[k] for k in live(value)], value_axes, strict=True))
    named += list(zip([outputs[len(out) + k] for k in live(x)], wrt_axes, strict=True))
    return red, named
