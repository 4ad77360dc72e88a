"""A text as somebody wrote it, in the formula language or not: its statements, and what was understood.

Text that is literally the formula language is read as it stands.  Mathematical text may leave out product signs; LaTeX
goes through a reader of its own that gives mathematical text.  What stands around a formula, `f(X) =` or a gradient's
sign, says what the variable is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import final

from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.latex.left_division import ask_for_backslash
from frechet.language.latex.translated import WRITTEN, ask_for_strays, conjugated, is_latex, latex_text
from frechet.language.latex.words import called as called_by
from frechet.language.names import SPELLED, plain
from frechet.language.norm_below import otherwise_written
from frechet.language.reader import read, read_tokens
from frechet.language.text.asked_signs import ask_for_crosses, ask_for_squares
from frechet.language.text.factors import function_of_habit, is_function, letters, unspecified
from frechet.language.text.sidebyside import product_tokens, words_that_are_products
from frechet.language.text.sums import about_text, as_latex, sums_over_index
from frechet.language.tokens import tokenise
from frechet.language.tree import Node, walk
from frechet.language.words import ascii_word

_SPACED = {"SEPARATOR": "; ", "EQUAL": " = "}
_LONGEST = 2_000
"""Longer texts are read as they stand: nobody writes them without product signs."""
LANGUAGES = ("auto", "frechet", "text", "latex", "python")
"""What `--from` and a batch line's "language" may say."""


@final
@dataclass(frozen=True)
class Written:
    """What was written.

    text        the formula that the places of the statements refer to
    statements  its syntax
    language    "frechet", "text" or "latex"
    wrt         the variables that the text itself names, in order
    bold        names that are set as vectors
    ranges      the sizes that sums run to, by index
    functions   unspecified functions that nobody declared
    literal     whether it was said to be the formula language: then every sign means what it means there
    """

    text: str
    statements: list[Node]
    language: str
    wrt: tuple[str, ...] = ()
    bold: frozenset[str] = frozenset()
    ranges: Mapping[str, str] = field(default_factory=dict[str, str])
    functions: tuple[str, ...] = ()
    literal: bool = False


def written(
    text: str,
    language: str,
    declared: Collection[str],
    functions: Collection[str],
    asked: Collection[str],
    barred: set[str],
) -> Written:
    """Read a text; `asked` are the names that somebody wants the derivative by.

    >>> found = written("x'Ax", "auto", (), (), (), set())
    >>> found.language, [n.data for n in walk(found.statements[0]) if n.kind == "name"]
    ('text', ['x', 'A', 'x'])
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise FrechetError("input", f"the languages are {known}; got {str(language)[:40]!r}")
    if language in ("auto", "text") and isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        ask_for_backslash(text, WRITTEN)
    latex = language == "latex" or (language in ("auto", "text") and is_latex(text) and not _sums(text))
    if latex:
        made = _latex(text, declared, asked, barred)
    elif language in ("auto", "text") and _sums(text):
        try:
            made = replace(_latex(as_latex(text, {*declared, *asked}), declared, asked, barred), language="text")
        except FrechetError as refused:
            raise about_text(refused) from None
    else:
        made = _text(text, language, declared, functions, asked)
    if made.language in ("text", "frechet") and not made.literal:
        respelled = _canonical(made, {*declared, *functions}) or otherwise_written(made.text)
        made = replace(made, language="text") if respelled else made
    if made.language in ("text", "frechet") and not made.literal:
        ask_for_squares(made.text, made.statements)
        ask_for_crosses(made.text, made.statements, declared)
    if made.language != "frechet":
        _phi_renamed(made.statements)
    free = _unspecified(made, functions) if language != "frechet" else ()
    if not free:
        return made
    known = made.language if made.language != "frechet" else "text"
    return Written(made.text, made.statements, known, made.wrt, made.bold, made.ranges, free)


def _sums(text: object) -> bool:
    return isinstance(text, str) and "\\" not in text and len(text) < _LONGEST and sums_over_index(text)


def _latex(text: str, declared: Collection[str], asked: Collection[str], barred: set[str]) -> Written:
    """LaTeX, as mathematical text."""
    found = latex_text(text)
    members = [name for stray in found.strays for name in stray[:2]]
    ask_for_strays(text, found, [spelled(name, members) for name in (*asked, *found.wrt)])
    formula = conjugated(found.text, barred, declared)
    return Written(formula, read(formula), "latex", found.wrt, found.bold, found.ranges)


def _text(
    text: str, language: str, declared: Collection[str], functions: Collection[str], asked: Collection[str]
) -> Written:
    """The formula language as it stands, or mathematical text without product signs."""
    if language == "frechet" or not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        return Written(text, read(text), "frechet", literal=True)
    wrt, body = scaffolded(text, declared)
    wanted = {*asked, *wrt}
    trouble: FrechetError | None = None
    statements: list[Node] = []
    try:
        statements = read(body)
        defined = {str(s.data) for s in statements if s.kind == "define"}
        known = {*declared, *defined, *functions}
        products = len(body) < _LONGEST and (
            (_has_words(statements, known) and bool(words_that_are_products(body, known, wanted)))
            or _factor_before_bracket(statements, known)
        )
    except FrechetError as refused:
        trouble, products, known = refused, False, {*declared, *functions, *_defined(body)}
    if trouble is not None and len(body) >= _LONGEST:
        raise trouble
    if trouble is None and not products:
        mathematical = language == "text" or body is not text
        return Written(body, statements, "text" if mathematical else "frechet", wrt)
    try:
        tokens = product_tokens(body, known, functions, wanted)
        return Written(body, read_tokens(tokens, body), "text", wrt)
    except FrechetError as second:
        if trouble is None or second.readings or "side by side" in second.message:
            raise
        raise trouble from None


def with_products(text: str, known: Collection[str], functions: Collection[str]) -> str:
    """A text whose names are known, with the product signs that were left out; as it stands where none was.

    >>> with_products("2Ax", ["A", "x"], ()), with_products("2*A*x", ["A", "x"], ())
    ('2*A*x', '2*A*x')
    """
    try:
        statements = read(text)
        used = {str(n.data) for s in statements for n in walk(s) if n.kind == "name"} - {*known}
        if not any(parts and {*parts} <= {*known} for parts in map(letters, used)):
            return text
        trouble = None
    except FrechetError as refused:
        trouble = refused
    try:
        tokens = product_tokens(text, known, functions, ())
        made = "".join(_SPACED.get(t.type, "*" if t.value == "·" else str(t.value)) for t in tokens)
        read(made)
    except FrechetError:
        if trouble is None:
            raise
        raise trouble from None
    return made


def _has_words(statements: Collection[Node], known: Container[str]) -> bool:
    """Whether a name of several letters is not known: only then the text itself is looked at."""
    for node in (n for s in statements for n in walk(s) if n.kind in ("name", "call")):
        if len(node.data) > 1 and node.data not in known and (node.kind == "name" or not is_function(node.data, known)):
            return True
    return False


def _factor_before_bracket(statements: Collection[Node], known: Container[str]) -> bool:
    """Whether a letter stands before a bracket with a sum in it, as in A(x-y): a product."""
    for node in (n for s in statements for n in walk(s)):
        if node.kind == "call" and len(node.args) == 1 and not node.params:
            name = str(node.data).rstrip("'")
            letter = (len(name) == 1 or name in SPELLED) and name not in known
            if letter and not is_function(name, ()) and node.args[0].kind == "op":
                return True
    return False


def _defined(text: str) -> set[str]:
    """The names before = signs, as far as tokens tell."""
    try:
        tokens = tokenise(text)
    except FrechetError:
        return set()
    return {str(a.value) for a, b in pairwise(tokens) if a.type == "NAME" and b.type == "EQUAL"}


_DERIVED = re.compile(r"\s*[d∂]\s*/\s*[d∂]\s?([^\W\d_]\w*)(?:\s+(?=[^\s+*/^=.,)])|(?=[(\[]))")
"""What asks for the derivative of what follows: d/dX, ∂/∂x."""


def scaffolded(text: str, known: Container[str] = ()) -> tuple[tuple[str, ...], str]:
    """The variables that `f(X) = …` or `d/dX …` names, and the text with `f = …` there, or with nothing.

    >>> scaffolded("f(X, b) = tr(X*b)"), scaffolded("tr(X)"), scaffolded("d/dX tr(X)")
    ((('X', 'b'), 'f      = tr(X*b)'), ((), 'tr(X)'), (('X',), '     tr(X)'))
    """
    derived = _DERIVED.match(text)
    if derived and not ("d" in known or f"d{derived[1]}" in known):
        return (plain(derived[1]),), " " * derived.end() + text[derived.end() :]
    left, equals, _ = text.partition("=")
    name, bracket, names = left.partition("(")
    if not equals or not bracket or not names.rstrip().endswith(")") or not name.strip().isidentifier():
        return (), text
    if callable_name(plain(name.strip())):
        return (), text
    inside = [part.strip() for part in names.rstrip()[:-1].split(",")]
    if not all(part.isidentifier() for part in inside):
        return (), text
    blank = " " * (len(left) - len(name))
    return tuple(plain(part) for part in inside), name + blank + text[len(left) :]


def _canonical(made: Written, known: Container[str]) -> bool:
    """Functions under another spelling, `trace(A*X)`, get the language's; whether there were any."""
    calls = [
        n
        for s in made.statements
        for n in walk(s)
        if n.kind == "call" and called_by(n.data) != n.data and n.data not in known
    ]
    for node in calls:
        node.data = called_by(node.data)
    return bool(calls)


def _phi_renamed(statements: Collection[Node]) -> None:
    """φ of mathematical text is some function; the phi of the language is another thing, the halved triangle."""
    for node in (n for s in statements for n in walk(s)):
        if node.kind == "call":
            bare = str(node.data).rstrip("'")
            node.data = function_of_habit(bare) + node.data[len(bare) :]


def _unspecified(made: Written, functions: Container[str]) -> tuple[str, ...]:
    """The functions of the field's habit that nobody declared: σ φ ψ ρ, f g h; psi(x) in ASCII is a word."""
    calls = [n for s in made.statements for n in walk(s) if n.kind == "call" and len(n.args) == 1]
    words = [] if made.language == "latex" else [n for n in calls if n.data in SPELLED and ascii_word(n, made.text)]
    found = [str(n.data).rstrip("'") for n in calls if n not in words]
    return tuple(dict.fromkeys(f for f in found if unspecified(f) and f not in functions and not callable_name(f)))


def spelled(name: str, known: Collection[str]) -> str:
    r"""A name as it is asked for, as the formula has it: `W_1`, `\hat{y}`, `W1` are the same.

    >>> spelled("W_1", ["W1", "x"]), spelled(r"\hat{y}", ["yhat"]), spelled("W1", ["W_1"])
    ('W1', 'yhat', 'W_1')
    """
    name = plain(name.strip())
    if name in known:
        return name
    if is_latex(name):
        try:
            name = latex_text(name).text
        except FrechetError:
            return name
    bare = name.replace("_", "").replace("{", "").replace("}", "")
    return next((k for k in known if k.replace("_", "") == bare), name)


_NAMES = re.compile(r"\\?[A-Za-z]+(?:\s*\{[^{}]*\})?(?:[_^]\{[^{}]*\}|_\w)*")


def as_typed(names: Collection[str], text: str) -> list[str]:
    r"""Names of a formula as the person has spelled them in a text.

    >>> as_typed(["W1", "yhat", "z"], r"\|W_1 x - \hat{y}\|"), as_typed(["Sigma", "S"], "tr(ΣS)")
    (['W_1', '\\hat{y}', 'z'], ['Σ', 'S'])
    """
    found: dict[str, str] = {}
    for piece in _NAMES.findall(text) if is_latex(text) else ():
        with suppress(FrechetError):
            found.setdefault(latex_text(piece).text, piece)
    for word in re.findall(r"[^\W\d]\w*", text):
        for piece in (word, *word):
            if not piece.isascii():
                found.setdefault(plain(piece), piece)
    return [found.get(name, name) for name in names]
