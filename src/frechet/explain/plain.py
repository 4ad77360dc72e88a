"""Answers as plain data, as types: what `to_dict` gives and `--json` prints, key by key (docs/answer.md)."""

from typing import Literal, NotRequired, TypedDict


class Reading(TypedDict):
    """How a text that is not the formula language was understood."""

    language: str
    formula: str
    assumed: list[str]


class IndexEntry(TypedDict):
    """One entry of the derivative, and the names of its indices."""

    value: list[str]
    wrt: list[str]
    entry: str


class Stacked(TypedDict):
    """A matrix form in both vec orders."""

    column: str | None
    row: str | None


class Jacobians(TypedDict):
    """The Jacobian in both layouts."""

    numerator: Stacked
    denominator: Stacked


class Symbols(TypedDict):
    """The names of the increment, the upstream gradient and the direction."""

    increment: str
    upstream: str
    direction: str


class Checked(TypedDict):
    """The outcome of the check."""

    passed: bool | None
    trials: int
    forms_checked: int
    max_relative_error: float | None
    sizes: dict[str, int]
    reason: NotRequired[str]
    points: NotRequired[str]


class Trouble(TypedDict):
    """A refusal."""

    kind: str
    message: str
    position: int | None
    readings: NotRequired[list[str]]


class Block(TypedDict):
    """The forms by one variable (order 2: by one pair, `column` and `row` the Hessian); other keys as they apply."""

    differential: str | None
    pullback: str | None
    gradient: str | None
    index: NotRequired[IndexEntry | None]
    tensor: NotRequired[str | None]
    jacobian: NotRequired[Jacobians | None]
    derivative: NotRequired[str | None]
    hessian: NotRequired[str | Stacked | None]
    column: NotRequired[str | None]
    row: NotRequired[str | None]
    structured: NotRequired[dict[str, str]]
    readings: NotRequired[dict[str, str]]
    complex: NotRequired[dict[str, str | None]]
    vech: NotRequired[dict[str, str]]
    symbols: NotRequired[Symbols]
    missing: dict[str, str]


class Answer(TypedDict):
    """An answer as plain data, ready for JSON: the forms by its one variable, or `by` for several (docs/answer.md).

    >>> import frechet as fr
    >>> plain = fr.derive("x'*A*x", wrt="x").to_dict()
    >>> plain["shapes"], plain.get("gradient")
    ({'x': ['n'], 'A': ['n', 'n']}, "(A+A')*x")
    """

    expression: str
    wrt: str | list[str]
    order: Literal[1, 2]
    reading: Reading | None
    shapes: dict[str, list[str | int]]
    value_shape: list[str | int]
    assumptions: dict[str, list[str]]
    where: dict[str, str]
    value: NotRequired[str]
    at: NotRequired[dict[str, str]]
    batch: NotRequired[list[str]]
    conditions: NotRequired[list[str]]
    by: NotRequired[dict[str, Block]]
    differential: NotRequired[str | None]
    pullback: NotRequired[str | None]
    gradient: NotRequired[str | None]
    index: NotRequired[IndexEntry | None]
    tensor: NotRequired[str | None]
    jacobian: NotRequired[Jacobians | None]
    derivative: NotRequired[str | None]
    hessian: NotRequired[str | Stacked | None]
    structured: NotRequired[dict[str, str]]
    readings: NotRequired[dict[str, str]]
    complex: NotRequired[dict[str, str | None]]
    vech: NotRequired[dict[str, str]]
    symbols: NotRequired[Symbols]
    missing: NotRequired[dict[str, str]]
    verification: Checked
    error: Trouble | None
