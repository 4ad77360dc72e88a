"""Pages of docs/ that are made from the program itself: the table of operations, the Cookbook beside frechet.

`make pages` writes them, and the output that the README shows; the tests make them again and compare, so that they
cannot go stale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pages import identities, library, operations

README = Path(__file__).resolve().parents[2] / "README.md"
DOCS = README.parent / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "operations.md": operations.page,
    "cookbook.md": identities.page,
    "library.md": library.page,
}
"""Each page and what makes it."""
STUB = README.parent / "src" / "frechet" / "__init__.pyi"
"""What editors see of the library, made by `stub.page`."""
