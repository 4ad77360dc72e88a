"""Where a derivative does not hold: said of the expression, in its own words and those of its operations' records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast, final

from frechet.algebra.definite import definite, invertible, positive
from frechet.algebra.node import Node, depends
from frechet.algebra.node import postorder as nodes_below
from frechet.algebra.plainest import Word, plainest
from frechet.calculus.wirtinger import real_valued
from frechet.core.caution import filled
from frechet.core.expr import Expr, users
from frechet.explain.boundaries import boundaries, demands, derivatives, kept_within
from frechet.explain.derivation.terms import active
from frechet.explain.spelled import Spelled
from frechet.notation.ascii import text
from frechet.notation.naming import written_size
from frechet.ops.normalise import node_of
from frechet.verify.tried import least_sign

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
    "probability": "{entries} must lie between 0 and 1",
    "full column rank": "{x} must have full column rank",
}
"""What is said of a demand where the record has no words of its own for it."""

ZERO = "{where}"
"""A caution with this place in it speaks of points where something is 0: "at x = 0", "where an entry of x is 0"."""


@final
@dataclass(frozen=True)
class Condition:
    """A sentence, and what it speaks of: the expression, and a word of `SAID`, "kink", "formula" or "own".

    Of a kink and the like `about` is the operation, and `part` its argument, or what is left of it to be said.
    """

    said: str
    about: Expr
    word: str
    part: Expr | None = None


def conditions(root: Expr, variables: Collection[Expr], order: int = 1) -> list[str]:
    """What must hold at a point for the derivative of that order by these variables, one sentence each.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> conditions(apply("sum", (apply("relu", (x,)),), (None,)), [x])
    ['where an entry of x is 0, relu has no derivative; the formula takes 0 there (step(0) = 0)']
    """
    return [one.said for one in found(root, variables, order)]


def found(root: Expr, variables: Collection[Expr], order: int = 1) -> list[Condition]:
    """The conditions with what they speak of.

    >>> from frechet.language import parse
    >>> p = parse("log(det(F))+1/norm2(x)")
    >>> [one.said for one in found(p.value, list(p.variables.values()))]
    ['det(F) must be positive', 'at x = 0 the norm has no derivative, and the formula no value']
    """
    finding = _Finding(root, variables, order)
    moving = active(root, variables)
    for e in boundaries(root, _even):
        if e in moving:
            finding.look(e, moving)
    return finding.conditions()[:MOST]


@final
class _Finding:
    """The conditions of one expression: what is demanded of which node, and what is to be said of kinks."""

    def __init__(self, root: Expr, variables: Collection[Expr], order: int) -> None:
        self.root, self.leaves, self.order = root, frozenset(map(node_of, variables)), order
        self.demanded: dict[Node, Condition] = {}
        self.kinks: list[tuple[Node, Condition]] = []
        self.spelled = Spelled(root)
        self.above = users(root)

    def look(self, e: Expr, moving: Collection[Expr]) -> None:
        """What an operation demands of the arguments that move, and what its record says of it."""
        smooth = derivatives(e)
        if smooth:
            if smooth < self.order:
                self._own(e, f"{ZERO} {e.op.name} has no second derivative")
            return
        asked = [(a, word) for a, word in demands(e) if a in moving]
        own = e.op.caution if ZERO not in e.op.caution and e.op.caution not in SAID.values() else ""
        for a, word in asked if not own else ():
            self._demand(e, a, word)
        granted = bool(asked) and all(_granted(a, word) for a, word in asked) and not e.op.outside
        if e.op.caution and not granted and (own or not any(word in SAID for word in e.op.domain)):
            self._own(e, e.op.caution)

    def _demand(self, e: Expr, a: Expr, word: str) -> None:
        for node, plain in plainest(node_of(a), cast("Word", word)):
            if not depends(node, self.leaves):
                continue
            about = self.spelled.of(node, a)
            sign = least_sign(about, self.root) if plain == "positive" and about.args else "negative"
            if sign == "positive":
                continue
            zero = plain in ("nonzero", "apart") and ZERO in e.op.caution
            plain = "nonzero" if sign == "zero" else plain
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
        if formula:
            asked = plainest(node_of(a), "invertible")
            if len(asked) == 1 and asked[0][1] == "invertible" and depends(asked[0][0], self.leaves):
                a = self.spelled.of(asked[0][0], a)
        if ZERO in caution and ";" in caution and not real_valued(node_of(a)):
            caution = caution.partition(";")[0] + ", and the formula no value"  # z/abs(z) is 0/0, sign(x) is not
        word = "formula" if formula else "kink" if ZERO in caution else "own"
        self.kinks.append((node_of(a), Condition(_filled(caution, e, a), e, word, a)))

    def _no_kink(self, e: Expr) -> bool:
        """Whether a kink at 0 is not met: the argument is positive, or used in squares or as a largest entry alone."""
        if positive(node_of(e.args[0])):
            return True
        picked = self.above.get(e, ())
        if picked and all(use.op.facts.picks for use in picked):
            return True
        return e.op.facts.at.get(Fraction(0)) == 0 and _smooth(node_of(e), node_of(self.root))

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


def needed(e: Expr) -> list[str]:
    """What an operation says by itself of its arguments, without regard to what is known of them.

    >>> from frechet.language import parse
    >>> needed(parse("log(x)").value), needed(parse("exp(x)").value)
    (['the entries of x must be positive'], [])
    """
    if e.op.caution and ZERO not in e.op.caution and e.op.facts.boundary != "none":
        return [_filled(e.op.caution, e, e.args[0])]
    return [_filled(SAID[word], e, a) for a, word in demands(e)]


def _filled(caution: str, e: Expr, about: Expr, whole: bool = False) -> str:
    """What is said of an operation, with `about` in place of its first argument."""
    shown = [_shown(a, e) for a in (about, *e.args[1:])]
    return filled(caution, shown, number=not about.shape, whole=whole)


def _shown(a: Expr, e: Expr) -> str:
    return text(a) if written_size(a) <= LONGEST else f"the argument of {e.op.name}"


def _granted(a: Expr, word: str) -> bool:
    """Whether an argument is known to lie where it must, for records that say it in words of their own."""
    node = node_of(a)
    if word == "invertible":
        return definite(node)
    return not plainest(node, cast("Word", word)) or (word == "full column rank" and kept_within(a, word))


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
