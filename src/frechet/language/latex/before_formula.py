r"""What LaTeX says before a formula: the variable, `\min_w`, `\frac{\partial}{\partial X}`, and the value, `f(X) =`."""

from __future__ import annotations

from frechet.errors import FrechetError
from frechet.language.latex.cursor import Cursor
from frechet.language.latex.words import FACES, GREEK_COMMANDS, OPERATORS


def preamble(r: Cursor) -> None:
    r"""Pass over `\min_w`, `\nabla_x`, `\frac{\partial}{\partial X}` before a formula, and note the variable."""
    while True:
        start = r.at
        kind, piece = r.peek()
        word = piece if kind == "command" else ""
        if word in FACES:
            r.at += 1
            word = r.raw().replace(" ", "")
        if word in OPERATORS and r.peek(0 if r.at > start else 1)[1] not in ("(", "{", r"\{"):
            r.at = max(r.at, start + 1)
            if r.take("_"):
                r.wrt += named_below(r)
            continue
        r.at = start
        if word == "nabla" and r.peek(1)[1] == "_":
            r.at += 2
            r.wrt += named_below(r)
            continue
        if word in ("frac", "dfrac", "tfrac") and partial(r):
            continue
        return


def named_below(r: Cursor) -> list[str]:
    """The names in a subscript: one, or several with commas."""
    if not r.take("{"):
        return [name_alone(r)]
    names = [name_alone(r)]
    while r.take(","):
        names.append(name_alone(r))
    related = r.peek()[0] == "command" and r.peek()[1] in ("in", "ge", "geq", "succ", "succeq")
    if related and not real_array(r, names[-1]):
        raise r.fail("a variable in a set is not read: declare what is known of it with --assume")
    if not r.take("}"):
        raise r.fail("a name was expected here, or several with commas")
    return names


def real_array(r: Cursor, name: str) -> bool:
    r"""Whether `\in \mathbb{R}^n` (or `^{m \times n}`) follows, which says no more than the letter does."""
    if r.peek()[1] != "in" or (r.peek(1)[1], r.peek(3)[1], r.peek(5)[1]) != ("mathbb", "R", "^"):
        return False
    start = r.at
    r.at += 6
    exponent = r.raw()
    if r.peek()[1] == "}" and ("times" in exponent) == name[0].isupper():
        return True
    r.at = start
    return False


def name_alone(r: Cursor) -> str:
    """One name, with its face and subscript."""
    name = r.factor()
    if not name.isidentifier():
        raise r.fail("the variable is one name")
    return name


def partial(r: Cursor) -> bool:
    r"""`\frac{\partial}{\partial X}` or `\frac{d}{dX}` before a formula: the variable is noted."""
    start = r.at
    _upright_d(r)
    above = [t[1] for t in r.tokens[r.at + 1 : r.at + 5]]
    if above[:2] == ["{", "partial"] and above[2:3] != ["}"]:
        return partial_of(r)
    if above[:1] != ["{"] or above[1:3] not in (["partial", "}"], ["d", "}"]) or above[3:4] != ["{"]:
        return False
    r.at += 5
    if r.take("partial") or r.take("d"):
        r.wrt.append(name_alone(r))
        if r.take("}"):
            return True
    r.at = start
    return False


def partial_of(r: Cursor) -> bool:
    r"""`\\frac{\\partial tr(AX)}{\\partial X}` becomes the formula in it; the variable is noted."""
    start = r.at
    r.at += 3
    first = r.at
    depth = 1
    while depth and r.at < len(r.tokens):
        depth += (r.peek()[1] == "{") - (r.peek()[1] == "}")
        r.at += 1
    last = r.at - 1
    single = _one_name(r, first, last)
    if depth or single or not r.take("{") or not (r.take("partial") or r.take("d")):
        r.at = start
        return False
    r.wrt.append(name_alone(r))
    if not r.take("}"):
        r.at = start
        return False
    inside = r.tokens[first:last]
    r.tokens[start : r.at] = [("sign", "(", inside[0][2]), *inside, ("sign", ")", inside[-1][2])]
    r.at = start
    return False


def _one_name(r: Cursor, first: int, last: int) -> bool:
    """Whether these tokens are one name, perhaps in a face, with a subscript, to a power: ∂L, ∂²f, ∂h_{ij}."""
    start, outside = r.at, r.tokens
    r.at, r.tokens = first, r.tokens[:last]
    try:
        if r.take("^"):
            r.raw()
        found = heading_name(r)
        return bool(found) and r.at >= last
    except FrechetError:
        return False
    finally:
        r.at, r.tokens = start, outside


def _upright_d(r: Cursor) -> None:
    r"""The d of `\frac{\mathrm{d}}{\mathrm{d}x}` is a d."""
    tokens = r.tokens
    for k in range(min(r.at + 8, len(tokens) - 4), r.at, -1):
        words = [t[1] for t in tokens[k : k + 4]]
        if words[0] in ("mathrm", "rm", "text") and words[1:] == ["{", "d", "}"]:
            tokens[k : k + 4] = [tokens[k + 2]]
        elif words[:2] == ["mathrm", "d"]:
            del tokens[k]


def heading(r: Cursor) -> str:
    r"""`f(X, b)` or `\mathcal{L}(\theta)` before = (or :=): the value's name; what it depends on is noted."""
    start, before = r.at, len(r.wrt)
    try:
        name = heading_name(r)
        if name and r.take("("):
            r.wrt.append(name_alone(r))
            given = False
            while r.peek()[1] in (",", ";", "\\", "|", "mid"):
                given = given or r.peek()[1] in (";", "|", "mid")
                r.at += 1
                name_given = name_alone(r)
                if not given:  # J(W, b; x, y): the data stand behind the semicolon
                    r.wrt.append(name_given)
            if r.take(")"):
                r.take(":")
                if r.peek()[1] == "=":
                    return name
    except FrechetError:
        pass
    r.at = start
    del r.wrt[before:]
    return ""


def heading_name(r: Cursor) -> str:
    """The name of a value: a letter, in a face or not, with a subscript."""
    kind, piece = r.peek()
    if kind == "letter":
        r.at += 1
        name = piece
    elif kind == "command" and piece in FACES:
        r.at += 1
        name = r.raw()
    elif kind == "command" and (piece in GREEK_COMMANDS or piece == "ell"):
        r.at += 1
        name = GREEK_COMMANDS.get(piece, "l")
    else:
        return ""
    if r.take("_"):
        name += "_" + r.raw().replace(" ", "").replace(",", "")
    return name if name.isidentifier() else ""
