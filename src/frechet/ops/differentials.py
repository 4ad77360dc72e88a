"""The differentials of what is not multilinear: the `differential` field of the records.

Each takes the node y = f(x, …) and the tangents of its arguments and gives dy, linear in the tangents.  Only this
is stated; the adjoint is read off it.  Sources: Magnus & Neudecker, Matrix Differential Calculus, 3rd ed.; Giles,
Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008); Abramowitz &
Stegun for the special functions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.algebra import atoms, directions
from frechet.algebra import build as b
from frechet.algebra.atoms import HALF, U, is_op
from frechet.algebra.build import T, add, elementwise, hadamard, mul, neg, plus, power, scale
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node, postorder
from frechet.core.dim import ONE
from frechet.errors import FrechetError

Differential = Callable[..., Node]


def _normal_density(x: Node) -> Node:
    """φ(x) = exp(-x²/2)/√(2π)."""
    inside = elementwise("exp", scale(-HALF, hadamard([(x, Fraction(2))])))
    return mul(power(atoms.number(2), -HALF), power(atoms.pi(), -HALF), inside)


def _normal_distribution(x: Node) -> Node:
    """Φ(x) = (1 + erf(x/√2))/2."""
    return scale(HALF, plus(elementwise("erf", mul(power(atoms.number(2), -HALF), x)), atoms.number(1)))


def _silu(x: Node) -> Node:
    s = elementwise("sigmoid", x)
    return add([(s, 1), (hadamard([(x, U), (s, U), (plus(atoms.number(1), s, -1), U)]), 1)])


def _sigmoid(x: Node) -> Node:
    s = elementwise("sigmoid", x)
    return hadamard([(s, U), (plus(atoms.number(1), s, -1), U)])


SLOPES: dict[str, Callable[[Node], Node]] = {
    "exp": lambda x: elementwise("exp", x),
    "log": lambda x: hadamard([(x, Fraction(-1))]),
    "abs": lambda x: elementwise("sign", x),
    "sign": lambda x: atoms.zero(*x.shape),
    "step": lambda x: atoms.zero(*x.shape),
    "sin": lambda x: elementwise("cos", x),
    "cos": lambda x: neg(elementwise("sin", x)),
    "tan": lambda x: plus(hadamard([(elementwise("tan", x), Fraction(2))]), atoms.number(1)),
    "arcsin": lambda x: hadamard([(plus(atoms.number(1), hadamard([(x, Fraction(2))]), -1), -HALF)]),
    "arccos": lambda x: neg(hadamard([(plus(atoms.number(1), hadamard([(x, Fraction(2))]), -1), -HALF)])),
    "arctan": lambda x: hadamard([(plus(atoms.number(1), hadamard([(x, Fraction(2))])), Fraction(-1))]),
    "sinh": lambda x: elementwise("cosh", x),
    "cosh": lambda x: elementwise("sinh", x),
    "tanh": lambda x: plus(atoms.number(1), hadamard([(elementwise("tanh", x), Fraction(2))]), -1),
    "erf": lambda x: mul(
        atoms.number(2), power(atoms.pi(), -HALF), elementwise("exp", neg(hadamard([(x, Fraction(2))])))
    ),
    "gamma": lambda x: hadamard([(elementwise("gamma", x), U), (elementwise("digamma", x), U)]),
    "lgamma": lambda x: elementwise("digamma", x),
    "digamma": lambda x: elementwise("polygamma", x, 1),
    "sigmoid": _sigmoid,
    "relu": lambda x: elementwise("step", x),
    "softplus": lambda x: elementwise("sigmoid", x),
    "gelu": lambda x: plus(_normal_distribution(x), hadamard([(x, U), (_normal_density(x), U)])),
    "silu": _silu,
}
"""f' of the functions that act entry by entry."""


def pointwise(name: str) -> Differential:
    """dy = f'(x).*dx."""
    slope = SLOPES[name]

    def differential(y: Node, dx: Node) -> Node:
        return hadamard([(slope(y.args[0]), U), (dx, U)])

    return differential


def declared(y: Node, dx: Node) -> Node:
    """dy = σ'(x).*dx for an unspecified σ (params after "elementwise": its name and how often it is differentiated)."""
    _, name, k = y.params
    return hadamard([(elementwise("declared", y.args[0], name, k + 1), U), (dx, U)])


def polygamma(y: Node, dx: Node) -> Node:
    """ψ_k' = ψ_{k+1}."""
    return hadamard([(elementwise("polygamma", y.args[0], y.params[1] + 1), U), (dx, U)])


def larger(sign: int) -> Differential:
    """max (sign 1) and min (sign -1): each argument where it is the one taken.

    Where the two are equal over more than single points (max(x, min(x,c)) is) exactly one of them counts, so that one
    factor is 1 minus the other; a constant never ties for longer than that.
    """

    def differential(y: Node, dx: Node, dy: Node) -> Node:
        gap = scale(sign, plus(y.args[0], y.args[1], -1))
        first, second = elementwise("step", gap), elementwise("step", neg(gap))
        if all(any(is_op(leaf, "variable") for leaf in postorder([a])) for a in y.args):
            second = plus(atoms.number(1), first, -1)
        return add([(hadamard([(first, U), (dx, U)]), 1), (hadamard([(second, U), (dy, U)]), 1)])

    return differential


def extreme(sign: int) -> Differential:
    """max x (sign 1) and min x (sign -1) of one array: the increment of the entry that is taken.

    That entry is the one whose distance from the extreme is not above 0: 1 - step(max(x)-x) is 1 there, else 0.
    """

    def differential(y: Node, dx: Node) -> Node:
        x = y.args[0]
        ones = b.all_ones(x.shape)
        away = elementwise("step", scale(sign, plus(mul(y, ones), x, -1)))
        taken = plus(ones, away, -1)
        picked = hadamard([(taken, U), (dx, U)])
        if len(x.shape) > 2:
            return b.einsum(f"{LETTERS[: len(x.shape)]}->", [picked], (ONE, ONE))
        return mul(T(b.ones(x.rows)), picked, b.ones(x.cols))

    return differential


def prod(y: Node, dx: Node) -> Node:
    """d Π x = Π x · Σ dx/x, for entries that are not zero."""
    x, axis = y.args[0], y.params[0]
    ratio = hadamard([(x, Fraction(-1)), (dx, U)])
    if axis is None:
        return mul(y, T(b.ones(x.rows)), ratio, b.ones(x.cols))
    sums = T(mul(T(b.ones(x.rows)), ratio)) if axis == 1 else mul(ratio, b.ones(x.cols))
    return hadamard([(y, U), (sums, U)])


def logsumexp(y: Node, dx: Node) -> Node:
    """d log Σ exp x = ⟨softmax(x), dx⟩, along the axis."""
    x, axis = y.args[0], y.params[0]
    weighted = hadamard([(b.softmax(x, axis), U), (dx, U)])
    if axis is None:
        return mul(T(b.ones(x.rows)), weighted, b.ones(x.cols))
    return T(mul(T(b.ones(x.rows)), weighted)) if axis == 1 else mul(weighted, b.ones(x.cols))


def softmax(y: Node, dx: Node) -> Node:
    """ds = s.*dx - s·⟨s, dx⟩, whole or row by row."""
    weighted = hadamard([(y, U), (dx, U)])
    if y.params[0] is None:
        return add([(weighted, 1), (mul(b.trace(mul(T(y), dx)), y), -1)])
    return add([(weighted, 1), (mul(b.diag(mul(weighted, b.ones(y.cols))), y), -1)])


def det(y: Node, dx: Node) -> Node:
    """d det X = det X · tr(X⁻¹ dX) (Jacobi)."""
    x = y.args[0]
    if any(f.cols == ONE for f in x.chain[:-1]):  # x*x' has no inverse at any point, and is a number where n is 1
        raise FrechetError(
            "unsupported",
            f"a column times a row has rank one: its determinant is 0 for every {x.rows} above 1, "
            "and so is every derivative of it",
        )
    return mul(y, b.trace(mul(b.inverse(x), dx)))


def logdet(y: Node, dx: Node, *mirrored: Node) -> Node:
    """d log|det X| = tr(X⁻¹ dX); of a complex X, with its conjugate for a second argument, the real part of that."""
    straight = b.trace(mul(b.inverse(y.args[0]), dx))
    if not mirrored:
        return straight
    return scale(HALF, plus(straight, b.trace(mul(b.inverse(y.args[1]), mirrored[0]))))


def modulus(y: Node, dx: Node, *mirrored: Node) -> Node:
    """d|x| = sign(x).*dx; of a complex x, with its conjugate for a second argument, (x̄.*dx + x.*dx̄)./(2|x|)."""
    if not mirrored:
        return hadamard([(elementwise("sign", y.args[0]), U), (dx, U)])
    x, other = y.args
    straight, turned = hadamard([(other, U), (dx, U)]), hadamard([(x, U), (mirrored[0], U)])
    return scale(HALF, hadamard([(add([(straight, 1), (turned, 1)]), U), (y, -U)]))


def inv(y: Node, dx: Node) -> Node:
    """d X⁻¹ = -X⁻¹ dX X⁻¹."""
    return neg(mul(y, dx, y))


def adj(y: Node, dx: Node) -> Node:
    """d adj X = tr(X⁻¹ dX) adj X - X⁻¹ dX adj X, for X invertible."""
    x = b.inverse(y.args[0])
    return add([(mul(b.trace(mul(x, dx)), y), 1), (mul(x, dx, y), -1)])


def power_symbolic(y: Node, dx: Node, da: Node) -> Node:
    """d x^a = a x^(a-1) dx + x^a log(x) da."""
    x, a = y.args
    if not y.scalar:
        if not atoms.is_zero(da):
            raise FrechetError("unsupported", "the exponent of a matrix power is an integer: no derivative by it")
        return directions.power_frechet(x, a, dx)
    less = b.apply("power", (x, b.plus(a, b.number(-1))), y.shape)
    return add([(mul(a, less, dx), 1), (mul(y, elementwise("log", x), da), 1)])


def epower(y: Node, dx: Node, da: Node) -> Node:
    """d x.^a = a.*x.^a./x.*dx + x.^a.*log(x).*da."""
    x, a = y.args
    less = b.apply("epower", (x, b.plus(a, b.number(-1))), y.shape)
    first = hadamard([(a, U), (less, U), (dx, U)])
    return add([(first, 1), (hadamard([(y, U), (elementwise("log", x), U), (da, U)]), 1)])


__all__ = ["ONE", "SLOPES", "Differential"]
