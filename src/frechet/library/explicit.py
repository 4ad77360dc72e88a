"""A derivative written out at integer sizes: every entry of the Jacobian as a formula of entries.

The differential is applied to one basis increment after the other; the numbers that come out are the columns of the
Jacobian.  `entries` lists them as a matrix in a layout, `blocks` as a matrix of matrices.  What is printed is read
again and checked like every other form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from numbers import Integral
from typing import TYPE_CHECKING, Any, cast, final

from frechet.calculus.entrywise import Index, at_sizes, integer_shape, whole, written_out
from frechet.calculus.wirtinger import is_complex
from frechet.core.dim import Dim, Shape, rows_cols
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.library.arguments import kind
from frechet.library.parts import value_name
from frechet.library.words import check_convention
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import variable

if TYPE_CHECKING:
    from frechet.library.answered import Answered
    from frechet.library.words import Blocks, Entries, Layout, VecOrder

MOST = 10_000
"""Entries that are written out at most."""

TIDIED = 60
"""A longer entry is written as it comes."""

Sizes = Mapping[str, int | Sequence[int]]
Write = Callable[[Expr], str]


def entries(derivative: Answered, layout: Layout, vec: VecOrder, sizes: Sizes, write: Write = text) -> Entries:
    """The Jacobian written out: names of the rows, of the columns, the matrix of formulas (as `write` sets them).

    `sizes` says how large things are: ``m=2`` a size by its name, ``A=(1, 3)`` a variable by its shape.  At order 2
    it is the Hessian, its rows by the first variable.

    >>> from frechet import derive
    >>> found = entries(derive("C = A*B", wrt="B"), "numerator", "row", {"A": (1, 3), "B": (3, 2)})
    >>> found["rows"], found["matrix"][0]
    (['C[1,1]', 'C[1,2]'], ['A[1,1]', '0', 'A[1,2]', '0', 'A[1,3]', '0'])
    """
    check_convention(layout, vec)
    found = write_out(derivative, sizes)
    rows = [(i, name_of(found.value, found.value_shape, i)) for i in stacked(found.value_shape, vec)]
    columns = [(j, name_of(found.wrt, found.wrt_shape, j)) for j in stacked(found.wrt_shape, vec)]
    formulas = found.formulas if write is text else {at: write(e) for at, e in found.written.items()}
    matrix = [[formulas.get((i, j), "0") for j, _ in columns] for i, _ in rows]
    if layout == "denominator":
        rows, columns = columns, rows
        matrix = [list(line) for line in zip(*matrix, strict=True)]
    return {
        "layout": layout,
        "vec": vec,
        "rows": [name for _, name in rows],
        "columns": [name for _, name in columns],
        "matrix": matrix,
    }


def blocks(derivative: Answered, sizes: Sizes) -> Blocks:
    """The matrix, of the value's shape, whose (i,j) entry is the derivative of the value's entry (i,j).

    Each of them is a matrix of the variable's shape.  A tensor has lists as deep as it has axes.

    >>> from frechet import derive
    >>> blocks(derive("A*x", wrt="A"), {"m": 2, "n": 2})["blocks"]
    [[[['x[1]', 'x[2]'], ['0', '0']]], [[['0', '0'], ['x[1]', 'x[2]']]]]
    """
    found = write_out(derivative, sizes)

    def block(i: Index) -> list[Any]:
        return _nested(found.wrt_shape, lambda j: found.formulas.get((i, j), "0"))

    return {"blocks": _nested(found.value_shape, block)}


@final
@dataclass(frozen=True)
class WrittenOut:
    """The formulas that are not zero by (index of the value, index of the variable), from 0 on."""

    formulas: Mapping[tuple[Index, Index], str]
    value: str
    value_shape: Shape
    wrt: str
    wrt_shape: Shape
    written: Mapping[tuple[Index, Index], Expr]


def write_out(derivative: Answered, sizes: Sizes) -> WrittenOut:
    """Every entry of the Jacobian at these sizes, checked if the answer was."""
    part = derivative.part()
    about = derivative.context.variables[part.key.split(",")[-1]]
    if is_complex(about) and "jacobian numerator column" not in part.exprs:
        raise FrechetError("unsupported", part.missing.get("jacobian", "there is no Jacobian here"))
    from frechet.library.numbers import full

    context, key = derivative.context, derivative.part().key
    wrt = [context.variables[name] for name in key.split(",")]
    if "differential" not in part.exprs:
        reason = part.missing.get("differential", "the differential could not be written")
        raise FrechetError("unsupported", f"it cannot be written out: {reason}")
    known = integer_sizes(context.sizes, context.variables, sizes, context.problem.constraints)
    _check_sizes(context.original, known)
    second = context.order == 2
    value = str(wrt[0].params[0]) if second else value_name(context, derivative.definitions)
    value_shape = integer_shape(wrt[0].shape if second else context.original.shape, known)
    wrt_shape = integer_shape(wrt[-1].shape, known)
    count = _count(value_shape) * _count(wrt_shape)
    if count > MOST:
        raise FrechetError("limit", f"the Jacobian has {count} entries at these sizes; up to {MOST} are written out")
    hole = variable(context.symbols[str(wrt[-1].params[0])].increment, wrt[-1].shape)
    found = written_out(
        at_sizes(full(part.exprs["differential"], derivative.definitions), known), at_sizes(hole, known)
    )
    writer = Writer()
    shown = {at: writer.write(tidy(e, writer) if e.weight <= TIDIED else e) for at, e in found.items()}
    formulas = {at: text(e) for at, e in shown.items()}
    out = WrittenOut(formulas, value, value_shape, str(wrt[-1].params[0]), wrt_shape, shown)
    if derivative.outcome is not None:
        _check(derivative, out, known)
    return out


def integer_sizes(
    names: frozenset[str],
    variables: Mapping[str, Expr],
    given: Sizes,
    equations: Sequence[tuple[Dim, Dim]] = (),
) -> dict[str, int]:
    """The integer of every size name, from sizes and shapes that were given.

    >>> x = variable("x", (Dim.of("n") + 1,))
    >>> integer_sizes(frozenset("n"), {"x": x}, {"x": (4,)})
    {'n': 3}
    """
    found: dict[str, int] = {}
    wanted: list[tuple[Dim, int, str]] = []
    for name, size in given.items():
        if isinstance(size, Integral) or name in names:
            if name not in names:
                known = ", ".join(sorted(names)) or "none"
                raise FrechetError("input", f"there is no size {name} here; there are: {known}")
            wanted.append((Dim.of(name), size, name))  # pyright: ignore[reportArgumentType]
            continue
        if name not in variables:
            raise FrechetError("input", f"{name} is no variable here; there are: {', '.join(variables)}")
        wanted += [(d, k, name) for d, k in zip(*_paired(name, variables[name], size), strict=True)]
    for at, (d, k, name) in enumerate(wanted):
        if isinstance(k, bool) or not isinstance(k, Integral) or k < 1:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FrechetError("input", f"the sizes of {name} must be positive whole numbers here; got {k!r}")
        wanted[at] = (d, int(k), name)
    again = True
    while again:
        again = False
        for d, k, _ in wanted:
            solved = _solved(d, k, found)
            if solved is not None:
                found[solved[0]] = solved[1]
                again = True
    for d, k, name in wanted:
        if d.names <= found.keys() and d.evaluate(found) != k:
            raise FrechetError("input", f"{name} says that {d} is {k}, which does not agree with {_said(found)}")
    for name in sorted(names - found.keys()):
        raise FrechetError(
            "input", f"the size {name} is not given: pass {name}=… or the shape of a variable that has it"
        )
    for left, right in equations:
        if left.evaluate(found) != right.evaluate(found):
            raise FrechetError("input", f"the sizes must be such that {left} = {right}; got {_said(found)}")
    return found


def _check_sizes(original: Expr, sizes: Mapping[str, int]) -> None:
    """Refuse sizes at which the expression makes no sense: X[3,1] of a 2×2 matrix."""
    from frechet.verify.sizes import dims_of

    for d in sorted(dims_of([original]), key=str):
        if d.evaluate(sizes) < 1:
            raise FrechetError("input", f"the expression needs larger sizes: {d} must be positive; got {_said(sizes)}")


def _paired(name: str, e: Expr, size: object) -> tuple[Shape, Sequence[int]]:
    """The sizes of a variable and the integers for them; a vector may be given as n×1, a scalar as 1×1."""
    size = cast("Sequence[int]", size.tolist() if hasattr(size, "tolist") else size)  # pyright: ignore
    if not isinstance(size, (list, tuple)):
        raise FrechetError("input", f"the shape of {name} is a list of whole numbers; got {kind(size)}")
    if len(size) == len(e.shape):
        return e.shape, size
    if len(size) == 2 and len(e.shape) < 2:
        return rows_cols(e.shape), size
    raise FrechetError("input", f"{name} has {len(e.shape)} sizes; {len(size)} are given")


def _solved(d: Dim, k: int, found: Mapping[str, int]) -> tuple[str, int] | None:
    """The name in d = k that the others fix, where there is one and d is linear in it."""
    rest = d.substitute({name: Dim.of(v) for name, v in found.items()})
    if len(rest.names) != 1:
        return None
    (name,) = rest.names
    at = [rest.substitute({name: Dim.of(v)}).terms for v in (0, 1, 2)]
    start, one, two = (terms[0][1] if terms else 0 for terms in at)
    slope = one - start
    if two - one != slope or slope == 0:
        return None
    value = (k - start) / slope
    return (name, int(value)) if value == int(value) and value >= 1 else None


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{k}={v}" for k, v in sorted(sizes.items()))


def name_of(name: str, shape: Shape, at: Index) -> str:
    """The entry of a named array: ``A[1,2]``, ``x[1]`` of a vector, ``c`` itself of a scalar."""
    if not shape:
        return name
    return f"{name}[{','.join(str(k + 1) for k in at[: len(shape)])}]"


def stacked(shape: Shape, vec: VecOrder) -> list[Index]:
    """The indices in the order of the stack: the last one fastest, or (columns stacked) the first."""
    ranges = [range(whole(d)) for d in axes(shape)]
    if vec == "row":
        return list(product(*ranges))
    return [at[::-1] for at in product(*reversed(ranges))]


def axes(shape: Shape) -> Shape:
    """The sizes that an index of an entry runs over: rows and columns, of a tensor all."""
    return shape if len(shape) > 2 else rows_cols(shape)


def _nested(shape: Shape, make: Callable[[Index], Any]) -> list[Any]:
    """Lists in lists, one level an axis."""

    def at(so_far: Index, left: Shape) -> Any:
        return [at((*so_far, k), left[1:]) for k in range(whole(left[0]))] if left else make(so_far)

    return at((), axes(shape))


def _count(shape: Shape) -> int:
    return prod(map(whole, axes(shape)))


def _check(derivative: Answered, out: WrittenOut, sizes: Mapping[str, int]) -> None:
    """Put the matrix of formulas, as printed, to the check that every form is put to."""
    from frechet.core import expr as core
    from frechet.core.dim import entries as number_of_entries
    from frechet.core.dim import settle
    from frechet.language import read_formula
    from frechet.ops import REGISTRY
    from frechet.verify.check import check
    from frechet.verify.request import CheckRequest, Form

    context = derivative.context
    wrt = tuple(context.variables[name] for name in derivative.part().key.split(","))
    small = {name: variable(name, integer_shape(e.shape, sizes), e.params[1]) for name, e in context.variables.items()}
    # Read with the shapes the formulas are meant at; then each variable in its own shape, reshaped to that.
    own = {
        small[name]: core.make(REGISTRY["reshape"], (e,), small[name].shape or (Dim.of(1),), small[name].shape)
        for name, e in context.variables.items()
        if small[name] is not e
    }
    known: dict[str, Expr] = {}
    rows: list[Expr] = []
    done: dict[Expr, Expr] = {}
    for i in stacked(out.value_shape, "column"):
        line: list[Expr] = []
        for j in stacked(out.wrt_shape, "column"):
            formula = out.formulas.get((i, j), "0")
            if formula not in known:
                known[formula] = replace(read_formula(formula, small, {}, context.functions), own, done)
            line.append(known[formula])
        rows.append(core.make(REGISTRY["hcat"], tuple(line), (), settle((Dim.of(1), Dim.of(len(line))))))
    above = wrt[0].shape if context.order == 2 else context.original.shape
    shape = settle((number_of_entries(above), number_of_entries(wrt[-1].shape)))
    matrix = core.make(REGISTRY["vcat"], tuple(rows), (), shape)
    kind = "hessian" if context.order == 2 else "jacobian"
    request = CheckRequest(
        context.original, wrt, (Form("entries", kind, matrix, wrt),), trials=2, sizes=sizes,
        equations=context.problem.constraints,
    )  # fmt: skip
    outcome = check(request)
    if outcome.passed is False and outcome.trials == 0:  # nothing was compared: no point gave the formulas a value
        raise FrechetError("input", f"at {_said(sizes)} the derivative's formulas have no value: try other sizes")
    if outcome.passed is False:
        reason = outcome.failures[0].reason if outcome.failures else "an entry is wrong"
        raise FrechetError("unverified", f"the entries failed their own check and are not shown ({reason})")
