"""Numbers in (`--value "A=[[1,2],[3,4]]"`) and numbers out (arrays under their formulas)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from frechet.apps.options import is_name
from frechet.pages.plain import listing

Nested = float | list[Any]

SHOWN = 40
"""How much of a text that cannot be read is shown."""
LARGEST = 10**300
"""No number beyond this is read."""


def read_values(texts: Iterable[str]) -> dict[str, Nested]:
    """Numbers, lists and lists of rows by name; rows may also be parted by `;` as in the formula language.

    >>> read_values(["A=[[1,2],[3,4]]", "x=[1,2.5]", "c=-1e3", "B=[1, 2; 3, 4]"])
    {'A': [[1.0, 2.0], [3.0, 4.0]], 'x': [1.0, 2.5], 'c': -1000.0, 'B': [[1.0, 2.0], [3.0, 4.0]]}
    """
    found: dict[str, Nested] = {}
    for text in texts:
        name, equals, numbers = text.partition("=")
        name = name.strip()
        if not equals or not is_name(name):
            raise ValueError(f"a value is written A=[[1,2],[3,4]], not {text[:SHOWN]!r}")
        if name in found:
            raise ValueError(f"{name} is given twice")
        body = numbers.strip()
        if ";" in body:
            body = "[[" + body.strip("[]").replace(";", "],[") + "]]"
        try:
            read: Any = json.loads(body)
            found[name] = _checked(name, read)
        except (json.JSONDecodeError, RecursionError):
            example = f"{name}=2.5, {name}=[1,2] or {name}=[[1,2],[3,4]]"
            raise ValueError(f"the value of {name} is real numbers, as in {example}; got {body[:SHOWN]!r}") from None
    return found


def _checked(name: str, read: Any) -> Nested:
    """Numbers only, and every row as long as the first."""
    if isinstance(read, bool) or not isinstance(read, (int, float, list)):
        raise ValueError(f"the value of {name} must be a number, a list or a list of rows")
    if not isinstance(read, list):
        if (isinstance(read, int) and abs(read) >= LARGEST) or not math.isfinite(read):
            raise ValueError(f"the value of {name} holds {str(read)[:SHOWN]}, which is no finite number")
        return float(read)
    parts = [_checked(name, part) for part in listing(read)]
    if len({_form(part) for part in parts}) != 1:
        raise ValueError(f"the rows of {name} differ in length" if parts else f"the value of {name} is empty")
    return parts


def _form(part: Any) -> tuple[int, ...]:
    inside = listing(part)
    return (len(inside), *_form(inside[0])) if inside else ()


def shape_of(value: Nested) -> tuple[int, ...]:
    """The shape of what `read_values` read.

    >>> shape_of([[1.0, 2.0, 3.0]]), shape_of(4.0)
    ((1, 3), ())
    """
    return _form(value)


def settled_shape(value: Nested) -> tuple[int, ...]:
    """The shape as the library keeps it: n×1 is a vector, 1×1 a scalar.

    >>> settled_shape([[1.0], [2.0]]), settled_shape([[1.0]])
    ((2,), ())
    """
    given = shape_of(value)
    if len(given) == 2 and given[1] == 1:
        given = given[:1]
    return () if given == (1,) else given


def agrees(shape: Sequence[Any], value: Nested) -> bool:
    """Whether an array may be the value of a name with that shape."""
    given = settled_shape(value)
    sizes = list(shape)
    return len(given) == len(sizes) and all(not isinstance(s, int) or s == n for s, n in zip(sizes, given, strict=True))
