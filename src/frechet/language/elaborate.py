"""From syntax trees to expressions, in one pass without recursion, by the shape rules of the records."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from frechet.core.dim import Dim, show
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.core.records import facts, of_matrices, signs
from frechet.errors import FrechetError
from frechet.language.ambiguous_signs import decided
from frechet.language.calls import NUMBERS, callable_name, callables, called_here, counts, letters, reached
from frechet.language.error_places import excerpt
from frechet.language.parameters import axis_of, index_of, order_of, size_of
from frechet.language.questions import Notes, Offer
from frechet.language.spelling import near
from frechet.language.tree import Node, is_dot, walk
from frechet.language.worded import worded
from frechet.language.words import as_formula
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, number, size
from frechet.ops.tensors import explicit
from frechet.ops.words import CAPITALS, SOUGHT


@final
class Misfit(Exception):
    """A shape rule said no: at which piece of syntax, of which operands."""

    def __init__(self, node: Node, trouble: FrechetError, operands: list[Expr]) -> None:
        super().__init__(trouble.message)
        self.node, self.trouble, self.operands = node, trouble, operands


@final
@dataclass
class Scope:
    """What the names of a formula stand for.

    `values` expressions by name, `sizes` the names that are sizes, `functions` the declared functions,
    `indices` the names that are indices, `fills` the sizes of `vector(c)` and `matrix(c)` by node, `running` the
    indices that take every value in turn, so that `X[i,:]` is each row and not the one at a place called i.  `families`
    lets `x[i]` be a member, a whole vector or matrix.  `text` is the formula as written, `notes` collects what is
    assumed and asked, `declared` are the names whose shapes were given, `dims` says what the names of sizes stand for
    in the formula of a word, `seen` holds the expression of every piece, where it is wanted.
    """

    values: dict[str, Expr]
    sizes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    fills: dict[int, tuple[Dim, ...]] = field(default_factory=dict[int, tuple[Dim, ...]])
    running: frozenset[str] = frozenset()
    families: bool = False
    text: str = ""
    notes: Notes = field(default_factory=Notes)
    declared: frozenset[str] = frozenset()
    dims: Mapping[str, Dim] = field(default_factory=dict[str, Dim])
    seen: dict[int, Expr] | None = None

    def written(self, node: Node) -> str:
        """A piece as it was written."""
        return excerpt(self.text, node.start, node.end)


def _name(node: Node, scope: Scope) -> Expr:
    name = str(node.data)
    found = scope.values.get(name)
    if found is not None:
        return found
    if name in scope.sizes:
        return size(name)
    if name in scope.dims:
        d = scope.dims[name]
        return size(d) if d.number is None else number(d.number)
    if name in scope.indices:
        raise FrechetError("name", f"{name} is an index here and has no value of its own", node.start)
    if name in NUMBERS:
        return apply(name, ())
    raise FrechetError("name", f"{name} is not known: {_known(name, scope)}", node.start)


def _known(name: str, scope: Scope) -> str:
    near = difflib.get_close_matches(name, sorted((*scope.values, *scope.sizes)), 1)
    if near:
        return f"did you mean {near[0]}?"
    names = ", ".join(sorted(scope.values)[:12])
    return f"the names here are {names}" if names else "no name is declared"


def _meant(name: str, node: Node, scope: Scope) -> str:
    """What a name that is no function may be meant for: what has its meaning, else what is spelled nearly so."""
    if name in CAPITALS:
        return f"{CAPITALS[name]}; for a product write {name}*(…)"
    if name.lower() in SOUGHT:
        return SOUGHT[name.lower()]
    found = (
        called_here(name)
        or as_formula(name, [*map(scope.written, node.args)])
        or near(name, (*callables(), *scope.functions))
    )
    factors = "*".join(name) if name.isupper() and name.isalpha() else name
    return f"did you mean {found}?" if found else f"for a product write {factors}*(…)"


def _unknown_function(name: str, node: Node, scope: Scope) -> FrechetError:
    bare = name.rstrip("'")
    if bare in scope.values or bare in scope.sizes:
        text = f"{name} is no function: for a product write {name}*(…)"
    elif callable_name(bare):
        text = f"{name}(…): only declared functions have a derivative written with '"
    else:
        text = f"there is no function {bare}: {_meant(bare, node, scope)}"
        text += (
            ""
            if bare.lower() in SOUGHT
            else f" (an unspecified elementwise function is declared with --function {bare})"
        )
    return FrechetError("name", text, node.start)


def _check_count(name: str, pattern: str, node: Node) -> None:
    given = len(node.args) + len(node.params)
    least, most = counts(pattern)
    if given < least or (most is not None and given > most):
        wanted = str(least) if most == least else f"{least} or {most}" if most else f"at least {least}"
        plural = "argument" if wanted.endswith(" 1") or wanted == "1" else "arguments"
        hint = REGISTRY[name].hint if name in REGISTRY else ""
        how = f" ({hint})" if hint else ""
        raise FrechetError("syntax", f"{name} takes {wanted} {plural}; got {given}{how}", node.start)


def _params(pattern: str, node: Node, scope: Scope) -> tuple[Any, ...]:
    """The parameters of a call, what was left out being None."""
    parameters = [c for c in letters(pattern, len(node.args) + len(node.params)) if c != "x"]
    read: list[Any] = []
    for letter, item in zip(parameters, node.params, strict=False):
        if letter == "d":
            d = size_of(item, scope.values)
            read.append(d.substitute(scope.dims) if scope.dims else d)
        elif letter == "a":
            read.append(axis_of(item))
        elif letter == "k":
            read.append(order_of(item))
        elif letter == "i":
            index = index_of(item, scope.indices, scope.values)  # of unit(i,n) too: sum(i: …) may run over it
            read.append(Dim.of(index) if isinstance(index, int) else index)
        elif item.kind == "string":
            read.append(explicit(str(item.data)))
        else:
            raise FrechetError("syntax", 'einsum begins with a text, as in einsum("ij,jk->ik", A, B)', item.start)
    return tuple(read)


def _is_matrix(e: Expr) -> bool:
    return len(e.shape) == 2 and all(d != 1 for d in e.shape)


def _has_several_axes(e: Expr) -> bool:
    return len(e.shape) > 2 or _is_matrix(e)


def _ask_axis(node: Node, name: str, matrix: Expr, scope: Scope) -> None:
    inside = scope.written(node.args[0])
    order = len(matrix.shape)
    ways = ("down each column", "along each row") if order == 2 else [f"along axis {k + 1}" for k in range(order)]
    offers = [
        *(Offer(way, instead=f"{name}({inside},{k})", piece=node) for k, way in enumerate(ways, 1)),
        Offer("over all entries", instead=f"{name}(vec({inside}))", piece=node),
    ]
    overall = REGISTRY[name].overall
    if overall:  # where it has to stay a matrix
        offers.append(Offer("over all entries", instead=overall.format(x=inside), piece=node))
    what = "a matrix" if order == 2 else f"a tensor of {order} axes"
    scope.notes.ask(node, f"{inside} is {what}, and {name} of it could be", offers)


def _call(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    name = str(node.data)
    bare = name.rstrip("'")
    if bare in scope.functions or (bare != name and facts(bare).unspecified):
        _check_count(name, "x", node)
        return apply("declared", args, (bare, len(name) - len(bare)), unify)
    pattern = reached(name)
    if pattern is None:
        raise _unknown_function(name, node, scope)
    _check_count(name, pattern, node)
    for argument in node.args:
        if argument.kind in ("string", "colon"):
            raise FrechetError("syntax", f"{name} takes formulas as arguments", argument.start)
    if name in ("vector", "matrix"):
        if args[0].shape:
            raise FrechetError("shape", f"{name}(c) needs a scalar c", node.start)
        ones = apply("ones", (), scope.fills[id(node)], unify)
        return ones if args[0] is number(1) else apply("mul", (args[0], ones), (), unify)
    params = _params(pattern, node, scope)
    if name in REGISTRY and REGISTRY[name].along and not params and _has_several_axes(args[0]):
        _ask_axis(node, name, args[0], scope)
    if pattern == "x?a" and not params:
        params = (None,)
    if "d" in pattern and not args and any(isinstance(p, Dim) and p.number == 0 for p in params):
        raise FrechetError("shape", "a size is at least 1", node.start)
    matrix = of_matrices(name)
    if matrix is not None and _is_matrix(args[0]) and args[0].shape[0] == args[0].shape[1]:
        inside = scope.written(node.args[0])
        scope.notes.say(
            f"{name} acts on every entry of {inside}: {matrix.name}({inside}) is of the matrix", foreign=True
        )
    return apply(name, args, params, unify)


def _index(item: Node, scope: Scope) -> str | int | Dim:
    """An index; in a family it may be shifted by a number, as in x[t+1]."""
    shifted = item.kind == "op" and item.data in ("add", "sub") and item.args[1].kind == "number"
    if shifted and item.args[0].kind == "name" and item.args[0].data in scope.running:
        by = item.args[1].data[0] * (1 if item.data == "add" else -1)
        if by.denominator == 1:
            return f"{item.args[0].data}{int(by):+d}"
    return index_of(item, scope.indices, scope.values)


def _undecided(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    if node.data[0] == "word":
        return worded(node, args, scope, scope.notes, unify, of_formula)
    return decided(node, args[0], scope, scope.notes, unify)


def of_formula(root: Node, values: Mapping[str, Expr], dims: Mapping[str, Dim], unify: Unify) -> Expr:
    """The expression of a formula of the tables, its names standing for expressions and sizes."""
    try:
        return elaborate(root, Scope(dict(values), dims=dims), unify)
    except Misfit as misfit:
        raise misfit.trouble from None


def _fill(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    """A constant of whatever size fits."""
    (length,) = scope.fills[id(node)]
    if node.data == "ones":
        return apply("ones", (), (length,), unify)
    scope.notes.say(f"{scope.written(node)} is the identity, {length}×{length}")
    return apply(node.data, (), (length,), unify)


def _entry(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    items = node.params
    colons = [item.kind == "colon" for item in items]
    if any(colons) and len(items) > 2:
        return apply("slice", args, tuple(_place(item, scope) for item in items), unify)
    if any(colons):
        if len(items) != 2 or all(colons):
            raise FrechetError("syntax", "a column is written X[:,j], a row X[i,:]", node.place)
        index = index_of(items[0] if colons[1] else items[1], scope.running, scope.values)
        return apply("row" if colons[1] else "column", args, (index,), unify)
    params = tuple(_index(item, scope) for item in items)
    if any(isinstance(p, str) for p in params):
        if scope.families and len(params) == 1 and len(args[0].shape) > 1:
            return apply("member", args, params, unify)
        return apply("at", args, tuple(Dim.of(p) if isinstance(p, int) else p for p in params), unify)
    return apply("entry", args, params, unify)


def _place(item: Node, scope: Scope) -> str | int | Dim | None:
    """What stands for an axis of a slice: None for all of it."""
    return None if item.kind == "colon" else index_of(item, scope.running, scope.values)


def _blocks(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    rows: list[Expr] = []
    start = 0
    for length in node.data:
        row = args[start : start + length]
        rows.append(row[0] if length == 1 else apply("hcat", row, (), unify))
        start += length
    return rows[0] if len(rows) == 1 else apply("vcat", rows, (), unify)


def _written_sum(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    sums = node.data == "sum"
    if not sums and node.data != signs()["∏"].name:
        raise FrechetError("syntax", "indices are named before a : in sum(k: …) and prod(k: …) only", node.start)
    names: list[str] = []
    for item in node.params:
        if item.kind != "name":
            raise FrechetError("syntax", "sum(k: …) names the indices that are summed", item.start)
        names.append(str(item.data))
    if not sums and (args[0].shape or len(names) > 1):
        raise FrechetError("unsupported", "a product over an index is that of a number, over one index", node.start)
    return apply("isum" if sums else "iprod", args, tuple(names), unify)


def _over_matrix(node: Node, args: list[Expr], scope: Scope) -> bool:
    """Whether it is b'/A with A declared a matrix: no quotient of entries, since the shapes differ."""
    above, below = (a.shape for a in args)
    if len(above) != 2 or not _is_matrix(args[1]) or above == below:
        return False
    return {n.data for n in walk(node.args[1]) if n.kind == "name"} <= scope.declared


def _operation(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    """An operation that is written with a sign."""
    if node.data == "power" and len(args[0].shape) == 2 and args[1].op.name == "number":
        exponent = args[1].params[0]
        if abs(exponent) == Fraction(1, 2):  # X^(1/2) of a matrix
            root = apply(signs()["X^(1/2)"], args[:1], (), unify)
            return root if exponent > 0 else apply("inv", (root,), (), unify)
    if node.data == "divide" and _over_matrix(node, args, scope):
        above, below = map(scope.written, node.args)
        scope.notes.say(f"{scope.written(node)} is {above}*inv({below})", foreign=True)
        return apply("mul", (args[0], apply("inv", args[1:], (), unify)), (), unify)
    if node.data == "transpose" and node.params and len(args[0].shape) > 2:
        x = scope.written(node.args[0])
        every = ",".join(str(k) for k in range(len(args[0].shape), 0, -1))
        offers = (
            Offer("the last two axes exchanged", instead=f"{x}'", piece=node),
            Offer("all axes reversed, as in NumPy", instead=f"permute({x},{every})", piece=node),
        )
        scope.notes.ask(node, f"{x} is {show(args[0].shape)}, and {x}.T could be", offers)
    if is_dot(node) and [len(a.shape) for a in args] == [1, 1]:
        scope.notes.say(f"{scope.written(node)} is the inner product")
        args = [apply("transpose", args[:1]), args[1]]
    return apply(node.data, args, (), unify)


_COMPOUND: dict[str, Callable[[Node, list[Expr], Scope, Unify], Expr]] = {
    "call": _call,
    "entry": _entry,
    "blocks": _blocks,
    "sum": _written_sum,
    "open": _undecided,
    "fill": _fill,
}


def elaborate(root: Node, scope: Scope, unify: Unify, at: Callable[[Node], None] | None = None) -> Expr:
    """The expression of a syntax tree; `at` is told of each node before its shape rule is asked."""
    stack: list[Expr] = []
    for node in walk(root):
        kind = node.kind
        if kind == "name":
            stack.append(_name(node, scope))
            if scope.seen is not None:
                scope.seen[id(node)] = stack[-1]
            continue
        if kind == "number":
            stack.append(number(node.data[0]))
            if scope.seen is not None:
                scope.seen[id(node)] = stack[-1]
            continue
        below = len(node.args)
        args = stack[len(stack) - below :]
        del stack[len(stack) - below :]
        if at is not None:
            at(node)
        try:
            if kind == "op":
                value = _operation(node, args, scope, unify)
            elif kind in ("string", "colon"):
                what = "a text" if kind == "string" else "a :"
                raise FrechetError("syntax", f"{what} has no place here", node.start)
            else:
                value = _COMPOUND[kind](node, args, scope, unify)
        except FrechetError as trouble:
            if trouble.position is not None:
                raise
            raise Misfit(node, trouble, args) from trouble
        if scope.seen is not None:
            scope.seen[id(node)] = value
        stack.append(value)
    return stack[-1]
