"""docs/cookbook.md: each identity of the Matrix Cookbook's sections on derivatives beside frechet's own answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import frechet as fr
from cookbook import IDENTITIES, TABLE, Identity
from cookbook.identity import of_form
from pages.markdown import code, heading, row, with_names

HEAD = """\
# The Matrix Cookbook, beside frechet

The sections on derivatives of K. B. Petersen and M. S. Pedersen, *The Matrix Cookbook* (edition of November 15,
2012), written from the mathematics in frechet's language: the problem, the book's formula, and frechet's own answer.
Numbers are the book's equations; where a line has none, the section is given.  Made by `make pages` from
`tests/cookbook`; the tests make it again, and judge both formulas of every line numerically, at random points, by an
evaluator and differences that share nothing with frechet.

Gradients have the shape of the variable, as in the book.  Of {count} lines the two agree in {right}.  In {wrong} the
book's formula does not hold as it is typed here: a misprint, a condition that is not stated or was left out on purpose,
another sense of the words; the note says which, and mostly a line beside it has the formula that holds.

Not in the table: definitions ((33), (133) to (137), (226) to (235)), and Toeplitz matrices ((143), (144)): frechet has
no such structure.
"""

FORMS = {
    "gradient": "",
    "derivative": "",
    "differential": "differential",
    "hessian": "second derivative",
    "jacobian.numerator.column": "Jacobian",
    "structured.free entries": "by free entries",
    "complex.d/dZ": "d/d{}",
    "complex.d/dconj(Z)": "d/dconj({})",
}
"""What a line's formula is, where it is not simply the derivative."""


def page() -> str:
    """The whole page."""
    wrong = sum(not identity.agrees for identity in IDENTITIES)
    count = len(IDENTITIES)
    parts = [HEAD.format(count=count, right=count - wrong, wrong=wrong)]
    parts += [section(title, identities) for title, identities in TABLE]
    return "\n".join(parts)


def section(title: str, identities: Sequence[Identity]) -> str:
    """One section: the table, then its notes."""
    lines = [heading(2, title), row("", "problem", "the book", "frechet", "agree"), row(*["---"] * 5)]
    notes: list[str] = []
    for identity in identities:
        mark = identity.equation
        if identity.remark:
            notes.append(identity.remark)
            mark += f"<sup>{len(notes)}</sup>"
        agree = "yes" if identity.agrees else "**no**"
        lines.append(row(mark, problem(identity), code(identity.book), own(identity), agree))
    if notes:
        lines += ["", *(f"{k}. {note}" for k, note in enumerate(notes, 1))]
    return "\n".join(lines) + "\n"


def problem(identity: Identity) -> str:
    """The problem in words: expression, variable, form, shapes, assumptions."""
    by = " and ".join(map(code, identity.variables))
    words = [f"{code(identity.expression)} by {by}"]
    if identity.form == "index":
        words.append(f"entry {code(identity.indices[0])} by {code(identity.indices[1])}")
    elif FORMS[identity.form]:
        words.append(FORMS[identity.form].format(identity.wrt))
    if identity.shapes:
        words.append(code(identity.shapes))
    words += [f"{name} {', '.join(said)}" for name, said in identity.assumptions.items()]
    if identity.sizes:
        words.append(code(identity.sizes))
    return "; ".join(words)


@cache
def answer(identity: Identity) -> Mapping[str, Any]:
    """frechet's answer; or what it says instead, under "error"."""
    try:
        return fr.derive(**identity.question(), verify=False).to_dict()
    except fr.FrechetError as refusal:
        return {"error": str(refusal)}


def own(identity: Identity) -> str:
    """frechet's formula of the line's form."""
    found = answer(identity)
    form = of_form(identity, found)
    if form is None:
        return str(found.get("error") or found.get("missing"))
    if identity.form != "index":
        return with_names(form, found["where"])
    value, wrt = ("".join(form[side]) for side in ("value", "wrt"))
    return with_names(form["entry"], found["where"]) + f" for {code(value)} by {code(wrt)}"
