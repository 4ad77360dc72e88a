"""The code for JAX: arrays are never written to, so what is filled in place is built of additions at indices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import final

from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.text import Code, Piece, shape, size
from frechet.compiler.values import Dims, Labels
from frechet.core.dim import Dim


@final
class Jax(Dialect):
    """jax.numpy, and jax.scipy where NumPy has SciPy."""

    name = "jax"
    title = "JAX"
    xp = "jnp"
    library = "import jax.numpy as jnp"
    special = ("jax.scipy.special", "from jax.scipy import special")
    linalg = ("jax.scipy.linalg", "from jax.scipy import linalg")
    by_parts = False

    def straight(self, f: Piece) -> Piece:
        """What is spread as it is: the library finds an order."""
        return f

    def scipy(self, word: str, text: str) -> Code:
        """A call of jax.scipy.linalg."""
        self.imports[f"from jax.scipy.linalg import {word}"] = None
        return Code(text)

    def kept(self, name: str, how: str) -> tuple[list[str], list[str], list[str]]:
        """How a factor is handed on: the arrays of it, their names there, and the statement that joins them."""
        if how == "definite":  # beside the triangle a word that says which: no array
            return [f"{name}[0]"], [f"{name}_upper"], [f"{name} = {name}_upper, False"]
        return [name], [name], []

    def inverse(self, a: Code, how: str, factor: Code | None, n: Dim) -> Code:
        """inv(A)."""
        eye = self.made("eye", size(n).text)
        if how in ("lower", "upper"):
            return self.triangular(a, eye, how == "lower", False, 2)
        if how == "definite":
            return self.scipy("cho_solve", f"cho_solve({(factor or self.factor(a, how)).text}, {eye.text})")
        if factor is not None:
            return self.scipy("lu_solve", f"lu_solve({factor.text}, {eye.text})")
        return self.called(f"{self.xp}.linalg.inv({a.text})")

    def view(self, out: Labels) -> Labels:
        """The axes of a diagonal in the order that an index by arrays gives them."""
        return tied(self.xp, out, ())[1] if len(set(out)) < len(out) else out

    def fill(
        self, name: str, base: tuple[Code, bool] | None, terms: Sequence[tuple[Fraction, Labels, Piece]], dims: Dims
    ) -> list[str]:
        """Statements that build an array of additions along diagonals."""
        dtype = f", {self._dtype(terms)}" if self._dtype(terms) else ""
        lines = [f"{name} = {base[0].text if base else f'{self.xp}.zeros({shape(dims)}{dtype})'}"]
        for number, (c, out, piece) in enumerate(terms):
            first = number == 0 and base is None
            if len(set(out)) == len(out):
                made = self.product(abs(c), [piece], len(out))
                lines.append(f"{name} = {name} {'-' if c < 0 else '+'} {made.factor(False)}")
                continue
            index, order = tied(self.xp, out, dims)
            made = self.product(c, [piece], len(order))
            lines.append(f"{name} = {name}.at[{index}].{'set' if first else 'add'}({made.text})")
        return [self.use(line) for line in lines]

    @staticmethod
    def _dtype(terms: Sequence[tuple[Fraction, Labels, Piece]]) -> str:
        names = [t.text.text for _, _, t in terms if t.at and t.text.text.isidentifier()]
        return f"{names[0]}.dtype" if names else ""


def tied(xp: str, out: Labels, dims: Dims) -> tuple[str, Labels]:
    """The index of a diagonal, and the order that its axes have: those that are indexed by arrays come first.

    Where the arrays stand side by side their axes stay in that place.
    """
    view = tuple(dict.fromkeys(out))
    ties = [i for i in view if out.count(i) > 1]
    rest = [i for i in view if i not in ties]
    index: list[str] = []
    for k, i in enumerate(out):
        if i not in ties:
            index.append(":")
            continue
        before = [":" if t == i else "None" for t in ties]
        text = f"{xp}.arange({size(dims[k]).text})" if dims else ""
        index.append(text if len(ties) == 1 else f"{text}[{', '.join(before)}]")
    places = [k for k, i in enumerate(out) if i in ties]
    order = [*ties, *rest]
    if places[-1] - places[0] == len(places) - 1:
        ahead = list(out[: places[0]])
        order = [*ahead, *ties, *(i for i in rest if i not in ahead)]
    return ", ".join(index), tuple(order)
