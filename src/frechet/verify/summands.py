"""The value of a sum over an index of matrix formulas: sum(i: X[i,:]'*X[i,:]) term by term.

What the index does not touch is evaluated once, outside; the rest again for each value of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from frechet.core.dim import Shape, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.core.op import Op, Params
from frechet.errors import FrechetError
from frechet.ops.blocks import COLUMN, ENTRY, ROW, SLICE
from frechet.ops.constants import UNIT
from frechet.ops.indexform import AT, DELTA, ISUM

PICKS = (AT, ROW, COLUMN, SLICE, UNIT)
"""What an index picks: an entry, a row, a column, a slice, a basis vector."""


def touched(total: Expr) -> set[Expr]:
    """The parts of a sum's body that depend on its indices.

    >>> from frechet.language.problem import read_formula
    >>> from frechet.ops.expressions import variable
    >>> e = read_formula("sum(i: X[i,:]*tanh(A))", {"X": variable("X", ("m", "n")), "A": variable("A", ("n", "n"))})
    >>> sorted(part.op.name for part in touched(e))
    ['mul', 'row']
    """
    found: set[Expr] = set()
    for e in postorder(*total.args):
        if not found.isdisjoint(e.args) or (e.op in (*PICKS, DELTA) and not set(total.params).isdisjoint(e.params)):
            found.add(e)
    return found


def below(e: Expr) -> list[Expr]:
    """What is evaluated before e: its arguments; of a sum over an index what that does not touch."""
    if e.op is not ISUM:
        return list(e.args)
    moving = touched(e)
    return list(dict.fromkeys(a for x in (*moving, e) for a in x.args if a not in moving))


def in_order(roots: list[Expr]) -> Iterator[Expr]:
    """Every part that is evaluated once, what it needs before it."""
    seen: set[Expr] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        e, opened = stack.pop()
        if opened:
            yield e
        elif e not in seen:
            seen.add(e)
            stack.append((e, True))
            stack.extend((a, False) for a in reversed(below(e)) if a not in seen)


Reader = Callable[[Expr], Params]
"""The parameters of a node with its sizes as integers."""


def summed(total: Expr, sizes: Mapping[str, int], params: Reader) -> Callable[..., Any]:
    """The value function of a sum, over the values of :func:`below` in their order."""
    moving = touched(total)
    given = below(total)
    order = [e for e in postorder(*total.args) if e in moving]
    if any(e.op in (ISUM, DELTA) for e in order):
        raise FrechetError("unsupported", "a sum over an index inside another is not evaluated")
    ranges = [_range(name, order, sizes) for name in total.params]
    steps = [(e, _value(e.op), params(e)) for e in order]

    def value(xp: Any, _: Params, *arrays: Any) -> Any:
        known = dict(zip(given, arrays, strict=True))
        result: Any = 0.0
        for at in product(*ranges):
            index = dict(zip(total.params, at, strict=True))
            for e, function, own in steps:
                here = tuple(index.get(p, p) if isinstance(p, str) else p for p in own)
                found = function(np, here, *[known[a] for a in e.args])
                known[e] = np.reshape(found, [d.evaluate(sizes) for d in e.shape])
            result = result + known[total.args[0]]
        return np.asarray(result)

    return value


def _value(op: Op) -> Callable[..., Any]:
    return ENTRY.value if op is AT else op.value


def _axes(e: Expr) -> Shape:
    """What the indices of a pick run along, in their order."""
    if e.op is UNIT:
        return e.shape
    shape = e.args[0].shape
    return shape if e.op in (AT, SLICE) else rows_cols(shape)[:1] if e.op is ROW else rows_cols(shape)[1:]


def _range(name: str, order: list[Expr], sizes: Mapping[str, int]) -> range:
    """The values of an index: as many as the axes that it picks from are long."""
    lengths: set[int] = set()
    for e in order:
        if e.op in PICKS:
            lengths |= {d.evaluate(sizes) for d, p in zip(_axes(e), e.params, strict=False) if p == name}
    if len(lengths) != 1:
        why = f"runs to {min(lengths)} and to {max(lengths)}" if lengths else "picks nothing that says how far it runs"
        raise FrechetError("shape", f"the index {name} {why}")
    return range(1, lengths.pop() + 1)
