r"""LaTeX on a line: thin spaces beside what is set upright, and where a formula that is too long is broken."""

from __future__ import annotations

import re
from itertools import pairwise

from frechet.core.expr import Expr, make
from frechet.ops.expressions import apply, number

SIGNS = frozenset(
    {"+", "-", "=", r"\odot", r"\oslash", r"\otimes", r"\,", r"\right)", r"\right]", r"\right\rangle", "\\\\"}
)
"""Words of a formula that have their own space around them."""
BREAK = "\\\\\n"
"""What stands between the lines of one formula (within a matrix no line ends after it)."""


def apart(formula: str) -> str:
    r"""A thin space around increments and words in a product: dX Y is no d(XY).

    >>> print(apart(r"A \mathrm{d}X B"), "|", apart(r"\mathrm{weights} x - b"))
    A \, \mathrm{d}X \, B | \mathrm{weights} \, x - b
    """
    words = formula.split(" ")
    out = words[:1]
    for before, word in pairwise(words):
        moves = _upright(word) or UPRIGHT.search(before) is not None
        moves = moves and not before.startswith(r"\sum")
        if moves and not {before, word} & SIGNS and not before.endswith((",", "(", "&", "\\\\")) and word[:1] != "&":
            out.append(r"\,")
        out.append(word)
    return " ".join(out)


UPRIGHT = re.compile(r"(?:^|[-+(])\\mathrm\{\w+\}[^\s()]*$")
"""What ends with an increment or a word."""


def _upright(word: str) -> bool:
    return word.lstrip("{(").startswith((r"\mathrm{", r"\left(\mathrm{"))


def in_front(e: Expr) -> Expr:
    """A long fraction with its divisor in front, so that what stands above the line can be broken; terms likewise.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> text(in_front(parse("(a+b)/c - d").value))
    '1/c*(a+b) - d'
    """
    if e.op.name in ("add", "sub", "neg"):
        return make(e.op, tuple(map(in_front, e.args)), e.params, e.shape)
    if e.op.name == "divide" and not e.args[1].shape and e.args[0].args:
        above, below = e.args
        sign = above.op.name == "neg"
        whole = apply("mul", (apply("divide", (number(1), below)), above.args[0] if sign else above))
        return apply("neg", (whole,)) if sign else whole
    return e


def portable(formula: str) -> str:
    r"""A formula in the commands that GitHub's pages allow: \operatorname is not among them.

    >>> print(portable(r"\operatorname{tr}(A)"))
    \mathrm{tr}(A)
    """
    return formula.replace(r"\operatorname{", r"\mathrm{")


def glyphs(formula: str) -> int:
    r"""About how many signs a piece of LaTeX puts on the page; a fraction is as wide as the wider of its parts.

    >>> glyphs(r"A^{\top} B"), glyphs(r"\frac{a+b+c}{2}"), glyphs(r"\operatorname{vec}\left(X\right)")
    (3, 7, 7)
    """
    total = at = 0
    while at < len(formula):
        fraction = formula.startswith(r"\frac{", at)
        if fraction:
            above, at = _group(formula, at + 5)
            below, at = _group(formula, at)
            total += max(glyphs(above), glyphs(below))
            continue
        command = re.compile(r"\\([A-Za-z]+|.)").match(formula, at)
        if command:
            total += 2 if command.group(1) in WIDE else command.group(1) not in SILENT
            at = command.end()
            continue
        total += 2 if formula[at] in "+-=" else formula[at] not in "{}^_ &\n"
        at += 1
    return total


SILENT = frozenset(
    ("right", "bigl", "bigr", "mathrm", "operatorname", "mathbf", "sqrt", "begin", "end", "mathsf", "text", "mathtt",
     "overline", "hat", "bar", "tilde", ",", "!", "dot", "ddot", "check", "breve")
)  # fmt: skip
"""Commands that put no sign of their own on the page."""


WIDE = frozenset(("odot", "oslash", "otimes", "ast", "times", "sum", "cdot", "quad", "qquad"))
"""Commands that take the room of two."""


def _group(formula: str, at: int) -> tuple[str, int]:
    """The group in braces that begins here, and where it ends."""
    depth = 0
    for end in range(at, len(formula)):
        depth += (formula[end] == "{") - (formula[end] == "}")
        if depth == 0:
            return formula[at + 1 : end], end + 1
    return formula[at + 1 :], len(formula)


def folded(formula: str, columns: int) -> str:
    r"""A formula in lines of about so many signs, `BREAK` between them: before a sign outside brackets if there is one.

    Where a line ends inside brackets, all brackets of the formula have one size, so that they can be parted.

    >>> print(folded(r"a + \left(b + c\right) - d", 11))
    a + \left(b + c\right)\\
    - d
    >>> print(folded(r"\left(a b c d + e f g h\right) x", 10))
    \bigl(a b c d\\
    + e f g h\bigr) x
    """
    if glyphs(formula) <= columns:
        return formula
    lines = _broken(_tokens(formula), columns)
    text = BREAK.join(lines)
    if all(line.count(r"\left") == line.count(r"\right") for line in lines):
        return text
    return re.sub(r"\\right(?![a-z])", r"\\bigr", re.sub(r"\\left(?![a-z])", r"\\bigl", text))


def _tokens(formula: str) -> list[tuple[str, int]]:
    """The words at which a formula may be parted, each with how deep in brackets it begins; braces are whole."""
    out: list[tuple[str, int]] = []
    braces = depth = 0
    word, start = "", 0
    for piece in re.findall(r"\\[A-Za-z]+|\\.|.", formula, re.DOTALL):
        if piece == " " and not braces and word:
            out.append((word, start))
            word, start = "", depth
            continue
        if piece in "+-" and not braces and word and word[-1] not in "(,+-":  # a+b, as it stands within brackets
            out.append((word, start))
            word, start = "", depth
        word += piece
        braces += {"{": 1, "}": -1, r"\begin": 1, r"\end": -1}.get(piece, 0)
        depth += {r"\left": 1, r"\right": -1}.get(piece, 0)
    return [*out, (word, start)] if word else out


def _joined(tokens: list[tuple[str, int]]) -> str:
    """The words as one text; a sign that touched what follows it touches what it follows too."""
    out = ""
    for word, _ in tokens:
        out += word if not out or (word[:1] in "+-" and len(word) > 1) else f" {word}"
    return out


def _broken(tokens: list[tuple[str, int]], columns: int) -> list[str]:
    lines: list[str] = []
    while tokens and glyphs(_joined(tokens)) > columns:
        at = _break(tokens, columns)
        if at is None:
            break
        lines.append(_joined(tokens[:at]))
        tokens = tokens[at:]
    return [*lines, _joined(tokens)] if tokens else lines


def _break(tokens: list[tuple[str, int]], columns: int) -> int | None:
    """Where to break: of the places that fit, the one nested least, a sum before a product, then the last."""
    best: tuple[int, int] | None = None
    for k in range(1, len(tokens)):
        width = glyphs(_joined(tokens[:k]))
        if width > columns and best is not None:
            break
        word, depth = tokens[k]
        if word.startswith("^") or word == r"\," or tokens[k - 1][0].startswith(r"\sum"):
            continue
        sign = word[:1] in ("+", "-")
        if not sign and tokens[k - 1][0] in ("+", "-", *SIGNS - {r"\,", r"\right)", r"\right]"}):
            continue
        score = (2 * depth + (not sign), -k)
        if width > columns // 3 and (best is None or score <= best):
            best = score
    return None if best is None else -best[1]
