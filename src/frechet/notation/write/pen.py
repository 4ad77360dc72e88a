"""What the function for each kind of node is handed: a pen that writes the nodes inside."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.notation.signs import Said


class Pen(Protocol):
    """The writer, as those see it that it calls; `taken` are names that no index may have, `sums` allows
    sum(k: …), `said` are the differences that the problem states."""

    taken: frozenset[str]
    sums: bool
    said: Said

    def write(self, node: Node) -> Expr:
        """The formula of a node."""
        ...

    def cost(self, node: Node) -> int:
        """How many signs the formula of a node has."""
        ...

    def count(self, e: Expr) -> int:
        """How many signs a formula has."""
        ...

    def factor(self, f: Node, flips: frozenset[Node]) -> Expr:
        """A factor of a chain, with the differences in `flips` turned round."""
        ...

    def product(self, x: Node, coef: Fraction | None = None, flips: frozenset[Node] | None = None) -> Expr:
        """A product, by another coefficient or with chosen differences turned."""
        ...

    def signs(self, x: Node, coef: Fraction, forced: bool = True) -> tuple[bool, frozenset[Node]]:
        """Whether the product is written without a minus sign, and which of its differences are turned round."""
        ...

    def blocky(self, x: Node) -> bool:
        """Whether the rows or the columns of a matrix are cut into blocks."""
        ...

    def holds_increment(self, x: Node) -> bool:
        """Whether an increment stands in a node."""
        ...
