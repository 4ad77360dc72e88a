"""A function of several numbers, entry by entry, as a record: what all of them share is filled in here.

Each argument is a scalar or has the shape of the value: a scalar stays one beside arrays, c*ones(n) is the scalar c.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, is_op, is_zero, number, zero
from frechet.algebra.constructors import T, add, all_ones, hadamard, mul, parts
from frechet.algebra.constructors.products import assemble, unturned
from frechet.algebra.constructors.transposes import prefer_turned
from frechet.algebra.node import Node
from frechet.core.code import NO_CODE, Code
from frechet.core.dim import ONE, Shape
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import NO_SLIPS, Slips
from frechet.core.words import NOTHING_TOLD, Telling
from frechet.ops.shapes import agree

Partial = Callable[..., Node]
"""(arguments …) → the derivative by one of them, entry by entry."""


def function_of_several(
    name: str,
    partials: Sequence[Partial],
    value: Callable[..., Any],
    *,
    arguments: tuple[str, ...],
    domain: tuple[str, ...] = (),
    facts: Facts,
    rules: Rules | None = None,
    example: str = "",
    doc: str,
    caution: str = "",
    source: str,
    python: tuple[str, ...] = (),
    latex: tuple[str, ...] = (),
    elsewhere: tuple[str, ...] = (),
    slips: Slips = NO_SLIPS,
    needs: str = "",
    hint: str = "",
    telling: Telling = NOTHING_TOLD,
    code: Code = NO_CODE,
    shown: str,
) -> Op:
    """The record of f, applied to the entries of its arguments: dy = Σ ∂f/∂aₖ.*daₖ, one of the `partials` each."""
    return Op(
        name,
        _shape(name, len(partials)),
        value,
        normal=_reading(name),
        differential=_differential(partials),
        elementwise=True,
        domain=domain or ("any",) * len(partials),
        caution=caution,
        source=source,
        example=example or f"{name}({','.join(arguments)})",
        doc=doc,
        python=python,
        latex=latex,
        call="x" * len(partials),
        arguments=arguments,
        elsewhere=elsewhere,
        slips=slips,
        needs=needs,
        hint=hint,
        telling=telling,
        facts=facts,
        rules=replace(rules or Rules(), again=constructor(name), symmetric=_own_transpose),
        code=code,
        shown=shown,
    )


def _shape(name: str, count: int) -> Callable[[tuple[Shape, ...], Params, Unify], Shape]:
    needs = f"{name}({','.join('ABCD'[:count])}) needs arguments of one shape or scalars"

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """Arrays of one shape, or scalars; the result has that shape."""
        arrays = [s for s in shapes if s]
        common = arrays[0] if arrays else ()
        for other in arrays[1:]:
            common = agree(unify, common, other, needs)
        return common

    return rule


def constructor(name: str) -> Callable[..., Node]:
    """The node of f(a, b, …)."""

    def make(*given: Node) -> Node:
        arrays = [a for a in given if not a.scalar]
        if not arrays:
            return b.apply(name, given, (ONE, ONE))
        shape = arrays[0].shape
        if arrays[0].row:
            return T(make(*(a if a.scalar else T(a) for a in given)))
        args = [_level(a) or a for a in given]
        if all(a.scalar for a in args):  # f(s·1, …) = f(s, …)·1
            return mul(make(*args), all_ones(shape))
        if len(shape) == 2 and not arrays[0].column:
            turned = [T(a) for a in args]
            if prefer_turned(args, turned, shape):
                return T(b.apply(name, turned, shape[::-1]))
        return b.apply(name, args, shape)

    return make


def _level(x: Node) -> Node | None:
    """The number that every entry of an array is, if it is seen at once."""
    if x.scalar or is_zero(x):
        return number(0) if is_zero(x) else None
    coef, scalars, chain = parts(x)
    if chain and all(is_op(unturned(f), "ones") for f in chain):
        return assemble(coef, dict(scalars), (), (ONE, ONE))
    return None


def _own_transpose(x: Node) -> bool:
    """Whether f(A, B) is symmetric: where all its arguments are."""
    return all(T(a) is a for a in x.args)


def _reading(name: str) -> Callable[..., Node]:
    make = constructor(name)

    def reading(_: Expr, *args: Node) -> Node:
        for x in args:
            b.require_holomorphic(name, x)
        return make(*args)

    return reading


def _differential(partials: Sequence[Partial]) -> Callable[..., Node]:
    def differential(y: Node, *tangents: Node) -> Node:
        moving = [(p(*y.args), t) for p, t in zip(partials, tangents, strict=True) if not is_zero(t)]
        made = [(_spread(hadamard([(slope, U), (t, U)]), y), 1) for slope, t in moving]
        return add(made) if made else zero(*y.shape)

    return differential


def _spread(x: Node, y: Node) -> Node:
    """x in the shape of y: where a slope and an increment are both scalars, each entry moves alike."""
    return mul(x, all_ones(y.shape)) if x.scalar and not y.scalar else x
