"""Signs: sums, products, quotients, powers, the transpose."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import add, elementwise, hadamard
from frechet.algebra.network.contraction import batched, turned
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Shape, rows_cols, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.errors import FrechetError
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.books import LINEAR
from frechet.ops.matrix.powers import POWER, joined_in_factors
from frechet.ops.shapes import agree, matrix, shape_error, unchanged


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
    """Either factor a scalar, or as many columns on the left as rows on the right: m×n times n×p is m×p.

    Tensors are batches of matrices, b×m×n times b×n×p is b×m×p; the axes before the last two are alike, or one
    factor has none.
    """
    left, right = shapes
    if not left or not right:
        return left or right
    if len(left) > 2 or len(right) > 2:
        return _batches(left, right, unify)
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


def _batches(left: Shape, right: Shape, unify: Unify) -> Shape:
    """The product over the last two axes."""
    both = f"got {show(left)} and {show(right)}"
    for k, vector in enumerate((left, right)):
        if len(vector) == 1:
            other = len(right if k == 0 else left)
            letters = LETTERS[:other]
            spec = (
                f"{letters[-2]},{letters}->{letters[:-2] + letters[-1]}"
                if k == 0
                else (f"{letters},{letters[-1]}->{letters[:-1]}")
            )
            raise shape_error(
                "A*B of tensors multiplies over the last two axes, and a vector has one; "
                f'{both}: name the axes, as in einsum("{spec}", A, B)'
            )
    before, after = left[:-2], right[:-2]
    if before and after and len(before) != len(after):
        raise shape_error(
            f"A*B of tensors needs the same axes before the last two, or none in one factor; {both}: "
            "name the axes with einsum"
        )
    batch = list(before or after)
    for k, (p, q) in enumerate(zip(before, after, strict=False)):
        try:
            batch[k] = unify(p, q)
        except FrechetError as trouble:
            raise shape_error(f"A*B of tensors needs the same axes before the last two; {both}") from trouble
    try:
        unify(left[-1], right[-2])
    except FrechetError as trouble:
        needs = "A*B of tensors needs a last axis of A as long as the last but one of B"
        raise shape_error(f"{needs}; {both}") from trouble
    return (*batch, left[-2], right[-1])


def _over_scalar(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Any array over a scalar; the shape stays."""
    left, right = shapes
    if right:
        raise shape_error(
            f"A/b needs a scalar b; got {show(left)} and {show(right)}: "
            "write A./B (entry by entry) or A*inv(B) (matrices)"
        )
    return left


def _entrywise_power(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """Two arrays of one shape, or either a scalar; the result has that shape."""
    base, exponent = shapes
    if not base or not exponent:
        return base or exponent
    return agree(unify, base, exponent, "X.^K needs a scalar exponent or one of the shape of X")


def _transposed(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes n×m: a vector becomes a row, a scalar stays; of a tensor the last two axes change places."""
    (shape,) = shapes
    if len(shape) > 2:
        return (*shape[:-2], shape[-1], shape[-2])
    m, n = rows_cols(shape)
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
    if a.ndim > 2 or b.ndim > 2:
        return xp.matmul(a, b)
    return settled(xp, as_matrix(xp, a) @ as_matrix(xp, b))


def _hadamard(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a * b


def _divide(xp: Any, params: Params, a: Any, b: Any) -> Any:
    return a / b


def _epower(xp: Any, params: Params, a: Any, k: Any) -> Any:
    return a**k


def _transpose(xp: Any, params: Params, a: Any) -> Any:
    if a.ndim > 2:
        return xp.swapaxes(a, -1, -2)
    return a if a.ndim == 0 else settled(xp, as_matrix(xp, a).T)


def _add_reading(_: Expr, x: Node, y: Node) -> Node:
    """x + y, a scalar added to every entry."""
    return b.plus(x, y)


def _sub_reading(_: Expr, x: Node, y: Node) -> Node:
    """x - y, a scalar subtracted from every entry."""
    return b.plus(x, y, -1)


def _neg_reading(_: Expr, x: Node) -> Node:
    """-x."""
    return b.neg(x)


def _mul_reading(_: Expr, x: Node, y: Node) -> Node:
    """The matrix product, of tensors member by member, or a scaling."""
    if not (x.scalar or y.scalar) and max(len(x.shape), len(y.shape)) > 2:
        return batched(x, y)
    return b.mul(x, y)


def _hadamard_reading(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise product."""
    return b.hadamard([(x, Fraction(1)), (y, Fraction(1))])


def _divide_reading(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise quotient, either side possibly a scalar."""
    return b.hadamard([(x, Fraction(1)), (y, Fraction(-1))])


def _transpose_reading(_: Expr, x: Node) -> Node:
    """x'."""
    return turned(x)


def _epower_reading(_: Expr, x: Node, k: Node) -> Node:
    """The entrywise power."""
    q = b.value_of(k)
    if q is not None:
        return b.hadamard([(x, q)])
    if x.scalar and k.scalar:
        return b.apply("power", (x, k), (ONE, ONE))
    return b.apply("epower", (x, k), k.shape if x.scalar else x.shape)


def _d_epower(y: Node, dx: Node, da: Node) -> Node:
    """d x.^a = a.*x.^a./x.*dx + x.^a.*log(x).*da."""
    x, a = y.args
    less = b.apply("epower", (x, b.plus(a, b.number(-1))), y.shape)
    first = hadamard([(a, U), (less, U), (dx, U)])
    return add([(first, 1), (hadamard([(y, U), (elementwise("log", x), U), (da, U)]), 1)])


ADD = Op(
    "add",
    _entrywise("+"),
    _add,
    normal=_add_reading,
    elementwise=True,
    facts=Facts(cancels=True, linear="together"),
    source="Magnus & Neudecker 8.2; Cookbook (35)",
    example="A+B",
    doc="The sum; a scalar is added to every entry.",
    python=("add",),
    call="",
)
SUB = Op(
    "sub",
    _entrywise("-"),
    _sub,
    normal=_sub_reading,
    elementwise=True,
    telling=Telling(letters=("r", "R")),
    facts=Facts(cancels=True, linear="together"),
    source="Magnus & Neudecker 8.2; Cookbook (35)",
    example="A-B",
    doc="The difference; a scalar is taken from every entry.",
    python=("subtract", "sub"),
    call="",
)
NEG = Op(
    "neg",
    unchanged,
    _neg,
    normal=_neg_reading,
    elementwise=True,
    facts=Facts(cancels=True, linear="together"),
    source="Magnus & Neudecker 8.2; Cookbook (34)",
    example="-A",
    doc="The negative.",
    python=("negative", "neg"),
    call="",
)
MUL = Op(
    "mul",
    _product,
    _mul,
    normal=_mul_reading,
    facts=Facts(cancels=True, linear="each"),
    source="Magnus & Neudecker 8.2; Giles 2008, 2.2.2; Cookbook (37)",
    example="A*x",
    doc="Scalar times anything, else the matrix product; of tensors over the last two axes.",
    call="",
)
HADAMARD = Op(
    "hadamard",
    _entrywise(".*"),
    _hadamard,
    normal=_hadamard_reading,
    elementwise=True,
    facts=Facts(cancels=True, linear="each"),
    source="Magnus & Neudecker 8.2; Cookbook (38)",
    example="x.*y",
    doc="The product entry by entry.",
    python=("multiply", "mul"),
    call="",
)
EDIVIDE = Op(
    "edivide",
    _entrywise("./"),
    _divide,
    normal=_divide_reading,
    elementwise=True,
    domain=("any", "nonzero"),
    source="the product rule and d(1/y) = -dy/y^2",
    example="x./y",
    doc="The quotient entry by entry.",
    python=("divide", "true_divide", "div"),
    call="",
    facts=Facts(cancels=True),
)
DIVIDE = Op(
    "divide",
    _over_scalar,
    _divide,
    normal=_divide_reading,
    domain=("any", "nonzero"),
    source="the product rule and d(1/a) = -da/a^2",
    example="x/a",
    doc="Every entry over a scalar.",
    call="",
    facts=Facts(cancels=True),
)
EPOWER = Op(
    "epower",
    _entrywise_power,
    _epower,
    normal=_epower_reading,
    differential=_d_epower,
    facts=Facts(holomorphic=True),
    rules=Rules(in_factors=joined_in_factors),
    elementwise=True,
    source="Abramowitz & Stegun 4.2.52",
    example="x.^2",
    doc="The power entry by entry.",
    python=("power", "pow", "float_power"),
    call="",
    code=Code(text="{0}**{1}", cost=20),
)
TRANSPOSE = Op(
    "transpose",
    _transposed,
    _transpose,
    normal=_transpose_reading,
    telling=Telling(step=LINEAR),
    facts=Facts(cancels=True, linear="together", of_arrays=True),
    source="Magnus & Neudecker 8.2; Cookbook (44)",
    example="A'",
    doc="The transpose; `X.T` is read too.  Of a tensor the last two axes change places.",
    call="",
)

ARITHMETIC = (ADD, SUB, NEG, MUL, HADAMARD, EDIVIDE, DIVIDE, POWER, EPOWER, TRANSPOSE)
