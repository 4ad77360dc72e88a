"""What is known while a text is read: what its names are worth, where its pieces stand, what is said on the way.

Statements and subscripts are read in it; what an expression in them is worth they ask of the
:class:`~frechet.language.python.reader.Reader`, which knows all three.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Sequence

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.python.arrays import Fit
from frechet.language.python.places import Place, parsed
from frechet.language.python.values import Value

Scope = dict[str, Value]


class Context(ABC):
    """One reading of a text: what names are worth, what sizes must agree, what is named on the way."""

    def __init__(
        self,
        text: str,
        fit: Fit | None = None,
        functions: Sequence[str] = (),
        dialect: str = "",
        module: ast.Module | None = None,
    ) -> None:
        self.text, self.fit, self.functions, self.dialect = text, fit or Fit(), frozenset(functions), dialect
        self.module = parsed(text) if module is None else module
        self.place = Place(text)
        self.imports: dict[str, str] = {}
        self.quantities: dict[str, Expr] = {}
        self.assigned: dict[str, int] = {}
        self.assumed: list[str] = []
        self.depth = self.rounds = 0
        self.waiting: dict[str, ast.expr] = {}
        self.found: Scope = {}
        self.fresh: set[tuple[int, str]] = set()  # names, by scope, of arrays that no other name can have

    def trouble(self, error: FrechetError, node: ast.AST) -> FrechetError:
        """The refusal with its place, if it has none yet."""
        if error.position is not None:
            return error
        return self.place.refusal(error.kind, error.message, self.place.of(node))

    def no(self, node: ast.AST, text: str) -> FrechetError:
        """A refusal of a piece of the text."""
        return self.place.refusal("unsupported", text, self.place.of(node))

    @abstractmethod
    def read(self, node: ast.expr, scope: Scope) -> Value:
        """What an expression is worth; what goes wrong is said with its place."""
