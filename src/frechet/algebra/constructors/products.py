"""Products: coefficient · scalars · chain.  Scalars leave every chain; a piece of it that is one is cut out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from frechet.algebra.atoms import U, eye, is_op, is_zero, zero
from frechet.algebra.constructors import late
from frechet.algebra.node import Node, Term, intern
from frechet.core.dim import ONE, Dim
from frechet.core.records import having

_RAISED = having("raised")

FLAT = 120
"""Sums heavier than this stay one term of the sum that holds them: a residual stream would grow quadratically."""


def parts(x: Node) -> tuple[Fraction, tuple[Term, ...], tuple[Node, ...]]:
    """A node as coefficient, scalars with exponents, chain."""
    if x.kind == "product":
        return x.coef, x.terms, x.chain
    if x.scalar:
        return U, ((x, U),), ()
    return U, (), (x,)


def assemble(coef: Fraction, scalars: dict[Node, Fraction], chain: Sequence[Node], shape: tuple[Dim, ...]) -> Node:
    """Assemble a product whose chain is already simple."""
    if coef == 0:
        return zero(*shape)
    kept: list[Term] = []
    if any(s.kind == "product" and e.denominator == 1 for s, e in scalars.items()):
        coef, scalars = _opened(coef, scalars)
    if any(s.op in _RAISED and e != 1 for s, e in scalars.items()):
        scalars, apart = _raised(scalars)
        if apart:
            return mul(assemble(coef, scalars, chain, shape), *apart)
    for s, e in scalars.items():
        if e == 0:
            continue
        if s.op == "number" and s.kind == "leaf":
            n = Fraction(s.params[0])
            if e.denominator == 1:
                coef *= n ** int(e)
                continue
            if e == Fraction(-1, 2) and coef.numerator % n == 0:  # 2/√2 = √2
                coef, e = coef / n, -e
        if s.op == "imaginary" and e.denominator == 1:
            coef, e = (-coef if e % 4 > 1 else coef), e % 2
            if e == 0:
                continue
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


def _opened(coef: Fraction, scalars: dict[Node, Fraction]) -> tuple[Fraction, dict[Node, Fraction]]:
    """Products that stood under a root, and do not any more, taken apart."""
    out: dict[Node, Fraction] = {}
    for s, e in scalars.items():
        whole = s.kind == "product" and e.denominator == 1
        coef *= s.coef ** int(e) if whole else 1
        for base, a in s.terms if whole else ((s, U),):
            out[base] = out.get(base, Fraction(0)) + a * e
    return coef, out


def _raised(scalars: dict[Node, Fraction]) -> tuple[dict[Node, Fraction], list[Node]]:
    """Powers that an operation knows a shorter name for: 1/exp(u) is exp(-u).  Those that are products come apart."""
    out: dict[Node, Fraction] = {}
    apart: list[Node] = []
    for s, e in scalars.items():
        rule = _RAISED.get(s.op) if s.kind == "apply" and e not in (0, 1) else None
        made: Node | None = rule(s, e) if rule is not None else None
        if made is None:
            out[s] = out.get(s, Fraction(0)) + e
        elif made.kind == "product":
            apart.append(made)
        else:
            out[made] = out.get(made, Fraction(0)) + 1
    return out, apart


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
        return assemble(coef, scalars, (), shape)
    if len(chain) > 1:
        chain = late.simplify(chain, scalars)
        if any(is_zero(f) for f in chain):
            return zero(*shape)
        chain = _cut(chain, scalars) if chain else []
        c = scalars.pop(_COEF, None)
        if c is not None:
            coef *= c
    if not chain and not (shape[0] == ONE and shape[-1] == ONE):
        chain = [eye(shape[0])]
    late.recognise_product(scalars, chain)
    if len(scalars) > 1 or any(s.kind == "apply" or (s.kind == "sum" and e < 0) for s, e in scalars.items()):
        late.recognise_bases(scalars)
    if _COEF in scalars:
        coef *= scalars.pop(_COEF)
    return assemble(coef, scalars, chain, shape)


_COEF = intern("leaf", (ONE, ONE), (), op="coefficient")
"""A key under which helpers of `mul` leave a rational factor among the scalars (as its exponent)."""


def absorb(node: Node, scalars: dict[Node, Fraction]) -> None:
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
    return assemble(coef * c, dict(s), chain, x.shape)


def neg(x: Node) -> Node:
    """-x."""
    return scale(-1, x)


def two_factors(h: Node) -> tuple[Node, Node] | None:
    """The two factors of A.*B (or A.^2), when that is what a Hadamard product is."""
    t = h.terms
    if len(t) == 2 and t[0][1] == 1 and t[1][1] == 1:
        return t[0][0], t[1][0]
    if len(t) == 1 and t[0][1] == 2:
        return t[0][0], t[0][0]
    return None


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
            absorb(piece[0], scalars)
        else:
            absorb(late.bilinear(piece), scalars)
    return chain[: cuts[0]] + chain[cuts[-1] :]


def unturned(x: Node) -> Node:
    """What is transposed, or the node itself."""
    return x.args[0] if x.kind == "transpose" else x
