"""Which names a formula uses, and as what: values, sizes, indices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from frechet.core.records import facts
from frechet.errors import FrechetError
from frechet.language.calls import pattern_of
from frechet.language.tree import Node, walk
from frechet.language.words import array_places, is_placed


@final
@dataclass
class Usage:
    """Names by use, in order of appearance, each with where it first stands.

    `values` names without a definition above them, `defined` the statements' names, `sizes` names in size
    positions, `indices` names that stand alone in index positions, `bound` those of `sum(k: …)`,
    `exponents` names that stand in an exponent by themselves,
    `picking` names that say which, as the i of `unit(i,n)`: sizes, unless a sum runs over them,
    `entered` names whose entries are taken by letters, with how many, `running` the indices that take every value,
    `fills` the calls of `vector(c)` and `matrix(c)`, `arrays` names that stand, by
    themselves, where a scalar would be odd: transposed, or in `diag(…)`, `norm2(…)`, `sum(…)` and the like.
    `mathematical` says that the text is not literally the formula language.
    """

    values: dict[str, Node] = field(default_factory=dict[str, Node])
    defined: dict[str, Node] = field(default_factory=dict[str, Node])
    sizes: dict[str, Node] = field(default_factory=dict[str, Node])
    indices: dict[str, Node] = field(default_factory=dict[str, Node])
    bound: dict[str, Node] = field(default_factory=dict[str, Node])
    fills: list[Node] = field(default_factory=list[Node])
    arrays: set[str] = field(default_factory=set[str])
    mathematical: bool = False
    exponents: dict[str, Node] = field(default_factory=dict[str, Node])
    entered: dict[str, int] = field(default_factory=dict[str, int])
    running: set[str] = field(default_factory=set[str])
    picking: dict[str, Node] = field(default_factory=dict[str, Node])

    @property
    def names(self) -> frozenset[str]:
        """Every name, whatever its use."""
        return frozenset((*self.values, *self.defined, *self.sizes, *self.indices))


def _names_in(param: Node, into: dict[str, Node]) -> None:
    for node in walk(param):
        if node.kind == "name":
            into.setdefault(str(node.data), node)


def _shifted(param: Node) -> bool:
    """Whether an index is a letter with a number added: t+1."""
    kinds = [a.kind for a in param.args]
    return param.kind == "op" and param.data in ("add", "sub") and kinds == ["name", "number"]


def _parameters(node: Node, usage: Usage) -> None:
    pattern = (pattern_of(str(node.data)) or "") if node.kind == "call" else ""
    indices = node.kind in ("entry", "sum") or pattern == "ii"
    for k, given in enumerate(node.params):
        param = given.args[0] if indices and _shifted(given) and given.args[0].data in usage.running else given
        if pattern[k : k + 1] == "i" and not indices and param.kind == "name":
            usage.picking.setdefault(str(param.data), param)
        elif indices and param.kind == "name":
            usage.indices.setdefault(str(param.data), param)
            if node.kind == "sum":
                usage.bound.setdefault(str(param.data), param)
            if all(p.kind != "colon" for p in node.params):
                usage.running.add(str(param.data))
        elif param.kind != "string":
            _names_in(param, usage.sizes)


def usage_of(statements: list[Node]) -> Usage:
    """The names that the statements use.

    >>> from frechet.language.reader import read
    >>> u = usage_of(read("a = h*W; sum(a) + n*norm2(ones(n))"))
    >>> list(u.values), list(u.defined), list(u.sizes)
    (['h', 'W', 'n'], ['a'], ['n'])
    """
    usage = Usage()
    summed = [n for s in statements for n in (s, *walk(s)) if n.kind == "sum" or (n is s and n.kind == "define")]
    usage.running = {str(p.data) for n in summed for p in n.params if p.kind == "name"}
    for i, statement in enumerate(statements):
        body = statement.args[0] if statement.kind == "define" else statement
        for node in walk(body):
            if node.kind == "name":
                if node.data not in usage.defined:
                    usage.values.setdefault(str(node.data), node)
                continue
            if len(node.args) == 1 and node.args[0].kind == "name" and facts(str(node.data)).of_arrays:
                usage.arrays.add(str(node.args[0].data))
            if is_placed(node):
                usage.arrays.update(str(a.data) for a in array_places(node) if a.kind == "name")
            if node.kind == "op" and node.data == "power" and node.args[1].kind == "name":
                usage.exponents.setdefault(str(node.args[1].data), node.args[1])
            if node.kind == "fill" or (node.kind == "call" and node.data in ("vector", "matrix")):
                usage.fills.append(node)
            if node.params:
                _parameters(node, usage)
            if node.kind == "entry" and node.args[0].kind == "name":
                letters = all(p.kind == "name" or _shifted(p) for p in node.params)
                if letters:
                    usage.entered.setdefault(str(node.args[0].data), len(node.params))
        if statement.kind == "define":
            name = str(statement.data)
            if name in usage.defined:
                raise FrechetError("name", f"{name} is defined twice", statement.start)
            if name in usage.values:
                own = any(n.kind == "name" and n.data == name for n in walk(body))
                what = "in its own definition" if own else "before it is defined"
                raise FrechetError("name", f"{name} is used {what}", usage.values[name].start)
            usage.defined[name] = statement
            for param in statement.params:
                usage.indices.setdefault(str(param.data), param)
                usage.running.add(str(param.data))
        elif i + 1 < len(statements):
            raise FrechetError(
                "syntax",
                "only the last statement may go without a name: write f = … before this one",
                statement.start,
            )
    for name, node in usage.picking.items():
        (usage.indices if name in usage.bound else usage.sizes).setdefault(name, node)
    return usage
