"""`frechet check` and `frechet equal`: is my formula right, and are these two the same?"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import click

import frechet
from frechet.apps import options
from frechet.apps.answering import reported
from frechet.apps.plain import listing, mapping
from frechet.apps.problem import AT, LANGUAGE, emit, emit_line, fail, from_input, read_with

SETTINGS = {"ignore_unknown_options": True}
WIDTH = 100
"""The width of the page."""


def _declared(command: Any) -> Any:
    """--shape, --assume, --function and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The verdict as JSON."),
        LANGUAGE,
        click.option("--function", "functions", multiple=True, metavar="sigma", help="Some smooth function."),
        click.option("--assume", "assumptions", multiple=True, metavar='"S symmetric"',
                     callback=read_with(options.assumptions), help="What is known of a name."),
        click.option("--shape", "shapes", multiple=True, metavar="A=m,n", callback=read_with(options.shapes),
                     help="The shape of a name (c= for a scalar); otherwise inferred."),
    ):  # fmt: skip
        command = option(command)
    return command


def upstream_names(texts: Sequence[str]) -> dict[str, str]:
    """Names of upstream gradients as `--upstream` takes them: dout=out, or dout alone for the value's.

    >>> upstream_names(["dout=out", "g"])
    {'dout': 'out', 'g': ''}
    """
    pairs = [text.partition("=") for text in texts]
    return {name.strip(): of.strip() for name, _, of in pairs}


@click.command(context_settings=SETTINGS)
@click.argument("expression", metavar="EXPR")
@click.option("--wrt", metavar="X", help="The variable the claim differentiates by.")
@click.option("--claim", required=True, metavar="FORMULA", help="The formula that is to be judged.")
@_declared
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="2: the second derivative.")
@AT
@click.option("--upstream", multiple=True, metavar="dout=out", help="A name the claim has for an upstream gradient.")
@reported
def check(
    expression: str,
    wrt: str | None,
    claim: str,
    shapes: dict[str, list[options.Size]],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    as_json: bool,
    order: int,
    upstream: tuple[str, ...],
    language: str,
    at: tuple[str, ...],
) -> None:
    """Is FORMULA the derivative of EXPR by X?

    Right, right under a convention or a condition (which one), shorthand, or wrong: then with the nearest right formula
    and a counterexample in small numbers.  The claim may be in any form: a gradient, a Jacobian in either layout, a
    Kronecker product, one entry A[i,k]*delta(j,l), an einsum, with G for the upstream gradient or dX for the increment.
    """
    try:
        verdict = frechet.check(
            from_input(expression), wrt, claim, shapes=shapes, assumptions=assumptions, functions=functions,
            order=order, upstream=upstream_names(upstream), language=language, at=at,
        )  # fmt: skip
    except frechet.FrechetError as error:
        fail(error, expression, as_json)
    found = verdict.to_dict()
    if as_json:
        return emit_line(found)
    emit(page(found))


@click.command(context_settings=SETTINGS)
@click.argument("left", metavar="FORMULA")
@click.argument("right", metavar="FORMULA")
@_declared
@reported
def equal(
    left: str,
    right: str,
    shapes: dict[str, list[options.Size]],
    assumptions: dict[str, list[str]],
    functions: tuple[str, ...],
    as_json: bool,
    language: str,
) -> None:
    """Are two formulas the same: always, where both are defined, under assumptions, or not?"""
    try:
        found = frechet.equal(left, right, shapes=shapes, assumptions=assumptions, functions=functions,
                              language=language).to_dict()  # fmt: skip
    except frechet.FrechetError as error:
        fail(error, left, as_json)
    if as_json:
        return emit_line(found)
    lines = [f"{found['verdict']}", *_wrapped(str(found["meaning"]))]
    example = mapping(found["counterexample"])
    if example:
        both = ("no value" if example[side] is None else shown(example[side]) for side in ("left", "right"))
        lines += _wrapped(f"With {values(example)}: {' and '.join(both)}.")
    emit("\n".join(lines))


def page(verdict: Mapping[str, Any]) -> str:
    """The verdict as a person reads it: what it is, why, numbers to redo, what is right."""
    understood = mapping(mapping(verdict.get("correct")).get("reading"))
    expression = str(understood.get("formula") or verdict["expression"])
    put = "".join(f", {n} = {f}" for n, f in mapping(mapping(verdict.get("correct")).get("at")).items())
    point = f" at {put[2:]}" if put else ""
    lines = [f"{expression}  by {verdict['wrt']}{point},  claim  {verdict.get('reading') or verdict['claim']}", ""]
    assumed = "; ".join(map(str, listing(understood.get("assumed"))))
    if understood:
        lines[:0] = _wrapped(f"read as  {expression}" + (f"    {assumed}" if assumed else ""))
    lines += _wrapped(str(verdict["meaning"]))
    example = mapping(verdict.get("counterexample"))
    if example:
        lines += _wrapped(_example(example))
    rows: list[tuple[str, str]] = []
    names = [str(mapping(c)["name"]) for c in listing(verdict.get("conventions"))]
    if names:
        rows.append(("holds as", ", ".join(names)))
    mend = mapping(verdict.get("mend"))
    if mend and str(mend["formula"]) not in str(verdict["meaning"]):
        rows.append(("mend", f"{mend['formula']}    ({mend['change']})"))
    if verdict.get("searched"):
        rows.append(("", f"({verdict['searched']})"))
    if rows:
        wide = max(len(name) for name, _ in rows)
        lines += ["", *(f"{name:{wide}}  {text}" for name, text in rows)]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _example(example: Mapping[str, Any]) -> str:
    claimed = example.get("claimed")
    at = ", ".join(f"{index} = {k}" for index, k in mapping(example.get("entry")).items())
    if at:
        return f"With {values(example)} and {at}: claimed {shown(claimed)}, true {shown(example['true'])}."
    if claimed is None:
        return f"With {values(example)}: true {shown(example['true'])}; the claim has no value."
    return f"With {values(example)}: claimed {shown(claimed)}, true {shown(example['true'])}."


def values(example: Mapping[str, Any]) -> str:
    """The numbers of a counterexample: A = [0 1; 0 0], x = (1, 1)."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in mapping(example.get("values")).items())


def shown(value: Any) -> str:
    """An array as it is written by hand.

    >>> shown([[0, 1], [0, 0]]), shown([1, 1]), shown(2)
    ('[0 1; 0 0]', '(1, 1)', '2')
    """
    rows = listing(value)
    if not rows:
        return str(value)
    if all(isinstance(row, list) and not any(isinstance(x, list) for x in listing(row)) for row in rows):
        return "[" + "; ".join(" ".join(str(x) for x in listing(row)) for row in rows) + "]"
    return "(" + ", ".join(shown(x) for x in rows) + ")"
