"""The arrays that a structure is made of, by generated code: all in one call, what they share worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from frechet.compiler.request import Output, Request
from frechet.compiler.source import source
from frechet.compiler.target import DIALECTS
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.ops.leaves import VARIABLE

Code = Callable[[Mapping[str, Any]], Sequence[Any]]
"""From the arrays that were given, by name, to the parts."""


def code(parts: Sequence[Expr], where: Mapping[str, Expr], sizes: Mapping[str, int]) -> Code | None:
    """A function of the given arrays that works out these formulas; None where there is no code for one of them.

    >>> from frechet.ops.expressions import apply, variable
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> made = code([apply("mul", (A, x)), apply("norm2", (x,))], {}, {"m": 1, "n": 2})
    >>> import numpy as np
    >>> [part.tolist() for part in made({"A": np.ones((1, 2)), "x": np.array([3.0, 4.0])})]
    [[7.0], 5.0]
    """
    definitions = _used(parts, where)
    leaves = [e for e in postorder(*parts, *definitions.values()) if e.op is VARIABLE]
    inputs = {str(e.params[0]): e for e in leaves if e.params[0] not in definitions}
    outputs = tuple(Output(f"part {k}", e, e.shape) for k, e in enumerate(parts))
    try:
        asked = Request("parts", outputs, definitions, inputs, "Parts.", sizes=frozenset(sizes))
        made = source(asked, DIALECTS["numpy"], sizes)
    except FrechetError:
        return None
    if made.passed:  # a function that only its name is known of
        return None
    space: dict[str, Any] = {}
    exec(compile(made.text, "<frechet operator>", "exec"), space)
    function, names = space[made.called], [(own, name) for name, own in made.names.items()]
    fixed = {name: sizes[name] for name in made.asked}

    def call(given: Mapping[str, Any]) -> Sequence[Any]:
        found = function(**{own: given[name] for own, name in names}, **fixed)
        return found if len(outputs) > 1 else (found,)

    return call


def _used(parts: Sequence[Expr], where: Mapping[str, Expr]) -> dict[str, Expr]:
    """The definitions that formulas are made of, each after those that it needs."""
    done: dict[str, Expr] = {}

    def add(e: Expr) -> None:
        for leaf in postorder(e):
            name = str(leaf.params[0]) if leaf.op is VARIABLE else ""
            if name in where and name not in done:
                add(where[name])
                done[name] = where[name]

    for e in parts:
        add(e)
    return done
