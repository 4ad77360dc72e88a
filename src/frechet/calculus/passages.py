"""Where all that leaves a quantity comes together again.

In a normalisation x feeds its mean, its variance and itself into z, and nothing else: z is where x's ways meet, and the
derivative of z by x at once is shorter than that of each step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from frechet.algebra.node import Node, contains

Steps = Sequence[tuple[Node, Node]]
"""Leaves and their definitions, each in terms of earlier ones; the value last."""


def passages(steps: Steps, start: Node) -> Iterator[tuple[int, list[int]]]:
    """The steps that all ways from `start` to the value meet in, each with the steps before it, if there are any.

    What has one way only has no two that could cancel.

    >>> from frechet.algebra.atoms import variable
    >>> from frechet.algebra.constructors import mul, plus
    >>> x, m, r, y = (variable(name, ()) for name in "xmry")
    >>> steps = [(m, mul(x, x)), (r, plus(x, m)), (y, mul(r, r, r))]
    >>> list(passages(steps, x)), list(passages(steps, m))
    ([(1, [0]), (2, [0, 1])], [])
    """
    last = len(steps) - 1
    users = [[i for i, (_, definition) in enumerate(steps) if contains(definition, leaf)] for leaf, _ in steps]
    first = [i for i, (_, definition) in enumerate(steps) if contains(definition, start)]
    meets: list[frozenset[int]] = [frozenset[int]()] * (last + 1)
    for i in range(last, -1, -1):
        onward = [meets[u] for u in users[i] if meets[u]]
        if onward or i == last:
            meets[i] = frozenset[int].intersection(*onward) | {i} if onward else frozenset((i,))
    ways = [meets[i] for i in first if meets[i]]
    for end in sorted(frozenset[int].intersection(*ways)) if len(ways) > 1 else ():
        between: set[int] = set()
        todo = list(first)
        while todo:
            i = todo.pop()
            if i < end and i not in between and meets[i]:
                between.add(i)
                todo += users[i]
        if between:
            yield end, sorted(between)
