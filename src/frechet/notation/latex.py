r"""Formulas in LaTeX, for amsmath: `A^{\top} G`, `I_{p} \otimes A`, `\sigma'(a)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from html.entities import name2codepoint

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.notation import ascii
from frechet.notation.precedence import (
    ATOM,
    NEGATION,
    POSTFIX,
    POWER,
    PRODUCT,
    Alphabet,
    Form,
    Piece,
    Slot,
    number_level,
    size_level,
    written,
)

_GREEK = frozenset(word for word, c in name2codepoint.items() if 0x391 <= c <= 0x3C9 and word != "sigmaf")
_LATIN_LIKE = frozenset(
    ("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho", "Tau", "Chi", "omicron")
)
_SIGNS = {"hadamard": r" \odot ", "edivide": r" \oslash ", "kron": r" \otimes ", "khatrirao": r" \ast "}
_NAME = re.compile(r"(.*?)_?(\d*)\Z", re.DOTALL)


def name(plain: str) -> str:
    r"""A name: Greek letters, digits as a subscript, longer names upright.

    >>> name("lambda"), name("x12"), name("dX"), name("loss"), name("w_out")
    ('\\lambda', 'x_{12}', '\\mathrm{d}X', '\\mathrm{loss}', '\\mathrm{w\\_out}')
    """
    found = _NAME.match(plain)
    head, digits = found.groups() if found else (plain, "")
    if not head:
        head, digits = plain, ""
    if head in _GREEK and head not in _LATIN_LIKE:
        shown = f"\\{head}"
    elif len(head) == 1 and head != "_":
        shown = head
    elif len(head) > 1 and head[0] == "d" and (len(head) == 2 or head[1:] in _GREEK):
        shown = r"\mathrm{d}" + name(head[1:])
    else:
        shown = r"\mathrm{" + head.replace("_", r"\_") + "}"
    return shown + (f"_{{{digits}}}" if digits else "")


def size(dim: Dim) -> str:
    """A size: `m n`, `n+1`."""
    return re.sub(r"[A-Za-z_]\w*", lambda found: name(found.group()), str(dim)).replace("*", " ")


def _index(index: object) -> str:
    return size(index) if isinstance(index, Dim) else name(str(index)) if isinstance(index, str) else str(index)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _constant(node: Expr) -> Form:
    sizes = [size(Dim.of(p)) for p in node.params]
    joined = (", " if node.op.name == "commutation" else r" \times ").join(sizes)
    return Form(ATOM, [f"{node.op.looks.latex_letter}_{{{joined}}}"])


def _mul(node: Expr) -> Form:
    left, right = node.args
    first = Slot(left, NEGATION if left.op.name == "kron" else ascii.clear_left(node))
    sign = r" \cdot " if ascii.head(right).op.name == "number" else " "
    return Form(PRODUCT, [first, sign, Slot(right, NEGATION, False)])


def _transpose(node: Expr) -> Form:
    (part,) = node.args
    if part.op.name == "inv":
        return Form(POSTFIX, [Slot(part.args[0], ATOM), r"^{-\top}"])
    level = POSTFIX if part.op.name in ("row", "column") else ATOM  # X_{i,:}^T: what is raised and lowered, one name
    return Form(POSTFIX, [Slot(part, level), r"^{\top}"])


def _herm(node: Expr) -> Form:
    return Form(POSTFIX, [Slot(node.args[0], ATOM), r"^{\mathsf{H}}"])


def _conj(node: Expr) -> Form:
    return Form(ATOM, [r"\overline{", Slot(node.args[0]), "}"])


def _power(node: Expr) -> Form:
    base, power = node.args
    sign = "^{" if node.op.name == "power" else r"^{\circ "
    return Form(POWER, [Slot(base, ATOM), sign, Slot(power), "}"])


def _fraction(node: Expr) -> Form:
    return Form(PRODUCT, [r"\frac{", Slot(node.args[0]), "}{", Slot(node.args[1]), "}"])


def _indexed(node: Expr) -> Form:
    indices = [_index(p) for p in node.params]
    joined = "".join(indices) if all(len(i) == 1 for i in indices) else ", ".join(indices)
    return Form(POSTFIX, [Slot(node.args[0], ATOM), f"_{{{joined}}}"])


def _rows(rows: list[tuple[Expr, ...]]) -> Form:
    pieces: list[Piece] = [r"\begin{bmatrix} "]
    for i, row in enumerate(rows):
        if i:
            pieces.append(r" \\ ")
        pieces += ascii.listed(row, " & ")
    return Form(ATOM, [*pieces, r" \end{bmatrix}"])


def _call(node: Expr) -> Form:
    looks = node.op.looks
    head = looks.latex or r"\operatorname{" + ascii.called(node).replace("_", r"\_") + "}"
    if ascii.leads(node) and "{}" in head:
        return Form(ATOM, [head.format(*node.params) + r"\left(", *ascii.listed(node.args, ", "), r"\right)"])
    pieces = ascii.listed(node.args, ", ")
    for param in node.params:
        if param is not None:
            pieces.append((", " if pieces else "") + _index(param))
    return Form(ATOM, [head + r"\left(", *pieces, r"\right)"])


def _declared(node: Expr) -> Form:
    return Form(ATOM, [name(node.params[0]) + "'" * node.params[1] + r"\left(", Slot(node.args[0]), r"\right)"])


def _einsum(node: Expr) -> Form:
    spec = node.params[0].replace("->", r"\to ")
    head = r"\operatorname{einsum}\left(\mathtt{" + spec + "}, "
    return Form(ATOM, [head, *ascii.listed(node.args, ", "), r"\right)"])


_FORMS: dict[str, Callable[[Expr], Form]] = {
    "variable": lambda node: Form(ATOM, [name(node.params[0])]),
    "number": lambda node: Form(number_level(node.params[0]), [_number(node.params[0])]),
    "pi": lambda node: Form(ATOM, [r"\pi"]),
    "size": lambda node: Form(size_level(node.params[0]), [size(node.params[0])]),
    **dict.fromkeys(("add", "sub", "neg"), ascii.form),
    "mul": _mul,
    "divide": _fraction,
    **{op: partial(ascii.infix, sign) for op, sign in _SIGNS.items()},
    "power": _power,
    "epower": _power,
    "transpose": _transpose,
    "herm": _herm,
    "conj": _conj,
    "inv": lambda node: Form(POWER, [Slot(node.args[0], ATOM), "^{-1}"]),
    "unit": lambda node: Form(ATOM, [f"e_{{{_index(node.params[0])}}}"]),
    "declared": _declared,
    "einsum": _einsum,
    "hcat": lambda node: _rows([node.args]),
    "vcat": lambda node: _rows([row.args if row.op.name == "hcat" else (row,) for row in node.args]),
    "entry": _indexed,
    "at": _indexed,
    "column": lambda node: Form(POSTFIX, [Slot(node.args[0], ATOM), f"_{{:,{_index(node.params[0])}}}"]),
    "row": lambda node: Form(POSTFIX, [Slot(node.args[0], ATOM), f"_{{{_index(node.params[0])},:}}"]),
    "delta": lambda node: Form(ATOM, [rf"\delta_{{{' '.join(_index(p) for p in node.params)}}}"]),
    "isum": lambda node: Form(
        NEGATION, [rf"\sum_{{{','.join(_index(p) for p in node.params)}}} ", Slot(node.args[0], PRODUCT)]
    ),
}


def form(node: Expr) -> Form:
    """The level and the pieces of a node in LaTeX."""
    own = _FORMS.get(node.op.name)
    if own is not None:
        return own(node)
    looks = node.op.looks
    if looks.latex_bars is not None:
        return Form(ATOM, [looks.latex_bars[0], Slot(node.args[0]), looks.latex_bars[1]])
    return _constant(node) if looks.latex_letter else _call(node)


_LATEX = Alphabet(form, r"\left(", r"\right)")


def text(expr: Expr) -> str:
    r"""The formula in LaTeX.

    >>> from frechet.language import parse
    >>> print(text(parse("2*X*inv(X'*X)").value))
    2 X \left(X^{\top} X\right)^{-1}
    >>> print(text(parse("kron(eye(p),A')/norm2(lambda*A)").value))
    \frac{I_{p} \otimes A^{\top}}{\left\lVert \lambda A \right\rVert}
    """
    return written(expr, _LATEX)
