"""`frechet check` and `frechet equal`: is my formula right, and are these two the same?"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import click

import frechet
from frechet.apps import options
from frechet.apps.answering import reported
from frechet.apps.problem import AT, EXPRESSION, LANGUAGE, emit, emit_line, fail, from_input, read_with
from frechet.pages.grids import reading_lines
from frechet.pages.plain import listing, mapping
from frechet.pages.sentences import HELD, Known, sentence, typeset
from frechet.pages.style import Style, style_of
from frechet.pages.wording import Names, dimensions

SETTINGS = {"ignore_unknown_options": True}
WIDTH = 100
"""The width of the page; a terminal may have less."""
NOT_SO = 3
"""The exit status with --strict where the claim does not hold."""


def _declared(command: Any) -> Any:
    """--shape, --assume, --function, --strict and --json."""
    for option in (
        click.option("--strict", is_flag=True, help="End with status 3 where the verdict is not right (always equal)."),
        click.option("--json", "as_json", is_flag=True, help="The verdict as JSON."),
        click.option("--latex", "style", flag_value="latex", help="A paragraph and its formulas in LaTeX."),
        click.option("--markdown", "style", flag_value="markdown", help="The same in Markdown."),
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
@EXPRESSION
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
    style: str | None,
    order: frechet.Order,
    upstream: tuple[str, ...],
    language: frechet.Language,
    strict: bool,
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
        emit_line(found)
    elif style:
        from frechet.pages import verdict as verdictpage

        emit(verdictpage.verdict(found, style))
    else:
        emit(page(found, style_of(sys.stdout)))
    if strict and not verdict.holds:
        sys.exit(NOT_SO)


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
    style: str | None,
    language: frechet.Language,
    strict: bool,
) -> None:
    """Are two formulas the same: always, where both are defined, under assumptions, or not?"""
    try:
        verdict = frechet.equal(
            from_input(left), from_input(right), shapes=shapes, assumptions=assumptions, functions=functions,
            language=language,
        )  # fmt: skip
    except frechet.FrechetError as error:
        fail(error, left, as_json)
    found = verdict.to_dict()
    if as_json:
        emit_line(found)
    elif style:
        from frechet.pages import verdict as verdictpage

        sides = mapping(found["reading"])
        both = [
            str(mapping(sides.get(side)).get("formula") or given) for side, given in (("left", left), ("right", right))
        ]
        emit(verdictpage.equality(found, verdict.head, (both[0], both[1]), style))
    else:
        emit("\n".join(_equality(found, verdict.head, style_of(sys.stdout))))
    if strict and not verdict:
        sys.exit(NOT_SO)


def _equality(found: Mapping[str, Any], head: str, style: Style) -> list[str]:
    sides = _sides(mapping(found["reading"]), style)
    known = Known.of({}, str(found["left"]), str(found["right"]))
    lines = [*sides, style.bold(head), *_wrapped(sentence(str(found["meaning"]), known, style), style)]
    example = mapping(found["counterexample"])
    if example:
        both = ("no value" if example[side] is None else shown(example[side]) for side in ("left", "right"))
        lines += _numbers(f"With {values(example, style)}: {' and '.join(both)}.", style)
    return lines


def _sides(reading: Mapping[str, Any], style: Style) -> list[str]:
    """How the two sides were read, those that are no formulas."""
    formulas = [str(mapping(reading.get(side))["formula"]) for side in ("left", "right") if reading.get(side)]
    if not formulas:
        return []
    return reading_lines({"formula": "  and  ".join(formulas), "assumed": listing(reading.get("assumed"))}, style)


def page(verdict: Mapping[str, Any], style: Style | None = None) -> str:
    """The verdict as a person reads it: what was assumed, what it is, why, numbers to redo, what is right."""
    style = style or Style()
    correct = mapping(verdict.get("correct"))
    understood = mapping(correct.get("reading"))
    shapes = mapping(correct.get("shapes"))
    meaning, stated = str(verdict["meaning"]), str(verdict.get("reading") or verdict["claim"])
    known = Known.of(correct, str(verdict["expression"]), stated, meaning)
    head = Names(correct, style.unicode).statements() if correct else [str(verdict["expression"])]
    problem = "; ".join(typeset(line, known, style) for line in head)
    put = "".join(f", {n} = {typeset(str(f), known, style)}" for n, f in mapping(correct.get("at")).items())
    by = typeset(str(verdict["wrt"]), known, style) + (f" at {put[2:]}" if put else "")
    lines = [f"{problem}  by {by},  claim  {typeset(stated, known, style)}"]
    lines[:0] = reading_lines(understood, style)
    if shapes:
        names = Names(correct, style.unicode)
        told = [f"{names.plain(name)} {dimensions(listing(shape))}" for name, shape in shapes.items()]
        told += [f"{names.plain(name)} {' and '.join(map(str, words))}" for name, words in _facts(verdict)]
        lines += [style.dim(line) for line in _wrapped("with " + "    ".join(told), style)]
    also = _unsaid(verdict, meaning, shapes)
    if also:
        # Without its condition the claim is none of these, and the gradient that the sentence tells is another formula.
        condition = str(verdict.get("condition") or "")
        meaning += f" {f'If {condition}, it' if condition else 'It'} is {'; and '.join(also)}."
    lines += ["", *_wrapped(sentence(meaning, known, style), style)]
    example = mapping(verdict.get("counterexample"))
    if example:
        lines += _numbers(_example(example, style), style)
    mend = mapping(verdict.get("mend"))
    if mend and str(mend["formula"]) not in meaning:
        change = sentence(str(mend["change"]), known, style)
        lines += ["", f"mend  {typeset(str(mend['formula']), known, style)}    ({change})"]
    return "\n".join(lines)


def _facts(verdict: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    known = mapping(mapping(verdict.get("correct")).get("assumptions"))
    return [(name, listing(words)) for name, words in known.items() if listing(words)]


def _unsaid(verdict: Mapping[str, Any], meaning: str, shapes: Mapping[str, Any]) -> list[str]:
    """What the readings mean under which a claim holds, those that the sentence does not tell already.

    Of a vector the gradient stacked is the gradient, and the order of stacking nothing.
    """
    flat = len(listing(shapes.get(str(verdict["wrt"])))) < 2
    told: dict[str, None] = {}
    for convention in map(mapping, listing(verdict.get("conventions"))):
        name, said = str(convention["name"]), str(convention["meaning"])
        short = said.partition(":")[0].partition(",")[0]
        short = "the Hessian" if name.startswith("hessian") else short
        if short in meaning or name == "index" or (flat and name.startswith(("vec-", "rowmajor-"))):
            continue
        told[said.partition(":")[0]] = None
    return list(told)


def _wrapped(text: str, style: Style) -> list[str]:
    lines = textwrap.wrap(text, min(style.width or WIDTH, WIDTH), break_long_words=False, break_on_hyphens=False)
    return [line.replace(HELD, " ") for line in lines]


def _numbers(text: str, style: Style) -> list[str]:
    """A sentence with matrices in it: no line ends inside a row; on a terminal a minus is one."""
    held = re.sub(r"\[[^\[\]]*\]", lambda m: re.sub(r"(?<!;) ", HELD, m.group()), text)
    held = re.sub(r"\([^()]*\)|\w+ = ", lambda m: m.group().replace(" ", HELD), held)
    lines = _wrapped(held, style)
    return [re.sub(r"-(?=\d)", "−", line) for line in lines] if style.unicode else lines


def _example(example: Mapping[str, Any], style: Style) -> str:
    claimed = example.get("claimed")
    at = ", ".join(f"{index} = {k}" for index, k in mapping(example.get("entry")).items())
    if at:
        return f"With {values(example, style)} and {at}: claimed {shown(claimed)}, true {shown(example['true'])}."
    if claimed is None:
        return f"With {values(example, style)}: true {shown(example['true'])}; the claim has no value."
    return f"With {values(example, style)}: claimed {shown(claimed)}, true {shown(example['true'])}."


def values(example: Mapping[str, Any], style: Style) -> str:
    """The numbers of a counterexample: A = [0 1; 0 0], x = (1, 1)."""
    given = mapping(example.get("values"))
    return ", ".join(f"{typeset(name, Known(), style)} = {shown(value)}" for name, value in given.items())


def shown(value: Any) -> str:
    """An array as it is written by hand.

    >>> shown([[0, 1], [0, 0]]), shown([1, 1]), shown(2), shown([[[1, 2]], [[3, 4]]])
    ('[0 1; 0 0]', '(1, 1)', '2', '[[1 2], [3 4]]')
    """
    rows = listing(value)
    if not rows:
        return str(value)
    if all(isinstance(row, list) and not any(isinstance(x, list) for x in listing(row)) for row in rows):
        return "[" + "; ".join(" ".join(str(x) for x in listing(row)) for row in rows) + "]"
    opening, closing = "[]" if isinstance(rows[0], list) else "()"
    return opening + ", ".join(shown(x) for x in rows) + closing
