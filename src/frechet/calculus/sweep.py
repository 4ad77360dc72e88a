"""A value with the quantities it was built from, differentiated as a textbook does it: one named step at a time.

``a = h*W; y = sigma(a); L = …``: each quantity is a leaf with a definition.  The differential passes through the
definitions forward; the cotangents come back through them, and each is given a name of its own (∂L/∂a) when it is
more than a few signs long.  Without statements there is nothing to pass through and this is the plain sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import is_zero, variable
from frechet.algebra.constructors.products import unturned
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.expand import expand
from frechet.algebra.node import CAP, Node, contains, depends
from frechet.calculus.adjoint import cotangents, tangent_leaf
from frechet.calculus.differential import differential, zero_like
from frechet.core.dim import Shape, settle
from frechet.core.expr import Expr
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of

FEW = 24
"""In a chain of more quantities each cotangent has its name, without a look at what it would be written out."""
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
        self.stands: dict[Node, Node] = {}  # the same, by the leaves that stand for them
        self.ascribed: dict[str, str] = {}  # whose cotangent each is: name → quantity
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
            d = by_name(differential(definition, self._felt(definition, moves)), q, definition)
            if d is not zero_like(definition):
                moves[q] = d
                if _has_conjugate(q):
                    moves[b.conj(q)] = b.conj(d)
        return differential(self.value, self._felt(self.value, moves))

    def _felt(self, definition: Node, moves: Mapping[Node, Node]) -> Mapping[Node, Node]:
        """The moves without those of quantities that a definition does not feel: the mean, of a variance."""
        if len(self.quantities) > FEW or len(moves) < 2:
            return moves
        mine = [q for q, _ in self.quantities if q in moves and contains(definition, q)]
        still = {q for q in mine if self.vanishes(differential(definition, {q: tangent_leaf(q, "")}))}
        return {q: d for q, d in moves.items() if q not in still}

    def vanishes(self, x: Node) -> bool:
        """Whether x is zero once the quantities are what they stand for, as sum(x - m) is for m = mean(x)."""
        if len(self.quantities) > FEW or x.weight >= CAP // 8:
            return False
        for q, definition in [*reversed(self.stands.items()), *reversed(self.quantities)]:
            x = substitute(x, {q: definition})
            if is_zero(x):
                return True
            if x.weight >= CAP // 8:
                return False
        flat = expand([(x, Fraction(1))])
        return flat is not None and not flat

    def pullback(self, upstream: Node, x: Node, prefix: str) -> Node:
        """The cotangent of x; those of quantities on the way are named <prefix><quantity> if they are long."""
        return self.pullbacks(upstream, (x,), prefix)[x]

    def pullbacks(self, upstream: Node, targets: tuple[Node, ...], prefix: str) -> dict[Node, Node]:
        """The cotangents of several leaves, Z and conj(Z) say; the conjugate of a quantity is one beside it."""
        quantities: list[tuple[Node, Node]] = []
        for q, definition in self.quantities:
            if _has_conjugate(q):
                quantities.append((b.conj(q), b.conj(definition)))
            quantities.append((q, definition))
        relevant: set[Node] = set(targets)
        for q, definition in quantities:
            if depends(definition, frozenset(relevant)):
                relevant.add(q)
        mine = {q for q, _ in quantities}
        names: dict[Node, Node] = {}
        arrived: dict[Node, list[Node]] = {}

        def spread(root: Node, g: Node, name: Node) -> None:
            for y, c in cotangents(root, g, relevant).items():
                if y in relevant and y is not root and not (y in mine and self.vanishes(c)):
                    arrived.setdefault(y, []).append(by_name(c, name, root))

        if self.value in relevant:
            arrived[self.value] = [upstream]
        else:
            spread(self.value, upstream, self.value)
        for q, definition in reversed(quantities):
            if q not in arrived or q in targets:
                continue
            total = b.add([(c, 1) for c in arrived[q]])
            if total in names:
                total = names[total]
            elif (
                total.weight > SHORT
                and prefix
                and q.kind != "conj"
                and not (len(quantities) <= FEW and _cancels(definition, total, q, relevant))
            ):
                whole, total = total, self._name(f"{prefix}{q.params[0]}", total, str(q.params[0]))
                names[b.conj(whole)] = b.conj(total)
            if definition in relevant:
                arrived.setdefault(definition, []).append(total)
            else:
                spread(definition, total, q)
        totals = {x: b.add([(c, 1) for c in arrived[x]]) if x in arrived else zero_like(x) for x in targets}
        return {x: self.stands.get(total, total) for x, total in totals.items()}

    def _name(self, name: str, total: Node, quantity: str) -> Node:
        while name in self.taken and self.named.get(name) is not total:
            name += "_"
        self.named[name], self.ascribed[name] = total, quantity
        leaf = variable(name, settle(total.shape), (*facts(total), "upstream"))
        self.stands[leaf] = total
        return leaf


def _cancels(definition: Node, total: Node, q: Node, relevant: set[Node]) -> bool:
    """Whether a cotangent goes on through a function shorter than its name would: (P - Y)/m for P = softmax(S).

    Then nobody names it: ∂L/∂S is said at once.
    """
    core = unturned(definition)
    if core.kind != "apply" or total.weight >= CAP // 8:
        return False
    writer = Writer()
    stand = variable("", settle(total.shape), ("upstream",))
    lengths: list[int] = []
    for upstream in (total, stand):
        found = cotangents(definition, upstream, relevant)
        made = [tidy(by_name(c, q, definition), writer) for y, c in found.items() if y in relevant]
        lengths.append(sum(writer.cost(c) for c in made))
    return lengths[0] <= lengths[1]


def by_name(x: Node, q: Node, definition: Node) -> Node:
    """x with the quantity q in place of its definition, a function of something: y.*(1-y) for y = sigmoid(a).

    (A derivative that weighs too much to be read is left as it is: looking through it costs its size at every step.)
    """
    core, name = (definition.args[0], b.T(q)) if definition.kind == "transpose" else (definition, q)
    if core.kind != "apply" or core is name or x.weight >= CAP:
        return x
    return substitute(x, {core: name})


def facts(x: Node) -> list[str]:
    """What is known of a node and is to be assumed of the variable that stands for it.

    >>> from frechet.ops.expressions import variable as leaf
    >>> X = node_of(leaf("X", ("n", "n"), ["complex"]))
    >>> facts(b.mul(b.herm(X), X)), facts(b.mul(b.T(X), X)), facts(X)
    (['hermitian'], ['complex', 'symmetric'], ['complex'])
    """
    known: list[str] = []
    if x.complex and b.conj(x) is not x:
        known.append("hermitian" if not x.scalar and len(x.shape) <= 2 and b.herm(x) is x else "complex")
    if len(x.shape) == 2 and not x.scalar and b.T(x) is x:
        known.append("symmetric")
    return known


def _has_conjugate(q: Node) -> bool:
    """Whether the conjugate of a leaf is a leaf beside it."""
    return q.complex and b.conj(q).kind == "conj"
