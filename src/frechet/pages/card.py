"""The card: an answer on one page, every form with its shape and its convention named.

A card is made from the answer as `to_dict` gives it (its formulas set in ASCII or Unicode already), and says the same
things in the same order for every problem: the problem and its shapes, what people came for, the other forms, the names
used, the verification.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

from frechet.pages.arrays import array_lines
from frechet.pages.freeforms import free_block, free_lines
from frechet.pages.grids import blocks_lines, entries_lines, reading_lines
from frechet.pages.plain import listing, mapping
from frechet.pages.sentences import Known, typeset
from frechet.pages.statements import FORMS, Statements, usual
from frechet.pages.style import Style, prose, row, table, width
from frechet.pages.wording import Names, absent, dimensions, used_names, verified

Answer = Mapping[str, Any]

STACKED = {"column": "columns stacked", "row": "rows stacked"}


def card(
    answer: Answer,
    style: Style,
    *,
    forms: Sequence[str] = (),
    layout: str | None = None,
    vec: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> str:
    """The page for an answer.

    `forms` are the ones asked for (none: the usual ones), `layout` and `vec` keep one Jacobian, `values` holds arrays
    to be shown under the forms, by their names ("value", "gradient", "jacobian.numerator.column", …).
    """
    page = Page(answer, style, forms, layout, vec, values or {})
    lines = page.head()
    if answer.get("by"):
        lines += page.several()
    else:
        lines += page.body(answer, answer.get("wrt") or "")
    lines += page.where()
    lines += ["", *page.foot()]
    return "\n".join(lines)


@final
class Page:
    """One card in the making: the answer, how it is set, and the words made for it."""

    def __init__(
        self,
        answer: Answer,
        style: Style,
        forms: Sequence[str],
        layout: str | None,
        vec: str | None,
        values: Mapping[str, Any],
    ) -> None:
        self.answer, self.style, self.values = answer, style, values
        self.layouts = [layout] if layout else ["numerator", "denominator"]
        self.vecs = [vec] if vec else ["column", "row"]
        self.names = Names(answer, style.unicode)
        self.named = set(forms) - {"all"}
        self.asked = set(FORMS) if "all" in forms else set(forms)
        self.order = int(answer.get("order") or 1)
        self.value_shape: Sequence[Any] = answer.get("value_shape") or []
        self.said = Statements(answer, self.names)
        self.formulas: list[str] = []
        """The lines so far that may use names of `where`."""

    # The head: the problem as it was typed, and the shape of everything in it.

    def head(self) -> list[str]:
        """The statements, with the shapes beside the last or below."""
        before = reading_lines(mapping(self.answer.get("reading")), self.style)
        known = Known.of(self.answer, str(self.answer.get("expression") or ""))
        lines = [typeset(line, known, self.style) for line in self.names.statements()]
        shapes = [f"{name} {dimensions(shape)}" for name, shape in mapping(self.answer.get("shapes")).items()]
        if self.names.value not in mapping(self.answer.get("shapes")):
            shapes.append(f"{self.names.value} {dimensions(self.value_shape)}")
        known = [
            f"{name} {', '.join(facts)}" for name, facts in mapping(self.answer.get("assumptions")).items() if facts
        ]
        remark = "    ".join(shapes + known)
        last = lines[-1]
        gap = max(4, 42 - width(last))
        if width(last) + gap + width(remark) <= (self.style.width or 100):
            lines[-1] = self.style.bold(last) + " " * gap + self.style.dim(remark)
        else:
            lines += ["    " + self.style.dim(line) for line in prose(remark, (self.style.width or 100) - 4)]
        put = ", ".join(f"{name} = {formula}" for name, formula in mapping(self.answer.get("at")).items())
        at = [self.style.dim(f"at {put}: differentiated first, then put in")] if put else []
        return [*before, *lines, *at, *self.array("value")]

    # The body: the forms of one variable.

    def body(self, answer: Answer, wrt: str) -> list[str]:
        """The forms, the names they use, what is missing."""
        shown = self.asked or usual(self.order, self.value_shape, self.layouts[0] if len(self.layouts) == 1 else None)
        makers: dict[str, Callable[[Answer, str], list[str]]] = {
            "complex": self.wirtinger,
            "gradient": self.gradient,
            "derivative": self.derivative,
            "hessian": self.hessian,
            "differential": self.differential,
            "pullback": self.pullback,
            "index": self.index,
            "tensor": self.tensor,
            "jacobian": self.jacobian,
            "vech": self.vech,
            "structured": self.structured,
            "entries": self.entries,
            "blocks": self.blocks,
        }
        blocks = [(name, makers[name](answer, wrt)) for name in FORMS if name in shown or name in ("entries", "blocks")]
        lines: list[str] = [""]
        formulas = self.formulas
        apart = False  # a form of several lines stands by itself
        for name, block in blocks:
            if not block:
                continue
            tall = name in ("jacobian", "hessian", "vech", "structured", "entries", "blocks") and len(block) > 1
            if (tall or apart) and lines[-1]:
                lines.append("")
            apart = tall
            lines += block
            formulas += block
        missing = mapping(answer.get("missing"))
        for name, block in blocks:
            if not block and name in self.named and name not in missing:
                lines += row(
                    self.style, name, absent(name, wrt, self.order, self.names.value if self.value_shape else None)
                )
        for name, why in missing.items():
            lines += row(self.style, name, f"not written: {why}")
        return lines

    def where(self) -> list[str]:
        """The names for shared parts that the lines use, once, each before those that use it."""
        parts = [self.answer, *map(mapping, mapping(self.answer.get("by")).values())]
        where = {self.names.plain(n): str(f) for part in parts for n, f in mapping(part.get("where")).items()}
        needed = used_names(self.formulas, where)
        out: list[str] = []
        for name, formula in where.items():
            if name in needed:
                out += row(self.style, "" if out else "where", f"{name} = {formula}")
        return ["", *out] if out else []

    def array(self, key: str) -> list[str]:
        """The numbers of a form, under it."""
        return array_lines(self.values[key], 16) if key in self.values else []

    # The forms.  Each gives its lines, none when the answer has it not.

    def gradient(self, answer: Answer, wrt: str) -> list[str]:
        found = self.said.gradient(answer, wrt)
        if not found:
            return []
        lines = [*self.main("gradient", found[0].text, found[0].remark), *self.array("gradient")]
        best = next(map(mapping, listing(answer.get("shorter"))), None)
        return lines if best is None else [*lines, *row(self.style, "", f"if {best['if']}: {best['gradient']}")]

    def wirtinger(self, answer: Answer, wrt: str) -> list[str]:
        lines: list[str] = []
        for said in self.said.wirtinger(answer, wrt):
            lines += self.main("" if lines else "Wirtinger", said.text, "" if lines else said.shape)
        return lines

    def derivative(self, answer: Answer, wrt: str) -> list[str]:
        if answer.get("gradient") and "derivative" not in self.asked:
            return []
        lines = [line for s in self.said.derivative(answer, wrt) for line in self.main("derivative", s.text, s.shape)]
        return [*lines, *self.array("derivative")] if lines else []

    def hessian(self, answer: Answer, wrt: str) -> list[str]:
        found = self.said.hessian(answer, wrt)
        if not found:
            return []
        if not found[0].vec:
            lines = self.main("Hessian", found[0].text, found[0].shape)
            return [*lines, *self.array("hessian"), *self.array("hessian.column")]
        title = f"Hessian         {found[0].left}, {found[0].shape}: rows and columns ↔ vec({wrt})"
        lines = self.stacked(title, answer["hessian"])
        return lines + [line for vec in self.vecs for line in self.array(f"hessian.{vec}")]

    def differential(self, answer: Answer, wrt: str) -> list[str]:
        return [line for s in self.said.differential(answer, wrt) for line in row(self.style, "differential", s.text)]

    def pullback(self, answer: Answer, wrt: str) -> list[str]:
        found = self.said.pullback(answer, wrt)
        if not found:
            return []
        if self.order == 2:
            note = f"{found[0].note}, {found[0].shape}"
            return [*row(self.style, "Hessian product", found[0].text, note), *self.array("pullback")]
        up = self.said.upstream(answer)
        note = f"{up.text}, {up.shape}: what backpropagation hands down"
        return [*row(self.style, "pullback", found[0].text, note), *self.array("pullback")]

    def index(self, answer: Answer, wrt: str) -> list[str]:
        return [line for s in self.said.index(answer, wrt) for line in row(self.style, "one entry", s.text)]

    def tensor(self, answer: Answer, wrt: str) -> list[str]:
        found = self.said.tensor(answer, wrt)
        if not found:
            return []
        return [*row(self.style, "tensor", found[0].right, found[0].shape), *self.array("tensor")]

    def jacobian(self, answer: Answer, wrt: str) -> list[str]:
        rows: dict[str, tuple[str, dict[str, str]]] = {}
        for said in self.said.jacobian(answer, wrt):
            if said.layout in self.layouts and said.vec in self.vecs:
                rows.setdefault(f"{said.layout} layout", (said.shape, {}))[1][said.vec] = said.right
        if not rows:
            return []
        lines = self.by_vec("Jacobian", rows)
        flat = len(self.said.shape_of(wrt)) < 2
        if not self.value_shape and not self.asked and answer.get("gradient"):
            said = "transposed" if flat else f"with the entries of {wrt} side by side"
            said = "itself" if self.layouts == ["denominator"] and flat else said
            lines.append(self.style.dim(f"  which is the gradient {said}"))
        for layout in self.layouts:
            for vec in self.vecs:
                numbers = self.array(f"jacobian.{layout}.{vec}")
                lines += [self.style.dim(f"  {layout} layout, {vec}s stacked"), *numbers] if numbers else []
        return lines

    def vech(self, answer: Answer, wrt: str) -> list[str]:
        return free_lines(self.said.vech(answer, wrt), self.free_entries(wrt), self.style)

    def free_entries(self, name: str) -> tuple[str, str]:
        """The free entries of a variable, as the page shows them, and how many there are."""
        entries, count = self.said.free(name)
        return self.names.within(entries, name), count

    def structured(self, answer: Answer, wrt: str) -> list[str]:
        """The readings in use of "the derivative" by a structured variable, each with who uses it."""
        found = self.said.structured(answer, wrt)
        if not found:
            return []
        meanings = mapping(answer.get("readings"))
        room = (self.style.width or 116) - 16
        shown = self.names.plain(wrt)
        lines = [f"What is called the derivative by {shown}, where {shown} is structured:"]
        for said in found:
            lines += row(self.style, f"  {said.name}", said.right)
            lines += [
                " " * 16 + self.style.dim(line)
                for line in prose(self.names.within(str(meanings.get(said.name, "")), wrt), room)
            ]
        return lines

    def by_vec(self, title: str, rows: Mapping[str, tuple[str, Mapping[str, str]]]) -> list[str]:
        """A table of formulas with a column a vec order; one column where the orders agree; a list where it is wide."""
        agree = all(len(set(cells.values())) == 1 for _, cells in rows.values())
        vecs = self.vecs[:1] if agree else self.vecs
        heads = [""] if agree and len(self.vecs) > 1 else [STACKED[vec] for vec in vecs]
        cells = [("  " + name, note, [by_vec[v] for v in vecs]) for name, (note, by_vec) in rows.items()]
        made = table(self.style, title, heads, cells)
        if made:
            return made
        lines = [self.style.label(title)]
        for name, (note, by_vec) in rows.items():
            for vec in vecs:
                remarks = [name, note, "" if agree else STACKED[vec]]
                lines.append("  " + self.style.dim(", ".join(remark for remark in remarks if remark)))
                lines += row(self.style, "", by_vec[vec], indent=4)
        return lines

    def stacked(self, title: str, by_vec: Mapping[str, Any]) -> list[str]:
        """A matrix of second derivatives under its title: each vec order with its formula, once where they agree."""
        written = {vec: str(by_vec.get(vec) or "") for vec in self.vecs}
        agree = len(written) > 1 and len(set(written.values())) == 1
        lines = [self.style.label(title)]
        for vec, formula in list(written.items())[: 1 if agree else None]:
            lines += row(self.style, "" if agree else f"  {STACKED[vec]}", formula, indent=20)
        return lines

    def entries(self, answer: Answer, wrt: str) -> list[str]:
        title = "Hessian" if self.order == 2 else "Jacobian"
        return entries_lines(mapping(answer.get("entries")), title, self.style)

    def blocks(self, answer: Answer, wrt: str) -> list[str]:
        inner, value = self.names.plain(wrt), self.names.plain(self.names.value)
        if self.order == 2:  # what is differentiated again are the entries of the gradient
            gradient = (f"{value}/∂{inner}", self.said.shape_of(wrt))
            return blocks_lines(mapping(answer.get("blocks")), gradient, inner, self.style)
        return blocks_lines(mapping(answer.get("blocks")), (value, self.value_shape), inner, self.style)

    # Several variables.

    def several(self) -> list[str]:
        """The total differential, then the forms of each variable; at order 2 the mixed blocks too."""
        lines: list[str] = []
        for said in self.said.total():
            lines += ["", *row(self.style, "differential", said.text, said.note, main=True)]
            self.formulas.append(said.text)
        for name, answer in self.answer["by"].items():
            if "," in name:
                above, below = name.split(",")
                block = self.said.block(answer, above, below)
                a, b = self.names.plain(above), self.names.plain(below)
                title = f"{block[0].left}, {block[0].shape}: rows ↔ {a}, columns ↔ {b}" if block else ""
                self.formulas += [str(answer[vec]) for vec in self.vecs if answer.get(vec)]
                lines += [
                    "",
                    *self.stacked(title, answer),
                    *free_block(
                        self.said.free_forms(answer, above, below),
                        self.free_entries(above),
                        self.free_entries(below),
                        self.style,
                    ),
                ]
                continue
            size = self.style.dim(f"  {dimensions(self.said.shape_of(name))}")
            lines += ["", self.style.bold(f"by {self.names.plain(name)}") + size]
            lines += self.body(answer, name)[1:]
        return lines

    # The foot.

    def foot(self) -> list[str]:
        """What products of tensors run over, where it does not hold, and what was checked."""
        axes = list(map(str, listing(self.answer.get("batch"))))
        batch = [f"for each {', '.join(axes)}: products and transposes are of the last two axes"] if axes else []
        notes = [f"note: {said}" for said in map(str, listing(self.answer.get("conditions")))]
        for name in mapping(self.answer.get("shapes")):
            notes = [self.names.within(said, name) for said in notes]
        told = [*batch, *notes, *verified(self.answer)]
        return [self.style.dim(line) for said in told for line in prose(said, self.style.width or 200)]

    def main(self, label: str, text: str, note: str) -> list[str]:
        """The line that people came for."""
        return row(self.style, label, text, note, main=True)
