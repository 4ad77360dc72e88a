"""Where a formula may hold: regions that have a name, how an array is brought into one, and out of it.

A region says of one array, a variable's or that of a part of the formula, what a person would say: `x > 0`, `x has no
zero entry`, `A has full column rank`.  Everything known of a region stands in its record; a test draws inside and
outside each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any, Literal, final

import numpy as np

from frechet.core.dim import Shape

Kind = Literal["entries", "array", "matrix", "square"]
NEAR = 1e-6
"""Nearer to its boundary than this nothing is said of being inside a region."""
FEW = 1e-9
"""Singular values below this share of the largest are rounding."""


@final
@dataclass(frozen=True)
class Region:
    """A region.

    number, array   what is said of a number and of an array ({x} is its name); empty where nothing is said of one
    kind            what it speaks of: any array by its entries, any but a number, a matrix that is not square, a square
    holds           whether an array lies inside; None on the brink
    inside          an array like the given one, inside
    outside         an array like the given one, outside
    """

    number: str
    array: str
    kind: Kind
    holds: Callable[[Any], bool | None]
    inside: Callable[[Any], Any]
    outside: Callable[[Any], Any]

    @property
    def ordered(self) -> bool:
        """Whether it compares numbers, so that it says nothing of complex ones."""
        return self.kind == "entries" and self.holds is not _nonzero

    def speaks_of(self, shape: Shape) -> bool:
        """Whether it can be said of an array of this shape."""
        if not shape:
            return bool(self.number)
        alike = len(shape) == 2 and shape[0] == shape[1]
        if self.kind == "matrix":
            return len(shape) == 2 and not alike
        return bool(self.array) and (self.kind in ("entries", "array") or alike)

    def said(self, name: str, shape: Shape) -> str:
        """What is said of an array of that name.

        >>> BY_WORDS["{x} has no zero entry"].said("b", ()), BY_WORDS["{x} > 0"].said("A*x", ("m",))
        ('b is not zero', 'A*x > 0')
        """
        return (self.array if shape else self.number).format(x=name)


def _least(m: Any) -> float:
    part: Any = np.real(m)
    return float(np.min(part, initial=np.inf))


def _most(m: Any) -> float:
    return -_least(-m)


def _eigenvalues(m: Any) -> Any:
    """The eigenvalues; a number's is itself."""
    return np.asarray(np.linalg.eigvals(m) if np.ndim(m) == 2 else np.reshape(m, (-1,)), dtype=complex)


def _speed(m: Any) -> float:
    """The largest imaginary part of an eigenvalue."""
    return float(np.max(np.abs(_eigenvalues(m).imag), initial=0.0))


def _above(least: float, closed: bool) -> Callable[[Any], bool | None]:
    def holds(m: Any) -> bool | None:
        low = _least(m) - least
        if 0.0 < abs(low) < NEAR:
            return None
        return low >= 0.0 if closed else low > 0.0

    return holds


def _negated(holds: Callable[[Any], bool | None]) -> Callable[[Any], bool | None]:
    return lambda m: holds(-m)


def _within(low: float, high: float, closed: bool) -> Callable[[Any], bool | None]:
    def holds(m: Any) -> bool | None:
        edge = min(_least(m) - low, high - _most(m))
        if 0.0 < abs(edge) < NEAR:
            return None
        return edge >= 0.0 if closed else edge > 0.0

    return holds


def _nonzero(m: Any) -> bool | None:
    least = float(np.min(np.abs(m), initial=np.inf))
    return None if 0.0 < least < NEAR else least > 0.0


def _some(m: Any) -> bool | None:
    most = float(np.max(np.abs(m), initial=0.0))
    return None if 0.0 < most < NEAR else most > 0.0


def _no_pole(m: Any) -> bool | None:
    gap: Any = m - np.rint(m)
    return not bool(np.any((abs(gap) < NEAR) & (m < 0.5)))


def _filled(m: Any) -> Any:
    return np.where(m == 0, 1.0, m)


def _spoiled(m: Any) -> Any:
    """With one entry 0."""
    out = np.array(m)
    if out.size:
        out.flat[0] = 0.0
    return out


def _squeezed(low: float, high: float) -> Callable[[Any], Any]:
    def change(m: Any) -> Any:
        return (low + high) / 2 + (high - low) / 2 * 0.98 * np.sin(m)

    return change


def _ranked(axis: int) -> Callable[[Any], bool | None]:
    """Whether the columns (axis 1) or the rows are independent."""

    def holds(m: Any) -> bool | None:
        grid = np.atleast_2d(m)
        if grid.shape[axis] > grid.shape[1 - axis]:
            return False
        return _sound(np.linalg.svd(grid, compute_uv=False))

    return holds


def _sound(sizes: Any) -> bool | None:
    """Whether the least singular value is not zero."""
    if not len(sizes) or not sizes[0]:
        return False
    share = float(sizes[-1] / sizes[0])
    return None if FEW <= share < NEAR else share >= NEAR


def _thin(axis: int) -> Callable[[Any], Any]:
    def change(m: Any) -> Any:
        return m + np.eye(*m.shape) if _ranked(axis)(m) is not True else m

    return change


def _flat(m: Any) -> Any:
    """Of rank one, or zero where there is no other way."""
    if m.ndim < 2:
        return 0.0 * m
    return np.outer(np.ones(m.shape[0]), np.ones(m.shape[1])) if min(m.shape) > 1 else 0.0 * m


def _invertible(m: Any) -> bool | None:
    return _nonzero(m) if np.ndim(m) < 2 else _sound(np.linalg.svd(m, compute_uv=False))


def _shifted(m: Any) -> Any:
    """To the right half of the plane."""
    size = float(np.linalg.norm(m)) if m.ndim else float(abs(m))
    return m + (size + 0.3) * (np.eye(len(m)) if m.ndim else 1.0)


def _definite(m: Any) -> bool | None:
    if np.ndim(m) < 2:
        return _above(0.0, False)(m)
    if np.max(np.abs(m - np.conj(m.T)), initial=0.0) > FEW:
        return False
    least = float(np.linalg.eigvalsh(m)[0])
    return None if 0.0 < abs(least) < NEAR else least > 0.0


def _square_of(m: Any) -> Any:
    return m @ np.conj(m.T) + 0.2 * np.eye(len(m)) if m.ndim == 2 else abs(m) + 0.2


def _off_axis(m: Any) -> bool | None:
    """No eigenvalue real and not positive."""
    values = _eigenvalues(m)
    scale = 1.0 + np.abs(values)
    real = np.abs(values.imag) < NEAR * scale
    brink = (np.abs(values.real) < NEAR * scale) & (np.abs(values) > 0)
    if bool(np.any(real & (values.real <= 0) & ~brink)) or bool(np.any(values == 0)):
        return False
    return None if bool(np.any(real & brink)) else True


def _strip(m: Any) -> bool | None:
    most = _speed(m)
    return None if abs(most - pi) < 1e-3 else most < pi


def _slowed(m: Any) -> Any:
    most = _speed(m)
    return m * min(1.0, 0.95 * pi / most) if most else m


def _turned(m: Any) -> Any:
    out = np.zeros(m.shape)
    if m.ndim == 2 and len(m) > 1:
        out[0, 1], out[1, 0] = 4.0, -4.0
    return out


def _minus(m: Any) -> Any:
    return -np.abs(m) - 0.2


def _plus(m: Any) -> Any:
    return np.abs(m) + 0.2


def _zero(m: Any) -> Any:
    return 0.0 * np.asarray(m)


def _unfit(m: Any) -> Any:
    return -np.eye(len(m)) if np.ndim(m) == 2 else _minus(m)


REGIONS: Sequence[Region] = (
    Region("{x} is not zero", "{x} has no zero entry", "entries", _nonzero, _filled, _spoiled),
    Region("", "{x} is not zero", "array", _some, _filled, _zero),
    Region("{x} >= 0", "{x} has no negative entry", "entries", _above(0.0, True), np.abs, _minus),
    Region("{x} > 0", "{x} > 0", "entries", _above(0.0, False), _plus, _minus),
    Region("{x} <= 0", "{x} has no positive entry", "entries", _negated(_above(0.0, True)),
           lambda m: -np.abs(m), _plus),
    Region("{x} < 0", "{x} < 0", "entries", _negated(_above(0.0, False)), _minus, _plus),
    Region("{x} lies within [-1, 1]", "the entries of {x} lie within [-1, 1]", "entries",
           _within(-1.0, 1.0, True), _squeezed(-1.0, 1.0), lambda m: np.abs(m) + 1.5),
    Region("{x} lies within (-1, 1)", "the entries of {x} lie within (-1, 1)", "entries",
           _within(-1.0, 1.0, False), _squeezed(-1.0, 1.0), lambda m: np.abs(m) + 1.5),
    Region("{x} > -1", "{x} > -1", "entries", _above(-1.0, False), lambda m: np.abs(m) - 0.9, lambda m: _minus(m) - 1),
    Region("{x} < 1", "{x} < 1", "entries", _negated(_above(-1.0, False)), lambda m: 0.9 - np.abs(m),
           lambda m: np.abs(m) + 1.2),
    Region("{x} lies within (0, 1)", "the entries of {x} lie within (0, 1)", "entries",
           _within(0.0, 1.0, False), _squeezed(0.0, 1.0), _minus),
    Region("{x} lies within (-π/2, π/2)", "the entries of {x} lie within (-π/2, π/2)", "entries",
           _within(-pi / 2, pi / 2, False), _squeezed(-pi / 2, pi / 2), lambda m: np.abs(m) + 2.0),
    Region("{x} lies within [-π/2, π/2]", "the entries of {x} lie within [-π/2, π/2]", "entries",
           _within(-pi / 2, pi / 2, True), _squeezed(-pi / 2, pi / 2), lambda m: np.abs(m) + 2.0),
    Region("{x} lies within [0, π]", "the entries of {x} lie within [0, π]", "entries",
           _within(0.0, pi, True), _squeezed(0.0, pi), _minus),
    Region("{x} is neither 0 nor a negative integer", "no entry of {x} is 0 or a negative integer", "entries",
           _no_pole, _plus, lambda m: 0.0 * m - 2.0),
    Region("", "{x} has full column rank", "matrix", _ranked(1), _thin(1), _flat),
    Region("", "{x} has full row rank", "matrix", _ranked(0), _thin(0), _flat),
    Region("", "{x} is invertible", "square", _invertible, lambda m: m if _invertible(m) else _shifted(m), _flat),
    Region("", "{x} is positive definite", "square", _definite, _square_of, _unfit),
    Region("", "{x} has no eigenvalue on the closed negative axis", "square", _off_axis, _shifted, _unfit),
    Region("", "the eigenvalues' imaginary parts lie within (-π, π)", "square", _strip, _slowed, _turned),
)  # fmt: skip
"""Every region that has a name, the plainest first."""

BY_WORDS = {r.array: r for r in REGIONS}
"""The regions by what is said of an array."""
