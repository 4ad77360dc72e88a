"""What every kind of structured matrix can do: multiply, transpose, write itself out, say what it is.

A structure is a real matrix that is kept as its parts (`kron(A, B)` as A and B).  It never forms itself but where it is
asked to be written out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SUM, KRON, PRODUCT, ATOM = range(4)
"""How tightly the text of a structure holds together."""


class Structure(ABC):
    """A real matrix kept as its parts; immutable."""

    __slots__ = ()

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @abstractmethod
    def apply(self, block: Array) -> Array:
        """The matrix times a block of columns."""

    @property
    @abstractmethod
    def T(self) -> Structure:
        """The transpose."""

    @abstractmethod
    def fill(self, out: Array, scale: float = 1.0, add: bool = False) -> None:
        """Write the matrix times `scale` into `out`, or add it to what is there.

        Without `add`, `out` holds zeros; entries that are zero by structure are left alone.
        """

    @property
    @abstractmethod
    def stored(self) -> int:
        """How many numbers are kept."""

    @property
    @abstractmethod
    def nonzeros(self) -> int:
        """How many entries may differ from zero, at most."""

    @abstractmethod
    def said(self) -> tuple[str, int]:
        """The matrix in words of its parts, and how tightly the text holds together."""

    @property
    def symmetric(self) -> bool:
        """Whether it is known to equal its transpose."""
        return False

    def diagonal(self) -> Array:
        """The entries on the diagonal."""
        return np.diagonal(self.dense()).copy()

    def coordinates(self) -> tuple[Array, Array, Array]:
        """Rows, columns and values of the entries; a place may stand twice, and then its values are added."""
        dense = self.dense()
        rows, columns = np.nonzero(dense)
        return rows, columns, dense[rows, columns]

    def dense(self) -> Array:
        """The matrix written out."""
        out = np.zeros(self.shape)
        self.fill(out)
        return out

    @property
    def square(self) -> bool:
        """Whether there are as many rows as columns."""
        return self.shape[0] == self.shape[1]

    @property
    def size(self) -> int:
        """How many entries the matrix has."""
        return self.shape[0] * self.shape[1]

    def bracketed(self, least: int) -> str:
        """The text, in brackets where it does not hold together tightly enough."""
        text, level = self.said()
        return text if level >= least else f"({text})"

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self.shape[0]}×{self.shape[1]}: {self.said()[0]}>"


def write(out: Array, values: Array, scale: float, add: bool) -> None:
    """Put `values` times `scale` into `out`, each entry once, or add them.

    >>> out = np.ones((2, 2))
    >>> write(out, np.eye(2), 2.0, True)
    >>> out.tolist()
    [[3.0, 1.0], [1.0, 3.0]]
    """
    if add:
        out += values if scale == 1.0 else scale * values
    elif scale == 1.0:
        out[...] = values
    else:
        np.multiply(values, scale, out=out)


def along_diagonal(out: Array, n: int) -> Array:
    """The n diagonal blocks of `out`, as a view with an axis in front.

    >>> out = np.zeros((4, 2))
    >>> along_diagonal(out, 2)[...] = 1
    >>> out.tolist()
    [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    """
    rows, columns = out.shape[0] // n, out.shape[1] // n
    down, across = out.strides
    steps = (down * rows + across * columns, down, across)
    return np.lib.stride_tricks.as_strided(out, (n, rows, columns), steps, writeable=True)


def interleaved(out: Array, n: int) -> Array:
    """The n blocks of `out` whose rows and columns are those of one remainder by n: where kron(B, diagonal) is not 0.

    >>> out = np.zeros((2, 4))
    >>> interleaved(out, 2)[...] = [[[1, 2]], [[3, 4]]]
    >>> out.tolist()
    [[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 4.0]]
    """
    rows, columns = out.shape[0] // n, out.shape[1] // n
    down, across = out.strides
    steps = (down + across, down * n, across * n)
    return np.lib.stride_tricks.as_strided(out, (n, rows, columns), steps, writeable=True)


def grid(out: Array, rows: int, columns: int) -> Array:
    """`out` as an array of blocks with so many rows and columns: (block row, row, block column, column), a view."""
    down, across = out.strides
    shape = (out.shape[0] // rows, rows, out.shape[1] // columns, columns)
    steps = (down * rows, down, across * columns, across)
    return np.lib.stride_tricks.as_strided(out, shape, steps, writeable=True)
