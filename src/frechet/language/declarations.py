"""What people declare beside a formula: shapes, sizes, assumptions.  Anything may come in; one refusal goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from numbers import Integral
from typing import Any, cast

from frechet.core.dim import Dim, Shape, settle, show
from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.error_places import located
from frechet.language.latex.translated import is_latex, latex_text
from frechet.language.names import SPELLED, checked
from frechet.language.parameters import size_of
from frechet.language.reader import read

SQUARE = frozenset(
    (
        "symmetric",
        "skew",
        "positive definite",
        "diagonal",
        "orthogonal",
        "lower triangular",
        "upper triangular",
        "hermitian",
        "hermitian positive definite",
    )
)
"""What only a square matrix can be."""

ASSUMPTIONS = SQUARE | {"positive", "complex", "integer", "constant"}
"""What can be assumed of a name."""

SYNONYMS = {"skew symmetric": "skew", "antisymmetric": "skew"}
"""Other words of the field for the same."""

ZERO_IF_SKEW = SQUARE - {"skew", "orthogonal", "hermitian", "hermitian positive definite"} | {"positive"}
"""What no skew matrix but zero can be, or none at all."""

_AXES = 8


def read_size(value: object) -> Dim:
    """A size from what people give: a positive integer, a text such as "n*q", a size.

    >>> read_size("n+1"), read_size(3)
    (n+1, 3)
    """
    if isinstance(value, Dim):
        return value
    if isinstance(value, bool) or not isinstance(value, (Integral, str)):
        raise FrechetError("input", f"a size is a positive integer, a name or a formula; got {str(value)[:60]!r}")
    if isinstance(value, Integral):
        value = int(value)  # of NumPy's kind, too
    if isinstance(value, str) and len(value) < 20 and value.isidentifier():
        return Dim.of(checked(value, "a size"))
    if isinstance(value, int) and not 1 <= value <= 10**18:
        least = f"a size is at least 1; got {value}" if value < 1 else "this size is beyond what is read"
        raise FrechetError("shape" if value < 1 else "limit", least)
    text = str(value)
    statements = read(text)
    if len(statements) != 1 or statements[0].kind == "define":
        raise FrechetError("input", f"a size is one formula; got {text[:60]!r}")
    try:
        size = size_of(statements[0])
    except FrechetError as trouble:
        raise located(trouble.kind, trouble.message, text, trouble.position or 0) from trouble
    if size.number is not None and size.number < 1:
        raise FrechetError("input", f"a size is at least 1; got {text}")
    return size


def _pairs(given: object, what: str, example: str) -> Iterable[tuple[object, object]]:
    if not isinstance(given, Mapping):
        raise FrechetError("input", f"{what} are given by name, as in {example}; got {type(given).__name__}")
    return cast("Mapping[object, object]", given).items()


def _named(given: object) -> str:
    """A declared name in ASCII, as it stands in a formula or in LaTeX."""
    if isinstance(given, str) and is_latex(given):
        with suppress(FrechetError):
            given = latex_text(given).text
    return checked(given, "a variable")


def read_shapes(shapes: object) -> dict[str, Shape]:
    """Declared shapes by name.

    >>> read_shapes({"A": ["m", "n"], "b": ["n", 1], "c": []})
    {'A': (m, n), 'b': (n,), 'c': ()}
    """
    declared: dict[str, Shape] = {}
    for given, sizes in _pairs(shapes, "shapes", '{"A": ["m", "n"], "c": []}'):
        name = _named(given)
        if isinstance(sizes, (str, bytes)) or not isinstance(sizes, Sequence):
            raise FrechetError("input", f'the shape of {name} is a list of sizes, as ["m", "n"]; [] is a scalar')
        listed = cast("Sequence[object]", sizes)
        if len(listed) > _AXES:
            raise FrechetError("input", f"the shape of {name} has {len(listed)} axes; at most {_AXES} are read")
        if name in declared:
            raise FrechetError("input", f"{name} is declared twice")
        try:
            declared[name] = settle(tuple(read_size(d) for d in listed))
        except FrechetError as trouble:
            raise FrechetError(trouble.kind, f"the shape of {name}: {trouble.message}") from None
    return declared


def read_assumptions(assumptions: object, declared: Mapping[str, Shape]) -> dict[str, tuple[str, ...]]:
    """Assumptions by name, checked against the declared shapes.

    >>> read_assumptions({"S": ["symmetric"]}, {})
    {'S': ('symmetric',)}
    """
    assumed: dict[str, tuple[str, ...]] = {}
    for given, words in _pairs(assumptions, "assumptions", '{"S": ["symmetric"]}'):
        name = _named(given)
        listed: list[Any] = [words] if isinstance(words, str) else []
        if isinstance(words, (list, tuple, set, frozenset)):
            listed = sorted(cast("Iterable[Any]", words), key=str)
        elif not isinstance(words, str):
            raise FrechetError("input", f'what is assumed of {name} is a list of words, as ["symmetric"]')
        assumed[name] = tuple(sorted({_assumption(word, name) for word in listed}))
        _check_shape(name, assumed[name], declared.get(name))
    return assumed


def checked_variable(name: object, sizes: object, assumed: object) -> tuple[str, Shape, tuple[str, ...]]:
    """The name, shape and assumptions of a variable that a program declares.

    >>> checked_variable("S", ["n", "n"], ["symmetric"])
    ('S', (n, n), ('symmetric',))
    """
    plain = checked(name, "a variable")
    if callable_name(plain) and plain not in SPELLED:
        raise FrechetError("name", f"{plain} is a function of the language: a variable needs another name")
    shapes = read_shapes({plain: sizes})
    return plain, shapes[plain], read_assumptions({plain: assumed}, shapes).get(plain, ())


def _assumption(word: object, name: str) -> str:
    plain = " ".join(word.replace("-", " ").lower().split()) if isinstance(word, str) else ""
    plain = SYNONYMS.get(plain, plain)
    if plain not in ASSUMPTIONS:
        raise FrechetError(
            "input",
            f"{str(word)[:40]!r} is nothing that can be assumed of {name}; the assumptions are "
            + ", ".join(sorted(ASSUMPTIONS)),
        )
    return plain


def _check_shape(name: str, words: tuple[str, ...], shape: Shape | None) -> None:
    if "skew" in words:
        for word in words:
            if word in ZERO_IF_SKEW:
                why = "only the zero matrix is both" if word != "positive" else "the diagonal of a skew matrix is zero"
                raise FrechetError("input", f"{name} is said to be skew and {word}: {why}")
    square = [word for word in words if word in SQUARE]
    if "integer" in words and (square or "complex" in words):
        other = f"{square[0]}, which needs a square matrix" if square else "complex"
        raise FrechetError("input", f"{name} is said to be integer, which needs a scalar, and {other}")
    if shape and square and (len(shape) != 2 or shape[0] != shape[1]):
        raise FrechetError(
            "shape", f"{name} is said to be {square[0]}, which needs a square matrix; it is {show(shape)}"
        )
    if shape and "integer" in words:
        raise FrechetError("shape", f"{name} is said to be integer, which needs a scalar; it is {show(shape)}")
