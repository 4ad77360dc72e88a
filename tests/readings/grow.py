"""Random formulas of the kind that people write: names by the habit of the field, shapes that need no declaration.

Choices come from a function (options) → one of them, so that a seeded `random.Random` and Hypothesis both serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Choose = Callable[[Sequence[Any]], Any]
Shape = tuple[str, ...]

SHAPES: dict[str, Shape] = {
    "A": ("m", "n"), "D": ("m", "n"), "X": ("m", "n"), "B": ("n", "p"), "W": ("n", "p"), "C": ("p", "m"),
    "M": ("m", "m"), "S": ("n", "n"), "Sigma": ("n", "n"), "P": ("p", "p"),
    "x": ("n",), "u": ("n",), "w": ("n",), "y": ("m",), "v": ("m",), "z": ("p",),
    "a": (), "b": (), "c": (), "alpha": (), "lambda": (),
}  # fmt: skip
"""The names, each of the kind that habit gives it; Greek small letters are numbers."""
SMOOTH = ("sin", "cos", "tanh", "sigmoid", "softplus", "exp", "relu")


class Grower:
    """Formulas in the making; `matrices` lets exp and its like act on the entries of matrices too."""

    def __init__(self, choose: Choose, matrices: bool = False) -> None:
        self.choose, self.matrices = choose, matrices

    def named(self, shape: Shape) -> str:
        """A name of the shape."""
        return self.choose([name for name, own in SHAPES.items() if own == shape])

    def grow(self, shape: Shape, depth: int) -> str:
        """A formula of the shape, in parentheses where it is a sum or a quotient."""
        if depth <= 0:
            return self.leaf(shape)
        return (self.scalar, self.vector, self.matrix)[len(shape)](shape, depth - 1)

    def leaf(self, shape: Shape) -> str:
        """A name, or a transposed one."""
        names = [name for name, own in SHAPES.items() if own == shape]
        turned = [f"{name}'" for name, own in SHAPES.items() if len(own) == 2 and own[::-1] == shape]
        if not names + turned:
            rows, cols = shape
            inner = self.choose("mnp")
            return f"{self.leaf((rows, inner))}*{self.leaf((inner, cols))}"
        return self.choose(names + turned)

    def scalar(self, shape: Shape, depth: int) -> str:
        """A number."""
        n, m = self.choose("mnp"), self.choose("mnp")

        def of(*size: str) -> str:
            return self.grow(size, depth)

        def power(base: str) -> str:
            return f"({base})^2"

        makers: list[Callable[[], str]] = [
            lambda: self.leaf(()),
            lambda: f"{of(n)}'*{of(n)}" if depth < 1 else f"({of(n)})'*({of(n)})",
            lambda: f"{self.named((n,))}'*{self.leaf((n, m))}*{self.named((m,))}",
            lambda: f"tr({of(n, n)})",
            lambda: f"norm2({of(n)})^2",
            lambda: f"norm2({of(n, m)})^2",
            lambda: f"logdet(eye({n})+{self.leaf((n, m))}*{self.leaf((n, m))}')",
            lambda: f"sum({of(n)})",
            lambda: f"({of()} + {of()})",
            lambda: f"({of()} - {of()})",
            lambda: f"{self.choose('23')}*{of()}",
            lambda: f"{of()}/{self.choose(['2', '(1+norm2(' + self.leaf((n,)) + ')^2)'])}",
            lambda: f"exp(-{power(self.leaf((n,)) + chr(39) + '*' + self.leaf((n,)))})",
            lambda: f"log(1+{power(of())})",
        ]
        return self.choose(makers)()

    def vector(self, shape: Shape, depth: int) -> str:
        """A column."""
        (n,) = shape
        m = self.choose("mnp")

        def of(*size: str) -> str:
            return self.grow(size, depth)

        makers: list[Callable[[], str]] = [
            lambda: self.leaf((n,)),
            lambda: f"{of(n, m)}*{of(m)}",
            lambda: f"{self.leaf((n, m))}*{of(m)}",
            lambda: f"({of(n)} + {of(n)})",
            lambda: f"({of(n)} - {of(n)})",
            lambda: f"(({of(n)}).*({of(n)}))",
            lambda: f"{self.leaf(())}*{of(n)}",
            lambda: f"{self.choose(SMOOTH)}({of(n)})",
            lambda: f"softmax({of(n)})",
            lambda: f"inv(eye({n})+{self.leaf((n, m))}*{self.leaf((n, m))}')*{of(n)}",
            lambda: f"diag({of(n)})*{of(n)}",
        ]
        return self.choose(makers)()

    def matrix(self, shape: Shape, depth: int) -> str:
        """A matrix."""
        m, n = shape
        k = self.choose("mnp")

        def of(*size: str) -> str:
            return self.grow(size, depth)

        makers: list[Callable[[], str]] = [
            lambda: self.leaf((m, n)),
            lambda: f"{of(m, k)}*{of(k, n)}",
            lambda: f"({of(m, n)} + {of(m, n)})",
            lambda: f"({of(m, n)} - {of(m, n)})",
            lambda: f"(({of(m, n)}).*({of(m, n)}))",
            lambda: f"({of(n, m)})'",
            lambda: f"{self.leaf(())}*{of(m, n)}",
            lambda: f"{self.named((m,))}*{self.named((n,))}'",
            lambda: f"diag({of(m)})*{of(m, n)}",
        ]
        if self.matrices:
            makers.append(lambda: f"{self.choose(SMOOTH)}({of(m, n)})")
        return self.choose(makers)()


def formula(choose: Choose, matrices: bool = False) -> str:
    """A random formula with names of habit; Greek small letters alone could be anything, and are not given."""
    while True:
        shape: Shape = choose([(), (), ("n",), ("m",), ("m", "n"), ("n", "n")])
        made = Grower(choose, matrices).grow(shape, choose((1, 2, 2, 3)))
        if any(sign.isupper() or sign in "xuwyvz" for sign in made.replace("Sigma", "S")):
            return made
