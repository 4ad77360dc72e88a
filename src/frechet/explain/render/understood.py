"""The first lines of a page: how a text was read that is not the formula language."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any


def lines(reading: Mapping[str, Any] | None, columns: int) -> list[str]:
    """The formula as it was understood, and what was assumed beside it or below.

    >>> lines({"formula": "A*x-b", "assumed": ["b is m×1"]}, 80), lines(None, 80)
    (['read as  A*x-b    b is m×1'], [])
    """
    if reading is None:
        return []
    formula, said = f"read as  {reading['formula']}", assumed(reading)
    if not said:
        return [formula]
    if len(formula) + 4 + len(said) <= columns:
        return [f"{formula}    {said}"]
    folded = textwrap.wrap(said, columns - 9, break_long_words=False, break_on_hyphens=False)
    return [formula, *(" " * 9 + line for line in folded)]


def assumed(reading: Mapping[str, Any] | None) -> str:
    """What was assumed, in one line."""
    return "; ".join(map(str, reading["assumed"])) if reading is not None else ""
