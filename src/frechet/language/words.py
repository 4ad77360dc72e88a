"""Words of other languages in a formula: found by name, made the operation or a piece that is decided later.

The tables are `frechet.ops.words`.  A word that is another name of an operation becomes that operation in the tree;
any other becomes a piece whose meaning is looked up where the shapes of its arguments are known (`language.worded`).
An operation of the same name, a declared or a defined name go before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import final

from frechet.core.records import changes, facts
from frechet.language.calls import callable_name, expressions, pattern_of
from frechet.language.names import SPELLED
from frechet.language.norm_below import INFINITE
from frechet.language.reader import read
from frechet.language.splicing import spliced
from frechet.language.tree import Node, walk
from frechet.ops import REGISTRY
from frechet.ops.words import WORDS, Case, Word

_TEXTS = {"f": "fro", "frob": "fro", "frobenius": "fro", "nuclear": "nuc", **dict.fromkeys(INFINITE, "inf")}
"""Other spellings of what an argument may be word for word: R has norm(X, "F")."""


@final
@dataclass(frozen=True)
class Parameter:
    """One argument of a case: its name, the names of its sizes (None: any shape), or what it must be, word for word."""

    name: str
    shape: tuple[str, ...] | None = None
    literal: str = ""


@cache
def parameters(case: Case) -> tuple[Parameter, ...]:
    """The arguments of a case.

    >>> [(p.name, p.shape, p.literal) for p in parameters(Case("A[m,n], p=1, 'fro'"))]
    [('A', ('m', 'n'), ''), ('p', None, '1'), ('', None, 'fro')]
    """
    found: list[Parameter] = []
    for piece in case.of.replace(", ", "\0").split("\0"):
        name, bracket, sizes = piece.partition("[")
        if piece.startswith("'") or piece.removeprefix("-") in INFINITE:
            found.append(Parameter("", literal=piece.strip("'")))
        elif bracket:
            inside = sizes.rstrip("]")
            found.append(Parameter(name, tuple(inside.split(",")) if inside else ()))
        else:
            name, _, value = piece.partition("=")
            found.append(Parameter(name, literal=value))
    return tuple(found)


@cache
def formula(text: str) -> Node:
    """The tree of a formula of the tables; it is only ever read."""
    return read(text)[0]


def _known(text: str) -> bool:
    """Whether every function of a formula is here: what needs an operation that is not is no word."""
    return all(n.kind != "call" or pattern_of(n.data) or n.data in REGISTRY for n in walk(formula(text)))


def cases(word: Word) -> tuple[Case, ...]:
    """The cases whose formulas can be written here."""
    return tuple(c for c in word.cases if not c.formula or _known(c.formula))


def readings(case: Case) -> list[tuple[str, str]]:
    """The readings of a question that can be written here."""
    return [(meaning, text) for meaning, text in case.asked if _known(text)]


@lru_cache(maxsize=1)
def _index(_: int) -> Mapping[str, Word]:
    return {name: word for word in WORDS for name in word.names if cases(word) and not callable_name(name)}


def word_of(name: str) -> Word | None:
    """The word of that name, whatever the case of its letters; none where an operation has the name.

    >>> word_of("Trace").names, word_of("inv"), word_of("frobnicate")
    (('trace',), None, None)
    """
    return _index(changes()).get(name) or _index(changes()).get(name.lower())


def called_as(name: str) -> str:
    """The word or operation that a name before a bracket is, in the spelling of the tables; "" where it is none.

    >>> called_as("Inv"), called_as("log1p"), called_as("frobnicate")
    ('inv', 'log1p', '')
    """
    lowered = name.lower()
    found = next((n for n in (name, lowered) if callable_name(n) or n in _index(changes())), "")
    return found if found == name or len(name) > 1 else ""


def as_formula(name: str, given: Sequence[str] = ()) -> str:
    """How a word is written here, of the arguments as typed or in the names of its first case; "" where it is none.

    >>> as_formula("log1p"), as_formula("Exp"), as_formula("cov")
    ('log(1+x)', 'exp', '')
    >>> as_formula("lbeta", ["a", "b+1"])
    'lgamma(a)+lgamma(b+1)-lgamma(a+(b+1))'
    """
    word = word_of(name)
    if word is None:
        return called_as(name)
    first = cases(word)[0]
    names = [p.name for p in parameters(first)]
    fits = len(names) == len(given) and all(names) and all(given)
    return filled(first.formula, dict(zip(names, given, strict=True))) if fits else first.formula


_NAME = re.compile(r"[A-Za-z]\w*")


def filled(text: str, put: Mapping[str, str]) -> str:
    """A formula of the tables with other pieces in place of its names, in brackets where they need them.

    >>> filled("sum(x.^2)/n", {"x": "A*b", "n": "m"})
    'sum((A*b).^2)/m'
    """
    places = [found.span() for found in _NAME.finditer(text) if found.group() in put]
    for start, end in reversed(places):
        if text[end : end + 1] != "(":  # a function
            text = spliced(text, start, end, put[text[start:end]])
    return text


def is_word(name: str) -> bool:
    """Whether a name before a bracket is a function by these tables; a Greek letter may be a factor there.

    >>> is_word("log1p"), is_word("Norm"), is_word("beta"), is_word("Ax")
    (True, True, False, False)
    """
    return name not in SPELLED and bool(called_as(name))


@lru_cache(maxsize=1)
def _renamed(_: int) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, word in _index(changes()).items():
        only = cases(word)[0]
        if len(word.cases) > 1 or only.said or only.asked or any(p.shape is not None for p in parameters(only)):
            continue
        root = formula(only.formula)
        straight = [n.data for n in root.args] == [p.name for p in parameters(only)] and not root.params
        if root.kind == "call" and straight and all(n.kind == "name" for n in root.args):
            found[name] = str(root.data)
    return found


@cache
def arrays_of(word: Word) -> frozenset[int]:
    """The places whose arguments are arrays: a number would be odd there."""
    found: set[int] = set()
    for case in word.cases:
        named = parameters(case)
        pieces = walk(formula(case.formula)) if case.formula else []
        used = {str(n.args[0].data) for n in pieces if len(n.args) == 1 and facts(str(n.data)).of_arrays}
        found |= {k for k, p in enumerate(named) if p.shape or p.name in used}
    return frozenset(found)


def is_placed(node: Node) -> bool:
    """Whether a piece of a tree is a word whose meaning its arguments decide."""
    return node.kind == "open" and node.data[0] == "word"


def array_places(node: Node) -> list[Node]:
    """The arguments of a word that are arrays."""
    places = arrays_of(word_of(node.data[1]) or WORDS[0])
    kept = [k for k, literal in enumerate(node.data[2]) if not literal]
    return [a for k, a in zip(kept, node.args, strict=True) if k in places]


def ascii_word(node: Node, text: str) -> bool:
    """Whether a Greek letter's name is typed in ASCII, `psi(x)`: then it is the word, and `ψ(x)` the letter."""
    name = str(node.data)
    return name in SPELLED and name in _index(changes()) and text[node.start : node.start + len(name)] == name


def settle_words(
    statements: Iterable[Node], known: Collection[str], functions: Collection[str], text: str, latex: bool = False
) -> bool:
    """Turn the calls that are words into what they are, and say whether there were any.

    Names that are `known` or declared functions stay.

    >>> from frechet.language.reader import read
    >>> statements = read("trace(A) + log1p(x)")
    >>> settle_words(statements, (), (), "")
    True
    >>> [(n.kind, n.data) for n in walk(statements[0]) if n.kind != "name"]
    [('call', 'tr'), ('open', ('word', 'log1p', ('',))), ('op', 'add')]
    """
    changed = False
    for statement in statements:
        for node in walk(statement):
            if node.kind == "call" and pattern_of(node.data) is None:
                name = str(node.data)
                if name in functions or name in known or (name in SPELLED and (latex or not ascii_word(node, text))):
                    continue
                found = called_as(name)
                if found and found != name and any(n.lower() == found for n in (*known, *functions)):
                    continue  # a name that differs by case only
                if found:
                    _become(node, found, known)
                    changed = True
    return changed


def _become(node: Node, name: str, known: Collection[str]) -> None:
    word = word_of(name)
    operation = _renamed(changes()).get(name, "" if word is not None else name)
    if word is None or operation:
        name = operation
        pairs = list(zip(node.args, expressions(pattern_of(name) or "x", len(node.args)), strict=True))
        node.data = (REGISTRY[name].with_one or name) if len(node.args) == 1 else name
        node.args, node.params = [a for a, e in pairs if e], tuple(a for a, e in pairs if not e)
        return
    if word.folds:
        while len(node.args) > 2:
            first = Node("call", name, node.args[:2], node.args[0].start, node.args[1].end, node.args[0].place)
            _become(first, name, known)
            node.args[:2] = [first]
    texts = {p.literal for case in word.cases for p in parameters(case) if p.literal}
    literals = tuple(_literal(a, known, texts) for a in node.args)
    node.args = [a for a, literal in zip(node.args, literals, strict=True) if not literal]
    node.kind, node.data = "open", ("word", name, literals)


def _literal(argument: Node, known: Collection[str], texts: Collection[str]) -> str:
    """What an argument is word for word: a text, in quotation marks or not, inf, or -inf; "" where it is none of them.

    `texts` are those that the word has a meaning for.
    """
    if argument.kind == "string":
        typed = str(argument.data).strip().lower() or " "
        return _TEXTS.get(typed, typed)
    if argument.kind == "op" and argument.data == "neg" and _literal(argument.args[0], known, texts) == "inf":
        return "-inf"
    if argument.kind != "name" or str(argument.data) in known or len(str(argument.data)) < 2:
        return ""
    typed = str(argument.data).lower()
    typed = _TEXTS.get(typed, typed)
    return typed if typed in texts else ""
