"""A call of a library's function: which library, and its arguments by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from frechet.core.dim import Dim, Shape
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit
from frechet.language.python.axes import Axis
from frechet.language.python.values import Named, Value, array, as_size, integer

SAME = {
    "axis": ("dim", "axes"),
    "keepdims": ("keepdim",),
    "x": ("a", "input", "A", "arr", "X", "array", "m", "self", "object", "x1"),
    "y": ("b", "other", "B", "x2", "mat2", "vec2", "vec"),
    "ddof": ("correction",),
    "condition": ("cond",),
    "axis1": ("dim1",),
    "axis2": ("dim2",),
    "k": ("offset", "diagonal"),
    "how": ("indices_or_sections", "split_size_or_sections"),
    "low": ("a_min", "min"),
    "high": ("a_max", "max"),
}
"""Other libraries' names for an argument."""

IDLE = frozenset(("dtype", "device", "requires_grad", "out_type", "precision", "preferred_element_type", "optimize"))
"""Arguments that say nothing of the value."""


@final
@dataclass
class Call:
    """A call: the function's full name, its arguments, what makes sizes agree.

    `dialect` is the library that the text speaks of elsewhere ("numpy", "torch", "both" or ""), for methods and
    bare names.
    """

    path: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    fit: Fit
    dialect: str = ""
    assumed: list[str] = field(default_factory=list[str])

    @property
    def library(self) -> str:
        """The library that is called: "numpy", "torch", "jax", "scipy", or "" where the text does not say which.

        Of a method the keywords say it, else the rest of the text; where that speaks of neither, NumPy is meant.
        """
        top = self.path.split(".")[0] if "." in self.path else "method"
        if top == "linalg":
            return ""
        if top != "method":
            return top
        if self.kwargs.keys() & {"dim", "keepdim", "unbiased", "correction"}:
            return "torch"
        if self.kwargs.keys() & {"axis", "keepdims", "ddof"}:
            return "numpy"
        if self.path.startswith("method.") and self.dialect == "":
            return "numpy"
        return "" if self.dialect == "both" else self.dialect

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.path.rpartition(".")[2]

    def take(self, *required: str, **optional: Value) -> list[Value]:
        """The arguments by name, the optional ones with their defaults.

        >>> Call("numpy.sum", (1,), {"dim": 0}, Fit()).take("x", axis=None, keepdims=False)
        [1, 0, False]
        """
        names = [*required, *optional]
        if len(self.args) > len(names):
            raise FrechetError("syntax", f"{self.name} takes {len(names)} arguments here; got {len(self.args)}")
        found: dict[str, Value] = dict(zip(names, self.args, strict=False))
        for given, value in self.kwargs.items():
            name = given if given in names else next((n for n in names if given in SAME.get(n, ())), None)
            if name is None:
                if given in IDLE:
                    real_type(value)
                    continue
                raise FrechetError("unsupported", f"{self.name}(…, {given}=…) is not read: leave {given} out")
            if name in found:
                raise FrechetError("syntax", f"{self.name} gets {name} twice")
            found[name] = value
        for name in required:
            if name not in found:
                raise FrechetError("syntax", f"{self.name} needs {name}")
        return [found.get(name, optional.get(name)) for name in names]


def kind_of(value: Value) -> str:
    """The kind of numbers that a dtype names: "float64", "bool", …

    >>> kind_of(Named("numpy.bool_")), kind_of("bool"), kind_of(None)
    ('bool', 'bool', '')
    """
    word = value.path.rpartition(".")[2] if isinstance(value, Named) else value if isinstance(value, str) else ""
    return word.rstrip("_")


def real_type(value: Value) -> None:
    """Refuse a conversion to whole numbers or truth values: it cuts off what a derivative sees."""
    word = kind_of(value)
    if word.startswith(("int", "uint", "bool", "long", "short")):
        raise refuse(f"a conversion to {word} jumps: leave it out")


def axis_of(value: Value) -> Axis:
    """None, a whole number, or several."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return tuple(integer(k, "an axis") for k in value)
    return integer(value, "an axis")


def one_axis(value: Value) -> int | None:
    """None or one axis."""
    return None if value is None else integer(value, "an axis")


def shape_of(value: Value) -> Shape:
    """A shape: a size or a tuple of sizes."""
    listed = value if isinstance(value, tuple) else (value,)
    return tuple(Dim.of(as_size(d)) for d in listed)


def arrays_of(value: Value) -> list[Array]:
    """A list of arrays."""
    if not isinstance(value, tuple):
        raise FrechetError("unsupported", "a list of arrays is wanted here, written out as [a, b]")
    return [array(v) for v in value]


def refuse(text: str) -> FrechetError:
    """What is not read, and what to write instead."""
    return FrechetError("unsupported", text)
