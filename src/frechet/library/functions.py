"""Functions of arrays for building formulas: ``fr.inv``, ``fr.tr``, ``fr.kron``, ``fr.einsum``, the constants.

They are the functions of the formula language under the same names (those that act entry by entry are in
:mod:`frechet.library.elementwise`); formulas, numbers and sizes may be passed alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.library.arguments import kind, whole_number
from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.library.words import Operand, Size

# -- functions of square matrices --------------------------------------------------------------------------------------


def tr(x: Operand) -> Formula:
    """The trace of a square matrix, a scalar.

    >>> import frechet as fr
    >>> fr.derive(fr.tr(fr.matrix("A", "n", "n")), "A").gradient
    eye(n)
    """
    return build("tr", x)


def det(x: Operand) -> Formula:
    """The determinant of a square matrix, a scalar.

    >>> import frechet as fr
    >>> fr.det(fr.matrix("A", 2, 2)).evaluate(A=[[2, 0], [0, 3]]).round(9).tolist()
    6.0
    """
    return build("det", x)


def logdet(x: Operand) -> Formula:
    """log |det x| of an invertible matrix, a scalar.

    >>> import frechet as fr
    >>> fr.derive(fr.logdet(fr.matrix("A", "n", "n")), "A").gradient
    inv(A)'
    """
    return build("logdet", x)


def inv(x: Operand) -> Formula:
    """The inverse of an invertible matrix.

    >>> import frechet as fr
    >>> fr.derive(fr.inv(fr.matrix("A", "n", "n")), "A").differential
    -inv(A)*dA*inv(A)
    """
    return build("inv", x)


def adj(x: Operand) -> Formula:
    """The adjugate of a square matrix: x·adj(x) = det(x)·I, also where x is singular.

    >>> import frechet as fr
    >>> fr.adj(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).round(9).tolist()
    [[4.0, -2.0], [-3.0, 1.0]]
    """
    return build("adj", x)


def power(x: Operand, k: Operand) -> Formula:
    """x to the power k: of a square matrix the matrix power, k a whole number (``-1`` the inverse).

    >>> import frechet as fr
    >>> fr.derive(fr.power(fr.matrix("A", "n", "n"), 2), "A").differential
    dA*A + A*dA
    """
    return build("power", x, k)


# -- products ----------------------------------------------------------------------------------------------------------


def hadamard(a: Operand, b: Operand) -> Formula:
    """The product entry by entry; a scalar scales.  Between two arrays ``a * b`` is the same.

    >>> import frechet as fr
    >>> fr.hadamard(fr.vector("x", "n"), fr.vector("y", "n"))
    x.*y
    """
    return build("hadamard", a, b)


def kron(a: Operand, b: Operand) -> Formula:
    """The Kronecker product: the matrix of the blocks a[i,j]·b; m×n and p×q give mp×nq.

    >>> import frechet as fr
    >>> fr.kron(fr.matrix("A", "m", "n"), fr.matrix("B", "p", "q")).shape
    ('m*p', 'n*q')
    """
    return build("kron", a, b)


def khatrirao(a: Operand, b: Operand) -> Formula:
    """The Khatri-Rao product: the Kronecker products of the columns; m×k and n×k give mn×k.

    >>> import frechet as fr
    >>> fr.khatrirao(fr.matrix("A", "m", "k"), fr.matrix("B", "n", "k")).shape
    ('m*n', 'k')
    """
    return build("khatrirao", a, b)


def einsum(spec: str, *operands: Operand) -> Formula:
    """A contraction with NumPy's meaning.

    >>> import frechet as fr
    >>> fr.einsum("ij,kj->ik", fr.matrix("A", "m", "n"), fr.matrix("B", "p", "n")).shape
    ('m', 'p')
    """
    from frechet.ops.tensors import explicit

    if not isinstance(spec, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", 'einsum begins with a text, as in fr.einsum("ij,jk->ik", A, B)')
    return build("einsum", *operands, params=(explicit(spec),))


# -- shaping -----------------------------------------------------------------------------------------------------------


def diag(x: Operand) -> Formula:
    """The diagonal matrix of a vector; the diagonal of a square matrix, a vector.

    >>> import frechet as fr
    >>> fr.diag(fr.vector("x", "n")).shape, fr.diag(fr.matrix("A", "n", "n")).shape
    (('n', 'n'), ('n',))
    """
    return build("diag", x)


def vec(x: Operand) -> Formula:
    """The columns of a matrix stacked: m×n gives a vector of length mn.

    >>> import frechet as fr
    >>> fr.vec(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [1.0, 3.0, 2.0, 4.0]
    """
    return build("vec", x)


def vech(x: Operand) -> Formula:
    """The lower triangle of a square matrix, its columns stacked.

    >>> import frechet as fr
    >>> fr.vech(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [1.0, 3.0, 4.0]
    """
    return build("vech", x)


def reshape(x: Operand, rows: Size, cols: Size | None = None) -> Formula:
    """The entries in another shape, column by column: the inverse of `vec`.

    >>> import frechet as fr
    >>> fr.reshape(fr.vector("x", 4), 2, 2).evaluate(x=[1, 2, 3, 4]).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    return build("reshape", x, params=(_size(rows), None if cols is None else _size(cols)))


def tril(x: Operand) -> Formula:
    """The lower triangle with the diagonal, zeros above.

    >>> import frechet as fr
    >>> fr.tril(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [[1.0, 0.0], [3.0, 4.0]]
    """
    return build("tril", x)


def triu(x: Operand) -> Formula:
    """The upper triangle with the diagonal, zeros below.

    >>> import frechet as fr
    >>> fr.triu(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [0.0, 4.0]]
    """
    return build("triu", x)


def hcat(*blocks: Operand) -> Formula:
    """Blocks beside each other, as many rows in each.

    >>> import frechet as fr
    >>> fr.hcat(fr.matrix("A", "m", "n"), fr.vector("b", "m"))
    [A, b]
    """
    return _joined("hcat", blocks)


def vcat(*blocks: Operand) -> Formula:
    """Blocks below each other, as many columns in each.

    >>> import frechet as fr
    >>> fr.vcat(fr.vector("x", "m"), fr.vector("y", "n")).shape
    ('m+n',)
    """
    return _joined("vcat", blocks)


def _joined(op: str, blocks: tuple[Operand, ...]) -> Formula:
    if len(blocks) < 2:
        raise FrechetError("input", f"{op} joins two blocks or more; got {len(blocks)}")
    return build(op, *blocks)


# -- constants ---------------------------------------------------------------------------------------------------------


def eye(n: Size) -> Formula:
    """The n×n identity matrix.

    >>> eye("n")
    eye(n)
    """
    return build("eye", params=(_size(n),))


def ones(m: Size, n: Size | None = None) -> Formula:
    """The vector, or the m×n matrix, of ones.

    >>> ones("m").shape, ones("m", "n").shape
    (('m',), ('m', 'n'))
    """
    return build("ones", params=(_size(m),) if n is None else (_size(m), _size(n)))


def zeros(m: Size, n: Size | None = None) -> Formula:
    """The vector, or the m×n matrix, of zeros.

    >>> zeros("m"), zeros("m", "n")
    (zeros(m), zeros(m,n))
    """
    return build("zeros", params=(_size(m),) if n is None else (_size(m), _size(n)))


def unit(i: Size, n: Size) -> Formula:
    """The i-th basis vector of length n; i counts from 1.

    >>> unit(2, 3).evaluate().tolist()
    [0.0, 1.0, 0.0]
    """
    return build("unit", params=(_size(i), _size(n)))


def commutation(m: Size, n: Size) -> Formula:
    """K with K·vec(X) = vec(X') for X m×n.

    >>> import frechet as fr
    >>> (commutation(2, 2) @ fr.vec(fr.matrix("X", 2, 2))).evaluate(X=[[1, 2], [3, 4]]).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    return build("commutation", params=(_size(m), _size(n)))


def duplication(n: Size) -> Formula:
    """D with D·vech(S) = vec(S) for S symmetric, n×n.

    >>> duplication("n").shape
    ('n^2', 'n^2/2+n/2')
    """
    return build("duplication", params=(_size(n),))


def elimination(n: Size) -> Formula:
    """L with L·vec(A) = vech(A) for A n×n.

    >>> elimination("n").shape
    ('n^2/2+n/2', 'n^2')
    """
    return build("elimination", params=(_size(n),))


def _size(value: Size) -> Dim:
    if isinstance(value, Dim):
        return value
    from frechet.language import read_size

    return read_size(value)


# -- complex arrays ----------------------------------------------------------------------------------------------------


def conj(x: Operand) -> Formula:
    """The complex conjugate of every entry; of a real array the array itself.

    >>> import frechet as fr
    >>> fr.conj(fr.vector("z", "n", complex=True))
    conj(z)
    """
    return build("conj", x)


def herm(x: Operand) -> Formula:
    """The conjugate transpose.

    >>> import frechet as fr
    >>> fr.herm(fr.matrix("Z", "m", "n", complex=True)).shape
    ('n', 'm')
    """
    return build("herm", x)


def real(x: Operand) -> Formula:
    """The real part of every entry.

    >>> import frechet as fr
    >>> fr.real(fr.scalar("z", complex=True))
    real(z)
    """
    return build("real", x)


def imag(x: Operand) -> Formula:
    """The imaginary part of every entry.

    >>> import frechet as fr
    >>> fr.imag(fr.scalar("z", complex=True))
    imag(z)
    """
    return build("imag", x)


# -- functions that are known by name only -----------------------------------------------------------------------------


@final
class Function:
    """Some smooth function of every entry, known by its name: ``sigma(x)``, ``sigma.derivative()(x)`` is σ'(x).

    >>> import frechet as fr
    >>> sigma, x = fr.function("sigma"), fr.scalar("x")
    >>> sigma(x), sigma.derivative()(x), fr.derive(sigma(2 * x), "x").derivative
    (sigma(x), sigma'(x), 2*sigma'(2*x))
    """

    __slots__ = ("name", "order")

    def __init__(self, name: str, order: int = 0) -> None:
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FrechetError("input", f"the name of a function is a text; got {kind(name)}")
        self.name, self.order = name, whole_number("the order of a derivative", order)

    def __call__(self, x: Operand) -> Formula:
        """The function applied to every entry of x."""
        return build("declared", x, params=(self.name, self.order))

    def derivative(self, order: int = 1) -> Function:
        """The derivative of the function."""
        return Function(self.name, self.order + whole_number("the order of a derivative", order))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and (self.name, self.order) == (other.name, other.order)

    def __hash__(self) -> int:
        return hash((self.name, self.order))

    def __repr__(self) -> str:
        return self.name + "'" * self.order


def function(name: str) -> Function:
    """An unspecified smooth function that acts entry by entry.

    To evaluate a formula that has one, pass ``functions={"sigma": f}`` with f(array, order of the derivative).

    >>> import frechet as fr
    >>> fr.function("sigma")(fr.vector("x", "n"))
    sigma(x)
    """
    from frechet.language import callable_name, checked

    plain = checked(name, "a function")
    if callable_name(plain):
        raise FrechetError("name", f"{plain} is a function of the language: an unspecified one needs another name")
    return Function(plain)
