"""The entry to the reader: a text of Python to a problem."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from frechet.core.dim import Dim, Shape, settle
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.declarations import read_assumptions, read_size
from frechet.language.names import SPELLED, checked, plain
from frechet.language.python.arrays import Fit, leaf
from frechet.language.python.context import Scope
from frechet.language.python.freenames import annotated, free_names, only_factors, sizes_of_constants
from frechet.language.python.kinds import described, prices, settle_kinds
from frechet.language.python.places import Place, parsed
from frechet.language.python.reader import Reader
from frechet.language.python.statements import Function, bound, chosen, defaults, uses
from frechet.language.python.values import Value, whole_of
from frechet.language.understood import Problem

Shapes = Mapping[str, Sequence[int | str | Dim]]


def numpy_shapes(shapes: object) -> dict[str, Shape]:
    """Declared shapes as NumPy has them: (n, 1) stays so.

    >>> numpy_shapes({"y": ["n", 1], "c": []})
    {'y': (n, 1), 'c': ()}
    """
    if not isinstance(shapes, Mapping):
        raise FrechetError("input", 'shapes are given by name, as in {"A": ["m", "n"], "c": []}')
    read: dict[str, Shape] = {}
    for name, sizes in cast("Mapping[object, object]", shapes).items():
        if isinstance(sizes, (str, bytes)) or not isinstance(sizes, Sequence):
            raise FrechetError("input", f'the shape of {name} is a list of sizes, as ["m", "n"]; [] is a number')
        try:
            read[str(name)] = tuple(read_size(d) for d in cast("Sequence[object]", sizes))
        except FrechetError as trouble:
            raise FrechetError(trouble.kind, f"the shape of {name}: {trouble.message}") from None
    return read


def read_python(
    text: str,
    shapes: Shapes | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Collection[str] = (),
    name: str | None = None,
    constants: Mapping[str, Value] | None = None,
) -> Problem:
    """Read an expression, a lambda, or one of the defs of a text of Python; nothing is run.

    `name` picks a def (unasked the last one), `constants` are values of names from outside.

    >>> problem = read_python("def loss(w, X, y):\\n    r = X @ w - y\\n    return (r**2).mean()")
    >>> {name: v.shape for name, v in problem.variables.items()}, list(problem.quantities)
    ({'w': (n,), 'X': (m, n), 'y': (m,)}, ['r'])
    """
    text, module = _module(text)
    target = chosen(module, name)
    declared = numpy_shapes({} if shapes is None else shapes)
    given: dict[str, Value] = dict(constants or {})
    if isinstance(target, (ast.FunctionDef, ast.Lambda)):
        for parameter, sizes in annotated(target).items():
            if parameter not in declared and parameter not in given and parameter not in defaults(target):
                declared[parameter] = tuple(Dim.of(d) for d in sizes)
    functions = tuple(functions)
    assumed = read_assumptions({} if assumptions is None else assumptions, {n: settle(s) for n, s in declared.items()})
    free = free_names(target, module, {*given, *functions})
    free = [n for n in free if n not in functions]
    said: list[str] = []
    declared = _apart(declared, {*declared, *free} & _variables(target, declared), said)
    sizes = frozenset(n for shape in declared.values() for d in shape for n in d.names)
    for n in [n for n in free if n in sizes and n not in declared]:
        given[n] = Dim.of(n)
        said.append(f"{n} is the size {n} of the declared shapes")
    for n in [n for n in free if n in sizes_of_constants(module) and n not in declared and n not in given]:
        given[n] = Dim.of(n)
        said.append(f"{n} is a size: a constant is that large")
    free = [n for n in free if n not in given]
    place = Place(text)
    for n in (*free, *declared):
        _named(n, module, place, sizes)
    defaulted = defaults(target) if isinstance(target, (ast.FunctionDef, ast.Lambda)) else {}
    variables = [*free, *(n for n in declared if n in defaulted and n not in free)]
    unknown = [n for n in free if n not in declared]
    for n in assumed:
        if n not in variables and n not in declared and n not in map(plain, variables):
            raise FrechetError("name", f"something is assumed of {n}, which is no variable of the text")
    taken = sizes | {n.id for n in ast.walk(module) if isinstance(n, ast.Name)} | set(free) | {"i", "j"}
    dialect, counts = uses(module), only_factors(module)

    def run(shapes_found: Mapping[str, Shape], fit: Fit) -> tuple[Expr, Reader]:
        known = {**declared, **shapes_found}
        scope: Scope = {**given}
        for n in variables:
            scope[n] = leaf(checked(n, "a variable"), known[n], assumed.get(n, ()))
        reader = Reader(text, fit, functions, dialect, module)
        outcome = _value(reader, target, scope, name)
        return whole_of(outcome), reader

    try:
        constraints: tuple[tuple[Dim, Dim], ...] = ()
        if unknown:
            found = settle_kinds(run, unknown, assumed, frozenset(taken), counts)
            constraints = found.constraints
            value, reader = run(found.shapes, Fit(_settled(constraints)))
            for n, kind in found.kinds.items():
                if prices(n, assumed.get(n, ()), n in counts)[kind] > 0:
                    said.append(f"{n} is {described(found.shapes[n])}: what else was tried does not fit its use")
        else:
            value, reader = run({}, Fit())
    except RecursionError:
        raise FrechetError("limit", "the text is nested too deeply: name its parts") from None
    except FrechetError as trouble:
        raise _placed(trouble, module, place) from None
    for n, default in defaulted.items():
        if n not in declared and n not in given:
            said.append(f"{n} is {ast.unparse(default)}, its default")
    return _problem(value, reader, target, variables, text, [*said, *dict.fromkeys(reader.assumed)], constraints)


def _variables(target: Function | ast.stmt, declared: Mapping[str, Shape]) -> set[str]:
    """The names that stand for values in the text for sure: those with a shape that are read in it."""
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} & set(declared)


def _apart(declared: Mapping[str, Shape], names: set[str], said: list[str]) -> dict[str, Shape]:
    """The shapes with another name for each size that is called as a variable is."""
    sizes = {n for shape in declared.values() for d in shape for n in d.names}
    renamed: dict[str, Dim] = {}
    for name in sorted(sizes & names):
        other = next(f"{name}{k}" for k in range(1, 1000) if f"{name}{k}" not in sizes | names)
        renamed[name] = Dim.of(other)
        said.append(f"the size {name} is written {other}: {name} is a variable too")
    return {n: tuple(d.substitute(renamed) for d in shape) for n, shape in declared.items()}


def _settled(constraints: tuple[tuple[Dim, Dim], ...]):
    from frechet.language.sizes import Sizes

    return Sizes(kept=constraints).settled


def _module(text: str) -> tuple[str, ast.Module]:
    """The text and its syntax; a text that is indented as a whole is moved to the left."""
    import textwrap

    if not text.strip():
        raise FrechetError("syntax", "there is nothing to read")
    text = textwrap.dedent(text) if text[:1] in " \t\n" else text
    text = text.lstrip("\n") if text.startswith("\n") else text
    return text, parsed(text)


def _named(name: str, module: ast.Module, place: Place, sizes: frozenset[str]) -> None:
    """Refuse a variable that a formula could not name."""
    ascii_name = checked(name, "a variable")
    where = next((n for n in ast.walk(module) if getattr(n, "id", getattr(n, "arg", None)) == name), module)
    if callable_name(ascii_name) and ascii_name not in SPELLED:
        text = f"{name} is a function of the formula language: a variable needs another name"
        raise place.refusal("name", text, place.of(where))
    if name in sizes:
        raise place.refusal("name", f"{name} is a variable and a size: rename one of them", place.of(where))


def _placed(trouble: FrechetError, module: ast.Module, place: Place) -> FrechetError:
    """A question about a name, with the first place where it stands."""
    if trouble.position is not None or trouble.kind != "shape":
        return trouble
    name = trouble.message.split(" ", 1)[0]
    nodes = (n for n in ast.walk(module) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load))
    node = min(nodes, key=lambda n: (n.lineno, n.col_offset), default=None)
    if node is None:
        return trouble
    first, _, rest = trouble.message.partition("\n")
    shown = place.refusal("shape", first, place.of(node))
    message = f"{shown.message}\n{rest}" if rest else shown.message
    return FrechetError("shape", message, shown.position, trouble.readings)


def _value(reader: Reader, target: Function | ast.stmt, scope: Scope, name: str | None) -> Value:
    """The value of the target; the variables are the arguments of a def, and names of the module."""
    if not isinstance(target, (ast.FunctionDef, ast.Lambda)):
        return reader.value(scope, name)
    for parameter, default in defaults(target).items():
        if parameter not in scope:
            scope[parameter] = reader.read(default, {})
    bound(reader, target, (), {n: v for n, v in scope.items() if n in _parameters(target)})
    return reader.value(scope, name)


def _parameters(target: Function) -> set[str]:
    return {a.arg for a in (*target.args.posonlyargs, *target.args.args, *target.args.kwonlyargs)}


def _problem(
    value: Expr,
    reader: Reader,
    target: Function | ast.stmt,
    order: Sequence[str],
    text: str,
    said: Sequence[str],
    constraints: tuple[tuple[Dim, Dim], ...],
) -> Problem:
    own = target.name if isinstance(target, ast.FunctionDef) else None
    if isinstance(target, ast.Assign) and isinstance(target.targets[0], ast.Name):
        own = target.targets[0].id
    return finished(value, reader.quantities, own, order, text, said, constraints)


def finished(
    value: Expr,
    named_on_the_way: Mapping[str, Expr],
    own: str | None,
    order: Sequence[str],
    text: str,
    said: Sequence[str],
    constraints: tuple[tuple[Dim, Dim], ...],
) -> Problem:
    """The problem of a value: its variables in the order of the arguments, names that a formula may use."""
    within = {e for e in postorder(value) if e.args}
    leaves = {str(e.params[0]): e for e in postorder(value) if e.op.name == "variable"}
    sizes = {n for e in postorder(value) for d in e.shape for n in d.names}
    named = [checked(n, "a variable") for n in order]
    variables = {n: leaves.pop(n) for n in named if n in leaves} | leaves
    quantities = {
        n: e
        for n, e in named_on_the_way.items()
        if e in within and n.isascii() and n not in variables and n not in sizes and not callable_name(n)
    }
    if own is not None and (own in variables or own in sizes or callable_name(own) or not own.isascii()):
        own = None
    return Problem(value, own, quantities, variables, text, constraints, "python", tuple(said))
