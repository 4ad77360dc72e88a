"""Put the names of a problem, and of what is normalised in it, where its derivative computes the same again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.node import Node
from frechet.algebra.node import postorder as postorder_nodes
from frechet.calculus.adjoint import cotangents
from frechet.calculus.arrays import inner
from frechet.calculus.differential import differential
from frechet.calculus.forms import Forms, Reader
from frechet.calculus.passages import Steps, passages
from frechet.calculus.reuse import LIGHT, Known, Reuse, both_ways, known, normalised
from frechet.calculus.structure import kind_of
from frechet.calculus.sweep import FEW
from frechet.core.dim import settle
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.library.parts import used_names
from frechet.notation.naming import Names
from frechet.notation.tidy import tidy
from frechet.ops.expressions import variable
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
        self.names = Names(setting.taken.union(*(part.indices for part in parts.values())))
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
            self._at_once(read)
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
        """The nodes of the names that stand in the forms, of quantities those that say more of them."""
        read = self.setting.symbol_nodes()
        for q, found in self.known.items():
            read[self.setting.writer.write(q)] = found
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
            name = self.names.first("R" if len(e.shape) > 1 else "r")
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

    def _at_once(self, read: dict[Expr, Node]) -> None:
        """The cotangent of a quantity by the step in which all its ways meet, where the steps between cancel."""
        setting, chain = self.setting, self.setting.chain
        if not chain.named:
            return
        steps = [(self.known.get(q, q), substitute(d, self.known)) for q, d in chain.quantities]
        steps.append((leaf(chain.name, chain.shape), substitute(chain.value, self.known)))
        replaced: dict[Expr, Expr] = {}
        for at in range(len(steps) - 2, -1, -1):
            name = str(steps[at][0].params[0])
            for cotangent in [n for n in chain.named if chain.ascribed[n] == name]:
                found = self._shorter(steps, steps[at][0], self.where[cotangent], read)
                if found is not None:
                    replaced[self.where[cotangent]] = found
                    self.where[cotangent] = found
        for key, part in self.parts.items():
            label = "gradient" if "gradient" in part.exprs else "pullback"
            x = node_of(setting.variables[key])
            old = part.exprs.get(label)
            found = replaced.get(old) or self._shorter(steps, x, old, read) if old is not None else None
            if found is not None:
                part.exprs[label] = found
                if label == "gradient":
                    self._arranged(part, x, found)
                self._forward(key, part, x, read)

    def _shorter(self, steps: Steps, x: Node, old: Expr, read: dict[Expr, Node]) -> Expr | None:
        """The cotangent of x through several steps at once, if that is much shorter than through each of them."""
        made = [self._through(steps, x, end, between, old, read) for end, between in passages(steps, x)]
        return min((e for e in made if e is not None and self._can_be_said(e)), key=self._price, default=None)

    def _can_be_said(self, e: Expr) -> bool:
        """Whether a formula has no value in it that the statements gave no name."""
        if self.setting.problem.name:
            return True
        stand = self.setting.chain.name
        return stand in self.setting.variables or all(
            n.op.name != "variable" or n.params[0] != stand for n in postorder(e)
        )

    def _price(self, e: Expr) -> int:
        """The signs of a formula and of the cotangents it is told with."""
        steps = {name: self.where[name] for name in self.setting.chain.named}
        return sum(map(self.setting.writer.count, [e, *(steps[name] for name in used_names([e], steps))]))

    def _through(
        self, steps: Steps, x: Node, end: int, between: list[int], old: Expr, read: dict[Expr, Node]
    ) -> Expr | None:
        """The same, through the steps between x and one in which all its ways meet."""
        chain, writer = self.setting.chain, self.setting.writer
        inside: dict[Node, Node] = {}
        for i in between:
            inside[steps[i][0]] = substitute(steps[i][1], inside)
        whole = substitute(steps[end][1], inside)
        upstream = self._upstream(steps, end)
        if upstream is None or max(whole.weight, *(d.weight for d in inside.values())) >= LIGHT:
            return None
        at_once = cotangents(whole, upstream, [x]).get(x)
        if at_once is None or at_once.weight >= LIGHT:
            return None
        passed = {steps[i][0].params[0] for i in between}
        mine = {n: self.where[n] for n in chain.named if chain.ascribed[n] in passed}
        long, stepped = old, node_of(old, dict(read))
        for cotangent in reversed(mine):
            long = replace(long, {e: mine[cotangent] for e in postorder(long) if e.params[:1] == (cotangent,)})
            total = node_of(mine[cotangent], dict(read))
            stepped = substitute(
                stepped, {y: total for y in postorder_nodes([stepped]) if y.params[:1] == (cotangent,)}
            )
        if stepped.weight >= LIGHT:
            return None
        full = [known(str(q.params[0]), d, steps=self.steps) for q, d in [*inside.items(), (steps[end][0], whole)]]
        short = [self._with(stepped, self.stated, read), self._with(at_once, [k for k in full if k], read)]
        best = min(short, key=writer.count)
        return best if 4 * writer.count(best) < QUARTERS * writer.count(long) else None

    def _upstream(self, steps: Steps, end: int) -> Node | None:
        """The cotangent of a step: G or 1 for the value, else the name that it has."""
        chain = self.setting.chain
        if end == len(steps) - 1:
            symbols = next(iter(self.setting.symbols.values()))
            return b.number(1) if chain.value.scalar else leaf(symbols.upstream, chain.shape, ("upstream",))
        name = steps[end][0].params[0]
        return next((s for s in chain.stands if chain.ascribed[str(s.params[0])] == name), None)

    def _arranged(self, part: Part, x: Node, gradient: Expr) -> None:
        """The forms that are a gradient in another arrangement, made again."""
        setting, writer = self.setting, self.setting.writer
        node = node_of(gradient, self.setting.symbol_nodes())
        forms = Forms()
        Reader(setting.chain, writer, setting.taken).row_forms(forms, x, node)
        upstream = leaf(next(iter(setting.symbols.values())).upstream, ())
        forms.pullback = writer.write(b.mul(upstream, node))
        if x.scalar:
            forms.derivative = gradient
        increment = leaf(setting.symbols[part.key].increment, settle(x.shape), ("increment",))
        paired = writer.write(tidy(inner(node, increment), writer))
        forms.differential = min((part.exprs.get("differential", paired), paired), key=self._price)
        part.exprs.update(type(part).of(part.key, forms).exprs)
        part.wrt_indices = forms.wrt_indices

    def _forward(self, key: str, part: Part, x: Node, read: dict[Expr, Node]) -> None:
        """The differential of the whole at once, if that is shorter too."""
        old, value = part.exprs.get("differential"), node_of(self.setting.original)
        if old is None or value.weight >= LIGHT:
            return
        increment = leaf(self.setting.symbols[key].increment, settle(x.shape), ("increment",))
        moved = differential(value, {x: increment})
        if moved.weight >= LIGHT:
            return
        full = [self._full(k.name) for k in self.stated]
        new = self._with(moved, [k for k in full if k], read)
        if self.setting.writer.count(new) < self.setting.writer.count(
            self._with(node_of(old, read), self.stated, read)
        ):
            part.exprs["differential"] = new

    def _full(self, name: str) -> Known | None:
        """A quantity by its whole formula, solved for what it is made of."""
        problem = self.setting.problem
        formula = problem.quantities.get(name, problem.value)
        return known(name, node_of(replace(formula, self.setting.freed)), steps=self.steps)

    def _with(self, node: Node, names: list[Known], read: Mapping[Expr, Node]) -> Expr:
        """The formula of a node with these names in it."""
        writer = self.setting.writer
        reuse = Reuse({"": writer.write(tidy(node, writer))}, writer, read, names)
        for k in reversed(names):
            reuse.put([k])
        return reuse.written(self.leaves)[""]
