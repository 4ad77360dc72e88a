"""A function and its derivative in one program, split in two: what the value computes, and what is left to do.

What both need and costs something to compute is kept: it is computed with the value and handed on, the factor of a
matrix too.  Views and numbers are made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from frechet.compiler.build import built
from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.statements import Body
from frechet.compiler.request import Request
from frechet.compiler.source import checks_of, formula, opened, spoken
from frechet.compiler.values import Value, reachable
from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.ops.expressions import variable

LIGHT = ("input", "number", "size", "constant", "reshape", "cut")
"""What is made again and not kept."""

RESERVED = {
    "ctx", "saved", "arrays", "directions", "constant", "refused", "WithBackward", "with_backward", "forward",
    "backward", "with_derivative", "derivative",
}  # fmt: skip


@final
@dataclass(frozen=True)
class Lines:
    """Statements, and the expressions that they lead to."""

    lines: tuple[str, ...]
    results: tuple[str, ...]
    body: Body

    @property
    def said(self) -> set[str]:
        """The words in them."""
        return spoken("\n".join([*self.lines, *self.results]))


@final
class Closed:
    """The program of a function with its derivative: the value first, then a gradient a variable, or one tangent."""

    def __init__(self, request: Request, target: type[Dialect], sizes: Mapping[str, int]) -> None:
        self.request = request
        work, roots = built(request, sizes)
        program = work.program
        self.roots = list(roots)
        for k, out in enumerate(request.outputs[1:], 1):
            if not out.name.startswith("pushforward"):  # a gradient has the shape of its argument, which lost such axes
                self.roots[k] = program.reshape(roots[k], [d for d in roots[k].dims if d.number != 1])
        self.dialect, self.taken, self.names = opened(request, target, roots)
        self.taken |= RESERVED
        self.value, self.derivatives = self.roots[0], self.roots[1:]
        if self.value.name == "value":
            self.value.name = ""
        for v, name in zip(self.derivatives, request.variables, strict=False):
            if v.name.startswith(("pullback", "gradient")):
                v.name = f"grad_{name}" if len(self.derivatives) > 1 else ""
        moved = {request.upstream, *request.variables.values()}
        self.inputs = {n: called for n, called in self.names.items() if n not in moved}
        self.upstream = self.names.get(request.upstream, request.upstream)
        self.moving = set[Value]()
        """The values that an array is needed for."""
        for v in reachable(self.roots):
            if v.kind == "input" or any(a in self.moving for a in v.args):
                self.moving.add(v)
        self.constants = [called for n, called in self.inputs.items() if n not in request.variables]

    def light(self, v: Value) -> bool:
        """Whether a value is made again and not kept: a view, or what no array is needed for."""
        turned = v.kind == "reduce" and len(v.data[0]) == len(v.data[1]) == len(set(v.data[1]))
        return v.kind in LIGHT or turned or v not in self.moving

    def common(self, known: Mapping[Value, str]) -> list[Value]:
        """The values that several derivatives are made of, and that cost something."""
        below = [set(reachable([r], known)) for r in self.derivatives]
        uses = Counter(v for part in below for v in part)
        return self._first({v for v, n in uses.items() if n > 1}, known)

    def shared(self) -> list[Value]:
        """The values that are computed on the way to the value and kept for the derivative."""
        return self._first(set(reachable([self.value])), {})

    def _first(self, wanted: Container[Value], known: Iterable[Value]) -> list[Value]:
        """Going down from the derivatives, the first values on each way that are wanted and cost something."""
        found, seen = set[Value](), set(known)
        todo = list(self.derivatives)
        while todo:
            v = todo.pop()
            if v in seen:
                continue
            seen.add(v)
            if v in wanted and not self.light(v):
                found.add(v)
            else:
                todo += v.args
        return sorted(found, key=lambda v: v.number)

    def written(
        self, roots: Sequence[Value], known: Mapping[Value, str] | None = None,
        names: Mapping[Value, str] | None = None, factors: Mapping[Value, str] | None = None,
    ) -> Lines:  # fmt: skip
        """The statements that lead to these values from the inputs and from what is known."""
        known, factors = known or {}, factors or {}
        taken = {*self.taken, *known.values(), *factors.values()}
        body = Body(roots, self.dialect, taken, formula, known=known, names=names or {}, factors=factors)
        body.inputs = self.names
        lines = body.write()
        return Lines(tuple(lines), tuple(self.dialect.use(body.result(r).text) for r in roots), body)

    def sizes(self, said: set[str], arrays: Mapping[str, Sequence[Dim]]) -> tuple[list[str], set[str]]:
        """Statements that read the sizes that are spoken of off these arrays, or off further inputs by name."""
        needed = said & self.request.sizes
        there = dict(arrays)
        more = set[str]()
        for name, called in self.inputs.items():
            dims = self.plain(name)
            told = {str(d) for part in there.values() for d in part}
            if called not in there and {n for d in dims for n in d.names} & (needed - told):
                there[called] = dims
                more.add(called)
        lines, left = _read(needed, there)
        if not left:
            return lines, more
        shaped: dict[str, Expr] = {n: variable(n, tuple(dims)) for n, dims in there.items()}
        lines, asked = checks_of(shaped, {n: n for n in shaped}, needed)
        if asked:
            sizes = ", ".join(asked)
            raise FrechetError("unsupported", f"a function is of arrays alone, but no array tells the size {sizes}")
        return [line for line in lines if not line.startswith(("if ", "    raise"))], more

    def plain(self, name: str) -> list[Dim]:
        """The sizes of an input without axes of size one."""
        return [d for d in self.request.inputs[name].shape if d.number != 1]


def _read(needed: set[str], arrays: Mapping[str, Sequence[Dim]]) -> tuple[list[str], set[str]]:
    """Statements that read sizes off the arrays that have such an axis, and the sizes that none has."""
    lines, left = list[str](), set(needed)
    for name, dims in arrays.items():
        axes = {str(d): k for k, d in reversed(list(enumerate(dims))) if str(d) in left}
        left -= axes.keys()
        if len(axes) == 1 and len(dims) > 1:
            ((size, k),) = axes.items()
            lines.append(f"{size} = {name}.shape[{k}]")
        elif axes:
            places = {k: size for size, k in axes.items()}
            targets = [places.get(k, "_") for k in range(len(dims))]
            lines.append(f"{', '.join(targets)}{',' if len(dims) == 1 else ''} = {name}.shape")
    return lines, left
