"""What a program passes, looked at before it is used: who calls may not keep to the types, and gets one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import cast

from frechet.errors import FrechetError


def kind(given: object) -> str:
    """What something is, for a message.

    >>> kind(None), kind([1]), kind("a")
    ('None', 'a value of type list', "'a'")
    """
    if isinstance(given, (str, int, float, type(None))):
        said = repr(given)
        return said if len(said) <= 60 else said[:57] + "…"
    return f"a value of type {type(given).__name__}"


def whole_number(what: str, given: object, least: int = 0) -> int:
    """A whole number, of Python's or NumPy's kind.

    >>> whole_number("seed", 3)
    3
    """
    if not isinstance(given, bool) and isinstance(given, Integral) and int(given) >= least:
        return int(given)
    raise FrechetError("input", f"{what} is a whole number, at least {least}; got {kind(given)}")


def name_list(what: str, given: object) -> list[str]:
    """A list of names; a text is none, because its letters would be taken for names.

    >>> name_list("functions", ("sigma", "phi"))
    ['sigma', 'phi']
    """
    if isinstance(given, (list, tuple, set, frozenset)):
        listed = list(cast("Iterable[object]", given))
        found = [name for name in listed if isinstance(name, str)]
        if len(found) == len(listed):
            return found if isinstance(given, (list, tuple)) else sorted(found)
    raise FrechetError("input", f"{what} are given as a list of names; got {kind(cast('object', given))}")


def by_name(what: str, given: object, example: str) -> Mapping[str, object]:
    """A mapping by name.

    >>> by_name("arrays", {"x": [1]}, '{"x": [1]}')
    {'x': [1]}
    """
    if isinstance(given, Mapping):
        pairs = cast("Mapping[object, object]", given).items()
        found = {name: value for name, value in pairs if isinstance(name, str)}
        if len(found) == len(pairs):
            return found
    raise FrechetError("input", f"{what} are given by name, as in {example}; got {kind(cast('object', given))}")
