r"""The statements of an answer: for each form its left side, its right side and its shape.

A card, a page of LaTeX and one of Markdown each set the same statements; the alphabet is that of the answer's formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from frechet.pages.freeentries import Entries, free_entries
from frechet.pages.plain import listing, mapping
from frechet.pages.signs import Tex
from frechet.pages.wording import Names, dimensions, measure, product

LAYOUTS = ("numerator", "denominator")
VECS = ("column", "row")

FORMS = (
    "complex",
    "gradient",
    "derivative",
    "hessian",
    "differential",
    "pullback",
    "index",
    "tensor",
    "jacobian",
    "structured",
    "vech",
    "entries",
    "blocks",
)
"""What `--form` may name, in the order of a page; and `all`."""

USUAL = {
    "scalar": {"complex", "gradient", "derivative", "differential", "index", "vech", "structured"},
    "order 2": {"gradient", "hessian", "differential", "pullback", "vech"},
    "array": {"derivative", "differential", "pullback", "index", "tensor", "jacobian", "vech"},
}
"""What a page shows unasked: of a scalar function nobody asks for the Jacobian, which is the gradient in a row."""


@final
@dataclass(frozen=True)
class Statement:
    """left = right, of this shape; `name` tells forms of several parts apart, `note` is what is to be said of it."""

    left: str
    right: str
    shape: str = ""
    note: str = ""
    name: str = ""
    layout: str = ""
    vec: str = ""

    @property
    def text(self) -> str:
        """The equation."""
        return f"{self.left} = {self.right}" if self.left else self.right

    @property
    def remark(self) -> str:
        """Shape and note."""
        return ", ".join(part for part in (self.shape, self.note) if part)


def usual(order: int, value_shape: Sequence[Any], layout: str | None) -> set[str]:
    """The forms that are shown unasked; a layout that is asked for is shown of a scalar too."""
    if order == 2:
        return USUAL["order 2"]
    if value_shape:
        return USUAL["array"]
    return USUAL["scalar"] | ({"jacobian"} if layout else set[str]())


@final
class Statements:
    """The statements of one answer, form by form."""

    def __init__(self, answer: Mapping[str, Any], names: Names) -> None:
        self.answer, self.names, self.signs = answer, names, names.signs
        self.order = int(answer.get("order") or 1)
        self.value_shape: Sequence[Any] = answer.get("value_shape") or []

    def of(self, form: str, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        """The statements of one form of the derivative by one variable; none where there is no such form."""
        makers: dict[str, Callable[[Mapping[str, Any], str], list[Statement]]] = {
            "complex": self.wirtinger,
            "gradient": self.gradient,
            "derivative": self.derivative,
            "hessian": self.hessian,
            "differential": self.differential,
            "pullback": self.pullback,
            "index": self.index,
            "tensor": self.tensor,
            "jacobian": self.jacobian,
            "structured": self.structured,
            "vech": self.vech,
        }
        return makers[form](part, wrt) if form in makers else []

    def shape_of(self, name: str) -> Sequence[Any]:
        """The shape of a variable (or of a named quantity)."""
        return mapping(self.answer.get("shapes")).get(name) or []

    def size_of(self, name: str) -> str:
        """How many entries a variable has."""
        return product(self.shape_of(name))

    def ratio(self, part: Mapping[str, Any], form: str, wrt: str) -> str:
        """∂f/∂X; by their entries where the formula is written so."""
        at = mapping(mapping(part.get("by entries")).get(form))
        above = self.signs.entry(self.names.value, listing(at.get("value")))
        return self.signs.quotient(above, self.signs.entry(wrt, listing(at.get("wrt"))))

    def gradient(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        if not part.get("gradient"):
            return []
        left, shape, note = self.ratio(part, "gradient", wrt), dimensions(self.shape_of(wrt)), ""
        if part.get("structured"):
            note = "within the structure"
        if part.get("complex"):
            left, note = self.signs.gradient(self.names.value), "the direction of steepest ascent"
        return [Statement(left, str(part["gradient"]), shape, note)]

    def wirtinger(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        found = mapping(part.get("complex"))
        pairs = (("d/dZ", wrt), ("d/dconj(Z)", f"conj({wrt})"))
        shape = dimensions(self.shape_of(wrt))
        return [
            Statement(self.signs.ratio(self.names.value, below), str(found[name]), shape)
            for name, below in pairs
            if found.get(name)
        ]

    def derivative(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        if not part.get("derivative"):
            return []
        return [
            Statement(self.ratio(part, "derivative", wrt), str(part["derivative"]), dimensions(self.value_shape)),
        ]

    def hessian(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        return self.block(part.get("hessian"), wrt, wrt)

    def block(self, found: Any, above: str, below: str) -> list[Statement]:
        """The second derivative by two variables (or one, twice): rows ↔ the first; one statement a stacking."""
        shape = measure(self.size_of(above), self.size_of(below))
        if isinstance(found, str):
            return [Statement(self.twice(above, below, "column"), found, shape)]
        return [
            Statement(self.twice(above, below, vec), str(mapping(found)[vec]), shape, vec=vec)
            for vec in VECS
            if mapping(found).get(vec)
        ]

    def twice(self, above: str, below: str, vec: str) -> str:
        """∂²f/∂x∂x; in LaTeX the second of two arrays is transposed, and matrices are stacked."""
        signs, value = self.signs, self.signs.name(self.names.value)
        if not isinstance(signs, Tex):
            return signs.second(value, signs.name(above), signs.name(below))
        axes = [len(self.shape_of(name)) for name in (above, below)]
        rows, columns = (signs.stacked(n, k, vec) for n, k in zip((above, below), axes, strict=True))
        return signs.second(value, rows, signs.turned(columns) if axes[1] else columns)

    def differential(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        if not part.get("differential"):
            return []
        at = mapping(mapping(part.get("by entries")).get("differential"))
        left = self.signs.increment(self.names.value)
        if at:
            left = self.signs.entry(f"d{self.names.value}", listing(at.get("value")))
        if self.order == 2:
            left = self.signs.moved(self.signs.ratio(self.names.value, wrt))
        return [Statement(left, str(part["differential"]))]

    def total(self) -> list[Statement]:
        """The differential by all variables together."""
        if not self.answer.get("differential"):
            return []
        left = self.signs.increment(self.names.value)
        note = "the total differential" if len(mapping(self.answer.get("by"))) > 1 else ""
        return [Statement(left, str(self.answer["differential"]), note=note)]

    def pullback(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        if not part.get("pullback"):
            return []
        symbols, right = mapping(part.get("symbols")), str(part["pullback"])
        if self.order == 2:
            direction = str(symbols.get("direction") or "V")
            left = ""
            if isinstance(self.signs, Tex):
                ratio = self.signs.ratio(self.names.value, wrt)
                left = rf"\mathrm{{D}}_{{{self.signs.name(direction)}}} {ratio}"
            shape = dimensions(self.shape_of(wrt))
            return [Statement(left, right, shape, f"the Hessian times {self.signs.name(direction)}")]
        at = mapping(mapping(part.get("by entries")).get("pullback"))
        left = self.signs.quotient(self.signs.name(self.names.loss), self.signs.entry(wrt, listing(at.get("wrt"))))
        return [Statement(left, right, dimensions(self.shape_of(wrt)))]

    def upstream(self, part: Mapping[str, Any]) -> Statement:
        """What the pullback is applied to: G = ∂L/∂C."""
        up = str(mapping(part.get("symbols")).get("upstream") or "G")
        ratio = self.signs.ratio(self.names.loss, self.names.value)
        return Statement(self.signs.name(up), ratio, dimensions(self.value_shape))

    def index(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        index = mapping(part.get("index"))
        if not index:
            return []
        above = self.signs.entry(self.names.value, list(map(str, listing(index.get("value")))))
        below = self.signs.entry(wrt, list(map(str, listing(index.get("wrt")))))
        return [Statement(self.signs.quotient(above, below), str(index["entry"]))]

    def tensor(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        if not part.get("tensor"):
            return []
        shape = dimensions([*self.value_shape, *self.shape_of(wrt)])
        return [Statement(self.ratio(part, "tensor", wrt), str(part["tensor"]), shape)]

    def jacobian(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        found = mapping(part.get("jacobian"))
        m, n = product(self.value_shape), self.size_of(wrt)
        out: list[Statement] = []
        for layout in LAYOUTS:
            shape = measure(m, n) if layout == "numerator" else measure(n, m)
            for vec, formula in mapping(found.get(layout)).items():
                left = self.matrix(wrt, layout, vec)
                out.append(Statement(left, str(formula or ""), shape, layout=layout, vec=vec))
        return out

    def matrix(self, wrt: str, layout: str, vec: str) -> str:
        """The left side of a Jacobian; on a card its place in the table says it."""
        signs = self.signs
        if not isinstance(signs, Tex):
            return signs.ratio(self.names.value, wrt)
        axes = len(self.value_shape), len(self.shape_of(wrt))
        above, below = (signs.stacked(n, k, vec) for n, k in zip((self.names.value, wrt), axes, strict=True))
        return signs.matrix(above, below, layout, (not axes[0], not axes[1]))

    def free(self, name: str) -> Entries:
        """The free entries of a variable and how many there are."""
        return free_entries(name, mapping(self.answer.get("assumptions")), self.shape_of(name))

    def vech(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        """What there is by the free entries."""
        return self.free_forms(part, wrt, wrt)

    def free_forms(self, part: Mapping[str, Any], above: str, below: str) -> list[Statement]:
        """The gradient, the Jacobian, the Hessian by the free entries of one variable, or of two."""
        (rows, m), (columns, n) = self.free(above), self.free(below)
        value = product(self.value_shape)
        shapes = {"gradient": measure(n, "1"), "jacobian": measure(value, n), "hessian": measure(m, n)}
        lefts = dict.fromkeys(shapes, "")
        note = ""
        if isinstance(self.signs, Tex):
            lefts, note = self._free_lefts(rows, columns, above, below)
        return [
            Statement(lefts[name], str(formula), shapes[name], note, name)
            for name, formula in mapping(part.get("vech")).items()
        ]

    def _free_lefts(self, rows: str, columns: str, above: str, below: str) -> tuple[dict[str, str], str]:
        signs = Tex()
        value = signs.name(self.names.value)
        called = [signs.free(said, name) for said, name in ((rows, above), (columns, below))]
        turned = signs.turned(called[1])
        stacked = signs.stacked(self.names.value, len(self.value_shape), "column")
        note = f"low: the entries {columns}" if columns.startswith("below") else ""
        return {
            "gradient": signs.quotient(value, called[1]),
            "jacobian": signs.quotient(stacked, turned),
            "hessian": signs.second(value, called[0], turned),
        }, note

    def structured(self, part: Mapping[str, Any], wrt: str) -> list[Statement]:
        """The readings in use of "the derivative" by a structured variable; the one within the structure first."""
        readings = sorted(mapping(part.get("structured")).items(), key=lambda reading: reading[0] != "projected")
        left = self.signs.ratio(self.names.value, wrt)
        return [Statement(left, str(formula), name=name, note=name) for name, formula in readings]
