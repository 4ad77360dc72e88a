"""One identity of the Matrix Cookbook: a problem, the book's answer, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from frechet.language import parse
from judge.check import judge


@final
@dataclass(frozen=True)
class Identity:
    """A line of the table.

    equation     its number in the edition of November 15, 2012, else the section
    expression   the problem, in frechet's language
    wrt          the variable; several are parted by spaces
    book         the book's formula, in frechet's language
    form         what kind of formula it is: a form of the answer, by the names of the judge ("structured.free entries")
    shapes       as `--shape` takes them, parted by spaces; sizes that the expression settles are left out
    assume       assumptions, "W: symmetric; a: complex"
    indices      of a formula in index form: those of the value, then those of the variable
    sizes        a condition on the sizes ("m > n"), without which the expression has no value or no derivative
    agrees       whether the book's formula is right as it is typed here
    remark       a condition the book does not state, a misprint, how its convention was read
    """

    equation: str
    expression: str
    wrt: str
    book: str
    shapes: str = ""
    form: str = "gradient"
    assume: str = ""
    indices: tuple[str, str] = ("", "")
    sizes: str = ""
    order: int = 1
    agrees: bool = True
    remark: str = ""

    @property
    def variables(self) -> list[str]:
        """The variables of the derivative."""
        return self.wrt.split()

    @property
    def declared(self) -> dict[str, list[str | int]]:
        """The declared shapes."""
        pairs = (item.split("=") for item in self.shapes.split())
        return {name: [int(s) if s.isdigit() else s for s in sizes.split(",") if s] for name, sizes in pairs}

    @property
    def assumptions(self) -> dict[str, list[str]]:
        """The assumptions by name."""
        pairs = (item.split(":") for item in self.assume.split(";") if item)
        return {name.strip(): [word.strip() for word in words.split(",")] for name, words in pairs}

    @property
    def functions(self) -> list[str]:
        """The unspecified functions."""
        return [f for f in ("sigma", "rho") if f"{f}(" in self.expression]

    def question(self) -> dict[str, Any]:
        """The keyword arguments of `frechet.derive`."""
        names = self.variables
        return {
            "expression": self.expression,
            "wrt": names if len(names) > 1 else names[0],
            "shapes": self.declared,
            "assumptions": self.assumptions,
            "functions": self.functions,
            "order": self.order,
        }


def of_form(identity: Identity, answer: Mapping[str, Any]) -> Any:
    """What an answer holds of the identity's form; None where it has nothing."""
    found: Any = answer
    for key in identity.form.split("."):
        held: Mapping[str, Any] = found or {}
        found = held.get(key)
    return found


def stated(identity: Identity) -> Any:
    """The book's formula as a form of an answer."""
    if identity.form != "index":
        return identity.book
    value, wrt = identity.indices
    return {"value": list(value), "wrt": list(wrt), "entry": identity.book}


def fault(identity: Identity, formula: Any, where: Mapping[str, str] | None = None) -> str:
    """Why a formula of the identity's form is wrong; empty where it is right.

    The truth is that of the judge, which shares nothing with frechet's rules: complex steps and differences of the
    expression at random points.

    >>> fault(Identity("(81)", "x'*B*x", "x", ""), "(B+B')*x"), bool(fault(Identity("", "x'*B*x", "x", ""), "2*B*x"))
    ('', True)
    """
    keys = identity.form.split(".")
    for key in reversed(keys[1:]):
        formula = {key: formula}
    question = identity.question()
    problem = {**question, "sizes": identity.sizes, "shapes": shapes(identity)}
    report = judge(problem, {keys[0]: formula, "where": where or {}}, trials=3)
    if report.trouble:
        return report.trouble
    form = report.forms["total differential" if len(identity.variables) > 1 else identity.form]
    return "" if form.status == "right" else form.reason


def shapes(identity: Identity) -> dict[str, list[str]]:
    """Every variable's shape: as declared, else as the expression settles it."""
    problem = parse(identity.expression, identity.declared, identity.assumptions, identity.functions)
    return {name: [str(size) for size in v.shape] for name, v in problem.variables.items()}


Table = Sequence[tuple[str, Sequence[Identity]]]
"""Sections, each with its identities."""
