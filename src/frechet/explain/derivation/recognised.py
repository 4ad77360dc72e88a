"""A function written out with simpler ones, called by its name: exp(z) over its sum is softmax(z)."""

from __future__ import annotations

from frechet.core.expr import Expr, make, postorder
from frechet.errors import FrechetError
from frechet.explain.derivation.lines import active
from frechet.notation.write import Writer
from frechet.ops.normalise import node_of

KNOWN = frozenset({"softmax"})
"""What is worth recognising: its differential is one rule, that of its parts is several."""


def recognised(value: Expr, x: Expr) -> Expr:
    """The value with every such part by its name.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> problem = parse("A*(exp(x)/sum(exp(x)))")
    >>> text(recognised(problem.value, problem.variables["x"]))
    'A*softmax(x)'
    """
    moving = active(value, {x})
    done: dict[Expr, Expr] = {}
    for e in postorder(value):
        found = _by_name(e) if e in moving and e.op.name in ("divide", "edivide") else None
        if found is not None:
            done[e] = found
            continue
        args = tuple(done[a] for a in e.args)
        done[e] = e if args == e.args else make(e.op, args, e.params, e.shape)
    return done[value]


def _by_name(e: Expr) -> Expr | None:
    try:
        node = node_of(e)
    except FrechetError:
        return None
    if node.kind != "apply" or node.op not in KNOWN:
        return None
    written = Writer().write(node)
    return written if written.shape == e.shape else None
