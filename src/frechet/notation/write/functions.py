"""Functions of arguments, their transposes and Kronecker products: f(X)' = f(X') is written the shorter way."""

from __future__ import annotations

from frechet.algebra.constructors import T
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.expr import Expr
from frechet.core.records import facts, looks
from frechet.notation.signs import NONE
from frechet.notation.write.entrywise import hadamard, is_mask
from frechet.notation.write.pen import Pen
from frechet.notation.write.sums import oriented, terms_of
from frechet.ops import record
from frechet.ops.expressions import apply


def function(w: Pen, x: Node) -> Expr:
    """f(X), or f(X')' where X' is the shorter argument; an even function takes its argument either way round."""
    if _turnable(x) and _shorter_turned(w, x.args[0]):
        return apply("transpose", (_function_of(w, x, T(x.args[0])),))
    params = x.params[1:] if x.params[:1] == ("elementwise",) else x.params
    if x.op in ("power", "epower"):
        return apply(x.op, tuple(w.write(a) for a in x.args))
    written = record(x.op).written
    if written is not None:
        return written(*(w.write(a) for a in x.args))
    if facts(x.op).mirror == "even" and len(x.args) == 1:
        return apply(x.op, (oriented(w, x.args[0]),), params)
    if facts(x.op).real:  # of a complex argument: the second is its conjugate
        return apply(x.op, (w.write(x.args[0]),))
    return apply(x.op, tuple(w.write(a) for a in x.args), params)


def transpose(w: Pen, x: Node, flips: frozenset[Node] = NONE) -> Expr:
    """X', moved inside a function, a sum or a Hadamard product where that is shorter."""
    inner = x.args[0]
    if _turnable(inner) and _shorter_turned(w, inner.args[0]):
        return _function_of(w, inner, T(inner.args[0]))
    if inner.kind == "leaf" and looks(inner.op).turned:
        return apply(looks(inner.op).turned, (apply("ones", (), (x.rows, x.cols)),))
    if inner.kind in ("hadamard", "sum"):
        terms = tuple((T(base), e) for base, e in inner.terms)
        sign = -1 if inner in flips else 1
        turned = hadamard(w, terms, flips) if inner.kind == "hadamard" else terms_of(w, terms, x.shape, sign)
        plain = apply("transpose", (w.factor(inner, flips),))
        masked = any(is_mask(unturned(base)) for base, _ in inner.terms)
        return turned if w.count(turned) < w.count(plain) + masked else plain
    return apply("transpose", (w.factor(inner, flips),))


def kron(w: Pen, factors: tuple[Node, ...], flips: frozenset[Node]) -> Expr:
    """kron(A,kron(B,C)), with the differences in `flips` turned round."""
    e = w.factor(factors[-1], flips)
    for f in reversed(factors[:-1]):
        e = apply("kron", (w.factor(f, flips), e))
    return e


def _turnable(x: Node) -> bool:
    """Whether a function may be written of the transpose: f(X)' = f(X')."""
    return x.kind == "apply" and len(x.args) == 1 and record(x.op).turned is not None


def _shorter_turned(w: Pen, argument: Node) -> bool:
    """Whether f(X) is written through f(X') because X' is the shorter argument."""
    return len(argument.shape) == 2 and w.cost(T(argument)) < w.cost(argument)


def _function_of(w: Pen, x: Node, turned: Node) -> Expr:
    """f of the transposed argument."""
    with_params = record(x.op).turned
    assert with_params is not None, x.op
    params = x.params[1:] if x.params[:1] == ("elementwise",) else x.params
    return apply(x.op, (w.write(turned),), with_params(params))
