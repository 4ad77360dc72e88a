"""Sums: primitive (coprime integer coefficients), sign and orientation fixed, equal terms collected."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd

from frechet.algebra import atoms
from frechet.algebra.atoms import U, is_zero, number, zero
from frechet.algebra.constructors import late
from frechet.algebra.constructors.powers import power
from frechet.algebra.constructors.products import FLAT, assemble, mul, parts, scale, unturned
from frechet.algebra.constructors.transposes import T, prefer_turned
from frechet.algebra.node import Node, intern
from frechet.core.dim import ONE, Dim


def size_of(d: Dim) -> Node:
    """A size as a scalar: a sum of products of size names."""
    terms: list[tuple[Node, Fraction]] = []
    for monomial, c in d.terms:
        factors = [power(atoms.size(Dim.of(name)), Fraction(p)) for name, p in monomial]
        terms.append((mul(number(1), *factors), c))
    return add(terms) if terms else number(0)


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
            bare = assemble(U, dict(s), chain, x.shape)
            c = c * coef
        inner = unturned(bare)
        if inner.kind == "sum" and inner.weight <= FLAT:
            todo.extend(((T(t) if inner is not bare else t), a * c) for t, a in reversed(inner.terms))
            continue
        if bare.kind == "diag" or (chain and chain[0].kind == "diag" and len(chain) == 1):
            diagonals.append((mul(assemble(U, dict(s), (), (ONE, ONE)), chain[0].args[0]), c))
            continue
        terms[bare] = terms.get(bare, Fraction(0)) + c
    if shape is None:
        raise ValueError("a sum of nothing has no shape")
    if diagonals:
        d = add(diagonals)
        if not is_zero(d):
            d = late.diag(d)
            coef, s, chain = parts(d)
            bare = assemble(U, dict(s), chain, d.shape) if coef != 1 else d
            terms[bare] = terms.get(bare, Fraction(0)) + coef
    late.recognise_terms(terms)
    terms = {t: c for t, c in terms.items() if c}
    if not terms:
        return zero(*shape)
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
        turn = this != that and prefer_turned([t for t, _ in this], [t for t, _ in that], shape)
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
        x = mul(x, late.all_ones(y.shape))
    elif y.scalar and not x.scalar:
        y = mul(y, late.all_ones(x.shape))
    return add([(x, 1), (y, c)])
