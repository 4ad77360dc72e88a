"""docs/operations.md: every record of the registry, its differential and adjoint computed from the record itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import frechet as fr
import frechet.ops
from frechet.core.dim import show
from frechet.core.expr import postorder
from frechet.core.op import Op
from frechet.language import Problem, parse
from frechet.library.conditions import conditions
from frechet.library.derivative import Derivative
from frechet.library.functions import DOMAINS
from frechet.notation.ascii import text as written
from frechet.ops import REGISTRY
from pages.markdown import code, heading, row, with_names

FUNCTION = "sigma"
"""The function that examples leave unspecified."""
LONG = 150
"""A Jacobian of more signs is not printed on the page."""

HEAD = """\
# Operations

Every operation of the language, made from the registry (`src/frechet/ops`) by `make pages`; the tests make it again and
compare.  Differential and adjoint are not copied from anywhere: frechet derives each example from the operation's own
record and prints them here.  `dX` is the increment of X, `G` the upstream gradient, of the shape of the value; the
adjoint is the linear map that takes G back to the shape of the variable, with ⟨G, differential⟩ = ⟨adjoint, dX⟩.
The example's answer is the gradient of a scalar, else the Jacobian in numerator layout with columns stacked.

Sources: J. R. Magnus and H. Neudecker, *Matrix Differential Calculus with Applications in Statistics and
Econometrics*, 3rd ed. (by section); K. B. Petersen and M. S. Pedersen, *The Matrix Cookbook*, 2012 (by equation);
M. B. Giles, *An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation*, 2008 (by section); M. Abramowitz and I. A. Stegun, *Handbook of Mathematical Functions* (by equation);
N. J. Higham, *Functions of Matrices*, 2008; K. Kreutz-Delgado, *The Complex Gradient Operator and the CR-Calculus*,
2009; A. Hjørungnes, *Complex-Valued Matrix Derivatives*, 2011; I. Murray, *Differentiation of the Cholesky
decomposition*, 2016; J. Townsend, *Differentiating the singular value decomposition*, 2016; G. H. Golub and V. Pereyra,
*The differentiation of pseudo-inverses*, 1973; G. A. Watson, *Characterization of the subdifferential of some matrix
norms*, 1992.
"""


def families() -> Iterator[tuple[str, list[Op]]]:
    """The modules of records, in the registry's order, each with its title and its operations."""
    found: dict[str, list[Op]] = {}
    for module in pkgutil.iter_modules(frechet.ops.__path__):
        held = vars(importlib.import_module(f"frechet.ops.{module.name}"))
        groups = [cast("tuple[object, ...]", v) for k, v in held.items() if k.isupper() and isinstance(v, tuple)]
        ops = [op for group in groups for op in group if isinstance(op, Op) and REGISTRY.get(op.name) is op]
        if ops:
            title = inspect.cleandoc(held["__doc__"]).partition("\n\n")[0].replace("\n", " ")
            found[title.rstrip(".")] = ops
    order = list(REGISTRY.values())
    yield from sorted(found.items(), key=lambda family: order.index(family[1][0]))


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, ops in families():
        parts.append(heading(2, title))
        parts += [entry(op) for op in ops]
    return "\n".join(parts)


def entry(op: Op) -> str:
    """One operation."""
    lines = [heading(3, code(op.name)), row("", ""), row("---", "---"), row("written", code(op.example))]
    lines.append(row("meaning", op.doc))
    lines.append(row("shape", inspect.getdoc(op.shape) or ""))
    if op.normal is None:
        lines.append(row("derivative", "read as part of a whole formula in index form, never alone"))
    else:
        lines += [row(label, text) for label, text in rules(op)]
    if op.source:
        lines.append(row("source", op.source))
    return "\n".join(lines) + "\n"


def rules(op: Op) -> Iterator[tuple[str, str]]:
    """Differential, adjoint, domain, cautions and the answer of the record's example."""
    problem, assumed = example(op)
    shapes = [f"{name} {show(v.shape)}" for name, v in problem.variables.items()]
    if not shapes:
        yield "derivative", "zero: it depends on no variable"
        return
    yield "here", f"{', '.join(shapes)} → {show(problem.value.shape)}"
    answer, refused = derived(op, problem, assumed)
    if refused:
        yield f"by {', '.join(n for n in problem.variables if answer is None or n not in answer.by)}", refused
    if answer is None:
        return
    yield "differential", formula(answer, str(answer.differential))
    several = len(answer.by) > 1
    for name, one in answer.by.items():
        found = formula(answer, str(one.pullback)) if "pullback" in one.forms else one.missing.get("pullback")
        if found:
            yield f"adjoint, {name}" if several else "adjoint", found
    for name, one in answer.by.items():
        for label, text in results(one):
            if len(text) <= LONG:
                yield f"{label}, {name}" if several else label, formula(answer, text)
    needs = [DOMAINS[d].format(code(a)) for d, a in zip(op.domain, arguments(op, problem), strict=False) if d != "any"]
    cautions = conditions(problem.value, list(problem.variables.values()))
    if needs and not any("must be" in caution for caution in cautions):
        yield "domain", "; ".join(needs)
    if cautions:
        yield "conditions", "; ".join(cautions)


def example(op: Op) -> tuple[Problem, Mapping[str, Sequence[str]]]:
    """The record's example, read; what is made for complex arrays is shown on one."""
    plain = parse(op.example, functions=[FUNCTION])
    if not op.value.__module__.endswith(".complex"):
        return plain, {}
    assumed = {name: ["complex"] for name in plain.variables}
    return parse(op.example, assumptions=assumed), assumed


def derived(op: Op, problem: Problem, assumed: Mapping[str, Sequence[str]]) -> tuple[Derivative | None, str]:
    """The derivative of the example by every variable; where that is refused the reason, and the derivative by the last
    variable alone (an operator may have one by its last argument only)."""
    try:
        return fr.derive(op.example, assumptions=assumed, functions=[FUNCTION], verify=False), ""
    except fr.FrechetError as refusal:
        reason = str(refusal)
    try:
        return fr.derive(op.example, wrt=list(problem.variables)[-1:], functions=[FUNCTION], verify=False), reason
    except fr.FrechetError:
        return None, reason


def arguments(op: Op, problem: Problem) -> list[str]:
    """What stands in the places of the operation's arguments in its example."""
    found = [e for e in postorder(problem.value) if e.op is op]
    return [written(a) for a in found[0].args] if found else []


def results(answer: Derivative) -> Iterator[tuple[str, str]]:
    """The form that people ask for first."""
    wanted: tuple[fr.Form, ...] = ("gradient", "derivative", "jacobian")
    for form in wanted:
        if form in answer.forms:
            yield form.replace("jac", "Jac"), str(answer.form(form))
            return


def formula(answer: Derivative, text: str) -> str:
    """A formula and the names of `where` that it uses."""
    return with_names(text, {name: str(e) for name, e in answer.where.items()})
