"""A file of Python on the command line: `loss.py`, or `loss.py:name` for one def of it."""

from __future__ import annotations

from pathlib import Path

from frechet.errors import FrechetError
from frechet.language.understood import Source

_LARGEST = 1_000_000


def read_file(path_and_name: str) -> Source | None:
    """The text of a file and the name of the def asked for; None where this is no path to a file of Python.

    >>> read_file("A*B") is None
    True
    """
    path, colon, name = path_and_name.strip().rpartition(":")
    if not (colon and path.endswith(".py") and name.isidentifier()):
        path, name = path_and_name.strip(), ""
    if not path.endswith(".py") or "\n" in path:
        return None
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise FrechetError("limit", f"{path} is larger than a megabyte")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "it is no text in UTF-8"
        raise FrechetError("input", f"{path} cannot be read: {reason}") from None
    return Source(text, name or None)
