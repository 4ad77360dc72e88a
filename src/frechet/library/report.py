"""An answer as plain data: what the command line prints with --json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from frechet.calculus.structure import kind_of, readings_of
from frechet.calculus.wirtinger import PAIR, is_complex
from frechet.core.dim import Shape
from frechet.library.batches import batch_axes
from frechet.library.conditions import conditions
from frechet.library.reading import understood
from frechet.library.words import LAYOUTS, ORDERS
from frechet.notation.ascii import text

if TYPE_CHECKING:
    from frechet.explain.plain import Answer, Checked
    from frechet.library.answered import Answered
    from frechet.library.parts import Part

FREE = ("gradient", "jacobian", "hessian")
"""What there may be by the free entries, in the order in which they are listed."""


def to_dict(d: Answered) -> Answer:
    """The answer; several variables under "by", one answer each."""
    context = d.context
    head: dict[str, Any] = {
        "expression": context.problem.typed or context.problem.text,
        "wrt": list(context.names) if context.several else context.names[0],
        "order": context.order,
        "reading": understood(context.problem),
        "shapes": {n: _shape(e.shape) for n, e in context.variables.items()},
        "value_shape": _shape(context.original.shape),
        "assumptions": {n: list(e.params[1]) for n, e in context.variables.items() if e.params[1]},
        "where": {n: text(e) for n, e in d.definitions.items()},
    }
    if context.problem.name:
        head["value"] = context.problem.name
    if context.named:
        head["at"] = dict(context.named)
    batch = batch_axes([*(e for part in d.parts.values() for e in part.exprs.values()), *d.definitions.values()])
    if batch:
        head["batch"] = batch
    held = conditions(context.original, [context.variables[n] for n in context.names], context.order)
    if held:
        head["conditions"] = held
    checked = _verification(d)
    if not context.several:
        part = next(iter(d.parts.values()))
        return cast("Answer", {**head, **_part(d, part), "verification": checked, "error": None})
    out = {**head}
    if context.order == 1:
        out["differential"] = text(d.total) if d.total is not None else None
    out["by"] = {key: _pair(part) if context.order == 2 else _part(d, part) for key, part in d.parts.items()}
    return cast("Answer", {**out, "verification": checked, "error": None})


def _shape(shape: Shape) -> list[str | int]:
    return [size.number if size.number is not None else str(size) for size in shape]


def _pair(part: Part) -> dict[str, Any]:
    """One block of the second derivative: rows ↔ the first variable, columns ↔ the second."""
    found = {order: _text(part, f"hessian {order}") for order in ORDERS}
    out: dict[str, Any] = {**found, **{k: _text(part, k) for k in ("differential", "pullback", "gradient")}}
    return {**out, **_vech(part), "missing": part.missing}


def _vech(part: Part) -> dict[str, Any]:
    """What exists by the free entries of a structured variable."""
    found = {name: _text(part, f"vech {name}") for name in FREE}
    return {"vech": {name: e for name, e in found.items() if e is not None}} if any(found.values()) else {}


def _text(part: Part, label: str) -> str | None:
    e = part.exprs.get(label)
    return text(e) if e is not None else None


def _part(d: Answered, part: Part) -> dict[str, Any]:
    context = d.context
    name = part.key.split(",")[-1]
    symbols = context.symbols[name]
    out: dict[str, Any] = {
        "differential": _text(part, "differential"),
        "pullback": _text(part, "pullback"),
        "gradient": _text(part, "gradient"),
    }
    if context.order == 1:
        entry = _text(part, "index")
        out["index"] = (
            {"value": list(part.value_indices), "wrt": list(part.wrt_indices), "entry": entry} if entry else None
        )
        out["tensor"] = _text(part, "tensor")
        found = {layout: {v: _text(part, f"jacobian {layout} {v}") for v in ORDERS} for layout in LAYOUTS}
        out["jacobian"] = found if found["numerator"]["column"] is not None else None
        out["derivative"] = _text(part, "derivative")
        meanings = readings_of(name, kind_of(context.variables[name]) or "")
        readings = {r: _text(part, f"structured {r}") for r in meanings if f"structured {r}" in part.exprs}
        if readings:
            out["structured"] = readings
            out["readings"] = {r: meanings[r] for r in readings}
        if is_complex(context.variables[name]) and not context.original.shape:
            out["complex"] = {name: _text(part, f"complex {name}") for name in PAIR}
            if part.readings:
                out["readings"] = dict(part.readings)
    else:
        shape = context.variables[name].shape
        column = _text(part, "hessian column")
        both = {order: _text(part, f"hessian {order}") for order in ORDERS}
        out["hessian"] = (both if len(shape) >= 2 else column) if column is not None else None
    out.update(_vech(part))
    out["symbols"] = {
        "increment": symbols.increment,
        "upstream": symbols.upstream,
        "direction": symbols.direction,
    }
    out["missing"] = dict(part.missing)
    return out


def _verification(d: Answered) -> Checked:
    v = d.verification
    out: Checked = {
        "passed": v.passed,
        "trials": v.trials,
        "forms_checked": v.forms_checked,
        "max_relative_error": v.max_relative_error,
        "sizes": dict(v.sizes),
    }
    if v.reason:
        out["reason"] = v.reason
    if v.points:
        out["points"] = v.points
    return out
