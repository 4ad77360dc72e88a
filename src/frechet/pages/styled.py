"""An answer whose formulas are set in Unicode or LaTeX: the same object, its strings replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from frechet.library.answered import Answered
from frechet.library.declared import scalar
from frechet.library.formula import Formula
from frechet.library.report import to_dict

VECS = ("column", "row")
PLAIN_FORMS = ("differential", "pullback", "gradient", "derivative", "tensor")


COLUMNS = 42
"""About as many signs of a right side fit into a line of an article."""


def styled(found: Answered, style: str) -> dict[str, Any]:
    """`to_dict()` with the formulas in a style: "ascii", "unicode" or "latex".

    In LaTeX long formulas are broken, "statements" are those of the problem, and what is an einsum is one entry of it,
    its indices under "by entries".

    >>> import frechet
    >>> styled(frechet.derive("A*B", wrt="B", verify=False), "unicode")["pullback"]
    'Aᵀ G'
    >>> styled(frechet.derive("A*B", wrt="B", verify=False), "latex")["tensor"]
    'A_{ik} \\\\delta_{jl}'
    """
    answer: dict[str, Any] = {**to_dict(found)}
    if style == "ascii":
        return answer
    answer["where"] = {name: shown(formula, style) for name, formula in found.where.items()}
    if style == "latex":
        answer["statements"], at = _defined(found.statements, found)
        answer["where"], more = _defined(found.where, found)
        answer["indices"] = {**at, **more}
        answer["at"] = {n: shown(Formula(e), style) for n, e in found.context.at.items()}
    if not answer.get("by"):
        return _increments({**answer, **_part(found, answer, style)}, answer, style)
    if answer.get("differential"):
        answer["differential"] = shown(found.differential, style)
    plain: dict[str, Any] = answer["by"]
    answer["by"] = {key: {**plain[key], **_block(one, plain[key], style)} for key, one in found.by.items()}
    return _increments(answer, answer, style)


def _defined(formulas: Mapping[str, Formula], found: Answered) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Definitions in LaTeX, those that are an einsum by their entries, with the indices of these."""
    taken = {*found.context.variables, *found.where, *found.statements, *found.context.sizes}
    letters = [letter for letter in "ijklrstuvwpq" if letter not in taken]
    out: dict[str, str] = {}
    at: dict[str, list[str]] = {}
    for name, formula in formulas.items():
        if "einsum(" in str(formula):
            at[name] = letters[: len(formula.shape)]
            formula = formula.entry(*at[name])
        out[name] = formula.latex(COLUMNS)
    return out, at


def _increments(part: Any, answer: Mapping[str, Any], style: str) -> Any:
    """The increment of a name that is a word, dloss, as d and the word."""
    names = [name for name in answer["shapes"] if len(name) > 1] if style == "latex" else []
    for name in names:
        one, word = scalar(f"d{name}").latex(), scalar(name).latex()
        if one.startswith(r"\mathrm{d" + name[:1]):
            part = _replaced(part, one, rf"\mathrm{{d}}{word}")
    return part


def _replaced(part: Any, old: str, new: str) -> Any:
    if isinstance(part, str):
        return part.replace(old, new)
    if isinstance(part, dict):
        return {key: _replaced(inner, old, new) for key, inner in cast("dict[str, Any]", part).items()}
    return part


def shown(formula: Formula | None, style: str) -> str | None:
    """A formula as text of the style."""
    if formula is None:
        return None
    return formula.unicode() if style == "unicode" else formula.latex(COLUMNS) if style == "latex" else str(formula)


def _part(one: Answered, plain: Any, style: str) -> dict[str, Any]:
    """The forms by one variable."""
    out: dict[str, Any] = {name: shown(getattr(one, name), style) for name in PLAIN_FORMS if plain.get(name)}
    if plain.get("complex"):
        out["complex"] = {name: shown(formula, style) for name, formula in one.complex.items()}
    if plain.get("index"):
        out["index"] = {**plain["index"], "entry": shown(one.index, style)}
    if plain.get("jacobian"):
        out["jacobian"] = {
            layout: {vec: shown(one.jacobian(layout, vec), style) for vec in VECS}
            for layout in ("numerator", "denominator")
        }
    if plain.get("structured"):
        readings: dict[str, str] = plain["structured"]
        out["structured"] = {
            name: _of(one, f"structured {name}", style) or formula for name, formula in readings.items()
        }
    out.update(_vech(one, plain, style))
    if isinstance(plain.get("hessian"), str):
        out["hessian"] = shown(one.hessian, style)
    elif plain.get("hessian"):
        out["hessian"] = {vec: _of(one, f"hessian {vec}", style) for vec in VECS}
    if style == "latex":
        out.update(by_entries(one, plain))
    return out


def _of(one: Answered, label: str, style: str) -> str | None:
    """A form by its label."""
    found = one.part().exprs.get(label)
    return None if found is None else shown(Formula(found, one.where), style)


def by_entries(one: Answered, plain: Any) -> dict[str, Any]:
    """The forms that are an einsum, each by its entries."""
    taken = {*plain.get("shapes", {}), *one.where}
    there = one.forms
    index = one.index if "index" in there else None
    value, wrt = one.context.original, one.context.variables[one.part().key.split(",")[-1]]
    letters = [letter for letter in "ijklrstuvwpq" if letter not in taken and letter not in one.context.sizes]
    above = list(one.part().value_indices) or letters[: len(value.shape)]
    below = list(one.part().wrt_indices) or letters[len(value.shape) :][: len(wrt.shape)]
    if one.context.order == 2:
        above = below  # the differential is that of the gradient
    axes = {"gradient": [[], below], "derivative": [above, []], "pullback": [[], below], "tensor": [above, below],
            "differential": [above, []]}  # fmt: skip
    out: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for form, (outer, inner) in axes.items():
        if form not in there or "einsum(" not in str(plain.get(form)):
            continue
        formula: Formula = getattr(one, form)
        entry = index if form in ("tensor", "gradient") and index is not None else formula.entry(*outer, *inner)
        out[form] = entry.latex(COLUMNS)
        found[form] = {"value": outer, "wrt": inner}
    return {**out, "by entries": found} if found else {}


def _block(one: Answered, plain: Any, style: str) -> dict[str, Any]:
    """One of several variables; or, at order 2, one pair of them."""
    if plain.get("column"):
        return {
            **{name: shown(getattr(one, name), style) for name in PLAIN_FORMS if plain.get(name)},
            **{vec: _of(one, f"hessian {vec}", style) for vec in VECS},
            **_vech(one, plain, style),
        }
    return _part(one, plain, style)


def _vech(one: Answered, plain: Any, style: str) -> dict[str, Any]:
    """What there is by the free entries of a structured variable."""
    if not plain.get("vech"):
        return {}
    return {"vech": {name: shown(formula, style) for name, formula in one.vech.items()}}
