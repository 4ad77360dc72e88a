"""Numbers in, numbers out: evaluating formulas on arrays."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.library.arguments import by_name, kind
from frechet.library.novalue import no_value
from frechet.verify.evaluate import evaluate as run
from frechet.verify.evaluate import stopped
from frechet.verify.structure import is_complex

if TYPE_CHECKING:
    from frechet.library.words import Array, Elementwise
    from frechet.verify.evaluate import Function


def evaluate(
    formula: Expr,
    where: Mapping[str, Expr],
    arrays: object,
    more: Mapping[str, object],
    functions: Mapping[str, Elementwise] | None = None,
    known: Mapping[str, Expr] | None = None,
) -> Array:
    """The value of a formula; names of `where` are computed from theirs.

    Where it has none the entries are nan or infinite, and a warning names the operation and what it needs.
    Sizes are read off the arrays of variables that the formula does not have too, where these are `known`.
    """
    values = {**by_name("arrays", arrays if arrays is not None else {}, '{"x": [1, 2]}'), **more}
    if functions is None and "functions" in values:
        functions = cast("Mapping[str, Elementwise]", values.pop("functions"))
    for name, function in by_name("functions", functions or {}, '{"sigma": f}').items():
        if not callable(function):
            raise FrechetError("input", f"{name} is f(array, order of the derivative); got {kind(function)}")
    expr = full(formula, where)
    variables = {str(e.params[0]): e for e in postorder(expr) if e.op.name == "variable"}
    given = {name: e for name, e in (known or {}).items() if name in values}
    arrays, sizes = bind({**given, **variables}, values)
    needed = {name for e in postorder(expr) for p in e.params if isinstance(p, Dim) for name in p.names}
    missing = sorted(needed - set(sizes))
    if missing:
        raise FrechetError("input", f"the size {missing[0]} is not fixed by the arrays: pass {missing[0]}=…")
    given_functions = cast("dict[str, Function]", dict(functions or {}))
    value = np.asarray(run(expr, arrays, sizes, given_functions))
    if not np.isfinite(value).all():
        at = stopped(expr, arrays, sizes, given_functions)
        if at is not None:
            warnings.warn(no_value(at), RuntimeWarning, stacklevel=3)
    return value


def full(formula: Expr, where: Mapping[str, Expr]) -> Expr:
    """The formula with the names of `where` replaced by what they mean."""
    from frechet.core.rewrite import replace

    known: dict[Expr, Expr] = {}
    for name, part in where.items():
        leaf = next((e for e in _leaves(name, formula, *where.values())), None)
        if leaf is not None:
            known[leaf] = replace(part, known)
    return replace(formula, known)


def _leaves(name: str, *formulas: Expr) -> list[Expr]:
    return [e for e in postorder(*formulas) if e.op.name == "variable" and e.params[0] == name]


def bind(variables: Mapping[str, Expr], values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, int]]:
    """Arrays for the variables, and the sizes that follow from their shapes (or are given by name)."""
    arrays: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for name, value in values.items():
        if name not in variables:
            if isinstance(value, Integral):
                sizes[name] = int(value)
            continue
    for name, e in variables.items():
        if name not in values:
            raise FrechetError("input", f"{name} has no value: pass {name}=…, {show(e.shape)}")
        if values[name] is None or isinstance(values[name], str):
            raise FrechetError("input", f"{name} is no array of numbers")
        try:
            a = np.asarray(values[name])
            lost = a.dtype.kind == "c" and not is_complex(e)
            a = a.astype(complex if is_complex(e) or lost else float, copy=False)
        except (ValueError, TypeError) as trouble:
            raise FrechetError("input", f"{name} is no array of numbers") from trouble
        if lost:
            said = f"{name} is real here and its values are complex: declare it complex, or pass its real part"
            raise FrechetError("input", said)
        arrays[name] = shaped(name, a, e)
        for d, k in zip(e.shape, arrays[name].shape, strict=True):
            learn(sizes, d, k, name)
    for name, e in variables.items():
        for d, k in zip(e.shape, arrays[name].shape, strict=True):
            known = d.evaluate(sizes) if d.names <= sizes.keys() else k
            if known != k:
                wanted = f"{show(e.shape)} with {_said(sizes)}"
                raise FrechetError("input", f"{name} should be {wanted}; got {_text(arrays[name].shape)}")
    return arrays, sizes


def shaped(name: str, a: Any, e: Expr) -> Any:
    """The array in the order of its variable: n×1 is a vector, 1×1 a scalar."""
    if a.ndim == len(e.shape):
        return a
    if a.ndim == 2 and len(e.shape) == 1 and a.shape[1] == 1:
        return a[:, 0]
    if a.size == 1 and not e.shape:
        return a.reshape(())
    if a.ndim == 1 and len(e.shape) == 2 and e.shape[0] == 1:
        return a.reshape(1, -1)
    raise FrechetError("input", f"{name} should be {show(e.shape)}; got an array of shape {_text(a.shape)}")


def learn(sizes: dict[str, int], d: Dim, k: int, name: str) -> None:
    """Note that the size d is k, where d is a name."""
    names = d.names
    if len(names) == 1 and d == Dim.of(next(iter(names))):
        old = sizes.setdefault(next(iter(names)), k)
        if old != k:
            raise FrechetError("input", f"the size {d} is {old} elsewhere but {k} in {name}")


def _text(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{k}={v}" for k, v in sorted(sizes.items())) or "these sizes"
