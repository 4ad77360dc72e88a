r"""Formulas in LaTeX, for amsmath: `A^{\top} G`, `I_{p} \otimes A`, `\sigma'(a)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from html.entities import name2codepoint

from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr, make
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
from frechet.ops.expressions import apply, number

_GREEK = frozenset(word for word, c in name2codepoint.items() if 0x391 <= c <= 0x3C9 and word != "sigmaf")
_LATIN_LIKE = frozenset(
    ("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho", "Tau", "Chi", "omicron")
)
_SIGNS = {"hadamard": r" \odot ", "edivide": r" \oslash ", "kron": r" \otimes ", "khatrirao": r" \ast "}
_MARKS = ("hat", "bar", "tilde", "ddot", "dot", "check", "breve")
_RATIO = re.compile(r"d([^\W\d_][^\W_]*(?:_[^\W_]+)?)_d([^\W\d_]\w*)")
_ENTRY = re.compile(r"(.+)\[(\d+(?:,\d+)*)\]")
_DIGITS = re.compile(r"(.*?\D)_?(\d+)", re.DOTALL)
_SHIFTED = re.compile(r"([a-z])([mp])(\d+)")
_SHORT = 2
"""A label of so many letters is set as letters, b_{hh}; a longer one as a word."""


def name(plain: str) -> str:
    r"""A name in its own letters: Greek, marks, digits and labels as subscripts, other words upright.

    >>> name("lambda"), name("x12"), name("dX"), name("loss"), name("w_out")
    ('\\lambda', 'x_{12}', '\\mathrm{d}X', '\\mathrm{loss}', 'w_{\\mathrm{out}}')
    >>> name("A[1,2]"), name("W1[1,12]")
    ('A_{12}', '\\left(W_{1}\\right)_{1,12}')
    >>> name("yhat"), name("x_bar"), name("alpha_1"), name("b_hh"), name("dL_dW1"), name("step_size")
    ('\\hat{y}', '\\bar{x}', '\\alpha_{1}', 'b_{hh}', '\\frac{\\partial L}{\\partial W_{1}}', '\\mathrm{step\\_size}')
    """
    entry = _ENTRY.fullmatch(plain)
    if entry:
        below = (
            entry.group(2) if "," not in entry.group(2) or re.search(r"\d\d", entry.group(2)) else entry.group(2)[::2]
        )
        inner = name(entry.group(1))
        return f"{inner}_{{{below}}}" if "_" not in inner else rf"\left({inner}\right)_{{{below}}}"
    ratio = _RATIO.fullmatch(plain)
    if ratio:
        above, below = map(name, ratio.groups())
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    front, _, label = plain.partition("_")
    if label in _MARKS:
        front, label = front + label, ""
    digits = _DIGITS.fullmatch(front)
    if label and digits and _letter(digits.group(1)):
        front, label = digits.group(1), f"{digits.group(2)}_{label}"
    if label and not label.isdigit():
        letter = _letter(front)
        return f"{letter}_{{{_label(label)}}}" if letter else _word(plain)
    digits = _DIGITS.fullmatch(front + label)
    if digits and not plain.endswith("_"):
        return f"{_letter(digits.group(1)) or _word(digits.group(1))}_{{{digits.group(2)}}}"
    return (None if plain.endswith("_") else _letter(front)) or _word(plain)


def _letter(plain: str) -> str | None:
    """A single letter, Latin or Greek, with a mark, with digits, or after the d of an increment; None for a word."""
    if plain in _GREEK and plain not in _LATIN_LIKE:
        return f"\\{plain}"
    if len(plain) == 1 and plain != "_":
        return plain
    mark = next((m for m in _MARKS if plain.endswith(m) and len(plain) > len(m)), None)
    inside = _letter(plain[: -len(mark)]) if mark else None
    if mark and inside and "{" not in inside:
        return rf"\{mark}{{{inside}}}"
    if plain[:1] == "d" and plain[1:2] != "d" and len(plain) > 1 and (inside := _letter(plain[1:])):
        return rf"\mathrm{{d}}{inside}"
    return None


def _label(label: str) -> str:
    """What stands below a name: letters as they are, words upright; several apart."""
    parts = [part for part in label.split("_") if part]
    return ",".join(map(_part, parts))


MOST = 10
"""The columns that a matrix of amsmath has at most."""


def _part(part: str) -> str:
    r"""One label: `t-1` where it is written tm1, as LaTeX's h_{t-1} is read.

    >>> _part("tm1"), _part("hh"), _part("theta")
    ('t-1', 'hh', '\\theta')
    """
    moved = _SHIFTED.fullmatch(part)
    if moved:
        return f"{moved.group(1)}{'-' if moved.group(2) == 'm' else '+'}{moved.group(3)}"
    if part in _GREEK and part not in _LATIN_LIKE:
        return f"\\{part}"
    return part if len(part) <= _SHORT or part.isdigit() else _word(part)


def _word(plain: str) -> str:
    return r"\mathrm{" + plain.replace("_", r"\_") + "}"


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


def _variable(node: Expr) -> Form:
    shown = name(node.params[0])
    return Form(POSTFIX if shown.startswith(r"\frac") else ATOM, [shown])  # a ratio with an exponent is bracketed


def _delta(node: Expr) -> str:
    places = [_index(p) for p in node.params]
    return rf"\delta_{{{('' if all(len(p) == 1 for p in places) else ', ').join(places)}}}"


def _constant(node: Expr) -> Form:
    sizes = [size(Dim.of(p)) for p in node.params]
    joined = (", " if node.op.name == "commutation" else r" \times ").join(sizes)
    return Form(ATOM, [f"{node.op.looks.latex_letter}_{{{joined}}}"])


def _sum(node: Expr) -> Form:
    """A sum; a number beside arrays is that number times ones."""
    args = tuple(_spread(a, node.shape) for a in node.args)
    return ascii.form(node if args == node.args else make(node.op, args, node.params, node.shape))


def _spread(part: Expr, shape: Shape) -> Expr:
    """What is added to an array of this shape: a number in every entry."""
    if part.shape or not shape:
        return part
    ones = apply("ones", (), shape)
    if part.op.name == "neg":
        return apply("neg", (_spread(part.args[0], shape),))
    return ones if part is number(1) else apply("mul", (part, ones))


def _mul(node: Expr) -> Form:
    left, right = node.args
    first = Slot(left, NEGATION if left.op.name == "kron" else ascii.clear_left(node))
    sign = r" \cdot " if ascii.head(right).op.name == "number" else " "
    return Form(PRODUCT, [first, sign, Slot(right, NEGATION, False)])


def _transpose(node: Expr) -> Form:
    (part,) = node.args
    if part.op.name == "inv":
        return Form(POSTFIX, [Slot(part.args[0], ATOM), r"^{-\top}"])
    level = (
        POSTFIX if part.op.name in ("row", "column", "slice") else ATOM
    )  # X_{i,:}^T: what is raised and lowered, one name
    return Form(POSTFIX, [Slot(part, level), r"^{\top}"])


def _herm(node: Expr) -> Form:
    return Form(POSTFIX, [Slot(node.args[0], ATOM), r"^{\mathsf{H}}"])


def _conj(node: Expr) -> Form:
    return Form(ATOM, [r"\overline{", Slot(node.args[0]), "}"])


def _power(node: Expr) -> Form:
    base, power = node.args
    sign = "^{" if node.op.name == "power" else r"^{\circ "
    level = POSTFIX if base.op.name in ("at", "entry") else ATOM  # X_{ij}^2: what is raised and lowered, one name
    return Form(POWER, [Slot(base, level), sign, Slot(power), "}"])


def _fraction(node: Expr) -> Form:
    return Form(PRODUCT, [r"\frac{", Slot(node.args[0]), "}{", Slot(node.args[1]), "}"])


def _indexed(node: Expr) -> Form:
    indices = [_index(p) for p in node.params]
    joined = "".join(indices) if all(len(i) == 1 for i in indices) else ", ".join(indices)
    return _lowered(node.args[0], joined)


def _lowered(part: Expr, below: str) -> Form:
    """A part with a subscript; a name that has one already in brackets."""
    if part.op.name == "variable" and "_{" in name(part.params[0]):
        return Form(POSTFIX, [r"\left(", Slot(part), r"\right)", f"_{{{below}}}"])
    return Form(POSTFIX, [Slot(part, ATOM), f"_{{{below}}}"])


def _rows(rows: list[tuple[Expr, ...]]) -> Form:
    columns = max(len(row) for row in rows)
    wide = columns > MOST  # what amsmath's matrices hold unless they are told
    opening, closing = (
        (rf"\left[\begin{{array}}{{{'c' * columns}}} ", r" \end{array}\right]")
        if wide
        else (r"\begin{bmatrix} ", r" \end{bmatrix}")
    )
    pieces: list[Piece] = [opening]
    for i, row in enumerate(rows):
        if i:
            pieces.append(r" \\ ")
        pieces += ascii.listed(row, " & ")
    return Form(ATOM, [*pieces, closing])


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
    "variable": _variable,
    "number": lambda node: Form(number_level(node.params[0]), [_number(node.params[0])]),
    "pi": lambda node: Form(ATOM, [r"\pi"]),
    "size": lambda node: Form(size_level(node.params[0]), [size(node.params[0])]),
    "neg": ascii.form,
    **dict.fromkeys(("add", "sub"), _sum),
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
    "column": lambda node: _lowered(node.args[0], f":,{_index(node.params[0])}"),
    "slice": lambda node: _lowered(node.args[0], ", ".join(":" if p is None else _index(p) for p in node.params)),
    "row": lambda node: _lowered(node.args[0], f"{_index(node.params[0])},:"),
    "delta": lambda node: Form(ATOM, [_delta(node)]),
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
        matrix = len(node.args[0].shape) == 2 and ONE not in node.args[0].shape
        mark = looks.matrix_mark if matrix else ""
        return Form(ATOM, [looks.latex_bars[0], Slot(node.args[0]), looks.latex_bars[1] + mark])
    return _constant(node) if looks.latex_letter else _call(node)


_LATEX = Alphabet(form, r"\left(", r"\right)")


def text(expr: Expr) -> str:
    r"""The formula in LaTeX.

    >>> from frechet.language import parse
    >>> print(text(parse("2*X*inv(X'*X)").value))
    2 X \left(X^{\top} X\right)^{-1}
    >>> print(text(parse("kron(eye(p),A')/norm2(lambda*A)").value))
    \frac{I_{p} \otimes A^{\top}}{\left\lVert \lambda A \right\rVert_{F}}
    """
    return written(expr, _LATEX)
