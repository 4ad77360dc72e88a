"""A value with the quantities it was built from, differentiated as a textbook does it: one named step at a time.

``a = h*W; y = sigma(a); L = …``: each quantity is a leaf with a definition.  The differential passes through the
definitions forward; the cotangents come back through them, and each is given a name of its own (∂L/∂a) when it is
more than a few signs long.  Without statements there is nothing to pass through and this is the plain sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from frechet.algebra import build as b
from frechet.algebra.atoms import variable
from frechet.algebra.node import Node, depends
from frechet.calculus.adjoint import cotangents
from frechet.calculus.differential import differential, zero_like
from frechet.core.dim import Shape, settle
from frechet.core.expr import Expr
from frechet.ops.normalise import node_of

SHORT = 3
"""A cotangent lighter than this is written out where it is used."""


@final
class Chain:
    """A value and its quantities.

    quantities  (leaf, definition) in order; definitions use earlier leaves
    named       cotangents that were given names on the way, name → node, in an order in which they can be evaluated
    """

    def __init__(self, value: Node, quantities: list[tuple[Node, Node]], name: str) -> None:
        self.value, self.quantities, self.name = value, quantities, name
        self.named: dict[str, Node] = {}
        self.taken: frozenset[str] = frozenset()

    @property
    def shape(self) -> Shape:
        """The shape of the value."""
        return settle(self.value.shape)

    def leaf(self, e: Expr) -> Node:
        """The leaf of a variable."""
        return node_of(e)

    def differential(self, increments: Mapping[Node, Node]) -> Node:
        """d value for these increments of the variables."""
        moves = dict(increments)
        for q, definition in self.quantities:
            d = differential(definition, moves)
            if d is not zero_like(definition):
                moves[q] = d
        return differential(self.value, moves)

    def pullback(self, upstream: Node, x: Node, prefix: str) -> Node:
        """The cotangent of x; those of quantities on the way are named <prefix><quantity> if they are long."""
        relevant: set[Node] = {x}
        for q, definition in self.quantities:
            if depends(definition, frozenset(relevant)):
                relevant.add(q)
        arrived: dict[Node, list[Node]] = {}

        def spread(root: Node, g: Node) -> None:
            for y, c in cotangents(root, g, relevant).items():
                if y in relevant and y is not root:
                    arrived.setdefault(y, []).append(c)

        if self.value in relevant:
            arrived[self.value] = [upstream]
        else:
            spread(self.value, upstream)
        for q, definition in reversed(self.quantities):
            if q not in arrived or q is x:
                continue
            total = b.add([(c, 1) for c in arrived[q]])
            if total.weight > SHORT and prefix:
                total = self._name(f"{prefix}{q.params[0]}", total)
            if definition in relevant:
                arrived.setdefault(definition, []).append(total)
            else:
                spread(definition, total)
        parts = arrived.get(x)
        return b.add([(c, 1) for c in parts]) if parts else zero_like(x)

    def _name(self, name: str, total: Node) -> Node:
        while name in self.taken and self.named.get(name) is not total:
            name += "_"
        assumed = ("symmetric",) if not total.scalar and b.T(total) is total else ()
        self.named[name] = total
        return variable(name, settle(total.shape), assumed)
