"""The Jacobian or Hessian as a linear operator of SciPy that keeps its structure."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, final, overload

import numpy as np
from numpy.typing import ArrayLike

from frechet.errors import FrechetError
from frechet.operators import iteration
from frechet.operators.factored import Factored
from frechet.operators.outside import iterative, sparse
from frechet.operators.solving import factored
from frechet.operators.structure import Array, Structure
from frechet.operators.values import LIMIT, in_words

LinearOperator: Any = iterative().LinearOperator

ACCEPTED = 1e-7
"""‖J·x - b‖ / ‖b‖ that a factorisation may miss."""
SPARSE = 4
"""Written sparse where at most one in so many entries differs from zero."""


@final
class Operator(LinearOperator):
    """A matrix that is kept as its structure: ``J @ v``, ``J.T @ g``, ``J.solve(b)``, ``str(J)``.

    It works wherever SciPy takes a LinearOperator (`cg`, `eigsh`, `lsqr`, …).

    >>> import frechet as fr
    >>> J = fr.derive("A*B", wrt="B").operator(A=[[1, 2], [3, 4]], p=3)
    >>> J.structure, J.shape, (J @ [1, 0, 0, 0, 0, 0]).tolist()
    (<kron 6×6: I(3) ⊗ A>, (6, 6), [1.0, 3.0, 0.0, 0.0, 0.0, 0.0])
    """

    def __init__(self, structure: Structure, title: str = "operator", symmetric: bool = False) -> None:
        LinearOperator.__init__(self, dtype=np.dtype(float), shape=structure.shape)
        self.structure: Final = structure
        self.title = title
        self._known_symmetric = symmetric
        self._factors: dict[float, Factored | None] = {}

    shape: tuple[int, int]

    @cached_property
    def symmetric(self) -> bool:
        """Whether the operator is known to equal its transpose."""
        return self.structure.square and (self._known_symmetric or self.structure.symmetric)

    # -- multiplying ---------------------------------------------------------------------------------------------------

    @overload
    def __matmul__(self, x: Operator) -> Any: ...
    @overload
    def __matmul__(self, x: ArrayLike) -> Array: ...
    def __matmul__(self, x: Any) -> Any:
        """The product with a vector, a block of columns, or another operator (then an operator of SciPy)."""
        return LinearOperator.__matmul__(self, x if isinstance(x, LinearOperator) else np.asarray(x))

    @property
    def T(self) -> Operator:
        """The transpose: the Jacobian in the other layout."""
        return self._transpose()

    def _matvec(self, x: Array) -> Array:
        return self._times(self.structure, x).reshape(-1)

    def _matmat(self, X: Array) -> Array:
        return self._times(self.structure, X)

    def _rmatvec(self, x: Array) -> Array:
        return self._times(self.structure.T, x).reshape(-1)

    def _rmatmat(self, X: Array) -> Array:
        return self._times(self.structure.T, X)

    def _times(self, s: Structure, x: Array) -> Array:
        block = _real(x).reshape(s.shape[1], -1)
        made = s.apply(block)
        return made.copy() if np.may_share_memory(made, block) else made

    def _transpose(self) -> Operator:
        return Operator(self.structure.T, f"transpose of {self.title}", self._known_symmetric)

    def _adjoint(self) -> Operator:
        return self._transpose()

    # -- written out ---------------------------------------------------------------------------------------------------

    def to_dense(self, force: bool = False) -> Array:
        """All entries, each written once into one array; above 200 MB only with ``force=True``.

        >>> import frechet as fr
        >>> fr.derive("x'*A*x", wrt="x", order=2).operator(A=[[1, 2], [3, 4]]).to_dense().tolist()
        [[2.0, 5.0], [5.0, 8.0]]
        """
        needed = 8 * self.structure.size
        if needed > LIMIT and not force:
            rows, columns = self.shape
            said = f"written out it has {rows}×{columns} entries, {in_words(needed)}: to_dense(force=True) does it"
            raise FrechetError("limit", said)
        return self.structure.dense()

    def to_sparse(self, force: bool = False) -> Any:
        """The entries that may differ from zero, as a csr_array of scipy.sparse; refused where that is most of them.

        >>> import frechet as fr
        >>> fr.derive("A.*B", wrt="A").operator(B=[[1, 2], [3, 4]]).to_sparse().nnz
        4
        """
        s = self.structure
        needed = 16 * s.nonzeros
        if not force and (needed > LIMIT or (s.nonzeros * SPARSE > s.size and s.size > 10_000)):
            share = 100 * s.nonzeros / s.size
            said = f"{s.nonzeros} entries ({share:.3g} %) may differ from zero, {in_words(needed)}"
            raise FrechetError("limit", f"{said}: to_sparse(force=True) writes them, to_dense() writes all")
        rows, columns, values = s.coordinates()
        return sparse().csr_array((values, (rows, columns)), shape=s.shape)

    def diagonal(self) -> Array:
        """The entries on the diagonal, without the others.

        >>> import frechet as fr
        >>> fr.derive("softmax(x)", wrt="x").operator(x=[0, 0]).diagonal().tolist()
        [0.25, 0.25]
        """
        return np.array(self.structure.diagonal())

    def trace(self) -> float:
        """The sum of the diagonal of a square operator."""
        self._needs_square("a trace")
        return float(self.structure.diagonal().sum())

    # -- solving -------------------------------------------------------------------------------------------------------

    def solve(
        self, b: ArrayLike, damping: float = 0.0, tolerance: float = iteration.TOLERANCE, steps: int | None = None
    ) -> Array:
        """x with (J + damping·I)·x = b, for a vector or a block of columns.

        By the factors of a Kronecker product, by Woodbury's formula for diagonal plus low rank, by Sylvester's
        equation or eigenvectors for sums of Kronecker products, written out where it is small or full; else by
        conjugate gradients or GMRES with the diagonal or the diagonal blocks as preconditioner, until
        ‖(J + damping·I)·x - b‖ ≤ tolerance·‖b‖, in at most `steps` steps.  What is not reached is refused.

        >>> import frechet as fr
        >>> H = fr.derive("norm2(T-U*V')^2", wrt="U", order=2).operator(V=[[1, 0], [0, 2]], m=3)
        >>> H.solve([2, 2, 2, 8, 8, 8]).tolist()
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
        """
        self._needs_square("a solution")
        given = _real(b)
        if given.ndim not in (1, 2) or given.shape[0] != self.shape[0]:
            raise FrechetError("shape", f"the right side has {self.shape[0]} rows; got {given.shape}")
        if not np.isfinite(given).all():
            raise FrechetError("input", "the right side has entries that are no finite numbers")
        block = np.ascontiguousarray(given.reshape(len(given), -1))
        found = self._factor(float(damping))
        if found is not None:
            x = self._checked(found, block, float(damping))
        else:
            x = iteration.solve(self.structure, block, float(damping), self.symmetric, tolerance, steps)
        return np.asarray(x).reshape(given.shape)

    def _checked(self, found: Factored, block: Array, damping: float) -> Array:
        """The solution, once improved by what it misses; refused where it is none."""
        x = found.solve(block)
        size = max(float(np.linalg.norm(block)), np.finfo(float).tiny)
        for allowed in (1e-10, ACCEPTED):
            left = block - self.structure.apply(x) - damping * x
            missed = float(np.linalg.norm(left)) / size
            if missed <= allowed:
                return x
            if allowed < ACCEPTED:
                x = x + found.solve(left)
        said = f"singular, or nearly: the residual is {missed:.1e} of the right side"
        raise FrechetError("input", f"the matrix is {said}; pass damping=… (a positive number)")

    def _factor(self, damping: float) -> Factored | None:
        if damping not in self._factors:
            self._factors = {damping: factored(self.structure, damping, symmetric=self.symmetric)}
        return self._factors[damping]

    def slogdet(self) -> tuple[float, float]:
        """The sign of the determinant and the logarithm of its modulus, where the structure gives them.

        >>> import frechet as fr
        >>> sign, log = fr.derive("A*B", wrt="B").operator(A=[[2, 0], [0, 2]], p=3).slogdet()
        >>> sign, round(log, 6)
        (1.0, 4.158883)
        """
        self._needs_square("a determinant")
        found = self._factor(0.0)
        if found is None:
            said = "the structure gives no determinant: numpy.linalg.slogdet(J.to_dense()) works it out"
            raise FrechetError("unsupported", said)
        return found.sign, found.log

    def logdet(self) -> float:
        """The logarithm of a positive determinant."""
        sign, log = self.slogdet()
        if sign <= 0:
            raise FrechetError("input", "the determinant is negative: slogdet() gives its sign and log|det|")
        return log

    # -- shown ---------------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        rows, columns = self.shape
        s = self.structure
        share = 100 * s.nonzeros / s.size if s.size else 0
        pattern = "full" if s.nonzeros >= s.size else f"at most {s.nonzeros} entries differ from zero ({share:.2g} %)"
        return (
            f"{self.title}, {rows}×{columns}\n{s.said()[0]}\n"
            f"stored: {s.stored} numbers, {in_words(8 * s.stored)}; written out {in_words(8 * s.size)}\n"
            f"pattern: {pattern}{self._picture()}"
        )

    def _picture(self) -> str:
        """The pattern of a small operator: which entries differ from zero."""
        s = self.structure
        if s.nonzeros >= s.size or max(self.shape) > 24:
            return ""
        return "\n" + "\n".join("".join("×" if entry else "·" for entry in row) for row in s.dense())

    def __reduce__(self) -> tuple[type[Operator], tuple[Structure, str, bool]]:
        return Operator, (self.structure, self.title, self._known_symmetric)  # without what was factored

    def __repr__(self) -> str:
        return f"<{self.shape[0]}×{self.shape[1]} {self.title}: {self.structure.said()[0]}>"

    def _needs_square(self, what: str) -> None:
        if not self.structure.square:
            raise FrechetError("shape", f"{what} needs a square operator; this one is {self.shape[0]}×{self.shape[1]}")


def _real(x: Any) -> Array:
    """An array of real numbers."""
    array = np.asarray(x)
    if np.iscomplexobj(array):
        raise FrechetError("input", "the operator is real; got complex numbers")
    return np.asarray(array, dtype=float)
