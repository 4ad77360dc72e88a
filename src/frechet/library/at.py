"""A derivative at a point that formulas name: differentiate first, then put in, and simplify."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace as replaced
from typing import cast

from frechet.algebra.plainest import Word, never
from frechet.core.dim import Shape, show
from frechet.core.expr import Expr, count_nodes, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.language import parse, read_formula
from frechet.library.answered import Answered
from frechet.library.arguments import by_name
from frechet.library.conditions import SAID, found
from frechet.library.formula import formula_text
from frechet.library.parts import Context, Part
from frechet.library.shorter import whole
from frechet.notation.ascii import text
from frechet.notation.index import Entries
from frechet.notation.indexnames import IndexNames
from frechet.notation.naming import indexed, name_parts
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import apply, number
from frechet.ops.normalise import node_of


def equations(given: object) -> dict[str, str]:
    """What is put in for which name: a mapping, or equations ``W = n*S``, one or several.

    >>> equations("W = n*S"), equations(["w=0"]), equations({"w": "0"})
    ({'W': 'n*S'}, {'w': '0'}, {'w': '0'})
    """
    if isinstance(given, str):
        given = [given]
    if isinstance(given, Mapping):
        named = by_name("formulas", cast("object", given), '{"W": "n*S"}')
        pairs = [(name, formula_text(f"what {name} is at the point", formula)) for name, formula in named.items()]
    elif isinstance(given, (list, tuple)):
        pairs = [_equation(str(one)) for one in given]  # pyright: ignore
    else:
        raise FrechetError("input", 'a point is named by equations such as "W = n*S"')
    found = dict(pairs)
    if len(found) < len(pairs):
        raise FrechetError("input", "a name is put in twice")
    return found


def _equation(written: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.*\S)\s*", written, re.DOTALL)
    if not found:
        raise FrechetError("input", f'a point is named by an equation such as "W = n*S", not {written!r}')
    return found.group(1), found.group(2)


def at(d: Answered, given: Mapping[str, str]) -> Answered:
    """The derivative with formulas put in for names, simplified; not yet checked."""
    if not given:
        return d
    if d.context.at:
        raise FrechetError("input", "this derivative is at a point already: name the whole point at once")
    values = _values(d.context, given)
    leaves = {_leaf(d.context, name): formula for name, formula in values.items()}
    _defined(d.context, leaves)
    taken = frozenset(d.context.variables) | d.context.sizes | frozenset(d.context.functions)
    taken |= {
        s for symbols in d.context.symbols.values() for s in (symbols.increment, symbols.upstream, symbols.direction)
    }
    taken |= {str(e.params[0]) for e in postorder(*values.values()) if e.op.name == "variable"}
    writer = Writer(taken)
    parts: dict[str, Part] = {}
    every: dict[str, Expr] = {}
    for key, part in d.parts.items():
        exprs = {label: _put(whole(e, d.definitions), leaves, writer) for label, e in part.exprs.items()}
        if "index" in exprs:
            exprs["index"] = _entry(exprs, part, writer, taken) or exprs["index"]
        parts[key] = replaced(part, exprs=exprs)
        every.update({f"{key} {label}": e for label, e in exprs.items()})
    total = None if d.total is None else _put(whole(d.total, d.definitions), leaves, writer)
    if total is not None:
        every["total"] = total
    bound = {p for e in every.values() for n in postorder(e) if indexed(n) for p in n.params if isinstance(p, str)}
    named = name_parts(every, {}, taken | bound)
    for key, part in parts.items():
        part.exprs = {label: named.forms[f"{key} {label}"] for label in part.exprs}
    context = replaced(d.context, at=values, named=dict(given))
    return Answered(context, parts, named.where, named.forms.get("total"))


def _defined(context: Context, leaves: Mapping[Expr, Expr]) -> None:
    """Refuse a point at which the derivative does not exist: what must be positive or must not be 0 there is known."""
    for one in found(context.original, [context.variables[n] for n in context.names], context.order):
        if one.word not in SAID:
            continue
        part = replace(one.about, dict(leaves))
        if part is not one.about and never(node_of(part), cast("Word", one.word)):
            raise FrechetError("input", f"there is no derivative at this point: {one.said}")


def _put(e: Expr, leaves: Mapping[Expr, Expr], writer: Writer) -> Expr:
    """A formula with the point put in, the shorter of what it is then and what it simplifies to."""
    made = replace(e, dict(leaves))
    if made is e:
        return e
    if any(indexed(n) for n in postorder(made)):
        return made
    try:
        written = writer.write(tidy(node_of(made), writer))
    except FrechetError:
        return made
    return written if written.shape == made.shape and count_nodes([written]) <= 2 * count_nodes([made]) else made


def _entry(exprs: Mapping[str, Expr], part: Part, writer: Writer, taken: frozenset[str]) -> Expr | None:
    """One entry, read off what the gradient or the matrix of two vectors has become."""
    axes = (*part.value_indices, *part.wrt_indices)
    form = exprs.get("gradient", exprs.get("derivative", exprs.get("tensor")))
    if form is None or len(form.shape) != len(axes) or any(indexed(n) for n in postorder(form)):
        return None
    names = IndexNames(taken | frozenset(axes))
    i, j = (*axes, None, None)[:2]
    try:
        if len(axes) > 2:
            return Entries(writer, names).of_tensor(node_of(form), axes)
        return Entries(writer, names).entry(node_of(form), i, j)[0]
    except FrechetError:
        return None


def _leaf(context: Context, name: str) -> Expr:
    if name not in context.variables:
        there = ", ".join(context.variables)
        raise FrechetError("name", f"{name} does not occur in the expression; there are: {there}")
    return context.variables[name]


def _values(context: Context, given: Mapping[str, str]) -> dict[str, Expr]:
    """The formulas, none of which has a name that is put in itself."""
    found: dict[str, Expr] = {}
    for name, formula in given.items():
        leaf = _leaf(context, name)
        value = _shaped(_read(context, name, formula), leaf, name)
        value = replace(value, {_leaf(context, n): e for n, e in found.items()})
        if leaf in set(postorder(value)):
            raise FrechetError("input", f"{name} stands on both sides of {name} = {formula}")
        found = {n: replace(e, {leaf: value}) for n, e in found.items()}
        found[name] = value
    return found


def _read(context: Context, name: str, formula: str) -> Expr:
    """A formula in the names of the problem; names of its own are inferred, so that it has the shape of `name`."""
    try:
        return read_formula(formula, context.variables, {}, context.functions, context.sizes)
    except FrechetError as trouble:
        if trouble.kind != "name":
            raise
    shapes = {n: leaf.shape for n, leaf in context.variables.items()}
    facts = {n: list(leaf.params[1]) for n, leaf in context.variables.items()}
    own = parse(f"{name} - ({formula})", shapes, facts, context.functions)
    known = {leaf: context.variables[n] for n, leaf in own.variables.items() if n in context.variables}
    return replace(own.value.args[1], known)


def _shaped(value: Expr, leaf: Expr, name: str) -> Expr:
    """The value in the shape of the name: a number stands for an array of that number."""
    shape: Shape = leaf.shape
    if value.shape == shape:
        return value
    if value.shape:
        raise FrechetError("shape", f"{name} is {show(shape)}, and {text(value)} is {show(value.shape)}")
    if value is number(0):
        return apply("zeros", (), shape)
    return apply("mul", (value, apply("ones", (), shape)))
