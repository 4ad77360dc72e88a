"""Structured variables: what a gradient is when the entries are not free.

A symmetric, skew, diagonal, triangular or orthogonal X moves only within its kind, so df = ⟨G, dX⟩ fixes G only up
to what is orthogonal to all such dX.  The gradient *within the structure* is the one G that lies there itself: the
projection P(G) of any other.  It is what a gradient step may use.  The table of derivatives "by the free entries"
(G + G' - diag(diag(G)) for symmetric X) counts an off-diagonal entry twice, because both places move together; it is
no gradient for the inner product ⟨G, X⟩ and a step along it is not steepest descent.
"""

from __future__ import annotations

from fractions import Fraction
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, variable
from frechet.algebra.constructors import T, add, diag, diagonal, hadamard, mul
from frechet.algebra.expand import expand
from frechet.algebra.node import Node, postorder
from frechet.core.dim import settle
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.ops.expressions import variable as leaf
from frechet.ops.matrix.cholesky import FREED
from frechet.ops.shaping import mask

KINDS: dict[str, str] = {
    "symmetric": "symmetric",
    "positive definite": "symmetric",
    "skew": "skew",
    "diagonal": "diagonal",
    "lower triangular": "lower",
    "upper triangular": "upper",
    "orthogonal": "orthogonal",
}
"""Assumptions that tie the entries of a variable to each other, and the kind of tie."""


def kind_of(x: Expr) -> str | None:
    """The structure of a variable; None when its entries are free.

    A triangular matrix that is symmetric, or triangular both ways, is diagonal.

    >>> from frechet.ops.expressions import variable
    >>> kind_of(variable("S", ("n", "n"), ["positive definite"])), kind_of(variable("A", ("n", "n")))
    ('symmetric', None)
    >>> kind_of(variable("D", ("n", "n"), ["symmetric", "lower triangular"]))
    'diagonal'
    """
    kinds = {KINDS[name] for name in x.params[1] if name in KINDS} if len(x.shape) == 2 else set[str]()
    if len(kinds & {"symmetric", "lower", "upper"}) > 1:
        return "diagonal"
    return next(
        (kind for kind in ("diagonal", "symmetric", "skew", "lower", "upper", "orthogonal") if kind in kinds), None
    )


@final
class Structure:
    """A structured variable beside its free twin.

    The calculus works on the twin, whose entries are independent; `back` puts the variable in its place again, and
    a structured increment in that of the twin's, so that X' = X and the like simplify the result.
    """

    def __init__(self, x: Expr) -> None:
        kind = kind_of(x)
        assert kind is not None
        if "orthogonal" in x.params[1] and kind != "orthogonal":
            other = next(name for name in x.params[1] if KINDS.get(name) == kind or name.endswith("triangular"))
            raise FrechetError(
                "unsupported",
                f"{x.params[0]} is said to be orthogonal and {other}: such matrices have no gradient of one kind; "
                "differentiate with one of the two",
            )
        self.kind: str = kind
        self.variable = x
        freed = [FREED] if kind in ("symmetric", "diagonal") else []
        self.twin = leaf(x.params[0], x.shape, [a for a in x.params[1] if a not in KINDS] + freed)

    def project(self, g: Node, x: Node) -> Node:
        """The part of g that lies within the structure (for orthogonal X: in the tangent space at X)."""
        if self.kind == "symmetric":
            return g if symmetric(g) else b.scale(HALF, add([(g, 1), (T(g), 1)]))
        if self.kind == "skew":
            return b.scale(HALF, add([(g, 1), (T(g), -1)]))
        if self.kind == "diagonal":
            return diag(diagonal(g))
        if self.kind == "orthogonal":
            return add([(g, 1), (mul(x, add([(mul(T(x), g), 1), (mul(T(g), x), 1)])), -HALF)])
        triangle = mask(self.kind == "lower", g.rows, g.cols)
        return hadamard([(triangle, Fraction(1)), (g, Fraction(1))])

    def free_entries(self, g: Node) -> Node | None:
        """The derivatives by the independent entries, in the places of both; None where nobody writes that."""
        if self.kind == "symmetric":
            both = [(g, 2)] if symmetric(g) else [(g, 1), (T(g), 1)]
            return add([*both, (diag(diagonal(g)), -1)])
        if self.kind == "skew":
            return add([(g, 1), (T(g), -1)])
        return None

    def increment(self, name: str) -> Node:
        """The increment: of the variable's own kind where that is a linear space."""
        assumed = ("increment", "symmetric") if self.kind == "symmetric" else ("increment",)
        return variable(name, self.variable.shape, assumed)


def symmetric(g: Node) -> bool:
    """Whether a matrix is its transpose, seen at once or once its products are distributed.

    >>> from frechet.language import parse
    >>> from frechet.ops.normalise import node_of
    >>> symmetric(node_of(parse("C'*(R-R*x*x'*R)*C", assumptions={"R": ["symmetric"]}).value))
    True
    """
    if T(g) is g:
        return True
    flat = expand([(g, U), (T(g), -U)])
    return flat is not None and not flat


def vectors(g: Node) -> dict[Node, Node]:
    """Names for the vectors that are sums in g, the residuals x - A*m, so that nothing takes them apart."""
    found = [f for f in postorder([g]) if f.kind == "sum" and f.column]
    return {variable(f"residual {k}", settle(f.shape)): f for k, f in enumerate(found)}


def readings_of(name: str, kind: str) -> dict[str, str]:
    """What each reading of "the derivative" by a structured variable is, who uses it and what it may be used for."""
    steps = {
        "symmetric": "optimisation (Boyd & Vandenberghe) and Riemannian methods use it, and so may a gradient step",
        "orthogonal": "the projection on the tangent space of the Stiefel manifold; a step along it needs a retraction",
    }
    symmetrise = f"it depends on how the expression is written ({name} or {name}'), so symmetrise it before a step"
    return {
        "unconstrained": (
            f"the derivative with every entry free, as if {name} had no structure: what automatic differentiation "
            "returns; "
            + (symmetrise if kind == "symmetric" else "a gradient step with it leaves the structure unless projected")
        ),
        "projected": (
            f"the gradient within the structure, df = ⟨gradient, d{name}⟩ for every d{name} of the same kind: "
            + steps.get(kind, "a gradient step may use it, and stays within the structure")
        ),
        "free entries": (
            "the table of partial derivatives by the independent entries, both places of a pair moving "
            "together: statistics and the Matrix Cookbook print it; it is no gradient, and a step along it is not "
            "steepest descent"
        ),
    }
