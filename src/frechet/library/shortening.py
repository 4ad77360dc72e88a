"""Names for products that an answer repeats, where its formula with what they mean is shorter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import Node
from frechet.calculus.reuse import LIGHT, read_matrix
from frechet.calculus.subchains import Chain, named, repeated
from frechet.calculus.throughgradient import by_gradient, by_value, rewritten
from frechet.core.dim import settle
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.notation.naming import GAIN, Names, bound_names, price
from frechet.notation.signs import chosen, factors_of
from frechet.notation.tidy import tidy
from frechet.ops.expressions import apply, number, variable
from frechet.ops.normalise import node_of

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
        self.every = [e for part in parts.values() for e in part.exprs.values()]
        self.given = setting.taken | frozenset(where)
        self.nodes: dict[Expr, Node | None] = {}
        self.put_there: list[str] = []

    @cached_property
    def read(self) -> dict[Expr, Node]:
        """The nodes of all that was read so far."""
        return self.setting.symbol_nodes()

    @cached_property
    def names(self) -> Names:
        """The names that are free."""
        axes = (i for part in self.parts.values() for i in part.indices)
        return Names(self.given.union(bound_names(self.every), axes))

    def put(self) -> list[str]:
        """The names that were put."""
        for part in self.parts.values():
            if any(map(_from_one, postorder(*part.exprs.values()))):
                part.exprs.update({label: self._mirrored(e) for label, e in part.exprs.items()})
            if "hessian column" in part.exprs:
                self._through_gradient(part)
            for e in _main(part):
                self._in(e)
        return self.put_there

    def _mirrored(self, e: Expr) -> Expr:
        """1 - sigmoid(u) as sigmoid(-u), where that is shorter; s.*(1-s) stays."""
        mirrors = {x: made for x in postorder(e) if (made := self._mirror(x)) is not None}
        if not mirrors or any(beside(x, y) for x in postorder(e) for y in mirrors):
            return e
        made = replace(e, mirrors)
        return made if self._price(made, {}) < self._price(e, {}) else e

    def _mirror(self, x: Expr) -> Expr | None:
        """f(-u) where a formula is 1 - f(u) and the two are equal."""
        if not _from_one(x):
            return None
        f = x.args[1]
        u = read_matrix(f.args[0], self.read) if f.op.facts.mirror == "complement" else None
        return None if u is None else apply(f.op, (self.setting.writer.write(b.scale(-1, u)),), f.params)

    def _through_gradient(self, part: Part) -> None:
        """The Hessian by the names of the value and of the gradient, where that is shorter."""
        old, gradient = part.exprs["hessian column"], part.exprs["gradient"]
        hessian, slope, value = self._node(old), read_matrix(gradient, {}), self.setting.chain.value
        if hessian is None or slope is None or not slope.column:
            return
        value = node_of(self.setting.original)
        letters = Names(frozenset(self.names.taken))
        names = letters.first("rqh"), letters.first("guw")
        r, g = leaf(names[0], ()), leaf(names[1], settle(slope.shape))
        numerator = by_value(value, r)
        shown = rewritten(slope, numerator, None)
        best, where = self._price(old, {}) - GAIN + 1, dict[str, Expr]()
        made = old
        for product in [None, *by_gradient(shown, g)]:
            definitions = {names[0]: self._tidied(value)} if numerator is not None else {}
            if product is not None:
                definitions[names[1]] = self._tidied(shown)
            new = self._tidied(rewritten(hessian, numerator, product))
            cost = self._price(new, definitions) if definitions else best
            if cost < best:
                best, where, made = cost, definitions, new
        if where:
            self._put_all(part, old, made, where)

    def _put_all(self, part: Part, old: Expr, made: Expr, where: Mapping[str, Expr]) -> None:
        """A matrix in the place of another wherever it stands, with what its names mean."""
        for name in reversed([*where]):
            back = {variable(name, where[name].shape): where[name]}
            made = replace(made, back)
            where = {k: replace(e, back) for k, e in where.items()}
        for label, e in part.exprs.items():
            if e is old:
                part.exprs[label] = made
        self.where.update(where)
        self.put_there += where
        self.names.taken |= set(where)

    def _tidied(self, x: Node) -> Expr:
        return self.setting.writer.write(tidy(x, self.setting.writer))

    def _node(self, e: Expr) -> Node | None:
        if e not in self.nodes:
            short = self.setting.writer.count(e) < SHORT
            self.nodes[e] = None if short else read_matrix(e, self.read)
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


def _from_one(x: Expr) -> bool:
    """Whether a formula is 1 - f."""
    return x.op.name == "sub" and (x.args[0] is number(1) or x.args[0].op.name == "ones")


def beside(x: Expr, y: Expr) -> bool:
    """Whether 1 - s stands beside s in a product, as in the slope s.*(1-s)."""
    factors, todo = list[Expr](), [x]
    while todo:
        e = todo.pop()
        if e.op.name in ("mul", "hadamard"):
            todo += e.args
        else:
            factors.append(e)
    return y in factors and y.args[1] in factors


def _main(part: Part) -> Iterator[Expr]:
    """The forms that say what has a name: of the others each is one of these in another arrangement."""
    scalar = ("hessian column", "gradient", "derivative")
    labels = scalar if any(label in part.exprs for label in scalar) else ("pullback", "jacobian numerator column")
    for label in labels:
        if label in part.exprs:
            yield part.exprs[label]
