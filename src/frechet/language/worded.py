"""What a word means of its arguments, where their shapes are known: its formula as an expression, or a question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from frechet.core.dim import ONE, Dim, show
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.language.name_usage import usage_of
from frechet.language.questions import Notes, Offer
from frechet.language.tree import Node
from frechet.language.words import Parameter, cases, filled, formula, parameters, readings, word_of
from frechet.ops.expressions import number
from frechet.ops.leaves import VARIABLE
from frechet.ops.words import Case, Word

Elaborate = Callable[[Node, Mapping[str, Expr], Mapping[str, Dim], Unify], Expr]
"""A formula's tree to an expression, its names standing for expressions and sizes."""


class Typed(Protocol):
    """The formula that the word stands in."""

    text: str
    declared: frozenset[str]

    def written(self, node: Node) -> str:
        """A piece as it was written."""
        ...


def _fits(parameter: Parameter, literal: str, given: Expr | None) -> bool:
    if literal or given is None:
        return parameter.literal == literal
    if parameter.literal:
        return parameter.literal.isdigit() and given is number(int(parameter.literal))
    if parameter.shape is None:
        return True
    if len(parameter.shape) != len(given.shape):
        return False
    return len(given.shape) != 2 or (parameter.shape[0] == "1") == (given.shape[0] == ONE)


def chosen(word: Word, typed: str, name: str, literals: Sequence[str], args: Sequence[Expr]) -> Case:
    """The case of a word that fits its arguments; FrechetError where none does."""
    rest = iter(args)
    given = [None if literal else next(rest) for literal in literals]
    counted = [c for c in cases(word) if len(parameters(c)) == len(given)]
    for case in counted:
        if all(map(_fits, parameters(case), literals, given)):
            return case
    if not counted:
        counts = sorted({len(parameters(c)) for c in cases(word)})
        plural = "argument" if counts == [1] else "arguments"
        wanted = f"{name} takes {' or '.join(map(str, counts))} {plural}; got {len(given)}"
        raise FrechetError("syntax", f"{wanted}, as in {name}({cases(word)[0].of})")
    got = " and ".join(repr(t) if e is None else show(e.shape) or "1×1" for t, e in zip(literals, given, strict=True))
    known = "; ".join(f"{name}({c.of})" for c in [c for c in counted if not c.refused][:8])
    raise FrechetError("shape", f"{typed} has no meaning for {got}: there is {known}")


def bound(case: Case, args: Sequence[Expr], unify: Unify) -> tuple[dict[str, Expr], dict[str, Dim]]:
    """What the names of a case's formula stand for: expressions and sizes."""
    named = [p for p in parameters(case) if p.name]
    sizes: dict[str, Dim] = {}
    for parameter, given in zip(named, args, strict=True):
        for size, d in zip(parameter.shape or (), given.shape, strict=True) if parameter.shape else ():
            sizes[size] = unify(sizes[size], d) if size in sizes else d
    return {p.name: e for p, e in zip(named, args, strict=True)}, sizes


def worded(node: Node, args: list[Expr], typed: Typed, notes: Notes, unify: Unify, elaborate: Elaborate) -> Expr:
    """The expression that a word stands for."""
    _, name, literals = node.data
    word = word_of(name)
    assert word is not None  # the tree has words of the tables only
    case = chosen(word, typed.written(node), name, literals, args)
    first = case.formula
    if case.refused:
        raise FrechetError("unsupported", case.refused.format(*map(typed.written, node.args)), node.start)
    try:
        values, sizes = bound(case, args, unify)
    except FrechetError as trouble:
        raise FrechetError(trouble.kind, f"{typed.written(node)} needs {case.of}: {trouble.message}") from trouble
    if case.asked:
        pairs = readings(case)
        pieces = [typed.text[a.start : a.end] for a in node.args]
        offers = [
            Offer(meaning, _sizing(text, sizes, args, typed.declared), _put(text, case, pieces, sizes), node)
            for meaning, text in pairs
        ]
        shapes = " and ".join(f"{typed.written(a)} is {_said(e)}" for a, e in zip(node.args, args, strict=True))
        notes.ask(node, f"{shapes}, and {typed.written(node)} could be", offers)
        first = pairs[0][1]
    elif case.said:
        notes.say(case.said.format(*map(typed.written, node.args)))
    try:
        return elaborate(formula(first), values, sizes, unify)
    except FrechetError as trouble:
        raise FrechetError(trouble.kind, f"{typed.written(node)} is {first}: {trouble.message}") from trouble


def _said(e: Expr) -> str:
    if not e.shape:
        return "a number"
    return f"a {'vector' if len(e.shape) == 1 else 'matrix'} {show(e.shape)}"


def _put(text: str, case: Case, pieces: Sequence[str], sizes: Mapping[str, Dim]) -> str:
    """A formula of the tables with the arguments as they were typed.

    >>> case = Case("x[n]", "sum(x.^2)/n")
    >>> _put(case.formula, case, ["A*b"], {"n": Dim.of("m")})
    'sum((A*b).^2)/m'
    """
    typed = dict(zip([p.name for p in parameters(case) if p.name], pieces, strict=True))
    return filled(text, {**{size: str(d) for size, d in sizes.items()}, **typed})


def _sizing(text: str, sizes: Mapping[str, Dim], args: Sequence[Expr], declared: Collection[str]) -> str:
    """The options under which the names of sizes in a formula of the tables are the sizes that are meant: what it uses
    as a number alone, `/(n-1)`, would be a name like any other."""
    used = usage_of([formula(text)])
    bare = (sizes.keys() & used.values.keys()) - used.sizes.keys()
    loose = frozenset[str]().union(*(sizes[size].names for size in bare))
    leaves = {str(e.params[0]): e for e in postorder(*args) if e.op is VARIABLE}
    said = [
        f"--shape {name}={','.join(map(str, e.shape))}"
        for name, e in sorted(leaves.items())
        if name not in declared and any(d.names & loose for d in e.shape)
    ]
    return " ".join(said)
