"""What a ledger is made of: every form of one derivative, and the chain rule in each order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from frechet.core.dim import Dim, Shape
from frechet.core.expr import Expr
from frechet.explain.steps import plain_shape
from frechet.notation.ascii import text

Sizes = tuple[Dim, Dim]


@final
@dataclass(frozen=True)
class Row:
    """One form: what it is called, how matrices are stacked in it, its formula and shape, who uses it, where from."""

    name: str
    vec: str | None
    formula: Expr
    shape: Shape
    used_by: str
    source: str


@final
@dataclass(frozen=True)
class Piece:
    """One factor of the chain rule: ∂y/∂a, the map of increments it stands for, its size in both layouts.

    `formula` is its Jacobian in the numerator layout with columns stacked; None for the gradient of a loss that is
    not given.  `diagonal` says that it is a diagonal matrix.  `gradient` is that of a number, in the shape of what is
    below it; `shown` the Jacobian with the quantity above by its name, diag(p) - p*p'.
    """

    name: str
    map: str
    numerator: Sizes
    formula: Expr | None
    diagonal: bool = False
    gradient: Expr | None = None
    shown: Expr | None = None

    @property
    def denominator(self) -> Sizes:
        """The size of the transpose."""
        return self.numerator[1], self.numerator[0]


@final
@dataclass(frozen=True)
class Product:
    """The pieces multiplied in one order: whether the sizes fit, and whether it is the derivative."""

    layout: str
    order: tuple[str, ...]
    shapes: tuple[Sizes, ...]
    conforms: bool
    right: bool

    @property
    def result(self) -> Sizes | None:
        """The size of the product."""
        return (self.shapes[0][0], self.shapes[-1][1]) if self.conforms else None


@final
@dataclass(frozen=True)
class Chain:
    """The chain rule from the value to the variable."""

    pieces: tuple[Piece, ...]
    products: tuple[Product, ...]
    gradient: Expr | None
    gradient_name: str
    gradient_shape: Shape
    why: str


@dataclass(frozen=True)
class Table:
    """Every form of one derivative in one table; for a chain each piece and the products in each order.

    `head` are the lines of the problem, `notes` what is to be said of the sizes, `reading` how the text was read where
    it is not the formula language.
    """

    expression: str
    wrt: str
    head: tuple[str, ...]
    shapes: tuple[tuple[str, Shape], ...]
    rows: tuple[Row, ...]
    chain: Chain | None
    notes: tuple[str, ...]
    where: tuple[tuple[str, Expr], ...]
    reading: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ledger as plain data, ready for JSON."""
        return {
            "expression": self.expression,
            "wrt": self.wrt,
            "reading": None if self.reading is None else dict(self.reading),
            "where": {name: text(e) for name, e in self.where},
            "forms": [
                {
                    "name": r.name,
                    "vec": r.vec,
                    "formula": text(r.formula),
                    "shape": plain_shape(r.shape),
                    "used_by": r.used_by,
                    "from": r.source,
                }
                for r in self.rows
            ],
            "chain": _chain(self.chain) if self.chain else None,
            "notes": list(self.notes),
        }


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "pieces": [
            {
                "name": p.name,
                "map": p.map,
                "numerator": plain_shape(p.numerator),
                "denominator": plain_shape(p.denominator),
                "formula": None if p.formula is None else text(p.formula),
                "diagonal": p.diagonal,
                "gradient": None if p.gradient is None else text(p.gradient),
            }
            for p in chain.pieces
        ],
        "products": [
            {
                "layout": p.layout,
                "order": list(p.order),
                "shapes": [plain_shape(s) for s in p.shapes],
                "conforms": p.conforms,
                "right": p.right,
                "result": None if p.result is None else plain_shape(p.result),
            }
            for p in chain.products
        ],
        "gradient": None
        if chain.gradient is None
        else {"name": chain.gradient_name, "formula": text(chain.gradient), "shape": plain_shape(chain.gradient_shape)},
        "why": chain.why,
    }
