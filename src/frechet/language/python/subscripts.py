"""Subscripts of the text: which entries of an array, which part of a list."""

from __future__ import annotations

import ast

from frechet.core.dim import Dim
from frechet.language.python.arrays import Array
from frechet.language.python.calls import refuse
from frechet.language.python.context import Context, Scope
from frechet.language.python.indexing import Cut, Item, indexed
from frechet.language.python.scores import Scored, Scores, Weights, arranged, refused
from frechet.language.python.values import Local, Mask, Method, Named, Value, array, told


def subscript(reader: Context, node: ast.Subscript, scope: Scope) -> Value:
    """What `a[…]` is worth."""
    owner = reader.read(node.value, scope)
    if isinstance(owner, tuple):
        return _of_tuple(reader, owner, node.slice, scope)
    if isinstance(owner, (Named, Local, Method, str)) or owner is None:
        raise refuse(f"{told(owner)} has no entries")
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    items = tuple(_item(reader, part, scope) for part in parts)
    if isinstance(owner, Mask):
        return Mask(indexed(owner.array, items))
    return entries(owner if isinstance(owner, (Scores, Weights)) else array(owner), items)


def entries(owner: Array | Scored, items: tuple[Item, ...]) -> Value:
    """What an index picks; of scores it adds axes only."""
    if isinstance(owner, Array):
        return indexed(owner, items)
    if any(item is not None and item is not ... and item != Cut(None, None) for item in items):
        raise refused(owner)
    return arranged(owner, lambda a: indexed(a, items))


def _of_tuple(reader: Context, owner: tuple[Value, ...], node: ast.expr, scope: Scope) -> Value:
    if isinstance(node, ast.Slice):
        ends: list[int | None] = []
        for end in (node.lower, node.upper, node.step):
            value = None if end is None else reader.read(end, scope)
            if value is not None and not isinstance(value, int):
                raise refuse("a list is cut by whole numbers that stand in the text")
            ends.append(value)
        return owner[slice(*ends)]
    k = reader.read(node, scope)
    if not isinstance(k, int) or not -len(owner) <= k < len(owner):
        raise refuse(f"a list of {len(owner)} has no place {told(k)}")
    return owner[k]


def _item(reader: Context, node: ast.expr, scope: Scope) -> Item:
    if isinstance(node, ast.Slice):
        ends: list[Dim | int | None] = []
        for end in (node.lower, node.upper, node.step):
            value = None if end is None else reader.read(end, scope)
            if not (value is None or isinstance(value, (int, Dim))) or isinstance(value, bool):
                raise reader.no(node, "a slice runs between whole numbers and sizes")
            ends.append(value)
        if ends[2] not in (None, 1):
            raise reader.no(node, "a slice with a step is not read: reshape, or write the entries out")
        return Cut(None if ends[0] == 0 else ends[0], ends[1])
    return place_of(reader, reader.read(node, scope), node)


def place_of(reader: Context, value: Value, node: ast.AST) -> Item:
    """An index that is a whole number, a size, None or Ellipsis."""
    if isinstance(value, Mask):
        raise reader.no(node, "a mask as an index drops entries by their values: multiply by it, or use np.where")
    if isinstance(value, (Array, tuple)):
        raise reader.no(node, "an array as an index picks entries by number: write a one-hot matrix times the array")
    if value is None or value is ... or (isinstance(value, (int, Dim)) and not isinstance(value, bool)):
        return value
    raise reader.no(node, f"an index is a whole number, a slice, None or ...; got {told(value)}")
