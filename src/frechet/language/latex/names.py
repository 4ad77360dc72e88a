"""Names and functions in LaTeX: faces and marks, subscripts that are indices or part of a name, arguments."""

from __future__ import annotations

import re

from frechet.core.records import facts, signs
from frechet.language.brackets import closed
from frechet.language.calls import callable_name
from frechet.language.latex.arguments import bare_argument, refuse_unknown_function, refuse_words
from frechet.language.latex.cursor import Cursor
from frechet.language.latex.words import BOLD, FACES, GREEK_COMMANDS, INFIX, MARKS, UPRIGHT
from frechet.language.latex.words import called as called_by
from frechet.language.names import SPELLED
from frechet.language.text.factors import function_of_habit, unspecified
from frechet.language.words import is_word
from frechet.ops.words import SOUGHT


def differential(r: Cursor, letter: str) -> str:
    """dX as one name: a d that touches a letter."""
    if letter != "d" or r.at >= len(r.tokens):
        return letter
    kind, piece, start = r.tokens[r.at]
    if kind == "letter" and start == r.tokens[r.at - 1][2] + 1:
        r.at += 1
        return "d" + piece
    return letter


def upright(r: Cursor) -> str:
    """A word in upright letters, as in {\\rm tr}(A)."""
    word = ""
    while r.peek()[0] == "letter":
        word += r.peek()[1]
        r.at += 1
    if word == "T":
        raise r.fail("T belongs in an exponent")
    called = called_by(word)
    return function(r, called) if callable_name(called) and len(called) > 1 else named(r, word)


def derivative_of(r: Cursor) -> str:
    """What ∂ or ∇ is taken of, with its indices."""
    kind, piece = r.peek()
    if kind == "command":
        r.at += 1
        name = r.raw() + MARKS.get(piece, "") if piece in FACES else GREEK_COMMANDS.get(piece, piece)
    else:
        name = r.raw()
    below = r.raw().replace(",", "").replace(" ", "") if r.take("_") else ""
    if below and all(c in r.indices for c in below) and (len(below) <= 2 or below in r.groups):
        return f"{name}[{','.join(below)}]"
    return name + (below if below.isdigit() else f"_{below}" if below else "")


def faced(r: Cursor, face: str) -> str:
    """A name in another face, an operator's name."""
    start = r.at
    raw = r.raw()
    refuse_words(r, start)
    called = called_by(raw)
    if called == "1":
        return ones(r)
    if called == "0":
        return "0"
    if face in BOLD:
        r.bold.add(called)
    if face == "mathbb" and called in "EP" and r.peek()[1] in ("(", "[", "{"):
        raise r.fail(f"there is no expectation or probability ({called}) in the language")
    if face in MARKS:
        if face == "bar" and len(called) > 2 and called not in SPELLED:
            raise r.fail("a mark over more than a name is not read")
        return named(r, called + MARKS[face])
    bracket = r.peek()[1] in ("(", "[")
    beside = face == "operatorname" and r.peek()[0] in ("letter", "command") and not r.closes(*r.peek())
    word = (bracket or beside) and face in UPRIGHT and is_word(called)
    if (callable_name(called) or word) and len(called) > 1 and called not in SPELLED:
        return function(r, called)
    if not called.isidentifier():
        raise r.fail(f"{called} is no name")
    if face in UPRIGHT and len(called) > 1 and (bracket or (beside and r.peek()[1] not in INFIX)):
        why = f": {SOUGHT[called.lower()]}" if called.lower() in SOUGHT else ""
        raise r.fail(f"{called} is not a function that is known here{why}")
    return named(r, called)


def ones(r: Cursor) -> str:
    """The vector of ones, with its size if that is given."""
    return f"ones({r.raw()})" if r.take("_") else "vector(1)"


def function(r: Cursor, name: str) -> str:
    """A function and its argument: a bracket, a group, or the factors that follow."""
    invertible = not facts(name).invariant  # \det^{-1} is the reciprocal
    pair = signs().get(f"{name} {r.peek()[1]}") if r.peek()[0] == "command" else None
    if pair is not None:
        r.at += 1
        name = pair.name
    elif f"{name}|X|" in signs() and r.peek()[1] in ("lvert", "|") and r.peek()[0] != "end":
        r.at += 1
        inner = r.barred("rvert" if r.tokens[r.at - 1][1] == "lvert" else "|")
        return f"{name}({inner})"
    elif name == "log" and r.take("_"):
        base = r.raw()
        if not base.isdigit():
            raise r.fail("the base of a logarithm is a number")
        return f"({function(r, 'log')}/log({base}))"
    if not callable_name(name) and not is_word(name):
        r.at -= 1
        left = f" (A\\{name} is written inv(A)*{name})" if len(name) == 1 else ""
        raise r.fail(f"\\{name} is not among the commands that are read{left}")
    power = r.group() if r.peek()[1] == "^" and r.take("^") else ""
    if power == "-1" and invertible:  # the inverse function, never the reciprocal
        if not callable_name("arc" + name):
            raise r.fail(f"the inverse function of {name} is not written {name}^-1")
        name, power = "arc" + name, ""
    if r.peek()[1] in ("(", "[", "{"):
        opened = r.atom()
        argument = opened[1:-1] if opened.startswith("(") and closed(opened) else opened
        out = f"{name}({argument})"
    else:
        argument = r.product() if facts(name).invariant else bare_argument(r, name)
        out = f"{name}({argument})"
    return f"{out}^{power}" if power else out


def named(r: Cursor, name: str) -> str:
    """A name with its subscript: an entry, a member, a size, or a part of the name."""
    if not r.take("_"):
        return applied(r, name)
    start = r.at
    below = r.raw().replace(" ", "")
    raw = below.replace(",", "")
    shifted = re.fullmatch(r"([a-z])([+-]\d+)", raw)
    if shifted and shifted[1] in r.indices:
        index = r.alias.get(shifted[1], shifted[1])
        r.shifts.setdefault(index, set()).add(int(shifted[2]))
        r.families.add(name)
        return f"{name}[{index}{shifted[2]}]"
    if shifted and shifted[1] not in "ij":  # h_{t-1}, with no sum over t: a name
        return applied(r, name + label_of(shifted[1], shifted[2]))
    if not raw.isidentifier() and not raw.isdigit() and not re.fullmatch("[0-9][a-z]", raw):
        r.at = start
        raise r.fail(f"{below} below {name} is no index that is read: one is a letter or a number")
    if raw.isdigit() and "," in below:
        return f"{name}[{below}]"
    if name == "I":
        return f"eye({raw})"
    bound = [c for c in raw if c in r.indices]
    if len(raw) == 2 and len(bound) == 1 and not any(t[0] == "command" for t in r.tokens[start : r.at]):
        label = raw.replace(bound[0], "")  # r_{nk} under a sum over n alone: entry n of r_k
        name, raw = name + (label if label.isdigit() else f"_{label}"), bound[0]
    if all(c in r.indices for c in raw) and (len(raw) <= 2 or raw in r.groups):
        raw = [r.alias.get(c, c) for c in raw]
        for c in raw:
            r.shifts.setdefault(c, set()).add(0)
        refuse_unknown_function(r, name, raw)
        r.families.add(name)
        return f"delta({raw[0]},{raw[1]})" if name == "delta" and len(raw) == 2 else f"{name}[{','.join(raw)}]"
    whole = name + (raw if raw.isdigit() else f"_{raw}")
    if len(raw) == 1 and raw != "0":
        r.labels.setdefault(whole, (name, raw, r.tokens[start][2]))
    if name in r.bold:
        r.bold.add(whole)
    return applied(r, whole)


def label_of(letter: str, shift: str = "") -> str:
    """What a label adds to a name, shifted by a number or not.

    >>> label_of("2"), label_of("t"), label_of("t", "-1")
    ('2', '_t', '_tm1')
    """
    moved = f"{'m' if shift[0] == '-' else 'p'}{shift[1:]}" if shift else ""
    return (letter if letter.isdigit() else f"_{letter}") + moved


def applied(r: Cursor, name: str) -> str:
    """A name before a bracket that is a function of what stands in it: σ(a), f(x)."""
    k = 0
    while r.peek(k)[1] == "'":
        k += 1
    if r.peek(k)[1] == "(" and unspecified(name):
        r.at += k
        return f"{function_of_habit(name)}{chr(39) * k}{r.atom()}"
    refuse_unknown_function(r, name)
    return name
