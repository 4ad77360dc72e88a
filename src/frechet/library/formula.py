"""Formulas as Python objects: built with operators, printed in three notations, evaluated with numbers.

A :class:`Formula` wraps one expression.  What is typed and what is built are the same objects, and so is every
formula of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from numbers import Rational, Real
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, final

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.library.arguments import kind

if TYPE_CHECKING:
    import numpy as np

    from frechet.core.expr import Expr
    from frechet.library.words import (
        Array,
        Elementwise,
        Numbers,
    )

Operand: TypeAlias = "Formula | Dim | float | Fraction | np.integer[Any] | np.floating[Any]"
"""What operators and functions take beside a formula: a number, or a size."""

At: TypeAlias = int | str | Dim | slice
"""What stands in brackets after a formula: an index from 1 on, the name of a size, or ``:``."""


@final
class Formula:
    """A formula: ``A @ B``, ``x.T @ A @ x``, ``2 * x``; `*` is entrywise between arrays, as in NumPy.

    >>> import frechet as fr
    >>> m, n = fr.dims("m n")
    >>> A, x = fr.matrix("A", m, n), fr.vector("x", n)
    >>> str((A @ x).T @ (A @ x)), (A @ x).shape
    ("(A*x)'*(A*x)", ('m',))
    """

    __slots__ = ("expr", "indices", "where")

    def __init__(
        self, expr: Expr, where: Mapping[str, Formula] | None = None, indices: Sequence[str] | None = None
    ) -> None:
        if getattr(expr, "op", None) is None:  # who calls may not keep to the types
            raise FrechetError("input", "a formula is made by fr.parse, fr.matrix, fr.vector, fr.scalar and operators")
        self.expr = expr
        self.where: Mapping[str, Formula] = where or {}
        self.indices = None if indices is None else tuple(indices)
        """Of one entry the indices that it has; every other index in it is summed."""

    # -- looks ---------------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        """The formula in ASCII; it parses again.  One that would fill pages is written in named steps."""
        from frechet.notation.ascii import text
        from frechet.notation.naming import written_out

        return written_out(self.expr, text, "; ")

    def __repr__(self) -> str:
        return str(self)

    def unicode(self) -> str:
        """The formula as a terminal shows it: ``Aᵀ x``."""
        from frechet.notation.naming import written_out
        from frechet.notation.unicode import text

        return written_out(self.expr, text, "; ")

    def latex(self, columns: int | None = None) -> str:
        r"""The formula in LaTeX, for amsmath; each sum of an entry has its sign.

        With `columns` one of more signs is broken, with ``\\\\`` and a line end between its lines.

        >>> import frechet as fr
        >>> d = fr.derive("norm2(A*x-b)^2", wrt="x")
        >>> print(d.gradient.latex())
        2 A^{\top} \left(A x-b\right)
        >>> print(d.index.latex())
        2 \sum_{j} A_{ji} \left(\sum_{k} A_{jk} x_{k}-b_{j}\right)
        """
        from frechet.notation.latex import text
        from frechet.notation.latexlines import apart, folded, glyphs, in_front
        from frechet.notation.naming import written_out
        from frechet.notation.summed import summed

        shown = self.expr if self.indices is None else summed(self.expr, self.indices)
        written = apart(written_out(shown, text, ";\\quad "))
        if columns is None or glyphs(written) <= columns:
            return written
        return folded(apart(written_out(in_front(shown), text, ";\\quad ")), columns)

    def entry(self, *indices: str) -> Formula:
        """One entry, at named indices, by the entries of what the formula is made of.

        >>> import frechet as fr
        >>> d = fr.derive("A*B", wrt="A")
        >>> print(d.tensor, "|", d.tensor.entry("i", "j", "k", "l"))
        einsum("ik,jl->ijkl", eye(m), B') | delta(i,k)*B[l,j]
        """
        from frechet.library.entry import entry

        return Formula(entry(self.expr, indices), self.where, indices)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    @property
    def shape(self) -> tuple[str | int, ...]:
        """The shape: () scalar, (n,) vector, (m, n) matrix; integers and names (polynomials as text)."""
        return tuple(d.number if d.number is not None else str(d) for d in self.expr.shape)

    def __eq__(self, other: object) -> bool:
        """Whether two formulas are the same expression (not: equal in value)."""
        return isinstance(other, Formula) and self.expr is other.expr

    def __hash__(self) -> int:
        return hash(self.expr)

    def _compared(self, other: object) -> bool:
        raise FrechetError(
            "unsupported", "formulas are not compared: step(x) is 1 where x > 0 and 0 elsewhere, relu(x) is x there"
        )

    __gt__ = __ge__ = __lt__ = __le__ = _compared

    # -- operators -----------------------------------------------------------------------------------------------------

    __array_ufunc__ = None  # an array of numbers on the left leaves the operation to us, who refuse

    @property
    def T(self) -> Formula:
        """The transpose; of a tensor all axes reversed, as in NumPy (`.mT` exchanges the last two).

        >>> import frechet as fr
        >>> T = fr.tensor("T", "m", "n", "p")
        >>> T.T, T.mT
        (permute(T,3,2,1), T')
        """
        order = len(self.shape)
        return build("permute", self, params=tuple(range(order, 0, -1))) if order > 2 else build("transpose", self)

    @property
    def mT(self) -> Formula:
        """The transpose of a matrix; of a tensor the last two axes exchanged."""
        return build("transpose", self)

    def __matmul__(self, other: Operand) -> Formula:
        return build("mul", self, other)

    def __rmatmul__(self, other: Operand) -> Formula:
        return build("mul", other, self)

    def __mul__(self, other: Operand) -> Formula:
        return _entrywise(self, other)

    def __rmul__(self, other: Operand) -> Formula:
        return _entrywise(other, self)

    def __truediv__(self, other: Operand) -> Formula:
        return build("edivide" if expr_of(other).shape else "divide", self, other)

    def __rtruediv__(self, other: Operand) -> Formula:
        return build("edivide" if self.expr.shape else "divide", other, self)

    def __add__(self, other: Operand) -> Formula:
        return build("add", self, other)

    def __radd__(self, other: Operand) -> Formula:
        return build("add", other, self)

    def __sub__(self, other: Operand) -> Formula:
        return build("sub", self, other)

    def __rsub__(self, other: Operand) -> Formula:
        return build("sub", other, self)

    def __abs__(self) -> Formula:
        return build("abs", self)

    def __neg__(self) -> Formula:
        return build("neg", self)

    def __pow__(self, k: Operand) -> Formula:
        """The entrywise power of an array, as in NumPy (the power of a matrix is ``fr.power``)."""
        return build("epower" if self.expr.shape or expr_of(k).shape else "power", self, k)

    def __rpow__(self, base: Operand) -> Formula:
        return build("epower" if self.expr.shape else "power", base, self)

    def __getitem__(self, at: At | tuple[At, ...]) -> Formula:
        """An entry, a row or a column, a slice of a tensor; indices start at 1, as in formulas."""
        indices = at if isinstance(at, tuple) else (at,)
        if len(indices) > 2 and slice(None) in indices:
            params = tuple(None if i == slice(None) else _index(i) for i in indices)
            return build("slice", self, params=params)
        if len(indices) == 2 and indices[0] == slice(None):
            return build("column", self, params=(_index(indices[1]),))
        if len(indices) == 2 and indices[1] == slice(None):
            return build("row", self, params=(_index(indices[0]),))
        return build("entry", self, params=tuple(_index(i) for i in indices))

    def __iter__(self) -> NoReturn:
        raise TypeError("a formula cannot be iterated over: its sizes may be symbolic")

    # -- numbers -------------------------------------------------------------------------------------------------------

    def evaluate(
        self, arrays: Mapping[str, Numbers] | None = None, /, functions: Mapping[str, Elementwise] | None = None,
        **more: Numbers,
    ) -> Array:  # fmt: skip
        """The value for these arrays (nested lists will do); sizes are read off them.

        Arrays are given by name, in a mapping or as keywords, and so is a size that no array fixes.  `functions` says
        what declared functions are: name → callable(array, order of the derivative).  Where there is no value the
        entries are nan or infinite, and a RuntimeWarning names the operation and what it needs.

        >>> import frechet as fr
        >>> fr.parse("A*x").evaluate(A=[[1, 2], [3, 4]], x=[1, 1]).tolist()
        [3.0, 7.0]
        """
        from frechet.library.numbers import evaluate

        known = {name: part.expr for name, part in self.where.items()}
        return evaluate(self.expr, known, arrays, more, functions)


def _index(i: object) -> int | Dim:
    if isinstance(i, (int, str, Dim)) and i is not True and i is not False:
        d = Dim.of(i)
        return d if d.number is None else d.number
    raise FrechetError("input", f"an index is a whole number from 1 on, or the name of a size; got {i!r}")


def expr_of(value: object) -> Expr:
    """The expression of a formula, a number or a size."""
    from frechet.ops.expressions import number, size

    if isinstance(value, Formula):
        return value.expr
    if isinstance(value, Dim):
        return size(value) if value.names == frozenset((str(value),)) else _arithmetic(value)
    if isinstance(value, Real) and value is not True and value is not False:
        try:
            return number(Fraction(value) if isinstance(value, Rational) else float(value))
        except (ValueError, OverflowError) as trouble:
            raise FrechetError("input", f"{value!r} is no finite number") from trouble
    what = "a text: fr.parse reads one" if isinstance(value, str) else f"a value of type {type(value).__name__}"
    if hasattr(value, "__array__"):
        what += ": let a variable stand for it, and pass the numbers to evaluate"
    raise FrechetError("input", f"a formula, a number or a size is wanted here; got {what}")


def _arithmetic(d: Dim) -> Expr:
    """A size such as 2*m+1 as the scalar that its text is."""
    from frechet.language import read_formula

    return read_formula(str(d), {}, sizes=d.names)


def build(op: str, *operands: object, params: tuple[object, ...] = ()) -> Formula:
    """An operation by its name, applied to formulas, numbers and sizes; its shape rule may refuse."""
    from frechet.ops.expressions import apply  # here, so that a bare import is light

    return Formula(apply(op, tuple(expr_of(x) for x in operands), params))


def _entrywise(left: object, right: object) -> Formula:
    """``left * right``: entry by entry between two arrays, as in NumPy; a scalar scales."""
    if not (expr_of(left).shape and expr_of(right).shape):
        return build("mul", left, right)
    try:
        return build("hadamard", left, right)
    except FrechetError as trouble:
        try:
            build("mul", left, right)
        except FrechetError:
            raise trouble from None
        said = trouble.message.replace("A.*B needs", "* is the product entry by entry, as in NumPy, and needs")
        names = (f"({x})" if " " in str(x) else str(x) for x in (left, right))
        raise FrechetError(trouble.kind, f"{said}: the matrix product is {' @ '.join(names)}") from None


def formula_text(what: str, given: object) -> str:
    """A formula as text: one that was built is printed, a number is one too.

    >>> formula_text("a claim", "A'"), formula_text("a claim", 2)
    ("A'", '2')
    """
    if not isinstance(given, bool) and isinstance(given, (str, Formula, Real)):
        return str(given)
    raise FrechetError("input", f"{what} is a text or a formula; got {kind(given)}")
