"""The constructors: every node is made here, and here its invariants are kept.

They recurse into one another (a transpose of a product is a product of transposes, a trace of a sum a sum of
traces), which is why they live together.  The invariants:

* a product is coefficient · scalars · chain; scalars leave every chain, Hadamard product, ``inv``, ``diag``, ``kron``;
  a piece of a chain from a one-row factor to a one-column factor is a scalar and is cut out;
* transposes sit on atoms; a sum, a Hadamard product, a function is stored in one orientation;
* a sum is primitive (its coefficients are coprime integers) and its least term is positive;
* an outer product inside a Hadamard product is a diagonal scaling.

So ``x'*x``, ``tr(x*x')`` and ``sum(x.^2)`` are one node.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, isqrt

from frechet.algebra import atoms, commuting, directions, spectra
from frechet.algebra.atoms import U, eye, is_op, is_zero, number, ones, value_of, zero
from frechet.algebra.node import HOLOMORPHIC, Node, Term, intern, order, postorder
from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError

FLAT = 120
"""Sums heavier than this stay one term of the sum that holds them: a residual stream would grow quadratically."""

EQUIVARIANT = frozenset({"inv", "adj"})
"""Functions of a matrix with f(X') = f(X)'."""
INVARIANT = frozenset({"det", "logdet"})
"""Functions of a matrix with f(X') = f(X)."""
ODD = frozenset({"sin", "tan", "arcsin", "arctan", "sinh", "tanh", "erf", "sign"})
EVEN = frozenset({"cos", "cosh", "abs"})
POSITIVE = frozenset({"exp", "sigmoid", "softmax", "softplus", "cosh"})
NONNEGATIVE = frozenset({"abs", "relu", "step"})


# -- products ----------------------------------------------------------------------------------------------------------


def parts(x: Node) -> tuple[Fraction, tuple[Term, ...], tuple[Node, ...]]:
    """A node as coefficient, scalars with exponents, chain."""
    if x.kind == "product":
        return x.coef, x.terms, x.chain
    if x.scalar:
        return U, ((x, U),), ()
    return U, (), (x,)


def _product(coef: Fraction, scalars: dict[Node, Fraction], chain: Sequence[Node], shape: tuple[Dim, ...]) -> Node:
    """Assemble a product whose chain is already simple."""
    if coef == 0:
        return zero(*shape) if len(shape) == 2 else intern("leaf", shape, (), op="zeros", params=shape)
    kept: list[Term] = []
    for s, e in scalars.items():
        if e == 0:
            continue
        if s.op == "number" and s.kind == "leaf" and e.denominator == 1:
            coef *= Fraction(s.params[0]) ** int(e)
            continue
        if s.op == "imaginary" and e.denominator == 1:
            coef, e = (-coef if e % 4 > 1 else coef), e % 2
            if e == 0:
                continue
        if len(s.args) == 2 and s.op == "abs" and e % 2 == 0:  # |z|² = z·conj(z)
            others = _product(coef, {t: k for t, k in scalars.items() if t is not s}, chain, shape)
            return mul(others, *(power(z, e / 2) for z in s.args))
        kept.append((s, e))
    if len(chain) == 1 and is_op(chain[0], "zeros"):
        return chain[0]
    kept.sort(key=lambda t: t[0].key)
    if coef == 1:
        if not kept and len(chain) == 1:
            return chain[0]
        if not chain and len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
    terms = tuple(kept)
    overhead = len(terms) + len(chain) + (coef != 1) - 1 + sum(e != 1 for _, e in terms)
    return intern(
        "product", shape, tuple(s for s, _ in terms) + tuple(chain), coef=coef, terms=terms, chain=tuple(chain),
        overhead=max(overhead, 1),
    )  # fmt: skip


def mul(*factors: Node) -> Node:
    """The product of factors from left to right; scalars may stand anywhere."""
    coef, scalars, chain = U, dict[Node, Fraction](), list[Node]()
    shape: tuple[Dim, ...] = (ONE, ONE)
    started = False
    for f in factors:
        c, s, ch = parts(f)
        if c is not U:
            coef = c if coef is U else coef * c
        for base, e in s:
            old = scalars.get(base)
            scalars[base] = e if old is None else old + e
        if not f.scalar:
            shape = f.shape if len(f.shape) > 2 else (shape[0] if started else f.rows, f.cols)
            started = True
        chain.extend(ch)
    if coef == 0:
        return _product(coef, scalars, (), shape)
    if len(chain) > 1:
        chain = _simplify(chain, scalars)
        if any(is_zero(f) for f in chain):
            return zero(*shape)
        chain = _cut(chain, scalars) if chain else []
        c = scalars.pop(_COEF, None)
        if c is not None:
            coef *= c
    if not chain and not (shape[0] == ONE and shape[-1] == ONE):
        chain = [eye(shape[0])]
    _recognise_softmax(scalars, chain)
    if _COEF in scalars:
        coef *= scalars.pop(_COEF)
    return _product(coef, scalars, chain, shape)


_COEF = intern("leaf", (ONE, ONE), (), op="coefficient")
"""A key under which helpers of `mul` leave a rational factor among the scalars (as its exponent)."""


def _absorb(node: Node, scalars: dict[Node, Fraction]) -> None:
    """Multiply a scalar node into a table of scalars."""
    c, s, _ = parts(node)
    if c != 1:
        scalars[_COEF] = scalars.get(_COEF, U) * c
    for base, e in s:
        scalars[base] = scalars.get(base, Fraction(0)) + e


def scale(c: Fraction | int, x: Node) -> Node:
    """A rational number times a node."""
    if c == 1:
        return x
    coef, s, chain = parts(x)
    return _product(coef * c, dict(s), chain, x.shape)


def neg(x: Node) -> Node:
    """-x."""
    return scale(-1, x)


def _pair(a: Node, b: Node) -> list[Node] | None:
    """What two neighbours in a chain become together, or None when they stay as they are."""
    if is_op(a, "eye"):
        return [b]
    if is_op(b, "eye"):
        return [a]
    if a.kind == "diag":
        if b.kind == "diag":
            return [diag(hadamard([(a.args[0], U), (b.args[0], U)]))]
        if b.column:
            return [hadamard([(a.args[0], U), (b, U)])]
    if b.kind == "diag" and a.row:
        return [T(hadamard([(T(a), U), (b.args[0], U)]))]
    if a.kind == "hadamard" and is_op(b, "ones") and not a.row:
        found = _two_unit(a)
        if found:
            return [diagonal(mul(found[0], T(found[1])))]
    if a.kind == "transpose" and is_op(a.args[0], "ones") and b.kind in ("hadamard", "transpose") and not b.column:
        t = T(b)
        found = _two_unit(t) if t.kind == "hadamard" else None
        if found:
            return [T(diagonal(mul(found[0], T(found[1]))))]
    if (is_op(a, "inv") or is_op(b, "inv") or a.kind == "transpose" or b.kind == "transpose") and inverses(a, b):
        return [eye(a.rows)]
    if a.kind == "kron" and b.kind == "kron" and len(a.args) == len(b.args):
        factors = list(zip(a.args, b.args, strict=True))
        if all(p.cols == q.rows for p, q in factors):
            return [kron(*(mul(p, q) for p, q in factors))]
    if b.kind == "vec":
        x = b.args[0]
        if a.kind == "kron" and len(a.args) == 2 and a.args[1].cols == x.rows and a.args[0].cols == x.cols:
            return [vec(mul(a.args[1], x, T(a.args[0])))]
        if is_op(a, "commutation") and a.params[0] == x.rows and a.params[1] == x.cols:
            return [vec(T(x))]
    if a.kind == "transpose" and a.args[0].kind == "vec" and (b.kind == "kron" or is_op(b, "commutation")):
        turned = _pair(T(b), a.args[0])
        if turned is not None:
            return [T(t) for t in reversed(turned)]
    if (
        is_op(a, "commutation")
        and is_op(b, "commutation")
        and a.params[0] == b.params[1]
        and a.params[1] == b.params[0]
    ):
        return [eye(a.rows)]
    return commuting.pair(a, b)


def inverses(a: Node, b: Node) -> bool:
    """Whether a·b = I because one is the inverse of the other."""
    turned = a.kind == "transpose" and b.kind == "transpose"
    if turned:
        a, b = a.args[0], b.args[0]
    if is_op(a, "inv") and a.args[0] is b:
        return True
    if is_op(b, "inv") and b.args[0] is a:
        return True
    return any("orthogonal" in atoms.assumptions(p) and T(p) is q for p, q in ((a, b), (b, a)))


def _two_unit(h: Node) -> tuple[Node, Node] | None:
    """The two factors of A.*B (or A.^2), when that is what a Hadamard product is."""
    t = h.terms
    if len(t) == 2 and t[0][1] == 1 and t[1][1] == 1:
        return t[0][0], t[1][0]
    if len(t) == 1 and t[0][1] == 2:
        return t[0][0], t[0][0]
    return None


def _simplify(chain: Iterable[Node], scalars: dict[Node, Fraction]) -> list[Node]:
    """Apply the neighbour rules until none fits; an inverse of a product meets its factors."""
    todo = list(chain)
    todo.reverse()
    out: list[Node] = []
    while todo:
        f = todo.pop()
        if f.kind == "product":  # a rule gave a product: its scalars leave, its chain goes on
            _absorb(_product(f.coef, dict(f.terms), (), (ONE, ONE)), scalars)
            todo.extend(reversed(f.chain))
            continue
        if f.scalar:
            _absorb(f, scalars)
            continue
        if out:
            joined = _pair(out[-1], f)
            if joined is not None:
                out.pop()
                todo.extend(reversed(joined))
                continue
        out.append(f)
        run = commuting.run(out)
        if run is not None:
            del out[-run[0] :]
            todo.append(run[1])
            continue
        k = _inverse_run(out)
        if k:
            n = out[-1].cols
            del out[-k:]
            todo.append(eye(n))
    if len(out) > 1:
        out = [f for f in out if not is_op(f, "eye")] or [out[0]]
    return out


def _inverse_run(out: list[Node]) -> int:
    """How many factors at the end of a chain are inv(P)·P or P·inv(P) with P itself a product; 0 if none."""
    last = out[-1]
    core = last.args[0] if last.kind == "transpose" else last
    if is_op(core, "inv") and core.args[0].kind == "product":
        p = core.args[0] if core is last else T(core.args[0])
        k = len(p.chain)
        if k > 1 and tuple(out[-k - 1 : -1]) == p.chain and p.coef == 1 and not p.terms:
            return k + 1
    for k in range(2, min(len(out), 7)):
        first = out[-k - 1]
        core = first.args[0] if first.kind == "transpose" else first
        if is_op(core, "inv") and core.args[0].kind == "product":
            p = core.args[0] if core is first else T(core.args[0])
            if len(p.chain) == k and tuple(out[-k:]) == p.chain and p.coef == 1 and not p.terms:
                return k + 1
    return 0


def _cut(chain: list[Node], scalars: dict[Node, Fraction]) -> list[Node]:
    """Cut the scalars out of a chain: every piece between two boundaries of size one."""
    if len(chain[0].shape) > 2:
        return chain
    cuts = [0] if chain[0].rows == ONE else []
    cuts += [i for i in range(1, len(chain)) if chain[i].rows == ONE]
    if chain[-1].cols == ONE:
        cuts.append(len(chain))
    if len(cuts) < 2:
        return chain
    for i, j in itertools.pairwise(cuts):
        piece = chain[i:j]
        if len(piece) == 1:
            if not piece[0].scalar:
                return chain
            _absorb(piece[0], scalars)
        else:
            _absorb(_bilinear(piece), scalars)
    return chain[: cuts[0]] + chain[cuts[-1] :]


# -- scalars from closed chains ----------------------------------------------------------------------------------------


def _rank(chain: Sequence[Node]) -> tuple[int, tuple[object, ...]]:
    return sum(f.flips for f in chain), tuple(f.key for f in chain)


def _bilinear(chain: Sequence[Node]) -> Node:
    """u'·M⋯N·v as a scalar node; the chain starts with a row, ends with a column and has no scalar inside."""
    first, last = T(chain[0]), chain[-1]
    if len(chain) == 2:
        return _inner(first, last)
    if is_op(first, "ones") and is_op(last, "ones") and len(chain) == 3:
        return _sum_all(chain[1])
    for end, rest in ((first, chain[1:]), (last, [T(f) for f in reversed(chain[:-1])])):
        if end.kind == "diagonal" or end.kind == "vec":
            inner = mul(*rest)
            if len(parts(inner)[2]) < 2:  # else it would be taken apart into this same chain
                return _inner(end, inner)
    turned = [T(f) for f in reversed(chain)]
    best = min((tuple(chain), tuple(turned)), key=_rank)
    return intern("ring", (ONE, ONE), best, chain=best, params=("open",), overhead=len(best))


def _inner(x: Node, y: Node) -> Node:
    """x'·y of two columns."""
    known = spectra.inner(x, y)
    if known is not None:
        return known
    if y.key < x.key:
        x, y = y, x
    cx, sx, chx = parts(x)
    cy, sy, chy = parts(y)
    if (cx, sx) != (U, ()) or (cy, sy) != (U, ()):
        bare = mul(*(T(f) for f in reversed(chx)), *chy)
        return mul(_product(cx * cy, {}, (), (ONE, ONE)), *(power(s, e) for s, e in (*sx, *sy)), bare)
    if len(chx) > 1 or len(chy) > 1:
        return mul(*(T(f) for f in reversed(chx)), *chy)
    for a, b in ((x, y), (y, x)):
        if is_op(a, "unit") and is_op(b, "unit"):
            if a is b:
                return number(1)
            if a.params[0].number is not None and b.params[0].number is not None:
                return number(0)
        if is_op(a, "unit") and is_op(b, "ones"):
            return number(1)
        if is_op(a, "ones"):
            if is_op(b, "ones"):
                return size_of(b.rows)
            if b.kind == "sum" and b.weight <= FLAT:
                return add([(mul(T(a), t), c) for t, c in b.terms])
            if b.kind == "diagonal":
                return trace(b.args[0])
            if b.kind == "vec":
                return _sum_all(b.args[0])
            if is_op(b, "softmax") and b.params == (None,):
                return number(1)
            if b.kind == "hadamard":
                found = _two_unit(b)
                if found:
                    return _inner(*found)
        if a.kind == "vec" and b.kind == "vec" and a.args[0].shape == b.args[0].shape:
            return trace(mul(T(a.args[0]), b.args[0]))
        if a.kind == "diagonal" and a.args[0].kind == "product":
            return trace(mul(diag(b), a.args[0]))
    if (x.kind == "hadamard" or y.kind == "hadamard") and not is_op(x, "ones") and not is_op(y, "ones"):
        h = hadamard([(x, U), (y, U)])
        return mul(T(ones(h.rows)), h)
    chain = (T(x), y)
    return intern("ring", (ONE, ONE), chain, chain=chain, params=("open",), overhead=2)


def _sum_all(x: Node) -> Node:
    """The sum of all entries of a matrix that is one factor."""
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(mul(T(ones(x.rows)), t, ones(x.cols)), c) for t, c in x.terms])
    if x.kind == "transpose":
        return _sum_all(x.args[0])
    if x.kind == "hadamard":
        found = _two_unit(x)
        if found:
            return trace(mul(T(found[0]), found[1]))
    if x.kind == "kron":
        return mul(*(mul(T(ones(f.rows)), f, ones(f.cols)) for f in x.args))
    if is_op(x, "softmax") and x.params[0] is None:
        return number(1)
    if is_op(x, "softmax"):
        return size_of(x.cols if x.params[0] == 1 else x.rows)
    chain = (T(ones(x.rows)), x, ones(x.cols))
    return intern("ring", (ONE, ONE), chain, chain=chain, params=("open",), overhead=1)


def trace(x: Node) -> Node:
    """tr(x) of a square node."""
    if x.scalar:
        return x
    coef, s, chain = parts(x)
    outside = _product(coef, dict(s), (), (ONE, ONE))
    if len(chain) == 1 and (coef != 1 or s):
        return mul(outside, trace(chain[0]))
    if is_op(x, "zeros"):
        return number(0)
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:
        return mul(outside, mul(*chain[cut:], *chain[:cut]))
    through = directions.in_trace(chain)
    if through is not None:
        return mul(outside, through)
    if len(chain) == 1:
        return _trace_one(chain[0])
    joined = _pair(chain[-1], chain[0])
    if joined is not None and len(joined) == 1:  # not where two that commute only change places
        return mul(outside, trace(mul(*joined, *chain[1:-1])))
    for k in range(len(chain) - 1):  # an inverse may meet its product across the seam
        if k and is_op(_bare(chain[k]), "inv") and _bare(chain[k]).args[0].kind == "product":
            rest = mul(*chain[k:], *chain[:k])
            if len(parts(rest)[2]) < len(chain):
                return mul(outside, trace(rest))
    if len(chain) == 2:
        p, q = chain
        for a, b in ((p, q), (q, p)):
            if a.kind == "diag":
                return mul(outside, T(a.args[0]), diagonal(b))
        if _bare(p).kind == "hadamard" or _bare(q).kind == "hadamard":
            h = hadamard([(T(p), U), (q, U)])
            return mul(outside, T(ones(h.rows)), h, ones(h.cols))
    best = min(_turns(chain), key=_rank)
    ring = intern("ring", (ONE, ONE), best, chain=best, params=("closed",), overhead=len(best))
    return mul(outside, ring) if outside is not number(1) else ring


def _bare(x: Node) -> Node:
    return x.args[0] if x.kind == "transpose" else x


def _turns(chain: Sequence[Node]) -> Iterable[tuple[Node, ...]]:
    """All ways of writing one closed chain: rotations of it and of its transpose (of long ones only some)."""
    back = [T(f) for f in reversed(chain)]
    for c in (list(chain), back):
        least = min(f.key for f in c)
        for k, f in enumerate(c):
            if len(c) <= 8 or f.key == least:
                yield tuple(c[k:] + c[:k])


def _trace_one(x: Node) -> Node:
    if is_op(x, "eye"):
        return size_of(x.rows)
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(trace(t), c) for t, c in x.terms])
    if x.kind == "diag":
        return mul(T(ones(x.rows)), x.args[0])
    if x.kind == "transpose":
        return _trace_one(x.args[0])
    if x.kind == "kron" and all(f.rows == f.cols for f in x.args):
        return mul(*(trace(f) for f in x.args))
    if x.kind == "hadamard":
        return mul(T(ones(x.rows)), diagonal(x))
    return intern("ring", (ONE, ONE), (x,), chain=(x,), params=("closed",))


def size_of(d: Dim) -> Node:
    """A size as a scalar: a sum of products of size names."""
    terms: list[tuple[Node, Fraction]] = []
    for monomial, c in d.terms:
        factors = [power(atoms.size(Dim.of(name)), Fraction(p)) for name, p in monomial]
        terms.append((mul(number(1), *factors), c))
    return add(terms) if terms else number(0)


# -- powers and Hadamard products --------------------------------------------------------------------------------------


def nonnegative(x: Node) -> bool:
    """Whether every entry is known to be at least zero."""
    if x.complex and conj(x) is not x:
        return False
    if x.kind == "product":
        inside = _squares(x.terms) and all(nonnegative(f) for f in x.chain)
        return x.coef >= 0 and inside
    if x.kind == "leaf":
        return x.op in ("size", "number", "ones", "eye") or "positive" in atoms.assumptions(x)
    if x.kind == "apply":
        return x.op in POSITIVE or x.op in NONNEGATIVE
    if x.kind == "ring":
        c = x.chain
        if len(c) % 2 == 0 and all(herm(a) is b for a, b in zip(c, reversed(c), strict=True)):
            return True
        return all(nonnegative(f) for f in c)
    if x.kind == "hadamard":
        return _squares(x.terms)
    if x.kind == "sum":
        return all(c > 0 and nonnegative(t) for t, c in x.terms)
    return x.kind in ("transpose", "diag", "diagonal", "vec", "kron") and all(nonnegative(a) for a in x.args)


def _squares(terms: Sequence[Term]) -> bool:
    """Whether a product of bases, known to be real, is one of factors that are not negative, squares and moduli."""
    exponents = dict(terms)
    return all(
        nonnegative(b) or e % 2 == 0 or (b.complex and conj(b) is not b and exponents.get(conj(b)) == e)
        for b, e in terms
    )


def _moduli(bases: dict[Node, Fraction]) -> None:
    """Write √z·√conj(z) as |z|, in place: for complex bases under a root."""
    for z in list(bases):
        e = bases.get(z, Fraction(0))
        if e.denominator != 1 and z.complex and conj(z) is not z and bases.get(conj(z)) == e:
            del bases[z], bases[conj(z)]
            m = elementwise("abs", z)
            bases[m] = bases.get(m, Fraction(0)) + 2 * e


def _root(c: Fraction, e: Fraction) -> Fraction | None:
    """c to the power e when that is rational and easily seen to be."""
    if c == 1:
        return U
    if e.denominator == 1:
        if abs(e) > 64:
            return None
        return c ** int(e) if c or e > 0 else None
    if e.denominator == 2 and c > 0:
        p, q = isqrt(c.numerator), isqrt(c.denominator)
        if p * p == c.numerator and q * q == c.denominator:
            return Fraction(p, q) ** int(e * 2)
    return None


def power(x: Node, e: Fraction | int) -> Node:
    """A scalar to a rational power.  √(s²) is not s unless s is known not to be negative."""
    e = Fraction(e)
    if e == 1:
        return x
    if e == 0:
        return number(1)
    coef, s, _ = parts(x)
    if coef == 0:
        return number(0) if e > 0 else _product(U, {x: e}, (), (ONE, ONE))
    if e.denominator == 1:
        c = _root(coef, e)
        if c is None:
            return _product(U, {x: e}, (), (ONE, ONE))
        return _product(c, {b: a * e for b, a in s}, (), (ONE, ONE))
    outside: dict[Node, Fraction] = {}
    inside: dict[Node, Fraction] = {}
    for b, a in s:
        (outside if nonnegative(b) else inside)[b] = a
    for b in [b for b in inside if b.complex]:
        a = inside.get(b)
        if a is not None and conj(b) is not b and inside.get(conj(b)) == a:
            del inside[b], inside[conj(b)]
            outside[elementwise("abs", b)] = 2 * a
    c = _root(abs(coef), e)
    scalars = {b: a * e for b, a in outside.items()}
    rest = _product(Fraction(1 if coef > 0 else -1), inside, (), (ONE, ONE))
    if c is None:
        c = U
        base = atoms.root_base(abs(coef))
        scalars[base] = scalars.get(base, Fraction(0)) + e
    if rest is not number(1):
        odd = rest.kind == "product" and rest.coef == 1 and len(rest.terms) == 1 and rest.terms[0][1] % 2 == 1
        if odd and not rest.complex:
            b, a = rest.terms[0]
            scalars[b] = scalars.get(b, Fraction(0)) + a * e
        else:
            scalars[rest] = scalars.get(rest, Fraction(0)) + e
    return _product(c, scalars, (), (ONE, ONE))


def hadamard(factors: Iterable[tuple[Node, Fraction]]) -> Node:
    """The entrywise product of bases with exponents; all of one shape (scalars scale)."""
    scalars: list[Node] = []
    bases: dict[Node, Fraction] = {}
    left: list[tuple[Node, Fraction]] = []
    right: list[tuple[Node, Fraction]] = []
    diagonal_only = False
    shape: tuple[Dim, ...] | None = None
    todo = list(factors)
    todo.reverse()
    while todo:
        x, e = todo.pop()
        if e == 0:
            shape = x.shape if not x.scalar else shape
            continue
        if x.scalar:
            scalars.append(power(x, e))
            continue
        shape = x.shape
        if is_zero(x) and e > 0:
            return x
        coef, s, chain = parts(x)
        if coef != 1 or s:
            out = _product(coef, dict(s), (), (ONE, ONE))
            if e.denominator == 1 or nonnegative(out):
                scalars.append(power(out, e))
                x = _product(U, {}, chain, x.shape)
                coef, s, chain = U, (), parts(x)[2]
        if coef != 1 or s:
            bases[x] = bases.get(x, Fraction(0)) + e
            continue
        cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
        if cut and not x.column and not x.row:
            u, w = mul(*chain[:cut]), T(mul(*chain[cut:]))
            if e.denominator == 1 or nonnegative(u) or nonnegative(w):
                left.append((u, e))
                right.append((w, e))
                continue
        if len(chain) > 1 and e.denominator == 1 and not x.column and not x.row:
            if chain[0].kind == "diag":
                left.append((chain[0].args[0], e))
                todo.append((mul(*chain[1:]), e))
                continue
            if chain[-1].kind == "diag":
                right.append((chain[-1].args[0], e))
                todo.append((mul(*chain[:-1]), e))
                continue
        if e > 0 and (is_op(x, "eye") or x.kind == "diag"):
            diagonal_only = True
            if x.kind == "diag":
                left.append((x.args[0], e))
            continue
        if is_op(x, "ones") or (x.kind == "transpose" and is_op(x.args[0], "ones")):
            continue
        inner = _bare(x)
        if inner.kind == "hadamard" and (e.denominator == 1 or nonnegative(inner)):
            turned = x is not inner
            todo.extend((T(b) if turned else b, a * e) for b, a in inner.terms)
            continue
        odd = x.kind == "hadamard" and len(x.terms) == 1 and x.terms[0][1] % 2 == 1
        if e.denominator != 1 and odd and not x.complex:
            b, a = x.terms[0]
            todo.append((b, a * e))
            continue
        bases[x] = bases.get(x, Fraction(0)) + e
    if shape is None:
        return mul(number(1), *scalars)
    moduli = [m for m, e in bases.items() if m.op == "abs" and len(m.args) == 2 and e and e % 2 == 0]
    if moduli:  # |Z|.^2 = Z.*conj(Z)
        pairs = [(z, bases.pop(m) / 2) for m in moduli for z in (m.args[0],)]
        squares = [(z, e) for base, e in pairs for z in (base, conj(base))]
        kept = list(bases.items())
        if diagonal_only:
            kept.append((eye(shape[0]), U))
        spread = [(mul(u, T(ones(shape[1]))), e) for u, e in left] if shape[1] != ONE else left
        spread += [(mul(ones(shape[0]), T(w)), e) for w, e in right]
        return mul(*scalars, hadamard([*kept, *squares, *spread]))
    if any(z.complex for z in bases):
        _moduli(bases)
    _recognise_bases(bases, scalars, left)
    core = _hadamard({b: e for b, e in bases.items() if e}, shape)
    if diagonal_only:
        v = hadamard([*left, *right, *([(diagonal(core), U)] if core is not None else [(ones(shape[0]), U)])])
        return mul(*scalars, diag(v))
    if left or right:
        u = hadamard(left) if left else ones(shape[0])
        w = hadamard(right) if right else ones(shape[1])
        if core is None:
            return mul(*scalars, u, T(w))
        return mul(*scalars, diag(u), core, diag(w)) if not (core.row or core.column) else mul(*scalars, core)
    if core is None:
        core = all_ones(shape)
    return mul(*scalars, core)


def all_ones(shape: tuple[Dim, ...]) -> Node:
    """The array of ones of a shape."""
    if len(shape) != 2:
        return intern("leaf", shape, (), op="ones", params=shape)
    return mul(ones(shape[0]), T(ones(shape[1])))


def _hadamard(bases: dict[Node, Fraction], shape: tuple[Dim, ...]) -> Node | None:
    """The bare node of a Hadamard product, in its one orientation; None when there is nothing in it."""
    if not bases:
        return None
    if len(bases) == 1:
        ((x, e),) = bases.items()
        if e == 1:
            return x
    this = tuple(sorted(bases.items(), key=lambda t: t[0].key))
    if len(shape) > 2:
        return intern("hadamard", shape, tuple(b for b, _ in this), terms=this, overhead=len(this))
    that = tuple(sorted(((T(b), e) for b, e in bases.items()), key=lambda t: t[0].key))
    turn = this != that and _prefer_turned([b for b, _ in this], [b for b, _ in that], shape)
    best, shape = (that, shape[::-1]) if turn else (this, shape)
    overhead = len(best) - 1 + sum(e != 1 for _, e in best)
    node = intern("hadamard", shape, tuple(b for b, _ in best), terms=best, overhead=max(overhead, 1))
    return T(node) if turn else node


def _prefer_turned(this: list[Node], that: list[Node], shape: tuple[Dim, ...]) -> bool:
    """Which of two orientations is kept: columns; then fewer transposes; then the lesser keys."""
    if shape[0] == ONE or shape[1] == ONE:
        return shape[0] == ONE
    a, b = sum(x.flips for x in this), sum(x.flips for x in that)
    return (b, [x.key for x in that]) < (a, [x.key for x in this])


# -- sums --------------------------------------------------------------------------------------------------------------


def add(summands: Iterable[tuple[Node, Fraction | int]]) -> Node:
    """The sum of nodes of one shape with rational coefficients."""
    terms: dict[Node, Fraction] = {}
    shape: tuple[Dim, ...] | None = None
    diagonals: list[tuple[Node, Fraction]] = []
    todo = [(x, Fraction(c)) for x, c in summands]
    todo.reverse()
    while todo:
        x, c = todo.pop()
        shape = x.shape
        if is_zero(x) or c == 0:
            continue
        coef, s, chain = parts(x)
        bare = x
        if coef != 1:
            bare = _product(U, dict(s), chain, x.shape)
            c = c * coef
        inner = bare.args[0] if bare.kind == "transpose" else bare
        if inner.kind == "sum" and inner.weight <= FLAT:
            todo.extend(((T(t) if inner is not bare else t), a * c) for t, a in reversed(inner.terms))
            continue
        if bare.kind == "diag" or (chain and chain[0].kind == "diag" and len(chain) == 1):
            diagonals.append((mul(_product(U, dict(s), (), (ONE, ONE)), chain[0].args[0]), c))
            continue
        terms[bare] = terms.get(bare, Fraction(0)) + c
    if shape is None:
        raise ValueError("a sum of nothing has no shape")
    if diagonals:
        d = add(diagonals)
        if not is_zero(d):
            d = diag(d)
            coef, s, chain = parts(d)
            bare = _product(U, dict(s), chain, d.shape) if coef != 1 else d
            terms[bare] = terms.get(bare, Fraction(0)) + coef
    _recognise_terms(terms)
    terms = {t: c for t, c in terms.items() if c}
    if not terms:
        return zero(*shape) if len(shape) == 2 else intern("leaf", shape, (), op="zeros", params=shape)
    if len(terms) == 1:
        ((x, c),) = terms.items()
        return scale(c, x)
    numerators = denominators = 0
    for c in terms.values():
        numerators = gcd(numerators, c.numerator)
        denominators = (
            denominators * c.denominator // gcd(denominators, c.denominator) if denominators else c.denominator
        )
    content = Fraction(numerators, denominators)
    this = tuple(sorted(((t, c / content) for t, c in terms.items()), key=lambda t: t[0].key))
    turn = False
    if len(shape) == 2 and not (shape[0] == ONE and shape[1] == ONE):
        that = tuple(sorted(((T(t), c) for t, c in this), key=lambda t: t[0].key))
        turn = this != that and _prefer_turned([t for t, _ in this], [t for t, _ in that], shape)
        if turn:
            this, shape = that, (shape[1], shape[0])
    if this[0][1] < 0:
        this, content = tuple((t, -c) for t, c in this), -content
    overhead = len(this) - 1 + sum(abs(c) != 1 for _, c in this)
    node = intern("sum", shape, tuple(t for t, _ in this), terms=this, overhead=overhead)
    return scale(content, T(node) if turn else node)


def plus(x: Node, y: Node, c: Fraction | int = 1) -> Node:
    """x + c·y; a scalar beside an array is added to every entry."""
    if x.scalar and not y.scalar:
        x = mul(x, all_ones(y.shape))
    elif y.scalar and not x.scalar:
        y = mul(y, all_ones(x.shape))
    return add([(x, 1), (y, c)])


# -- transposes and shapes ---------------------------------------------------------------------------------------------


def T(x: Node) -> Node:
    """The transpose."""
    if x.turned is not None:
        return x.turned
    turned = _turn(x)
    x.turned = turned
    if turned.turned is None and turned is not x:
        turned.turned = x
    return turned


def _turn(x: Node) -> Node:
    if len(x.shape) > 2:
        raise FrechetError("unsupported", "a tensor has no transpose: name its axes with einsum")
    if x.scalar or x.kind in ("diag", "ring"):
        return x
    if x.kind == "transpose":
        return x.args[0]
    if x.kind == "product":
        if commuting.joins(x.chain):  # what commutes has an order of its own
            return mul(number(x.coef), *(power(s, e) for s, e in x.terms), *(T(f) for f in reversed(x.chain)))
        return _product(x.coef, dict(x.terms), [T(f) for f in reversed(x.chain)], (x.cols, x.rows))
    if x.kind == "conj" and T(x.args[0]) is x.args[0]:
        return x
    if x.kind == "leaf":
        if x.op == "eye" or not atoms.SYMMETRIC.isdisjoint(atoms.assumptions(x)):
            return x
        if x.op == "commutation":
            return atoms.commutation(x.params[1], x.params[0])
        if x.op == "zeros":
            return zero(x.cols, x.rows)
    if x.kind == "apply" and (x.op in EQUIVARIANT or "elementwise" in x.params) and T(x.args[0]) is x.args[0]:
        return x
    if x.kind == "apply" and spectra.own_transpose(x):
        return x
    if x.kind in ("hadamard", "sum") and not x.column:
        own = all(T(a) is a for a in x.args) or dict(x.terms) == {T(a): c for a, c in x.terms}
        if own:
            return x
    if x.kind == "kron":
        return kron(*(T(f) for f in x.args))
    if x.kind == "einsum":
        spec: str = x.params[0]
        return intern("einsum", (x.cols, x.rows), x.args, params=(spec[:-2] + spec[-1] + spec[-2],), overhead=3)
    return intern("transpose", (x.cols, x.rows), (x,))


def conj(x: Node) -> Node:
    """The conjugate: pushed down to the complex variables, the transpose outside it; what is real stays.

    Of a hermitian variable it is the transpose.  Functions commute with it, or have real values; so no node but a
    leaf ever stands in a ``conj``.
    """
    if not x.complex:
        return x
    if x.conjugate is None:
        for y in postorder([x], _HasConjugate()):
            z = _conjugated(y)
            y.conjugate = z
            if z.conjugate is None:
                z.conjugate = y
    assert x.conjugate is not None
    return x.conjugate


class _HasConjugate:
    """The nodes whose conjugates are there already, as `postorder` wants to know them."""

    def __contains__(self, x: object) -> bool:
        return isinstance(x, Node) and (not x.complex or x.conjugate is not None)


def _conjugated(x: Node) -> Node:
    """The conjugate of a node whose arguments have theirs."""
    from frechet.algebra.rebuild import rebuild  # which calls the constructors here

    if x.kind == "conj":
        return x.args[0]
    if x.kind == "apply":
        if all(conj(a) is a for a in x.args):
            return x
        if x.op not in HOLOMORPHIC:
            raise FrechetError("unsupported", f"{x.op} of a complex argument is not differentiated here")
    if x.kind != "leaf":
        return rebuild(x, conj)
    if x.op == "imaginary":
        return neg(x)
    if any("hermitian" in a for a in atoms.assumptions(x)):
        return T(x)
    return intern("conj", x.shape, (x,))


def require_holomorphic(function: str, x: Node) -> None:
    """Refuse a function of a complex argument that it has no meaning, or no derivative, for."""
    if function not in HOLOMORPHIC and x.complex and conj(x) is not x:
        raise FrechetError("unsupported", f"{function} of a complex argument is not differentiated here")


def herm(x: Node) -> Node:
    """The conjugate transpose."""
    return T(conj(x)) if x.complex else T(x)


def diag(v: Node) -> Node:
    """The diagonal matrix of a column."""
    if v.scalar:
        return v
    coef, s, chain = parts(v)
    if coef != 1 or s:
        return mul(_product(coef, dict(s), (), (ONE, ONE)), diag(_product(U, {}, chain, v.shape)))
    if is_op(v, "ones"):
        return eye(v.rows)
    if is_op(v, "unit"):
        return mul(v, T(v))
    if is_zero(v):
        return zero(v.rows, v.rows)
    return intern("diag", (v.rows, v.rows), (v,))


def diagonal(x: Node) -> Node:
    """The diagonal of a square matrix, as a column."""
    if x.scalar:
        return x
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(_product(coef, dict(s), (), (ONE, ONE)), diagonal(_product(U, {}, chain, x.shape)))
    if is_op(x, "eye"):
        return ones(x.rows)
    if is_zero(x):
        return zero(x.rows, ONE)
    if x.kind == "diag":
        return x.args[0]
    if x.kind == "transpose":
        return diagonal(x.args[0])
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(diagonal(t), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return hadamard([(diagonal(b), e) for b, e in x.terms])
    if x.kind == "apply" and "elementwise" in x.params and len(x.args) == 1:
        return elementwise(x.op, diagonal(x.args[0]), *x.params[1:])
    if x.kind == "product":
        cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
        if cut:
            return hadamard([(mul(*chain[:cut]), U), (T(mul(*chain[cut:])), U)])
        if chain[0].kind == "diag":
            return hadamard([(chain[0].args[0], U), (diagonal(mul(*chain[1:])), U)])
        if chain[-1].kind == "diag":
            return hadamard([(chain[-1].args[0], U), (diagonal(mul(*chain[:-1])), U)])
        inner = [i for i in range(1, len(chain) - 1) if chain[i].kind == "diag"]
        if len(inner) == 1:
            k = inner[0]
            h = hadamard([(mul(*chain[:k]), U), (T(mul(*chain[k + 1 :])), U)])
            return mul(h, chain[k].args[0])
        if len(chain) == 2 and "hadamard" in (_bare(chain[0]).kind, _bare(chain[1]).kind):
            h = hadamard([(chain[0], U), (T(chain[1]), U)])
            return mul(h, ones(h.cols))
        turned = T(x)
        if _rank(turned.chain) < _rank(chain):
            x = turned
    return intern("diagonal", (x.rows, ONE), (x,))


def kron(*factors: Node) -> Node:
    """The Kronecker product, flat; scalars outside, column ⊗ row an outer product."""
    coef, scalars, flat = U, dict[Node, Fraction](), list[Node]()
    rows, cols = ONE, ONE
    for f in factors:
        c, s, chain = parts(f)
        coef *= c
        rows, cols = rows * f.rows, cols * f.cols
        for b, e in s:
            scalars[b] = scalars.get(b, Fraction(0)) + e
        if f.scalar:
            continue
        bare = _product(U, {}, chain, f.shape)
        for g in bare.args if bare.kind == "kron" else (bare,):
            if flat and is_op(flat[-1], "eye") and is_op(g, "eye"):
                flat[-1] = eye(flat[-1].rows * g.rows)
            elif flat and is_op(flat[-1], "ones") and is_op(g, "ones"):
                flat[-1] = ones(flat[-1].rows * g.rows)
            elif flat and is_op(_bare(flat[-1]), "ones") and flat[-1].row and g.row and is_op(_bare(g), "ones"):
                flat[-1] = T(ones(flat[-1].cols * g.cols))
            elif flat and ((flat[-1].column and g.row) or (flat[-1].row and g.column)):
                a = flat.pop()
                flat.append(mul(a, g) if a.column else mul(g, a))
            else:
                flat.append(g)
    if coef == 0 or any(is_zero(f) for f in flat):
        return zero(rows, cols)
    if len(flat) == 1:
        return mul(_product(coef, scalars, (), (ONE, ONE)), flat[0])
    if not flat:
        return _product(coef, scalars, (), (ONE, ONE))
    node = intern("kron", (rows, cols), tuple(flat), overhead=len(flat) - 1)
    return _product(coef, scalars, (node,), (rows, cols))


def vec(x: Node) -> Node:
    """The columns of x, stacked."""
    if x.scalar or x.column:
        return x
    if x.row:
        return T(x)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(_product(coef, dict(s), (), (ONE, ONE)), vec(_product(U, {}, chain, x.shape)))
    if is_zero(x):
        return zero(x.rows * x.cols, ONE)
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:
        return kron(T(mul(*chain[cut:])), mul(*chain[:cut]))
    if x.kind == "unvec":
        return x.args[0]
    return intern("vec", (x.rows * x.cols, ONE), (x,))


def unvec(x: Node, rows: Dim, cols: Dim) -> Node:
    """The rows×cols matrix whose vec is the column x."""
    if cols == ONE:
        return x
    if rows == ONE:
        return T(x)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(_product(coef, dict(s), (), (ONE, ONE)), unvec(_product(U, {}, chain, x.shape), rows, cols))
    if is_zero(x):
        return zero(rows, cols)
    if x.kind == "vec" and x.args[0].rows == rows:
        return x.args[0]
    if is_op(x, "ones"):
        return all_ones((rows, cols))
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(unvec(t, rows, cols), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return hadamard([(unvec(b, rows, cols), e) for b, e in x.terms])
    if x.kind == "kron" and len(x.args) == 2 and all(f.column for f in x.args) and x.args[1].rows == rows:
        return mul(x.args[1], T(x.args[0]))
    return intern("unvec", (rows, cols), (x,), params=(rows, cols), overhead=3)


def einsum(spec: str, args: Sequence[Node], shape: tuple[Dim, ...]) -> Node:
    """A network that is no matrix formula, as it is: `spec` in NumPy's notation over the nodes' axes."""
    coef, scalars, bare = U, dict[Node, Fraction](), list[Node]()
    for a in args:
        c, s, chain = parts(a)
        coef *= c
        for b, e in s:
            scalars[b] = scalars.get(b, Fraction(0)) + e
        bare.append(_product(U, {}, chain, a.shape) if (c != 1 or s) and not a.scalar else a)
    node = intern("einsum", shape, tuple(bare), params=(spec,), overhead=2)
    return (
        _product(coef, scalars, (node,), shape)
        if not node.scalar
        else mul(_product(coef, scalars, (), (ONE, ONE)), node)
    )


# -- functions ---------------------------------------------------------------------------------------------------------


def apply(op: str, args: Sequence[Node], shape: tuple[Dim, ...], *params: object) -> Node:
    """A function the algebra knows nothing more of."""
    return intern("apply", shape, tuple(args), op=op, params=params)


def elementwise(op: str, x: Node, *params: object) -> Node:
    """A function of every entry.  Parity, broadcasts and transposes are moved outside.

    `params` are what the function needs besides (the name and order of a declared function).
    """
    if op == "sqrt":
        return hadamard([(x, Fraction(1, 2))])
    if x.row or (x.kind == "transpose" and not x.column):
        return T(elementwise(op, T(x), *params))
    coef, s, chain = parts(x)
    if coef < 0 and op in ODD:
        return neg(elementwise(op, neg(x), *params))
    if coef < 0 and op in EVEN:
        return elementwise(op, neg(x), *params)
    if coef < 0 and op == "sigmoid":
        return plus(number(1), elementwise(op, neg(x)), -1)
    value = value_of(x)
    if value is not None:
        known = _AT.get((op, value))
        if known is not None:
            return number(known)
        if value > 0 and op == "abs":
            return x
        if value > 0 and op == "sign":
            return number(1)
    if is_zero(x) and (op, Fraction(0)) in _AT:
        return mul(number(_AT[op, Fraction(0)]), all_ones(x.shape))
    if op in ("abs", "relu") and nonnegative(x):
        return x
    if x.complex and op in ("abs", "sign") and conj(x) is not x:
        if op == "sign":
            return hadamard([(x, U), (elementwise("abs", x), -U)])
        both = sorted((x, conj(x)), key=lambda z: (z.bars, z.flips, z.key))
        return intern("apply", x.shape, tuple(both), op=op, params=("elementwise",))
    if op == "sign" and nonnegative(x) and "positive" in atoms.assumptions(x):
        return all_ones(x.shape)
    if op == "exp" and is_op(x, "log"):
        return x.args[0]
    if op == "log":
        found = _log(x)
        if found is not None:
            return found
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:  # f(s·u·1') = f(s·u)·1'
        u, w = mul(*chain[:cut]), T(mul(*chain[cut:]))
        if is_op(w, "ones"):
            return mul(elementwise(op, mul(_product(coef, dict(s), (), (ONE, ONE)), u), *params), T(w))
        if is_op(u, "ones"):
            return mul(u, T(elementwise(op, mul(_product(coef, dict(s), (), (ONE, ONE)), w), *params)))
    if is_op(x, "ones") and coef == 1:
        return mul(x, elementwise(op, number(1), *params))
    turned = T(x) if len(x.shape) == 2 else x
    if turned is not x and not x.column and not x.scalar and _prefer_turned([x], [turned], x.shape):
        return T(intern("apply", turned.shape, (turned,), op=op, params=("elementwise", *params)))
    return intern("apply", x.shape, (x,), op=op, params=("elementwise", *params))


_AT: dict[tuple[str, Fraction], Fraction] = {
    ("exp", Fraction(0)): U, ("log", U): Fraction(0), ("sin", Fraction(0)): Fraction(0), ("cos", Fraction(0)): U,
    ("tanh", Fraction(0)): Fraction(0), ("sinh", Fraction(0)): Fraction(0), ("cosh", Fraction(0)): U,
    ("tan", Fraction(0)): Fraction(0), ("abs", Fraction(0)): Fraction(0), ("sign", Fraction(0)): Fraction(0),
    ("relu", Fraction(0)): Fraction(0), ("step", Fraction(0)): Fraction(0), ("sigmoid", Fraction(0)): Fraction(1, 2),
    ("erf", Fraction(0)): Fraction(0), ("arctan", Fraction(0)): Fraction(0), ("arcsin", Fraction(0)): Fraction(0),
}  # fmt: skip
"""Values of functions that are rational at a rational point."""


def _log(x: Node) -> Node | None:
    """log of what its rules take apart: exp, softmax, sigmoid.  (Of complex numbers log has branches.)"""
    if x.complex and conj(x) is not x:
        return None
    if is_op(x, "exp"):
        return x.args[0]
    if is_op(x, "det"):  # where log det is defined, det is positive
        return logdet(x.args[0])
    if is_op(x, "abs") and len(x.args) == 1 and is_op(x.args[0], "det"):
        return logdet(x.args[0].args[0])
    if is_op(x, "softmax"):
        u, axis = x.args[0], x.params[0]
        lse = logsumexp(u, axis)
        if axis is None:
            return plus(u, lse, -1)
        spread = mul(lse, T(ones(u.cols))) if axis == 2 else mul(ones(u.rows), T(lse))
        return plus(u, spread, -1)
    if is_op(x, "sigmoid"):
        return neg(elementwise("softplus", neg(x.args[0])))
    if x.kind == "sum" and len(x.terms) == 2:
        for (a, ca), (b, cb) in (x.terms, x.terms[::-1]):
            if ca == 1 and cb == -1 and is_op(b, "sigmoid") and _is_ones(a):
                return neg(elementwise("softplus", b.args[0]))
    if x.kind == "ring" and x.scalar:
        u = _sum_of_exp(x)
        if u is not None:
            return logsumexp(u, None)
    return None


def _is_ones(x: Node) -> bool:
    """Whether x is an array of ones (or the number 1)."""
    return value_of(x) == 1 or is_op(x, "ones") or (len(x.shape) == 2 and x is all_ones(x.shape))


def _sum_of_exp(x: Node) -> Node | None:
    """u when x is sum(exp(u))."""
    if x.kind == "ring" and x.params == ("open",):
        c = x.chain
        if len(c) == 2 and is_op(_bare(c[0]), "ones") and is_op(c[1], "exp"):
            return c[1].args[0]
        if len(c) == 2 and is_op(c[1], "ones") and is_op(_bare(c[0]), "exp"):
            return _bare(c[0]).args[0]
        if len(c) == 3 and is_op(_bare(c[0]), "ones") and is_op(c[2], "ones") and is_op(_bare(c[1]), "exp"):
            return _bare(c[1]).args[0]
    return None


def logsumexp(x: Node, axis: int | None) -> Node:
    """log of the sum of exp, over all entries, down the rows (1) or along each row (2)."""
    if axis is None:
        return apply("logsumexp", (x,), (ONE, ONE), axis)
    return apply("logsumexp", (x,), (x.cols if axis == 1 else x.rows, ONE), axis)


def softmax(x: Node, axis: int | None) -> Node:
    """exp(x) over its sum, over all entries, each column (1) or each row (2)."""
    if axis == 1:
        return T(softmax(T(x), 2))
    if axis is None and x.row:
        return T(softmax(T(x), None))
    return apply("softmax", (x,), x.shape, axis)


def _recognise_softmax(scalars: dict[Node, Fraction], chain: list[Node]) -> None:
    """exp(u)/sum(exp(u)) is softmax(u); with the sums along an axis it is softmax(u, axis).  In place."""
    for s, e in list(scalars.items()):
        u = _sum_of_exp(s) if e == -1 else None
        if u is None:
            continue
        for r, k in list(scalars.items()):  # v'·exp(u)/sum(exp(u))
            if (
                k == 1
                and r.kind == "ring"
                and sum(_bare(f).op == "exp" and _bare(f).args[0] is u for f in r.chain) == 1
            ):
                made = softmax(u, None)
                swap = {True: T(made), False: made}
                hit = [(f, _bare(f).op == "exp" and _bare(f).args[0] is u) for f in r.chain]
                scalars[s] = scalars[r] = Fraction(0)
                _absorb(trace(mul(*(swap[f is not _bare(f)] if h else f for f, h in hit))), scalars)
                return
    for k, f in enumerate(chain):
        core = _bare(f)
        if is_op(core, "exp"):
            u = core.args[0]
            for s in list(scalars):
                if scalars[s] == -1 and _sum_of_exp(s) is u:
                    scalars[s] = Fraction(0)
                    made = softmax(u, None)
                    chain[k] = T(made) if f is not core else made
                    return
            for j, rows in ((k - 1, True), (k + 1, False)):
                if 0 <= j < len(chain) and chain[j].kind == "diag":
                    v = chain[j].args[0]
                    total = mul(f, ones(f.cols)) if rows else mul(T(f), ones(f.rows))
                    if v.kind == "hadamard" and dict(v.terms).get(total) == -1:
                        others = [(b, e) for b, e in v.terms if b is not total]
                        made = softmax(T(u) if f is not core else u, 2 if rows else 1)
                        scale_by = [diag(hadamard(others))] if others else []
                        chain[min(j, k) : max(j, k) + 1] = [*scale_by, made] if rows else [made, *scale_by]
                        return


def _recognise_bases(bases: dict[Node, Fraction], scalars: list[Node], left: list[tuple[Node, Fraction]]) -> None:
    """Known functions among the factors of a Hadamard product: 1./(1+exp(-u)), sign(u)./abs(u).  In place."""
    for b in list(bases):
        e = bases[b]
        if b.kind == "sum" and len(b.terms) == 2 and e.denominator == 1 and e < 0:
            for (one, c1), (ex, c2) in (b.terms, b.terms[::-1]):
                if c1 == 1 and c2 == 1 and _is_ones(one) and is_op(ex, "exp"):
                    have = bases.get(ex, Fraction(0))
                    if have == -e:
                        bases[ex], bases[b] = Fraction(0), Fraction(0)
                        s = elementwise("sigmoid", ex.args[0])
                        bases[s] = bases.get(s, Fraction(0)) - e
                    elif have == 0:
                        s = elementwise("sigmoid", neg(ex.args[0]))
                        bases[b] = Fraction(0)
                        bases[s] = bases.get(s, Fraction(0)) - e
                    break
        elif is_op(b, "sign") and e == 1:
            a = elementwise("abs", b.args[0])
            if a in bases and bases[a].denominator == 1 and bases[a] % 2:
                n = bases[a]
                bases[b] = Fraction(0)
                if n == -1 or n == 1:
                    bases[a] = Fraction(0)
                    bases[b.args[0]] = bases.get(b.args[0], Fraction(0)) + n


def _recognise_terms(terms: dict[Node, Fraction]) -> None:
    """Known identities among the terms of a sum: sin² + cos² = 1.  In place."""
    spectra.recognise_terms(terms)
    for t in list(terms):
        base = t.terms[0] if t.kind == "hadamard" and len(t.terms) == 1 else None
        if base and base[1] == 2 and is_op(base[0], "sin"):
            other = hadamard([(elementwise("cos", base[0].args[0]), Fraction(2))])
            c = terms.get(t)
            if c and terms.get(other) == c:
                terms[t] = terms[other] = Fraction(0)
                one = all_ones(t.shape)
                terms[one] = terms.get(one, Fraction(0)) + c


def inverse(x: Node) -> Node:
    """inv(x): of a product the product of inverses in reverse (square factors), of a diagonal entry by entry."""
    if x.scalar:
        return power(x, -1)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        bare = _product(U, {}, chain, x.shape)
        return mul(power(_product(coef, dict(s), (), (ONE, ONE)), -1), inverse(bare))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return x.args[0]
    known = spectra.inverse(x)
    if known is not None:
        return known
    if is_op(x, "commutation") or "orthogonal" in atoms.assumptions(x):
        return T(x)
    if x.kind == "transpose":
        return T(inverse(x.args[0]))
    if x.kind == "diag":
        return diag(hadamard([(x.args[0], Fraction(-1))]))
    if x.kind == "kron" and all(f.rows == f.cols for f in x.args):
        return kron(*(inverse(f) for f in x.args))
    if len(chain) > 1 and all(f.rows == f.cols for f in chain):
        return mul(*(inverse(f) for f in reversed(chain)))
    turned = T(x)
    if turned is not x and (turned.flips, turned.key) < (x.flips, x.key):
        return T(apply("inv", (turned,), turned.shape))
    return apply("inv", (x,), x.shape)


def determinant(x: Node) -> Node:
    """det(x): multiplicative over square factors."""
    if x.scalar:
        return x
    coef, s, chain = parts(x)
    n = x.rows.number
    if (coef != 1 or s) and n is not None:
        outside = _product(coef, dict(s), (), (ONE, ONE))
        return mul(power(outside, n), determinant(_product(U, {}, chain, x.shape)))
    if is_op(x, "eye"):
        return number(1)
    if coef == 1 and not s and len(chain) > 1 and all(f.rows == f.cols for f in chain):
        return mul(*(determinant(f) for f in chain))
    if is_op(x, "inv"):
        return power(determinant(x.args[0]), -1)
    known = spectra.determinant(x)
    if known is not None:
        return known
    if x.kind == "diag":
        return apply("prod", (x.args[0],), (ONE, ONE), None)
    turned = T(x)
    if turned is not x and (turned.flips, turned.key) < (x.flips, x.key):
        x = turned
    return apply("det", (x,), (ONE, ONE))


def logdet(x: Node) -> Node:
    """log |det x|: additive over square factors, of a diagonal the sum of logarithms."""
    if x.scalar:
        return log_abs(x)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        outside = log_abs(_product(coef, dict(s), (), (ONE, ONE)))
        return plus(mul(size_of(x.rows), outside), logdet(_product(U, {}, chain, x.shape)))
    if is_op(x, "eye"):
        return number(0)
    if len(chain) > 1 and all(f.rows == f.cols for f in chain):
        return add([(logdet(f), 1) for f in chain])
    if is_op(x, "inv"):
        return neg(logdet(x.args[0]))
    known = spectra.logdet(x)
    if known is not None:
        return known
    if x.kind == "diag":
        return mul(T(ones(x.rows)), log_abs(x.args[0]))
    turned = T(x)
    if turned is not x and (turned.flips, turned.key) < (x.flips, x.key):
        x = turned
    if x.complex and herm(x) is not x:  # log|det X| = ½ log det X + ½ log det conj(X), each holomorphic
        options = (x, conj(x), herm(x), T(x))
        x = min(options, key=lambda z: (z.bars, z.flips, z.key))
        return apply("logdet", (x, conj(x)), (ONE, ONE))
    return apply("logdet", (x,), (ONE, ONE))


def log_abs(x: Node) -> Node:
    """log |x| entry by entry, smooth wherever it is defined: log(x) for what is positive, else ½ log(x²)."""
    if nonnegative(x):
        return elementwise("log", x)
    return elementwise("log", elementwise("abs", x))


__all__ = [
    "T", "add", "all_ones", "apply", "conj", "determinant", "diag", "diagonal", "einsum", "elementwise",
    "hadamard", "herm", "inverse", "inverses", "kron", "log_abs", "logdet", "logsumexp", "mul", "neg",
    "nonnegative", "order", "parts", "plus", "power", "require_holomorphic", "scale", "size_of", "softmax",
    "trace", "unvec", "vec",
]  # fmt: skip
