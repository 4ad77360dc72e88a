"""Replace parts of an expression."""

from __future__ import annotations

from collections.abc import Mapping

from frechet.core.expr import Expr, make, postorder


def replace(root: Expr, parts: Mapping[Expr, Expr], done: dict[Expr, Expr] | None = None) -> Expr:
    """The expression with every occurrence of a key of `parts` replaced by its value (of the same shape).

    `done` remembers what has been rewritten, for a next call with more parts of the same expression.

    >>> from frechet.ops.expressions import apply, variable
    >>> x, y = variable("x", ("n",)), variable("y", ("n",))
    >>> replace(apply("exp", (x,)), {x: y}) is apply("exp", (y,))
    True
    """
    known: dict[Expr, Expr] = {} if done is None else done
    known.update(parts)
    for e in postorder(root, known=known):
        args = tuple(known[a] for a in e.args)
        known[e] = e if args == e.args else make(e.op, args, e.params, e.shape)
    return known[root]
