"""Tensors: contraction, `einsum` with NumPy's meaning, and the axes in another order."""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.network.contraction import contracted, permuted
from frechet.algebra.node import Node
from frechet.core.dim import Dim, Shape, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.errors import FrechetError
from frechet.ops.arrays import settled
from frechet.ops.books import LINEAR
from frechet.ops.shapes import axes, shape_error


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


def _permuted_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Every axis once, counted from 1: axis k of the result is the k-th of those listed."""
    (shape,) = shapes
    if len(params) != len(shape):
        example = ",".join(map(str, (2, 1, *range(3, len(shape) + 1))))
        how = f"permute(X,{example})" if len(shape) > 1 else "nothing to be reordered"
        has = f"{show(shape)} has {len(shape)}, as in {how}"
        raise shape_error(f"permute lists every axis of its array once; {has}; got {len(params)}")
    if sorted(params) != list(range(1, len(shape) + 1)):
        given = ", ".join(map(str, params))
        raise shape_error(f"permute lists each of the axes {axes(len(shape))} once; got {given}")
    sizes: list[Dim] = [shape[k - 1] for k in params]
    return settle(tuple(sizes))


def _permute(xp: Any, params: Params, x: Any) -> Any:
    return settled(xp, xp.transpose(x, tuple(k - 1 for k in params)))


def _permute_reading(e: Expr, x: Node) -> Node:
    """The same entries under other indices; of a matrix the transpose."""
    if len(x.shape) <= 2:
        return b.T(x) if e.params == (2, 1) else x
    return permuted(x, [k - 1 for k in e.params])


PERMUTE = Op(
    "permute",
    _permuted_shape,
    _permute,
    normal=_permute_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together", of_arrays=True),
    source="linear: each entry goes to one place",
    example="permute(T,2,1,3)",
    doc="The axes in another order, counted from 1: permute(X,2,1,3)[j,i,k] is X[i,j,k].",
    call="xa+",
    arguments=("x", "axes"),
    shown=(
        '>>> T = fr.tensor("T", "m", "n", "p")\n'
        ">>> fr.permute(T, 1, 0, 2), fr.permute(T, 1, 0, 2).shape\n"
        "(permute(T,2,1,3), ('n', 'm', 'p'))"
    ),
)

TENSORS = (EINSUM, PERMUTE)
