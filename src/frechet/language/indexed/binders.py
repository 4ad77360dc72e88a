"""Sums that use one name for indices that run differently far: each gets a name of its own.

`sum(s: x[s])*sum(s: y[s])` has two indices; where x and y are known to have different sizes, they are told apart.
Elsewhere a name stands for one range throughout, as in Σ_i x_i + Σ_i y_i.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.language.indexed.ranges import PICKING, letters, parted, picked
from frechet.language.sizes import is_unknown
from frechet.ops.expressions import apply

BINDING = ("isum", "iprod")


def told_apart(body: Expr, unify: Unify) -> tuple[Expr, dict[str, str]]:
    """The formula with a name for each range, and which name each of the new ones stands for.

    >>> from frechet.ops.expressions import rigid, variable
    >>> x, y = variable("x", ("m",)), variable("y", ("n",))
    >>> one, two = (apply("isum", (apply("at", (v,), ("s",)),), ("s",)) for v in (x, y))
    >>> told_apart(apply("mul", (one, two)), rigid)[1]
    {'s_2': 's'}
    >>> told_apart(apply("mul", (one, one)), rigid)[1]
    {}
    """
    found: dict[str, dict[Dim, None]] = {}
    for e in postorder(body):
        for index in e.params if e.op.name in BINDING else ():
            sizes = found.setdefault(index, dict.fromkeys(_known(body, index)))  # an index outside keeps its name
            sizes.update(dict.fromkeys(_known(e.args[0], index)))
    several = {index: list(sizes) for index, sizes in found.items() if len(sizes) > 1}
    if not several:
        return body, {}
    taken = {i for e in postorder(body) for i in (*letters(e), *(e.params if e.op.name in BINDING else ()))}
    names: dict[tuple[str, Dim], str] = {}
    for index, sizes in several.items():
        for size in sizes[1:]:
            k = 2
            while f"{index}_{k}" in taken:
                k += 1
            names[index, size] = f"{index}_{k}"
            taken.add(f"{index}_{k}")
    renaming = _Renaming(names, unify)
    return renaming.of(body, {}), {new: index for (index, _), new in names.items()}


def _known(body: Expr, index: str) -> Iterator[Dim]:
    """The known sizes of the axes along which a sum over the index picks; those of a sum inside are its own."""
    seen: set[Expr] = set()
    stack = [body]
    while stack:
        e = stack.pop()
        if e in seen or (e.op.name in BINDING and index in e.params):
            continue
        seen.add(e)
        if e.op.name in PICKING:
            for axis, written in picked(e):
                size = e.args[0].shape[axis]
                if parted(written) == (index, 0) and not any(is_unknown(n) for n in size.names):
                    yield size
        stack.extend(e.args)


@final
class _Renaming:
    """Puts the new names in place of the old ones where they are bound."""

    def __init__(self, names: Mapping[tuple[str, Dim], str], unify: Unify) -> None:
        self.names, self.unify = names, unify
        self.done: dict[tuple[Expr, tuple[tuple[str, str], ...]], Expr] = {}

    def of(self, e: Expr, inside: Mapping[str, str]) -> Expr:
        """The formula where the names of the sums around it are these."""
        key = e, tuple(sorted(inside.items()))
        if key not in self.done:
            self.done[key] = self._made(e, inside)
        return self.done[key]

    def _made(self, e: Expr, inside: Mapping[str, str]) -> Expr:
        params = e.params
        if e.op.name in BINDING:
            inside = dict(inside)
            for index in params:
                size = next(_known(e.args[0], index), None)
                inside[index] = self.names.get((index, size), index) if size is not None else index
            params = tuple(inside[index] for index in params)
        elif letters(e):
            params = tuple(_renamed(p, inside) if isinstance(p, str) else p for p in params)
        args = tuple(self.of(a, inside) for a in e.args)
        return e if args == e.args and params == e.params else apply(e.op, args, params, self.unify)


def _renamed(written: str, names: Mapping[str, str]) -> str:
    """An index under its new name, its shift kept."""
    index = parted(written)[0]
    return names.get(index, index) + written[len(index) :]


def closed_sums(body: Expr) -> list[Expr]:
    """The outermost sums without free indices that are arrays by themselves: beside tensors, and where one is picked.

    >>> from frechet.ops.expressions import rigid, variable
    >>> T, x = variable("T", ("m", "n", "p")), variable("x", ("k",))
    >>> total = apply("isum", (apply("at", (x,), ("s",)),), ("s",))
    >>> closed_sums(apply("mul", (total, T))) == [total], closed_sums(apply("mul", (total, x)))
    (True, [])
    """
    free: dict[Expr, frozenset[str]] = {}
    indexed: set[Expr] = set()
    beside = False
    for e in postorder(body):
        inner = frozenset[str]().union(*(free[a] for a in e.args))
        free[e] = inner - frozenset(e.params) if e.op.name in BINDING else inner | frozenset(letters(e))
        if e.op.name in (*BINDING, *PICKING) and (letters(e) or e.op.name in BINDING):
            indexed.add(e)
        elif any(a in indexed for a in e.args):
            indexed.add(e)
            beside = beside or any(len(a.shape) > 2 and a not in indexed for a in e.args)
    found: dict[Expr, None] = {}
    seen: set[tuple[Expr, bool]] = set()
    stack = [(body, beside)]
    while stack:
        e, alone = stack.pop()
        if (e, alone) in seen:
            continue
        seen.add((e, alone))
        if alone and e.op.name in BINDING and not free[e]:
            found[e] = None
        else:
            stack += [(a, alone or e.op.name in PICKING) for a in e.args]
    return list(found)
