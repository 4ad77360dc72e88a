"""Expressions: immutable, interned trees of operations.

Equal structure is the same object, so identity decides equality, a shared part is one node, and every walk visits
it once.  Leaves are operations too.  Nothing here recurses: a chain of thousands of layers is an ordinary expression.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import TypeVar, final
from weakref import WeakValueDictionary

from frechet.core.dim import Dim, Shape
from frechet.core.op import Op, Params

T = TypeVar("T")

SHORT = 100
"""What a formula of fewer parts is made of is kept."""


@final
class Expr:
    """An operation applied to expressions: what a person types and what frechet prints.

    Make one with :func:`make`; `==` is identity.
    """

    __slots__ = ("__weakref__", "args", "inside", "op", "params", "shape")
    op: Op
    args: tuple[Expr, ...]
    params: Params
    shape: Shape
    inside: tuple[Expr, ...] | None
    """What a short formula is made of, arguments first, once somebody asked; not itself, to be free of cycles."""

    def __init__(self, op: Op, args: tuple[Expr, ...], params: Params, shape: Shape) -> None:
        self.op, self.args, self.params, self.shape = op, args, params, shape
        self.inside = None if args else ()

    def __repr__(self) -> str:
        return _outline(self, 4)


def _outline(e: Expr, levels: int) -> str:
    """The uppermost levels of a tree: written out whole, shared parts could fill the memory."""
    if levels == 0 and e.args:
        return f"{e.op.name}(…)"
    inside = [*(_outline(a, levels - 1) for a in e.args), *map(repr, e.params)]
    return f"{e.op.name}({', '.join(inside)})"


_table: WeakValueDictionary[tuple[object, ...], Expr] = WeakValueDictionary()


def make(op: Op, args: tuple[Expr, ...], params: Params, shape: Shape) -> Expr:
    """The one expression with this structure."""
    key = (op, args, params, shape)
    found = _table.get(key)
    if found is None:
        found = Expr(op, args, params, shape)
        _table[key] = found
    return found


def postorder(*roots: Expr, known: Container[Expr] = ()) -> Iterator[Expr]:
    """Every node below the roots once, arguments before the node that uses them; what is `known` is passed over.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> inner = apply("exp", (x,))
    >>> both = apply("add", (inner, apply("sin", (inner,))))
    >>> [e.op.name for e in postorder(both, apply("neg", (x,)))]
    ['variable', 'exp', 'sin', 'add', 'neg']
    >>> [e.op.name for e in postorder(both, known={inner})]
    ['sin', 'add']
    """
    if known == () and len(roots) == 1:
        (root,) = roots
        inside = root.inside
        if inside is None:
            inside = tuple(_walk(root.args, ()))
            if len(inside) < SHORT:
                root.inside = inside
        return iter((*inside, root))
    return _walk(roots, known)


def _walk(roots: tuple[Expr, ...], known: Container[Expr]) -> Iterator[Expr]:
    """Every node below the roots once, as they are asked for."""
    seen: set[Expr] = set()
    stack: list[Expr | None] = [*reversed(roots)]
    opened: list[Expr] = []
    while stack:
        node = stack.pop()
        if node is None:
            yield opened.pop()
        elif node not in seen and node not in known:
            seen.add(node)
            if node.args:
                opened.append(node)
                stack.append(None)
                stack.extend(node.args[::-1])
            else:
                yield node


def users(root: Expr) -> dict[Expr, list[Expr]]:
    """The operations that take each part of a formula; the root is taken by none.

    >>> from frechet.language import parse
    >>> value = parse("norm2(x)^2 + norm2(x)").value
    >>> [[e.op.name for e in above] for part, above in users(value).items() if part.op.name == "norm2"]
    [['power', 'add']]
    """
    above: dict[Expr, list[Expr]] = {}
    for e in postorder(root):
        for part in dict.fromkeys(e.args):
            above.setdefault(part, []).append(e)
    return above


def fold(root: Expr, combine: Callable[[Expr, list[T]], T], known: dict[Expr, T] | None = None) -> T:
    """Bottom-up: the value of `combine(node, values of its arguments)` at the root, each node once."""
    values: dict[Expr, T] = {} if known is None else known
    for node in postorder(root, known=values):
        values[node] = combine(node, [values[a] for a in node.args])
    return values[root]


def size_names(root: Expr) -> frozenset[str]:
    """The names of all sizes in an expression: in the shapes, and those that an operation is given."""
    return frozenset(
        name
        for e in postorder(root)
        for d in (*e.shape, *(p for p in e.params if isinstance(p, Dim)))
        for name in d.names
    )


def count_nodes(roots: Iterable[Expr]) -> int:
    """How many nodes the formulas have as they would be written out (shared parts counted each time)."""
    sizes: dict[Expr, int] = {}
    total = 0
    for root in roots:
        total += fold(root, lambda _, below: 1 + sum(below), sizes)
    return total
