"""The public face of the language: a text with its declarations to expressions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from frechet.core.dim import Dim, Shape, show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.language.calls import NUMBERS, callable_name
from frechet.language.declarations import read_assumptions, read_shapes
from frechet.language.elaborate import Misfit, Scope, elaborate
from frechet.language.error_places import excerpt, located, of_typed, placed
from frechet.language.input_text import Written, spelled, written
from frechet.language.kinds.deciding import asks, counted, turned_against_themselves
from frechet.language.kinds.deciding import assumptions as clauses
from frechet.language.kinds.infer import Search, Unfit, run
from frechet.language.kinds.orders import orders_of
from frechet.language.kinds.question import Question, Reading
from frechet.language.latex.translated import plain_text
from frechet.language.name_usage import Usage, usage_of
from frechet.language.names import SPELLED, checked, habit
from frechet.language.notations import settle_notations, settle_turns
from frechet.language.parameters import size_of
from frechet.language.python_or_formula import looks_like_python
from frechet.language.questions import Offer, as_error
from frechet.language.reader import read
from frechet.language.shape_errors import explain
from frechet.language.sizes import Sizes
from frechet.language.tree import Node, walk
from frechet.language.understood import Problem
from frechet.language.words import settle_words
from frechet.ops.expressions import rigid, variable

TURNS = {"T": "the transpose is written X' or X.T", "H": "the conjugate transpose is written herm(X)"}
"""Exponents that are not the names they look like, unless they are declared."""

Shapes = Mapping[str, Sequence[int | str | Dim]]
_T = TypeVar("_T")


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
            "name",
            f"{name} is declared as a variable and is a size too: declare it once, as a size, or rename it",
            place,
        )
    for name in sorted(sizes & usage.defined.keys()):
        raise FrechetError("name", f"{name} is a size and cannot be defined", usage.defined[name].start)


def _function_names(functions: object) -> frozenset[str]:
    """Declared functions, which need names of their own."""
    if functions is None:
        return frozenset()
    if not isinstance(functions, (list, tuple, set, frozenset)):
        raise FrechetError("input", "functions are given as a list of names")
    named = frozenset(checked(f, "a function") for f in cast("Collection[object]", functions))
    for name in sorted(named):
        if callable_name(name):
            raise FrechetError("name", f"{name} is a function of the language: an unspecified one needs another name")
    return named


def question_of(
    statements: list[Node],
    declared: Mapping[str, Shape],
    assumed: Mapping[str, tuple[str, ...]],
    functions: frozenset[str],
    indices: Collection[str] | None,
    known: Mapping[str, Expr],
    how: Written | None = None,
    asked: Collection[str] = (),
) -> Question:
    """What the names of the statements are, before any shape is inferred; `how` they were written."""
    mathematical = how is not None and how.language in ("text", "latex")
    defined, worded = {str(s.data) for s in statements if s.kind == "define"}, False
    if how is None or not how.literal:
        names = {*declared, *assumed, *known, *defined, *asked}
        latex = how is not None and how.language == "latex"
        worded = settle_words(statements, names, functions, how.text if how else "", latex)
        worded = settle_turns(statements, names) or worded
        settle_notations(statements, names, mathematical)
    usage = usage_of(statements)
    usage.mathematical = mathematical
    known_shapes = {name: e.shape for name, e in known.items()}
    in_known = (node.shape for node in postorder(*known.values()) if not node.args)
    sizes = _size_names(declared.values()) | _size_names(in_known)
    ranges = {} if how is None else {index: size_of(read(size)[0]) for index, size in how.ranges.items()}
    sizes |= {name for size in ranges.values() for name in size.names if name not in declared}
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
    known_numbers = NUMBERS - assumed.keys()
    free = tuple(n for n in usage.values if n not in (*values, *sizes, *usage.defined, *known_numbers))
    for name in free:
        if name in TURNS and name in usage.exponents and name not in assumed:
            message = f"^{name} is a power: {TURNS[name]}; for a power declare {name}, as in --shape {name}="
            raise FrechetError("name", message, usage.exponents[name].start)
        if callable_name(name) and name not in SPELLED:
            raise FrechetError("name", f"{name} is a function: write {name}(…)", usage.values[name].start)
    for name in assumed:
        if name not in usage.names and name not in declared:
            raise FrechetError("name", f"something is assumed of {name}, which is not in the formula")
    taken = usage.names | sizes | functions | frozenset(("i", "j"))
    scope = Scope(values, sizes, functions, found, running=frozenset(usage.running))
    if how is not None:
        scope.families, scope.text = mathematical, how.text
        scope.declared = frozenset() if how.literal else frozenset(values)
    return Question(
        statements, usage, scope, free, assumed, declared, taken, assemble=indices is None,
        mathematical=mathematical, bold=how.bold if how is not None else frozenset(), ranges=ranges,
        worded=worded,
        orders=orders_of(statements, {n: len(e.shape) for n, e in values.items()}, functions),
    )  # fmt: skip


def parse(
    text: str,
    shapes: Shapes | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Collection[str] | None = (),
    *,
    indices: Collection[str] | None = None,
    known: Mapping[str, Expr] | None = None,
    language: str = "auto",
    asked: Collection[str] = (),
) -> Problem:
    """Read a problem: one statement or several, with what is declared of its names.

    Names without a shape get one by inference.  `known` are expressions that names stand for already.  `language` is
    what the text is written in, `asked` are the names that somebody wants the derivative by.
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
    if language == "python" or (language == "auto" and isinstance(text, str) and looks_like_python(text)):  # pyright: ignore[reportUnnecessaryIsInstance]
        from frechet.language.python import read_python  # here, since it reads shapes and sizes with this package

        return read_python(text, shapes, assumptions, tuple(functions or ()))
    declared = read_shapes({} if shapes is None else shapes)
    assumed = read_assumptions({} if assumptions is None else assumptions, declared)
    named = _function_names(functions)
    for name in sorted(named & declared.keys()):
        raise FrechetError("name", f"{name} is a variable and a function: rename one of them")
    environment = dict(known or {})
    barred = {name for name, facts in assumed.items() if any(f.startswith(("complex", "hermitian")) for f in facts)}
    typed = text
    how = written(text, language, {*declared, *assumed, *environment}, named, asked, barred)
    declared, assumed = _as_written(declared, how), _as_written(assumed, how)
    wanted = {spelled(a, _names_of(how.statements)) for a in asked} | set(how.wrt)
    text = how.text

    def question(formula: list[Node]) -> Question:
        return question_of(formula, declared, assumed, named | {*how.functions}, indices, environment, how, wanted)

    def again(other: str) -> list[Node]:
        if how.language != "text":
            return read(other)
        return written(other, "text", {*declared, *assumed, *environment}, named, asked, barred).statements

    try:
        problem = question(how.statements)
        try:
            reading = _read(problem, text, again, question)
        except (Unfit, Misfit) as trouble:
            raise explain(text, trouble, question, problem) from None
    except FrechetError as trouble:
        raise of_typed(placed(trouble, text), text, typed) from None
    last = how.statements[-1]
    leaves = {**problem.scope.values, **reading.leaves}
    found = (node for node in postorder(reading.value, *reading.quantities.values()) if not node.args)
    variables = {str(e.params[0]): e for e in found if e.op.name == "variable"}
    ordered = {name: variables.pop(name) for name in leaves if name in variables} | variables
    name = str(last.data) if last.kind == "define" else None
    said = problem.worded or reading.notes.foreign or _number_alone(problem, reading)
    notated = said or any(
        node.kind in ("open", "fill") and node.data[0] != "norm" for s in how.statements for node in walk(s)
    )
    kind = "text" if how.language == "frechet" and notated and language != "frechet" else how.language
    return Problem(
        reading.value, name, reading.quantities, ordered, text, reading.constraints,
        kind, assumed_of(problem, reading, how), how.wrt, how.functions, typed,
    )  # fmt: skip


def _number_alone(problem: Question, reading: Reading) -> bool:
    """Whether it is a power of a letter that by habit names a vector and nothing else, x^2: a number, which is said."""
    root = problem.statements[-1]
    root = root.args[0] if root.kind == "define" else root
    name = str(root.args[0].data) if root.kind == "op" and root.data == "power" else ""
    return reading.kinds.get(name) == "scalar" and habit(name) == "vector"


def _as_written(given: Mapping[str, _T], how: Written) -> dict[str, _T]:
    """What is declared by name, the names spelled as the formula has them: W_1 of LaTeX is W1."""
    if how.literal:
        return dict(given)
    names = _names_of(how.statements)
    found = {name: spelled(name, names) for name in given}
    return {n if found[n] in given or found[n] not in names else found[n]: value for n, value in given.items()}


def _names_of(statements: list[Node]) -> list[str]:
    return [str(n.data) for s in statements for n in (s, *walk(s)) if n.kind in ("name", "define")]


def _read(
    problem: Question,
    text: str,
    again: Callable[[str], list[Node]],
    ask: Callable[[list[Node]], Question],
    deep: bool = True,
) -> Reading:
    """The reading that habit and context give; a question where a guess would be left.

    What a question offers instead is read itself (not `deep`): what would be asked again is not offered.
    """
    if not problem.free and not problem.usage.fills:
        reading = run(problem, {}, {}, rigid, seen={})
        if not problem.mathematical and not any(
            a.piece.kind == "open" or a.piece.data == "transpose" for a in reading.notes.asked
        ):
            return reading  # every shape is declared: the formula language says what it says
    else:
        search = Search(problem)
        reading = counted(problem, search.best())
        if search.first is not None and turned_against_themselves(problem, reading):
            raise search.first

    def reads(offer: Offer) -> bool:
        other = offer.formula(text)
        try:
            return not offer.instead or bool(_read(ask(again(other)), other, again, ask, deep=False))
        except (FrechetError, Misfit, Unfit):
            return False

    for question in asks(problem, reading):
        offers = list(filter(reads, question.offers)) if deep else []
        apart = {offer.meaning: offer for offer in reversed(offers if len(offers) > 1 else question.offers)}
        raise as_error(replace(question, offers=tuple(reversed(apart.values()))), text)
    return reading


def assumed_of(problem: Question, reading: Reading, how: Written) -> tuple[str, ...]:
    """What was assumed in reading a text that is not the formula language."""
    functions = [f"{name} is some smooth function, entry by entry" for name in how.functions]
    offers = [" (sigmoid(…) is the logistic one)" if name == "sigma" else "" for name in how.functions]
    said = tuple(f + o for f, o in zip(functions, offers, strict=True))
    return (*said, *clauses(problem, reading))


def read_formula(
    text: str,
    variables: Mapping[str, Expr],
    where: Mapping[str, Expr] | None = None,
    functions: Collection[str] = (),
    sizes: Collection[str] = (),
    indices: Collection[str] = (),
    constraints: Collection[tuple[Dim, Dim]] = (),
) -> Expr:
    """Read one formula whose names are all known: nothing is inferred.

    `variables` and `where` say what names stand for, `sizes` are further names of sizes, `constraints` equations
    between sizes that hold (those of the problem).

    >>> A = variable("A", ("m", "n"))
    >>> read_formula("A'*A/m", {"A": A}, sizes={"m", "n"}).shape
    (n, n)
    """
    try:
        text = plain_text(text)
        statements = read(text)
        if len(statements) != 1 or statements[0].kind == "define":
            raise FrechetError("syntax", "one formula without a name is wanted here", 0)
        values = {**variables, **where} if where else dict(variables)
        usage = usage_of(statements)
        named = frozenset(sizes) | (usage.sizes.keys() - values.keys())
        bound = frozenset(indices) | usage.bound.keys()
        unify = Sizes(kept=constraints).settled if constraints else rigid
        return elaborate(
            statements[0], Scope(values, named, frozenset(functions), bound, running=frozenset(usage.bound)), unify
        )
    except Misfit as misfit:
        pairs = zip(misfit.node.args, misfit.operands, strict=False)
        names = "; ".join(f"{excerpt(text, n.start, n.end)} is {show(e.shape)}" for n, e in pairs)
        kind, message, place = misfit.trouble.kind, misfit.trouble.message, misfit.node.place
        raise located(kind, message, text, place, names + "." if names else "") from None
    except FrechetError as trouble:
        raise placed(trouble, text) from None
