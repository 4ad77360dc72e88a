"""Names for products that an answer repeats, where its formula with what they mean is shorter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import Node
from frechet.calculus.reuse import LIGHT, read_matrix
from frechet.calculus.subchains import Chain, named, repeated
from frechet.core.dim import settle
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.notation.naming import GAIN, Names, bound_names, price
from frechet.notation.signs import chosen, factors_of
from frechet.ops.expressions import variable

if TYPE_CHECKING:
    from frechet.library.parts import Part
    from frechet.library.setting import Setting

TRIED = 2
"""So many products are tried in a formula."""
SHORT = 20
"""Formulas of fewer signs need no names for products."""


def name_products(setting: Setting, parts: Mapping[str, Part], where: dict[str, Expr]) -> list[str]:
    """Name what the main forms repeat, in all forms that become shorter by it.  In place; the new names.

    In the forms stands what a name means: who names the parts of the answer puts the name there.
    """
    if setting.complex or setting.chain.value.weight >= LIGHT:
        return []
    return _Products(setting, parts, where).put()


@final
class _Products:
    """The products of one answer that have names."""

    def __init__(self, setting: Setting, parts: Mapping[str, Part], where: dict[str, Expr]) -> None:
        self.setting, self.parts, self.where = setting, parts, where
        self.read = setting.symbol_nodes()
        every = (e for part in parts.values() for e in part.exprs.values())
        self.names = Names(setting.taken | frozenset(where) | bound_names(every))
        self.nodes: dict[Expr, Node | None] = {}
        self.put_there: list[str] = []

    def put(self) -> list[str]:
        """The names that were put."""
        for part in self.parts.values():
            for e in _main(part):
                self._in(e)
        return self.put_there

    def _node(self, e: Expr) -> Node | None:
        if e not in self.nodes:
            short = self.setting.writer.count(e) < SHORT
            self.nodes[e] = None if short else read_matrix(e, dict(self.read))
        return self.nodes[e]

    def _price(self, e: Expr, where: Mapping[str, Expr]) -> int:
        return price(e, self.setting.writer.count, where)

    def _in(self, e: Expr) -> None:
        """Name the product that saves most in a formula, if any does."""
        node = self._node(e)
        found = repeated(node)[:TRIED] if node is not None else []
        if node is None or not found:
            return
        old = self._price(e, {})
        for chain in found:
            product = self._as_said(chain)
            definition = self._written(product)
            made = self._written(named(node, chain, self._stand("product", product)))
            if self._price(made, {"product": definition}) + GAIN <= old:
                self._everywhere(chain, product, definition)
                return

    def _written(self, x: Node) -> Expr:
        return self.setting.writer.write(x)

    def _as_said(self, chain: Chain) -> Node:
        """The product, or minus it where its differences then stand as the problem has them: R*(p-c)."""
        positive, _ = chosen(U, factors_of((), chain), forced=False, said=self.setting.writer.said)
        return b.scale(1 if positive else -1, b.mul(*chain))

    @staticmethod
    def _stand(name: str, product: Node) -> Node:
        """What stands for the chain of a product where the product has a name."""
        return b.scale(b.parts(product)[0], leaf(name, settle(product.shape)))

    def _everywhere(self, chain: Chain, product: Node, definition: Expr) -> None:
        """The name, in each form that is shorter with it."""
        name = self.names.fresh(definition)
        stand = self._stand(name, product)
        back = {variable(name, definition.shape): definition}
        for part in self.parts.values():
            for label, e in part.exprs.items():
                node = self._node(e)
                new = named(node, chain, stand) if node is not None else node
                if new is None or new is node:
                    continue
                made = self._written(new)
                if self._price(made, {name: definition}) < self._price(e, {}):
                    part.exprs[label] = replace(made, back)
        self.where[name] = definition
        self.put_there.append(name)


def _main(part: Part) -> Iterator[Expr]:
    """The forms that say what has a name: of the others each is one of these in another arrangement."""
    scalar = ("hessian column", "gradient", "derivative")
    labels = scalar if any(label in part.exprs for label in scalar) else ("pullback", "jacobian numerator column")
    for label in labels:
        if label in part.exprs:
            yield part.exprs[label]
