"""`frechet explain` and `frechet conventions`: why the derivative is so, and what each convention makes of it."""

from __future__ import annotations

import sys
from typing import Any

import click

import frechet
from frechet.apps.answering import reported
from frechet.apps.problem import Problem, emit, emit_json, fail, problem_options
from frechet.pages.style import style_of

SETTINGS = {"ignore_unknown_options": True}
FORMS = ("gradient", "derivative", "pullback", "jacobian", "differential", "index", "hessian")
"""The forms that `--form` takes."""


@click.command(context_settings=SETTINGS)
@problem_options
@click.option("--form", type=click.Choice(FORMS), help="The form to arrive at.")
@click.option("--layout", type=click.Choice(["numerator", "denominator"]), default="numerator", show_default=True)
@click.option("--vec", type=click.Choice(["column", "row"]), default="column", show_default=True)
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2: on to the Hessian.")
@click.option("--brief", is_flag=True, help="One line a step, without the reasons.")
@click.option("--remainder", is_flag=True, help="Show how the remainder goes to zero.")
@click.option("--latex", "style", flag_value="latex", help="As a LaTeX article.")
@click.option("--html", "style", flag_value="html", help="As an HTML fragment.")
@reported
def explain(
    expression: str,
    wrt: tuple[str, ...],
    shapes: dict[str, Any],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    form: frechet.Explained | None,
    layout: frechet.Layout,
    vec: frechet.VecOrder,
    order: frechet.Order,
    brief: bool,
    remainder: bool,
    style: str | None,
    language: frechet.Language,
) -> None:
    """The derivation of the derivative of EXPR, step by step; every line is checked before it is shown."""
    try:
        found = Problem(expression, wrt, shapes, assumptions, functions, order, language).derivatives()
        made = [d.explain(layout=layout, vec=vec, form=form) for d in found]
        tables = [d.remainder() for d in found] if remainder else []
    except frechet.FrechetError as error:
        fail(error, expression, as_json=style == "json")
    if style == "json":
        parts = [m.to_dict() for m in made]
        for part, table in zip(parts, tables, strict=False):
            part["remainder"] = table.to_dict()
        return emit_json(parts)
    if style == "latex":
        pages = [m.latex() for m in made]
        tables_shown = [t.latex() for t in tables]
        whole, page = made[0].latex(document=True), "\n\n".join(_with_tables(pages, tables_shown))
        return emit(whole.replace(pages[0], page))
    if style == "markdown":
        pages = [m.markdown() for m in made]
        tables_shown = [f"```\n{t.text()}\n```" for t in tables]
    elif style == "html":
        pages, tables_shown = [m.html() for m in made], [f"<pre>{t.text()}</pre>" for t in tables]
    else:
        page = style_of(sys.stdout, True if style == "unicode" else None)
        pages = [m.text(width=page.width, unicode=page.unicode, why=not brief) for m in made]
        tables_shown = [t.text() for t in tables]
    emit("\n\n".join(_with_tables(pages, tables_shown)))


def _with_tables(pages: list[str], tables: list[str]) -> list[str]:
    """Each derivation followed by its table, if there are any."""
    return [part for k, shown in enumerate(pages) for part in (shown, *tables[k : k + 1])]


@click.command(context_settings=SETTINGS)
@problem_options
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2: the Hessian's ledger.")
@click.option("--latex", "style", flag_value="latex", help="As LaTeX.")
@click.option("--through", metavar="out,yhat", help="The quantities that the chain rule goes through.")
@reported
def conventions(
    expression: str,
    wrt: tuple[str, ...],
    shapes: dict[str, Any],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    order: frechet.Order,
    through: str | None,
    style: str | None,
    language: frechet.Language,
) -> None:
    """The ledger: every form of the derivative of EXPR with its shape, and the chain rule in each order."""
    names = None if through is None else [name.strip() for name in through.split(",") if name.strip()]
    try:
        found = Problem(expression, wrt, shapes, assumptions, functions, order, language).derivatives()
        made = [d.conventions(names) for d in found]
    except frechet.FrechetError as error:
        fail(error, expression, as_json=style == "json")
    if style == "json":
        return emit_json([m.to_dict() for m in made])
    if style == "markdown":
        return emit("\n\n".join(m.markdown() for m in made))
    if style == "latex":
        return emit("\n\n".join(m.latex() for m in made))
    page = style_of(sys.stdout, True if style == "unicode" else None)
    emit("\n\n".join(m.text(width=page.width, unicode=page.unicode) for m in made))
