"""Where a minus sign stands, and in what order terms are written.

A difference in a product may be written either way round, a-b or b-a, if the sign goes elsewhere: `differences` finds
those that may be turned, `negative` and `unsigned` move the sign of a formula to its leftmost factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.core.records import facts, looks
from frechet.notation.ascii import is_inner_product
from frechet.ops.expressions import apply, number

NONE = frozenset[Node]()
"""No difference turned round."""

Said = Mapping[Node, bool]
"""The differences that the problem states itself: whether each is stored the other way round than it stands there."""
UNSAID: Said = {}
"""A problem that states none."""

Place = tuple[int, int, int, tuple[int, str, bytes]]


def place(term: tuple[Node, Fraction]) -> Place:
    """Where a term stands in a sum: constants first (`eye(n) - …`, `1 - …`), then what weighs most.

    Last come a shift of the diagonal or of all entries, `A + t*eye(n)`, `x - sum(x)/n`.  Of equals the letters
    x, y, z begin: a point is measured from its centre, `x - m`.
    """
    t = term[0]
    chain = t.chain if t.kind == "product" and t.chain else (t,)
    if _constant(chain):
        return (0 if all(e < 0 for _, e in b.parts(t)[1]) or not t.chain else 2), 0, 0, t.key
    late = 0 if len(chain) == 1 and unturned(chain[0]).op == "variable" and t.key[1][:1] in "xyzXYZ" else 1
    return 1, -sum(f.weight - f.flips for f in chain), late, t.key


def in_order(terms: Iterable[tuple[Node, Fraction]]) -> list[tuple[Node, Fraction]]:
    """The terms of a sum in the order in which they are written.

    What is only added is alphabetical among equals, and a matrix stands before the products u*v' that correct it.
    The terms of a product rule follow the increment, dX*X + X*dX.
    """
    placed = [(place(term), term) for term in terms]
    moved = [_increment_at(t) for _, (t, _) in placed]
    moving = all(at >= 0 for at in moved)
    where = dict(zip((t for _, (t, _) in placed), moved, strict=True)) if moving else {}
    added_only = len({c > 0 for _, (_, c) in placed}) == 1
    correct = added_only and any(unturned(t).op == "variable" for _, (t, _) in placed)

    def rank(entry: tuple[Place, tuple[Node, Fraction]]) -> tuple[int, int, bool, int, int, tuple[int, str, bytes]]:
        (group, weight, late, key), (t, _) = entry
        late_term = t.kind == "diag" or (correct and _outer_product(t))
        return where.get(t, 0), group, added_only and late_term, weight, 0 if added_only else late, key

    return [term for _, term in sorted(placed, key=rank)]


def _increment_at(t: Node) -> int:
    """The place in a matrix product at which an increment stands; -1 for any other term."""
    for k, f in enumerate(b.parts(t)[2]):
        leaf = unturned(f)
        if leaf.op == "variable" and leaf.kind == "leaf" and "increment" in leaf.params[1]:
            return k
    return -1


def _constant(chain: tuple[Node, ...]) -> bool:
    """Whether a chain is the number 1, an identity matrix or all ones."""
    if len(chain) == 1:
        return unturned(chain[0]).op in ("eye", "ones") or b.value_of(chain[0]) is not None
    return len(chain) == 2 and all(unturned(f).op == "ones" for f in chain)


def _outer_product(t: Node) -> bool:
    """Whether a matrix is a column times a row."""
    return t.kind == "product" and not t.column and not t.row and any(f.rows == ONE for f in t.chain)


def backwards(x: Node, said: Said = UNSAID) -> bool:
    """Whether a sum is stored the other way round than the problem has it, else with its first term negative."""
    found = said.get(x)
    if found is not None:
        return found
    coef, inner = unstacked(x)
    return in_order(x.terms)[0][1] < 0 if inner is x or inner.kind != "sum" else backwards(inner, said) != (coef < 0)


def unstacked(x: Node) -> tuple[Fraction, Node]:
    """1 and a - b where a sum is reshape(a,m,n) - reshape(b,m,n), or -1 and b - a; the sum itself otherwise."""
    inner: list[tuple[Node, Fraction]] = []
    for t, c in x.terms:
        _, scalars, chain = b.parts(t)
        if len(chain) != 1 or chain[0].kind not in ("vec", "unvec"):
            return Fraction(1), x
        inner.append((b.mul(*(b.power(s, e) for s, e in scalars), chain[0].args[0]), c))
    if len({t.shape for t, _ in inner}) > 1:
        return Fraction(1), x
    coef, scalars, chain = b.parts(b.add(inner))
    return (coef, chain[0]) if not scalars and len(chain) == 1 else (Fraction(1), x)


def said_in(read: Mapping[Expr, Node]) -> Said:
    """The way round of each difference in the formulas that were read; of one that stands both ways round, none.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> read = dict[Expr, Node]()
    >>> n = node_of(parse("(b-a)^2*(c-a)/(a-c)", {"a": [], "b": [], "c": []}).value, read)
    >>> [len(found.terms) for found in said_in(read)]
    [2]
    """
    ways: dict[Node, set[bool]] = {}
    for e, x in read.items():
        if e.op.name not in ("add", "sub"):
            continue
        coef, scalars, chain = b.parts(x)
        factors = [*((s, k) for s, k in scalars), *((f, 1) for f in chain)]
        single = factors[0][0] if abs(coef) == 1 and len(factors) == 1 and factors[0][1] == 1 else None
        if single is not None and single.kind == "sum" and len({c > 0 for _, c in single.terms}) == 2:
            ways.setdefault(single, set()).add(coef < 0)
    return {x: turned.pop() for x, turned in ways.items() if len(turned) == 1}


def differences(f: Node, counts: dict[Node, int], times: int = 1) -> None:
    """Count the sums that stand as factors in f (of a chain): their sign can be moved about.

    So can that of an argument of an odd function: inv(a-b) = -inv(b-a).
    """
    while f.kind in ("transpose", "diag", "diagonal", "vec") or is_odd(f):
        f = f.args[0]
    if f.kind == "sum":
        counts[f] = counts.get(f, 0) + times
    elif f.kind == "hadamard":
        for base, e in f.terms:
            if e.denominator == 1:
                differences(base, counts, times * int(e))
    elif f.kind == "product":
        for s, e in f.terms:
            if e.denominator == 1:
                of_scalar(s, counts, times * int(e))
        for g in f.chain:
            differences(g, counts, times)
    elif f.kind in ("kron", "einsum"):
        for g in f.args:
            differences(g, counts, times)


def of_scalar(s: Node, counts: dict[Node, int], times: int) -> None:
    """Count the sums whose signs are factors of a scalar: itself, or those that stand in a closed chain."""
    if s.kind == "sum":
        counts[s] = counts.get(s, 0) + times
    elif s.kind == "ring":
        for f in s.chain:
            differences(f, counts, times)


def turned_freely(factors: Iterable[Node], said: Said = UNSAID) -> frozenset[Node]:
    """The differences that stand an even number of times and backwards: turning them all changes no sign."""
    counts: dict[Node, int] = {}
    for f in factors:
        differences(f, counts)
    return frozenset(s for s, k in counts.items() if k % 2 == 0 and backwards(s, said))


def factors_of(terms: Iterable[tuple[Node, Fraction]], chain: Iterable[Node]) -> dict[Node, int]:
    """The sums whose signs are factors of scalars and of a chain, and how often."""
    counts: dict[Node, int] = {}
    for s, e in terms:
        if e.denominator == 1:
            of_scalar(s, counts, int(e))
    for f in chain:
        differences(f, counts)
    return counts


def chosen(
    coef: Fraction, counts: dict[Node, int], forced: bool = True, said: Said = UNSAID
) -> tuple[bool, frozenset[Node]]:
    """Whether a product is written without a minus sign, and which of its differences are turned round.

    A difference stands as the problem has it, or begins with its weightiest term; if `forced`, one more is turned
    where that spares the sign.
    """
    flips = {s for s in counts if backwards(s, said)}
    positive = (coef > 0) != bool(sum(counts[s] for s in flips) % 2)
    if not positive and forced:
        for s, k in sorted(counts.items(), key=lambda one: one[0] in said):
            if k % 2 and any(c < 0 for _, c in s.terms) and not _rest_of_one(s):
                return True, frozenset(flips ^ {s})
    return positive, frozenset(flips)


def _rest_of_one(s: Node) -> bool:
    """Whether a sum is 1 less something between 0 and 1, and nothing else: nobody writes s - 1 for 1 - s."""
    if len(s.terms) != 2:
        return False
    first, second = (unturned(t) for t, _ in in_order(s.terms))
    if not _constant(first.chain or (first,)):
        return False
    if second.kind in ("hadamard", "product") and len(second.terms) == 1 and not second.chain:
        second = second.terms[0][0]
    return looks(unturned(second).op).from_one


def is_odd(f: Node) -> bool:
    """Whether f is a function with f(-X) = -f(X), of one argument."""
    return f.kind == "apply" and len(f.args) == 1 and (f.op == "inv" or facts(f.op).mirror == "odd")


def negative(e: Expr) -> Expr:
    """-e with the sign at the leftmost factor: `-a*b/c`, not `-(a*b/c)`; of a number the negative number."""
    spine: list[Expr] = []
    while e.op.name in ("mul", "divide", "hadamard", "edivide"):
        if spine and spine[-1].op.name == "mul" and is_inner_product(e):
            break  # -(x'*y)*z
        spine.append(e)
        e = e.args[0]
    if e.op.name == "number":
        e = number(-e.params[0])
    elif e.op.name == "neg":
        e = e.args[0]
    else:
        e = apply("neg", (e,))
    for x in reversed(spine):
        e = apply(x.op, (e, x.args[1]), x.params)
    return e


def unsigned(e: Expr) -> tuple[bool, Expr]:
    """Whether a product starts with a minus sign, and the product without it."""
    first = e
    while first.op.name in ("mul", "divide", "hadamard", "edivide"):
        first = first.args[0]
    minus = first.op.name == "neg" or (first.op.name == "number" and first.params[0] < 0)
    return minus, negative(e) if minus else e


def added(terms: Iterable[Expr]) -> Expr:
    """The sum of terms: what has no minus sign first, the rest subtracted."""
    split = [unsigned(t) for t in terms]
    plus = [t for minus, t in split if not minus]
    less = [t for minus, t in split if minus]
    e = plus.pop(0) if plus else negative(less.pop(0))
    for p in plus:
        e = apply("add", (e, p))
    for m in less:
        e = apply("sub", (e, m))
    return e


def times(factors: list[Expr]) -> Expr:
    """The product of formulas, from left to right."""
    e = factors[0]
    for f in factors[1:]:
        e = apply("mul", (e, f))
    return e
