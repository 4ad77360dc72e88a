"""Where a derivative does not hold: said of the expression, in its own words and those of its operations' records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import cast, final

from frechet.algebra import constructors as b
from frechet.algebra.definite import definite, invertible, positive
from frechet.algebra.node import Node, depends
from frechet.algebra.node import postorder as nodes_below
from frechet.algebra.plainest import Word, plainest
from frechet.calculus.wirtinger import real_valued
from frechet.core.caution import filled
from frechet.core.expr import Expr, postorder, users
from frechet.errors import FrechetError
from frechet.explain.boundaries import boundaries
from frechet.explain.derivation.terms import active
from frechet.notation.ascii import text
from frechet.notation.naming import written_size
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of
from frechet.verify.tried import fails_somewhere

LONGEST = 24
"""Arguments of more signs are not written out in a condition."""
MOST = 12
"""Conditions beyond this number are not listed."""

SAID: Mapping[str, str] = {
    "positive": "{entries} must be positive",
    "nonzero": "{no} 0",
    "apart": "{x} must not be 0",
    "invertible": "{x} must be invertible",
    "unit": "{entries} must lie between -1 and 1",
}
"""What is said of a demand where the record has no words of its own for it."""

ZERO = "{where}"
"""A caution with this place in it speaks of points where something is 0: "at x = 0", "where an entry of x is 0"."""


@final
@dataclass(frozen=True)
class Condition:
    """A sentence, and what it speaks of: the expression, and a word of `SAID`, "kink", "formula" or "own"."""

    said: str
    about: Expr
    word: str


def conditions(root: Expr, variables: Collection[Expr]) -> list[str]:
    """What must hold at a point for the derivative by these variables, one sentence each.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> conditions(apply("sum", (apply("relu", (x,)),), (None,)), [x])
    ['where an entry of x is 0, relu has no derivative; the formula takes 0 there (step(0) = 0)']
    """
    return [one.said for one in found(root, variables)]


def found(root: Expr, variables: Collection[Expr]) -> list[Condition]:
    """The conditions with what they speak of.

    >>> from frechet.language import parse
    >>> p = parse("log(det(F))+1/norm2(x)")
    >>> [one.said for one in found(p.value, list(p.variables.values()))]
    ['det(F) must be positive', 'at x = 0 the norm has no derivative, and the formula no value']
    """
    finding = _Finding(root, variables)
    moving = active(root, variables)
    for e in boundaries(root, _even):
        if e in moving:
            finding.look(e, moving)
    return finding.conditions()[:MOST]


@final
class _Finding:
    """The conditions of one expression: what is demanded of which node, and what is to be said of kinks."""

    def __init__(self, root: Expr, variables: Collection[Expr]) -> None:
        self.root, self.leaves = root, frozenset(map(node_of, variables))
        self.demanded: dict[Node, Condition] = {}
        self.kinks: list[tuple[Node, Condition]] = []
        self.above = users(root)
        self.writer = Writer()

    @cached_property
    def typed(self) -> dict[Node, Expr]:
        """The parts of the expression as they were typed, each also with a minus and transposed."""
        found: dict[Node, Expr] = {}
        read: dict[Expr, Node] = {}
        node_of(self.root, read)
        for e in postorder(self.root):
            node = read[e]
            turned = (b.T(node), b.neg(b.T(node))) if len(node.shape) <= 2 else ()
            for same in (node, b.neg(node), *turned) if e.args else (node,):
                found.setdefault(same, e)
        return found

    def look(self, e: Expr, moving: Collection[Expr]) -> None:
        """What an operation demands of the arguments that move, and what its record says of it."""
        demands = [(a, word) for a, word in _demands(e) if a in moving]
        own = e.op.caution if ZERO not in e.op.caution and e.op.caution not in SAID.values() else ""
        for a, word in demands if not own else ():
            self._demand(e, a, word)
        granted = bool(demands) and all(_granted(a, word) for a, word in demands) and not e.op.outside
        if e.op.caution and not granted and (own or not any(word in SAID for word in e.op.domain)):
            self._own(e, e.op.caution)

    def _demand(self, e: Expr, a: Expr, word: str) -> None:
        parts = plainest(node_of(a), cast("Word", word)) if word != "unit" else ((node_of(a), "unit"),)
        for node, plain in parts:
            if not depends(node, self.leaves):
                continue
            about = self._written(node, a)
            if plain == "positive" and about.args and not fails_somewhere(about, self.root):
                continue
            zero = plain in ("nonzero", "apart") and ZERO in e.op.caution
            said = _filled(e.op.caution if zero else SAID[plain], e, about, whole=plain == "apart")
            known = self.demanded.get(node)
            if known is None or (plain == "positive" and known.word != "positive"):
                self.demanded[node] = Condition(said, about, plain)

    def _own(self, e: Expr, caution: str) -> None:
        """What a record says of its operation: of a kink, or of the formula that is given."""
        formula = e.op.facts.boundary == "none"
        if formula and invertible(node_of(e.args[0])):
            return
        if ZERO in caution and self._no_kink(e):
            return
        a = e.args[0]
        if ZERO in caution and ";" in caution and not real_valued(node_of(a)):
            caution = caution.partition(";")[0] + ", and the formula no value"  # z/abs(z) is 0/0, sign(x) is not
        word = "formula" if formula else "kink" if ZERO in caution else "own"
        self.kinks.append((node_of(a), Condition(_filled(caution, e, a), e, word)))

    def _no_kink(self, e: Expr) -> bool:
        """Whether a kink at 0 is not met: the argument is positive, or used in squares or as a largest entry alone."""
        if positive(node_of(e.args[0])):
            return True
        picked = self.above.get(e, ())
        if picked and all(use.op.facts.picks for use in picked):
            return True
        return e.op.facts.at.get(Fraction(0)) == 0 and _smooth(node_of(e), node_of(self.root))

    def _written(self, node: Node, a: Expr) -> Expr:
        """A part as it was typed; else as it is written here."""
        if node in self.typed:
            return self.typed[node]
        try:
            return self.writer.write(tidy(node, self.writer))
        except FrechetError:
            return a

    def conditions(self) -> list[Condition]:
        """All of them; where the whole has no value, nothing is offered of its inner parts."""
        demanded = set(self.demanded)
        told = list(self.demanded.values())
        for node, one in self.kinks:
            part = node_of(one.about)
            if one.word != "own" and (part in demanded or self._settled(node, one.word)):
                continue
            told.append(one)
        return list({one.said: one for one in told}.values())

    def _settled(self, node: Node, word: str) -> bool:
        """Whether a demand leaves out the points at which the argument of a kink is 0, or is singular."""
        asked = plainest(node, "invertible" if word == "formula" else "nonzero")
        return bool(asked) and all(part in self.demanded for part, _ in asked)


def _demands(e: Expr) -> Iterator[tuple[Expr, str]]:
    """Where the arguments of an operation must lie: its record's domain; a power's base, as its exponent has it."""
    for a, domain in zip(e.args, e.op.domain, strict=False):
        if domain in SAID:
            # A norm has a derivative where one entry is 0, a quotient of entries has not.
            yield a, "apart" if domain == "nonzero" and a.shape and not e.op.elementwise else domain
    if e.op.name in ("power", "epower"):
        base, exponent = e.args
        k = exponent.params[0] if exponent.op.name == "number" else None
        matrix = e.op.name == "power" and len(base.shape) == 2
        if k is None or (k % 1 and k < 1):
            if not matrix:
                yield base, "positive"
        elif k < 0:
            yield base, "invertible" if matrix else "nonzero"


def _filled(caution: str, e: Expr, about: Expr, whole: bool = False) -> str:
    """What is said of an operation, with `about` in place of its first argument."""
    shown = [_shown(a, e) for a in (about, *e.args[1:])]
    return filled(caution, shown, number=not about.shape, whole=whole)


def _shown(a: Expr, e: Expr) -> str:
    return text(a) if written_size(a) <= LONGEST else f"the argument of {e.op.name}"


def _granted(a: Expr, word: str) -> bool:
    """Whether an argument is known to lie where it must, for records that say it in words of their own."""
    node = node_of(a)
    return definite(node) if word == "invertible" else word == "positive" and positive(node)


def _even(use: Expr) -> bool:
    """Whether it is an even power: ‖x‖² is smooth."""
    return use.op.name == "power" and use.args[1].op.name == "number" and use.args[1].params[0] % 2 == 0


def _smooth(kink: Node, root: Node) -> bool:
    """Whether a function with a kink at 0, and 0 there, stands in squares alone: relu(x)'*relu(x) is smooth.

    The modulus of a number is a root, of which a square leaves nothing: abs(z)^2 is z*conj(z).
    """
    if kink.kind != "apply":
        roots = {base for base, e in kink.terms if e.denominator > 1}
        left = [e for node in nodes_below([root]) for base, e in node.terms if base in roots]
        return bool(roots) and all(e.denominator == 1 or e > 1 for e in left)
    turned = {kink}
    used = False
    for node in nodes_below([root]):
        if node.kind == "transpose" and node.args[0] is kink:
            turned.add(node)
    for node in nodes_below([root]):
        if node in turned or turned.isdisjoint((*node.args, *node.chain, *(t for t, _ in node.terms))):
            continue
        used = True
        square = node.kind == "ring" and len(node.chain) == 2 and turned.issuperset(node.chain)
        powers = [e for t, e in node.terms if t in turned]
        raised = node.kind in ("product", "hadamard") and not turned & set(node.chain) and min(powers, default=0) > 1
        if not (square or raised):
            return False
    return used or kink not in nodes_below([root])
