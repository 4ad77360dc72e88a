"""What makes a reading odd, though its shapes fit: a number added to an array, a number transposed.

A reading is a choice of kinds for the names.  Where it fits but says something that nobody writes, another choice is
looked for, and the oddity says which names could be what instead: `A*x - b` with a number b makes b a vector.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from frechet.core.dim import ONE, Shape
from frechet.core.expr import Expr
from frechet.core.records import facts
from frechet.language.kinds.habits import names_in_sum
from frechet.language.name_usage import Usage
from frechet.language.names import SPELLED, Kind, habit, loose
from frechet.language.tree import Node, is_dot, walk
from frechet.language.words import array_places, is_placed

BROADCAST = 4
"""What a number added to an array costs, in steps away from habit."""
TURNED = 3
"""What a transpose, a length or a trace of a number costs."""
BESIDE = 5
"""What a matrix times a number that could be a vector costs."""
FACTOR = 1
"""What a Greek letter costs that is a vector and only multiplies a number."""
_ENTRYWISE = frozenset(("add", "sub", "neg", "mul", "hadamard", "divide", "edivide"))


@final
@dataclass(frozen=True)
class Oddity:
    """An oddity: what it costs, the piece, the operand that is a number, the array beside it, and what may change."""

    cost: int
    piece: Node
    number: Node
    array: Node | None
    instead: tuple[tuple[str, Kind], ...]


def oddities(statements: list[Node], seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage) -> list[Oddity]:
    """The oddities of a reading; `seen` holds the expression of every piece, `kinds` those of the free names."""
    found: list[Oddity] = []
    scaling = numbers_by_use(statements, seen, kinds)
    products = [n for s in statements for n in walk(s) if n.kind == "op" and n.data == "mul"]
    followed = frozenset(id(n.args[0]) for n in products)
    for statement in statements:
        for node in walk(statement):
            if node.kind == "op" and node.data in ("add", "sub"):
                found += _broadcast(node, seen, kinds, usage, scaling)
            elif (node.kind == "op" and node.data == "transpose") or _of_array(node):
                for inside in array_places(node) if is_placed(node) else node.args[:1]:
                    instead = () if seen[id(inside)].shape else _larger(inside, seen, kinds, usage)
                    if instead:
                        found.append(Oddity(TURNED, node, inside, None, instead))
            elif node.kind == "op" and node.data == "mul":
                found += _beside(node, seen, kinds, usage, id(node) in followed)
                if usage.mathematical:
                    found += _greek_factor(node, seen, kinds, usage) + _outer(node, seen, kinds)
            elif node.kind == "op" and node.data == "hadamard" and usage.mathematical:
                found += _entrywise(node, seen, kinds, usage)
            elif node.kind == "sum" and usage.mathematical:
                found += _row_of_sum(node, seen, kinds, usage)
    return found


def _of_array(node: Node) -> bool:
    return (node.kind == "call" and facts(node.data).of_arrays) or (
        node.kind == "open" and (node.data[0] == "norm" or (is_placed(node) and bool(array_places(node))))
    )


def free_scalars(root: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind]) -> list[str]:
    """The free names that stand, as numbers, in a piece that is made of them by signs alone (`b`, `-2*b`)."""
    names: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind == "name" and node.data in kinds:
            if not seen[id(node)].shape:
                names.append(str(node.data))
        elif node.kind == "entry" and node.args[0].kind == "name" and node.args[0].data in kinds:
            if not seen[id(node)].shape:
                names.append(str(node.args[0].data))
        elif node.kind == "op" and node.data in _ENTRYWISE:
            stack += node.args[:1] if node.data in ("divide", "edivide") else node.args
    return list(dict.fromkeys(names))


def _member(name: str, usage: Usage) -> bool:
    return usage.entered.get(name) == 1


def _larger(
    root: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage
) -> tuple[tuple[str, Kind], ...]:
    """What would make a number an array: its names vectors, its members of a family vectors."""
    instead: list[tuple[str, Kind]] = []
    for name in free_scalars(root, seen, kinds):
        if not _member(name, usage):
            instead.append((name, "vector"))
        elif kinds[name] == "vector":
            instead.append((name, "matrix"))
    return tuple(instead)


def _broadcast(
    node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage, scaling: frozenset[str]
) -> list[Oddity]:
    """A number that names something, added to an array; an array that could be a number, to which one is added."""
    left, right = node.args
    for number, array in ((left, right), (right, left)):
        shape = seen[id(array)].shape
        if seen[id(number)].shape or not shape or number.kind == "number":
            continue
        wanted: Kind = "matrix" if len(shape) > 1 and shape[0] != ONE else "row" if len(shape) > 1 else "vector"
        instead: list[tuple[str, Kind]] = []
        names = [n for n in free_scalars(number, seen, kinds) if n not in scaling]
        for name in names:
            if _member(name, usage):
                instead.append((name, "tensor" if wanted == "matrix" else "matrix"))
            elif wanted != "matrix" or habit(name) == "matrix":
                instead.append((name, wanted))
        if names:  # a - λ: both are numbers
            instead[:0] = [(n, "scalar") for n in names_in_sum(array) if _may_be_number(n, kinds, usage)]
        if names:
            return [Oddity(BROADCAST, node, number, array, tuple(instead))]
        if free_scalars(number, seen, kinds):  # numbers by a use of their own
            loose_ones = names_in_sum(array)
            if loose_ones and all(_may_be_number(n, kinds, usage) for n in loose_ones):
                instead = [(n, "scalar") for n in loose_ones]
        else:
            instead = _fewer(array, number, seen, kinds, usage)
        if instead:
            return [Oddity(BROADCAST, node, number, array, tuple(instead))]
    return []


def _may_be_number(name: str, kinds: Mapping[str, Kind], usage: Usage) -> bool:
    return kinds.get(name) == "vector" and loose(name) and name not in usage.arrays and name not in usage.entered


def _fewer(
    array: Node, number: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage
) -> list[tuple[str, Kind]]:
    """What would make an array that a number is added to a number: `k - tr(A)`, `t'*b - x'*A*x`."""
    within = {n.data for n in walk(number) if n.kind == "name"}
    if array.kind == "name":
        free = array.data in kinds and array.data not in within and array.data not in usage.arrays
        small = free and kinds[str(array.data)] == "vector"
        return [(str(array.data), "scalar")] if small else []
    loose_ones = names_in_sum(array)
    if loose_ones and all(_may_be_number(n, kinds, usage) and n not in within for n in loose_ones):
        return [(n, "scalar") for n in loose_ones]
    head = array
    while head.kind == "op" and head.data in ("mul", "divide", "neg"):
        head = head.args[0]
    scaled = (
        head is not array
        and head.kind == "name"
        and head.data in kinds
        and seen[id(head)].shape == shape_of(array, seen)
    )
    if scaled and head.data not in usage.arrays:  # C*sum(x): a number before a number
        return [(str(head.data), "scalar")]
    inside = [str(n.data) for n in walk(array) if n.kind == "name" and n.data in kinds and not seen[id(n)].shape]
    return [(name, "vector") for name in dict.fromkeys(inside) if name not in usage.entered and name not in SPELLED]


def shape_of(node: Node, seen: Mapping[int, Expr]) -> Shape:
    """The shape of a piece."""
    return seen[id(node)].shape


def numbers_by_use(statements: list[Node], seen: Mapping[int, Expr], kinds: Mapping[str, Kind]) -> frozenset[str]:
    """The free names that are numbers by a use of their own: they multiply an array, or are added to a number."""
    found: set[str] = set()
    for node in (node for statement in statements for node in walk(statement)):
        if node.kind == "op" and node.data in ("mul", "divide"):
            for one, other in (node.args, node.args[::-1]):
                if not seen[id(one)].shape and seen[id(other)].shape:
                    found.update(free_scalars(one, seen, kinds))
        elif node.kind == "op" and node.data in ("add", "sub"):
            for one, other in (node.args, node.args[::-1]):
                plain = other.kind == "number" or free_scalars(other, seen, kinds)
                if not seen[id(one)].shape and not seen[id(other)].shape and not plain:
                    found.update(free_scalars(one, seen, kinds))
    return frozenset(found)


def _beside(
    node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage, followed: bool
) -> list[Oddity]:
    """A matrix times a number, `A x_i` or `inv(A) b`: what stands behind a matrix is meant for a vector.

    So is what stands beside the dot of an inner product, `w·x_i`.
    """
    for left, right in (node.args, node.args[::-1]) if is_dot(node) else (node.args,):
        if seen[id(right)].shape or len(seen[id(left)].shape) != (1 if is_dot(node) else 2):
            continue
        while right.kind == "call" and len(right.args) == 1 and not right.params and not _of_array(right):
            right = right.args[0]  # W^T φ(x_n)
        members = right.kind == "entry" and right.args[0].kind == "name" and right.args[0].data in kinds
        if members and _member(str(right.args[0].data), usage):
            return [Oddity(BESIDE, node, right, left, ((str(right.args[0].data), "matrix"),))]
        alone = right is node.args[1] and not followed and not is_dot(node)  # D a x: a is a number
        if alone and right.kind == "name" and right.data in kinds and usage.mathematical:
            return [Oddity(BESIDE, node, right, left, ((str(right.data), "vector"),))]
    return []


def _greek_factor(node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage) -> list[Oddity]:
    """A Greek letter that is a vector and multiplies a number: `lambda*norm2(w)^2`."""
    left, right = node.args
    head = left
    while head.kind == "op" and head.data in ("divide", "neg"):
        head = head.args[0]
    name = str(head.data) if head.kind == "name" else ""
    greek = name.partition("_")[0].rstrip("0123456789")
    free = greek in SPELLED and greek.islower() and name in kinds and name not in usage.arrays
    if free and len(seen[id(left)].shape) == 1 and not seen[id(right)].shape:
        return [Oddity(FACTOR, node, right, left, ((name, "scalar"),))]
    return []


def _row_of_sum(node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage) -> list[Oddity]:
    """A sum of numbers times rows, `u_k v_k^T`: the numbers are meant for vectors."""
    body, shape = node.args[0], seen[id(node)].shape
    if len(shape) != 2 or shape[0] != ONE or body.kind != "op" or body.data != "mul":
        return []
    last = body.args[0]
    while last.kind == "op" and last.data == "mul":
        last = last.args[1]
    name = str(last.args[0].data) if last.kind == "entry" and last.args[0].kind == "name" else ""
    if name in kinds and _member(name, usage) and not seen[id(last)].shape:
        return [Oddity(BESIDE, body, last, body.args[1], ((name, "matrix"),))]
    return []


def _outer(node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind]) -> list[Oddity]:
    """A column times a letter that is a row, or a number, though by habit it is a vector.

    `e^{At} x` is no outer product, and no multiple of a vector; nor does one write `u x_i` for a number x_i.
    """
    left, right = node.args
    name = str(right.data) if right.kind == "name" else ""
    if len(seen[id(left)].shape) != 1:
        return []
    if right.kind == "entry" and right.args[0].kind == "name" and not seen[id(right)].shape:
        return [Oddity(FACTOR, node, right, left, ())]
    if name not in kinds:
        return []
    if kinds[name] == "row":
        return [Oddity(BESIDE, node, right, left, ((name, "vector"),))]
    number = kinds[name] == "scalar" and habit(name) == "vector" and name.partition("_")[0] not in SPELLED
    return [Oddity(BESIDE, node, right, left, ())] if number and not seen[id(right)].shape else []


def _entrywise(node: Node, seen: Mapping[int, Expr], kinds: Mapping[str, Kind], usage: Usage) -> list[Oddity]:
    """A number in an entrywise product with an array: `a ⊙ x` is meant for vectors."""
    for number, array in (node.args, node.args[::-1]):
        shape = seen[id(array)].shape
        name = str(number.data) if number.kind == "name" else ""
        if name in kinds and shape and not seen[id(number)].shape and name not in usage.entered:
            kind: Kind = "vector" if len(shape) == 1 else "matrix"
            return [Oddity(BESIDE, node, number, array, ((name, kind),))]
    return []
