"""The index form to numbers: `A[i,k]*B[k,j]*delta(j,l)` as an array over its free indices.

The rule of the language, strictly: an index that is not free and stands on exactly two factors of a product
(or twice on one) is summed over the innermost product that holds all its occurrences; a function's argument
is a scope of its own; anything else (three factors, one factor) needs `sum(k: …)` and is an error without
it.

A value here is (array, names): one axis a name, in the order of the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from judge.language import Tree, parts
from judge.values import ELEMENTWISE, Array, Bad, evaluate, grid, pick, polygamma, whole

Named = tuple[Any, tuple[str, ...]]
Extents = dict[str, int]

MOST = 10**8
"""The most entries an array may have here."""


class TooLarge(Exception):
    """The formula cannot be evaluated in the memory there is: nothing is said of it."""


class Indexed:
    """The reader of one entry formula; every name that is not among the `values` is an index."""

    def __init__(
        self,
        values: Mapping[str, Array],
        declared: Mapping[str, Callable[[int, Array], Array]] | None = None,
        complex_: bool = False,
    ) -> None:
        self.values = values
        self.declared = declared or {}
        self.complex = complex_

    def is_index(self, tree: Tree) -> bool:
        return tree[0] == "name" and tree[1] not in self.values and tree[1] != "pi"

    def plain(self, tree: Tree) -> bool:
        """No index anywhere below: an ordinary formula."""
        stack = [tree]
        while stack:
            node = stack.pop()
            if node[0] == "isum" or self.is_index(node) or (node[0] == "call" and node[1] == "delta"):
                return False
            stack.extend(parts(node))
        return True

    # Which indices a subtree shows to the outside, and how often.

    def visible(self, tree: Tree) -> Counter[str]:
        if self.plain(tree):
            return Counter()
        tag = tree[0]
        if tag == "at":
            return Counter(i[1] for i in tree[2] if self.is_index(i))
        if tag == "neg":
            return self.visible(tree[1])
        if tag == "isum":
            return Counter({k: c for k, c in self.visible(tree[2]).items() if k not in tree[1]})
        if tag == "call":
            if tree[1] == "delta":
                return Counter(i[1] for i in tree[3] if self.is_index(i))
            inside: Counter[str] = Counter()
            for argument in tree[3]:
                for k, c in self.visible(argument).items():
                    if c == 1:
                        inside[k] = 1
            return inside
        if tag == "bin" and tree[1] in ("*", ".*", "/", "./"):
            return self.visible(tree[2]) + self.visible(tree[3])
        if tag == "bin" and tree[1] in ("^", ".^"):
            return self.visible(tree[2]) | self.visible(tree[3])
        if tag == "bin":
            return self.visible(tree[2]) | self.visible(tree[3])
        raise Bad(f"{tag} cannot stand in the index form")

    # Sizes of the indices, from the axes they stand on.

    def extents(self, tree: Tree, known: Extents) -> Extents:
        found = dict(known)
        deltas: list[tuple[str, str]] = []
        stack = [tree]
        while stack:
            node = stack.pop()
            if node[0] == "at":
                shape = self.base(node[1]).shape
                if len(node[2]) != len(shape) and len(shape) < 2:
                    shape = grid(self.base(node[1])).shape
                if len(node[2]) == 1 and len(shape) == 2 and 1 in shape:
                    shape = (max(shape),)
                if len(node[2]) != len(shape):
                    raise Bad(f"{len(node[2])} indices into shape {shape}")
                for axis, i in enumerate(node[2]):
                    if self.is_index(i):
                        found.setdefault(i[1], shape[axis])
                continue
            if node[0] == "call" and node[1] == "delta" and all(map(self.is_index, node[3])):
                deltas.append((node[3][0][1], node[3][1][1]))
            if node[0] != "call" or node[1] == "delta" or not self.plain(node):
                stack.extend(parts(node))
        for _ in deltas:
            for i, j in deltas:
                for a, b in ((i, j), (j, i)):
                    if a in found:
                        found.setdefault(b, found[a])
        return found

    def base(self, tree: Tree) -> Array:
        if not self.plain(tree):
            raise Bad("an index inside the array that is subscripted")
        return evaluate(tree, self.values, self.declared, self.complex)

    # Values.

    def term(self, tree: Tree, fixed: frozenset[str], held: frozenset[str], sizes: Extents) -> Named:
        """A term, summed over the indices that the rule sums here.

        `fixed` indices stay (free ones, or those that an explicit sum names), and `held` ones, which a
        product further out sums."""
        if self.plain(tree):
            return evaluate(tree, self.values, self.declared, self.complex), ()
        tag = tree[0]
        if tag == "neg":
            array, names = self.term(tree[1], fixed, held, sizes)
            return -array, names
        if tag == "bin" and tree[1] in ("+", "-"):
            left = self.term(tree[2], fixed, held, self.inner(tree[2], fixed | held, sizes))
            right = self.term(tree[3], fixed, held, self.inner(tree[3], fixed | held, sizes))
            (a, b), names = align(left, right)
            return (a + b if tree[1] == "+" else a - b), names
        sizes = self.inner(tree, fixed | held, sizes)
        if tag == "isum":
            array, names = self.term(tree[2], fixed | set(tree[1]), held, sizes)
            for k in tree[1]:
                if k not in names:
                    raise Bad(f"sum({k}: …) over an index that does not occur")
                array, names = summed(array, names, k)
            return array, names
        if tag == "bin" and tree[1] in ("^", ".^"):
            return self.apply(np.power, [tree[2], tree[3]], fixed, held, sizes)
        if tag == "call" and tree[1] != "delta":
            return self.apply(self.function(tree), list(tree[3]), fixed, held, sizes)
        return self.multiply(tree, fixed, held, sizes)

    def inner(self, tree: Tree, bound: frozenset[str], sizes: Extents) -> Extents:
        return self.extents(tree, {k: n for k, n in sizes.items() if k in bound})

    def function(self, tree: Tree) -> Callable[..., Array]:
        name = tree[1]
        if name in self.declared:
            return lambda x: self.declared[name](tree[2], x)
        if name in ("max", "min"):
            return lambda a, b: pick(name == "max")(*np.broadcast_arrays(a, b))
        if name == "polygamma":
            return lambda k, x: polygamma(np.reshape(k, -1)[0], x)  # k comes spread over the indices of x
        if name in ELEMENTWISE:
            return ELEMENTWISE[name]
        raise Bad(f"{name} of an indexed argument")

    def apply(
        self,
        f: Callable[..., Array],
        arguments: list[Tree],
        fixed: frozenset[str],
        held: frozenset[str],
        sizes: Extents,
    ) -> Named:
        named = [self.term(a, fixed, self.outside(a, held), sizes) for a in arguments]
        if len(named) == 1:
            return f(named[0][0]), named[0][1]
        arrays, names = align(*named)
        return f(*arrays), names

    def outside(self, argument: Tree, held: frozenset[str]) -> frozenset[str]:
        """Of the held indices those that the argument leaves to the outside: they stand in it once."""
        return frozenset(k for k, c in self.visible(argument).items() if c == 1) & held

    def multiply(self, tree: Tree, fixed: frozenset[str], held: frozenset[str], sizes: Extents) -> Named:
        factors = self.factors(tree)
        counts = [self.visible(f) for f, _ in factors]
        total: Counter[str] = sum(counts, Counter())
        mine: list[str] = []
        for k, c in total.items():
            if k in fixed or k in held:
                continue
            alone = [f for (f, _), count in zip(factors, counts, strict=True) if count[k] == c]
            if alone and not self.atom(alone[0]):
                continue  # all occurrences lie in one factor, which sums
            if c != 2:
                raise Bad(f"index {k} stands on {c} factors without sum({k}: …)")
            mine.append(k)
        held = held | set(mine)
        result: Named = (np.asarray(1.0), ())
        run: Tree | None = None
        for place, (factor, below) in enumerate(factors):
            if not below and self.plain(factor):
                run = factor if run is None else ("bin", "*", run, factor)
                continue
            if run is not None:
                result = outer(result, (evaluate(run, self.values, self.declared, self.complex), ()), False)
                run = None
            value = self.factor(factor, fixed, held, sizes)
            over = [k for k in mine if not any(count[k] for count in counts[place + 1 :])]
            result = contracted(result, value, over, below)  # as soon as it can be: long products have many indices
            mine = [k for k in mine if k not in over]
        if run is not None:
            result = outer(result, (evaluate(run, self.values, self.declared, self.complex), ()), False)
        array, names = result
        if np.ndim(array) != len(names):
            raise Bad("an array without indices in the index form")
        for k in mine:
            array, names = summed(array, names, k)
        return array, names

    def atom(self, tree: Tree) -> bool:
        return tree[0] == "at" or (tree[0] == "call" and tree[1] == "delta")

    def factors(self, tree: Tree) -> list[tuple[Tree, bool]]:
        """The factors of a product, in order, with whether each divides; one without an index stays whole."""
        if self.plain(tree):
            return [(tree, False)]
        if tree[0] == "bin" and tree[1] in ("*", ".*"):
            left, right = self.factors(tree[2]), self.factors(tree[3])
            return left + right
        if tree[0] == "bin" and tree[1] in ("/", "./"):
            return [*self.factors(tree[2]), (tree[3], True)]
        return [(tree, False)]

    def factor(self, tree: Tree, fixed: frozenset[str], held: frozenset[str], sizes: Extents) -> Named:
        if tree[0] == "at":
            return self.entry(self.base(tree[1]), tree[2], sizes)
        if tree[0] == "call" and tree[1] == "delta":
            size = max((sizes[i[1]] for i in tree[3] if self.is_index(i) and i[1] in sizes), default=0)
            if not size:
                raise Bad("delta over indices of unknown size")
            return self.entry(np.eye(size), tree[3], sizes)
        return self.term(tree, fixed, held, sizes)

    def entry(self, array: Array, indices: tuple[Tree, ...], sizes: Extents) -> Named:
        """Subscripts: an index keeps its axis, a number picks, an index that stands twice is the diagonal."""
        if array.ndim != len(indices):
            array = grid(array)
            if len(indices) == 1 and 1 in array.shape:
                array = array.ravel()
        if array.ndim != len(indices):
            raise Bad(f"{len(indices)} indices into shape {array.shape}")
        names: list[str] = []
        axis = 0
        for i in indices:
            if not self.is_index(i):
                at = whole(evaluate(i, self.values, self.declared, self.complex))
                if not 1 <= at <= array.shape[axis]:
                    raise Bad(f"index {at} of {array.shape[axis]}")
                array = np.take(array, at - 1, axis=axis)
                continue
            if sizes.get(i[1], array.shape[axis]) != array.shape[axis]:
                raise Bad(f"index {i[1]} runs to {sizes[i[1]]} on an axis of {array.shape[axis]}")
            if i[1] in names:
                first = names.index(i[1])
                array = np.moveaxis(np.diagonal(array, axis1=first, axis2=axis), -1, first)
                continue
            names.append(i[1])
            axis += 1
        return array, tuple(names)


def align(*named: Named) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """All arrays with the axes of any."""
    names = tuple(dict.fromkeys(k for _, own in named for k in own))
    out: list[Any] = []
    for array, own in named:
        if np.ndim(array) != len(own):
            raise Bad("an array without indices in the index form")
        order = [own.index(k) for k in names if k in own]
        array = np.transpose(array, order) if own else np.asarray(array)
        shape = iter(array.shape)
        out.append(array.reshape([next(shape) if k in own else 1 for k in names]))
    return tuple(out), names


def outer(left: Named, right: Named, below: bool) -> Named:
    (a, b), names = align(left, right)
    if np.prod([max(pair) for pair in zip(a.shape, b.shape, strict=True)], dtype=float) > MOST:
        raise TooLarge(f"an intermediate product of the indices {', '.join(names)} has more than {MOST} entries")
    return (a / b if below else a * b), names


def contracted(left: Named, right: Named, over: list[str], below: bool) -> Named:
    """The product, summed over some indices; without the array of all of them where no quotient is in the way.

    >>> array, names = contracted((np.ones((2, 3)), ("i", "k")), (np.ones((3, 4)), ("k", "j")), ["k"], False)
    >>> array.tolist(), names
    ([[3.0, 3.0, 3.0, 3.0], [3.0, 3.0, 3.0, 3.0]], ('i', 'j'))
    """
    (a, own), (b, others) = left, right
    shared = [k for k in over if k in own and k in others]
    if below or not shared or set(own) & set(others) != set(shared):
        array, names = outer(left, right, below)
    else:
        places = [own.index(k) for k in shared], [others.index(k) for k in shared]
        names = tuple(k for k in (*own, *others) if k not in shared)
        array = np.tensordot(a, b, axes=places)
    for k in over:
        if k in names or k not in shared:
            array, names = summed(array, names, k)
    return array, names


def summed(array: Any, names: tuple[str, ...], k: str) -> Named:
    if k not in names:
        raise Bad(f"nothing to sum over {k}")
    at = names.index(k)
    return np.sum(array, axis=at), names[:at] + names[at + 1 :]


def entries(
    tree: Tree,
    free: Mapping[str, int],
    values: Mapping[str, Array],
    declared: Mapping[str, Callable[[int, Array], Array]] | None = None,
    complex_: bool = False,
) -> Array:
    """The array of all entries, an axis for each free index in order.

    >>> from judge.language import parse
    >>> A, x = np.arange(6.0).reshape(2, 3), np.ones(3)
    >>> entries(parse("A[i,k]*x[k]"), {"i": 2}, {"A": A, "x": x}).tolist()
    [3.0, 12.0]
    >>> entries(parse("delta(i,j)*sum(k: A[i,k]*A[i,k]*x[k])"), {"i": 2, "j": 2}, {"A": A, "x": x}).tolist()
    [[5.0, 0.0], [0.0, 50.0]]
    >>> entries(parse("A[i,k]*A[i,k]*x[k]"), {"i": 2}, {"A": A, "x": x})
    Traceback (most recent call last):
        ...
    judge.arrays.Bad: index k stands on 3 factors without sum(k: …)
    """
    for k in free:
        if k in values:
            raise Bad(f"the index {k} is the name of a variable or a size")
    reader = Indexed(values, declared, complex_)
    array, names = reader.term(tree, frozenset(free), frozenset(), dict(free))
    stray = [k for k in names if k not in free]
    if stray:
        raise Bad(f"index {stray[0]} is neither free nor summed")
    (array, _), order = align((array, names), (np.zeros(tuple(free.values())), tuple(free)))
    array = np.broadcast_to(array, [free[k] for k in order])
    return np.transpose(array, [order.index(k) for k in free]) if free else np.asarray(array)
