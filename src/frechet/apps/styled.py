"""An answer whose formulas are set in Unicode or LaTeX: the same object, its strings replaced."""

from __future__ import annotations

from typing import Any

import frechet

PLAIN_FORMS = ("differential", "pullback", "gradient", "derivative", "tensor")


def styled(found: frechet.Derivative, style: str) -> dict[str, Any]:
    """`to_dict()` with the formulas in a style: "ascii", "unicode" or "latex".

    >>> styled(frechet.derive("A*B", wrt="B", verify=False), "unicode")["pullback"]
    'Aᵀ G'
    """
    answer: dict[str, Any] = {**found.to_dict()}
    if style == "ascii":
        return answer
    answer["where"] = {name: shown(formula, style) for name, formula in found.where.items()}
    if not answer.get("by"):
        return {**answer, **_part(found, answer, style)}
    if answer.get("differential"):
        answer["differential"] = shown(found.differential, style)
    plain: dict[str, Any] = answer["by"]
    answer["by"] = {key: {**plain[key], **_block(one, plain[key], style)} for key, one in found.by.items()}
    return answer


def shown(formula: frechet.Formula | None, style: str) -> str | None:
    """A formula as text of the style."""
    if formula is None:
        return None
    return formula.unicode() if style == "unicode" else formula.latex() if style == "latex" else str(formula)


def _part(one: frechet.Derivative, plain: Any, style: str) -> dict[str, Any]:
    """The forms by one variable."""
    out: dict[str, Any] = {name: shown(getattr(one, name), style) for name in PLAIN_FORMS if plain.get(name)}
    if plain.get("complex"):
        out["complex"] = {name: shown(formula, style) for name, formula in one.complex.items()}
    if plain.get("index"):
        out["index"] = {**plain["index"], "entry": shown(one.index, style)}
    if plain.get("jacobian"):
        out["jacobian"] = {
            layout: {vec: shown(one.jacobian(layout, vec), style) for vec in ("column", "row")}
            for layout in ("numerator", "denominator")
        }
    if plain.get("structured"):
        readings: dict[str, str] = plain["structured"]
        forms = one.part().exprs
        out["structured"] = {
            name: shown(frechet.Formula(forms[label]), style) if (label := f"structured {name}") in forms else formula
            for name, formula in readings.items()
        }
    out.update(_vech(one, plain, style))
    if isinstance(plain.get("hessian"), str):
        out["hessian"] = shown(one.hessian, style)
    elif plain.get("hessian"):
        out["hessian"] = {**plain["hessian"], "column": shown(one.hessian, style)}
    return out


def _block(one: frechet.Derivative, plain: Any, style: str) -> dict[str, Any]:
    """One of several variables; or, at order 2, one pair of them."""
    if plain.get("column"):
        return {"column": shown(one.hessian, style), **_vech(one, plain, style)}
    return _part(one, plain, style)


def _vech(one: frechet.Derivative, plain: Any, style: str) -> dict[str, Any]:
    """What there is by the free entries of a structured variable."""
    if not plain.get("vech"):
        return {}
    return {"vech": {name: shown(formula, style) for name, formula in one.vech.items()}}
