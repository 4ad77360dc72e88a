"""The source of a function: imports, helpers, the signature, what it says, the checks of its arguments, its body."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from frechet.algebra.node import Node
from frechet.compiler.build import Sizes, program
from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.statements import Body
from frechet.compiler.emit.text import ATOM, identifier, shape, size
from frechet.compiler.mixed import complexes
from frechet.compiler.parts import Parts, parts
from frechet.compiler.request import Request
from frechet.compiler.values import Value, reachable
from frechet.core.dim import Dim, show
from frechet.core.expr import Expr
from frechet.core.records import helpers
from frechet.errors import FrechetError
from frechet.notation.ascii import text as ascii_text
from frechet.notation.write import Writer

WIDTH = 110
HUGE = 10**6
"""A size for which whatever may be made part by part is."""


@final
@dataclass(frozen=True)
class Source:
    """The source of a function, its name, how each input is called in it, and its program."""

    imports: tuple[str, ...]
    helpers: Mapping[str, str]
    function: str
    called: str
    names: Mapping[str, str]
    asked: tuple[str, ...]
    """The sizes that are asked for, because no array says them."""
    roots: tuple[Value, ...]
    passed: tuple[str, ...]
    """The functions that are passed, because nothing but their names is known."""
    fixed: bool = False
    """Whether it is the source for all sizes: none was asked for."""

    @property
    def text(self) -> str:
        """The whole of it."""
        return whole([self])


def whole(sources: Sequence[Source], more: Sequence[str] = (), imports: Sequence[str] = ()) -> str:
    """Functions in one text: the imports and helpers of all of them once, then what is to stand behind."""
    every = dict.fromkeys([*(line for s in sources for line in s.imports), *imports])
    helpers = {name: text for s in sources for name, text in s.helpers.items()}
    parts = ["\n".join(_sorted_imports(every)), *helpers.values(), *(s.function for s in sources), *more]
    return "\n\n\n".join(p for p in parts if p) + "\n"


def source(request: Request, target: type[Dialect], sizes: Mapping[str, int]) -> Source:
    """The source of a request for a library, its products in the best order for these sizes."""
    roots, fixed = program(request, sizes)
    dialect, taken, names = opened(request, target, roots)
    matrix = "H" if request.called == "hessian" else "J"
    split: Mapping[Value, Parts] = {}
    if dialect.by_parts and parts(roots, lambda _: HUGE):
        counted, fixed = Sizes(sizes), False
        split = parts(roots, lambda d: int(d.evaluate(counted))) if sizes or not request.sizes else {}
    body = Body(roots, dialect, taken, formula, matrix, by_parts=split)
    body.inputs = names
    lines = body.write()
    returned = ", ".join(body.result(v).text for v in roots)
    needed = spoken("\n".join([*lines, returned])) & request.sizes
    inputs = needed_inputs(request, roots, needed)
    names = {n: called for n, called in names.items() if n in inputs}
    checks, asked = checks_of(inputs, names, needed)
    docstring = docstring_of(request, inputs, names, asked, tuple(dialect.passed.values()))
    listed = [*dialect.passed.values(), *names.values(), *asked]
    signature = f"def {request.called}({'*, ' if listed else ''}{', '.join(listed)}):"
    inside = [*docstring, *checks, *lines, f"return {dialect.use(returned)}"]
    above = {**dialect.helpers, **dialect.carried.functions}
    function = "\n".join([signature, *indented(inside)])
    return Source(
        tuple(dialect.imports), above, function, request.called, names, tuple(asked), tuple(roots),
        tuple(dialect.passed), fixed,
    )  # fmt: skip


def opened(request: Request, target: type[Dialect], roots: Sequence[Value]) -> tuple[Dialect, set[str], dict[str, str]]:
    """The dialect that writes a program, the names that are taken, and what each input is called."""
    dialect = target(factored(roots), bool(request.complexes))
    dialect.complexes = complexes(roots, request.complexes)
    dialect.products = any(v.kind == "contract" and all(len(a.dims) > 1 for a in v.args) for v in reachable(roots))
    taken = {dialect.xp, "jax", "scipy", "special", "linalg", request.called, *request.sizes}
    taken |= set(dir(builtins)) | helpers(dialect.name)
    names: dict[str, str] = {}
    for name in request.inputs:
        names[name] = identifier(name, taken)
        taken.add(names[name])
    dialect.carried.reserved |= {*taken, *request.definitions}
    read = {v.data for v in reachable(roots) if v.kind == "input"}
    arrays = sorted((n for n in names if n in read), key=lambda n: not request.inputs[n].shape)
    dialect.like = names[arrays[0]] if arrays else ""
    return dialect, taken, names


def formula(node: Node) -> str:
    """A node in the formula language."""
    try:
        return ascii_text(Writer().write(node))
    except FrechetError:
        return ""


def factored(roots: Sequence[Value]) -> set[Value]:
    """The matrices whose factor serves several values."""
    uses = Counter(
        v.args[0]
        for v in reachable(roots)
        if (v.kind == "solve" and v.data[0] not in ("lower", "upper"))
        or (v.kind in ("inverse", "log determinant") and v.data not in ("lower", "upper"))
    )
    return {a for a, n in uses.items() if n > 1}


def spoken(code: str) -> set[str]:
    """The words of statements, without what stands in texts and comments."""
    return set(re.findall(r"[^\W\d]\w*", re.sub(r'"[^"]*"|#.*', "", code)))


def needed_inputs(request: Request, roots: Sequence[Value], needed: set[str]) -> dict[str, Expr]:
    """The arrays that the program reads, and those that tell a size that it needs."""
    read = {v.data for v in reachable(roots) if v.kind == "input"}
    told = {str(d) for name in read for d in request.inputs[name].shape}
    for name, e in request.inputs.items():
        missing = {n for d in e.shape for n in d.names} & (needed - told)
        if name not in read and missing:
            read.add(name)
            told |= {n for d in e.shape for n in d.names}
    return {name: e for name, e in request.inputs.items() if name in read}


def _plain(d: Dim) -> bool:
    return str(d).isidentifier()


def checks_of(inputs: Mapping[str, Expr], names: Mapping[str, str], needed: set[str]) -> tuple[list[str], list[str]]:
    """Statements that read the sizes off the arrays and refuse an array of another shape; the sizes to ask for."""
    order: list[str] = []
    known = set[str]()
    waiting = dict(inputs)
    while waiting:  # those with plain sizes first: they tell the others
        name = next((n for n, e in waiting.items() if all(_plain(d) or d.names <= known for d in e.shape)), None)
        name = name or next(iter(waiting))
        order.append(name)
        known |= {str(d) for d in waiting.pop(name).shape if _plain(d)}
    mentioned = [{n for d in inputs[name].shape for n in d.names} for name in order]
    lines: list[str] = []
    seen = set[str]()
    for k, name in enumerate(order):
        later = needed.union(*mentioned[k + 1 :])
        lines += _one_check(name, names[name], inputs[name].shape, seen, later)
    open_sizes = {n for names_ in mentioned for n in names_} - seen
    return lines, sorted((needed | open_sizes) - seen)


def _one_check(name: str, called: str, dims: Sequence[Dim], seen: set[str], later: set[str]) -> list[str]:
    """The check of one array, and the sizes that it tells."""
    wanted = shape(dims) if dims else "()"
    fresh: dict[str, int] = {}
    for k, d in enumerate(dims):
        if _plain(d) and str(d) not in seen:
            fresh.setdefault(str(d), k)
    tests, after, solved = [f"{called}.ndim != {len(dims)}"], list[str](), dict[str, str]()
    told: dict[str, None] = {}
    for k, d in enumerate(dims):
        if fresh.get(str(d)) == k:
            continue
        told.update(dict.fromkeys(sorted(n for n in d.names if n in seen)))
        unknown = d.names - seen - fresh.keys() - solved.keys()
        if str(d) in fresh:
            tests.append(f"{called}.shape[{k}] != {called}.shape[{fresh[str(d)]}]")
        elif d.names <= seen:
            tests.append(f"{called}.shape[{k}] != {size(d).text}")
        elif not unknown:
            after.append(f"{called}.shape[{k}] != {size(d).text}")
        elif len(unknown) == 1 and _solved(d, *unknown) is not None:
            (n,) = unknown
            less, times = _solved(d, n) or (d, 1)
            number = f"{called}.shape[{k}]" if less == 0 else f"({called}.shape[{k}] - {size(less).at(ATOM)})"
            solved[n] = f"{number} // {times}" if times != 1 else number.strip("()")
            later = later | less.names
    later = later | {n for d in dims if d.names & fresh.keys() and not _plain(d) for n in d.names}
    if not fresh and all(d.names <= seen for d in dims):
        tests = [f"{called}.shape != {wanted}"]
    values = f" with {', '.join(f'{n}={{{n}}}' for n in told)}" if told else ""
    refusal = f'    raise ValueError(f"{name} should have shape {wanted}{values}; got {{{called}.shape}}")'
    lines = [f"if {' or '.join(tests)}:", refusal]
    kept = {n: k for n, k in fresh.items() if n in later}
    if len(kept) > 1 or (kept and len(dims) == 1):
        by_place = {k: n for n, k in kept.items()}
        targets = [by_place.get(k, "_") for k in range(len(dims))]
        lines.append(
            f"({targets[0]},) = {called}.shape" if len(dims) == 1 else f"{', '.join(targets)} = {called}.shape"
        )
    elif kept:
        ((n, k),) = kept.items()
        lines.append(f"{n} = {called}.shape[{k}]")
    lines += [f"{n} = {text}" for n, text in solved.items() if n in later]
    if after:
        lines += [f"if {' or '.join(after)}:", refusal]
    seen.update(fresh)
    seen.update(solved)
    return [*lines, *squeezed(called, dims)]


def squeezed(called: str, dims: Sequence[Dim]) -> list[str]:
    """The statement that takes away the axes of size one, where there are any."""
    if all(d.number != 1 for d in dims):
        return []
    index = ["0" if d.number == 1 else ":" for d in dims]
    while index[-1] == ":":
        index.pop()
    return [f"{called} = {called}[{', '.join(index)}]"]


def _solved(d: Dim, name: str) -> tuple[Dim, int] | None:
    """(e, c) where d is e + c·name, for a whole number c; None where it is not."""
    parts = {monomial: c for monomial, c in d.terms if any(n == name for n, _ in monomial)}
    if list(parts) != [((name, 1),)]:
        return None
    (times,) = parts.values()
    return (d - Dim.of(name).scaled(times), int(times)) if times.denominator == 1 and times > 0 else None


def docstring_of(
    request: Request, inputs: Mapping[str, Expr], names: Mapping[str, str], asked: Sequence[str], passed: Sequence[str]
) -> list[str]:
    lines = [f'"""{request.told}', ""]
    lines += [f"    {line}" for line in request.formulas]
    if request.formulas:
        lines.append("")
    shapes = [f"{names[name]} {show(e.shape)}" for name, e in inputs.items()]
    shapes += [f"{name}(array, order of its derivative)" for name in passed]
    lines += _wrapped([*shapes, *(f"{n} a size" for n in asked)])
    lines.append('"""')
    return lines


def _wrapped(parts: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for k, part in enumerate(parts):
        part = part + (", " if k + 1 < len(parts) else "")
        if lines and len(lines[-1]) + len(part) < WIDTH - 10:
            lines[-1] += part
        else:
            lines.append(part)
    return [line.rstrip() for line in lines]


def indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _sorted_imports(imports: Mapping[str, None]) -> list[str]:
    """Imports as ruff sorts them; several names of one module in one line."""
    plain = sorted(line for line in imports if line.startswith("import "))
    groups: dict[str, list[str]] = {}
    for line in imports:
        if line.startswith("from "):
            module, _, name = line.removeprefix("from ").partition(" import ")
            groups.setdefault(module, []).append(name)
    return [*plain, *(f"from {m} import {', '.join(sorted(names))}" for m, names in sorted(groups.items()))]
