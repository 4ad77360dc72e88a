"""Random well-shaped formulas as text, built from the shape that is wanted downwards (Hypothesis draws the choices).

A shape is a tuple of size names, `1` for a row: () scalar, ("n",) vector, ("1", "n") row, ("m", "n") matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from judge.language import names, parse

Shape = tuple[str, ...]
Draw = Callable[..., Any]

SIZES = ("m", "n", "p")

VARIABLES: dict[str, Shape] = {
    "A": ("m", "n"),
    "B": ("n", "p"),
    "C": ("p", "m"),
    "S": ("n", "n"),
    "T": ("m", "m"),
    "x": ("n",),
    "y": ("m",),
    "z": ("p",),
    "r": ("1", "n"),
    "a": (),
    "b": (),
}

SMOOTH = ["exp", "sin", "cos", "tanh", "sigmoid", "softplus", "arctan", "erf", "silu", "gelu", "sinh", "sigma"]
KINKED = ["abs", "relu", "sign", "step"]
BOUNDED = ["tanh", "sigmoid", "sin"]


class Grower:
    """One formula in the making."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def pick(self, options: list[Any] | tuple[Any, ...]) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def any_shape(self) -> Shape:
        kind = self.pick(["vector", "row", "matrix", "square"])
        first, second = self.pick(SIZES), self.pick(SIZES)
        return {"vector": (first,), "row": ("1", first), "matrix": (first, second), "square": (first, first)}[kind]

    def leaf(self, shape: Shape) -> str:
        """A variable of the shape (or its transpose), or a constant."""
        names = [name for name, own in VARIABLES.items() if own == shape] * 2
        names += [f"{name}'" for name, own in VARIABLES.items() if len(own) == 2 and own[::-1] == shape]
        if shape == ():
            return self.pick([*names, "2", "0.5", "3", "(a/n+sum(x))"])
        if len(shape) == 1:
            return self.pick([*names, *names, f"ones({shape[0]})"])
        if shape[0] == "1":
            turned = [f"{name}'" for name, own in VARIABLES.items() if own == shape[1:]]
            return self.pick([name for name in [*names, *turned] if not name.endswith("r'")])
        if shape[0] == shape[1]:
            names.append(f"eye({shape[0]})")
        return self.pick([*names, f"ones({','.join(shape)})"])

    def grow(self, shape: Shape, depth: int) -> str:
        """A formula of the shape, in parentheses wherever they might be needed."""
        if depth <= 0:
            return self.leaf(shape)
        makers = {0: self.scalar, 1: self.vector, 2: self.matrix}
        makers_here = [makers[len(shape)]] * 2 + [self.common, self.leaf_at]
        return self.pick(makers_here)(shape, depth - 1)

    def leaf_at(self, shape: Shape, depth: int) -> str:
        return self.leaf(shape)

    def common(self, shape: Shape, depth: int) -> str:
        """What there is for every shape."""
        kind = self.pick(["+", "-", ".*", "./", "scale", "smooth", "kinked", "square", "log", "neg", "+scalar", "max"])
        one = self.grow(shape, depth)
        if kind in ("+", "-"):
            return f"({one} {kind} {self.grow(shape, depth)})"
        if kind == ".*":
            return f"({one}).*({self.grow(shape, depth)})" if shape else f"({one})*({self.grow(shape, depth)})"
        if kind == "./":
            sign = "./" if shape else "/"
            return f"({one}){sign}(2+({self.grow(shape, depth)}){'.' if shape else ''}^2)"
        if kind == "scale":
            return f"({self.grow((), depth - 1)})*({one})"
        if kind == "smooth":
            return f"{self.pick(SMOOTH)}({one})"
        if kind == "kinked":
            return f"{self.pick(KINKED)}({one})"
        if kind == "square":
            return f"({one}){'.' if shape else ''}^{self.pick(['2', '3'])}"
        if kind == "log":
            return f"{self.pick(['log', 'sqrt'])}(1+exp({one}))"
        if kind == "neg":
            return f"(-({one}))"
        if kind == "max":
            return f"{self.pick(['max', 'min'])}({one}, 0.1+{self.grow(shape, depth - 1)})"
        return f"({one} + {self.grow((), depth - 1)})"

    def scalar(self, shape: Shape, depth: int) -> str:
        inside = self.any_shape()
        size = self.pick(SIZES)
        kind = self.pick(
            ["sum", "mean", "norm2", "norm1", "tr", "det", "logdet", "inner", "form", "lse", "entry", "prod"]
        )
        if kind in ("sum", "mean", "norm2", "norm1"):
            return f"{kind}({self.grow(inside, depth)})"
        if kind == "lse":
            return f"logsumexp({self.grow((size,), depth)})"
        if kind == "prod":
            return f"prod({self.bounded((size,), depth)})"
        if kind in ("tr", "det"):
            return f"{kind}({self.grow((size, size), depth)})"
        if kind == "logdet":
            return f"logdet({self.regular(size, depth)})"
        if kind == "inner":
            return f"({self.grow((size,), depth)})'*({self.grow((size,), depth)})"
        if kind == "form":
            vector = self.grow((size,), depth - 1)
            return f"({vector})'*({self.grow((size, size), depth)})*({vector})"
        other = self.pick(SIZES)
        return f"({self.grow((size, other), depth)})[{self.pick(['1', '2', size])},{self.pick(['1', '2', other])}]"

    def bounded(self, shape: Shape, depth: int) -> str:
        return f"{self.pick(BOUNDED)}({self.grow(shape, depth)})"

    def regular(self, size: str, depth: int) -> str:
        """A square matrix that has an inverse."""
        matrix = self.bounded((size, size), depth - 1)
        return self.pick([f"(3*eye({size})+{matrix})", f"(eye({size})+({matrix})'*({matrix}))"])

    def vector(self, shape: Shape, depth: int) -> str:
        (n,) = shape
        k = self.pick(SIZES)
        kind = self.pick(["product", "rows", "columns", "diag", "softmax", "solve", "column", "row'", "vec", "tri"])
        if kind == "product":
            return f"({self.grow((n, k), depth)})*({self.grow((k,), depth)})"
        if kind == "rows":
            return f"{self.pick(['sum', 'mean', 'logsumexp'])}({self.grow((n, k), depth)},2)"
        if kind == "columns":
            return f"{self.pick(['sum', 'mean', 'logsumexp'])}({self.grow((k, n), depth)},1)"
        if kind == "diag":
            return f"diag({self.grow((n, n), depth)})"
        if kind == "softmax":
            return f"softmax({self.grow(shape, depth)})"
        if kind == "solve":
            return f"inv({self.regular(n, depth)})*({self.grow(shape, depth)})"
        if kind == "column":
            return f"({self.grow((n, k), depth)})[:,1]"
        if kind == "row'":
            return f"({self.grow((k, n), depth)})[2,:]'"
        if kind == "vec":
            return f"({self.grow((n, k), depth)})*reshape(vec(({self.grow((k,), depth)})'),{k},1)"
        return f"{self.pick(['tril', 'triu'])}({self.grow((n, n), depth)})*({self.grow(shape, depth)})"

    def matrix(self, shape: Shape, depth: int) -> str:
        m, n = shape
        if m == "1":
            return f"({self.grow((n,), depth)})'"
        k = self.pick(SIZES)
        kinds = ["product", "product", "outer", "transpose", "softmax", "diag*", "kron", "reshape", "einsum", "block"]
        if m == n:
            kinds += ["inv", "power", "diag", "tril", "gram", "adj"]
        kind = self.pick(kinds)
        if kind == "product":
            return f"({self.grow((m, k), depth)})*({self.grow((k, n), depth)})"
        if kind == "outer":
            return f"({self.grow((m,), depth)})*({self.grow((n,), depth)})'"
        if kind == "transpose":
            return f"({self.grow((n, m), depth)})'"
        if kind == "softmax":
            return f"softmax({self.grow(shape, depth)},{self.pick('12')})"
        if kind == "diag*":
            return f"diag({self.grow((m,), depth)})*({self.grow(shape, depth)})"
        if kind == "kron":
            return f"kron({self.grow((m,), depth)},({self.grow((n,), depth)})')"
        if kind == "reshape":
            return f"reshape(({self.grow((n, m), depth)})',{m},{n})"
        if kind == "einsum":
            return f'einsum("ik,jk->ij", {self.grow((m, k), depth)}, {self.grow((n, k), depth)})'
        if kind == "block":
            left, right = self.grow((m, k), depth - 1), self.grow((m, n), depth - 1)
            return f"[{left}, {right}]*[{self.grow((k, n), depth - 1)}; {self.grow((n, n), depth - 1)}]"
        if kind == "inv":
            return f"inv({self.regular(m, depth)})"
        if kind == "power":
            return f"({self.grow(shape, depth)})^{self.pick(['2', '3'])}"
        if kind == "diag":
            return f"diag({self.grow((m,), depth)})"
        if kind == "tril":
            return f"{self.pick(['tril', 'triu'])}({self.grow(shape, depth)})"
        if kind == "adj":
            return f"adj({self.regular(m, depth)})"
        inside = self.grow((k, n), depth)
        return f"({inside})'*({inside})"


@st.composite
def problems(draw: Draw, depth: int = 6) -> dict[str, Any]:
    """A problem: an expression of some shape that has a variable in it, the variable, and an order."""
    grower = Grower(draw)
    shape = grower.pick([(), (), grower.any_shape()])
    text = grower.grow(shape, draw(st.integers(1, depth)))
    used = [name for name in VARIABLES if name in _names(text)]
    if not used:
        text, used = f"({text})*a", ["a"]
    order = grower.pick([1, 1, 2]) if shape == () else 1
    shapes = {name: [1 if s == "1" else s for s in VARIABLES[name]] for name in used}
    problem: dict[str, Any] = {"expression": text, "wrt": grower.pick(used), "shapes": shapes, "order": order}
    if "sigma(" in text:
        problem["functions"] = ["sigma"]
    return problem


def _names(text: str) -> set[str]:
    return names(parse(text))
