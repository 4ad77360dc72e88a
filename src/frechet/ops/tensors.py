"""Tensor contraction: `einsum` with NumPy's meaning."""

from __future__ import annotations

from typing import Any

from frechet.algebra.network.contraction import contracted
from frechet.algebra.node import Node
from frechet.core.dim import Dim, Shape, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops.arrays import settled
from frechet.ops.shapes import shape_error


def explicit(spec: str) -> str:
    """The specification with its output written: NumPy's rule is the letters that occur once, sorted.

    >>> explicit("ik, kj"), explicit("ii->i")
    ('ik,kj->ij', 'ii->i')
    """
    spec = spec.replace(" ", "")
    if "->" in spec:
        return spec
    letters = spec.replace(",", "")
    return spec + "->" + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))


def split(spec: str) -> tuple[list[str], str]:
    """The labels of each argument and of the result.

    >>> split("ik,kj->ij")
    (['ik', 'kj'], 'ij')
    """
    left, _, right = explicit(spec).partition("->")
    if not all(c.isascii() and c.isalpha() for c in left.replace(",", "") + right):
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in spec)
        raise shape_error(f'einsum("{shown}"): indices are letters, arguments are parted by commas')
    if len(set(right)) != len(right) or not set(right) <= set(left):
        raise shape_error(f'einsum("{spec}"): each index of the result stands once there and in an argument')
    return left.split(","), right


def _einsum_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """One letter an axis; a letter stands for one size; the letters after -> give the result."""
    spec = str(params[0])
    labels, result = split(spec)
    if len(labels) != len(shapes):
        arrays = "1 array" if len(labels) == 1 else f"{len(labels)} arrays"
        raise shape_error(f'einsum("{spec}") needs {arrays}; got {len(shapes)}')
    sizes: dict[str, Dim] = {}
    for letters, shape in zip(labels, shapes, strict=True):
        padded = shape + (Dim.of(1),) * (len(letters) - len(shape)) if len(letters) <= 2 else shape
        if len(padded) != len(letters):
            raise shape_error(f'einsum("{spec}"): "{letters}" needs order {len(letters)}; got {show(shape)}')
        for letter, size in zip(letters, padded, strict=True):
            try:
                sizes[letter] = unify(sizes[letter], size) if letter in sizes else size
            except FrechetError as trouble:
                raise shape_error(
                    f'einsum("{spec}"): the index {letter} has sizes {sizes[letter]} and {size}'
                ) from trouble
    return settle(tuple(sizes[letter] for letter in result))


def _einsum(xp: Any, params: Params, *arrays: Any) -> Any:
    labels, _ = split(str(params[0]))
    padded = [
        xp.reshape(a, a.shape + (1,) * (len(letters) - a.ndim)) for letters, a in zip(labels, arrays, strict=True)
    ]
    if len(padded) > 2:
        return settled(xp, xp.einsum(explicit(str(params[0])), *padded, optimize=True))
    return settled(xp, xp.einsum(explicit(str(params[0])), *padded))


def _einsum_reading(e: Expr, *nodes: Node) -> Node:
    """Any contraction: as a matrix formula where there is one."""
    specs, out = split(e.params[0])
    return contracted(specs, out, nodes)


EINSUM = Op(
    "einsum",
    _einsum_shape,
    _einsum,
    normal=_einsum_reading,
    facts=Facts(cancels=True, linear="each"),
    source="the product rule: one factor varies at a time",
    example='einsum("ij,jk->ik", A, B)',
    doc="The sum of products over the indices that do not stand in the result, as NumPy's einsum.",
    python=("einsum",),
    hint='as in einsum("ij,jk->ik", A, B)',
    call="s*",
)

TENSORS = (EINSUM,)
