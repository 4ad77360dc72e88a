"""The public face of the language: a text with its declarations to expressions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from frechet.core.dim import Dim, Shape, settle, show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language.blame import explain
from frechet.language.elaborate import Misfit, Scope, elaborate
from frechet.language.infer import SQUARE, Question, Unfit, infer, run
from frechet.language.measures import size_of
from frechet.language.names import checked
from frechet.language.reader import read
from frechet.language.troubles import excerpt, located
from frechet.language.usage import Usage, usage_of
from frechet.ops.build import rigid, variable

ASSUMPTIONS = SQUARE | {"positive", "complex", "integer", "constant"}
"""What can be assumed of a name."""

Shapes = Mapping[str, Sequence[int | str | Dim]]


@final
@dataclass(frozen=True)
class Problem:
    """A problem as read.

    value        the last statement's formula, earlier names put in
    name         the name before the last `=`, if any
    quantities   the named statements in order
    variables    every variable by name
    text         what was typed
    constraints  equations between sizes that could not be solved; what is drawn must honour them
    """

    value: Expr
    name: str | None
    quantities: dict[str, Expr]
    variables: dict[str, Expr]
    text: str
    constraints: tuple[tuple[Dim, Dim], ...] = ()


def read_size(value: object) -> Dim:
    """A size from what people give: a positive integer, a text such as "n*q", a size.

    >>> read_size("n+1"), read_size(3)
    (n+1, 3)
    """
    if isinstance(value, Dim):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise FrechetError("input", f"a size is a positive integer, a name or a formula; got {str(value)[:60]!r}")
    if isinstance(value, str) and len(value) < 20 and value.isidentifier():
        return Dim.of(checked(value, "a size"))
    text = str(value) if isinstance(value, str) or abs(value) < 10**18 else "1e18"
    statements = read(text)
    if len(statements) != 1 or statements[0].kind == "define":
        raise FrechetError("input", f"a size is one formula; got {text[:60]!r}")
    try:
        size = size_of(statements[0])
    except FrechetError as trouble:
        if trouble.position is None:
            raise
        raise located(trouble.kind, trouble.message, text, trouble.position) from trouble
    if size.number is not None and size.number < 1:
        raise FrechetError("input", f"a size is at least 1; got {text}")
    return size


def _declared_shapes(shapes: object) -> dict[str, Shape]:
    if not isinstance(shapes, Mapping):
        raise FrechetError("input", 'shapes are given by name, as in {"A": ["m", "n"], "c": []}')
    declared: dict[str, Shape] = {}
    entries: Iterable[tuple[Any, Any]] = shapes.items()  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    for given, sizes in entries:
        name = checked(given, "a variable")
        if isinstance(sizes, (str, bytes)) or not isinstance(sizes, Sequence):
            raise FrechetError("input", f'the shape of {name} is a list of sizes, as ["m", "n"]; [] is a scalar')
        if len(sizes) > 8:  # pyright: ignore[reportUnknownArgumentType]
            raise FrechetError("input", f"the shape of {name} has {len(sizes)} axes; at most 8 are read")  # pyright: ignore[reportUnknownArgumentType]
        declared[name] = settle(tuple(read_size(d) for d in sizes))  # pyright: ignore[reportUnknownVariableType]
    return declared


def _assumed(assumptions: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(assumptions, Mapping):
        raise FrechetError("input", 'assumptions are given by name, as in {"S": ["symmetric"]}')
    assumed: dict[str, tuple[str, ...]] = {}
    entries: Iterable[tuple[Any, Any]] = assumptions.items()  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    for given, words in entries:
        name = checked(given, "a variable")
        listed: Iterable[Any] = (
            [words] if isinstance(words, str) else words if isinstance(words, (list, tuple)) else [None]
        )
        kept: list[str] = []
        for word in listed:
            plain_word = " ".join(word.replace("-", " ").lower().split()) if isinstance(word, str) else ""
            if plain_word not in ASSUMPTIONS:
                raise FrechetError(
                    "input",
                    f"{str(word)[:40]!r} is nothing that can be assumed of {name}; the assumptions are "
                    + ", ".join(sorted(ASSUMPTIONS)),
                )
            kept.append(plain_word)
        assumed[name] = tuple(sorted(set(kept)))
    return assumed


def _size_names(shapes: Iterable[Shape]) -> frozenset[str]:
    return frozenset(name for shape in shapes for size in shape for name in size.names)


def _index_names(
    usage: Usage, indices: Collection[str] | None, sizes: frozenset[str], others: frozenset[str]
) -> frozenset[str]:
    """The names that are indices: those given, else those that stand alone in index positions only."""
    bound = frozenset(usage.bound)
    for name in bound:
        if name in sizes or name in others:
            raise FrechetError(
                "name", f"{name} is a size or a variable and cannot be summed over", usage.bound[name].start
            )
    if indices is not None:
        found = frozenset(checked(i, "an index") for i in indices) | bound
    else:
        found = frozenset(usage.indices) - sizes - others | bound
    for name in found:
        if name in usage.values:
            raise FrechetError("name", f"{name} is an index and a value", usage.values[name].start)
    return found


def _check_sizes(usage: Usage, sizes: frozenset[str], variables: Mapping[str, Shape]) -> None:
    used = usage.names
    for name in sorted(sizes & variables.keys() & used):
        place = (
            usage.values.get(name) or usage.sizes.get(name) or usage.indices.get(name) or usage.defined[name]
        ).start
        raise FrechetError(
            "name", f"{name} is declared as a variable and is a size too: give one of them another name", place
        )
    for name in sorted(sizes & usage.defined.keys()):
        raise FrechetError("name", f"{name} is a size and cannot be defined", usage.defined[name].start)


def _square_as_assumed(declared: Mapping[str, Shape], assumed: Mapping[str, tuple[str, ...]]) -> None:
    for name, words in assumed.items():
        shape = declared.get(name)
        wrong = [w for w in words if w in SQUARE]
        if shape and wrong and (len(shape) != 2 or shape[0] != shape[1]):
            raise FrechetError(
                "shape", f"{name} is said to be {wrong[0]} and has the shape {show(shape)}, which is not square"
            )
        if shape and "integer" in words:
            raise FrechetError("shape", f"{name} is said to be integer and is no scalar")


def question_of(
    statements: list[Node],
    declared: Mapping[str, Shape],
    assumed: Mapping[str, tuple[str, ...]],
    functions: frozenset[str],
    indices: Collection[str] | None,
    known: Mapping[str, Expr],
) -> Question:
    """What the names of the statements are, before any shape is inferred."""
    usage = usage_of(statements)
    known_shapes = {name: e.shape for name, e in known.items()}
    in_known = (node.shape for e in known.values() for node in postorder(e) if not node.args)
    sizes = _size_names(declared.values()) | _size_names(in_known)
    _check_sizes(usage, sizes, {**known_shapes, **declared})
    others = frozenset((*declared, *known, *usage.defined))
    for name in usage.sizes:
        if name not in others:
            sizes |= {name}
    _check_sizes(usage, sizes, {**known_shapes, **declared})
    for name, node in usage.defined.items():
        if name in known:
            raise FrechetError("name", f"{name} is known already and cannot be defined again", node.start)
    found = _index_names(usage, indices, sizes, others)
    values = dict(known)
    for name in declared:
        if name not in usage.defined and name not in known:
            values[name] = variable(name, declared[name], assumed.get(name, ()))
    free = tuple(n for n in usage.values if n not in values and n not in sizes and n not in usage.defined)
    for name in assumed:
        if name not in usage.names and name not in declared:
            raise FrechetError("name", f"something is assumed of {name}, which is not in the formula")
    taken = usage.names | sizes | functions | frozenset(("i", "j"))
    scope = Scope(values, sizes, functions, found)
    return Question(statements, usage, scope, free, assumed, declared, taken)


def parse(
    text: str,
    shapes: Shapes | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Collection[str] = (),
    *,
    indices: Collection[str] | None = None,
    known: Mapping[str, Expr] | None = None,
) -> Problem:
    """Read a problem: one statement or several, with what is declared of its names.

    Names without a shape get one by inference.  `known` are expressions that names stand for already.
    With `indices` these names are indices, and no others; else names that stand in index positions only.

    >>> problem = parse("C = A*B")
    >>> problem.name, {name: v.shape for name, v in problem.variables.items()}
    ('C', {'A': (m, n), 'B': (n, p)})
    >>> parse("A*B", {"A": ["m", "n"], "B": ["p", "q"]})
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: A*B needs as many columns in A as rows in B; got m×n and p×q
      A*B
       ^
    A is m×n as declared; B is p×q as declared.
    """
    statements = read(text)
    declared = _declared_shapes(shapes or {})
    assumed = _assumed(assumptions or {})
    _square_as_assumed(declared, assumed)
    if isinstance(functions, str):
        raise FrechetError("input", "functions are given as a list of names")
    named = frozenset(checked(f, "a function") for f in functions)
    environment = dict(known or {})

    def question(formula: list[Node]) -> Question:
        return question_of(formula, declared, assumed, named, indices, environment)

    try:
        asked = question(statements)
        reading = infer(asked) if asked.free or asked.usage.fills else run(asked, {}, {}, rigid)
    except (Unfit, Misfit) as trouble:
        refusal = explain(text, trouble, question, asked)  # pyright: ignore[reportPossiblyUnbound]
    except FrechetError as trouble:
        if trouble.position is None or "\n" in trouble.message:
            raise
        refusal = located(trouble.kind, trouble.message, text, trouble.position)
    else:
        last = statements[-1]
        leaves = {**asked.scope.values, **reading.leaves}
        found = (node for node in postorder(reading.value, *reading.quantities.values()) if not node.args)
        variables = {str(e.params[0]): e for e in found if e.op.name == "variable"}
        ordered = {n: variables.pop(n) for n in leaves if n in variables} | variables
        name = str(last.data) if last.kind == "define" else None
        return Problem(reading.value, name, reading.quantities, ordered, text, reading.constraints)
    raise refusal from None


def read_formula(
    text: str,
    variables: Mapping[str, Expr],
    where: Mapping[str, Expr] | None = None,
    functions: Collection[str] = (),
    sizes: Collection[str] = (),
    indices: Collection[str] = (),
) -> Expr:
    """Read one formula whose names are all known: nothing is inferred.

    `variables` and `where` say what names stand for, `sizes` are further names of sizes.

    >>> A = variable("A", ("m", "n"))
    >>> read_formula("A'*A/m", {"A": A}, sizes={"m", "n"}).shape
    (n, n)
    """
    try:
        statements = read(text)
        if len(statements) != 1 or statements[0].kind == "define":
            raise FrechetError("syntax", "one formula without a name is wanted here", 0)
        values = {**variables, **where} if where else dict(variables)
        usage = usage_of(statements)
        named = frozenset(sizes) | (usage.sizes.keys() - values.keys())
        bound = frozenset(indices) | usage.bound.keys()
        return elaborate(statements[0], Scope(values, named, frozenset(functions), bound), rigid)
    except Misfit as misfit:
        names = "; ".join(
            f"{excerpt(text, n.start, n.end)} is {show(e.shape)}" for n, e in zip(misfit.node.args, misfit.args)
        )
        kind, message, place = misfit.trouble.kind, misfit.trouble.message, misfit.node.place
        refusal = located(kind, message, text, place, names + "." if names else "")
    except FrechetError as trouble:
        if trouble.position is None or "\n" in trouble.message:
            raise
        refusal = located(trouble.kind, trouble.message, text, trouble.position)
    raise refusal from None
