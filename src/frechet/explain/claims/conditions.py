"""Where a statement holds: the plainest conditions that tell the points at which it does from those at which not.

The points are drawn to break it; every condition is then tried at fresh ones, inside and outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, final

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.explain.claims.named_regions import BY_WORDS, REGIONS, Region
from frechet.explain.claims.points import Adjust
from frechet.notation.ascii import text
from frechet.ops.leaves import VARIABLE
from frechet.verify.bench import declared_functions
from frechet.verify.defined import Nothing, Watched
from frechet.verify.structure import is_complex

DEFINITE = BY_WORDS["{x} is positive definite"]
"""Of what needs less (symmetry alone) nobody says so much."""
LONG = 24
"""A part with more characters is not spoken of."""
TOGETHER = ("invertible", "positive definite")
"""What is said of several matrices in one breath."""
PARTS = 12
"""How many parts are spoken of, at most."""
LEAST = 4
"""At so many points at least a statement must hold under a condition that is told."""


@final
@dataclass(frozen=True)
class Seen:
    """A point, and whether a statement holds there; None where it says nothing."""

    sizes: Mapping[str, int]
    env: Mapping[str, Any]
    good: bool | None


@final
@dataclass(frozen=True)
class Condition:
    """A region, of what, and how that is called."""

    words: str
    region: Region | None
    expr: Expr | None
    name: str

    def adjust(self, env: dict[str, Any]) -> dict[str, Any]:
        """The point brought inside, where the condition is one on a variable."""
        if self.region is None or self.expr is None or self.expr.op is not VARIABLE:
            return env
        name = str(self.expr.params[0])
        return {**env, name: np.asarray(self.region.inside(np.asarray(env[name])))}


@final
class Judged:
    """Points, and whether each condition holds at each of them."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self.seen = [s for s in seen if s.good is not None]
        self._programs: dict[tuple[Expr, tuple[tuple[str, int], ...]], Watched] = {}
        self._known: dict[Condition, list[bool | None]] = {}

    def truth(self, condition: Condition) -> list[bool | None]:
        """Whether a condition holds, point by point."""
        if condition not in self._known:
            self._known[condition] = [self.at(condition, s) for s in self.seen]
        return self._known[condition]

    def at(self, condition: Condition, s: Seen) -> bool | None:
        """Whether a condition holds at a point."""
        expr, region = condition.expr, condition.region
        if expr is None or region is None:
            return s.sizes[condition.name] > 1
        if expr.op is VARIABLE:
            return region.holds(np.asarray(s.env[str(expr.params[0])]))
        key = expr, tuple(sorted(s.sizes.items()))
        if key not in self._programs:
            self._programs[key] = Watched(expr, s.sizes, declared_functions([expr], {}))
        value = self._programs[key].value(s.env)
        # Of a part without a value others must tell: what is in it.
        return True if isinstance(value, Nothing) else region.holds(np.asarray(value))


def offered(roots: Sequence[Expr]) -> list[Condition]:
    """The conditions that may be told of some formulas: on their variables, then on what operations ask much of.

    >>> from frechet.language import parse
    >>> said = [c.words for c in offered([parse("log(A*x)", {"x": ["n"]}).value])]
    >>> "x > 0" in said, "A has full column rank" in said, "A*x > 0" in said
    (True, True, True)
    """
    nodes = list(postorder(*roots))
    variables = [e for e in nodes if e.op is VARIABLE]
    pairs = [(r, e) for r in REGIONS for e in variables if r.speaks_of(e.shape) and not (is_complex(e) and r.ordered)]
    found = [Condition(_said(r, e, variables), r, e, str(e.params[0])) for r, e in pairs]
    real = not any(map(is_complex, variables))
    parts = [a for e in nodes if real and asks(e) for a in e.args if a.op is not VARIABLE and a.args]
    unsingular = {a for e in nodes for a in inverted(e)}
    for e in list(dict.fromkeys(parts))[:PARTS]:
        name = text(e)
        if len(name) <= LONG and any(n.op is VARIABLE for n in postorder(e)):
            regions = [r for r in PLAIN_FIRST if r.speaks_of(e.shape) and (e not in unsingular or r.kind == "square")]
            found += [Condition(_said(r, e, [e], name), r, e, name) for r in regions]
    sizes = sorted({n for e in nodes for d in (*e.shape, *e.params) if isinstance(d, Dim) for n in d.names})
    return found + [Condition(f"{n} > 1", None, None, n) for n in sizes]


PLAIN_FIRST = sorted(REGIONS, key=lambda r: r.array != "{x} > 0")
"""Of a part that is never zero `> 0` is said, not `has no negative entry`."""


def joined(words: Sequence[str]) -> str:
    """Conditions in one phrase: what is said alike of several is said once.

    >>> joined(["A is invertible", "x > 0", "A + B is invertible"])
    'A and A + B are invertible and x > 0'
    """
    names: dict[str, list[str]] = {}
    for said in words:
        name, found, what = said.partition(" is ")
        names.setdefault(what if found and what in TOGETHER else "", []).append(name if what in TOGETHER else said)
    alone = names.pop("", [])
    told = [
        f"{', '.join(n[:-1])} and {n[-1]} are {what}" if len(n) > 1 else f"{n[0]} is {what}"
        for what, n in names.items()
    ]
    return " and ".join([*told, *alone])


def inverted(e: Expr) -> list[Expr]:
    """The square matrices that an operation inverts: they are invertible or not, however many entries are zero."""
    asked = [a for a, word in zip(e.args, e.op.domain, strict=False) if word == "invertible"]
    if e.op.name == "power":
        asked = [e.args[0]]
    return [a for a in asked if len(a.shape) == 2]


def _said(region: Region, e: Expr, among: Sequence[Expr], name: str = "") -> str:
    name = name or str(e.params[0])
    words = region.said(name, e.shape)
    # Words without a name are clear where there is one matrix.
    nameless = "{x}" not in region.array and sum(region.speaks_of(o.shape) for o in among) > 1
    return f"of {name}, {words}" if nameless else words


def asks(e: Expr) -> bool:
    """Whether an operation has a boundary: it has no value somewhere, or is not smooth there.

    >>> from frechet.language import parse
    >>> [asks(parse(t).value) for t in ("log(a)", "exp(a)", "a^2", "a^b")]
    [True, False, False, True]
    """
    if e.op.facts.boundary:
        return e.op.facts.boundary == "some"
    if e.op.caution or any(word != "any" for word in e.op.domain):
        return True
    if e.op.name not in ("power", "epower"):
        return False
    exponent = e.args[1]
    return exponent.op.name != "number" or exponent.params[0] < 0 or exponent.params[0] % 1 != 0


def varies(e: Expr) -> bool:
    """Whether it is a power whose exponent is no number."""
    return e.op.name in ("power", "epower") and any(n.op is VARIABLE for n in postorder(e.args[1]))


def conditions(
    seen: Sequence[Seen], candidates: Sequence[Condition], fresh: Callable[[Adjust | None], Iterable[Seen]],
    exact: bool = True, most: int = 3,
) -> tuple[Condition, ...]:  # fmt: skip
    """The fewest and plainest conditions that hold where the statement does; none if there are no words for it.

    `fresh` draws points anew, brought inside by an adjustment.  If not `exact` the statement may hold elsewhere too.
    No more than `most` conditions are told.
    """
    judged = Judged(seen)
    good = [k for k, s in enumerate(judged.seen) if s.good]
    bad = [k for k, s in enumerate(judged.seen) if not s.good]
    if len(good) < LEAST or not bad:
        return ()
    usable = [c for c in candidates if any(judged.truth(c)[k] is False for k in bad)]
    if exact:
        usable = [c for c in usable if all(judged.truth(c)[k] is not False for k in good)]
    else:
        usable = [c for c in usable if c.expr is not None and c.expr.op is VARIABLE and c.region is not DEFINITE]
    for count in range(1, most + 1):
        for chosen in _covering(judged, usable, good, bad, count):
            if _confirmed(chosen, fresh, exact):
                return chosen
    return ()


def _covering(
    judged: Judged, usable: Sequence[Condition], good: Sequence[int], bad: Sequence[int], count: int
) -> list[tuple[Condition, ...]]:
    """Sets of so many conditions that leave out all bad points, and no good ones more than they must."""
    found: list[tuple[int, int, tuple[Condition, ...]]] = []
    # What is not known of a condition at a point counts as outside.
    held = {c: np.array([t is True for t in judged.truth(c)]) for c in usable}
    for chosen in combinations(usable, count):
        if len({c.expr for c in chosen}) < count:
            continue
        inside = np.logical_and.reduce([held[c] for c in chosen])
        kept = int(np.count_nonzero(inside[good]))
        if kept >= LEAST and not inside[bad].any():
            found.append((-kept, sum(len(c.name) for c in chosen), chosen))
    return [chosen for *_, chosen in sorted(found, key=lambda told: told[:2])][:6]


def _confirmed(chosen: tuple[Condition, ...], fresh: Callable[[Adjust | None], Iterable[Seen]], exact: bool) -> bool:
    """Whether at fresh points the statement holds inside, and fails somewhere outside."""

    def adjust(env: dict[str, Any]) -> dict[str, Any]:
        for c in chosen:
            env = c.adjust(env)
        return env

    inside = outside = 0
    judged = Judged(())
    for points in (fresh(None), fresh(adjust)):
        for s in points:
            if s.good is None:
                continue
            here = [judged.at(c, s) for c in chosen]
            if all(here):
                if not s.good:
                    return False
                inside += 1
            elif False in here:
                if s.good and exact:
                    return False
                outside += not s.good
    return inside >= LEAST and outside > 0
