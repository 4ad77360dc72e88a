"""How an operation is written as code: an expression for each library, and the helper function that it may need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

Role = Literal["", "inverse", "log determinant"]
"""What a factorisation of the argument gives, so that one is shared."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code of an operation.

    In its texts ``{0}``, ``{1}`` stand for the arguments, ``{xp}`` for the library, ``{special}`` and ``{linalg}`` for
    its modules of special functions and of linear algebra, ``{p0}`` for the first parameter.  Where that is an axis,
    ``{axis}`` is NumPy's ``axis=…`` and ``{dim}`` PyTorch's number; ``{, axis}`` and ``{, dim}`` are one more argument,
    or nothing where all entries are meant.  ``{last}`` is the last argument.  PyTorch makes arrays like one that was
    passed: ``{array}`` is that one, or a number where none was, and ``{like}`` its ``.to(…)``, or nothing.

    >>> from frechet.core.records import code
    >>> code("sin").text, code("prod").text, code("prod").torch
    ('{xp}.sin({0})', '{0}.prod({axis})', 'torch.prod({0}{, dim})')

    text           the expression; a library that differs has its own
    numpy          NumPy's, where it differs
    jax            JAX's, where it differs
    torch          PyTorch's, where it differs
    helper         a function that stands above, for those libraries whose text calls it
    torch_helpers  the functions that PyTorch's text calls, each after those that it calls itself
    role           what a factorisation of the argument gives
    axes           how many axes the first argument needs at least; with fewer the value function is carried along, and
                   PyTorch's helpers are called all the same
    cost           how many multiplications an entry costs

    A helper of PyTorch's is made of operations that PyTorch differentiates, without eigenvectors and Schur forms, whose
    derivatives fail where eigenvalues coincide: square roots, logarithms and Riccati equations by iterations of
    products and solves that converge quadratically.  Where there is no value the result is nan, as that of the value
    functions.
    """

    text: str = ""
    numpy: str = ""
    jax: str = ""
    torch: str = ""
    helper: str = ""
    torch_helpers: tuple[str, ...] = ()
    role: Role = ""
    axes: int = 0
    cost: int = 1


NO_CODE = Code()
"""The code of an operation that has none of its own: its value function is carried along."""
