"""frechet: matrix calculus that shows its work and proves it."""

from frechet.derivative import Derivative
from frechet.derive import derive
from frechet.errors import FrechetError
from frechet.formula import Formula, dims, matrix, parse, scalar, tensor, variable, vector

__version__ = "0.1.0"

__all__ = [
    "Derivative",
    "Formula",
    "FrechetError",
    "derive",
    "dims",
    "matrix",
    "parse",
    "scalar",
    "tensor",
    "variable",
    "vector",
]
