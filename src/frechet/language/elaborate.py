"""From syntax trees to expressions, in one pass without recursion, by the shape rules of the records."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, final

from frechet.core.dim import Dim
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.language.calls import MEANT, NUMBERS, PATTERNS, SIGNS, counts
from frechet.language.measures import axis_of, index_of, order_of, size_of
from frechet.language.tree import Node, walk
from frechet.ops import REGISTRY
from frechet.ops.build import apply, number, size
from frechet.ops.tensors import explicit


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
    `indices` the names that are indices, `fills` the sizes of `vector(c)` and `matrix(c)` by node.
    """

    values: dict[str, Expr]
    sizes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    fills: dict[int, tuple[Dim, ...]] = field(default_factory=dict[int, tuple[Dim, ...]])


def _name(node: Node, scope: Scope) -> Expr:
    name = str(node.data)
    found = scope.values.get(name)
    if found is not None:
        return found
    if name in scope.sizes:
        return size(name)
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


def _unknown_function(name: str, node: Node, scope: Scope) -> FrechetError:
    bare = name.rstrip("'")
    if bare in scope.values or bare in scope.sizes:
        text = f"{name} is no function: for a product write {name}*(…)"
    elif bare in REGISTRY and bare not in SIGNS:
        text = f"{name}(…): only declared functions have a derivative written with '"
    else:
        public = sorted({n for n in REGISTRY if n not in SIGNS} | set(PATTERNS) | scope.functions)
        close = difflib.get_close_matches(bare, public, 1, 0.6)
        meant = MEANT.get(bare) or (close[0] if close else "")
        text = f"there is no function {bare}"
        text += f": did you mean {meant}?" if meant else ""
        text += "" if meant else f": for a product write {bare}*(…)"
        text += f" (an unspecified elementwise function is declared with --function {bare})"
    return FrechetError("name", text, node.start)


_LARGER = "the {} of two, entry by entry"
_COUNTED = {
    "max": _LARGER.format("larger"),
    "min": _LARGER.format("smaller"),
    "kron": "of three factors: kron(A,kron(B,C))",
    "einsum": 'as in einsum("ij,jk->ik", A, B)',
    "eye": "a square identity; eye(n) beside zeros(n,m): [eye(n), zeros(n,m)]",
}
"""What to say where a function is often given another number of arguments."""


def _check_count(name: str, pattern: str, node: Node) -> None:
    given = len(node.args) + len(node.params)
    least, most = counts(pattern)
    if given < least or (most is not None and given > most):
        wanted = str(least) if most == least else f"{least} or {most}" if most else f"at least {least}"
        plural = "argument" if wanted.endswith(" 1") or wanted == "1" else "arguments"
        how = f" ({_COUNTED[name]})" if name in _COUNTED else ""
        raise FrechetError("syntax", f"{name} takes {wanted} {plural}; got {given}{how}", node.start)


def _params(pattern: str, node: Node, scope: Scope) -> tuple[Any, ...]:
    """The parameters of a call, what was left out being None."""
    letters = [c for c in pattern if c not in "x*?"]
    read: list[Any] = []
    for letter, item in zip(letters, node.params, strict=False):
        if letter == "d":
            read.append(size_of(item, scope.values))
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


def _call(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    name = str(node.data)
    bare = name.rstrip("'")
    if bare in scope.functions:
        _check_count(name, "x", node)
        return apply("declared", args, (bare, len(name) - len(bare)), unify)
    pattern = PATTERNS.get(name, "x")
    if name in SIGNS or (name not in REGISTRY and name not in ("vector", "matrix")):
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
    if pattern in ("x?a", "xd?d") and len(params) < pattern.count("a") + pattern.count("d"):
        params = (*params, None)
    if "d" in pattern and not args and any(isinstance(p, Dim) and p.number == 0 for p in params):
        raise FrechetError("shape", "a size is at least 1", node.start)
    return apply(name, args, params, unify)


def _entry(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    items = node.params
    colons = [item.kind == "colon" for item in items]
    if any(colons):
        if len(items) != 2 or all(colons):
            raise FrechetError("syntax", "a column is written X[:,j], a row X[i,:]", node.place)
        index = index_of(items[0] if colons[1] else items[1], scope.indices, scope.values)
        return apply("row" if colons[1] else "column", args, (index,), unify)
    params = tuple(index_of(item, scope.indices, scope.values) for item in items)
    if any(isinstance(p, str) for p in params):
        return apply("at", args, tuple(Dim.of(p) if isinstance(p, int) else p for p in params), unify)
    return apply("entry", args, params, unify)


def _blocks(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    rows: list[Expr] = []
    start = 0
    for length in node.data:
        row = args[start : start + length]
        rows.append(row[0] if length == 1 else apply("hcat", row, (), unify))
        start += length
    return rows[0] if len(rows) == 1 else apply("vcat", rows, (), unify)


def _written_sum(node: Node, args: list[Expr], scope: Scope, unify: Unify) -> Expr:
    if node.data != "sum":
        raise FrechetError("syntax", "indices are named before a : in sum(k: …) only", node.start)
    names: list[str] = []
    for item in node.params:
        if item.kind != "name":
            raise FrechetError("syntax", "sum(k: …) names the indices that are summed", item.start)
        names.append(str(item.data))
    return apply("isum", args, tuple(names), unify)


_COMPOUND: dict[str, Callable[[Node, list[Expr], Scope, Unify], Expr]] = {
    "call": _call,
    "entry": _entry,
    "blocks": _blocks,
    "sum": _written_sum,
}


def elaborate(root: Node, scope: Scope, unify: Unify, at: Callable[[Node], None] | None = None) -> Expr:
    """The expression of a syntax tree; `at` is told of each node before its shape rule is asked."""
    stack: list[Expr] = []
    for node in walk(root):
        kind = node.kind
        if kind == "name":
            stack.append(_name(node, scope))
            continue
        if kind == "number":
            stack.append(number(node.data[0]))
            continue
        below = len(node.args)
        args = stack[len(stack) - below :]
        del stack[len(stack) - below :]
        if at is not None:
            at(node)
        try:
            if kind == "op":
                value = apply(node.data, args, (), unify)
            elif kind in ("string", "colon"):
                what = "a text" if kind == "string" else "a :"
                raise FrechetError("syntax", f"{what} has no place here", node.start)
            else:
                value = _COMPOUND[kind](node, args, scope, unify)
        except FrechetError as trouble:
            if trouble.position is not None:
                raise
            raise Misfit(node, trouble, args) from trouble
        stack.append(value)
    return stack[-1]
