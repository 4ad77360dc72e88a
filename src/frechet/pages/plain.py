"""JSON as it comes: parts of an answer with the type they are known to have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def mapping(part: Any) -> Mapping[str, Any]:
    """An object of JSON; empty for anything else."""
    return cast("Mapping[str, Any]", part) if isinstance(part, Mapping) else {}


def listing(part: Any) -> list[Any]:
    """A list of JSON; empty for anything else."""
    return cast("list[Any]", part) if isinstance(part, list) else []
