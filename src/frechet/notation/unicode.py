"""Formulas for a terminal: `Aᵀ G`, `Iₚ ⊗ A`, `σ′(a)`, `‖x‖²`.  For reading; ASCII is what parses again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html.entities import name2codepoint

from frechet.core.dim import ONE, Dim
from frechet.core.expr import Expr
from frechet.notation import ascii
from frechet.notation.precedence import (
    ATOM,
    NEGATION,
    POSTFIX,
    POWER,
    PRODUCT,
    SUM,
    Alphabet,
    Form,
    Slot,
    Spaced,
    written,
)

_LETTERS = {word: chr(c) for word, c in name2codepoint.items() if 0x391 <= c <= 0x3C9 and word != "sigmaf"}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SIGNS = {"hadamard": " ⊙ ", "edivide": " ⊘ ", "kron": " ⊗ ", "khatrirao": " ∗ "}


def name(plain: str) -> str:
    """A name with its Greek letter, and its digits, or what stands after a single letter's _, lowered.

    >>> name("lambda"), name("dSigma"), name("x1"), name("loss"), name("alpha_1"), name("b_hh"), name("step_size")
    ('λ', 'dΣ', 'x₁', 'loss', 'α₁', 'bₕₕ', 'step_size')
    """
    head = plain.rstrip("0123456789")
    front, _, below = plain.partition("_")
    letter = (
        len(front) == 1 or front in _LETTERS or (front.startswith("d") and (front[1:] in _LETTERS or len(front) == 2))
    )
    if letter and 0 < len(below) <= 3 and set(below) <= set(map(chr, _LOWERED)):
        head = front
    digits = plain[len(head) :].lstrip("_").translate(_LOWERED)
    if head in _LETTERS:
        return _LETTERS[head] + digits
    if head.startswith("d") and head[1:] in _LETTERS:
        return f"d{_LETTERS[head[1:]]}{digits}"
    return head + digits


def _lowered(sizes: tuple[Dim, ...]) -> str | None:
    """The sizes as a subscript, if each is a name or a number that has one."""
    texts = [str(size).translate(_LOWERED) for size in sizes]
    if any(t.isascii() or any(c.isascii() for c in t) for t in texts):
        return None
    return "ₓ".join(texts) if len(texts) > 1 else texts[0]


def _constant(node: Expr) -> Form:
    sizes = tuple(Dim.of(p) for p in node.params)
    if len(sizes) == 2 and sizes[1] == ONE and node.op.name in ("ones", "zeros"):
        sizes = sizes[:1]
    lowered = _lowered(sizes) if len(sizes) == 1 else None
    plain = ",".join(map(str, sizes)) if node.op.name == "commutation" else "×".join(map(str, sizes))
    return Form(ATOM, [node.op.looks.letter + (lowered or f"[{plain}]")])


def _mul(node: Expr) -> Form:
    left, right = node.args
    # A product is written without a sign, so that a quotient before it would seem to divide by it.
    apart = left.op.name in ("kron", "divide")
    first = Slot(left, NEGATION if apart else ascii.clear_left(node))
    digit = ascii.head(right).op.name in ("number", "ones", "zeros")
    return Form(PRODUCT, [first, " · " if digit else " ", Slot(right, NEGATION, False)])


def _transpose(node: Expr) -> Form:
    (part,) = node.args
    if part.op.name == "inv":
        return Form(POSTFIX, [Slot(part.args[0], POSTFIX), "⁻ᵀ"])
    return Form(POSTFIX, [Slot(part, POSTFIX), "ᵀ"])


def _herm(node: Expr) -> Form:
    return Form(POSTFIX, [Slot(node.args[0], POSTFIX), "ᴴ"])


def _power(node: Expr) -> Form:
    base, power = node.args
    whole = ascii.integer(power)
    if whole is not None and node.op.name == "power":
        return Form(POWER, [Slot(base, POSTFIX), str(whole).translate(_RAISED)])
    sign = "^" if node.op.name == "power" else ".^"
    return Form(POWER, [Slot(base, POSTFIX), sign, *ascii.exponent(power)])


def _call(node: Expr) -> Form:
    plain = ascii.form(node)
    head = node.op.looks.unicode
    return Form(plain.level, [f"{head}(", *plain.pieces[1:]]) if head else plain


def _declared(node: Expr) -> Form:
    head = f"{name(node.params[0])}{'′' * node.params[1]}("
    return Form(ATOM, [head, Slot(node.args[0]), ")"])


def _sub(node: Expr) -> Form:
    left, right = node.args
    return Form(SUM, [Slot(left), Spaced("−"), Slot(right, PRODUCT, False)])


def _neg(node: Expr) -> Form:
    plain = ascii.form(node)
    return Form(plain.level, [str(plain.pieces[0]).replace("-", "−"), *plain.pieces[1:]])


def _number(node: Expr) -> Form:
    plain = ascii.form(node)
    return Form(plain.level, [str(node.params[0]).replace("-", "−")])


_FORMS: dict[str, Callable[[Expr], Form]] = {
    "variable": lambda node: Form(ATOM, [name(node.params[0])]),
    "number": _number,
    "pi": lambda node: Form(ATOM, ["π"]),
    "sub": _sub,
    "neg": _neg,
    "mul": _mul,
    **{op: partial(ascii.infix, sign) for op, sign in _SIGNS.items()},
    "divide": lambda node: Form(PRODUCT, [Slot(node.args[0], PRODUCT), " / ", Slot(node.args[1], NEGATION, False)]),
    "power": _power,
    "epower": _power,
    "transpose": _transpose,
    "herm": _herm,
    "inv": lambda node: Form(POWER, [Slot(node.args[0], POSTFIX), "⁻¹"]),
    "declared": _declared,
    "delta": lambda node: Form(ATOM, [f"δ[{','.join(map(str, node.params))}]"]),
    "isum": lambda node: Form(ATOM, [f"∑({','.join(node.params)}: ", Slot(node.args[0]), ")"]),
}


def form(node: Expr) -> Form:
    """The level and the pieces of a node in Unicode."""
    own = _FORMS.get(node.op.name)
    if own is not None:
        return own(node)
    looks = node.op.looks
    if looks.bars is not None:
        return Form(ATOM, [looks.bars[0], Slot(node.args[0]), looks.bars[1]])
    return _constant(node) if looks.letter else _call(node)


_UNICODE = Alphabet(form)


def text(expr: Expr) -> str:
    """The formula for a terminal.

    >>> from frechet.language import parse
    >>> text(parse("2*A'*(A*x-y)").value), text(parse("kron(eye(p),A) - inv(X)'*norm2(x)^2").value)
    ('2 Aᵀ (A x−y)', 'Iₚ ⊗ A − X⁻ᵀ ‖x‖²')
    """
    return written(expr, _UNICODE)
