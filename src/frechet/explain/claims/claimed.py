"""A claim as it was typed, read in the terms of its problem.

It may be an equation, may use other names for sizes, the increment, the upstream gradient, named statements of the
problem, LaTeX.  What cannot be read is refused; what can be read and has no shape is a claim with a `trouble`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import final

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import Style
from frechet.language.elaborate import Misfit, Scope, elaborate
from frechet.language.latexin import plain_text
from frechet.language.names import plain
from frechet.language.reader import read
from frechet.language.sizes import Sizes
from frechet.language.tree import Node, walk
from frechet.language.troubles import excerpt, located, placed
from frechet.language.usage import Usage, usage_of
from frechet.ops.build import rigid, variable
from frechet.verify.indices import indices

_D = r"(?:d|∂|partial )\s*([A-Za-z_]\w*)\s*(\[[^\]]*\])?"
RATIO = re.compile(rf"(?<![A-Za-z0-9_)\]]){_D}\s*/\s*{_D}")
"""dL/dW, ∂L/∂W, dC[i,j]/dB[k,l]."""


@final
@dataclass(frozen=True)
class Claim:
    """A claim as read.

    text      the formula as read, in ASCII
    node      its syntax
    expr      its expression; None where it has no shape, and `trouble` says why
    scope     what its names stand for
    free      the free indices of a claim in index form: those of the value and those of the variable, if it says
    own       sizes that the claim calls by names of its own, and what they are here
    """

    text: str
    node: Node
    expr: Expr | None
    trouble: str | None
    scope: Scope
    style: Style
    free: tuple[str, ...] = ()
    declared: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    own: Mapping[str, Dim] | None = None

    @property
    def index(self) -> bool:
        """Whether the claim is in index form."""
        return bool(self.scope.indices)


def read_claim(text: str, question: Question, upstream: Mapping[str, str]) -> Iterator[Claim]:
    """The claim, once for each way to match size names of its own with those of the problem.

    `upstream` are names that the claim has for upstream gradients: name → quantity ("" or the value's name: the value).
    """
    typed = plain_text(text)
    left, formula = _sides(typed)
    formula, values = _names(formula, question, upstream)
    try:
        statements = read(formula)
        usage = usage_of(statements)
    except FrechetError as trouble:
        raise placed(trouble, formula) from None
    found, unknown = _indices_and_sizes(usage, values, question, formula)
    declared = _declared(left)
    for own in _matches(sorted(unknown), question):
        yield _read(formula, statements, values, question, found, own, declared)


def _sides(text: str) -> tuple[str, str]:
    """What stands before the last = that belongs to no statement, and what stands after it."""
    last = text.rfind(";") + 1
    head, tail = text[:last], text[last:]
    parts = re.split(r"(?<![=<>!:])=(?!=)", tail)
    return (parts[0].strip(), head + parts[-1].strip()) if len(parts) > 1 else ("", text.strip())


def _declared(left: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The indices of value and variable that the left side names: dC[i,j]/dB[k,l]."""
    found = RATIO.search(left)
    if not found or not (found.group(2) or found.group(4)):
        return None
    pair = [tuple(i.strip() for i in (part or "[]")[1:-1].split(",") if i.strip()) for part in found.group(2, 4)]
    return pair[0], pair[1]


def _names(formula: str, question: Question, upstream: Mapping[str, str]) -> tuple[str, dict[str, Expr]]:
    """The formula with dL/dW as one name, and every name it may use."""
    values = {**question.quantities, **question.variables}
    shape = question.original.shape
    values.setdefault(question.upstream, variable(question.upstream, shape))
    values.setdefault(question.increment, variable(question.increment, question.wrt.shape))
    if question.order == 2:
        values.setdefault(question.direction, variable(question.direction, question.wrt.shape))
    for name, of in upstream.items():
        values[plain(name)] = _upstream(of, question)
    value_name = question.name
    if value_name and f"d{value_name}" not in values:
        values[f"d{value_name}"] = values[question.upstream]

    def one(found: re.Match[str]) -> str:
        above, below = plain(found.group(1)), plain(found.group(3))
        if found.group(2) or found.group(4) or f"d{above}" in question.variables:
            return found.group()
        if below == value_name or (below not in values and above not in values):
            return question.upstream
        return found.group()

    return RATIO.sub(one, formula), values


def _upstream(of: str, question: Question) -> Expr:
    if of in ("", question.name) or of not in question.quantities:
        return variable(question.upstream, question.original.shape)
    if question.quantities[of] is question.original:
        return variable(question.upstream, question.original.shape)
    raise FrechetError("unsupported", f"an upstream gradient is that of the value; {of} lies before it")


def _indices_and_sizes(
    usage: Usage, values: Mapping[str, Expr], question: Question, formula: str
) -> tuple[frozenset[str], frozenset[str]]:
    """The indices of the claim, and the names of sizes that are its own."""
    known = question.sizes | values.keys() | usage.defined.keys()
    found = frozenset(usage.indices) - known | frozenset(usage.bound)
    unknown = frozenset(usage.sizes) - known - found
    for name, node in usage.values.items():
        if name in known or name in found:
            continue
        if name in unknown or (len(name) == 1 and name.islower() and not unknown):
            unknown |= {name}
            continue
        there = ", ".join(sorted((question.variables.keys() | question.quantities.keys()) - {""}))
        raise located("name", f"{name} is not known here; there are: {there}", formula, node.start)
    return found, unknown


def _matches(unknown: Sequence[str], question: Question) -> Iterator[dict[str, Dim]]:
    """Ways to read sizes that the claim has its own names for."""
    if not unknown:
        yield {}
        return
    single = [Dim.of(name) for name in sorted(question.sizes)]
    given = {d for e in question.variables.values() for d in e.shape}
    several = sorted((d for d in given if d not in single), key=str)
    if len(unknown) > 3 or not single + several:
        raise FrechetError("name", f"{unknown[0]} is not known here: it is no size of the problem")
    products = [a * b for i, a in enumerate(single) for b in single[i:]] if len(unknown) == 1 else []
    for chosen in product(single + several + products, repeat=len(unknown)):
        yield dict(zip(unknown, chosen, strict=True))


def _renamed(node: Node, own: Mapping[str, Dim], values: Mapping[str, Expr]) -> Node:
    """The syntax with sizes of the claim's own replaced by those of the problem."""
    done: dict[int, Node] = {}
    for piece in walk(node):
        if piece.kind == "name" and piece.data in own and piece.data not in values:
            done[id(piece)] = _size_node(own[str(piece.data)], piece)
            continue
        args = [done.get(id(a), a) for a in piece.args]
        params = tuple(_renamed(p, own, values) for p in piece.params)
        if any(a is not b for a, b in zip((*args, *params), (*piece.args, *piece.params), strict=True)):
            done[id(piece)] = Node(piece.kind, piece.data, args, piece.start, piece.end, piece.place, params)
    return done.get(id(node), node)


def _size_node(size: Dim, at: Node) -> Node:
    (found,) = read(str(size))
    for piece in walk(found):
        piece.start = piece.end = piece.place = at.start
    return found


def _read(
    formula: str, statements: Sequence[Node], values: Mapping[str, Expr], question: Question,
    found: frozenset[str], own: Mapping[str, Dim], declared: tuple[tuple[str, ...], tuple[str, ...]] | None,
) -> Claim:  # fmt: skip
    unify = Sizes(kept=question.constraints).settled if question.constraints else rigid
    scope = Scope(dict(values), question.sizes, frozenset(question.functions), found)
    expr: Expr | None = None
    trouble: str | None = None
    body = statements[-1]
    try:
        for statement in statements:
            defines = statement.kind == "define"
            body = _renamed(statement.args[0] if defines else statement, own, values)
            expr = elaborate(body, scope, unify)
            if defines:
                scope.values[str(statement.data)] = expr
    except Misfit as misfit:
        if misfit.trouble.kind != "shape":
            raise located(misfit.trouble.kind, misfit.trouble.message, formula, misfit.node.place) from None
        expr, trouble = None, _spoken(formula, misfit)
    except FrechetError as error:
        if error.kind != "shape":
            raise placed(error, formula) from None
        expr, trouble = None, error.message
    used = names_in(expr) if expr is not None else frozenset(str(n.data) for n in walk(body) if n.kind == "name")
    style = Style(
        (question.upstream in used and question.upstream not in question.variables)
        or any(values.get(n) is values.get(question.upstream) and n not in question.variables for n in used),
        question.increment in used and question.increment not in question.variables,
        question.order == 2 and question.direction in used and question.direction not in question.variables,
    )  # fmt: skip
    free: tuple[str, ...] = ()
    if expr is not None and any(e.op.name in ("at", "delta", "isum") for e in postorder(expr)):
        about = indices(expr, _ones(expr, question))
        free = tuple(sorted(about[expr].shown)) if expr in about else ()
    return Claim(formula, body, expr, trouble, scope, style, free, declared, own)


def _ones(expr: Expr, question: Question) -> dict[str, int]:
    """Any sizes: only the names of the indices are wanted."""
    names = {n for e in postorder(expr, question.original) for d in e.shape for n in d.names}
    return {**dict.fromkeys(question.sizes | names, 2)}


def _spoken(formula: str, misfit: Misfit) -> str:
    """Why the shapes do not fit, in one sentence."""
    pairs = zip(misfit.node.args, misfit.operands, strict=False)
    parts = [f"{excerpt(formula, n.start, n.end)} is {show(e.shape)}" for n, e in pairs if n.end > n.start]
    return misfit.trouble.message + (f" ({'; '.join(dict.fromkeys(parts))})" if parts else "")
