"""Names declared with their shapes, and what is known of them; a text read as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.library.arguments import kind
from frechet.library.formula import Formula

if TYPE_CHECKING:
    from frechet.library.words import Assumption, Assumptions, Flags, Shapes, Size


def dims(names: str) -> tuple[Dim, ...]:
    """Sizes by name: ``m, n = fr.dims("m n")``.  They may be added and multiplied (``n * q``, ``n + 1``).

    >>> dims("m n")
    (m, n)
    """
    if not isinstance(names, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f'sizes are named in one text, as in fr.dims("m n"); got {kind(names)}')
    found = names.replace(",", " ").split()
    if not found:
        raise FrechetError("input", 'a name is wanted, as in fr.dims("m n")')
    for name in found:
        if not (name.isascii() and name.isidentifier()):
            raise FrechetError("name", f"{name} cannot name a size: a name is letters, digits and _, a letter first")
    return tuple(Dim.of(name) for name in found)


ASSUMED = {
    "symmetric": "symmetric",
    "positive_definite": "positive definite",
    "skew": "skew",
    "diagonal": "diagonal",
    "orthogonal": "orthogonal",
    "lower_triangular": "lower triangular",
    "upper_triangular": "upper triangular",
    "positive": "positive",
    "complex": "complex",
    "hermitian": "hermitian",
    "hermitian_positive_definite": "hermitian positive definite",
    "integer": "integer",
    "constant": "constant",
}
"""Keyword arguments of the makers of variables, and the assumptions they stand for."""


def _assumed(assume: Iterable[str], flags: Mapping[str, object]) -> list[str]:
    unknown = sorted(flags.keys() - ASSUMED.keys())
    if unknown:
        raise FrechetError("input", f"unknown assumption {unknown[0]}; there are: {', '.join(sorted(ASSUMED))}")
    for key, on in flags.items():
        if not isinstance(on, bool):
            raise FrechetError("input", f"{key} is True or False; got {kind(on)}")
    if not isinstance(assume, (str, list, tuple, set, frozenset)):
        raise FrechetError("input", f'what is assumed is a list of words, as ["symmetric"]; got {kind(assume)}')
    return [*([assume] if isinstance(assume, str) else assume), *(ASSUMED[key] for key, on in flags.items() if on)]


def variable(
    name: str, shape: Sequence[Size], assume: Assumption | Iterable[Assumption] = (), **flags: Unpack[Flags]
) -> Formula:
    """A variable of any shape; sizes are integers, names or formulas of names.

    >>> variable("T", ("m", "n*q", 3)).shape
    ('m', 'n*q', 3)
    """
    from frechet.language import checked_variable
    from frechet.ops.expressions import variable as leaf

    name, sizes, assumed = checked_variable(name, shape, _assumed(assume, flags))
    return Formula(leaf(name, sizes, assumed))


def matrix(
    name: str, rows: Size, cols: Size, assume: Assumption | Iterable[Assumption] = (), **flags: Unpack[Flags]
) -> Formula:
    """A matrix variable: ``fr.matrix("S", n, n, symmetric=True)``.

    >>> matrix("A", "m", "n").shape
    ('m', 'n')
    """
    return variable(name, (rows, cols), assume, **flags)


def vector(name: str, length: Size, assume: Assumption | Iterable[Assumption] = (), **flags: Unpack[Flags]) -> Formula:
    """A vector variable, a column.

    >>> vector("x", "n").T.shape
    (1, 'n')
    """
    return variable(name, (length,), assume, **flags)


def scalar(name: str, assume: Assumption | Iterable[Assumption] = (), **flags: Unpack[Flags]) -> Formula:
    """A scalar variable.

    >>> scalar("c").shape
    ()
    """
    return variable(name, (), assume, **flags)


def tensor(name: str, *shape: Size, assume: Assumption | Iterable[Assumption] = (), **flags: Unpack[Flags]) -> Formula:
    """An array variable of any order.

    >>> tensor("T", "m", "n", "p").shape
    ('m', 'n', 'p')
    """
    return variable(name, shape, assume, **flags)


def parse(
    text: str,
    shapes: Shapes | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
) -> Formula:
    """A formula from text; shapes that are not given are inferred.

    >>> parse("tr(A*B)").shape
    ()
    """
    from frechet.language import parse as read

    return Formula(read(text, shapes, assumptions, functions).value)
