"""How a part of an expression is spelled: as it was typed where it was, else as it is written here."""

from __future__ import annotations

from functools import cached_property
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of


@final
class Spelled:
    """The parts of one expression by their nodes, those of their opposites and transposes included.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> root = parse("log(b-A*x)").value
    >>> text(Spelled(root).of(b.neg(node_of(root.args[0])), root))
    'b - A*x'
    """

    def __init__(self, root: Expr) -> None:
        self._root = root
        self._writer = Writer()

    @cached_property
    def _typed(self) -> dict[Node, Expr]:
        found: dict[Node, Expr] = {}
        read: dict[Expr, Node] = {}
        node_of(self._root, read)
        for e in postorder(self._root):
            node = read[e]
            turned = (b.T(node), b.neg(b.T(node))) if len(node.shape) <= 2 else ()
            for same in (node, b.neg(node), *turned) if e.args else (node,):
                found.setdefault(same, e)
        return found

    def of(self, node: Node, otherwise: Expr) -> Expr:
        """The expression of a node; `otherwise` where it cannot be written."""
        if node in self._typed:
            return self._typed[node]
        try:
            return self._writer.write(tidy(node, self._writer))
        except FrechetError:
            return otherwise
