"""JSON out, one object a line, whatever is in it and whatever the output can take."""

from __future__ import annotations

import json
import math
import re
from typing import Any, cast

SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of a pair, which no encoding can write."""


def jsonline(value: Any, encoding: str | None = None) -> str:
    r"""A value as one line of JSON.

    Signs stand as they are where the output has them.  Half a pair of surrogates, which no output has, is escaped; a
    number that JSON has no word for (an infinity) is null.

    >>> print(jsonline({"a": "m×n"}), jsonline({"a": "m×n"}, "ascii"), jsonline(["\ud800", float("inf")]))
    {"a": "m×n"} {"a": "m\u00d7n"} ["\ud800", null]
    """
    plain = "utf" not in (encoding or "utf-8").lower()
    try:
        text = json.dumps(value, ensure_ascii=plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=plain)
    return SURROGATES.sub(lambda half: f"\\u{ord(half.group()):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in cast("list[Any]", value)]
    return value
