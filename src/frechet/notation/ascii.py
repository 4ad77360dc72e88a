"""Formulas in ASCII: what is written here parses to the same expression again.

Brackets are as few as precedence asks, and some more where a reader would stumble: `(A.*B)*C`, `(X^2)'`,
`(a^b)^c`, and around what begins with a minus after a sign.  Sizes made of several names are written as
arithmetic and read as arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from frechet.core.expr import Expr
from frechet.notation.precedence import (
    ATOM,
    NEGATION,
    POSTFIX,
    POWER,
    PRODUCT,
    SUM,
    Alphabet,
    Form,
    Piece,
    Slot,
    Spaced,
    number_level,
    size_level,
    written,
)

_PRODUCTS = {"mul": "*", "hadamard": ".*", "edivide": "./", "divide": "/"}
_SUFFIXED = frozenset(("power", "epower", "transpose", "entry", "at", "column", "row", "slice"))
_ENTRYWISE = ("hadamard", "edivide")


def listed(parts: tuple[Expr, ...], comma: str = ",") -> list[Piece]:
    """The parts one after the other."""
    pieces: list[Piece] = []
    for i, part in enumerate(parts):
        if i:
            pieces.append(comma)
        pieces.append(Slot(part))
    return pieces


def integer(part: Expr) -> Fraction | None:
    """The integer that the part is as a number, or None."""
    if part.op.name == "number" and part.params[0].denominator == 1:
        return part.params[0]
    return None


def head(part: Expr) -> Expr:
    """What a factor begins with, below its powers, transposes and indices."""
    while part.op.name in _SUFFIXED:
        part = part.args[0]
    return part


def _sum(node: Expr) -> Form:
    sign = "+" if node.op.name == "add" else "-"
    left, right = node.args
    return Form(SUM, [Slot(left), Spaced(sign), Slot(right, PRODUCT, False)])


def clear_left(node: Expr) -> int:
    """The level that the left factor needs so that nobody misreads a mixture of `*` and `.*`."""
    left, right = node.args
    if node.op.name == "divide":
        return PRODUCT  # x.*y/c can mean one thing only
    if node.op.name == "mul" and is_inner_product(left):
        return NEGATION  # (x'*y)*z, a number times z
    mixed = (node.op.name in _ENTRYWISE) != (left.op.name in _ENTRYWISE)
    arrays = bool(left.shape and right.shape) or left.op.name in _ENTRYWISE
    products = left.op.name in _ENTRYWISE or (left.op.name == "mul" and all(a.shape for a in left.args))
    return NEGATION if mixed and arrays and products else PRODUCT


def infix(sign: str, node: Expr) -> Form:
    """A product with a sign of its own between the factors: A ⊙ B, A ⊗ B; of two signs neither binds first."""
    left, right = node.args
    level = NEGATION if {node.op.name, left.op.name} & {"kron", "khatrirao"} else clear_left(node)
    return Form(PRODUCT, [Slot(left, level), sign, Slot(right, NEGATION, False)])


def is_inner_product(e: Expr) -> bool:
    """Whether a formula is a product of arrays that is a number."""
    return e.op.name == "mul" and not e.shape and bool(e.args[0].shape)


def _product(node: Expr) -> Form:
    left, right = node.args
    first: list[Piece] = [Slot(left, clear_left(node))]
    if node.op.name == "divide" and integer(left) is not None and integer(right) is not None:
        first = ["(", Slot(left), ")"]  # 1/2 would be read as one number
    return Form(PRODUCT, [*first, _PRODUCTS[node.op.name], Slot(right, NEGATION, False)])


def _neg(node: Expr) -> Form:
    (part,) = node.args
    if part.op.name == "number":
        return Form(NEGATION, ["-(", Slot(part), ")"])
    return Form(NEGATION, ["-", Slot(part, NEGATION, False)])


def exponent(part: Expr) -> list[Piece]:
    """What follows ^: a signed integer, a name, an entry of a name, else brackets."""
    whole = integer(part)
    if whole is not None:
        return [str(whole)]
    if part.op.name == "neg" and part.args[0].op.name == "variable":
        return ["-", Slot(part.args[0], ATOM)]
    if part.op.name == "entry" and part.args[0].op.name == "variable":
        return [Slot(part)]
    return [Slot(part, ATOM)]


def _power(node: Expr) -> Form:
    base, power = node.args
    sign = "^" if node.op.name == "power" else ".^"
    return Form(POWER, [Slot(base, POSTFIX), sign, *exponent(power)])


def called(node: Expr) -> str:
    """The function as it is written: its name; that of two arguments where it is the same of one."""
    return node.op.looks.word or node.op.name


def leads(node: Expr) -> bool:
    """Whether the parameters are written before the arguments: polygamma(1,x)."""
    return node.op.call[:1] not in ("", "x") and bool(node.args)


def _call(node: Expr) -> Form:
    pieces = listed(node.args)
    params = [str(param) for param in node.params if param is not None]
    if leads(node):
        pieces = [*(f"{param}," for param in params), *pieces]
    else:
        for param in params:
            pieces.append(f",{param}" if pieces else param)
    return Form(ATOM, [f"{called(node)}(", *pieces, ")"])


def _indices(node: Expr) -> Form:
    return Form(
        POSTFIX, [Slot(node.args[0], POSTFIX), f"[{','.join(':' if p is None else str(p) for p in node.params)}]"]
    )


def _vcat(node: Expr) -> Form:
    pieces: list[Piece] = ["["]
    for i, row in enumerate(node.args):
        if i:
            pieces.append("; ")
        pieces += listed(row.args if row.op.name == "hcat" else (row,), ", ")
    return Form(ATOM, [*pieces, "]"])


_FORMS: dict[str, Callable[[Expr], Form]] = {
    "variable": lambda node: Form(ATOM, [node.params[0]]),
    "number": lambda node: Form(number_level(node.params[0]), [str(node.params[0])]),
    "size": lambda node: Form(size_level(node.params[0]), [str(node.params[0])]),
    "pi": lambda node: Form(ATOM, ["pi"]),
    "add": _sum,
    "sub": _sum,
    "neg": _neg,
    **dict.fromkeys(_PRODUCTS, _product),
    "power": _power,
    "epower": _power,
    "transpose": lambda node: Form(POSTFIX, [Slot(node.args[0], POSTFIX), "'"]),
    "declared": lambda node: Form(ATOM, [f"{node.params[0]}{chr(39) * node.params[1]}(", Slot(node.args[0]), ")"]),
    "einsum": lambda node: Form(ATOM, [f'einsum("{node.params[0]}", ', *listed(node.args, ", "), ")"]),
    "hcat": lambda node: Form(ATOM, ["[", *listed(node.args, ", "), "]"]),
    "vcat": _vcat,
    "entry": _indices,
    "at": _indices,
    "slice": _indices,
    "column": lambda node: Form(POSTFIX, [Slot(node.args[0], POSTFIX), f"[:,{node.params[0]}]"]),
    "row": lambda node: Form(POSTFIX, [Slot(node.args[0], POSTFIX), f"[{node.params[0]},:]"]),
    "isum": lambda node: Form(ATOM, [f"sum({','.join(node.params)}: ", Slot(node.args[0]), ")"]),
}


def form(node: Expr) -> Form:
    """The level and the pieces of a node; a function of its arguments unless it has a sign of its own."""
    return _FORMS.get(node.op.name, _call)(node)


_ASCII = Alphabet(form)


def text(expr: Expr) -> str:
    """The formula in ASCII.

    >>> from frechet.language import parse
    >>> text(parse("2*X*inv(X'*X) - (1/2)*A").value), text(parse("(X+Y)'^-1").value)
    ("2*X*inv(X'*X) - 1/2*A", "(X+Y)'^-1")
    """
    return written(expr, _ASCII)
