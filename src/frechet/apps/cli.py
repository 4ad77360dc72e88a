"""The command line: `frechet derive`, `explain`, `conventions`, `check`, `equal`, `code` and `batch`.

Thin: options are read, the library is asked, a page or JSON is printed.  Heavy parts are imported by the command that
needs them, so that the program starts quickly.  Completion for bash, zsh and fish comes from click:
`eval "$(_FRECHET_COMPLETE=bash_source frechet)"`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

import frechet
from frechet.apps import options
from frechet.apps.answering import reported
from frechet.apps.claims import check, equal
from frechet.apps.code import code
from frechet.apps.explain import conventions, explain
from frechet.apps.problem import (
    ASSUME,
    AT,
    EXPRESSION,
    LANGUAGE,
    SHAPE,
    emit,
    emit_line,
    fail,
    from_input,
    piped,
    read_with,
)

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # Matrices here are small: threads of a linear algebra library only wait for each other.  Read when NumPy is loaded.
    os.environ.setdefault(_threads, "1")

HELP = """frechet: matrix calculus that shows its work and proves it

Three examples to copy:

  frechet derive "C = A*B" --wrt B
  frechet derive "norm2(X*w-y)^2" --wrt w --order 2
  frechet derive "a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)" --function sigma --wrt W --shape h=1,3 --shape W=3,2

Many problems, one a line in JSON:  frechet batch problems.jsonl
Why it is so, step by step:         frechet explain "logdet(X'*X)" --wrt X
Sizes, orders, the chain rule:      frechet conventions "C = A*B" --wrt B
Is my formula right?                frechet check "x'*A*x" --wrt x --claim "2*A*x"
As code that runs:                  frechet code "norm2(X*w-y)^2" --wrt w --target numpy
All options:                        frechet derive --help
Completion (bash; zsh and fish likewise):  eval "$(_FRECHET_COMPLETE=bash_source frechet)"
"""

FORM_NAMES = (
    *("all", "complex", "gradient", "derivative", "hessian", "differential", "pullback", "index", "tensor"),
    *("jacobian", "vech", "structured"),
)
"""The forms that `--form` takes."""

SETTINGS = {"help_option_names": ["--help"], "max_content_width": 100}


EPILOG = (
    "\b\n"
    + HELP.partition("\n\n")[2].partition("\n\n")[0]
    + "\n\n\b\n"
    + "\n".join(
        line.strip() for line in HELP.partition("Three examples to copy:\n\n")[2].partition("\n\n")[0].splitlines()
    )
)
"""The same examples, below the list of the commands."""


@click.group(invoke_without_command=True, context_settings=SETTINGS, epilog=EPILOG)
@click.version_option(frechet.__version__, prog_name="frechet")
@click.pass_context
def main(context: click.Context) -> None:
    """Matrix calculus that shows its work and proves it: derivatives of matrix expressions in every convention."""
    if context.invoked_subcommand is None:
        click.echo(HELP, nl=False)


def read_values(texts: tuple[str, ...]) -> dict[str, Any]:
    """The arrays of `--value` (read with the module that is loaded only when there are some)."""
    if not texts:
        return {}
    from frechet.apps import values as numbers

    return numbers.read_values(texts)


@main.command(context_settings={"ignore_unknown_options": True})
@EXPRESSION
@click.option(
    "--wrt", multiple=True, metavar="X", help="Differentiate by X (repeat for several; none: every variable)."
)
@SHAPE
@ASSUME
@LANGUAGE
@click.option("--function", "functions", multiple=True, metavar="sigma", help="Some smooth elementwise function.")
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2: the second derivative.")
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar='"A=[[1,2],[3,4]]"',
    callback=read_with(read_values),
    help="Numbers for a name: the forms are evaluated beside their formulas.",
)
@click.option("--no-verify", is_flag=True, help="Do not check the answer at random points.")
@AT
@click.option("--layout", type=click.Choice(["numerator", "denominator"]), help="Only this layout of the Jacobian.")
@click.option("--vec", type=click.Choice(["column", "row"]), help="Only this stacking of matrices into vectors.")
@click.option(
    "--entries",
    multiple=True,
    metavar="A=1,3",
    callback=read_with(options.shapes),
    help="Write the Jacobian and its blocks out at this size.",
)
@click.option("--form", "forms", multiple=True, type=click.Choice(FORM_NAMES), help="Only this form (or all of them).")
@click.option("--json", "style", flag_value="json", help="The answer as JSON.")
@click.option("--latex", "style", flag_value="latex", help="Whole statements in LaTeX, for a paper or a slide.")
@click.option("--markdown", "style", flag_value="markdown", help="The same in Markdown, its formulas between $ signs.")
@click.option("--unicode", "style", flag_value="unicode", help="Formulas in Unicode, in a pipe too.")
@reported
def derive(
    expression: str,
    wrt: tuple[str, ...],
    shapes: dict[str, list[options.Size]],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    order: frechet.Order,
    values: dict[str, Any],
    no_verify: bool,
    layout: frechet.Layout | None,
    vec: frechet.VecOrder | None,
    entries: dict[str, list[options.Size]],
    forms: tuple[str, ...],
    style: str | None,
    language: frechet.Language,
    at: tuple[str, ...],
) -> None:
    """The derivative of EXPR in every convention, verified.

    EXPR is a formula, or several statements parted by `;` (then the last is differentiated); in a pipe, or as `-`, it
    is read from standard input.  Into a pipe the formulas are plain text that can be read again; on a terminal they
    are set in Unicode.
    """
    from frechet.apps import answer

    try:
        asked = answer.Asked(
            expression=from_input(expression),
            wrt=list(wrt),
            shapes=shapes,
            assumptions=assumptions,
            functions=list(functions),
            order=order,
            verify=not no_verify,
            values=values,
            entries=entries,
            layout=layout,
            vec=vec,
            language=language,
            at=at,
        )
        if style == "json":
            emit_line(answer.as_json(asked))
        else:
            emit(answer.as_page(asked, forms, style))
    except frechet.FrechetError as error:
        fail(error, expression, as_json=style == "json")


@main.command()
@click.argument("file", metavar="[FILE.jsonl|-]", type=click.File("rb"), default="-", callback=piped)
@click.option("--no-verify", is_flag=True, help="Do not check the answers at random points.")
@click.option("--jobs", type=click.IntRange(1), help="How many processes at most; as many as cores unless said.")
@click.option("--latex", "style", flag_value="latex", help="A sheet of the problems and answers: a LaTeX document.")
@click.option("--markdown", "style", flag_value="markdown", help="The same in Markdown.")
@click.option("--solutions", is_flag=True, help="With --latex or --markdown: the derivations too.")
@reported
def batch(file: Any, no_verify: bool, jobs: int | None, style: str | None, solutions: bool) -> None:
    """Problems in, answers out: one JSON object a line, in the same order, each printed as soon as it is known.

    Without a file the lines come from standard input: frechet batch < problems.jsonl.

    A line has "expression" and may have "id", "wrt", "shapes", "assumptions", "functions", "order".  A bad line gives
    a line with an "error", the rest go on; the exit status is then 1.  In a sheet it becomes a note in its place.
    """
    if solutions and style is None:
        raise click.UsageError("--solutions belongs to a sheet: add --latex or --markdown")
    if style is not None:
        from frechet.apps import sheet

        sys.exit(sheet.run(file, sys.stdout, style, solutions=solutions, verify=not no_verify, jobs=jobs))
    from frechet.apps.batch import run

    sys.exit(run(file, sys.stdout, verify=not no_verify, jobs=jobs))


main.add_command(explain)
main.add_command(conventions)
main.add_command(check)
main.add_command(equal)
main.add_command(code)


if __name__ == "__main__":
    main()
