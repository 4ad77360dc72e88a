"""Functions of a whole matrix beyond determinant and inverse: matrix functions, factorisations, spectra.

Each file holds one family: the records with their shape rules, constructors, identities and differentials.  `values`
computes them.  Sources: Higham, Functions of Matrices (2008), chapters 3, 6, 10, 11; Golub & Pereyra, SIAM J. Numer.
Anal. 10 (1973), for pinv; Murray, Differentiation of the Cholesky decomposition (2016); Magnus & Neudecker, chapter 8,
and Townsend, Differentiating the singular value decomposition (2016), for eigenvalues, singular values, their vectors.
"""

from __future__ import annotations

from frechet.ops.matrix.cholesky import CHOL, PHI
from frechet.ops.matrix.eigen import EIGVALSH, EIGVECS
from frechet.ops.matrix.exponential import EXPM, EXPM_FRECHET, EXPM_KRONECKER, LOGM, LOGM_FRECHET
from frechet.ops.matrix.linear_equations import SYLVESTER
from frechet.ops.matrix.orthogonal_triangular import QR_Q, QR_R
from frechet.ops.matrix.powers import POWER, POWER_FRECHET, POWER_KRONECKER, SQRTM
from frechet.ops.matrix.pseudoinverse import PINV
from frechet.ops.matrix.riccati import CARE, DARE
from frechet.ops.matrix.singular import NORM_NUCLEAR, NORM_SPECTRAL, SVD_U, SVD_V, SVDVALS
from frechet.ops.matrix.stein import STEIN

MATRIX = (
    EXPM, LOGM, SQRTM, PINV, CHOL, EIGVALSH, EIGVECS, SVDVALS, SVD_U, SVD_V, NORM_NUCLEAR, NORM_SPECTRAL, PHI,
    EXPM_FRECHET, LOGM_FRECHET, SYLVESTER, QR_Q, QR_R, STEIN, CARE,
    DARE,
)  # fmt: skip
"""Those that the language has a name for; `POWER` stands with the arithmetic."""
UNSPOKEN = (POWER_FRECHET, POWER_KRONECKER, EXPM_KRONECKER)
"""Those that it has none for: each is written with others."""

__all__ = ["MATRIX", "POWER", "UNSPOKEN"]
