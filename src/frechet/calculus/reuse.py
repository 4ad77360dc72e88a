"""What the forward pass has computed is used by name: z and s, where a derivative is made of (x - mean(x))/s again.

A definition is solved for its heaviest part: z = r/s says that r is s*z, and s = sqrt(c) that c is s^2.  Where that
part stands in a formula and the formula gets shorter by it, the name stands there instead: r*(r'*G)/s^2 becomes
z*(z'*G).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, variable
from frechet.algebra.constructors.products import unturned
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.definite import positive
from frechet.algebra.node import CAP, Node, contains, postorder
from frechet.core.dim import settle
from frechet.core.expr import Expr
from frechet.core.expr import postorder as parts_of
from frechet.errors import FrechetError
from frechet.notation.naming import indexed
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import apply
from frechet.ops.normalise import node_of

LIGHT = CAP
"""Heavier formulas are left as they are: nobody reads them whole."""
LONG = 6
"""A difference of so many signs is not written both ways round in one answer."""


@final
@dataclass(frozen=True)
class Known:
    """A name for what has been computed: wherever `core` stands, `value` may, which is written with the name.

    price   the signs that its definition costs, 0 where the problem itself states it
    """

    name: str
    leaf: Node
    definition: Node
    core: Node
    value: Node
    price: int = 0


def known(name: str, definition: Node, price: int = 0, steps: Collection[Node] = ()) -> Known | None:
    """The definition solved for its heaviest part, or for one of the `steps` before it; None where there is none.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> solved = known("z", node_of(parse("(x-m)/s", {"x": ["n"], "m": [], "s": []}).value))
    >>> text(Writer().write(solved.core)), text(Writer().write(solved.value))
    ('x - m', 's*z')
    """
    leaf = variable(name, settle(definition.shape), ("positive",) if _positive(definition) else ())
    found = _solved(definition, leaf, steps)
    return Known(name, leaf, definition, *found, price) if found else None


def _positive(definition: Node) -> bool:
    """Whether no entry is negative; a root is taken where it is real."""
    coef, scalars, chain = b.parts(definition)
    factors = [*scalars, *(t for f in chain for t in (f.terms if f.kind == "hadamard" else ((f, U),)))]
    return coef > 0 and all(e.denominator % 2 == 0 or b.nonnegative(x) for x, e in factors)


def _may_vanish(factor: Node, exponent: Fraction) -> bool:
    """Whether a factor may be zero, entry by entry, where the definition has a value: nothing is divided by it."""
    if factor.kind == "hadamard":
        return any(_may_vanish(f, e * exponent) for f, e in factor.terms)
    return exponent > 0 and not positive(factor)


def _solved(definition: Node, leaf: Node, steps: Collection[Node]) -> tuple[Node, Node] | None:
    if definition.complex:
        return None
    coef, scalars, chain = b.parts(definition)
    if coef == 0:
        return None
    if not chain:
        heavy = [(s, e) for s, e in scalars if s.args or s in steps]
        if len(heavy) != 1:
            return None
        core, e = heavy[0]
        if (1 / e).denominator != 1:
            return None  # nobody writes sqrt(L) for the norm in L = norm2(z)^4
        others = [(s, k) for s, k in scalars if s is not core]
        if any(_may_vanish(s, k) for s, k in others):
            return None
        rest = b.mul(b.number(coef), *(b.power(s, k) for s, k in others))
        return _primitive(core, b.power(b.mul(leaf, b.power(rest, -1)), 1 / e))
    heavy = [k for k, f in enumerate(chain) if f.kind != "diag" and (unturned(f).args or unturned(f) in steps)]
    scaled = [f.args[0] for f in chain if f.kind == "diag"]
    vanishing = any(_may_vanish(*one) for one in [*scalars, *((f, U) for f in scaled)])
    if len(heavy) != 1 or vanishing or any(f.kind != "diag" for k, f in enumerate(chain) if k != heavy[0]):
        return b.scale(1 / coef, definition), b.scale(1 / coef, leaf)
    at = heavy[0]
    scale = b.power(b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars)), -1)
    undone = [b.diag(b.hadamard([(f.args[0], -U)])) if f.kind == "diag" else f for f in chain]
    value = b.mul(scale, *reversed(undone[:at]), leaf, *reversed(undone[at + 1 :]))
    core = chain[at]
    if core.kind == "hadamard" and len(core.terms) == 1 and not core.row:  # s = sqrt(v), entry by entry
        base, e = core.terms[0]
        return _primitive(base, b.hadamard([(value, 1 / e)]))
    if core.kind == "transpose":
        core, value = core.args[0], b.T(value)
    return core, value


def _primitive(core: Node, value: Node) -> tuple[Node, Node]:
    """A multiple of a sum under a root, s = sqrt(c*S): elsewhere the sum itself stands, S = s^2/c."""
    coef, scalars, chain = b.parts(core)
    if coef == 1 or len(scalars) + len(chain) != 1:
        return core, value
    return b.scale(1 / coef, core), b.scale(1 / coef, value)


def normalised(value: Node) -> Iterator[tuple[Node, Node]]:
    """What a value is made of that is divided by a root of its own: (x - mean(x))/s, with that root, s."""
    for x in postorder([value]):
        if x.kind != "product" or not x.chain or x.weight >= LIGHT:
            continue
        body = _difference(x.chain)
        if body is not None:
            forward = b.neg(body) if x.coef < 0 else body  # x - mean(x), whichever way round it is kept
            for s, e in x.terms:
                if e == -HALF and contains(s, body):
                    yield b.mul(b.power(s, e), forward), b.power(s, -e)
            for f in x.chain:
                scaling = f.args[0] if f.kind == "diag" and f.args[0].kind == "hadamard" else f
                for base, e in scaling.terms if scaling is not f else ():
                    if e == -HALF and contains(base, body):
                        down, root = b.diag(b.hadamard([(base, e)])), b.hadamard([(base, -e)])
                        yield (b.mul(down, forward) if down.cols == body.rows else b.mul(forward, down)), root


def _difference(chain: Sequence[Node]) -> Node | None:
    """The one sum in a chain that is scaled only, by diagonal matrices or entry by entry; x - a needs no name."""
    bodies = [f for f in chain if f.kind != "diag"]
    factors = bodies[0].terms if len(bodies) == 1 and bodies[0].kind == "hadamard" else ((f, U) for f in bodies)
    found = [f for f, e in factors if e == 1 and f.kind == "sum" and any(t.args for t, _ in f.terms)]
    return found[0] if len(bodies) == len(found) == 1 else None


def both_ways(forms: Iterable[Expr], writer: Writer) -> list[Expr]:
    """The differences that are written a - b in one place and b - a in another, as the first place has them.

    (x - m and m - x side by side are what people write: nobody looks for the one in the other.)
    """
    plain = [e for e in forms if _matrix(e)]
    found = dict.fromkeys(e for e in parts_of(*plain) if e.op.name == "sub" and e.shape and writer.count(e) >= LONG)
    pairs: list[Expr] = []
    for e in found:
        turned = apply("sub", e.args[::-1])
        if turned in found and turned not in pairs:
            pairs.append(e)
    return pairs


@final
class Reuse:
    """Formulas in which names are put for what is known, each where it makes the formula shorter.

    `leaves` are the nodes of the names in them: that a name is an increment, or positive, is not seen in a formula.
    `names` are all that may be put; the part that one of them is solved for stays whole where it holds another's.
    """

    def __init__(
        self, forms: Mapping[str, Expr], writer: Writer, leaves: Mapping[Expr, Node], names: Sequence[Known]
    ) -> None:
        self.writer, self.forms, self.names = writer, dict(forms), names
        self.cores = {k.core: dict.fromkeys((k.core, tidy(k.core, writer))) for k in names}
        """The parts that names are solved for, each as it is and as a formula has it that was tidied."""
        self.spelled = [core for cores in self.cores.values() for core in cores]
        self.nodes: dict[str, Node] = {}
        self.costs: dict[str, int] = {}
        self.used: dict[str, Known] = {}
        read = dict(leaves)
        for label, e in forms.items():
            node = read_matrix(e, read)
            if node is not None:
                self.nodes[label], self.costs[label] = node, writer.count(e)

    def put(self, names: Sequence[Known]) -> None:
        """Put these names where their parts stand, in this order, if that is worth what their definitions cost."""
        nodes, costs = dict(self.nodes), dict(self.costs)
        helped: dict[str, Known] = {}
        for at, k in enumerate(names):
            rest = {core: o.value for o in names[at + 1 :] for core in self.cores[o.core]}
            whole = {core: core for core in self.spelled if any(contains(core, c) for c in self.cores[k.core])}
            value = substitute(k.value, rest)
            together = {**whole, **dict.fromkeys(self.cores[k.core], value), **rest}
            for label, node in nodes.items():
                if not any(contains(node, core) for core in self.cores[k.core]):
                    continue
                made = tidy(substitute(node, together), self.writer)
                cost = self.writer.cost(made)
                if cost < costs[label]:
                    nodes[label], costs[label] = made, cost
                    helped.update({o.name: o for o in names[at:] if contains(made, o.leaf)})
        gain = sum(self.costs[label] - costs[label] for label in costs)
        if helped and gain > sum(k.price for k in helped.values()):
            self.nodes, self.costs = nodes, costs
            self.used.update(helped)

    def written(self, leaves: Mapping[str, Node]) -> dict[str, Expr]:
        """The formulas; names that were put are written as these leaves, by which the problem knows them."""
        back = {k.leaf: leaves[k.name] for k in self.names if k.name in leaves}
        out = dict(self.forms)
        for label, node in self.nodes.items():
            if self.costs[label] < self.writer.count(self.forms[label]):
                out[label] = self.writer.write(substitute(node, back))
        return out


def _matrix(e: Expr) -> bool:
    """Whether a formula is one of whole arrays: nothing in index form, no contraction of matrices."""
    parts = list(parts_of(e))
    tensors = any(len(x.shape) > 2 for x in parts if not x.args)
    return not any(indexed(x) or (x.op.name == "einsum" and not tensors) for x in parts)


def read_matrix(e: Expr, read: dict[Expr, Node]) -> Node | None:
    """The node of a formula that is a matrix; None of one in index form, of a contraction, of a heavy one."""
    if not _matrix(e):
        return None
    try:
        node = node_of(e, read)
    except FrechetError:
        return None
    return node if node.weight < LIGHT and not node.complex else None
