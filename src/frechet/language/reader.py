"""Text to syntax trees, or one refusal that says what was expected where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.error_places import located, placed
from frechet.language.grammar import parser
from frechet.language.tree import Node, walk

if TYPE_CHECKING:
    from lark import Token

_OPERANDS = frozenset({"NAME", "NUMBER", "FUNCTION", "LPAR", "OPEN", "STRING", "LSQB"})
_SHORT, _INSERTED = 200, 12
"""Bounds on the search for missing signs."""


def _spoken(token: Any) -> str:
    if token.type == "SEPARATOR":
        return "the end of the statement"
    if token.type == "CLOSE":
        return "‖"
    return f"`{token.value}`"


def _unexpected(text: str, trouble: Any) -> FrechetError:
    """What to say of a token that does not fit."""
    token = trouble.token
    wanted = frozenset(trouble.expected)
    ended = token.type == "$END"
    position = len(text.rstrip()) if ended else token.start_pos
    needs_operand = "NAME" in wanted
    meant = ""
    if needs_operand:
        what = "the formula ends" if ended else f"{_spoken(token)} stands"
        message = f"{what} where a name, a number or an opening bracket was expected"
    elif token.type in _OPERANDS:
        message = f"a sign is missing before `{token.value}`: for a product write *"
        meant = _with_products(text, position)
    elif token.type == "EQUAL":
        message = "a statement has one =, as in f = x'*A*x"
    elif token.type == "COLON":
        message = "a : belongs in X[:,j] or sum(k: …) only"
    elif token.type == "COMMA":
        message = "a comma separates the arguments of a function or the blocks of [A, B] only"
    elif ended:
        message = "the formula ends too early"
    else:
        message = f"{_spoken(token)} was not expected here"
    return located("syntax", message, text, position, f"Perhaps you meant {meant} ?" if meant else "")


def _with_products(text: str, position: int) -> str:
    """The formula with a * wherever two operands stand side by side, if it can be read then."""
    from lark.exceptions import UnexpectedToken

    for _ in range(_INSERTED if len(text) <= _SHORT else 0):
        text = f"{text[:position].rstrip()}*{text[position:]}"
        try:
            parser().parse(text)
        except UnexpectedToken as trouble:
            stopped: Any = trouble
            if stopped.token.type not in _OPERANDS or "NAME" in stopped.expected or "TIMES" not in stopped.expected:
                return ""
            position = stopped.token.start_pos
        except FrechetError:
            return ""
        else:
            whole = all(n.kind != "name" or not callable_name(str(n.data)) for s in read(text) for n in (s, *walk(s)))
            return " ".join(text.split()) if whole else ""  # a function without its brackets is none
    return ""


def read_tokens(tokens: Iterable[Token], text: str) -> list[Node]:
    """The statements that tokens of a text form.

    >>> from frechet.language.tokens import tokenise
    >>> [node.kind for node in read_tokens(tokenise("a+b"), "a+b")]
    ['op']
    """
    from lark.exceptions import UnexpectedToken

    machine = parser().parse_interactive("")
    try:
        last = None
        for last in tokens:
            machine.feed_token(last)
        return machine.feed_eof(last)
    except UnexpectedToken as trouble:
        raise _unexpected(text, trouble) from None
    except FrechetError as trouble:
        raise placed(trouble, text) from None


def read(text: str) -> list[Node]:
    """The statements of a text, in order.

    >>> [node.kind for node in read("a = h*W; sum(a)")]
    ['define', 'call']
    >>> read("A*")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: the formula ends where a name, a number or an opening bracket was expected
      A*
        ^
    """
    from lark.exceptions import UnexpectedToken

    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"a formula is a text; got {type(text).__name__}")
    try:
        return parser().parse(text)
    except UnexpectedToken as trouble:
        raise _unexpected(text, trouble) from None
    except FrechetError as trouble:
        raise placed(trouble, text) from None
