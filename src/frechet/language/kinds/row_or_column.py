"""A name that can only be a row or a column: its rows, or its columns, are made 1 by what stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr, postorder
from frechet.language.elaborate import Misfit
from frechet.language.names import Kind, habit, loose
from frechet.language.sizes import Sizes
from frechet.ops import REGISTRY

_BESIDE = frozenset(("add", "sub", "hadamard", "edivide"))
_ENTRYWISE = frozenset(("transpose", "declared"))


def pressed(
    misfit: Misfit,
    sizes: Sizes,
    shapes: Mapping[str, Shape],
    kinds: Mapping[str, Kind],
    declared: Collection[str],
) -> dict[str, Kind]:
    """What the matrices and vectors become whose rows or columns can only be 1; {} where that would be a guess.

    `Y - h*W` with a row h makes Y one, and `y - h*W` y.  What stands by itself beside the row or column gives way
    to it; inside a product only a declared row or column counts.  A lone `b'` presses nothing: whoever writes
    `X*W + b'` means b' to be added to every row.
    """
    if sizes.pressed is None:
        return {}
    unknown = Dim.of(sizes.pressed)
    become: dict[str, Kind] = {}
    for name, shape in shapes.items():
        ones = [sizes.resolve(d) == unknown for d in shape]
        if any(ones):
            if kinds[name] not in ("matrix", "vector") or (len(ones) > 1 and all(ones)):
                return {}
            become[name] = "row" if ones[0] else "vector"
    sides = [(operand, _variables(operand)) for operand in misfit.operands]
    giving = [operand for operand, leaves in sides if not become.keys().isdisjoint(leaves)]
    others = [(operand, leaves) for operand, leaves in sides if become.keys().isdisjoint(leaves)]
    if len(giving) != 1 or len(others) != 1:
        return {}
    (pressing, leaves), rows = others[0], "row" in become.values()
    lone = len(leaves) == 1 and _entry_by_entry(pressing)
    if misfit.node.kind == "define":
        return become  # the value of a name whose shape is declared
    if _of_two(str(misfit.node.data)) and _entry_by_entry(giving[0]):
        turned = any(e.op.name == "transpose" for e in postorder(pressing))
        return {} if lone and turned else become
    if any(kinds[name] == "vector" for name in become):
        return {}
    fixed = any(name in declared and _is_one(leaf.shape, rows) for name, leaf in leaves.items())
    return become if fixed and not lone else {}


def _of_two(name: str) -> bool:
    """Whether an operation takes two arrays entry by entry."""
    op = REGISTRY.get(name)
    return name in _BESIDE or (op is not None and op.elementwise and op.call.count("x") == 2)


def _variables(e: Expr) -> dict[str, Expr]:
    return {str(leaf.params[0]): leaf for leaf in postorder(e) if leaf.op.name == "variable"}


def _is_one(shape: Shape, rows: bool) -> bool:
    """Whether an array has one row (else: one column)."""
    return len(shape) == 2 and shape[0] == ONE if rows else len(shape) == 1


def _entry_by_entry(e: Expr) -> bool:
    """Whether each entry is made of the same entry of the names below, and of coefficients: `c*Y`, but not `Y*b`."""
    return all(
        not node.args
        or node.op.elementwise
        or node.op.name in _ENTRYWISE
        or (node.op.name == "mul" and not node.args[0].shape and _coefficient(node.args[0]))
        or (node.op.name in ("divide", "epower") and not node.args[1].shape)
        for node in postorder(e)
    )


def _coefficient(e: Expr) -> bool:
    """Whether no single letter that is no scalar by habit was taken for one."""
    return all(habit(name) == "scalar" or loose(name) for name in _variables(e))
