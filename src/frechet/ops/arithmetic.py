"""Signs: sums, products, quotients, powers, the transpose."""

from __future__ import annotations

from typing import Any

from frechet.core.dim import ONE, Shape, rows_cols, settle, show
from frechet.core.op import Op, Params, Unify
from frechet.errors import FrechetError
from frechet.ops import differentials, readings
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.shapes import agree, matrix, shape_error, square, unchanged


def _broadcast_hint(left: Shape, right: Shape) -> str:
    """What to write where a row or a column was meant for every row or column of a matrix."""
    for one, other in ((left, right), (right, left)):
        if len(other) != 2 or len(one) > 2:
            continue
        (m, n), one_row = rows_cols(other), rows_cols(one)[0] == ONE
        if len(one) == 1 and m == ONE:
            return " (one is a column, the other a row: transpose one of them)"
        if len(one) == 1 and one[0] == n != m:
            return f" (for a vector b added to every row write ones({m})*b')"
        if len(one) == 1 and (one[0] == m or not (one[0].number or m.number)):
            return f" (for a column b added to every column write b*ones(1,{n}))"
        if one_row and m != ONE:
            return f" (for a row b' added to every row write ones({m})*b')"
    return ""


def _entrywise(sign: str):
    """Same shapes, or either a scalar that meets every entry."""

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Two arrays of one shape, or either a scalar; the result has that shape."""
        left, right = shapes
        if not left or not right:
            return left or right
        hint = _broadcast_hint(left, right) if sign in ("+", "-") else ""
        return agree(unify, left, right, f"A{sign}B needs operands of one shape{hint}")

    return rule


def _product(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Either factor a scalar, or as many columns on the left as rows on the right: m×n times n×p is m×p."""
    left, right = shapes
    if not left or not right:
        return left or right
    if len(left) == 1 and len(right) == 1:
        raise shape_error(
            f"x*y of two columns, {show(left)} and {show(right)}, is no matrix product: "
            "write x'*y (inner product), x*y' (outer product) or x.*y (entry by entry)"
        )
    needs = "A*B needs as many columns in A as rows in B"
    (m, n), (p, q) = matrix(left, needs), matrix(right, needs)
    try:
        unify(n, p)
    except FrechetError as trouble:
        raise shape_error(f"{needs}; got {show(left)} and {show(right)}") from trouble
    return settle((m, q))


def _over_scalar(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array over a scalar; the shape stays."""
    left, right = shapes
    if right:
        raise shape_error(
            f"A/b needs a scalar b; got {show(left)} and {show(right)}: "
            "write A./B (entry by entry) or A*inv(B) (matrices)"
        )
    return left


def _power(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A scalar or a square matrix to a scalar power; the shape stays."""
    base, exponent = shapes
    if exponent:
        raise shape_error(f"X^k needs a scalar exponent; got {show(exponent)}: write X.^K for entries")
    return square(base, unify, "X^k needs a scalar or a square matrix X (entry by entry it is X.^k)")


def _entrywise_power(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Two arrays of one shape, or either a scalar; the result has that shape."""
    base, exponent = shapes
    if not base or not exponent:
        return base or exponent
    return agree(unify, base, exponent, "X.^K needs a scalar exponent or one of the shape of X")


def _transposed(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes n×m: a vector becomes a row, a scalar stays."""
    m, n = matrix(shapes[0], "X' needs a matrix, a vector or a scalar")
    return settle((n, m))


def _add(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a + b


def _sub(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a - b


def _neg(xp: Any, params: Params, a: Any) -> Any:
    return -a


def _mul(xp: Any, params: Params, a: Any, b: Any) -> Any:
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return settled(xp, as_matrix(xp, a) @ as_matrix(xp, b))


def _hadamard(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a * b


def _divide(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a / b


def _matrix_power(xp: Any, params: Params, a: Any, k: Any) -> Any:
    if a.ndim == 0:
        return a**k
    if not float(k).is_integer():
        return a * xp.nan
    return xp.linalg.matrix_power(a, int(k))


def _epower(xp: Any, params: Params, a: Any, k: Any) -> Any:
    return a**k


def _transpose(xp: Any, params: Params, a: Any) -> Any:
    return a if a.ndim == 0 else settled(xp, as_matrix(xp, a).T)


def whole_exponent(base: Shape, exponent: float | None) -> None:
    """Refuse a matrix power whose exponent is a number but no integer.

    >>> whole_exponent((), 0.5)
    """
    if rows_cols(base) != (1, 1) and exponent is not None and not exponent.is_integer():
        raise FrechetError(
            "unsupported",
            f"X^k of a matrix needs an integer k; got {exponent}: for a square root write sqrtm(X)",
        )


ADD = Op(
    "add",
    _entrywise("+"),
    _add,
    normal=readings.add,
    elementwise=True,
    source="Magnus & Neudecker 8.2; Cookbook (35)",
    example="A+B",
    doc="The sum; a scalar is added to every entry.",
    python=("add",),
)
SUB = Op(
    "sub",
    _entrywise("-"),
    _sub,
    normal=readings.sub,
    elementwise=True,
    source="Magnus & Neudecker 8.2; Cookbook (35)",
    example="A-B",
    doc="The difference; a scalar is taken from every entry.",
    python=("subtract", "sub"),
)
NEG = Op(
    "neg",
    unchanged,
    _neg,
    normal=readings.neg,
    elementwise=True,
    source="Magnus & Neudecker 8.2; Cookbook (34)",
    example="-A",
    doc="The negative.",
    python=("negative", "neg"),
)
MUL = Op(
    "mul",
    _product,
    _mul,
    normal=readings.mul,
    source="Magnus & Neudecker 8.2; Giles 2008, 2.2.2; Cookbook (37)",
    example="A*x",
    doc="Scalar times anything, else the matrix product.",
)
HADAMARD = Op(
    "hadamard",
    _entrywise(".*"),
    _hadamard,
    normal=readings.hadamard,
    elementwise=True,
    source="Magnus & Neudecker 8.2; Cookbook (38)",
    example="x.*y",
    doc="The product entry by entry.",
    python=("multiply", "mul"),
)
EDIVIDE = Op(
    "edivide",
    _entrywise("./"),
    _divide,
    normal=readings.divide,
    elementwise=True,
    domain=("any", "nonzero"),
    source="the product rule and d(1/y) = -dy/y^2",
    example="x./y",
    doc="The quotient entry by entry.",
    python=("divide", "true_divide", "div"),
)
DIVIDE = Op(
    "divide",
    _over_scalar,
    _divide,
    normal=readings.divide,
    domain=("any", "nonzero"),
    source="the product rule and d(1/a) = -da/a^2",
    example="x/a",
    doc="Every entry over a scalar.",
)
POWER = Op(
    "power",
    _power,
    _matrix_power,
    normal=readings.power,
    differential=differentials.power_symbolic,
    source="Abramowitz & Stegun 4.2.52; of a matrix the product rule, Cookbook (90)",
    example="X^2",
    doc="Power of a scalar or, with an integer exponent, of a square matrix.",
)
EPOWER = Op(
    "epower",
    _entrywise_power,
    _epower,
    normal=readings.epower,
    differential=differentials.epower,
    elementwise=True,
    source="Abramowitz & Stegun 4.2.52",
    example="x.^2",
    doc="The power entry by entry.",
    python=("power", "pow", "float_power"),
)
TRANSPOSE = Op(
    "transpose",
    _transposed,
    _transpose,
    normal=readings.transpose,
    source="Magnus & Neudecker 8.2; Cookbook (44)",
    example="A'",
    doc="The transpose; `X.T` is read too.",
)

ARITHMETIC = (ADD, SUB, NEG, MUL, HADAMARD, EDIVIDE, DIVIDE, POWER, EPOWER, TRANSPOSE)
