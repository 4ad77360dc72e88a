"""The value of an expression at given arrays and sizes.

An expression (or several that share parts) is first laid out as a tape: one instruction for each distinct
node, with its arguments' places, its sizes already integers and the shape its value must have.  Running the
tape is then one plain loop, and parts that do not depend on what changes need not run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.core.op import Params
from frechet.errors import FrechetError
from frechet.ops.elementwise import DECLARED
from frechet.ops.indexform import ISUM
from frechet.ops.leaves import VARIABLE
from frechet.verify.summands import below, in_order, summed

Array = NDArray[np.float64]
"""An array of real numbers; where a variable is complex, of complex ones (the types do not say so)."""
Function = Callable[[Array, int], Array]
"""An elementwise function with all its derivatives: (array, order of the derivative) → array."""

Instruction = tuple[int, Callable[..., Any], Params, tuple[int, ...], tuple[int, ...]]
"""Place of the result, value function, parameters, places of the arguments, shape of the result."""


COMPLEX = frozenset({"complex", "hermitian", "hermitian positive definite"})
"""The assumptions that make a variable's values complex numbers."""


def complex_leaf(e: Expr) -> bool:
    """Whether a leaf is a variable or a constant of complex numbers.

    >>> from frechet.ops.expressions import apply, variable
    >>> [complex_leaf(e) for e in (apply("dft", (), ("n",)), variable("x", ("n",)), variable("z", (), ["complex"]))]
    [True, False, True]
    """
    return not COMPLEX.isdisjoint(e.params[1]) if e.op is VARIABLE else e.op.facts.complex


def complex_valued(value: Any) -> bool:
    """Whether a value has an imaginary part beyond rounding.

    >>> complex_valued(np.array([1.0 + 1e-17j])), complex_valued(np.array([1.0j])), complex_valued(np.ones(2))
    (False, True, False)
    """
    numbers: Array = np.asarray(value)
    return np.iscomplexobj(numbers) and bool(abs(np.imag(numbers)).max(initial=0) > 1e-9 * abs(numbers).max(initial=0))


def on_reals(value: Callable[..., Any]) -> Callable[..., Any]:
    """A value function whose complex arguments, real but for rounding, are made real; nan where they are not."""

    def real(x: Any) -> Any:
        if not complex_valued(x):
            return np.real(x)
        return np.real(x) * np.nan

    def call(xp: Any, params: Params, *arguments: Any) -> Any:
        return value(xp, params, *map(real, arguments))

    return call


def parameters(node: Expr, sizes: Mapping[str, int], functions: Mapping[str, Function]) -> Params:
    """The parameters as a value function wants them: sizes as integers, a declared function as a callable."""
    if node.op is DECLARED:
        name, order = node.params
        return (functions.get(name, name), order)
    return tuple(p.evaluate(sizes) if isinstance(p, Dim) else p for p in node.params)


@final
class Program:
    """Expressions laid out for evaluation at fixed sizes.

    >>> from frechet.ops.expressions import apply, variable
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> p = Program([apply("mul", (A, x)), apply("norm2", (x,))], {"m": 2, "n": 2}, {})
    >>> p.run({"A": np.eye(2), "x": np.array([3.0, 4.0])})
    [array([3., 4.]), np.float64(5.0)]
    """

    __slots__ = ("code", "nodes", "places", "roots", "values", "variables")
    code: list[Instruction]
    nodes: list[Expr]
    """The node at each place of `values`."""
    places: dict[Expr, int]
    roots: list[int]
    values: list[Any]
    variables: dict[str, list[int]]
    """Where each variable's value stands (leaves that differ in their assumptions share a name)."""

    def __init__(self, roots: Iterable[Expr], sizes: Mapping[str, int], functions: Mapping[str, Function]) -> None:
        roots = list(roots)
        self.nodes = list(in_order(roots))
        self.places = {node: k for k, node in enumerate(self.nodes)}
        self.roots = [self.places[root] for root in roots]
        self.values = [None] * len(self.nodes)
        self.variables = {}
        self.code = []
        with_complex = any(map(complex_leaf, self.nodes))
        for place, node in enumerate(self.nodes):
            if node.op is VARIABLE:
                self.variables.setdefault(node.params[0], []).append(place)
                continue
            shape = tuple(d.evaluate(sizes) for d in node.shape)
            params = parameters(node, sizes, functions)
            if node.op is ISUM:
                total = summed(node, sizes, lambda e: parameters(e, sizes, functions))
                self.code.append((place, total, params, tuple(self.places[a] for a in below(node)), shape))
            elif node.args:
                arguments = tuple(self.places[a] for a in node.args)
                value = on_reals(node.op.value) if with_complex and node.op.facts.real_only else node.op.value
                self.code.append((place, value, params, arguments, shape))
            else:
                # Constants are made once, when the tape is laid out.
                self.values[place] = np.reshape(node.op.value(np, params), shape)

    def load(self, env: Mapping[str, Any]) -> None:
        """Put the variables' values in their places."""
        for name, places in self.variables.items():
            try:
                value = env[name]
            except KeyError:
                raise FrechetError("input", f"no value for {name}") from None
            for place in places:
                self.values[place] = value

    def execute(self, code: Sequence[Instruction]) -> None:
        """Carry out instructions, in order."""
        values = self.values
        for place, value, params, arguments, shape in code:
            result = value(np, params, *[values[k] for k in arguments])
            # Where a size is 1 the value's order may differ from the order the expression is said to have.
            values[place] = result if result.shape == shape else np.reshape(result, shape)

    def run(self, env: Mapping[str, Any]) -> list[Any]:
        """The values of the roots.  Raises LinAlgError where an inverse does not exist."""
        self.load(env)
        self.execute(self.code)
        return [self.values[k] for k in self.roots]

    def depending(self, names: Iterable[str]) -> list[Instruction]:
        """The instructions that depend on the variables of these names."""
        moving = {place for name in names for place in self.variables.get(name, ())}
        code: list[Instruction] = []
        for instruction in self.code:
            if not moving.isdisjoint(instruction[3]):
                moving.add(instruction[0])
                code.append(instruction)
        return code


def evaluate(
    expr: Expr,
    env: Mapping[str, Any],
    sizes: Mapping[str, int],
    functions: Mapping[str, Function] | None = None,
) -> Array:
    """The value of an expression: variables by name, sizes by name, declared functions by name.

    Entries outside a function's domain are nan; so is everything where a matrix has no inverse.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> evaluate(apply("log", (x,)), {"x": np.array([1.0, -1.0])}, {"n": 2})
    array([ 0., nan])
    """
    with np.errstate(all="ignore"):
        program = Program([expr], sizes, functions or {})
        try:
            found = program.run(_arrays(program, env, sizes))[0]
            return np.asarray(found, dtype=complex if np.iscomplexobj(found) else float)
        except np.linalg.LinAlgError:
            return np.full([d.evaluate(sizes) for d in expr.shape], np.nan)


def stopped(
    expr: Expr,
    env: Mapping[str, Any],
    sizes: Mapping[str, int],
    functions: Mapping[str, Function] | None = None,
) -> Expr | None:
    """The first operation on the way that makes of finite numbers what is none; None where there is none such.

    >>> from frechet.ops.expressions import apply, variable
    >>> x = variable("x", ("n",))
    >>> root = apply("exp", (apply("log", (x,)),))
    >>> stopped(root, {"x": np.array([1.0, -1.0])}, {"n": 2}) is root.args[0]
    True
    """
    with np.errstate(all="ignore"):
        program = Program([expr], sizes, functions or {})
        program.load(_arrays(program, env, sizes))
        for instruction in program.code:
            try:
                program.execute([instruction])
            except np.linalg.LinAlgError:
                return program.nodes[instruction[0]]
            if not np.isfinite(program.values[instruction[0]]).all():
                given = [program.values[k] for k in instruction[3]]
                return program.nodes[instruction[0]] if all(np.isfinite(a).all() for a in given) else None
    return None


def _arrays(program: Program, env: Mapping[str, Any], sizes: Mapping[str, int]) -> dict[str, Any]:
    """The variables' arrays in the shapes that the program wants."""
    return {
        name: np.reshape(
            np.asarray(env[name], dtype=complex if np.iscomplexobj(env[name]) else float),
            [d.evaluate(sizes) for d in program.nodes[places[0]].shape],
        )
        for name, places in program.variables.items()
        if name in env
    }
