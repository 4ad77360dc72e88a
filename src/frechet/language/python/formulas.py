"""Functions that are formulas: the tables of `ops.written` and `ops.words` read on NumPy's arrays, which broadcast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache

from frechet.core.written import Written
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, said
from frechet.language.python.axes import reduced
from frechet.language.python.calls import Call, refuse
from frechet.language.python.recorded import reader_of
from frechet.language.python.values import Value, array, negated, number_or_none, operate
from frechet.language.reader import read
from frechet.language.tree import Node, walk
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply
from frechet.ops.words import READ
from frechet.ops.written import WRITTEN

_SIGNS = {"mul": "hadamard", "divide": "edivide", "power": "epower"}
"""NumPy's operators are entry by entry."""

_trees = cache(read)


def value_of(call: Call, formula: str, values: Mapping[str, Value]) -> Value:
    """What a formula is worth where its names are worth these values.

    >>> from frechet.language.python.arrays import Fit, leaf
    >>> value_of(Call("f", (), {}, Fit()), "log(1+x)/2", {"x": leaf("x", ("n",))}).expr
    divide(log(add(number(Fraction(1, 1)), variable('x', ()))), number(Fraction(2, 1)))
    """
    known = dict(values)
    made: Value = None
    for statement in _trees(formula):
        root = statement.args[0] if statement.kind == "define" else statement
        made = _worth(call, root, known)
        if statement.kind == "define":
            known[str(statement.data)] = made
    return made


def _worth(call: Call, root: Node, known: Mapping[str, Value]) -> Value:
    stack: list[Value] = []
    for node in walk(root):
        below = len(node.args)
        args = stack[len(stack) - below :]
        del stack[len(stack) - below :]
        stack.append(_piece(call, node, args, known))
    return stack[-1]


def _piece(call: Call, node: Node, args: list[Value], known: Mapping[str, Value]) -> Value:
    if node.kind == "number":
        exact: Fraction = node.data[0]
        return int(exact) if exact.denominator == 1 else exact
    name = str(node.data)
    if node.kind == "name":
        return known[name] if name in known else Array(apply(name, ()), ())
    if node.kind == "call":
        return reader_of(REGISTRY[name])(Call(f"frechet.{name}", tuple(args), {}, call.fit))
    if name == "neg":
        return negated(args[0], call.fit)
    left, right = args
    op = _SIGNS.get(name, name)
    if op in ("hadamard", "edivide") and number_or_none(right) == 1:
        return left  # a parameter that was left at 1
    if op == "hadamard" and number_or_none(left) == 1:
        return right
    return operate(call.fit, op, left, right)


def reader(entry: Written) -> Callable[[Call], Value]:
    """How a call of a function that is a formula is read."""
    required, optional = _parameters(entry.parameters)

    def handler(call: Call) -> Value:
        more = {"reduction": "mean"} if entry.reduced else {}
        taken = call.take(*required, **more, **optional)
        values: dict[str, Value] = dict(zip([*required, *more, *optional], taken, strict=True))
        how = values.pop("reduction", None)
        arrays = {name: v if number_or_none(v) is not None else array(v) for name, v in values.items()}
        if len(arrays) == 1:
            arrays = {name: array(v) for name, v in arrays.items()}
        if entry.reduced:
            same_shape(call, *(array(arrays[name]) for name in required[:2]))
        if entry.caution:
            call.assumed.append(entry.caution)
        made = value_of(call, entry.formula, arrays)
        return reduction(call, array(made), how) if entry.reduced else made

    return handler


def _parameters(text: str) -> tuple[list[str], dict[str, Value]]:
    """The parameters that must be passed, and the others with their defaults.

    >>> _parameters("x, alpha=1, slope=0.01")
    (['x'], {'alpha': 1, 'slope': Fraction(1, 100)})
    """
    required: list[str] = []
    optional: dict[str, Value] = {}
    for piece in text.split(","):
        name, _, default = piece.strip().partition("=")
        if default:
            exact = Fraction(default)
            optional[name] = int(exact) if exact.denominator == 1 else exact
        else:
            required.append(name)
    return required, optional


def same_shape(call: Call, a: Array, b: Array) -> None:
    """Refuse a loss of two arrays that would broadcast."""
    if len(a.shape) != len(b.shape):
        text = f"{call.name} of shapes {said(a.shape)} and {said(b.shape)} would broadcast: give both one shape"
        raise FrechetError("shape", text)


def reduction(call: Call, losses: Array, how: Value) -> Array:
    """The losses of all entries as one: their mean, their sum, or themselves."""
    if how == "none":
        return losses
    if how not in ("mean", "sum"):
        raise refuse(f"the reduction {how!r} is not read: 'mean', 'sum' and 'none' are")
    return reduced(call.fit, str(how), losses)


WORDS: tuple[Written, ...] = tuple(
    Written(word.python, word.cases[0].of, word.cases[0].formula) for word in READ if word.python and word.entrywise
)
"""The words that are formulas of entries."""
FORMULAS: Mapping[str, Callable[[Call], Value]] = {
    name: reader(entry)
    for entry in (*WORDS, *WRITTEN, *(entry for op in REGISTRY.values() for entry in op.formulas))
    for name in entry.python
}
"""The part of the table that is formulas."""
