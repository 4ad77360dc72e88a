"""From what was asked on the command line to a page or JSON: the library is called here."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import frechet
from frechet.apps import options
from frechet.apps.problem import at_point
from frechet.pages.styled import shown, styled


@final
@dataclass(frozen=True)
class Asked:
    """A problem and what is wanted of it, in the library's words."""

    expression: Any
    wrt: list[str]
    shapes: dict[str, list[options.Size]]
    assumptions: dict[str, list[str]]
    functions: list[str]
    order: frechet.Order
    verify: bool
    values: dict[str, Any]
    entries: dict[str, list[options.Size]]
    layout: frechet.Layout | None
    vec: frechet.VecOrder | None
    language: frechet.Language = "auto"
    at: tuple[str, ...] = ()


def derived(asked: Asked) -> frechet.Derivative:
    """The library's answer.

    Shapes come from `--shape`, else from the formula; where a given value does not fit what was inferred (a row
    for a name that would be a column), its own shape is taken, and so are the sizes of `--entries` where they are of
    an array of another order.
    """
    found = _derive(asked)
    if not asked.values and not asked.entries:
        return found
    from frechet.apps import values as numbers

    answer: dict[str, Any] = {**found.to_dict()}
    shapes, asked = answer["shapes"], named_so(asked, answer)
    orders = {
        name: sizes
        for name, sizes in asked.entries.items()
        if name in shapes and name not in asked.shapes and len(sizes) != len(shapes[name]) and len(sizes) > 2
    }
    misfits = {
        name: list(numbers.shape_of(value))
        for name, value in asked.values.items()
        if name in shapes and name not in asked.shapes and not numbers.agrees(shapes[name], value)
    }
    misfits = {**orders, **misfits}
    return _derive(replace(asked, shapes={**asked.shapes, **misfits})) if misfits else found


def _derive(asked: Asked) -> frechet.Derivative:
    wrt = asked.wrt[0] if len(asked.wrt) == 1 else asked.wrt or None

    def derive(verify: bool) -> frechet.Derivative:
        return frechet.derive(
            asked.expression,
            wrt=wrt,
            shapes=asked.shapes,
            assumptions=asked.assumptions,
            functions=asked.functions,
            order=asked.order,
            verify=verify,
            language=asked.language,
        )

    return at_point(derive, asked.at, asked.verify)


def named_so(asked: Asked, answer: Mapping[str, Any]) -> Asked:
    """What was asked, the names of `--value` and `--entries` spelled as the answer has them: W_1 of LaTeX is W1."""
    symbols: dict[str, str] = answer.get("symbols") or {}
    known = [*answer["shapes"], *symbols.values()]
    return replace(
        asked,
        values={frechet.spelled(name, known): value for name, value in asked.values.items()},
        entries={frechet.spelled(name, known): sizes for name, sizes in asked.entries.items()},
    )


def as_json(asked: Asked) -> dict[str, Any]:
    """The answer for `--json`, with entries, blocks and values when they were asked for."""
    found = derived(asked)
    answer = complete(found, asked, "ascii")
    numbers = evaluated(found, answer, asked)
    if numbers:
        from frechet.pages.arrays import as_lists

        answer["values"] = {name: as_lists(value) for name, value in numbers.items()}
    return answer


def as_page(asked: Asked, forms: Sequence[str], how: str | None) -> str:
    """The card, or the statements in LaTeX or Markdown."""
    from frechet.pages import card, latex, markdown
    from frechet.pages import style as page

    found = derived(asked)
    if how in ("latex", "markdown"):
        from frechet.pages.told import told

        said = told(complete(found, asked, "latex"), found.to_dict(), forms, asked.layout, asked.vec)
        return latex.page(said) if how == "latex" else markdown.page(said)
    style = page.style_of(sys.stdout, True if how == "unicode" else None)
    alphabet = "unicode" if style.unicode else "ascii"
    answer = complete(found, asked, alphabet)
    if not forms or "gradient" in forms:
        answer["shorter"] = shorter(found, alphabet)
    values = evaluated(found, answer, asked)
    return card.card(answer, style, forms=forms, layout=asked.layout, vec=asked.vec, values=values)


def shorter(found: frechet.Derivative, alphabet: str) -> list[dict[str, Any]]:
    """The shorter gradients that one declaration would give."""
    return [{"if": s.condition, "gradient": shown(s.gradient, alphabet)} for s in found.shorter()]


def complete(found: frechet.Derivative, asked: Asked, style: str) -> dict[str, Any]:
    """The answer in a style, with entries and blocks when they were asked for."""
    answer = styled(found, style)
    if not asked.entries:
        return answer
    asked = named_so(asked, answer)
    try:
        sizes = options.solve_sizes(asked.entries, answer["shapes"])
    except ValueError as error:
        raise frechet.FrechetError("input", f"--entries: {error}") from None
    missing = options.missing_sizes(sizes, answer["shapes"])
    if missing:
        raise frechet.FrechetError("input", missing)
    for one, part in each(found, answer):
        layout, vec = asked.layout or "numerator", asked.vec or "column"
        alphabet = "latex" if style == "latex" else "ascii"
        part["entries"] = one.entries(layout, vec, alphabet, **sizes)
        part["blocks"] = one.blocks(**sizes)
    return answer


def each(found: frechet.Derivative, answer: dict[str, Any]) -> list[tuple[frechet.Derivative, dict[str, Any]]]:
    """The derivative by each variable with its part of the answer."""
    by: dict[str, dict[str, Any]] | None = answer.get("by")
    if not by:
        return [(found, answer)]
    return [(found.by[name], part) for name, part in by.items() if "," not in name]


def with_sizes(values: dict[str, Any], shapes: dict[str, list[options.Size]]) -> dict[str, Any]:
    """The values with the sizes that follow from all of them (a formula may hold a size and not the name it is of).

    >>> with_sizes({"x": [1.0, 2.0]}, {"x": ["n"]})["n"]
    2
    """
    from frechet.apps.values import settled_shape

    known = {name: list(settled_shape(value)) for name, value in values.items() if name in shapes}
    try:
        return {**values, **options.solve_sizes(known, shapes)}
    except ValueError as error:
        raise frechet.FrechetError("input", f"--value: {error}") from None


def _sizes(shapes: dict[str, list[options.Size]]) -> set[str]:
    """The names of sizes in shapes."""
    return {word for shape in shapes.values() for size in shape for word in re.findall(r"[^\W\d]\w*", str(size))}


def evaluated(found: frechet.Derivative, answer: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The arrays of the value and of every form that can be evaluated with the given values."""
    if not asked.values:
        return {}
    asked = named_so(asked, answer)
    symbols: dict[str, str] = answer.get("symbols") or {}
    known = {*answer["shapes"], *symbols.values(), *_sizes(answer["shapes"])}
    for name in asked.values:
        if name not in known:
            there = ", ".join(answer["shapes"])
            raise frechet.FrechetError("input", f"--value: {name} does not occur in the expression; there are: {there}")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RuntimeWarning)
        numbers = _numbers(found, answer, asked, symbols)
    conditions: list[str] = answer.get("conditions") or []
    for told in dict.fromkeys(str(w.message) for w in said):
        if not any(condition in told for condition in conditions):
            print(f"note: {told}", file=sys.stderr)
    return numbers


def _numbers(
    found: frechet.Derivative, answer: dict[str, Any], asked: Asked, symbols: dict[str, str]
) -> dict[str, Any]:
    """The arrays of `evaluated`."""
    given = with_sizes(asked.values, answer["shapes"])
    value = found.value
    out: dict[str, Any] = {"value": value.evaluate(given)}
    if answer.get("by"):
        return out
    for form in ("gradient", "derivative", "tensor"):
        if answer.get(form):
            out[form] = found.evaluate(given, form=form)
    linear: dict[frechet.Form, str | None] = {
        "differential": symbols.get("increment"),
        "pullback": symbols.get("upstream"),
    }
    for form, symbol in linear.items():
        if answer.get(form) and symbol in asked.values:
            out[form] = found.evaluate(given, form=form)
    for form in ("jacobian", "hessian"):
        out.update(_by_convention(form, answer.get(form), found, asked, given))
    return out


def _by_convention(
    form: str, formulas: Any, found: frechet.Derivative, asked: Asked, given: dict[str, Any]
) -> dict[str, Any]:
    """The arrays of a form that comes in several conventions."""
    if not formulas:
        return {}
    evaluate: Callable[..., Any] = found.evaluate
    if form == "hessian":
        if isinstance(formulas, str):
            return {form: evaluate(given, form=form)}
        vecs = [asked.vec] if asked.vec else ["column", "row"]
        return {f"{form}.{vec}": evaluate(given, form=form, vec=vec) for vec in vecs}
    out: dict[str, Any] = {}
    for layout in [asked.layout] if asked.layout else ["numerator", "denominator"]:
        for vec in [asked.vec] if asked.vec else ["column", "row"]:
            out[f"{form}.{layout}.{vec}"] = evaluate(given, form=form, layout=layout, vec=vec)
    return out
