"""What an answer holds: the problem it belongs to, and the forms by each variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, final

from frechet.calculus.forms import Forms, Symbols
from frechet.core.expr import Expr, postorder
from frechet.language import Problem
from frechet.notation.called import called

PLAIN = ("differential", "pullback", "gradient", "derivative", "tensor")
"""Forms that are one formula each."""


@final
@dataclass(frozen=True)
class Context:
    """The problem an answer belongs to."""

    problem: Problem
    original: Expr
    variables: Mapping[str, Expr]
    functions: tuple[str, ...]
    sizes: frozenset[str]
    symbols: Mapping[str, Symbols]
    names: tuple[str, ...]
    several: bool
    order: Literal[1, 2]
    at: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    """What is put in for which name once the derivative is taken."""
    named: Mapping[str, str] = field(default_factory=dict[str, str])
    """The same as it was written."""


@final
@dataclass
class Part:
    """The forms by one variable (or one pair of variables): label → formula; and what could not be written."""

    key: str
    exprs: dict[str, Expr] = field(default_factory=dict[str, Expr])
    missing: dict[str, str] = field(default_factory=dict[str, str])
    value_indices: tuple[str, ...] = ()
    wrt_indices: tuple[str, ...] = ()
    readings: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def indices(self) -> tuple[str, ...]:
        """The indices of the value and of the variable: no other name is one of them."""
        return (*self.value_indices, *self.wrt_indices)

    @staticmethod
    def of(key: str, forms: Forms) -> Part:
        """The part that holds these forms."""
        part = Part(key, {}, forms.missing, forms.value_indices, forms.wrt_indices, forms.readings)
        for name in (*PLAIN, "index"):
            e: Expr | None = getattr(forms, name)
            if e is not None:
                part.exprs[name] = e
        for (layout, vec), e in forms.jacobian.items():
            part.exprs[f"jacobian {layout} {vec}"] = e
        for vec, e in forms.hessian.items():
            part.exprs[f"hessian {vec}"] = e
        for reading, e in forms.structured.items():
            part.exprs[f"structured {reading}"] = e
        for name, e in forms.vech.items():
            part.exprs[f"vech {name}"] = e
        for name, e in forms.complex.items():
            part.exprs[f"complex {name}"] = e
        return part


def value_name(context: Context, definitions: Iterable[str] = ()) -> str:
    """What the value is called: its own name, else the letter that every page has for it."""
    taken = {*context.variables, *context.sizes, *context.functions, *context.problem.quantities, *definitions}
    return context.problem.name or called(context.original.shape, taken)


def used_names(formulas: Iterable[Expr], where: Mapping[str, Expr]) -> set[str]:
    """The names of `where` that the formulas use, through other names too."""
    used: set[str] = set()
    todo = list(formulas)
    while todo:
        for e in postorder(todo.pop()):
            name = str(e.params[0]) if e.op.name == "variable" else ""
            if name in where and name not in used:
                used.add(name)
                todo.append(where[name])
    return used
