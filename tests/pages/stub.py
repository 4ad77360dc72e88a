"""src/frechet/__init__.pyi: what editors and type checkers see of the functions that are made from records."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import frechet as fr
from frechet.library import functions
from frechet.ops import REGISTRY

FACE = Path(__file__).resolve().parents[2] / "src" / "frechet" / "__init__.py"

HEAD = '''\
"""frechet: matrix calculus that shows its work and proves it.

Made by `make pages` from the face of the package and from the records of the operations.
"""
'''


def page() -> str:
    """The whole stub."""
    return "\n".join([HEAD, *imported(), "", "__version__: str", "", *listed(), "", *written()])


def imported() -> Iterator[str]:
    """What the face imports under a public name."""
    for node in ast.parse(FACE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.asname == alias.name:
                    yield f"from {node.module} import {alias.name} as {alias.name}"


def listed() -> Iterator[str]:
    """All public names."""
    yield "__all__ = ["
    yield from (f'    "{name}",' for name in fr.__all__)
    yield "]"


def written() -> Iterator[str]:
    """The functions of operations: their signatures, and what is said of them."""
    for name in sorted(functions.names()):
        of = functions.arguments(REGISTRY[name])
        inside = ", ".join(f"{'*' * a.several}{a.name}: {a.type}{' = None' if a.optional else ''}" for a in of)
        first, *more = functions.docstring(REGISTRY[name]).rstrip().splitlines()
        yield f"def {name}({inside}) -> Formula:"
        yield f'    r"""{first}' if any("\\" in line for line in more) else f'    """{first}'
        yield from (f"    {line}" if line else "" for line in more)
        yield '    """'
        yield ""
