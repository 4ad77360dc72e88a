"""Put the names of a problem, and of what is normalised in it, where its derivative computes the same again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, final

from frechet.algebra import build as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import Node
from frechet.algebra.rebuild import substitute
from frechet.calculus.reuse import LIGHT, Known, Reuse, both_ways, known, normalised
from frechet.calculus.structure import kind_of
from frechet.calculus.sweep import FEW, Chain
from frechet.core.dim import settle
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.notation.naming import Names
from frechet.notation.tidy import tidy
from frechet.ops.build import variable
from frechet.ops.normalise import node_of

if TYPE_CHECKING:
    from frechet.library.parts import Part
    from frechet.library.setting import Setting

QUARTERS = 3
"""A gradient of the whole replaces one by steps where it has less than this many quarters of their signs."""


def reuse_names(setting: Setting, parts: Mapping[str, Part], where: dict[str, Expr]) -> None:
    """In the forms, and in the cotangents that `where` defines, call by its name what has one.  In place."""
    chain, variables = setting.chain, [setting.variables[name] for name in setting.symbols]
    if setting.complex or len(chain.quantities) > FEW or any(kind_of(v) is not None for v in variables):
        return
    if chain.value.weight < LIGHT:
        _Names(setting, parts, where).put()


@final
class _Names:
    """The names of one problem on their way into its forms."""

    def __init__(self, setting: Setting, parts: Mapping[str, Part], where: dict[str, Expr]) -> None:
        self.setting, self.parts, self.where = setting, parts, where
        chain = setting.chain
        self.leaves = {str(q.params[0]): q for q, _ in chain.quantities}
        self.known: dict[Node, Node] = {}
        """The leaves that say more of a quantity, as that a root is not negative, by those the chain has for them."""
        self.names = Names(setting.taken)
        self.stated: list[Known] = []
        self.steps: set[Node] = set()
        for q, definition in chain.quantities:
            self._state(q, definition)
        value = setting.problem.name
        if value and value not in self.leaves:
            self.leaves[value] = node_of(variable(value, setting.original.shape))
            self._state(self.leaves[value], chain.value)

    def _state(self, q: Node, definition: Node) -> None:
        found = known(str(q.params[0]), substitute(definition, self.known), steps=self.steps)
        self.steps.add(q if found is None else found.leaf)
        if found is not None:
            self.stated.append(found)
            self.known[q] = found.leaf

    def put(self) -> None:
        """Each name where it shortens a formula: those that are stated, then new ones."""
        fresh = self._fresh()
        read = self._read()
        if fresh or self.stated:
            self._written_out(read)
            self._put([[k] for k in reversed(self.stated)] + fresh, read)
        self._put(self._turned(), read)

    def _put(self, groups: list[list[Known]], read: dict[Expr, Node]) -> None:
        """Put names into the forms and into the definitions that are not the problem's; define those that are new."""
        if not groups:
            return
        setting, stated = self.setting, self.setting.problem.quantities
        own = [name for name in self.where if name not in stated]
        forms = {f"{key} {label}": e for key, part in self.parts.items() for label, e in part.exprs.items()}
        forms |= {f"where {name}": self.where[name] for name in own}
        reuse = Reuse(forms, setting.writer, read, [k for group in groups for k in group])
        for group in groups:
            reuse.put(group)
        if not reuse.used:
            return
        written = reuse.written(self.leaves)
        for key, part in self.parts.items():
            part.exprs = {label: written[f"{key} {label}"] for label in part.exprs}
        self.where.update({name: written[f"where {name}"] for name in own})
        for group in groups:
            self._define([k for k in group if k.name in reuse.used and k.name not in self.where])

    def _read(self) -> dict[Expr, Node]:
        """The nodes of the names that stand in the forms."""
        setting = self.setting
        read: dict[Expr, Node] = {}
        for name, symbols in setting.symbols.items():
            shape = setting.variables[name].shape
            for symbol, of, fact in (
                (symbols.increment, shape, "increment"),
                (symbols.direction, shape, "upstream"),
                (symbols.upstream, settle(setting.chain.value.shape), "upstream"),
            ):
                read[variable(symbol, of)] = leaf(symbol, of, (fact,))
        for stand in setting.chain.stands:
            read[setting.writer.write(stand)] = stand
        for q, found in self.known.items():
            read[setting.writer.write(q)] = found
        return read

    def _fresh(self) -> list[list[Known]]:
        """Names for what is normalised in the value, and for the root it is divided by, where they have none."""
        setting = self.setting
        have = {k.definition for k in self.stated}
        found: list[list[Known]] = []
        for whole, root in normalised(setting.chain.value):
            group: list[Known] = []
            for made, letters in ((whole, "zZ"), (root, "sS")):
                if made not in have:
                    have.add(made)
                    wide = not made.column and not made.scalar
                    k = known(self.names.first(letters[wide]), made, setting.writer.cost(made) + 1)
                    if k is not None:
                        group.append(k)
                        self.leaves[k.name] = leaf(k.name, settle(k.definition.shape))
            found.append(group)
        return [group for group in found if group]

    def _turned(self) -> list[list[Known]]:
        """A name for each difference that stands both ways round, a - b and b - a."""
        writer = self.setting.writer
        every = [*self.where.values(), *(e for part in self.parts.values() for e in part.exprs.values())]
        found: list[list[Known]] = []
        for e in both_ways(every, writer):
            name = self.names.first("R" if len(e.shape) == 2 else "r")
            k = known(name, node_of(e, self._read()), writer.count(e) + 1)
            if k is not None:
                self.leaves[name] = leaf(name, settle(k.definition.shape))
                found.append([k])
        return found

    def _define(self, new: list[Known]) -> None:
        """The definitions of new names, each in those after it."""
        back = {k.leaf: self.leaves[k.name] for k in new}
        for at, k in enumerate(new):
            made = substitute(k.definition, {o.core: o.value for o in new[at + 1 :]})
            self.where[k.name] = self.setting.writer.write(substitute(made, back))

    def _written_out(self, read: Mapping[Expr, Node]) -> None:
        """The gradient of the whole formula at once, where its steps cancel: that of a normalisation."""
        setting, chain, writer = self.setting, self.setting.chain, self.setting.writer
        original = node_of(setting.original)
        if len(chain.named) < 2 or original.weight >= LIGHT:
            return
        full: list[Known] = []
        for k in self.stated:
            formula = setting.problem.quantities.get(k.name, setting.problem.value)
            whole = known(k.name, node_of(replace(formula, setting.freed)))
            full += [whole] if whole else []
        for key, part in self.parts.items():
            label = "gradient" if "gradient" in part.exprs else "pullback"
            if label not in part.exprs:
                continue
            stepped = node_of(part.exprs[label], dict(read))
            for stand, total in reversed(chain.stands.items()):
                stepped = substitute(stepped, {stand: substitute(total, self.known)})
            upstream = leaf(setting.symbols[key].upstream, setting.original.shape, ("upstream",))
            up = b.number(1) if label == "gradient" else upstream
            at_once = Chain(original, [], chain.name).pullback(up, node_of(setting.variables[key]), "")
            if max(stepped.weight, at_once.weight) >= LIGHT:
                continue
            long = part.exprs[label]
            for name in reversed(chain.named):
                long = replace(long, {e: self.where[name] for e in postorder(long) if e.params[:1] == (name,)})
            short = [self._with(stepped, self.stated, read), self._with(at_once, full, read)]
            best = min(short, key=writer.count)
            if 4 * writer.count(best) < QUARTERS * writer.count(long):
                part.exprs[label] = best

    def _with(self, node: Node, names: list[Known], read: Mapping[Expr, Node]) -> Expr:
        """The formula of a node with these names in it."""
        writer = self.setting.writer
        reuse = Reuse({"": writer.write(tidy(node, writer))}, writer, read, names)
        for k in reversed(names):
            reuse.put([k])
        return reuse.written(self.leaves)[""]
