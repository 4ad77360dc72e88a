"""A function written out with simpler ones, called by its name: exp(z) over its sum is softmax(z)."""

from __future__ import annotations

from frechet.core.expr import Expr, make, postorder
from frechet.core.records import record
from frechet.core.words import Words
from frechet.errors import FrechetError
from frechet.explain.derivation.terms import active
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of


def recognised(value: Expr, x: Expr) -> tuple[Expr, list[Words]]:
    """The value with every such part by its name, and what is said of it.

    Worth it is what its record has words for: its differential is one rule, that of its parts is several.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> problem = parse("A*(exp(x)/sum(exp(x)))")
    >>> value, said = recognised(problem.value, problem.variables["x"])
    >>> text(value), [words.title for words in said]
    ('A*softmax(x)', ['Recognise the softmax'])
    """
    moving = active(value, {x})
    done: dict[Expr, Expr] = {}
    said: list[Words] = []
    for e in postorder(value):
        found = _by_name(e) if e in moving and e.op.name in ("divide", "edivide") else None
        if found is not None:
            done[e], words = found
            said.append(words)
            continue
        args = tuple(done[a] for a in e.args)
        done[e] = e if args == e.args else make(e.op, args, e.params, e.shape)
    return done[value], said


def _by_name(e: Expr) -> tuple[Expr, Words] | None:
    try:
        node = node_of(e)
    except FrechetError:
        return None
    words = record(node.op).telling.recognised if node.kind == "apply" else None
    if words is None:
        return None
    written = Writer().write(node)
    return (written, words) if written.shape == e.shape else None
