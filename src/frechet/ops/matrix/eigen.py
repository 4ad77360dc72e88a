"""Eigenvalues and eigenvectors of a symmetric matrix."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, is_op, number
from frechet.algebra.constructors import T, add, diag, diagonal, hadamard, mul, scale
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape
from frechet.core.facts import Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.records import RECORDS
from frechet.core.words import Telling, Words
from frechet.ops.books import MN8, PP2
from frechet.ops.matrix import values
from frechet.ops.matrix.powers import sqrtm
from frechet.ops.matrix.shared import HORN_JOHNSON, other_way, positive, read_by, square_kept, symmetric
from frechet.ops.rules import rule
from frechet.ops.shapes import square

LARGEST_EXPONENT = 8
"""Powers of eigenvalues above this are not written out as products of matrices."""

SYMMETRIC, DEFINITE = {"X": ("symmetric",)}, {"X": ("positive definite",)}

# -- eigenvalues -------------------------------------------------------------------------------------------------------


def _spectrum(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A square matrix n×n; a vector of length n."""
    return square(shapes[0], unify, "eigvalsh(X) needs a square matrix")[:1]


def eigvalsh(x: Node) -> Node:
    """The eigenvalues of the symmetric part of x, ascending."""
    if x.scalar:
        return x
    outside, x = positive(x)
    if outside is not number(1):
        return mul(outside, eigvalsh(x))
    return b.apply("eigvalsh", (T(x) if other_way(x) else x,), (x.rows, ONE))


def _squared(x: Node) -> Node | None:
    """The squares of the eigenvalues sum to ⟨S, S⟩ for a symmetric S."""
    s = x.args[0]
    return b.trace(mul(s, s)) if symmetric(s) else None


def _d_eigvalsh(y: Node, dx: Node) -> Node:
    """dλ = diag(V'*dX*V)."""
    v = eigvecs(y.args[0])
    return diagonal(mul(T(v), dx, v))


DISTINCT = "where two eigenvalues of {x} are equal, they have no derivative one by one"
"""Of eigenvalues and of their vectors."""

EIGVALSH = Op(
    "eigvalsh",
    _spectrum,
    values.eigvalsh,
    normal=read_by(eigvalsh),
    differential=_d_eigvalsh,
    domain=("spectrum",),
    caution=DISTINCT,
    rules=Rules(again=eigvalsh, summed=rule(lambda x: b.trace(x.args[0])), squared=_squared),
    identities=(
        Identity("sums of eigenvalues", "sum(eigvalsh(X))", "tr(X)", SYMMETRIC, source=HORN_JOHNSON),
        Identity("sums of eigenvalues", "sum(eigvalsh(X).^2)", "sum(X.^2)", SYMMETRIC, source=HORN_JOHNSON),
    ),
    source="Magnus & Neudecker, section 8.9",
    telling=Telling(
        step=Words(
            "An eigenvalue's differential",
            "S*q = λq with a unit q: multiplied by q' from the left the share of dq cancels, and dλ = q'*dS*q.",
            f"{MN8}; {PP2}.3",
        )
    ),
    example="eigvalsh(X)",
    doc="The eigenvalues of a symmetric matrix (of the symmetric part of any), ascending; distinct ones.",
    python=("linalg.eigvalsh",),
    code=Code(axes=2, text="{xp}.linalg.eigvalsh(({0} + {0}.T) / 2)"),
    shown='>>> fr.eigvalsh(fr.matrix("X", 2, 2)).evaluate(X=[[2, 0], [0, 1]]).round(9).tolist()\n[1.0, 2.0]',
)

# -- eigenvectors ------------------------------------------------------------------------------------------------------


def eigvecs(x: Node) -> Node:
    """Orthonormal eigenvectors of the symmetric part of x, in the order of `eigvalsh`."""
    if x.scalar:
        return number(1)
    _, x = positive(x)
    return b.apply("eigvecs", (T(x) if other_way(x) else x,), x.shape)


def _beside(x: Node, y: Node) -> list[Node] | None:
    """V'*V = V*V' = I."""
    f, g = unturned(x), unturned(y)
    inner = x.kind == "transpose" and f is y and f.op == "eigvecs"
    outer = y.kind == "transpose" and g is x and g.op == "eigvecs"
    return [b.eye(x.rows)] if inner or outer else None


def _closing(factors: list[Node]) -> tuple[int, Node] | None:
    """V*diag(f(λ))*V' = f(S) for the eigenvectors V of a symmetric S."""
    first, middle, last = factors[-3:]
    v = unturned(last)
    if v.op == "eigvecs" and last.kind == "transpose" and first is v and middle.kind == "diag":
        found = of_spectrum(middle.args[0], v.args[0])
        return None if found is None else (3, found)
    return None


def of_spectrum(h: Node, s: Node) -> Node | None:
    """f(S) for V*diag(h)*V' with h = f(λ) of the eigenvalues λ of a symmetric S; None where it has no name."""
    if T(s) is not s:
        return None
    spectrum = eigvalsh(s)
    if h is spectrum:
        return s
    if is_op(h, "ones"):
        return b.eye(s.rows)
    if h.kind == "sum":
        parts = [(of_spectrum(t, s), c) for t, c in h.terms]
        kept = [(f, c) for f, c in parts if f is not None]
        return add(kept) if len(kept) == len(parts) else None
    if h.kind == "product" and len(h.chain) == 1:
        inner = of_spectrum(h.chain[0], s)
        outside = [number(h.coef), *(b.power(t, e) for t, e in h.terms)]
        return mul(*outside, inner) if inner is not None else None
    if h.kind == "hadamard":
        found: list[Node] = []
        for t, e in h.terms:
            inner = of_spectrum(t, s)
            if inner is None or abs(e) > LARGEST_EXPONENT or (2 * e).denominator != 1:
                return None
            whole, rest = divmod(abs(e), 1)
            made = [inner] * int(whole) + ([sqrtm(inner)] if rest else [])
            found += made if e > 0 else [b.inverse(f) for f in made]
        return mul(*found)
    if h.kind == "apply" and h.args == (spectrum,):
        for op in RECORDS.values():
            if op.facts.entrywise == h.op:
                return b.again(op.name, s)
    return None


def over_gaps(spectrum: Node, m: Node) -> Node:
    """m[i,j]/(λ[j]-λ[i]), zero on the diagonal."""
    ones = b.ones(spectrum.rows)
    gaps = add([(mul(ones, T(spectrum)), 1), (mul(spectrum, T(ones)), -1), (b.eye(spectrum.rows), 1)])
    return add([(hadamard([(m, Fraction(1)), (gaps, Fraction(-1))]), 1), (diag(diagonal(m)), -1)])


def _d_eigvecs(y: Node, dx: Node) -> Node:
    """dV = V*C with C[i,j] = (V'*dX*V)[i,j]/(λ[j]-λ[i]) off the diagonal."""
    m = mul(T(y), scale(HALF, add([(dx, 1), (T(dx), 1)])), y)
    return mul(y, over_gaps(eigvalsh(y.args[0]), m))


SIGNED_EIGENVECTORS = """
def signed_eigenvectors(x):
    \"\"\"The eigenvectors of the symmetric part of x, the largest entry of each positive.\"\"\"
    v = {xp}.linalg.eigh((x + x.T) / 2)[1]
    largest = v[abs(v).argmax(0), {xp}.arange(len(v))]
    return v * {xp}.sign(largest)
"""
EIGVECS = Op(
    "eigvecs",
    square_kept("eigvecs"),
    values.eigvecs,
    normal=read_by(eigvecs),
    differential=_d_eigvecs,
    domain=("spectrum",),
    caution=DISTINCT,
    rules=Rules(
        again=eigvecs, beside=_beside, closing=_closing, under={"inv": T, "logdet": rule(lambda x: number(0))}
    ),
    identities=(
        Identity("orthonormal vectors", "eigvecs(X)*eigvecs(X)'", "eye(n)", SYMMETRIC, source=HORN_JOHNSON),
        Identity("spectral theorem", "eigvecs(X)*diag(eigvalsh(X))*eigvecs(X)'", "X", SYMMETRIC, source=HORN_JOHNSON),
        Identity(
            "spectral theorem", "eigvecs(X)*diag(exp(eigvalsh(X)))*eigvecs(X)'", "expm(X)", SYMMETRIC,
            source=HORN_JOHNSON,
        ),
        Identity(
            "spectral theorem", "eigvecs(X)*diag(1./eigvalsh(X))*eigvecs(X)'", "inv(X)", DEFINITE, source=HORN_JOHNSON
        ),
    ),
    source="Magnus & Neudecker, section 8.9",
    telling=Telling(
        step=Words(
            "An eigenvector's differential",
            "S*q = λq differentiated: dq has the share p'*dS*q/(λ - μ) along each other eigenvector p, "
            "of eigenvalue μ.",
            f"{MN8}; {PP2}.3",
        )
    ),
    example="eigvecs(X)",
    doc="Orthonormal eigenvectors of a symmetric matrix as columns, in the order of eigvalsh.",
    code=Code(text="signed_eigenvectors({0})", helper=SIGNED_EIGENVECTORS, axes=2, cost=10),
    shown='>>> fr.eigvecs(fr.matrix("X", "n", "n")).shape\n(\'n\', \'n\')',
)  # fmt: skip
