"""Why shapes do not fit: the rule's words, a caret, where each shape comes from, what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from frechet.core.dim import ONE, Dim, Shape, show, spoken
from frechet.core.expr import Expr
from frechet.core.records import facts
from frechet.errors import FrechetError
from frechet.language.elaborate import Misfit
from frechet.language.error_places import excerpt, located
from frechet.language.kinds.infer import Unfit, read_as
from frechet.language.kinds.question import Question
from frechet.language.names import Kind, habit
from frechet.language.reader import read
from frechet.language.repair import repairs
from frechet.language.sizes import Sizes
from frechet.language.tree import Node, walk

_LONGEST = 400
"""In longer formulas no repair is looked for."""
_TRIES = 8
"""How many repairs are tried."""
_OFFERS = 3
"""How many of those that fit are offered."""
_HABITS: dict[Kind, str] = {"matrix": " (upper case)", "vector": " (h to z)", "scalar": " (a to g)", "row": ""}
"""The spelling that each kind of name usually has."""
_UNKNOWN = re.compile(r"\?[0-9]+")
"""A size that nothing determines, as the solver names it."""


def _named(text: str, sizes: Sizes | None) -> str:
    """The text with unknown sizes under their names."""
    if sizes is None:
        return text

    def known(found: re.Match[str]) -> str:
        size = sizes.resolve(Dim.of(found.group()))
        return spoken(size, apart=True)

    return _UNKNOWN.sub(known, text)


def _resolved(shape: Shape, sizes: Sizes | None) -> Shape:
    return shape if sizes is None else tuple(sizes.resolve(d) for d in shape)


def _is(shape: Shape, sizes: Sizes | None) -> str:
    return show(_resolved(shape, sizes)) if shape else "a scalar"


def _because(text: str, shape: Shape, sizes: Sizes | None) -> str:
    """The piece of the formula that settled a size of the shape."""
    for size in shape:
        for name in sorted(size.names):
            place = sizes.cause.get(name) if sizes else None
            if isinstance(place, Node):
                return f" because of {excerpt(text, place.start, place.end)}"
    return ""


def _origin(text: str, name: str, shape: Shape, question: Question, unfit: Unfit | None) -> str:
    """The shape of a name and where it comes from."""
    sizes = unfit.sizes if unfit else None
    said = f"{name} is {_is(shape, sizes)}"
    if name in question.declared:
        return said + " as declared"
    if name in question.usage.defined:
        body = question.usage.defined[name].args[0]
        return f"{said} by {name} = {excerpt(text, body.start, body.end)}"
    if unfit is not None and name in unfit.kinds:
        kind = unfit.kinds[name]
        habitual = _HABITS[kind] if habit(name) == kind else ""
        taken = ", taken for one" if kind == "scalar" else f", taken for a {kind}"
        return f"{said}{taken}{habitual}{_because(text, shape, sizes)}"
    return said


def _origins(text: str, misfit: Misfit, question: Question, unfit: Unfit | None) -> str:
    """One sentence on the operands and the names in them."""
    sizes = unfit.sizes if unfit else None
    leaves: dict[str, Shape] = {name: value.shape for name, value in question.scope.values.items()}
    leaves.update(unfit.shapes if unfit else {})
    said: list[str] = []
    names: list[str] = []
    for node, value in zip(misfit.node.args, misfit.operands, strict=False):
        if node.kind == "name":
            leaves[str(node.data)] = value.shape
            names.append(str(node.data))
        elif node.kind != "number":
            piece = excerpt(text, node.start, node.end)
            said.append(_counted(node, value, sizes) or f"{piece} is {_is(value.shape, sizes)}")
            names += [str(n.data) for n in walk(node) if n.kind == "name" and n.data not in question.usage.defined]
    told: list[str] = []
    for name in dict.fromkeys(names):
        if name in leaves and len(told) < 4:
            told.append(_origin(text, name, leaves[name], question, unfit))
    return "; ".join(said + told) + "." if said or told else ""


def _counted(node: Node, value: Expr, sizes: Sizes | None) -> str:
    """Of what stacks the free entries, vech(S): how many it has, and why."""
    if node.kind != "call" or facts(node.data).stacks != "free" or not value.args or node.args[0].kind != "name":
        return ""
    name, (count,) = node.args[0].data, _resolved(value.shape, sizes) or (ONE,)
    matrix = _is(value.args[0].shape, sizes)
    return f"{name} is {matrix}, so {node.data}({name}) has {spoken(count)} entries"


def _fits(text: str, ask: Callable[[list[Node]], Question], kinds: Mapping[str, Kind]) -> bool:
    """Whether a formula can be read, every name being of the kind it was taken for."""
    try:
        question = ask(read(text))
        if any(name not in kinds for name in question.free):
            return False
        read_as(question, kinds)
    except (FrechetError, Misfit):
        return False
    return True


def explain(
    text: str, trouble: Unfit | Misfit, ask: Callable[[list[Node]], Question], question: Question
) -> FrechetError:
    """The refusal for shapes that do not fit, with repairs that do."""
    unfit = trouble if isinstance(trouble, Unfit) else None
    misfit = trouble.misfit if isinstance(trouble, Unfit) else trouble
    sizes = unfit.sizes if unfit else None
    message = _named(misfit.trouble.message, sizes)
    after = [_origins(text, misfit, question, unfit)]
    meant: list[str] = []
    if misfit.node.kind == "define":
        wanted, value = (_is(e.shape, sizes) for e in misfit.operands)
        after = [f"{misfit.node.data} is {wanted} as declared; its formula is {value}."]
    elif len(text) <= _LONGEST and misfit.trouble.kind == "shape":
        shapes = [_resolved(e.shape, sizes) for e in misfit.operands]
        for candidates in repairs(text, misfit.node, shapes):
            for candidate in candidates[:_TRIES] if not meant else ():
                if len(meant) < _OFFERS and _fits(candidate, ask, unfit.kinds if unfit else {}):
                    meant.append(" ".join(candidate.split()))
        if meant:
            after.append("Perhaps you meant " + " or ".join(meant) + " ?")
    said = located(misfit.trouble.kind, message, text, misfit.node.place, "\n".join(line for line in after if line))
    return FrechetError(said.kind, said.message, said.position, tuple(meant))
