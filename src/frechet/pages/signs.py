r"""How a page writes the left side of a statement: ∂C/∂A in ASCII or Unicode, \frac{\partial C}{\partial A} in LaTeX.

A page asks for what is meant (a ratio, an entry, the matrix of a layout and stacking), the alphabet writes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol, final

from frechet.errors import FrechetError
from frechet.library.declared import scalar

SUBSCRIPTS = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
LOWERED = "0123456789aehijklmnoprstuvx"
RAISED = {"⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9"}


@cache
def shown(name: str, latex: bool) -> str:
    """A name by the one table that the formulas are set by."""
    inside = re.fullmatch(r"conj\((\w+)\)", name)
    if inside:
        return rf"\overline{{{shown(inside[1], True)}}}" if latex else f"conj({shown(inside[1], False)})"
    try:
        one = scalar(name)
        return one.latex() if latex else one.unicode()
    except FrechetError:
        return rf"\mathrm{{{name}}}" if latex else name


class Signs(Protocol):
    """An alphabet of left sides."""

    def name(self, name: str) -> str:
        """A name as the formulas show it."""
        ...

    def increment(self, name: str) -> str:
        """dC."""
        ...

    def ratio(self, above: str, below: str) -> str:
        """∂C/∂A of two names."""
        ...

    def quotient(self, above: str, below: str) -> str:
        """∂C/∂A of what is set already."""
        ...

    def entry(self, name: str, indices: Sequence[str]) -> str:
        """C[i,j]."""
        ...

    def gradient(self, name: str) -> str:
        """∇f."""
        ...

    def second(self, value: str, above: str, below: str) -> str:
        """∂²f/∂x∂y."""
        ...

    def moved(self, quotient: str) -> str:
        """d(∂f/∂x)."""
        ...


@final
class Plain:
    """ASCII, or on a terminal Unicode: Greek letters, digits and indices lowered."""

    def __init__(self, unicode: bool) -> None:
        self.unicode = unicode

    def name(self, name: str) -> str:
        """A name, on a terminal with Greek letters and its digits lowered."""
        return shown(name, False) if self.unicode else name

    def increment(self, name: str) -> str:
        """dC."""
        return f"d{self.name(name)}"

    def ratio(self, above: str, below: str) -> str:
        """∂C/∂A."""
        return self.quotient(self.name(above), self.name(below))

    def quotient(self, above: str, below: str) -> str:
        """∂C/∂A."""
        return f"∂{above}/∂{below}"

    def entry(self, name: str, indices: Sequence[str]) -> str:
        """`C[i,j]`, on a terminal `Cᵢⱼ` where there are such letters.

        >>> Plain(True).entry("C", ["i", "j"])
        'Cᵢⱼ'
        """
        name = self.name(name)
        if not indices:
            return name
        lowered = name[-1] not in "₀₁₂₃₄₅₆₇₈₉" and all(len(word) == 1 and word in LOWERED for word in indices)
        if self.unicode and lowered:
            return name + "".join(indices).translate(SUBSCRIPTS)
        return f"{name}[{','.join(indices)}]"

    def gradient(self, name: str) -> str:
        """∇f."""
        return f"∇{name}"

    def second(self, value: str, above: str, below: str) -> str:
        """∂²f/∂x∂x."""
        return f"∂²{value}/∂{above}∂{below}"

    def moved(self, quotient: str) -> str:
        """d(∂f/∂x)."""
        return f"d({quotient})"


@final
class Tex:
    """LaTeX."""

    def name(self, name: str) -> str:
        """A name in its own letters."""
        return shown(name, True)

    def increment(self, name: str) -> str:
        r"""dC.

        >>> Tex().increment("C"), Tex().increment("loss")
        ('\\mathrm{d}C', '\\mathrm{d}\\mathrm{loss}')
        """
        return rf"\mathrm{{d}}{self.name(name)}"

    def ratio(self, above: str, below: str) -> str:
        """∂C/∂A."""
        return self.quotient(self.name(above), self.name(below))

    def quotient(self, above: str, below: str) -> str:
        """∂C/∂A."""
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def entry(self, name: str, indices: Sequence[str]) -> str:
        r"""An entry; of a name with a subscript in brackets.

        >>> Tex().entry("C", ["i", "j"]), Tex().entry("W1", ["i"])
        ('C_{ij}', '\\left(W_{1}\\right)_{i}')
        """
        name = self.name(name)
        if not indices:
            return name
        if "_{" in name or name.startswith(r"\frac"):
            name = rf"\left({name}\right)"
        return f"{name}_{{{('' if all(len(i) == 1 for i in indices) else ', ').join(indices)}}}"

    def gradient(self, name: str) -> str:
        """∇f."""
        return rf"\nabla {self.name(name)}"

    def second(self, value: str, above: str, below: str) -> str:
        """∂²f/∂x∂x."""
        twice = rf"\partial {above}^{{2}}" if above == below else rf"\partial {above}\, \partial {below}"
        return rf"\frac{{\partial^{{2}} {value}}}{{{twice}}}"

    def moved(self, quotient: str) -> str:
        """d(∂f/∂x)."""
        return rf"\mathrm{{d}}{quotient}"

    # What only a formula says: the layout and the stacking of a matrix.

    def stacked(self, name: str, axes: int, vec: str) -> str:
        r"""A name as a column: itself, or its columns or rows stacked.

        >>> Tex().stacked("A", 2, "row"), Tex().stacked("x", 1, "row")
        ('\\operatorname{vec}(A^{\\top})', 'x')
        """
        inner = self.name(name)
        if axes < 2:
            return inner
        if axes > 2 and vec == "row":
            order = ", ".join(str(k) for k in range(axes, 0, -1))
            return rf"\operatorname{{vec}}(\operatorname{{permute}}({inner}, {order}))"
        return r"\operatorname{vec}(" + inner + (r"^{\top})" if vec == "row" else ")")

    def matrix(self, above: str, below: str, layout: str, flat: tuple[bool, bool]) -> str:
        r"""The Jacobian of columns (or numbers, where `flat` says so) in a layout.

        >>> print(Tex().matrix("y", "x", "numerator", (False, False)))
        \frac{\partial y}{\partial x^{\top}}
        """
        if layout == "numerator":
            return self.quotient(above, below if flat[1] else self.turned(below))
        return self.quotient(above if flat[0] else self.turned(above), below)

    def free(self, said: str, name: str) -> str:
        r"""The free entries of a variable, from the words for them.

        >>> Tex().free("vech(S')", "S"), Tex().free("below the diagonal of K, in the order of vech(K)", "K")
        ('\\operatorname{vech}(S^{\\top})', '\\operatorname{low}(K)')
        """
        inner = self.name(name)
        called = re.fullmatch(r"(\w+)\((\w+)('?)\)", said)
        if called:
            return rf"\operatorname{{{called[1]}}}({inner}" + (r"^{\top})" if called[3] else ")")
        return rf"\operatorname{{low}}({inner})" if said != name else inner

    def turned(self, column: str) -> str:
        """The transpose of a column."""
        return rf"{column}^{{\top}}"


def size(words: str) -> str:
    r"""A size in words as mathematics.

    >>> size("m×n"), size("n²×1"), size("p(p+1)/2×1"), size("2·d_model×1")
    ('m \\times n', 'n^{2} \\times 1', 'p(p+1)/2 \\times 1', '2 \\, d_{\\mathrm{model}} \\times 1')
    """
    words = re.sub(r"[A-Za-z]+\w*[_0-9]\w*", lambda word: shown(word[0], True), words)
    words = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda power: f"^{{{''.join(RAISED[c] for c in power[0])}}}", words)
    return words.replace("×", r" \times ").replace("·", r" \, ").replace("*", " ")
