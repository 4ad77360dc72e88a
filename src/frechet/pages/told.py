"""What a page of LaTeX or Markdown tells of an answer: names and shapes, the problem, where, the forms, the notes.

The same things as the card, of one layout and one stacking: a paper does not print four Jacobians.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from frechet.explain.render.typeset import typeset
from frechet.pages.plain import listing, mapping
from frechet.pages.signs import Tex, size
from frechet.pages.statements import FORMS, LAYOUTS, VECS, Statement, Statements, usual
from frechet.pages.wording import Names, absent, dimensions, used_names, verified

Answer = Mapping[str, Any]

MEANT = {
    "unconstrained": "the entries taken as independent",
    "projected": "within the structure",
    "free entries": "by the free entries, in their places",
}
"""What the readings of a structured derivative are, in few words."""
LEGEND = {
    "commutation(": "commutation(m,n) is the commutation matrix: commutation(m,n)*vec(X) = vec(X') for X of size m×n",
    "duplication(": "duplication(n) is the duplication matrix: duplication(n)*vech(X) = vec(X) for symmetric X",
    "elimination(": "elimination(n) is the elimination matrix: elimination(n)*vec(X) = vech(X) for X of size n×n",
    ".^": "powers with a circle are taken entry by entry",
}
"""What a reader may not know, by the word that calls for it."""
ROW = 10
"""The columns that a matrix of amsmath has at most."""


@final
@dataclass(frozen=True)
class Told:
    """An answer as statements in LaTeX, with words in the style of a page."""

    symbols: tuple[tuple[str, str], ...]
    """Names with their shapes and what is known of them."""
    problem: tuple[Statement, ...]
    at: tuple[Statement, ...]
    where: tuple[Statement, ...]
    parts: tuple[tuple[str, tuple[tuple[str, Statement], ...]], ...]
    """For each variable the forms, each by its name; the total differential under no variable."""
    notes: tuple[str, ...]
    """What is to be said besides, in plain words."""
    reading: tuple[str, ...]
    """What was assumed in reading the text, likewise."""
    checked: str
    value: str
    shapes: Mapping[str, Any]


def told(answer: Answer, plain: Answer, forms: Sequence[str], layout: str | None, vec: str | None) -> Told:
    """What is to be said of an answer; `plain` is the same in ASCII, which says what names its formulas use.

    >>> import frechet
    >>> from frechet.pages.styled import styled
    >>> d = frechet.derive("A*B", wrt="A", verify=False)
    >>> said = told(styled(d, "latex"), d.to_dict(), [], None, None)
    >>> said.symbols, [form for form, _ in said.parts[0][1]]
    ((('A', 'm \\\\times n'), ('B', 'n \\\\times p')), ['differential', 'pullback', 'index', 'jacobian'])
    """
    page, twin = _Page(answer, forms, layout, vec, Tex()), _Page(plain, forms, layout, vec, False)
    parts, formulas = page.parts(), [s.right for _, said in twin.parts() for _, s in said]
    return Told(
        page.symbols(),
        page.problem(),
        tuple(Statement(page.signs.name(n), str(f)) for n, f in mapping(answer.get("at")).items()),
        page.where(formulas, twin.definitions(), parts),
        parts,
        page.notes(parts, [*formulas, *twin.definitions().values(), str(plain.get("expression"))]),
        tuple(map(str, listing(mapping(answer.get("reading")).get("assumed")))),
        verified(plain)[0],
        page.signs.name(page.names.value),
        mapping(answer.get("shapes")),
    )


@final
class _Page:
    """One page in the making."""

    def __init__(
        self, answer: Answer, forms: Sequence[str], layout: str | None, vec: str | None, signs: Tex | bool
    ) -> None:
        self.answer = answer
        self.names = Names(answer, signs)
        self.signs = self.names.signs
        self.said = Statements(answer, self.names)
        self.named = set(forms) - {"all"}
        asked = set(FORMS) if "all" in forms else set(forms)
        self.shown = asked or usual(self.said.order, self.said.value_shape, layout)
        self.asked = bool(asked)
        self.layout, self.vec = layout or LAYOUTS[0], vec or VECS[0]

    def symbols(self) -> tuple[tuple[str, str], ...]:
        """Every variable with its shape and what is known of it."""
        known = mapping(self.answer.get("assumptions"))
        out: list[tuple[str, str]] = []
        for name, shape in mapping(self.answer.get("shapes")).items():
            facts = ", ".join(map(str, listing(known.get(name))))
            said = f"{size(dimensions(shape))}" if shape else "scalar"
            out.append((self.signs.name(name), f"{said}; {facts}" if facts else said))
        return tuple(out)

    def problem(self) -> tuple[Statement, ...]:
        """The statements of the problem, the last with a name."""
        found = mapping(self.answer.get("statements"))
        return tuple(Statement(self.left(name), str(f)) for name, f in found.items())

    def left(self, name: str) -> str:
        """The name of what is defined, with indices where it is defined by its entries."""
        indices = listing(mapping(self.answer.get("indices")).get(name))
        return self.signs.entry(name or self.names.value, indices)

    def definitions(self) -> dict[str, str]:
        """What the names of `where` stand for."""
        parts = [self.answer, *map(mapping, mapping(self.answer.get("by")).values())]
        return {name: str(f) for part in parts for name, f in mapping(part.get("where")).items()}

    def where(self, formulas: Sequence[str], plain: Mapping[str, str], parts: Parts) -> tuple[Statement, ...]:
        """The names that the formulas use, and what the pullback is applied to."""
        needed, own = used_names(formulas, plain), self.definitions()
        known = mapping(self.answer.get("statements"))
        out = [Statement(self.left(name), f) for name, f in own.items() if name in needed and name not in known]
        if self.said.order == 1 and any(form == "pullback" for _, said in parts for form, _ in said):
            one = next(iter(mapping(self.answer.get("by")).values()), self.answer)
            out.append(self.said.upstream(one))
        return tuple(out)

    def parts(self) -> Parts:
        """The forms by each variable."""
        by = mapping(self.answer.get("by"))
        if not by:
            wrt = str(self.answer.get("wrt") or "")
            return ((self.signs.name(wrt), self.forms(self.answer, wrt)),)
        out: list[tuple[str, tuple[tuple[str, Statement], ...]]] = []
        if "differential" in self.shown and self.said.total():
            out.append(("", tuple(("differential", said) for said in self.said.total())))
        for key, part in by.items():
            above, _, below = str(key).partition(",")
            label = ", ".join(map(self.signs.name, str(key).split(",")))
            found = self.block(part, above, below) if below else self.forms(part, above)
            if out and not out[0][0]:  # with the others fixed: the total one says it
                found = tuple(pair for pair in found if pair[0] != "differential")
            out.append((label, found))
        return tuple(out)

    def block(self, part: Answer, above: str, below: str) -> tuple[tuple[str, Statement], ...]:
        """A mixed second derivative."""
        found = [("hessian", s) for s in self.said.block(part, above, below) if s.vec in ("", self.vec)]
        free = [("vech", s) for s in self.said.free_forms(part, above, below) if s.name == "hessian"]
        return tuple(pair for pair in (*found, *free) if pair[0] in self.shown)

    def forms(self, part: Answer, wrt: str) -> tuple[tuple[str, Statement], ...]:
        """The forms by one variable, in the order of a card."""
        out: list[tuple[str, Statement]] = []
        for form in FORMS:
            if form == "entries":
                out += [(form, said) for said in self.entries(part, wrt)]
            elif form in self.shown and not (form == "derivative" and part.get("gradient") and not self.asked):
                for said in self.said.of(form, part, wrt):
                    out += [(form, said)] if self.kept(form, said, part, out) else []
        return tuple(out)

    def kept(self, form: str, said: Statement, part: Answer, before: Sequence[tuple[str, Statement]]) -> bool:
        """Whether a statement is of the layout and stacking asked for, and not there by another name already."""
        if said.layout not in ("", self.layout) or said.vec not in ("", self.vec):
            return False
        if form == "structured" and said.name == "projected":
            return "gradient" not in self.shown
        if form == "tensor" and "tensor" not in self.named:  # the index form says it, or the Jacobian
            return not part.get("index")
        return not any(one.text == said.text for _, one in before)

    def entries(self, part: Answer, wrt: str) -> list[Statement]:
        """The Jacobian, or the Hessian, written out."""
        found = mapping(part.get("entries"))
        if not found:
            return []
        rows = [list(map(str, row)) for row in listing(found.get("matrix"))]
        left = (
            self.said.twice(wrt, wrt, self.vec)
            if self.said.order == 2
            else self.said.matrix(wrt, self.layout, self.vec)
        )
        return [Statement(left, matrix(rows), note="written out")]

    def notes(self, parts: Parts, formulas: Sequence[str]) -> tuple[str, ...]:
        """Where it does not hold, what letters stand for, what could not be written: sentences, in plain words."""
        out = [str(said) for said in listing(self.answer.get("conditions"))]
        rights = " ".join(formulas)
        out += [legend for word, legend in LEGEND.items() if word in rights]
        there = {form for _, said in parts for form, _ in said}
        missing = mapping(self.answer.get("missing"))
        for name, why in missing.items():
            if name in self.named or name not in ("index", "jacobian", "tensor"):
                out.append(f"the {name} is not written: {why}")
        for name in sorted(self.named - there - set(missing)):
            array = self.names.value if self.said.value_shape else None
            wrt = str(self.answer.get("wrt") or "")
            out.append(f"{name}: {absent(name, wrt, self.said.order, array)}")
        return tuple(out)


Parts = tuple[tuple[str, tuple[tuple[str, Statement], ...]], ...]


def matrix(rows: Sequence[Sequence[str]]) -> str:
    r"""A matrix of formulas.

    >>> print(matrix([["a", "b"], ["0", "a"]]))
    \begin{bmatrix} a & b \\ 0 & a \end{bmatrix}
    """
    inside = r" \\ ".join(" & ".join(row) for row in rows)
    if len(rows[0]) <= ROW:
        return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"
    return rf"\left[\begin{{array}}{{{'c' * len(rows[0])}}} {inside} \end{{array}}\right]"


def remark(said: Statement) -> tuple[str, str]:
    """The shape of a statement as mathematics (empty for a number), and what is to be said of it in words."""
    shape = size(said.shape) if said.shape and said.shape != "scalar" else ""
    return shape, MEANT.get(said.note, said.note)


def sentence(words: str, said: Told, style: str) -> str:
    """Words as a sentence, their formulas set."""
    text = typeset(words, style, {} if words in LEGEND.values() else said.shapes)
    begins = words[:2].isalpha() and not text.startswith("$")
    return (text[:1].upper() + text[1:] if begins else text).rstrip(".") + "."
