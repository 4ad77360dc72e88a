"""diag and diagonal, Kronecker products, vec and its inverse."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from frechet.algebra.atoms import U, eye, is_op, is_zero, ones, zero
from frechet.algebra.constructors import late
from frechet.algebra.constructors.entrywise import all_ones, hadamard, is_ones
from frechet.algebra.constructors.products import FLAT, assemble, mul, parts, unturned
from frechet.algebra.constructors.sums import add
from frechet.algebra.constructors.transposes import T
from frechet.algebra.node import Node, intern
from frechet.algebra.triangular import is_diagonal, is_triangular
from frechet.core.dim import ONE, Dim, entries


def rank(chain: Sequence[Node]) -> tuple[int, tuple[object, ...]]:
    return sum(f.flips for f in chain), tuple(f.key for f in chain)


def diag(v: Node) -> Node:
    """The diagonal matrix of a column."""
    if v.scalar:
        return v
    coef, s, chain = parts(v)
    if coef != 1 or s:
        return mul(assemble(coef, dict(s), (), (ONE, ONE)), diag(assemble(U, {}, chain, v.shape)))
    if is_op(v, "ones"):
        return eye(v.rows)
    if is_op(v, "unit"):
        return mul(v, T(v))
    if is_zero(v):
        return zero(v.rows, v.rows)
    if v.kind == "sum" and all(is_op(parts(t)[2][0], "ones") for t, _ in v.terms):
        return mul(add([(assemble(*_numbers(t), (), (ONE, ONE)), c) for t, c in v.terms]), eye(v.rows))
    return intern("diag", (v.rows, v.rows), (v,))


def _numbers(x: Node) -> tuple[Fraction, dict[Node, Fraction]]:
    """The coefficient and the scalars of a product."""
    coef, scalars, _ = parts(x)
    return coef, dict(scalars)


def diagonal(x: Node) -> Node:
    """The diagonal of a square matrix, as a column."""
    if x.scalar:
        return x
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(assemble(coef, dict(s), (), (ONE, ONE)), diagonal(assemble(U, {}, chain, x.shape)))
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
        return late.elementwise(x.op, diagonal(x.args[0]), *x.params[1:])
    if is_op(x, "inv") and (is_triangular(x, True) or is_triangular(x, False)):
        return hadamard([(diagonal(x.args[0]), Fraction(-1))])
    if x.kind == "product" and any(all(is_triangular(f, lower) for f in chain) for lower in (True, False)):
        return hadamard([(diagonal(f), U) for f in chain])
    if x.kind == "product":
        cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
        if cut:
            return hadamard([(mul(*chain[:cut]), U), (T(mul(*chain[cut:])), U)])
        if is_diagonal(chain[0]):
            return hadamard([(diagonal(chain[0]), U), (diagonal(mul(*chain[1:])), U)])
        if is_diagonal(chain[-1]):
            return hadamard([(diagonal(chain[-1]), U), (diagonal(mul(*chain[:-1])), U)])
        inner = [i for i in range(1, len(chain) - 1) if chain[i].kind == "diag"]
        if len(inner) == 1:
            k = inner[0]
            h = hadamard([(mul(*chain[:k]), U), (T(mul(*chain[k + 1 :])), U)])
            return mul(h, chain[k].args[0])
        if len(chain) == 2 and "hadamard" in (unturned(chain[0]).kind, unturned(chain[1]).kind):
            h = hadamard([(chain[0], U), (T(chain[1]), U)])
            return mul(h, ones(h.cols))
        turned = T(x)
        if rank(turned.chain) < rank(chain):
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
        bare = assemble(U, {}, chain, f.shape)
        for g in bare.args if bare.kind == "kron" else (bare,):
            if flat and is_op(flat[-1], "eye") and is_op(g, "eye"):
                flat[-1] = eye(flat[-1].rows * g.rows)
            elif flat and is_op(flat[-1], "ones") and is_op(g, "ones"):
                flat[-1] = ones(flat[-1].rows * g.rows)
            elif flat and is_op(unturned(flat[-1]), "ones") and flat[-1].row and g.row and is_op(unturned(g), "ones"):
                flat[-1] = T(ones(flat[-1].cols * g.cols))
            elif flat and ((flat[-1].column and g.row) or (flat[-1].row and g.column)):
                a = flat.pop()
                flat.append(mul(a, g) if a.column else mul(g, a))
            else:
                flat.append(g)
    if coef == 0 or any(is_zero(f) for f in flat):
        return zero(rows, cols)
    if len(flat) == 1:
        return mul(assemble(coef, scalars, (), (ONE, ONE)), flat[0])
    if not flat:
        return assemble(coef, scalars, (), (ONE, ONE))
    node = intern("kron", (rows, cols), tuple(flat), overhead=len(flat) - 1)
    return assemble(coef, scalars, (node,), (rows, cols))


def vec(x: Node) -> Node:
    """The columns of x, stacked."""
    if x.scalar or x.column:
        return x
    if x.row:
        return T(x)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(assemble(coef, dict(s), (), (ONE, ONE)), vec(assemble(U, {}, chain, x.shape)))
    if len(x.shape) > 2 or (x.kind == "unvec" and not x.args[0].column):
        return reshaped(x, entries(x.shape))
    if is_zero(x):
        return zero(x.rows * x.cols, ONE)
    cut = next((i for i in range(1, len(chain)) if chain[i].rows == ONE), 0)
    if cut:
        return kron(T(mul(*chain[cut:])), mul(*chain[:cut]))
    if x.kind == "unvec":
        return x.args[0]
    return intern("vec", (x.rows * x.cols, ONE), (x,))


def reshaped(x: Node, *sizes: Dim) -> Node:
    """The array of these sizes with the entries of x in order, the first index running fastest."""
    shape = sizes if len(sizes) > 2 else (*sizes, *(ONE,) * (2 - len(sizes)))
    if x.shape == shape:
        return x
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(assemble(coef, dict(s), (), (ONE, ONE)), reshaped(assemble(U, {}, chain, x.shape), *sizes))
    if x.kind in ("vec", "unvec"):
        return reshaped(x.args[0], *sizes)
    if is_zero(x):
        return zero(*shape)
    if is_ones(x):
        return all_ones(shape)
    if len(shape) == len(x.shape) == 2:
        return vec(x) if shape[1] == ONE else unvec(vec(x), *shape)
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(reshaped(t, *sizes), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return hadamard([(reshaped(b, *sizes), e) for b, e in x.terms])
    if shape[1] == ONE and len(shape) == 2:
        return intern("vec", shape, (x,))
    return intern("unvec", shape, (x,), params=sizes, overhead=1 + len(sizes))


def unvec(x: Node, rows: Dim, cols: Dim, *more: Dim) -> Node:
    """The rows×cols matrix whose vec is the column x; with more sizes, or of a tensor, any array."""
    if more or not (x.column or x.scalar):
        return reshaped(x, rows, cols, *more)
    if cols == ONE:
        return x
    if rows == ONE:
        return T(x)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        return mul(assemble(coef, dict(s), (), (ONE, ONE)), unvec(assemble(U, {}, chain, x.shape), rows, cols))
    if is_zero(x):
        return zero(rows, cols)
    if x.kind == "vec" and x.args[0].rows == rows and len(x.args[0].shape) == 2:
        return x.args[0]
    if x.kind == "vec" and len(x.args[0].shape) > 2:
        return reshaped(x.args[0], rows, cols)
    if is_op(x, "ones"):
        return all_ones((rows, cols))
    if x.kind == "sum" and x.weight <= FLAT:
        return add([(unvec(t, rows, cols), c) for t, c in x.terms])
    if x.kind == "hadamard":
        return hadamard([(unvec(b, rows, cols), e) for b, e in x.terms])
    if x.kind == "kron" and len(x.args) == 2 and all(f.column for f in x.args) and x.args[1].rows == rows:
        return mul(x.args[1], T(x.args[0]))
    if len(chain) > 1 and chain[0].kind == "kron" and len(chain[0].args) == 2:
        a, b = chain[0].args  # kron(A,B)*vec(V) = vec(B*V*A')
        if b.rows == rows and a.rows == cols:
            return mul(b, unvec(mul(*chain[1:]), b.cols, a.cols), T(a))
    return intern("unvec", (rows, cols), (x,), params=(rows, cols), overhead=3)
