"""What is asked of the search for kinds, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.language.elaborate import Scope
from frechet.language.name_usage import Usage
from frechet.language.names import Kind
from frechet.language.questions import Notes
from frechet.language.tree import Node


@final
@dataclass(frozen=True)
class Question:
    """What is to be inferred: statements, what is known, the free names, what is assumed of names.

    `mathematical` is text that is not literally the formula language; `bold` are names that are set as vectors,
    `ranges` the sizes that sums are said to run to, `worded` whether a function stood under another name,
    `orders` what the formula says of the orders of names.
    """

    statements: list[Node]
    usage: Usage
    scope: Scope
    free: tuple[str, ...]
    assumptions: Mapping[str, tuple[str, ...]]
    declared: Mapping[str, Shape]
    taken: frozenset[str]
    assemble: bool = False
    mathematical: bool = False
    bold: frozenset[str] = frozenset()
    ranges: Mapping[str, Dim] = field(default_factory=dict[str, Dim])
    worded: bool = False
    orders: Mapping[str, int] = field(default_factory=dict[str, int])


@final
@dataclass(frozen=True)
class Reading:
    """Statements read: the value, named quantities, variables, and the equations of sizes that are left.

    `kinds` are those of the free names, `seen` the expression of every piece, `notes` what is assumed and asked.
    """

    value: Expr
    quantities: dict[str, Expr]
    leaves: dict[str, Expr]
    constraints: tuple[tuple[Dim, Dim], ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict[str, Kind])
    seen: Mapping[int, Expr] = field(default_factory=dict[int, Expr])
    notes: Notes = field(default_factory=Notes)
