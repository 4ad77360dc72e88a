"""What a derivation is made of: named quantities, lines that are equations, steps that say why the next line holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from frechet.core.dim import Shape
from frechet.core.expr import Expr, postorder
from frechet.notation.ascii import text
from frechet.ops.books import BOOKS


@final
@dataclass(frozen=True)
class Label:
    """The left side of a line where it is no formula: ``∂f/∂X``, and how LaTeX sets it."""

    plain: str
    latex: str


@final
@dataclass(frozen=True)
class Pairing:
    """The inner product ⟨u, v⟩ as a side of a line."""

    u: Expr
    v: Expr


Side = Expr | Label | Pairing


@final
@dataclass(frozen=True)
class Line:
    """An equation.  `proof` are the two sides that must agree at random points; none where the line is a definition."""

    left: Side
    right: Expr | Pairing
    proof: tuple[Expr, Expr] | None = None

    @property
    def formula(self) -> Expr:
        """The right side, of a line that arrives at a formula."""
        assert isinstance(self.right, Expr), "the line arrives at a formula"
        return self.right

    @property
    def parts(self) -> tuple[Expr, ...]:
        """The formulas on the right."""
        return (self.right,) if isinstance(self.right, Expr) else (self.right.u, self.right.v)

    def written(self, write: Callable[[Expr], str]) -> str:
        """The line in an alphabet of signs."""
        return f"{_side(self.left, write)} = {_side(self.right, write)}"

    def plain(self) -> str:
        """The line in ASCII.

        >>> from frechet.language import parse
        >>> Line(Label("∂f/∂x", ""), parse("2*x").value).plain()
        '∂f/∂x = 2*x'
        """
        return self.written(text)


def _side(side: Side, write: Callable[[Expr], str]) -> str:
    if isinstance(side, Label):
        return side.plain if write is text else side.plain.replace("'", "ᵀ")
    if isinstance(side, Pairing):
        return f"⟨{write(side.u)}, {write(side.v)}⟩"
    return write(side)


@final
@dataclass
class Step:
    """One idea: the rule, the line it starts from, the lines it gives, one sentence of why, where the rule stands."""

    rule: str
    title: str
    why: str
    reference: str
    before: Line
    lines: list[Line]
    checked: bool = False
    aside: str = ""
    """How something is written where formulas are no fractions: for plain pages only."""

    @property
    def remark(self) -> str:
        """The reason, and the aside."""
        return f"{self.why} {self.aside}".strip()

    @property
    def after(self) -> Line:
        """The line that the step arrives at."""
        return self.lines[-1]


@final
@dataclass(frozen=True)
class Quantity:
    """A part with a name: its symbol, its formula over earlier symbols, and whether it moves with the variable."""

    name: str
    symbol: Expr
    definition: Expr
    moves: bool

    @property
    def shape(self) -> Shape:
        """The shape of the quantity."""
        return self.symbol.shape


@dataclass
class Steps:
    """A derivation, every line of it checked.

    `heads` are the lines of the problem itself (each named quantity, then the value), `result` the last line's right
    side, `form` what it is; `trials` and `sizes` say where the lines were checked.
    """

    expression: str
    wrt: str
    variables: dict[str, Expr]
    quantities: list[Quantity]
    heads: list[Line]
    steps: list[Step]
    form: str
    conditions: list[str]
    names: dict[str, str] = field(default_factory=dict[str, str])
    """Names of cotangents in formulas (``dL_da``) and how they are set in LaTeX."""
    extra: list[Quantity] = field(default_factory=list[Quantity])
    """Names of the answer's own in its formula, for what is no part of the problem."""
    reading: Mapping[str, Any] | None = None
    """How the text was read, where it is not the formula language."""
    trials: int = 0
    sizes: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def result(self) -> Expr:
        """The formula that was asked for."""
        return self.steps[-1].after.formula

    def introduced(self, step: Step) -> list[Line]:
        """The answer's own names that a step is the first to use, each with what it stands for."""
        known: set[str] = set()
        for s in self.steps:
            used = _names_in(line for line in s.lines)
            while True:
                fresh = [q for q in self.extra if q.name in used and q.name not in known]
                more = _names_in(Line(q.symbol, q.definition) for q in fresh) - used
                if not more & {q.name for q in self.extra}:
                    break
                used |= more
            if s is step:
                return [Line(q.symbol, q.definition) for q in fresh]
            known.update(q.name for q in fresh)
        return []

    @property
    def checks(self) -> str:
        """How the lines were checked, in a sentence."""
        sizes = ", ".join(f"{n}={k}" for n, k in self.sizes.items())
        at = f"{self.trials} random points" + (f" with {sizes}" if sizes else "")
        unchecked = [str(k) for k, s in enumerate(self.steps, 1) if not s.checked]
        return f"Not checked: line {', '.join(unchecked)}." if unchecked else f"Each line was checked at {at}."

    @property
    def books(self) -> list[str]:
        """The books that the rules are referred to, in full."""
        cited = "; ".join(s.reference for s in self.steps)
        return [full for short, full in BOOKS.items() if short in cited]

    def to_dict(self) -> dict[str, Any]:
        """The derivation as plain data, ready for JSON."""
        return {
            "expression": self.expression,
            "wrt": self.wrt,
            "reading": None if self.reading is None else dict(self.reading),
            "quantities": [
                {"name": q.name, "formula": text(q.definition), "shape": plain_shape(q.shape)}
                for q in (*self.quantities, *self.extra)
            ],
            "steps": [
                {
                    "rule": s.rule,
                    "title": s.title,
                    "before": s.before.plain(),
                    "after": s.after.plain(),
                    "lines": [line.plain() for line in s.lines],
                    "why": s.remark,
                    "reference": s.reference,
                    "checked": s.checked,
                }
                for s in self.steps
            ],
            "result": text(self.result),
            "form": self.form,
            "conditions": list(self.conditions),
            "references": self.books,
            "verification": {"trials": self.trials, "sizes": dict(self.sizes)},
        }


def _names_in(lines: Iterable[Line]) -> set[str]:
    """The names of the symbols on the right of lines."""
    formulas = [e for line in lines for e in line.parts]
    return {str(e.params[0]) for e in postorder(*formulas) if e.op.name == "variable"} if formulas else set()


def plain_shape(shape: Shape) -> list[str | int]:
    """Sizes as integers and text."""
    return [d.number if d.number is not None else str(d) for d in shape]
