"""The search for the nearest right formula: edits of the claim, tried on numbers, bounded by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from typing import Any, final

import numpy as np

from frechet.explain.claims.claim_tree import CHAIN, TOTAL, Term
from frechet.explain.claims.edits import HEAVY, LIGHT, Edit, Kind, Workshop, edits
from frechet.explain.claims.targets import Target
from frechet.ops.expressions import size

SECONDS = 3.0
"""How long the searches for one mend may take, whatever the machine."""
TRIES = 4500
"""How many formulas a search may try: what bounds it as a rule, so that equal questions get equal answers."""
ENOUGH, NEAR = 24, 1.6
"""Matches after which a search ends, and how near they must be to be counted."""
FACTORS = (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2), Fraction(-1, 2), Fraction(4), Fraction(1, 4))
NUMBERS = tuple(float(factor) for factor in FACTORS)
CLOSE = 1e-7


@final
@dataclass(frozen=True)
class Match:
    """A formula that has the value of a reading at the point of the search."""

    term: Term
    target: Target
    changes: tuple[str, ...]
    cost: float


@final
class Search:
    """Looks for edits of a claim whose value is that of a reading."""

    def __init__(
        self, shop: Workshop, aims: Sequence[Target], end: float, tries: int = TRIES
    ) -> None:  # fmt: skip
        self.shop, self.bank = shop, shop.bank
        self.aims: dict[tuple[int, ...], list[Target]] = {}
        for target in aims:
            self.aims.setdefault(target.array.shape, []).append(target)
        self.end, self.tries = end, tries
        self.matches: list[Match] = []
        self.stopped = False
        self.near = 0
        self.tried = 0
        self.seen: set[Term] = set()
        self.floor = min((t.penalty for t in aims), default=0.0)

    def run(self, root: Term) -> list[Match]:
        """The matches, the nearest first."""
        self._try(Edit(root, "", 0.0), ())
        first = self._level(root, LIGHT, (), 0.0)
        if self.matches and self.best() <= self.floor + 1.1:
            return self._sorted()
        first += self._level(root, HEAVY, (), 0.0)
        if self.matches and self.best() <= self.floor + 1.3:
            return self._sorted()
        self._by_terms(root)
        if self.matches and self.best() <= self.floor + 2.0:
            return self._sorted()
        for edit in sorted(first, key=lambda e: e.cost):
            if self._over() or edit.cost + 0.8 + self.floor >= self.best():
                break
            self._level(edit.term, LIGHT, (edit.change,), edit.cost)
        return self._sorted()

    def best(self) -> float:
        """The cost of the nearest match so far."""
        return min((m.cost for m in self.matches), default=9.0)

    def _keep(self, match: Match) -> None:
        self.matches.append(match)
        self.near += match.cost <= self.floor + NEAR

    def _sorted(self) -> list[Match]:
        return sorted(self.matches, key=lambda m: m.cost)

    def _over(self) -> bool:
        if self.tried > self.tries or monotonic() > self.end:
            self.stopped = True
        return self.stopped or self.near >= ENOUGH

    def _level(self, root: Term, kinds: Sequence[Kind], before: tuple[str, ...], cost: float) -> list[Edit]:
        """Every single edit of a term, each tried."""
        made: list[Edit] = []
        for k, edit in enumerate(edits(self.shop, root, kinds)):
            if k % 16 == 0 and self._over():
                break
            if edit.term in self.seen:
                continue
            self.seen.add(edit.term)
            made.append(Edit(edit.term, edit.change, cost + edit.cost))
            self._try(made[-1], before)
        return made

    # -- one candidate -------------------------------------------------------------------------------------------------

    def _try(self, edit: Edit, before: tuple[str, ...]) -> None:
        """Whether a term has the value of a reading, perhaps up to a factor, a transpose, its symmetric part."""
        self.tried += 1
        value = self.bank.evaluate(edit.term)
        if value is None:
            return
        changes = (*before, edit.change) if edit.change else before
        for term, array, change, cost in self._finished(edit.term, value):
            for target in self.aims.get(array.shape, ()):
                for factor, said, more in self._factor(array, target.array):
                    told = tuple(c for c in (*changes, change, said) if c)
                    if not told:
                        continue
                    found = self.scaled(term, factor) if factor != 1 else term
                    self._keep(Match(found, target, told, edit.cost + cost + more + target.penalty))

    def _finished(self, term: Term, value: Any) -> Iterator[tuple[Term, Any, str, float]]:
        yield term, value, "", 0.0
        bank = self.bank
        if value.ndim == 2 and value.shape[0] == value.shape[1]:
            turned = bank.apply("transpose", term)
            yield turned, value.T, "transpose the whole", 1.0
            yield bank.total((term, turned), (1, 1)), value + value.T, f"the term {self.shop.show(turned)}", 1.1
        elif value.ndim:
            turned = bank.apply("transpose", term)
            found = bank.evaluate(turned)
            if found is not None:
                yield turned, found, "transpose the whole", 1.0

    def _factor(self, value: Any, wanted: Any) -> Iterator[tuple[Any, str, float]]:
        """The factor by which a value must be taken to be what is wanted, if it is one that people forget."""
        below = float((value.conj() * value).sum().real)
        if not below:
            if not np.any(wanted):
                yield Fraction(1), "", 0.0
            return
        ratio = complex((value.conj() * wanted).sum()) / below
        scale = float(np.max(np.abs(wanted), initial=0.0))
        if not scale or np.max(np.abs(ratio * value - wanted), initial=0.0) > CLOSE * scale or abs(ratio.imag) > CLOSE:
            return
        c = float(ratio.real)
        if abs(c - 1.0) < CLOSE:
            yield Fraction(1), "", 0.0
        for factor, number in zip(FACTORS, NUMBERS, strict=True):
            if abs(c - number) < CLOSE * abs(c):
                yield factor, _said(factor), 1.0 if abs(factor) == 1 or factor in (2, Fraction(1, 2)) else 1.5
        for d in self.shop.sizes:
            n = d.evaluate(self.bank.place.sizes)
            for sign in (1, -1):
                if n > 1 and d.number is None and abs(c - sign / n) < CLOSE:
                    yield (sign, -1, d), f"the factor {'-' if sign < 0 else ''}1/{d}", 1.3 + (sign < 0) * 0.5
                if n > 1 and d.number is None and abs(c - sign * n) < CLOSE * n:
                    yield (sign, 1, d), f"the factor {'-' if sign < 0 else ''}{d}", 1.4 + (sign < 0) * 0.5

    def scaled(self, term: Term, factor: Any) -> Term:
        """A term times a number (or a size, or its inverse)."""
        bank = self.bank
        if not isinstance(factor, Fraction):
            sign, power, d = factor
            leaf = bank.leaf(size(d))
            term = self.scaled(term, Fraction(sign)) if sign < 0 else term
            return bank.chain((leaf, term)) if power > 0 else bank.apply("divide", term, leaf)
        if factor == 1:
            return term
        if term.op == TOTAL and factor == -1:
            turned = sorted(zip(term.args, (-s for s in term.params), strict=True), key=lambda part: -part[1])
            return bank.total(*zip(*turned, strict=True))
        if term.op == TOTAL and len(term.args) == 1:
            return self.scaled(term.args[0], -factor)
        if term.op == "divide":
            above, below = term.args
            if below.op == CHAIN and below.args[0].value is not None:
                factor, below = factor / below.args[0].value, bank.chain(below.args[1:])
            return bank.apply("divide", self.scaled(above, factor), below)
        if factor == -1 and not (term.op == CHAIN and term.args[0].value is not None):
            return bank.total((term,), (-1,))
        return bank.chain((bank.number(factor), term))

    # -- sums, term by term --------------------------------------------------------------------------------------------

    def _by_terms(self, root: Term) -> None:
        """Edits of several terms of a sum at once: what one lacks the others must make up for."""
        bank, factor, inner = self.bank, 1.0, root
        wrap: Callable[[Term], Term] = _as_it_is
        if root.op == "divide" and root.args[0].op == TOTAL:
            below = bank.evaluate(root.args[1])
            if below is None or below.ndim:
                return
            factor, inner, divisor = float(below), root.args[0], root.args[1]

            def divided(t: Term) -> Term:
                return bank.apply("divide", t, divisor)

            wrap = divided
        elif root.op == CHAIN and root.args[-1].op == TOTAL and len(root.args) == 2:
            first = bank.evaluate(root.args[0])
            if first is None or first.ndim or not first:
                return
            factor, inner, head = 1.0 / float(first), root.args[1], root.args[0]

            def chained(t: Term) -> Term:
                return bank.chain((head, t))

            wrap = chained
        if inner.op != TOTAL or not 2 <= len(inner.args) <= 4:
            return
        for shape, aims in self.aims.items():
            options = [
                self._variants(t, s, shape, len(inner.args)) for t, s in zip(inner.args, inner.params, strict=True)
            ]
            if not all(options) or self._over():
                continue
            random = np.random.default_rng(7).normal(size=shape)
            marks = [np.array([float(np.sum(random * v.real)) for _, _, v, _, _ in o]) for o in options]
            for target in aims:
                wanted = float(np.sum(random * target.array.real)) * factor
                for chosen in _combined(marks, wanted):
                    parts = [o[k] for o, k in zip(options, chosen, strict=True)]
                    total = sum(p[2] for p in parts)
                    scale = max(float(np.max(np.abs(target.array), initial=0.0)), 1e-300)
                    if np.max(np.abs(total / factor - target.array), initial=0.0) > CLOSE * scale:
                        continue
                    said = tuple(p[3] for p in parts if p[3])
                    if said:
                        term = wrap(bank.total([p[0] for p in parts], [p[1] for p in parts]))
                        cost = sum(p[4] for p in parts) + target.penalty
                        self._keep(Match(term, target, said, cost))

    def _variants(
        self, term: Term, sign: int, shape: tuple[int, ...], count: int
    ) -> list[tuple[Term, int, Any, str, float]]:
        """A term of a sum and its edits that have a shape: term, sign, signed value, what was changed, cost."""
        out: list[tuple[Term, int, Any, str, float]] = []
        seen: set[Term] = set()
        most = {2: 700, 3: 220}.get(count, 60)

        def add(made: Iterable[Edit], before: str, cost: float) -> list[Edit]:
            kept: list[Edit] = []
            for edit in made:
                if len(out) >= 6 * most or self._over():
                    break
                if edit.term in seen:
                    continue
                seen.add(edit.term)
                self.tried += 1
                kept.append(Edit(edit.term, edit.change, edit.cost + cost))
                value = self.bank.evaluate(edit.term)
                if value is None or value.shape != shape:
                    continue
                said = ", ".join(p for p in (before, edit.change) if p)
                for factor in (Fraction(1), *FACTORS[:5]):
                    scaled = self.scaled(edit.term, abs(factor))
                    turned = sign if factor > 0 else -sign
                    words = ", ".join(p for p in (said, _said(factor)) if p)
                    more = 0.0 if factor == 1 else 1.0 if factor in FACTORS[:3] else 1.6
                    out.append((scaled, turned, sign * float(factor) * value, words, cost + edit.cost + more))
            return kept

        first = add([Edit(term, "", 0.0)], "", 0.0) + add(edits(self.shop, term, LIGHT), "", 0.0)
        if count == 2:
            add(edits(self.shop, term, HEAVY), "", 0.0)
            for edit in sorted(first[1:], key=lambda e: e.cost)[:40]:
                add(edits(self.shop, edit.term, LIGHT[:8]), edit.change, edit.cost)
        return sorted(out, key=lambda v: v[4])[:most]


def _said(factor: Fraction) -> str:
    if factor == 1:
        return ""
    return "the sign" if factor == -1 else f"the factor {factor}"


def _as_it_is(term: Term) -> Term:
    return term


def _combined(marks: list[Any], wanted: float, most: int = 12) -> Iterator[tuple[int, ...]]:
    """Choices, one of each list, whose marks add up to what is wanted."""
    last = marks[-1]
    order = np.argsort(last)
    ordered = last[order]
    sums = marks[0]
    for other in marks[1:-1]:
        sums = np.add.outer(sums, other)
    need = wanted - sums
    slack = 1e-8 * (abs(wanted) + float(np.max(np.abs(last), initial=0.0)) + 1e-12)
    low, high = ordered.searchsorted(need - slack), ordered.searchsorted(need + slack)
    found = np.argwhere(high > low)
    ranked = sorted(found.tolist(), key=sum)[: 4 * most]
    count = 0
    for at in ranked:
        key = tuple(at)
        for k in order[low[key] : high[key]]:
            yield (*key, int(k))
            count += 1
            if count >= most:
                return
