"""Sums, products and contractions as expressions: what a dialect starts from, as NumPy has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from frechet.compiler.emit.carried import Carried
from frechet.compiler.emit.text import (
    ATOM,
    NEGATIVE,
    POWER,
    PRODUCT,
    SUM,
    Code,
    Piece,
    aligned,
    letters,
    number,
)  # fmt: skip
from frechet.compiler.values import Labels, Value
from frechet.core.dim import Dim


class Products:
    """Arithmetic and contractions.  What the expressions need above them is collected: imports and helper functions."""

    name = "numpy"
    title = "NumPy"
    xp = "np"
    library = "import numpy as np"
    special = ("scipy.special", "from scipy import special")
    linalg = ("scipy.linalg", "from scipy import linalg")
    transposed = "transpose"

    def __init__(self, factored: set[Value], has_complex: bool = False) -> None:
        self.complex = has_complex
        self.like = ""
        """An array that the caller passes: whose type and place what is made has."""
        self.passed: dict[str, str] = {}
        """The functions that the caller passes, by the problem's names."""
        self.imports: dict[str, None] = {}
        self.helpers: dict[str, str] = {}
        self.carried = Carried(self.xp)
        self.complexes: set[Value] = set()
        """The values that are complex."""
        self.products = True
        """Whether the program multiplies matrices."""
        self.factored = factored
        """The matrices whose factor is used more than once: it has a statement of its own."""

    # -- arithmetic ----------------------------------------------------------------------------------------------------

    def use(self, text: str) -> str:
        """A text that names the library: it is imported."""
        if re.search(rf"\b{self.xp}\.", text):
            self.imports[self.library] = None
        return text

    def called(self, text: str) -> Code:
        """A call, or anything else that binds tightly."""
        return Code(self.use(text))

    def root(self, x: Code) -> Code:
        """√x."""
        return self.called(f"{self.xp}.sqrt({x.text})")

    def power(self, x: Code, e: Fraction) -> Code:
        """x^e, entry by entry."""
        if e < 0:
            return Code(f"1 / {self.power(x, -e).at(NEGATIVE)}", PRODUCT)
        if e == 1:
            return x
        if e == Fraction(1, 2):
            return self.root(x)
        exponent = number(e)
        return Code(f"{x.at(ATOM)}**{exponent.at(ATOM)}", POWER)

    def product(self, coef: Fraction, factors: Sequence[Piece], width: int) -> Code:
        """coef · Π factors, reciprocals below."""
        above: list[Code] = []
        below: list[Code] = []
        across = width == 2 and [f.at for f in factors] in ([(0,), (1,)], [(1,), (0,)])
        if across and not any(f.below for f in factors):
            left, right = sorted(factors, key=lambda f: f.at)
            scaled = self.product(coef, [replace(left, at=(0,))], 1)
            return self.called(f"{self.xp}.outer({scaled.text}, {right.text.text})")
        if abs(coef) != 1 and len(factors) > 1 and all(0 < len(f.at) < width for f in factors):
            coef, factors = Fraction(1), self._scaled(coef, factors)
        spread = width > 2 and len(factors) > 1 and all(0 < len(f.at) < width for f in factors)
        for f in map(self.straight, factors) if spread else factors:
            (below if f.below else above).append(aligned(f.text, f.at, width, self.transposed))
        if coef.denominator != 1 and (coef.denominator & (coef.denominator - 1) or abs(coef.numerator) == 1):
            below.insert(0, Code(str(coef.denominator)))
            coef = Fraction(coef.numerator)
        sign = "-" if coef < 0 else ""
        if abs(coef) != 1 or not above:
            above.insert(0, number(abs(coef)))
        text = above[0].factor(True) if len(above) > 1 or below else above[0].at(NEGATIVE if sign else PRODUCT)
        if sign and (above[0].level < PRODUCT or above[0].matmul):
            text = f"({above[0].text})"
        for f in above[1:]:
            text += f" * {f.factor(False)}"
        if len(below) == 1:
            text += f" / {below[0].factor(False)}"
        elif below:
            text += f" / ({' * '.join(f.factor(k == 0) for k, f in enumerate(below))})"
        alone = len(above) == 1 and not below
        if alone and not sign:
            return above[0]
        return Code(f"{sign}{text}", NEGATIVE if alone else PRODUCT)

    def straight(self, f: Piece) -> Piece:
        """A transpose that is spread over more axes, as an array in order: the result lies as what it is made of.

        Without it the result of NumPy has its axes in memory as the transpose has them, and reshaping copies it.
        """
        if list(f.at) == sorted(f.at) and not f.text.text.endswith(".T"):
            return f
        there = sorted(f.at)
        turned = aligned(f.text, tuple(there.index(k) for k in f.at), len(there), self.transposed)
        return replace(f, text=self.called(f"{self.xp}.ascontiguousarray({turned.text})"), at=tuple(there))

    def _scaled(self, coef: Fraction, factors: Sequence[Piece]) -> list[Piece]:
        """The coefficient in the factor with the fewest axes: one pass over a part, not over the whole."""
        k = min(range(len(factors)), key=lambda k: (factors[k].below, len(factors[k].at)))
        f = factors[k]
        if f.below:
            return [Piece(number(coef), ()), *factors]
        axes = tuple(range(len(f.at)))
        return [*factors[:k], replace(f, text=self.product(coef, [replace(f, at=axes)], len(axes))), *factors[k + 1 :]]

    def sum(self, coefs: Sequence[Fraction], terms: Sequence[Piece], width: int) -> Code:
        """Σ coef · term, a positive one first."""
        pieces: list[tuple[bool, str]] = []
        for c, term in zip(coefs, terms, strict=True):
            made = number(abs(c)) if term.text.text == "1" else self.product(abs(c), [term], width)
            pieces.append((c < 0, made.at(PRODUCT)))
        pieces.sort(key=lambda p: p[0])
        (minus, first), *rest = pieces
        return Code(("-" if minus else "") + first + "".join((" - " if m else " + ") + t for m, t in rest), SUM)

    # -- contractions --------------------------------------------------------------------------------------------------

    def reduce(self, a: Code, data: tuple[Labels, Labels], dims: dict[int, Dim]) -> Code:
        """One array: its axes in another order, sums along some, a diagonal."""
        labels, out = data
        if len(set(labels)) < len(labels):
            if len(labels) == 2:
                return self.called(f"{self.xp}.{'diagonal' if out else 'trace'}({a.text})")
            return self.einsum([a], [labels], out, dims)
        kept = tuple(i for i in labels if i in out)
        if len(kept) < len(labels):
            axes = [str(k) for k, i in enumerate(labels) if i not in out]
            a = Code(f"{a.at(ATOM)}.sum({self.axes(axes) if kept else ''})")
        return a if kept == out else self.turned(a, tuple(kept.index(i) for i in out))

    def axes(self, axes: Sequence[str]) -> str:
        """The argument for axes to sum along."""
        return f"axis={axes[0]}" if len(axes) == 1 else f"axis=({', '.join(axes)})"

    def turned(self, a: Code, order: Labels) -> Code:
        """The axes in another order: a view."""
        if order == (1, 0):
            return Code(f"{a.at(ATOM)}.T")
        return Code(f"{a.at(ATOM)}.{self.transposed}({', '.join(map(str, order))})")

    def einsum(self, arrays: Sequence[Code], labels: Sequence[Labels], out: Labels, dims: dict[int, Dim]) -> Code:
        """A contraction by the letters of its axes."""
        named = letters([*labels, out], dims)
        spec = ",".join("".join(named[i] for i in part) for part in labels)
        spec += "->" + "".join(named[i] for i in out)
        return self.called(f'{self.xp}.einsum("{spec}", {", ".join(a.text for a in arrays)})')

    def contract(self, a: Code, b: Code, data: tuple[Labels, Labels, Labels], dims: dict[int, Dim]) -> Code:
        """Σ of the products of two arrays."""
        la, lb, out = data
        inner = [i for i in la if i in lb and i not in out]
        batch = [i for i in la if i in lb and i in out]
        if batch:
            return self.batched(a, b, data, inner, batch, dims)
        if len(inner) == 1:
            (i,) = inner
            if max(len(la), len(lb)) <= 2:
                left = a if la[-1] == i else self.turned(a, (1, 0))
                right = b if lb.index(i) == 0 else self.turned(b, (1, 0))
                return Code(f"{_operand(left)} @ {right.factor(False)}", PRODUCT, True)
            if la[-1] == i and len(lb) <= 2:
                right = b if lb.index(i) == 0 else self.turned(b, (1, 0))
                return Code(f"{_operand(a)} @ {right.factor(False)}", PRODUCT, True)
        if not out:
            return self.inner(a, b, len(la)) if la == lb else self.einsum([a, b], [la, lb], out, dims)
        left, right = ", ".join(str(la.index(i)) for i in inner), ", ".join(str(lb.index(i)) for i in inner)
        return self.tensordot(a, b, left, right)

    def inner(self, a: Code, b: Code, width: int) -> Code:
        """⟨a, b⟩ of two arrays of one shape, without conjugates."""
        if self.complex:
            return Code(f"({a.factor(True)} * {b.factor(False)}).sum()")
        return self.called(f"{self.xp}.vdot({a.text}, {b.text})")

    def tensordot(self, a: Code, b: Code, left: str, right: str) -> Code:
        """A contraction over these axes of each."""
        return self.called(f"{self.xp}.tensordot({a.text}, {b.text}, axes=([{left}], [{right}]))")

    def batched(
        self, a: Code, b: Code, data: tuple[Labels, Labels, Labels], inner: list[int], batch: list[int],
        dims: dict[int, Dim],
    ) -> Code:  # fmt: skip
        """The same for each member of a batch: a product of stacked matrices where it is one."""
        la, lb, out = data
        left = [i for i in la if i in out and i not in batch]
        right = [i for i in lb if i in out and i not in batch]
        if len(inner) == len(left) == len(right) == 1:
            x = self._stacked(a, la, (*batch, *left, *inner))
            y = self._stacked(b, lb, (*batch, *inner, *right))
            return Code(f"{_operand(x)} @ {y.factor(False)}", PRODUCT, True)
        return self.einsum([a, b], [la, lb], out, dims)

    def _stacked(self, a: Code, have: Labels, want: Labels) -> Code:
        if have == want:
            return a
        if have == (*want[:-2], want[-1], want[-2]):
            return self.swapped(a)
        return self.turned(a, tuple(have.index(i) for i in want))

    def swapped(self, a: Code) -> Code:
        """The last two axes exchanged."""
        return self.called(f"{self.xp}.swapaxes({a.text}, -1, -2)")


def _operand(a: Code) -> str:
    """The left operand of a matrix product: a product by entries in brackets, (Q / 8) @ K."""
    return a.factor(True) if a.matmul or a.level != PRODUCT else f"({a.text})"
