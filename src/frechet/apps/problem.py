"""The options that say what the problem is, shared by the commands that explain one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, final

import click

import frechet
from frechet.apps import options
from frechet.apps.guard import guarded
from frechet.apps.jsonline import jsonline
from frechet.pages.style import printable

Command = Callable[..., Any]


@final
@dataclass(frozen=True)
class Problem:
    """An expression with what is declared of it, in the library's words."""

    expression: str
    wrt: tuple[str, ...]
    shapes: dict[str, list[options.Size]]
    assumptions: dict[str, list[str]]
    functions: tuple[str, ...]
    order: frechet.Order = 1
    language: frechet.Language = "auto"

    def derivatives(self) -> list[frechet.Derivative]:
        """One answer a variable asked for (all of them when none is)."""
        text = from_input(self.expression)
        wrt: str | Sequence[str] | None = self.wrt[0] if len(self.wrt) == 1 else list(self.wrt) or None
        found = frechet.derive(
            text,
            wrt,
            shapes=self.shapes,
            assumptions=self.assumptions,
            functions=self.functions,
            order=self.order,
            language=self.language,
        )
        return list(found.by.values())


def from_input(expression: str) -> Any:
    """The formula, read from standard input where it is given as `-`; a Python file where it is a path to one."""
    if expression == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return frechet.source(expression) or expression


def read_with(read: Callable[[Any], Any]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that turns an option's texts into what the library wants, or into a usage error."""

    def call(context: click.Context, parameter: click.Parameter, texts: Any) -> Any:
        try:
            with guarded(f"--{parameter.name} {texts}", (ValueError, click.ClickException)):
                return read(texts)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
        except frechet.FrechetError as error:
            fail(error, str(texts), as_json=False)

    return call


def piped(context: click.Context, parameter: click.Parameter, given: Any) -> Any:
    """What was given; where it would come from standard input and that is a terminal, nothing was given."""
    if getattr(given, "name", "") == "<stdin>" and sys.stdin.isatty():
        raise click.MissingParameter(ctx=context, param=parameter)
    return given


def _expression(context: click.Context, parameter: click.Parameter, given: str | None) -> str:
    """EXPR; in a pipe it may be left out, and standard input is read."""
    if given is None and not sys.stdin.isatty():
        given = str(from_input("-")).strip() or None
    if given is None:
        raise click.MissingParameter(ctx=context, param=parameter)
    return given


EXPRESSION = click.argument("expression", metavar="EXPR", required=False, callback=_expression)
"""EXPR, of every command that differentiates one."""
SHAPE = click.option(
    "--shape",
    "shapes",
    multiple=True,
    metavar="A=m,n",
    callback=read_with(options.shapes),
    help="The shape of a name (c= for a scalar); otherwise inferred.",
)
"""`--shape A=m,n`, of every command that reads a problem."""
ASSUME = click.option(
    "--assume",
    "assumptions",
    multiple=True,
    metavar='"S symmetric"',
    callback=read_with(options.assumptions),
    help="What is known of a name.",
)
"""`--assume "S symmetric"`, likewise."""
AT = click.option(
    "--at",
    multiple=True,
    metavar='"W = n*S"',
    help="Differentiate first, then put this in for a name, and simplify (repeat for several names).",
)
"""`--at "W = n*S"`, of the commands that show a derivative."""


def at_point(derive: Callable[[bool], frechet.Derivative], at: Any, verify: bool) -> frechet.Derivative:
    """The derivative, at the point that `at` names where it names one: what is shown is what is checked."""
    if not at:
        return derive(verify)
    found = derive(False).at(at)
    if verify:
        found.check_or_refuse(8, 0)
    return found


LANGUAGE = click.option(
    "--from",
    "language",
    type=click.Choice(["auto", "frechet", "text", "latex", "python"]),
    default="auto",
    show_default=True,
    help="What EXPR is written in.",
)
"""`--from latex`, likewise."""


def problem_options(command: Command) -> Command:
    """EXPR, --wrt, --shape, --assume, --function, --json and --markdown."""
    for decorate in reversed(
        (
            EXPRESSION,
            click.option("--wrt", multiple=True, metavar="X", help="By X (repeat for several; none: every variable)."),
            SHAPE,
            ASSUME,
            LANGUAGE,
            click.option("--function", "functions", multiple=True, metavar="sigma", help="Some smooth function."),
            click.option("--json", "style", flag_value="json", help="As JSON."),
            click.option("--markdown", "style", flag_value="markdown", help="As Markdown."),
            click.option("--unicode", "style", flag_value="unicode", help="Formulas in Unicode, in a pipe too."),
        )
    ):
        command = decorate(command)
    return command


def emit(text: str) -> None:
    """Print in signs that the output can take."""
    click.echo(printable(text, sys.stdout.encoding), color=True)


def emit_line(value: Any) -> None:
    """Print a value as one line of JSON."""
    click.echo(jsonline(value, sys.stdout.encoding))


def emit_json(found: Sequence[dict[str, Any]]) -> None:
    """One object, or a list of them where there are several variables."""
    emit_line(found[0] if len(found) == 1 else list(found))


def told(error: frechet.FrechetError) -> dict[str, Any]:
    """An error as plain data: of a question the readings to choose from too."""
    found: dict[str, Any] = {"kind": error.kind, "message": error.message, "position": error.position}
    return {**found, "readings": list(error.readings)} if error.readings else found


def fail(error: frechet.FrechetError, expression: str, as_json: bool) -> NoReturn:
    """Say why there is no answer; exit status 1."""
    if as_json:
        emit_line({"expression": expression, "error": told(error)})
    else:
        click.echo(error.message, err=True)
    sys.exit(1)
