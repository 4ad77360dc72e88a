"""A claim as it was typed, read in the terms of its problem.

It may be an equation, may use other names for sizes, the increment, the upstream gradient, named statements of the
problem, LaTeX.  What cannot be read is refused; what can be read and has no shape is a claim with a `trouble`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.explain.claims.conformability import spoken
from frechet.explain.claims.latex_sums import in_matrices
from frechet.explain.claims.python_claims import PRODUCT, in_python
from frechet.explain.claims.question import Question, names_in
from frechet.explain.claims.readings import Style
from frechet.language.calls import NUMBERS
from frechet.language.elaborate import Misfit, Scope, elaborate
from frechet.language.error_places import located, placed
from frechet.language.input_text import with_products
from frechet.language.latex.translated import bare_text, conjugated, is_latex
from frechet.language.name_usage import Usage, usage_of
from frechet.language.names import plain
from frechet.language.notations import settle_turns
from frechet.language.questions import as_error
from frechet.language.reader import read
from frechet.language.sizes import Sizes
from frechet.language.tree import Node, walk
from frechet.language.words import is_placed, settle_words
from frechet.notation.ascii import text as ascii_text
from frechet.ops.expressions import rigid, variable
from frechet.ops.indexform import ISUM
from frechet.verify.indices import indices
from frechet.verify.structure import COMPLEX, assumptions

_D = r"(?:d|∂|partial )\s*([A-Za-z_]\w*)\s*(\[[^\]]*\])?"
RATIO = re.compile(rf"(?<![A-Za-z0-9_)\]]){_D}\s*/\s*{_D}")
"""dL/dW, ∂L/∂W, dC[i,j]/dB[k,l]."""
IDENTITY = re.compile(r"\bI\b(?!\s*[(\[])")
"""An identity whose size is left to the reader: one of the claim's own, eye(I_1)."""


@final
@dataclass(frozen=True)
class Claim:
    """A claim as read.

    text      the formula as read, in ASCII
    node      its syntax
    expr      its expression; None where it has no shape, and `trouble` says why
    scope     what its names stand for
    free      the free indices of a claim in index form: those that its products do not sum over
    named     all its indices but those of a written sum: where a product has an index of the value on two factors, as
              2*x[i]*delta(i,j) has, only the left side could tell that it is not summed over
    declared  the indices of the value and those of the variable, if the left side says
    own       sizes that the claim calls by names of its own, and what they are here
    note      what is to be said of this way to read it
    """

    text: str
    node: Node
    expr: Expr | None
    trouble: str | None
    scope: Scope
    style: Style
    free: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    declared: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    own: Mapping[str, Dim] | None = None
    note: str = ""

    @property
    def index(self) -> bool:
        """Whether the claim is in index form."""
        return bool(self.named)


def read_claim(text: str, question: Question, upstream: Mapping[str, str]) -> Iterator[Claim]:
    """The claim, once for each way to match size names of its own with those of the problem.

    `upstream` are names that the claim has for upstream gradients: name → quantity ("" or the value's name: the value).
    """
    left, body = _sides(text)
    values = _names("", question, upstream)[1]
    pythonic = in_python(body, question, values)
    summed = in_matrices(body, question, values)
    if summed is not None:
        yield from _claims([(left, summed)], question, upstream)
    elif pythonic is None:
        yield from _claims(_spellings(text, question), question, upstream)
    else:
        formula = body if pythonic.trouble else pythonic.formula
        for claim in _claims([(left, formula)], question, upstream):
            yield replace(claim, expr=None, trouble=pythonic.trouble) if pythonic.trouble else claim
        if not pythonic.sure:
            with suppress(FrechetError):
                for claim in _claims([(left, body)], question, upstream):
                    yield replace(claim, note=PRODUCT)


def _claims(spellings: Iterable[tuple[str, str]], question: Question, upstream: Mapping[str, str]) -> Iterator[Claim]:
    """The claim in the first of its spellings that can be read."""
    refused: FrechetError | None = None
    for left, formula, turning in _tries(spellings):
        try:
            formula, values = _names(formula, question, upstream)
            formula = with_products(formula, [*values, *question.sizes], question.functions)
            formula, statements = _without_words(formula, values, question, turning)
            found, unknown = _indices_and_sizes(usage_of(statements), values, question, formula)
        except FrechetError as trouble:
            # With the signs read too, T is no longer what is unknown.
            refused = placed(trouble, formula) if turning or refused is None else refused
            continue
        declared = _declared(left)
        for own in _matches(sorted(unknown), question):
            yield _read(formula, statements, values, question, found, own, declared)
        return
    assert refused is not None  # a text has a spelling
    raise refused from None


def _tries(spellings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    """The spellings as they stand, then the first again with signs such as `X^-T` read."""
    first: tuple[str, str] | None = None
    for spelling in spellings:
        first = first or spelling
        yield *spelling, False
    if first is not None:
        yield *first, True


def _without_words(
    formula: str, values: Mapping[str, Expr], question: Question, turning: bool
) -> tuple[str, list[Node]]:
    """A claim and its statements, words of other languages, `transpose(A)`, written as the language has them;
    `turning`: signs too, `X^-T`."""
    statements, known = read(formula), {*values, *question.sizes}
    worded = settle_words(statements, known, question.functions, formula)
    worded = (turning and settle_turns(statements, known)) or worded
    if not worded or len(statements) > 1:
        return formula, statements
    unify = Sizes(kept=question.constraints).settled if question.constraints else rigid
    scope = Scope(dict(values), question.sizes, frozenset(question.functions), text=formula)
    try:
        made = ascii_text(elaborate(statements[0], scope, unify))
    except (Misfit, FrechetError):
        return formula, statements  # what does not fit is told of the claim as it stands
    for asked in scope.notes.asked:
        if is_placed(asked.piece):
            raise as_error(asked, formula)
    return made, read(made)


LIKELY = re.compile(r"\^[TH]\b|\^\*")
"""Exponents that are written in LaTeX alone."""


def _spellings(text: str, question: Question) -> Iterator[tuple[str, str]]:
    """The left side of a claim and its formula in the language: as it stands, and as LaTeX where it may be that."""
    left, right = _sides(text)
    if not is_latex(text):
        yield left, right
    if is_latex(text) or question.language == "latex" or LIKELY.search(text):
        names = {n for n, e in question.variables.items() if COMPLEX & assumptions(e)}
        try:
            above = bare_text(left, question.variables)
        except FrechetError:
            above = ""  # what stands before = only names the derivative
        try:
            formula = bare_text(right, question.variables)
        except FrechetError:
            if is_latex(text):
                raise
            return  # no formula either way: what is wrong with it as a formula is told
        yield above, conjugated(formula, names, question.variables)


def _sides(text: str) -> tuple[str, str]:
    """What stands before the last = that belongs to no statement, and what stands after it.

    >>> _sides("dL/dW = h'*G"), _sides("s = softmax(x); diag(s)"), _sides(r"J = \\sum_{i=1}^n x_i")
    (('dL/dW', "h'*G"), ('', 's = softmax(x); diag(s)'), ('J', '\\\\sum_{i=1}^n x_i'))
    """
    start = stop = depth = 0
    after: int | None = None
    for k, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth:
            continue
        if sign == ";" and text[k - 1 : k] != "\\":
            start, after = k + 1, None
        elif sign == "=" and text[k - 1 : k] not in ("<", ">", "!", ":", "=") and text[k + 1 : k + 2] != "=":
            stop, after = (k if after is None else stop), k + 1
    if after is None:
        return "", text.strip()
    return text[start:stop].strip(), text[:start] + text[after:].strip()


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
    if not question.name and question.called not in question.sizes:
        values.setdefault(question.called, question.original)  # the page says f = …, and so may the claim
    for name, of in upstream.items():
        values[plain(name)] = _upstream(of, question)
    if IDENTITY.search(formula) and "I" not in values and "I" not in question.sizes:
        count = iter(range(1, 9))
        formula = IDENTITY.sub(lambda _: f"eye(I_{next(count)})", formula)
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
        if name in known or name in found or name in NUMBERS:
            continue
        if name in unknown:
            continue
        there = ", ".join(sorted((question.variables.keys() | question.quantities.keys()) - {""}))
        said = f"{name} is defined nowhere; there are: {there} (a claim may define a name itself: {name} = …; …)"
        raise located("name", said, formula, node.start)
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
    bound = frozenset(name for statement in statements for name in usage_of([statement]).bound)
    scope = Scope(dict(values), question.sizes, frozenset(question.functions), found, running=bound)
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
        expr, trouble = None, spoken(formula, misfit)
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
    free, named = _written(expr, question) if expr is not None else ((), ())
    for name, size in own.items():
        formula = formula.replace(f"eye({name})", f"eye({size})") if name.startswith("I_") else formula
    return Claim(formula, body, expr, trouble, scope, style, free, named, declared, own)


def _written(expr: Expr, question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The free indices of an expression in index form, and all that no written sum runs over."""
    about = indices(expr, _ones(expr, question))
    if expr not in about:
        return (), ()
    bound = {p for e in postorder(expr) if e.op is ISUM for p in e.params}
    return tuple(sorted(about[expr].shown)), tuple(sorted(about[expr].mentioned - bound))


def _ones(expr: Expr, question: Question) -> dict[str, int]:
    """Any sizes: only the names of the indices are wanted."""
    names = {n for e in postorder(expr, question.original) for d in e.shape for n in d.names}
    return {**dict.fromkeys(question.sizes | names, 2)}
