"""The code for JAX: arrays are never written to, so what is filled in place is built of additions at indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import final

from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.text import ATOM, Code, Piece, aligned, shape, size
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

    def scipy(self, word: str, text: str) -> Code:
        """A call of jax.scipy.linalg."""
        self.imports[f"from jax.scipy.linalg import {word}"] = None
        return Code(text)

    def inverse(self, a: Code, how: str, factor: Code | None, n: Dim) -> Code:
        """inv(A)."""
        eye = self.called(f"{self.xp}.eye({size(n).text})")
        if how in ("lower", "upper"):
            return self.triangular(a, eye, how == "lower", False, 2)
        if how == "definite":
            return self.scipy("cho_solve", f"cho_solve({(factor or self.factor(a, how)).text}, {eye.text})")
        if factor is not None:
            return self.scipy("lu_solve", f"lu_solve({factor.text}, {eye.text})")
        return self.called(f"{self.xp}.linalg.inv({a.text})")

    def fill(
        self, name: str, base: tuple[Code, bool] | None, terms: Sequence[tuple[Fraction, Labels, Piece]], dims: Dims
    ) -> list[str]:
        """Statements that build an array of additions along diagonals."""
        dtype = "" if base is not None else f", {self._dtype(terms)}" if self._dtype(terms) else ""
        lines = [f"{name} = {base[0].text if base else f'{self.xp}.zeros({shape(dims)}{dtype})'}"]
        for number, (c, out, piece) in enumerate(terms):
            view = tuple(dict.fromkeys(out))
            ties = [i for i in view if out.count(i) > 1]
            rest = [i for i in view if i not in ties]
            index: list[str] = []
            for k, i in enumerate(out):
                if i not in ties:
                    index.append(":")
                    continue
                before = [":" if t == i else "None" for t in ties]
                text = f"{self.xp}.arange({size(dims[k]).text})"
                index.append(text if len(ties) == 1 else f"{text}[{', '.join(before)}]")
            order = [*ties, *rest]  # what is indexed by arrays comes first
            places = tuple(order.index(i) for i in piece.at)
            if not ties:
                made = self.product(abs(c), [replace(piece, at=tuple(out.index(i) for i in piece.at))], len(out))
                if number == 0 and base is None and c > 0:
                    lines = [f"{name} = {self.full(piece.text, piece.at, dims).text}"]
                    continue
                lines.append(f"{name} = {name} {'-' if c < 0 else '+'} {made.factor(False)}")
                continue
            if _together([k for k, i in enumerate(out) if i in ties]):
                first = next(k for k, i in enumerate(out) if i in ties)
                before_ = [i for i in out[:first]]
                order = [*before_, *ties, *(i for i in rest if i not in before_)]
                places = tuple(order.index(i) for i in piece.at)
            made = self.product(c, [replace(piece, at=places)], len(order))
            verb = "set" if number == 0 and base is None else "add"
            lines.append(f"{name} = {name}.at[{', '.join(index)}].{verb}({made.text})")
        return [self.use(line) for line in lines]

    @staticmethod
    def _dtype(terms: Sequence[tuple[Fraction, Labels, Piece]]) -> str:
        names = [t.text.text for _, _, t in terms if t.at and t.text.text.isidentifier()]
        return f"{names[0]}.dtype" if names else ""


def _together(places: Sequence[int]) -> bool:
    """Whether the indices that are arrays stand side by side."""
    return places[-1] - places[0] == len(places) - 1


__all__ = ["ATOM", "Jax", "aligned"]
