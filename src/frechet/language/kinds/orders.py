"""The orders that a formula tells: a name that only fits as a tensor is one, without a declaration.

`einsum("bij,bjk->bik", A, B)` says it by its letters, `permute(X,2,1,3)` and `sum(X,3)` by their axes, `X[i,2,:]` by
its indices; operands of one shape have one order.  What an operation asks of its argument is asked of its shape rule:
the least order that the rule takes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.core.op import Op, Params
from frechet.core.records import record
from frechet.errors import FrechetError
from frechet.language.calls import letters, pattern_of
from frechet.language.names import SPELLED, habit
from frechet.language.parameters import axis_of
from frechet.language.tree import Node, walk
from frechet.ops import REGISTRY
from frechet.ops.tensors import split

DEEPEST = 12
"""The greatest order that is looked for."""
ROUNDS = 12
"""How often orders are carried up and down at most."""


def orders_of(statements: list[Node], known: Mapping[str, int], functions: Collection[str] = ()) -> dict[str, int]:
    """The orders that the statements tell of names: of tensors, and of what stands bare in an einsum.

    `known` are the orders of the names with a shape, `functions` those that act entry by entry.

    >>> from frechet.language.reader import read
    >>> orders_of(read('norm2(T-einsum("ir,jr,kr->ijk",A,B,C))^2'), {})
    {'A': 2, 'B': 2, 'C': 2, 'T': 3}
    >>> orders_of(read("softmax(X+exp(Y),3)"), {}), orders_of(read("A*B"), {})
    ({'X': 3, 'Y': 3}, {})
    """
    if not any(_telling(n) for s in statements for n in walk(s)) and all(k < 3 for k in known.values()):
        return {}
    return _Orders(statements, known, functions).found()


def _telling(node: Node) -> bool:
    """Whether a piece may say that something is a tensor."""
    if node.kind == "entry":
        return len(node.params) > 2
    return node.kind == "call" and bool(node.params)


def _dummy(order: int) -> Shape:
    """Some shape of this order."""
    return tuple(Dim.of(f"?{k}") for k in range(1, order + 1))


def _any(left: Dim, right: Dim, /) -> Dim:
    return left


@final
class _Orders:
    """Orders by piece and by name; those of pieces are kept where they are above 2."""

    def __init__(self, statements: list[Node], known: Mapping[str, int], functions: Collection[str]) -> None:
        self.statements, self.known, self.functions = statements, known, frozenset(functions)
        self.nodes = [n for s in statements for n in walk(s)]
        self.names: dict[str, int] = {}
        self.pieces: dict[int, int] = {}
        self.changed = False

    def found(self) -> dict[str, int]:
        """The orders of the names."""
        for _ in range(ROUNDS):
            self.changed = False
            for node in self.nodes:
                self._asked(node)
                self._up(node)
            for node in reversed(self.nodes):
                self._down(node)
            if not self.changed:
                break
        return {name: k for name, k in self.names.items() if name not in self.known}

    def of(self, node: Node) -> int:
        """The order of a piece as far as it is told: 0 where it is not."""
        if node.kind in ("name", "define"):
            return self.known.get(str(node.data), self.names.get(str(node.data), 0))
        return self.pieces.get(id(node), 0)

    def tell(self, node: Node, order: int) -> None:
        """Note the order of a piece."""
        if self.of(node) >= order:
            return
        if node.kind in ("name", "define"):
            if str(node.data) not in self.known:
                self.names[str(node.data)], self.changed = order, True
        elif order > 2:
            self.pieces[id(node)], self.changed = order, True

    def _asked(self, node: Node) -> None:
        """What a piece asks of those below it."""
        if node.kind == "entry" and len(node.params) > 2:
            self.tell(node.args[0], len(node.params))
        spec = _spec(node)
        if spec is not None:
            for part, axes in zip(node.args, spec[0], strict=False):
                if len(axes) > 2 or part.kind == "name":
                    self.tell(part, len(axes))
        op, params = self._op(node), _params(node)
        if op is not None and params and order_after(op, params, 2) is None:
            least = next((k for k in range(3, DEEPEST + 1) if order_after(op, params, k) is not None), 0)
            self.tell(node.args[0], least)

    def _up(self, node: Node) -> None:
        """The order of a piece from those below it."""
        below = [self.of(a) for a in node.args]
        spec = _spec(node)
        if spec is not None:
            self.tell(node, len(spec[1]))
        elif node.kind == "call" and _sized(node):
            self.tell(node, len(node.params))
        elif node.kind == "entry":
            self.tell(node, sum(p.kind == "colon" for p in node.params))
        elif max(below, default=0) < 3:
            return
        elif node.kind in ("define", "sum") or self._entrywise(node) or _product(node):
            self.tell(node, max(below))
        else:
            op, params = self._op(node), _params(node)
            if op is not None and params is not None:
                self.tell(node, order_after(op, params, below[0]) or 0)

    def _down(self, node: Node) -> None:
        """The orders of the pieces below from that of the whole."""
        order = self.of(node)
        if order < 3:
            return
        if node.kind in ("define", "sum"):
            self.tell(node.args[0], order)
        elif self._entrywise(node):
            for part in node.args:
                if len(node.args) == 1 or not self._scalar(part):
                    self.tell(part, order)
        elif _product(node):
            left, right = node.args
            if node.data == "divide" or self._scalar(right):
                self.tell(left, order)
            elif self._scalar(left):
                self.tell(right, order)
        else:
            op, params = self._op(node), _params(node)
            if op is not None and params is not None:
                fits = [k for k in (order, order + 1) if order_after(op, params, k) == order]
                self.tell(node.args[0], fits[0] if fits else 0)

    def _op(self, node: Node) -> Op | None:
        """The record of a piece: of a sign or of a function."""
        return record(str(node.data)) if node.kind in ("op", "call") and node.data in REGISTRY else None

    def _entrywise(self, node: Node) -> bool:
        """Whether a piece acts entry by entry on operands of one shape."""
        op = self._op(node)
        return (op is not None and op.elementwise) or (
            node.kind == "call" and str(node.data).rstrip("'") in self.functions
        )

    def _scalar(self, node: Node) -> bool:
        """Whether a piece may well be a number beside an array."""
        pieces = walk(node)
        if node.kind == "name":
            name = str(node.data)
            if name in self.known:
                return self.known[name] == 0
            return not self.of(node) and (name in SPELLED or habit(name) == "scalar")
        if node.kind in ("op", "call") and self._entrywise(node):
            return all(self._scalar(a) for a in node.args)
        return node.kind == "number" or not any(n.kind == "name" and habit(str(n.data)) != "scalar" for n in pieces)


def order_after(op: Op, params: Params, order: int) -> int | None:
    """The order of what an operation makes of one array of this order; None where its shape rule refuses it.

    >>> from frechet.ops import REGISTRY
    >>> [order_after(REGISTRY["sum"], (3,), k) for k in (2, 3, 4)]
    [None, 2, 3]
    """
    try:
        return len(op.shape((_dummy(order),), params, _any))
    except FrechetError:
        return None


def _product(node: Node) -> bool:
    """Whether a piece is a product or a quotient with a sign."""
    return node.kind == "op" and node.data in ("mul", "divide")


def _spec(node: Node) -> tuple[list[str], str] | None:
    """The letters of a contraction."""
    if node.kind != "call" or not node.params or node.params[0].kind != "string":
        return None
    try:
        return split(str(node.params[0].data))
    except FrechetError:
        return None


def _pattern(node: Node) -> str:
    return (pattern_of(str(node.data)) or "") if node.kind == "call" else ""


def _sized(node: Node) -> bool:
    """Whether the sizes of the value are listed, as in ones(m,n,p) and reshape(x,m,n,p)."""
    return _pattern(node).endswith("d+")


def _params(node: Node) -> Params | None:
    """The axes that a function of one array is given; None where it takes something else."""
    wanted = [c for c in letters(_pattern(node), len(node.args) + len(node.params)) if c != "x"]
    if len(node.args) != 1 or not set(wanted) <= {"a"}:
        return None
    try:
        return tuple(axis_of(p) for p in node.params)
    except FrechetError:
        return None
