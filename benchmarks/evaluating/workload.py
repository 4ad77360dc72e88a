"""What a line of the table is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Arrays = dict[str, Any]
Kind = Literal["gradient", "pullback", "jacobian", "hessian", "hvp", "operator", "sparse"]
Shapes = Mapping[str, list[str | int]]


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    formula, wrt, shapes, assumptions   the problem, as frechet is given it
    kind        what is worked out; "operator" is built and applied once, "sparse" is the sparse matrix
    order       2 where it is the Hessian's, for the kinds that do not say
    arrays      the arrays by name; "dX" is the direction by the variable X, "G" the upstream gradient of a pullback
    losses      the same function for the libraries, of their words and the arrays; the fastest writing counts
    hand        the closed form as an expert writes it with NumPy and SciPy: one array, or a tuple as frechet gives it
    at_least    what peer ÷ ours has to be, where the kind does not say
    zeros       most entries of the matrix are always zero
    """

    name: str
    kind: Kind
    formula: str
    wrt: tuple[str, ...]
    shapes: Shapes
    arrays: Callable[[], Arrays]
    losses: Sequence[Callable[[Any, Arrays], Any]]
    hand: Callable[[Arrays], Any]
    order: int = 1
    assumptions: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    at_least: float | None = None
    zeros: bool = False

    @property
    def title(self) -> str:
        return f"{self.name}, {self.kind}"

    @property
    def second(self) -> bool:
        return self.order == 2 or self.kind in ("hessian", "hvp")


def as_matrix(value: Any) -> Any:
    """A derivative with its axes, first those of the value and then those of the variable, as frechet's matrices list
    it: columns stacked."""
    array = np.asarray(value)
    half = array.ndim // 2
    rows = math.prod(array.shape[:half])
    return np.transpose(array, (*reversed(range(half)), *reversed(range(half, array.ndim)))).reshape(rows, -1)


def parts(value: Any) -> list[Any]:
    """The arrays of a result: one, or those of a tuple of tuples in reading order."""
    if isinstance(value, tuple | list):
        return [each for part in value for each in parts(part)]
    return [value.toarray() if hasattr(value, "toarray") else np.asarray(value)]


def draw(seed: int = 0) -> Callable[..., Any]:
    """Normal arrays of the shapes that are asked for, the same at each run."""
    random = np.random.default_rng(seed)
    return lambda *shape: random.normal(size=shape)


def definite(normal: Callable[..., Any], n: int) -> Any:
    """A positive definite matrix of moderate condition."""
    a = normal(n, n)
    return a @ a.T / n + np.eye(n)


def one_hot(n: int, k: int) -> Any:
    """n rows of k numbers, one of them 1."""
    return np.eye(k)[np.random.default_rng(1).integers(0, k, n)]
