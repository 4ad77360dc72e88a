"""`frechet code`: the code of a derivative for NumPy, JAX or PyTorch."""

from __future__ import annotations

from typing import Any

import click

import frechet
from frechet.apps import options
from frechet.apps.answering import reported
from frechet.apps.problem import ASSUME, EXPRESSION, LANGUAGE, SHAPE, emit, emit_line, fail, from_input

SETTINGS = {"ignore_unknown_options": True}
TARGETS = ("numpy", "jax", "torch")
"""The libraries that `--target` takes."""
FORMS = (
    "value", "value_and_gradient", "gradient", "pullback", "pushforward", "jacobian", "hessian", "hvp", "function",
    "function_jvp",
)  # fmt: skip
"""The forms that `--form` takes."""


@click.command(context_settings=SETTINGS)
@EXPRESSION
@click.option("--wrt", multiple=True, metavar="X", help="By X (repeat for several; none: every variable).")
@SHAPE
@ASSUME
@LANGUAGE
@click.option("--function", "functions", multiple=True, metavar="sigma", help="Some smooth function: it is passed.")
@click.option("--target", type=click.Choice(TARGETS), default="numpy", show_default=True, help="The library.")
@click.option(
    "--form", type=click.Choice(FORMS), help="What to compute; unasked the gradient, of an array the Jacobian."
)
@click.option("--layout", type=click.Choice(["numerator", "denominator"]), default="numerator", show_default=True)
@click.option("--vec", type=click.Choice(["column", "row"]), default="column", show_default=True)
@click.option("--with-check", is_flag=True, help="Add a test by differences, which runs when the file is run.")
@click.option("--no-verify", is_flag=True, help="Do not check the derivative at random points.")
@click.option("--json", "style", flag_value="json", help="As JSON.")
@reported
def code(
    expression: str,
    wrt: tuple[str, ...],
    shapes: dict[str, list[options.Size]],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    target: Any,
    form: Any,
    layout: frechet.Layout,
    vec: frechet.VecOrder,
    with_check: bool,
    no_verify: bool,
    style: str | None,
    language: frechet.Language,
) -> None:
    """The derivative of EXPR as a function of arrays: readable source that runs without frechet.

    frechet code "norm2(A*x-b)^2" --wrt x --shape b=m > gradient.py
    """
    try:
        found = frechet.derive(
            from_input(expression),
            wrt[0] if len(wrt) == 1 else list(wrt) or None,
            shapes=shapes,
            assumptions=assumptions,
            functions=functions,
            order=2 if form in ("hessian", "hvp") else 1,
            language=language,
            verify=not no_verify,
        )
        made = found.compile(target, form, layout, vec)
        source = found.code(target, form, layout, vec, with_check=True) if with_check else made.source
    except frechet.FrechetError as error:
        fail(error, expression, as_json=style == "json")
    if style == "json":
        return emit_line(
            {
                "expression": expression,
                "target": target,
                "form": made.form,
                "wrt": list(wrt),
                "arguments": list(made.arguments),
                "source": source,
            }
        )
    emit(source.rstrip("\n"))
