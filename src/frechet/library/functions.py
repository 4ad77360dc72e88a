"""The operations of the language as functions: ``fr.exp``, ``fr.inv``, ``fr.sum``, each made from its record.

Formulas, numbers and sizes may be passed alike.  An axis is NumPy's here (0 the first, -1 the last): the formula
language counts axes from 1, and what is ``axis=0`` is printed, and typed in a text, as ``sum(X,1)``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import Parameter
from numbers import Integral
from textwrap import fill
from typing import TYPE_CHECKING, Any, cast, final

from frechet.core.caution import filled
from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.library.formula import Formula, build, expr_of

if TYPE_CHECKING:
    from frechet.core.op import Op
    from frechet.library.formula import Operand
    from frechet.library.words import Size

TYPES = {"x": "Operand", "d": "Size", "i": "Size", "k": "int", "a": "int | None"}
"""The types of arguments by the letters of `Op.call`."""
_USUAL = {"x": ("x", "a", "b", "c", "d"), "d": ("n", "m", "n"), "i": ("i",), "k": ("k",), "a": ("axis",)}
"""What arguments are called: the first where there is one of a letter, the others where there are more."""
DOMAINS = {
    "positive": "every entry of {} positive",
    "unit": "every entry of {} between -1 and 1",
    "probability": "every entry of {} between 0 and 1",
    "nonzero": "{} not zero",
    "invertible": "{} invertible",
    "spectrum": "eigenvalues of {} all distinct",
    "singular values": "singular values of {} distinct, none zero",
    "full rank": "{} of full rank",
    "full column rank": "{} of full column rank",
}
"""What a domain asks of an argument, in words."""
_WIDTH = 110
_AXIS = "The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last."


@final
@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function: its letter in `Op.call`, what Python calls it, whether it may be left out.

    `several` stands for one after the other, as the sizes of `ones(m,n,p)`.
    """

    letter: str
    name: str
    optional: bool = False
    several: bool = False

    @property
    def type(self) -> str:
        """Its type as an annotation.

        >>> Argument("x", "b", True).type, Argument("a", "axis", True).type
        ('Operand | None', 'int | None')
        """
        said = TYPES[self.letter]
        if self.several:
            return said.removesuffix(" | None")
        return f"{said} | None" if self.optional and not said.endswith("None") else said


def names() -> list[str]:
    """The operations that a function is made for, by their names: those that are called, and stand alone.

    >>> {"exp", "kron", "eye"} <= set(names()), {"mul", "einsum", "delta"} & set(names())
    (True, set())
    """
    from frechet.ops import REGISTRY

    return [name for name, op in REGISTRY.items() if _made_for(op)]


def _made_for(op: Op) -> bool:
    return bool(op.call) and op.normal is not None and not op.outside and set(op.call) <= {*TYPES, "?", "+"}


def function_of(name: str) -> Callable[..., Formula] | None:
    """The function of the operation of that name; None where there is none.

    >>> function_of("kron")("x", "y")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: a formula, a number or a size is wanted here; got a text: fr.parse reads one
    """
    from frechet.ops import REGISTRY

    op = REGISTRY.get(name)
    return _function(op) if op is not None and _made_for(op) else None


@cache
def _function(op: Op) -> Callable[..., Formula]:
    listed = arguments(op)
    said = signature(listed)

    def function(*args: object, **kwargs: object) -> Formula:
        try:
            given = said.bind(*args, **kwargs).arguments
        except TypeError as trouble:
            raise TypeError(f"{op.name}() {trouble}") from None
        return _applied(op, listed, given)

    function.__name__ = function.__qualname__ = op.name
    function.__module__ = "frechet"
    function.__doc__ = docstring(op)
    function.__annotations__ = {a.name: a.type for a in listed} | {"return": "Formula"}
    cast("Any", function).__signature__ = said
    return function


def arguments(op: Op) -> list[Argument]:
    """The arguments of the function of an operation, in order.

    >>> from frechet.ops import REGISTRY
    >>> [a.name for a in arguments(REGISTRY["kron"])], [a.name for a in arguments(REGISTRY["reshape"])]
    (['a', 'b'], ['x', 'sizes'])
    """
    least = len(op.call.partition("?")[0])
    letters = op.call.replace("?", "").rstrip("+")
    several = len(letters) - 1 if op.call.endswith("+") else None
    usual = {c: iter(_USUAL[c] if letters.count(c) == 1 else _USUAL[c][1:]) for c in set(letters)}
    called = op.arguments or tuple(next(usual[c]) for c in letters)
    return [
        Argument(c, name, k >= least, k == several) for k, (c, name) in enumerate(zip(letters, called, strict=True))
    ]


def signature(listed: list[Argument]) -> inspect.Signature:
    """The signature of a function of these arguments."""
    either = Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        Parameter(
            a.name,
            Parameter.VAR_POSITIONAL if a.several else either,
            default=None if a.optional else Parameter.empty,
            annotation=a.type,
        )
        for a in listed
    ]
    return inspect.Signature(parameters, return_annotation="Formula")


def _applied(op: Op, listed: list[Argument], given: Mapping[str, Any]) -> Formula:
    """The operation of what was passed."""
    operands = [given[a.name] for a in listed if a.letter == "x" and given.get(a.name) is not None]
    if any(a.letter == "x" and not a.optional and given[a.name] is None for a in listed):
        expr_of(None)  # says what is wanted
    if op.with_one and len(operands) == 1:
        return build(op.with_one, *operands)
    params: list[object] = []
    for a in listed:
        value = given.get(a.name)
        if a.several:
            values = cast("tuple[object, ...]", given.get(a.name, ()))
            if not values:
                raise TypeError(f"{op.name}() missing {a.name}, as in {op.example}")
            params += [_one_axis(operands[0], v) if a.letter == "a" else _size(cast("Size", v)) for v in values]
        elif a.letter == "a":
            params.append(axis_of(operands[0], value))
        elif a.letter == "k":
            params.append(_order(op, listed, a.name, value))
        elif a.letter in "di" and not (a.optional and value is None):
            params.append(_size(cast("Size", value)))
    return build(op.name, *operands, params=tuple(params))


def axis_of(x: Operand, axis: int | None) -> int | None:
    """NumPy's axis (0 the first, -1 the last) as the language counts it, from 1; None for every entry.

    >>> import frechet as fr
    >>> axis_of(fr.matrix("A", "m", "n"), 0), axis_of(fr.matrix("A", "m", "n"), -1)
    (1, 2)
    """
    if axis is None:
        return None
    order = len(expr_of(x).shape)
    if isinstance(axis, bool) or not isinstance(axis, Integral):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise FrechetError("input", f"an axis is a whole number or None, as in NumPy; got {axis!r}")
    if not -order <= axis < order:
        there = "a scalar has none" if not order else f"this array has {', '.join(map(str, range(order)))}"
        raise FrechetError("shape", f"there is no axis {axis}: axes count from 0, as in NumPy, and {there}")
    return None if order == 1 else int(axis) % order + 1


def _one_axis(x: Operand, axis: object) -> int:
    """One of several axes: there is no None for all entries."""
    if axis is None:
        raise FrechetError("input", "an axis is a whole number, as in NumPy; got None")
    return axis_of(x, cast("int", axis)) or 1


def _order(op: Op, listed: list[Argument], name: str, value: object) -> int:
    """A whole number that an operation has for a parameter."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        called = ", ".join(a.name for a in listed)
        raise FrechetError("input", f"{op.name}({called}) needs a whole number {name} from 0 on; got {value!r}")
    return value


def _size(value: Size) -> Dim:
    if isinstance(value, Dim):
        return value
    from frechet.language import read_size

    return read_size(value)


# -- what is said of a function ----------------------------------------------------------------------------------------


def docstring(op: Op) -> str:
    r"""What the record says: the meaning, the shapes, where it is defined, and a session that runs.

    >>> from frechet.ops import REGISTRY
    >>> print(docstring(REGISTRY["log"]).partition("\n\n>>>")[0])
    The natural logarithm of every entry.
    <BLANKLINE>
    Any array; the shape stays.
    With every entry of x positive.
    """
    from frechet.ops import REGISTRY

    meaning = f"{op.doc}  {REGISTRY[op.with_one].doc}" if op.with_one else op.doc
    told = "\n".join(fill(line, _WIDTH) for line in _told(op))
    shown = f"\n\n>>> import frechet as fr\n{op.shown}" if op.shown else ""
    return f"{fill(meaning, _WIDTH)}\n\n{told}{shown}"


def _told(op: Op) -> Iterator[str]:
    """The lines between the meaning and the session."""
    listed = arguments(op)
    shape = inspect.getdoc(op.shape) or ""
    if "a" in op.call:  # the record counts axes as the language does
        shape = re.sub(r"\baxis (\d)", lambda m: f"axis {int(m[1]) - 1}", shape)
    yield shape
    if "a" in op.call:
        yield _AXIS
    operands = [a.name for a in listed if a.letter == "x"]
    said = filled(op.caution, operands, whole=op.domain == ("nonzero",)) if op.caution and operands else ""
    asked = [(d, x) for d, x in zip(op.domain, operands, strict=False) if d in DOMAINS]
    needs = [DOMAINS[d].format(x) for d, x in asked if not (said and d in ("nonzero", "invertible"))]
    if needs:
        yield f"With {', '.join(needs)}."
    if said:
        yield f"{said[0].upper() if not said.startswith(tuple(operands)) else said[0]}{said[1:]}."
