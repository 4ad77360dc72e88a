"""inv, det and logdet: multiplicative over square factors."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra.atoms import U, is_op, number, ones
from frechet.algebra.constructors.entrywise import hadamard
from frechet.algebra.constructors.functions import apply, elementwise, under
from frechet.algebra.constructors.powers import nonnegative, power
from frechet.algebra.constructors.products import assemble, mul, neg, parts
from frechet.algebra.constructors.shapes import diag, kron
from frechet.algebra.constructors.sums import add, plus, size_of
from frechet.algebra.constructors.transposes import T, conj, herm
from frechet.algebra.node import Node
from frechet.core.dim import ONE


def inverse(x: Node) -> Node:
    """inv(x): of a product the product of inverses in reverse (square factors), of a diagonal entry by entry."""
    if x.scalar:
        return power(x, -1)
    coef, s, chain = parts(x)
    if coef != 1 or s:
        bare = assemble(U, {}, chain, x.shape)
        return mul(power(assemble(coef, dict(s), (), (ONE, ONE)), -1), inverse(bare))
    if is_op(x, "eye"):
        return x
    if is_op(x, "inv"):
        return x.args[0]
    known = under("inv", x)
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
        outside = assemble(coef, dict(s), (), (ONE, ONE))
        return mul(power(outside, n), determinant(assemble(U, {}, chain, x.shape)))
    if is_op(x, "eye"):
        return number(1)
    if coef == 1 and not s and len(chain) > 1 and all(f.rows == f.cols for f in chain):
        return mul(*(determinant(f) for f in chain))
    if is_op(x, "inv"):
        return power(determinant(x.args[0]), -1)
    known = under("det", x)
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
        outside = log_abs(assemble(coef, dict(s), (), (ONE, ONE)))
        return plus(mul(size_of(x.rows), outside), logdet(assemble(U, {}, chain, x.shape)))
    if is_op(x, "eye"):
        return number(0)
    if len(chain) > 1 and all(f.rows == f.cols for f in chain):
        return add([(logdet(f), 1) for f in chain])
    if is_op(x, "inv"):
        return neg(logdet(x.args[0]))
    known = under("logdet", x)
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
