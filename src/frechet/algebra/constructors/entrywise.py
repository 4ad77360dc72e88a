"""Hadamard products: bases with exponents; an outer product among them is a diagonal scaling."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from frechet.algebra.atoms import U, eye, is_op, is_zero, number, ones, value_of
from frechet.algebra.constructors import late, tensors
from frechet.algebra.constructors.powers import join_moduli, nonnegative, power, under_root
from frechet.algebra.constructors.products import assemble, mul, parts, unturned
from frechet.algebra.constructors.transposes import T, conj, prefer_turned
from frechet.algebra.node import Node, intern
from frechet.algebra.triangular import is_triangular
from frechet.core.dim import ONE, Dim
from frechet.core.records import facts


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
    if any(len(x.shape) > 2 for x, _ in todo):
        opened = _opened(todo)
        if opened is not None:
            return opened
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
        if (coef != 1 or s) and not under_root(x, e):
            out = assemble(coef, dict(s), (), (ONE, ONE))
            if e.denominator == 1 or nonnegative(out):
                scalars.append(power(out, e))
                x = assemble(U, {}, chain, x.shape)
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
        inner = unturned(x)
        if inner.kind == "hadamard" and (e.denominator == 1 or nonnegative(inner)):
            turned = x is not inner
            for b, a in inner.terms:  # (x.^2).^(1/2) = abs(x)
                if e.denominator != 1 and a % 2 == 0 and not b.complex and not nonnegative(b):
                    b = late.elementwise("abs", b)
                todo.append((T(b) if turned else b, a * e))
            continue
        odd = x.kind == "hadamard" and len(x.terms) == 1 and x.terms[0][1] % 2 == 1
        if e.denominator != 1 and odd and not x.complex:
            b, a = x.terms[0]
            todo.append((b, a * e))
            continue
        bases[x] = bases.get(x, Fraction(0)) + e
    if shape is None:
        return mul(number(1), *scalars)
    for x in [x for x, e in bases.items() if e.denominator == 1 and parts(x)[:2] != (U, ())]:  # a root was squared
        e = bases.pop(x)
        coef, s, chain = parts(x)
        scalars.append(power(assemble(coef, dict(s), (), (ONE, ONE)), e))
        bare = assemble(U, {}, chain, x.shape)
        bases[bare] = bases.get(bare, Fraction(0)) + e
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
        join_moduli(bases)
    late.recognise_bases(bases)
    masked = _triangle(bases)
    if masked is not None:
        ends = [late.diag(hadamard(side)) if side else eye(d) for side, d in zip((left, right), shape, strict=True)]
        return mul(*scalars, ends[0], masked, ends[1])
    core = _oriented({b: e for b, e in bases.items() if e}, shape)
    if diagonal_only:
        v = hadamard([*left, *right, *([(late.diagonal(core), U)] if core is not None else [(ones(shape[0]), U)])])
        return mul(*scalars, late.diag(v))
    if left or right:
        u = hadamard(left) if left else ones(shape[0])
        w = hadamard(right) if right else ones(shape[1])
        if core is None:
            return mul(*scalars, u, T(w))
        vector = core.row or core.column
        return mul(*scalars, core) if vector else mul(*scalars, late.diag(u), core, late.diag(w))
    if core is None:
        core = all_ones(shape)
    return mul(*scalars, core)


def _opened(factors: list[tuple[Node, Fraction]]) -> Node | None:
    """An entrywise product of tensors of which some are outer products, or the same along an axis, as one network."""
    pieces: dict[Node, tensors.Groups] = {}
    letters = ""
    for x, e in factors:
        _, _, chain = parts(x)
        found = tensors.groups(chain[0]) if chain and e else []
        if found and (e.denominator == 1 or all(nonnegative(piece) for piece, _ in found)):
            pieces[x] = found
            letters = chain[0].params[0].split("->")[1]
    if not pieces:
        return None
    specs: list[str] = []
    nodes: list[Node] = []
    for x, e in reversed(factors):
        if x in pieces:
            coef, s, _ = parts(x)
            specs += ["", *(spec for _, spec in pieces[x])]
            nodes.append(power(assemble(coef, dict(s), (), (ONE, ONE)), e))
            nodes += [hadamard([(piece, e)]) for piece, _ in pieces[x]]
        elif e:
            specs.append("" if x.scalar else "*")
            nodes.append(power(x, e) if x.scalar else hadamard([(x, e)]))
    shape = next(x.shape for x, _ in factors if not x.scalar)
    covered = {c for spec in specs for c in (letters if spec == "*" else spec)}
    for c, d in zip(letters, shape, strict=True):
        if c not in covered:
            specs.append(c)
            nodes.append(ones(d))
    return late.contracted([letters if spec == "*" else spec for spec in specs], letters, nodes)


def _triangle(bases: dict[Node, Fraction]) -> Node | None:
    """The lower triangle of a triangular matrix: itself, or its diagonal; None where there is nothing to say."""
    kept = [b for b, e in bases.items() if e]
    masks = [b for b in kept if unturned(b).kind == "leaf" and facts(unturned(b).op).mask and bases[b] == 1]
    if len(masks) != 1 or len(kept) != 2 or masks[0].rows != masks[0].cols:
        return None
    (mask,) = masks
    other = next(b for b in kept if b is not mask)
    if bases[other] != 1:
        return None
    lower = mask is unturned(mask)
    if is_triangular(other, lower):
        return other
    if is_triangular(other, not lower):
        return late.diag(late.diagonal(other))
    core = unturned(other)
    if core.kind != "sum":
        return None
    terms = [(T(t) if core is not other else t, c) for t, c in core.terms]
    if not any(is_triangular(t, lower) or is_triangular(t, not lower) for t, _ in terms):
        return None
    return late.add([(hadamard([(mask, U), (t, U)]), c) for t, c in terms])


def all_ones(shape: tuple[Dim, ...]) -> Node:
    """The array of ones of a shape."""
    if len(shape) != 2:
        return intern("leaf", shape, (), op="ones", params=shape)
    return mul(ones(shape[0]), T(ones(shape[1])))


def is_ones(x: Node) -> bool:
    """Whether x is an array of ones (or the number 1)."""
    return value_of(x) == 1 or is_op(x, "ones") or (len(x.shape) == 2 and x is all_ones(x.shape))


def _oriented(bases: dict[Node, Fraction], shape: tuple[Dim, ...]) -> Node | None:
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
    turn = this != that and prefer_turned([b for b, _ in this], [b for b, _ in that], shape)
    best, shape = (that, shape[::-1]) if turn else (this, shape)
    overhead = len(best) - 1 + sum(e != 1 for _, e in best)
    node = intern("hadamard", shape, tuple(b for b, _ in best), terms=best, overhead=max(overhead, 1))
    return T(node) if turn else node
