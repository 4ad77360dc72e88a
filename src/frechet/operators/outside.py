"""SciPy's rooms, imported when they are first used."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def linalg() -> Any:
    """scipy.linalg."""
    return import_module("scipy.linalg")


@cache
def sparse() -> Any:
    """scipy.sparse."""
    return import_module("scipy.sparse")


@cache
def iterative() -> Any:
    """scipy.sparse.linalg."""
    return import_module("scipy.sparse.linalg")
