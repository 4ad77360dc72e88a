"""Constructors that are called before the file that defines them.

The constructors recurse into one another: a transpose of a product is a product of transposes, a chain that closes is a
trace.  Each file imports only what stands before it in the order that the package's opening lists; a call the other way
goes through here, and `tie` says at the end what is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from frechet.algebra.node import Node

_tied: dict[str, Callable[..., Any]] = {}


def tie(**constructors: Callable[..., Any]) -> None:
    """Say which functions are meant by the names here; done once, when all files of the package have been read."""
    _tied.update(constructors)


def T(x: Node) -> Node:
    """`transposes.T`."""
    return _tied["T"](x)


def add(summands: Iterable[tuple[Node, Fraction | int]]) -> Node:
    """`sums.add`."""
    return _tied["add"](summands)


def again(name: str, *args: Node) -> Node:
    """`functions.again`."""
    return _tied["again"](name, *args)


def all_ones(shape: tuple[Any, ...]) -> Node:
    """`entrywise.all_ones`."""
    return _tied["all_ones"](shape)


def bilinear(chain: Sequence[Node]) -> Node:
    """`rings.bilinear`."""
    return _tied["bilinear"](chain)


def contracted(specs: Sequence[str], out: str, nodes: Sequence[Node]) -> Node:
    """The contraction of `network.contraction`, sums left whole."""
    return _tied["contracted"](specs, out, nodes)


def diag(v: Node) -> Node:
    """`shapes.diag`."""
    return _tied["diag"](v)


def diagonal(x: Node) -> Node:
    """`shapes.diagonal`."""
    return _tied["diagonal"](x)


def elementwise(op: str, x: Node, *params: object) -> Node:
    """`functions.elementwise`."""
    return _tied["elementwise"](op, x, *params)


def join(a: Node, b: Node) -> list[Node] | None:
    """`neighbours.join`."""
    return _tied["join"](a, b)


def kron(*factors: Node) -> Node:
    """`shapes.kron`."""
    return _tied["kron"](*factors)


def power(x: Node, e: Fraction | int) -> Node:
    """`powers.power`."""
    return _tied["power"](x, e)


def rebuild(x: Node, of: Callable[[Node], Node]) -> Node:
    """`rebuild.rebuild`."""
    return _tied["rebuild"](x, of)


def recognise_bases(bases: dict[Node, Fraction]) -> None:
    """`recognise.recognise_bases`."""
    _tied["recognise_bases"](bases)


def recognise_product(scalars: dict[Node, Fraction], chain: list[Node]) -> None:
    """`recognise.recognise_product`."""
    _tied["recognise_product"](scalars, chain)


def recognise_terms(terms: dict[Node, Fraction]) -> None:
    """`recognise.recognise_terms`."""
    _tied["recognise_terms"](terms)


def simplify(chain: Iterable[Node], scalars: dict[Node, Fraction]) -> list[Node]:
    """`neighbours.simplify`."""
    return _tied["simplify"](chain, scalars)


def trace(x: Node) -> Node:
    """`rings.trace`."""
    return _tied["trace"](x)
