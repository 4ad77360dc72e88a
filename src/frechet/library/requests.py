"""What is to be compiled of a derivative: each form as outputs over definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as replaced
from typing import cast

from frechet.algebra.node import COMPLEX
from frechet.calculus.structure import kind_of
from frechet.compiler.request import Flat, Output, Request
from frechet.core.dim import Shape, entries, settle
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.library.answered import Answered
from frechet.library.numbers import full
from frechet.library.parts import Part, used_names, value_name
from frechet.library.reading import stated
from frechet.library.words import ATTACHED, SECOND, Computed, Form, Layout, VecOrder
from frechet.notation.ascii import text
from frechet.ops.expressions import apply, variable

TOLD = {
    "value": "The value of {f}.",
    "value_and_gradient": "The value of {f} and its gradient by {x}.",
    "gradient": "The gradient of {f} by {x}.",
    "pullback": "The pullback of {f}: the gradient by {x} of what has the gradient {G} by {f}.",
    "pushforward": "The pushforward of {f}: its derivative along {dX}.",
    "jacobian": "The Jacobian matrix of {f} by {x}, {layout} layout, {vec}s stacked.",
    "hessian": "The Hessian matrix of {f} by {x}, {vec}s stacked.",
    "hvp": "The Hessian of {f} by {x}, times {V}.",
    "function": "{f}, with its backward pass by {x}.",
    "function_jvp": "{f}, with its derivative by {x}.",
}


def request(d: Answered, form: Computed, layout: Layout = "numerator", vec: VecOrder = "column") -> Request:
    """The request for a form; a second derivative is asked of an answer of order 2, any other of one of order 1."""
    context = d.context
    if form in SECOND and context.order != 2:
        raise FrechetError("input", f"the {form} is of the second derivative")
    name = value_name(context, d.definitions)
    definitions: dict[str, Expr] = {}
    outputs: list[Output] = []
    lines: list[str] = []
    statements = stated(context.problem, context.original)
    if form in ("value", "value_and_gradient", *ATTACHED):
        *before, last = statements
        definitions |= {n: statements[n] for n in before}
        outputs.append(Output("value", statements[last], context.original.shape))
    told_value = [f"{n} = {text(e)}" if n else f"{name} = {text(e)}" for n, e in statements.items()]
    parts = list(d.parts.values())
    asked = _attached(form, not context.original.shape)
    if asked == "pushforward" and d.total is not None:
        outputs.append(Output("pushforward", d.total, context.original.shape))
        lines.append(f"d{name} = {text(d.total)}")
    elif form == "hvp" and len(parts) > 1:
        for row, made in _rows(d).items():
            outputs.append(made)
            if made.formula is not None:
                lines.append(f"hvp by {row} = {text(made.formula)}")
    elif form != "value":
        for part in parts:
            made = _output(d, part, asked, layout, vec)
            outputs.append(made)
            if made.formula is not None:
                by = f" by {part.key}" if form in ATTACHED and len(parts) > 1 else ""
                lines.append(f"{_label(asked, name, part.key)}{by} = {text(made.formula)}")
    outputs = [o if o.formula is None else replaced(o, formula=_with_complex(d, o.formula)) for o in outputs]
    formulas = [o.formula for o in outputs if o.formula is not None]
    formulas = [e for e in formulas if not _indexed(d, e)]
    formulas += [o.flat.differential for o in outputs if o.flat]
    formulas += [o.flat.upstream for o in outputs if o.flat and o.flat.upstream is not None]
    moved = {str(o.flat.increment.params[0]) for o in outputs if o.flat}
    used = used_names(formulas, {**definitions, **d.definitions})
    every = {n: _with_complex(d, e) for n, e in {**definitions, **d.definitions}.items()}
    kept = _ordered({n: e for n, e in every.items() if n in used})
    inputs = {n: e for n, e in _inputs(d, formulas, kept).items() if n not in moved}
    symbols = context.symbols[context.names[-1]]
    about = list(dict.fromkeys(p.key.split(",")[0] for p in parts))
    along = " and ".join(str(context.symbols[n].increment) for n in about) if len(about) > 1 else symbols.direction
    said = TOLD[form].format(
        f=name, x=", ".join(about), G=symbols.upstream, V=along, dX=symbols.increment, layout=layout, vec=vec,
    )  # fmt: skip
    told = [*told_value, *(f"{n} = {text(e)}" for n, e in kept.items() if n not in statements), *lines]
    made = Request(form, tuple(outputs), kept, inputs, said, tuple(dict.fromkeys(told)), context.sizes)
    if form in ATTACHED:
        increments = {part.key: str(context.symbols[part.key].increment) for part in parts}
        made = replaced(made, variables=increments, upstream=str(symbols.upstream))
    return made


def _attached(form: str, number: bool) -> str:
    """The form that stands beside the value: to be attached forward, of a number the gradient."""
    if form == "function_jvp":
        return "gradient" if number else "pushforward"
    return {"value_and_gradient": "gradient", "function": "pullback"}.get(form, form)


def _with_complex(d: Answered, e: Expr) -> Expr:
    """A formula with increments, directions, upstream gradients and named parts complex where the problem is."""
    assumed = {fact for v in d.context.variables.values() for fact in v.params[1]}
    if COMPLEX.isdisjoint(assumed):
        return e
    symbols = d.context.symbols.values()
    ours = {name for s in symbols for name in (s.increment, s.upstream, s.direction)} | set(d.definitions)
    leaves = [x for x in postorder(e) if x.op.name == "variable" and x.params[0] in ours]
    return replace(e, {x: variable(x.params[0], x.shape, ["complex"]) for x in leaves})


def _label(form: str, name: str, key: str) -> str:
    words = {"value_and_gradient": "gradient", "pushforward": f"d{name}"}
    word = words.get(form, form)
    return word


def _output(d: Answered, part: Part, form: str, layout: Layout, vec: VecOrder) -> Output:
    """One output: a form by one variable (or a pair)."""
    single = d.by[part.key]
    if form == "gradient" and "gradient" not in part.exprs:
        single.form("gradient")  # says why not
    labels = {
        "gradient": "gradient",
        "pullback": "pullback",
        "hvp": "pullback",
        "pushforward": "differential",
        "jacobian": f"jacobian {layout} {vec}",
        "hessian": f"hessian {vec}",
    }
    found = part.exprs.get(labels[form])
    if form == "hvp" and found is not None and _indexed(d, found):
        found = _along(d, part) or _by_matrix(d, part) or found
    flat = _flat(d, part, form, layout, vec, found)
    if found is None and flat is None:
        words: dict[str, Form] = {"hvp": "pullback", "pushforward": "differential"}
        single.form(words.get(form) or cast("Form", form), layout, vec)
    shape = found.shape if found is not None else _matrix_shape(flat) if flat is not None else ()
    return Output(form if len(d.parts) == 1 else f"{form} {part.key}", found, shape, flat)


def _rows(d: Answered) -> dict[str, Output]:
    """Of several variables the Hessian times a direction each, by variable: Σ of the blocks in its row."""
    sums: dict[str, Expr] = {}
    for part in d.parts.values():
        row, column = part.key.split(",")
        symbols, moved = d.context.symbols[column], d.context.variables[column]
        found = _output(d, part, "hvp", "numerator", "column").formula
        if found is None or _indexed(d, found):
            raise FrechetError("unsupported", f"the hvp by {part.key} has no code yet: compile it by one variable")
        hole = _leaf(found, symbols.direction)
        term = found if hole is None else replace(found, {hole: variable(symbols.increment, moved.shape)})
        sums[row] = apply("add", (sums[row], term)) if row in sums else term
    return {row: Output(f"hvp {row}", e, e.shape) for row, e in sums.items()}


def _indexed(d: Answered, e: Expr) -> bool:
    """Whether a formula has sums over an index in it, or in what its names mean, which no node is."""
    return any(x.op.normal is None for x in postorder(full(e, d.definitions)))


def _along(d: Answered, part: Part) -> Expr | None:
    """The second differential, along the direction."""
    name = part.key.split(",")[-1]
    symbols = d.context.symbols[name]
    e = part.exprs.get("differential")
    hole = _leaf(e, symbols.increment) if e is not None else None
    if e is None or hole is None or _indexed(d, e):
        return None
    return replace(e, {hole: variable(symbols.direction, hole.shape)})


def _by_matrix(d: Answered, part: Part) -> Expr | None:
    """The Hessian matrix times the stacked direction."""
    matrix, name = part.exprs.get("hessian column"), part.key.split(",")[-1]
    if matrix is None or _indexed(d, matrix):
        return None
    like = d.context.variables[name].shape
    stacked = apply("mul", (matrix, apply("vec", (variable(d.context.symbols[name].direction, like),))))
    rows = d.context.variables[part.key.split(",")[0]].shape
    return apply("reshape", (stacked,), rows) if len(rows) > 1 else stacked


def _matrix_shape(flat: Flat) -> Shape:
    sides = entries(flat.rows), entries(flat.increment.shape)
    return settle(sides[::-1] if flat.transposed else sides)


def _flat(d: Answered, part: Part, form: str, layout: Layout, vec: VecOrder, found: Expr | None) -> Flat | None:
    """The linear map behind a matrix, or behind a gradient that only a sum over an index writes.

    None where its increment has a structure, or the value is a number and the gradient its matrix.
    """
    adjoint = form in ("gradient", "pullback") and found is not None and _indexed(d, found)
    if not (adjoint or form in ("jacobian", "hessian")) or "differential" not in part.exprs:
        return None
    names, context = part.key.split(","), d.context
    variables = [context.variables[n] for n in names]
    if any(kind_of(v) is not None for v in variables) or (
        form == "jacobian" and not context.original.shape and found is not None and not _indexed(d, found)
    ):
        return None
    if not COMPLEX.isdisjoint(fact for v in context.variables.values() for fact in v.params[1]):
        return None
    symbols = context.symbols[names[-1]]
    differential = full(part.exprs["differential"], _moving(d, symbols.increment))
    hole = _leaf(differential, symbols.increment)
    if hole is None or _indexed(d, differential):
        return None
    rows = variables[0].shape if form == "hessian" else context.original.shape
    upstream = variable(symbols.upstream, rows) if form == "pullback" else None
    return Flat(differential, hole, rows, vec, form == "jacobian" and layout == "denominator", adjoint, upstream)


def _leaf(e: Expr, name: str) -> Expr | None:
    return next((x for x in postorder(e) if x.op.name == "variable" and x.params[0] == name), None)


def _moving(d: Answered, symbol: str) -> dict[str, Expr]:
    """The definitions that the increment is in."""
    moving: dict[str, Expr] = {}
    for name, e in d.definitions.items():
        if any(x.op.name == "variable" and (x.params[0] == symbol or x.params[0] in moving) for x in postorder(e)):
            moving[name] = e
    return moving


def _ordered(definitions: Mapping[str, Expr]) -> dict[str, Expr]:
    """The definitions, each after those that it is made of."""
    done: dict[str, Expr] = {}

    def add(name: str) -> None:
        if name in done:
            return
        for e in postorder(definitions[name]):
            if e.op.name == "variable" and e.params[0] != name and e.params[0] in definitions:
                add(e.params[0])
        done[name] = definitions[name]

    for name in definitions:
        add(name)
    return done


def _inputs(d: Answered, formulas: list[Expr], definitions: Mapping[str, Expr]) -> dict[str, Expr]:
    """The arrays that the formulas are made of, those of the problem first, in its order."""
    found = {
        str(e.params[0]): e for e in postorder(*formulas, *definitions.values()) if e.op.name == "variable"
    }  # fmt: skip
    known = {n: found.get(n, e) for n, e in d.context.variables.items() if n not in definitions}
    others = sorted(n for n in found if n not in known and n not in definitions)
    return {**known, **{n: found[n] for n in others}}
