"""Give names to what stands in a formula more than once, and to steps of a formula too long for one line.

Formulas are trees with shared parts.  A part is named where that makes the whole shorter: written k times with s
signs it costs k·s, named s + k.  A formula of more than `LINE` signs is cut into steps.  Named parts come in an order
in which they can be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import final

from frechet.core.dim import ONE, Shape
from frechet.core.expr import Expr, make, postorder
from frechet.core.op import Op
from frechet.core.rewrite import replace
from frechet.notation.occurrences import Occurrences, occurrences, repeats
from frechet.ops.expressions import variable

GAIN = 3
"""A name must save this many signs (one is enough for a function, which reads better by name)."""
SMALL = 5
"""Parts with fewer signs are not named, unless they are a function of something."""
MANY = 3
"""What the problem itself computes has a name, however short, where it stands more often than this."""
LINE = 160
"""Longer formulas are cut into steps."""
STEP = 40
"""About how long a step is."""
SHORT = 12
"""About how long a step of an expression is."""
PAGE = 1500
"""A formula of more signs is not written in one line."""
BOUND = frozenset({"at", "delta", "isum"})


@final
class Named:
    """Formulas with names put in, and what the names mean, in order."""

    def __init__(self, forms: dict[str, Expr], where: dict[str, Expr]) -> None:
        self.forms, self.where = forms, where


def name_parts(
    forms: Mapping[str, Expr],
    where: Mapping[str, Expr],
    taken: frozenset[str],
    aside: Collection[str] = (),
    known: Collection[Expr] = (),
    fresh: Collection[str] = (),
) -> Named:
    """Name the repeated and the long parts of `forms`; `where` are names that are there already.

    What repeats only in forms that stand `aside`, an index form beside a gradient, has a name only there.  What is
    `known`, a value that the problem computes on the way, has a name a little sooner, in the forms that repeat it.
    Names in `where` that are `fresh` are put only where that spares signs.
    """
    names = Names(taken | frozenset(where))
    roots = {**{f"where {k}": e for k, e in where.items()}, **forms}
    stands = {e: name for name, e in where.items() if e.args}
    optional = {e for e, name in stands.items() if name in fresh}
    fixed = {e: None for e in stands if e not in optional}
    seen = Occurrences()
    chosen = _repeated(roots, stands, seen, (), optional)
    plain = _repeated(roots, fixed, seen) if optional else chosen
    cuts = {e: None for e in _steps(roots, chosen, seen) if e not in stands}
    main = chosen | cuts
    if aside:
        shown = [e for k, e in forms.items() if k not in aside]
        main = _within(shown, chosen, seen) | _within(where.values(), chosen, seen, together=True) | cuts | fixed
    named, order, definitions = dict[str, Expr](), dict[Expr, tuple[str, Expr]](), dict[str, Expr]()
    for k, e in roots.items():
        own = plain | cuts if k in aside else main
        if known and k in forms:
            own = _repeated({k: e}, own, seen, known, optional)
        if optional and k in forms:
            spared = _within([e], own, seen)
            own = {
                part: None for part in own if part in spared or part in cuts or (part in plain and part not in optional)
            }
        if k not in forms:
            own = own | {e: None}
        named[k] = _put(e, own, stands, names, order, definitions) if seen.within(e, own) else e
    entries = [(k, definitions.get(k, named[f"where {k}"])) for k in where]
    meaning = _sorted([*order.values(), *entries])
    if optional:
        meaning = _used({k: named[k] for k in forms}, meaning)
    return Named({k: named[k] for k in forms}, meaning)


def _used(forms: Mapping[str, Expr], where: Mapping[str, Expr]) -> dict[str, Expr]:
    """The names that the formulas use, directly or not; each uses only earlier ones."""
    used = {str(x.params[0]) for x in postorder(*forms.values()) if x.op.name == "variable"}
    for name, e in reversed([*where.items()]):
        if name in used:
            used |= {str(x.params[0]) for x in postorder(e) if x.op.name == "variable"}
    return {k: e for k, e in where.items() if k in used}


def price(e: Expr, count: Callable[[Expr], int], where: Mapping[str, Expr] = MappingProxyType({})) -> int:
    """The signs of a formula when what it repeats has names, with what the names mean, those of `where` included."""
    if not where and not repeats(e):
        return count(e)
    whole = replace(e, {variable(name, definition.shape): definition for name, definition in where.items()})
    stands = {definition: name for name, definition in where.items()}
    chosen = _repeated({"": whole}, stands, Occurrences(), (), stands)
    order: dict[Expr, tuple[str, Expr]] = {}
    definitions: dict[str, Expr] = {}
    made = _put(whole, chosen, stands, Names(frozenset()), order, definitions)
    return count(made) + sum(map(count, [*definitions.values(), *(formula for _, formula in order.values())]))


def _within(
    roots: Iterable[Expr], chosen: Mapping[Expr, None], seen: Occurrences, together: bool = False
) -> dict[Expr, None]:
    """The chosen parts that one of these formulas has more than once; or all of them `together`."""
    most: dict[Expr, int] = {}
    for root in roots:
        there = seen.within(root, chosen)
        if not there or not (together or seen.repeats(root)):
            continue
        counts, _ = seen.of(root, there)
        for e in there:
            k = counts[e]
            most[e] = most.get(e, 0) + k if together else max(most.get(e, 0), k)
    return {e: None for e in chosen if most.get(e, 0) > 1}


def _put(
    root: Expr,
    chosen: Mapping[Expr, None],
    stands: Mapping[Expr, str],
    names: Names,
    order: dict[Expr, tuple[str, Expr]],
    definitions: dict[str, Expr],
) -> Expr:
    """The formula with names for what was chosen; new names and what they mean go into `order` and `definitions`."""
    mapping: dict[Expr, Expr] = {}
    for e in postorder(root):
        args = tuple(mapping[a] for a in e.args)
        made = e if args == e.args else make(e.op, args, e.params, e.shape)
        if e in stands and e in chosen:
            definitions[stands[e]] = made
            made = variable(stands[e], e.shape)
        elif e in chosen and e.args:
            if e not in order:
                order[e] = names.fresh(e), made
            made = variable(order[e][0], e.shape)
        mapping[e] = made
    return mapping[root]


def _sorted(entries: list[tuple[str, Expr]]) -> dict[str, Expr]:
    """The entries in an order in which each uses only earlier ones."""
    formulas = dict(entries)
    out: dict[str, Expr] = {}
    stack = [k for k, _ in reversed(entries)]
    uses = {
        k: [str(n.params[0]) for n in postorder(e) if n.op.name == "variable" and n.params[0] in formulas]
        for k, e in entries
    }
    while stack:
        k = stack[-1]
        waiting = [u for u in uses[k] if u not in out and u != k]
        if waiting and k not in out:
            stack.extend(waiting)
            continue
        stack.pop()
        out.setdefault(k, formulas[k])
    return out


def _repeated(
    roots: Mapping[str, Expr],
    stands: Collection[Expr],
    seen: Occurrences,
    known: Collection[Expr] = (),
    fresh: Collection[Expr] = (),
) -> dict[Expr, None]:
    """Parts worth a name: the largest gain first, until nothing gains.  (Those that stand for names have one.)

    A number made of what has a `fresh` name, e'*u, has one as soon as that spares a sign.
    """
    chosen: dict[Expr, None] = dict.fromkeys(stands)
    repeating = [root for root in roots.values() if seen.repeats(root)]
    for _ in range(6):
        gains: dict[Expr, int] = {}
        for root in repeating:
            counts, sizes = seen.of(root, chosen)
            if sizes[root] > 40 * LINE:
                continue  # far too long to be read whole: cut into steps below
            for e, k in counts.items():
                if k < 2 or not e.args or e in chosen:
                    continue
                shown = e in known and k > MANY
                nested = not e.shape and any(a in fresh for a in e.args)
                often = bool(fresh) and not e.shape and k > 2
                small = sizes[e] < SMALL and not e.op.looks.named and not nested and not often and not shown
                if small:
                    continue
                gain = (k - 1) * (sizes[e] - 1) - 2
                least = 1 if nested or (e.op.looks.named and (k > 2 or known)) else GAIN - (e in known)
                if gain >= least and gain > gains.get(e, 0) and _nameable(e):
                    gains[e] = gain
        if not gains:
            return chosen
        best = max(gains, key=lambda e: gains[e])  # the first of equals, in the order of evaluation
        chosen[best] = None
    return chosen


def _nameable(e: Expr) -> bool:
    """Whether a part can be evaluated alone: no leaf, nothing with indices of its own."""
    if not e.args:
        return False
    if e.op.name == "transpose" or (e.op.name == "neg" and not e.args[0].args):
        return False  # a name stands for what is transposed
    if e.op.name == "mul" and len(e.shape) == 2 and e.shape[0] == ONE and _first(e).op.name == "transpose":
        return False  # u'*A is half of a form u'*A*v
    return not any(map(indexed, postorder(e)))


def indexed(e: Expr) -> bool:
    """Whether an operation picks by an index, or sums over one: an entry, a row X[i,:], a sum(i: …)."""
    return e.op.name in BOUND or (
        e.op.name in ("row", "column", "slice", "unit") and any(isinstance(p, str) for p in e.params)
    )


def bound_names(formulas: Iterable[Expr]) -> set[str]:
    """The names of the indices in formulas."""
    bound = filter(indexed, postorder(*formulas))
    return {p for n in bound for p in n.params if isinstance(p, str)}


def _first(e: Expr) -> Expr:
    """The first factor of a product."""
    while e.op.name == "mul":
        e = e.args[0]
    return e


def _steps(roots: Mapping[str, Expr], chosen: Mapping[Expr, None], seen: Occurrences) -> Iterator[Expr]:
    """Cuts for formulas that stay too long: walking up from the leaves, whatever has grown to a step is named."""
    if not any(seen.size(root) > LINE and seen.of(root, chosen)[1][root] > LINE for root in roots.values()):
        return
    uses: dict[Expr, int] = {}
    order = list(postorder(*roots.values()))
    for e in order:
        for a in e.args:
            uses[a] = uses.get(a, 0) + 1
    sizes: dict[Expr, int] = {}
    bound: dict[Expr, bool] = {}
    for e in order:
        bound[e] = indexed(e) or any(bound[a] for a in e.args)
        size = 1 + sum(sizes[a] for a in e.args)
        cut = bool(e.args) and not bound[e]
        if e in chosen:
            size = 1
        elif cut and ((uses.get(e, 0) > 1 and size > 3) or size > STEP) and uses.get(e, 0):
            yield e
            size = 1
        sizes[e] = size


def written_size(root: Expr) -> int:
    """How many signs a formula has when it is written out (a shared part counts each time it stands there)."""
    return occurrences(root)[1][root]


def steps(root: Expr, taken: frozenset[str], step: int) -> dict[str, Expr]:
    """Cut a long expression into named steps of about `step` signs, in an order in which they can be evaluated.

    What stands more than once is a step of its own, so that a residual stream is not written out along every path;
    so is a function of something, because its value stands in its derivative again.
    """
    uses: dict[Expr, int] = {}
    order = list(postorder(root))
    for e in order:
        for a in e.args:
            uses[a] = uses.get(a, 0) + 1
    names = Names(taken)
    sizes: dict[Expr, int] = {}
    out: dict[str, Expr] = {}
    for e in order:
        size = 1 + sum(sizes[a] for a in e.args)
        cut = bool(e.args) and e is not root
        again = uses.get(e, 0) > 1 or e.op.differential is not None
        if cut and ((again and size > 3) or size > step):
            out[names.numbered("z")] = e
            size = 1
        sizes[e] = size
    return out


def statements(root: Expr, quantities: Mapping[str, Expr], text: Callable[[Expr], str]) -> list[str]:
    """The statements that define quantities of an expression one by one, and then the expression, in their names."""
    named: dict[Expr, Expr] = {}
    lines: list[str] = []
    for name, e in quantities.items():
        stand = variable(name, e.shape)
        lines.append(f"{text(stand)} = {text(replace(e, {}, named))}")
        named[e] = stand
    return [*lines, text(replace(root, {}, named))]


def written_out(root: Expr, text: Callable[[Expr], str], between: str) -> str:
    """A formula as text; one that would fill pages as statements, which mean the same.

    >>> from frechet.notation.ascii import text
    >>> from frechet.ops.expressions import apply
    >>> value = variable("x", ("n",))
    >>> for _ in range(40):
    ...     value = apply("add", (value, apply("tanh", (value,))))
    >>> written_out(value, text, "; ")[:45]
    'z1 = x + tanh(x); z2 = z1 + tanh(z1); z3 = z2'
    """
    if written_size(root) <= PAGE:
        return text(root)
    taken = {str(e.params[0]) for e in postorder(root) if e.op.name in ("variable", "declared")}
    taken |= {name for e in postorder(root) for d in e.shape for name in d.names}
    return between.join(statements(root, steps(root, frozenset(taken), SHORT), text))


@final
class Names:
    """Letters that suit: S for a matrix, s for a vector, c for a scalar; numbered when they run out."""

    def __init__(self, taken: frozenset[str]) -> None:
        self.taken = set(taken)
        self.next: dict[str, int] = {}

    def numbered(self, stem: str) -> str:
        """stem1, stem2, …"""
        k = self.next.get(stem, 1)
        while f"{stem}{k}" in self.taken:
            k += 1
        self.next[stem] = k + 1
        self.taken.add(f"{stem}{k}")
        return f"{stem}{k}"

    def fresh(self, e: Expr) -> str:
        """A name for this part."""
        return self.first(_letters(e.op, e.shape))

    def first(self, letters: str) -> str:
        """The first of these letters that is free; else the first of them with a number."""
        for letter in letters:
            if letter not in self.taken and f"d{letter}" not in self.taken:
                self.taken.add(letter)
                return letter
        return self.numbered(letters[0])


def _letters(op: Op, shape: Shape) -> str:
    if not shape:
        return "ctzq"
    own = op.looks.names[len(shape) - 1 : len(shape)].strip() if len(shape) <= 2 else op.looks.names[1:2].strip()
    return own + ("rsuvwz" if len(shape) == 1 else "PQRSTM")
