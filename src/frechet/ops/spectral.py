"""Matrix functions, decompositions and spectra, and the linear operators in their derivatives."""

from __future__ import annotations

from collections.abc import Callable

from frechet.core.dim import Shape, least, rows_cols, settle, show
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops import spectral_rules as rules
from frechet.ops import spectral_values as values
from frechet.ops.shapes import agree, matrix, shape_error, square

Rule = Callable[[tuple[Shape, ...], Params, Unify], Shape]


def _square(name: str) -> Rule:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """A square matrix; the shape stays."""
        return square(shapes[0], unify, f"{name}(X) needs a square matrix")

    return rule


def _spectrum(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A square matrix n×n; a vector of length n."""
    return square(shapes[0], unify, "eigvalsh(X) needs a square matrix")[:1]


def _of_any(name: str, result: str) -> Rule:
    """The shape of a number ("s"), of the singular values ("v") or vectors ("u", "w"), of the transpose ("t")."""

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k, pinv n×m."""
        m, n = matrix(shapes[0], f"{name}(X) needs a matrix")
        few = least(m, n)
        return {"s": (), "v": settle((few,)), "u": settle((m, few)), "w": settle((n, few)), "t": settle((n, m))}[result]

    return rule


def _direction(name: str) -> Rule:
    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Two square matrices of one size; the shape stays."""
        needs = f"{name}(X,E) needs square matrices of one size"
        return agree(unify, square(shapes[0], unify, needs), shapes[-1], needs)

    return rule


def _sylvester(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A m×m, B n×n, C m×n; the solution is m×n."""
    needs = "sylvester(A,B,C) needs square A and B, and C with the rows of A and the columns of B"
    p, q = (rows_cols(square(s, unify, needs))[0] for s in shapes[:2])
    m, n = matrix(shapes[2], needs)
    try:
        return settle((unify(p, m), unify(q, n)))
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {', '.join(show(s) for s in shapes)}") from trouble


EXPM = Op(
    "expm", _square("expm"), values.expm, normal=rules.reading("expm"), differential=rules.d_expm,
    source="Higham, Functions of Matrices, (10.15)", example="expm(X)", doc="Σ X^k/k!.",
    python=("linalg.expm", "linalg.matrix_exp", "matrix_exp"),
)  # fmt: skip
LOGM = Op(
    "logm", _square("logm"), values.logm, normal=rules.reading("logm"), differential=rules.d_logm,
    domain=("invertible",), source="Higham, Functions of Matrices, (11.9)", example="logm(X+eye(n))",
    doc="The principal logarithm; X has no eigenvalue on the closed negative axis.",
    python=("linalg.logm",),
)  # fmt: skip
SQRTM = Op(
    "sqrtm", _square("sqrtm"), values.sqrtm, normal=rules.reading("sqrtm"), differential=rules.d_sqrtm,
    domain=("invertible",), source="Higham, Functions of Matrices, (6.1)", example="sqrtm(X+eye(n))",
    doc="The principal square root; X has no eigenvalue on the closed negative axis.",
    python=("linalg.sqrtm",),
)  # fmt: skip
PINV = Op(
    "pinv", _of_any("pinv", "t"), values.pinv, normal=rules.reading("pinv"), differential=rules.d_pinv,
    source="Golub & Pereyra 1973, (4.12)", example="pinv(A)",
    doc="The Moore-Penrose inverse; its derivative where the rank does not change.",
    python=("linalg.pinv", "pinverse"),
)  # fmt: skip
CHOL = Op(
    "chol", _square("chol"), values.chol, normal=rules.chol, differential=rules.d_chol, domain=("invertible",),
    source="Murray 2016, (8)", example="chol(X*X'+eye(n))", doc="The lower triangular L with L*L' = X.",
)  # fmt: skip
EIGVALSH = Op(
    "eigvalsh", _spectrum, values.eigvalsh, normal=rules.reading("eigvalsh"), differential=rules.d_eigvalsh,
    domain=("spectrum",), source="Magnus & Neudecker, section 8.9", example="eigvalsh(X)",
    doc="The eigenvalues of a symmetric matrix (of the symmetric part of any), ascending; distinct ones.",
    python=("linalg.eigvalsh",),
)  # fmt: skip
EIGVECS = Op(
    "eigvecs", _square("eigvecs"), values.eigvecs, normal=rules.reading("eigvecs"), differential=rules.d_eigvecs,
    domain=("spectrum",), source="Magnus & Neudecker, section 8.9", example="eigvecs(X)",
    doc="Orthonormal eigenvectors of a symmetric matrix as columns, in the order of eigvalsh.",
)  # fmt: skip
SVDVALS = Op(
    "svdvals", _of_any("svdvals", "v"), values.svdvals, normal=rules.reading("svdvals"),
    differential=rules.d_svdvals, domain=("singular values",), source="Townsend 2016", example="svdvals(A)",
    doc="The singular values, descending; distinct ones, none of them zero.",
    python=("linalg.svdvals",),
)  # fmt: skip
SVD_U = Op(
    "svd_u", _of_any("svd_u", "u"), values.svd_u, normal=rules.reading("svd_u"), differential=rules.d_svd_u,
    domain=("singular values",), source="Townsend 2016", example="svd_u(A)",
    doc="Left singular vectors as columns: X = svd_u(X)*diag(svdvals(X))*svd_v(X)'.",
)  # fmt: skip
SVD_V = Op(
    "svd_v", _of_any("svd_v", "w"), values.svd_v, normal=rules.reading("svd_v"), differential=rules.d_svd_v,
    domain=("singular values",), source="Townsend 2016", example="svd_v(A)",
    doc="Right singular vectors as columns.",
)  # fmt: skip
NORM_NUCLEAR = Op(
    "norm_nuclear", _of_any("norm_nuclear", "s"), values.norm_nuclear, normal=rules.reading("norm_nuclear"),
    differential=rules.d_norm_nuclear, source="Watson 1992", example="norm_nuclear(A)",
    doc="The sum of the singular values; its derivative at full rank.",
)  # fmt: skip
NORM_SPECTRAL = Op(
    "norm_spectral", _of_any("norm_spectral", "s"), values.norm_spectral, normal=rules.reading("norm_spectral"),
    differential=rules.d_norm_spectral, source="Watson 1992", example="norm_spectral(A)",
    doc="The largest singular value; its derivative where that is simple.",
)  # fmt: skip
PHI = Op(
    "phi", _square("phi"), values.phi, normal=rules.phi, source="Murray 2016, (8)", example="phi(X)",
    doc="The lower triangle, the diagonal halved.",
)  # fmt: skip
EXPM_FRECHET = Op(
    "expm_frechet", _direction("expm_frechet"), values.expm_frechet, normal=rules.reading("expm_frechet"),
    differential=rules.linear_only("expm_frechet"), adjoint=rules.adjoint("expm_frechet"),
    kronecker=rules.kronecker("expm_frechet"), source="Higham, Functions of Matrices, (10.15)",
    example="expm_frechet(X,E)", doc="The derivative of expm at X in the direction E.",
)  # fmt: skip
LOGM_FRECHET = Op(
    "logm_frechet", _direction("logm_frechet"), values.logm_frechet, normal=rules.reading("logm_frechet"),
    differential=rules.linear_only("logm_frechet"), adjoint=rules.adjoint("logm_frechet"),
    kronecker=rules.kronecker("logm_frechet"), domain=("invertible", "any"),
    source="Higham, Functions of Matrices, (11.9)", example="logm_frechet(X+eye(n),E)",
    doc="The derivative of logm at X in the direction E.",
)  # fmt: skip
SYLVESTER = Op(
    "sylvester", _sylvester, values.sylvester, normal=rules.reading("sylvester"), differential=rules.d_sylvester,
    adjoint=rules.sylvester_adjoint, kronecker=rules.sylvester_kronecker,
    source="Higham, Functions of Matrices, appendix B.14", example="sylvester(A,B,C)",
    doc="The Y with A*Y + Y*B = C.",
)  # fmt: skip

SPECTRAL = (
    EXPM, LOGM, SQRTM, PINV, CHOL, EIGVALSH, EIGVECS, SVDVALS, SVD_U, SVD_V, NORM_NUCLEAR, NORM_SPECTRAL, PHI,
    EXPM_FRECHET, LOGM_FRECHET, SYLVESTER,
)  # fmt: skip
