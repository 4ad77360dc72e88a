r"""`frechet batch --latex` and `--markdown`: a sheet of problems with their answers, and the derivations if asked for.

Each line of the batch becomes one numbered problem; what is wrong with a line stands in its place.  A LaTeX sheet is a
whole document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, Any, TextIO

import frechet
from frechet.apps import batch
from frechet.apps.guard import guarded
from frechet.apps.lines import Answer, derivative, judged, named, read, refusal
from frechet.pages import latex, markdown
from frechet.pages import verdict as verdictpage
from frechet.pages.plain import mapping
from frechet.pages.styled import styled
from frechet.pages.told import told

ASIDE = ("unsupported", "input")
"""Kinds of errors that a derivation may have where the answer has none: it is left out, with the reason."""


def run(
    source: IO[bytes], out: TextIO, style: str, *, solutions: bool = False, verify: bool = True, jobs: int | None = None
) -> int:
    """Write the sheet; 1 if a line had an error, else 0."""
    around = (latex.PACKAGES + "\\begin{document}\n", "\\end{document}\n") if style == "latex" else ("", "")
    solve = partial(problem, style=style, solutions=solutions)
    return batch.run(source, out, verify=verify, jobs=jobs, solve=solve, write=partial(written, style), around=around)


def problem(line: bytes, number: int, verify: bool, style: str, solutions: bool) -> Answer:
    """One problem of the sheet as text under "page"; an error as in a batch."""
    given: Any = None
    try:
        with guarded(line.decode("utf-8", "replace")):
            given = read(line)
            return {**_named(given, number), "page": page(given, verify, style, solutions)}
    except frechet.FrechetError as error:
        known = given if given is not None else named(line)
        return {**refusal(known, number, error.kind, error.message, error.position, error.readings), "line": number}


def _named(given: Answer, number: int) -> Answer:
    return {"line": number, **({"id": given["id"]} if "id" in given else {})}


def page(given: Answer, verify: bool, style: str, solutions: bool) -> str:
    """Statement and answer, the derivation after them."""
    if given.get("claim") is not None:
        body = verdictpage.verdict(judged(given), style)
        return "\n".join(line for line in body.splitlines() if not line.startswith(("% ", "## ")))
    found = derivative(given, verify)
    said = told(styled(found, "latex"), found.to_dict(), [], None, None)
    parts = ["\n".join(latex.body(said))] if style == "latex" else markdown.body(said)
    for made in derivations(found) if solutions else []:
        parts.append(_solution(made, style))
    return "\n\n".join(parts)


def derivations(found: frechet.Derivative) -> list[Callable[[str], str]]:
    """The derivation by each variable, to be set in a style; where there is none, the reason."""
    out: list[Callable[[str], str]] = []
    for one in found.by.values():
        try:
            out.append(partial(_set, one.explain()))
        except frechet.FrechetError as error:
            if error.kind not in ASIDE:
                raise
            out.append(partial(frechet.typeset, f"No derivation: {error.message}."))
    return out


def _set(made: Any, style: str) -> str:
    return made.latex() if style == "latex" else made.markdown()


def _solution(made: Callable[[str], str], style: str) -> str:
    return f"\\paragraph{{Derivation.}}\n{made(style)}" if style == "latex" else f"**Derivation**\n\n{made(style)}"


def written(style: str, answer: Answer, out: TextIO) -> tuple[str, bool]:
    """A problem under its number, and whether it is an error; what cannot be encoded is written without its signs."""
    error = mapping(answer.get("error"))
    number, label = answer.get("line"), str(answer.get("id", ""))
    body = str(answer.get("page", "")) if not error else refused(answer, error, style)
    name = f" ({plain(label, style)})" if label else ""
    if style == "latex":
        text = f"\\subsection*{{Problem {number}{name}}}\n{body}\n"
    else:
        text = f"## Problem {number}{name}\n\n{body}\n"
    encoding = out.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding), bool(error)


def plain(words: str, style: str) -> str:
    """Words as they stand, nothing in them a command."""
    if style == "latex":
        return frechet.typeset(words, "verbatim")
    return f"`{words}`" if "`" not in words else words


def refused(answer: Answer, error: Mapping[str, Any], style: str) -> str:
    """The note in place of an answer: the expression as it was typed, and what is wrong with it."""
    message = " ".join(str(error.get("message")).splitlines()[:1])
    typed = str(answer.get("expression") or "")
    shown = plain(typed, style) if typed else ""
    if style == "latex":
        inside = rf"\texttt{{{shown}}}: " if shown else ""
        return rf"\textbf{{Not answered.}} {inside}{plain(message, style)}"
    return f"**Not answered.** {f'{shown}: ' if shown else ''}{frechet.typeset(message, 'markdown')}"
