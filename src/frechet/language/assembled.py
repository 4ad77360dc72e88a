"""From entries to arrays: ``C[i,j] = A[i,k]*B[k,j]`` becomes ``C = einsum("ik,kj->ij", A, B)``.

An index that stands more than once in a term and is not on the left is summed, over the innermost product that holds
all its occurrences; ``sum(k: …)`` sums where it says; the argument of a function is a scope of its own.  The algebra
finds the matrix formula afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import final

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.language.calls import SIGNS
from frechet.ops import REGISTRY
from frechet.ops.build import apply, number

INDEXED = ("at", "delta", "isum")
DEEPEST = 300
"""Levels of nesting beyond which a formula in index form is refused."""
LETTERS = "ijklmnpqrstuvwxyzabcdefgh"
Axes = tuple[str, ...]


def has_indices(e: Expr, known: Container[Expr] = ()) -> bool:
    """Whether a formula is in index form; what is `known` has no indices in it."""
    return any(n.op.name in INDEXED for n in postorder(e, known=known))


def assembled(body: Expr, free: Axes, unify: Unify, places: Mapping[str, int] | None = None) -> Expr:
    """The array whose entry at the indices `free` is `body`; `places` are where indices stand in the text.

    >>> from frechet.ops.build import variable, rigid
    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> entry = apply("mul", (apply("at", (A,), ("i", "k")), apply("at", (x,), ("k",))))
    >>> assembled(entry, ("i",), rigid).shape
    (m,)
    """
    if len(set(free)) < len(free):
        raise FrechetError("name", "an index stands twice on the left")
    depth: dict[Expr, int] = {}
    for e in postorder(body):
        depth[e] = 1 + max((depth[a] for a in e.args), default=0)
    if depth[body] > DEEPEST:
        raise FrechetError("limit", "the formula in index form is nested too deeply")
    return _Assembly(body, free, unify, places or {}).whole(body, free)


@final
class _Assembly:
    def __init__(self, body: Expr, free: Axes, unify: Unify, places: Mapping[str, int]) -> None:
        self.unify, self.places = unify, places
        self.sizes: dict[str, Dim] = {}
        deltas: list[tuple[str, str]] = []
        running = {*free, *(i for e in postorder(body) for i in self._letters(e))}
        for e in postorder(body):
            if e.op.name in ("column", "row") and str(e.params[0]) in running:
                raise FrechetError(
                    "unsupported",
                    f"an index takes entries, not whole columns or rows: write X[i,{e.params[0]}] with an index i",
                    self.places.get(str(e.params[0])),
                )
            if e.op.name == "at":
                for index, size in zip(e.params, e.args[0].shape, strict=True):
                    if isinstance(index, str):
                        self._sized(index, size)
            elif e.op.name == "delta" and all(isinstance(p, str) for p in e.params):
                deltas.append((e.params[0], e.params[1]))
        for i, j in deltas:
            known = self.sizes.get(i) or self.sizes.get(j)
            if known is not None:
                self._sized(i, known)
                self._sized(j, known)

    @staticmethod
    def _letters(e: Expr) -> list[str]:
        return [p for p in e.params if isinstance(p, str)] if e.op.name in INDEXED else []

    def _sized(self, index: str, size: Dim) -> None:
        old = self.sizes.get(index)
        self.sizes[index] = size if old is None else self.unify(old, size)

    def _size(self, index: str) -> Dim:
        if index not in self.sizes:
            message = f"nothing says how far the index {index} runs: no array has it in X[{index},…]"
            raise FrechetError("name", message, self.places.get(index))
        return self.sizes[index]

    def whole(self, body: Expr, free: Axes) -> Expr:
        e, axes = self.read(body, frozenset(free))
        return self._spread(e, axes, free)

    def _spread(self, e: Expr, axes: Axes, wanted: Axes) -> Expr:
        """The array with its axes in the order wanted, repeated along those it lacks."""
        if axes == wanted:
            return e
        extra = [i for i in wanted if i not in axes]
        operands = [(e, axes), *((apply("ones", (), (self._size(i),)), (i,)) for i in extra)]
        return self._einsum(operands, wanted)

    def _einsum(self, operands: Iterable[tuple[Expr, Axes]], out: Axes) -> Expr:
        scalars = [e for e, axes in operands if not axes]
        arrays = [(e, axes) for e, axes in operands if axes]
        letters: dict[str, str] = {}
        for _, axes in arrays:
            for i in axes:
                letters.setdefault(i, LETTERS[len(letters)])
        if not arrays:
            made = number(1)
        elif len(arrays) == 1 and arrays[0][1] == out:
            made = arrays[0][0]
        else:
            spec = ",".join("".join(letters[i] for i in axes) for _, axes in arrays)
            spec += "->" + "".join(letters[i] for i in out)
            made = apply("einsum", [e for e, _ in arrays], (spec,), self.unify)
        for s in reversed(scalars):
            made = s if made is number(1) else apply("mul", (s, made), (), self.unify)
        return made

    # -- what is summed where ------------------------------------------------------------------------------------------

    def counts(self, e: Expr) -> Counter[str]:
        """How often each index is seen from outside in one term of e."""
        name = e.op.name
        if name == "at" or name == "delta":
            return Counter(p for p in e.params if isinstance(p, str))
        if name == "isum":
            inner = self.counts(e.args[0])
            return Counter({i: k for i, k in inner.items() if i not in e.params})
        found = [self.counts(a) for a in e.args]
        if name in ("add", "sub"):
            return Counter({i: max(f[i] for f in found) for f0 in found for i in f0})
        total: Counter[str] = Counter()
        for f in found:
            total += f
        if name not in ("mul", "hadamard", "divide", "edivide", "neg"):
            return Counter({i: 1 for i, k in total.items() if k == 1})  # a scope of its own
        return total

    def read(self, e: Expr, keep: frozenset[str]) -> tuple[Expr, Axes]:
        """The array of e over those of its indices that are kept; the others are summed within it."""
        name = e.op.name
        if not has_indices(e):
            if e.shape:
                raise FrechetError("shape", "an array stands without indices in a formula in index form")
            return e, ()
        if name == "at":
            return self._at(e, keep)
        if name == "delta":
            i, j = e.params
            if isinstance(i, str) and isinstance(j, str):
                return self._kept(apply("eye", (), (self._size(i),)), (i, j), keep)
            index, place = (i, j) if isinstance(i, str) else (j, i)
            return self._kept(apply("unit", (), (place, self._size(index))), (index,), keep)
        if name == "neg":
            inner, axes = self.read(e.args[0], keep)
            return apply("neg", (inner,)), axes
        if name == "transpose":
            return self.read(e.args[0], keep)  # of one number
        if name in ("add", "sub"):
            return self._sum(e, keep)
        if name == "isum":
            inner, axes = self.read(e.args[0], keep | frozenset(e.params))
            rest = tuple(i for i in axes if i not in e.params)
            return self._einsum([(inner, axes)], rest), rest
        if name in ("mul", "hadamard", "divide", "edivide"):
            return self._product(e, keep)
        return self._function(e, keep)

    def _function(self, e: Expr, keep: frozenset[str]) -> tuple[Expr, Axes]:
        """A function of entries, which takes one number to one number: its array is the function, entry by entry."""
        name = "epower" if e.op.name == "power" else e.op.name
        args = [self.read(a, keep | self._single(a)) for a in e.args]
        axes = tuple(dict.fromkeys(i for _, ax in args for i in ax))
        self._summed_nowhere(axes, keep)
        if not axes:
            return apply(e.op.name, [x for x, _ in args], e.params, self.unify), ()
        if not REGISTRY[name].elementwise:
            called = f"{name}(…) of an entry is that of one number" if name not in SIGNS else "this is no array here"
            raise FrechetError(
                "unsupported",
                f"{called}: for a function of the whole array write it without the index {axes[0]}",
                self.places.get(axes[0]),
            )
        return apply(name, [self._spread(x, ax, axes) if ax else x for x, ax in args], e.params, self.unify), axes

    def _single(self, e: Expr) -> frozenset[str]:
        return frozenset(i for i, k in self.counts(e).items() if k == 1)

    def _summed_nowhere(self, indices: Iterable[str], keep: frozenset[str]) -> None:
        """A refusal for the first index that is neither kept nor summed."""
        for i in indices:
            if i not in keep:
                raise FrechetError(
                    "name",
                    f"the index {i} stands once: put it on the left, or write sum({i}: …) if it is summed",
                    self.places.get(i),
                )

    def _at(self, e: Expr, keep: frozenset[str]) -> tuple[Expr, Axes]:
        array, operands, names = e.args[0], list[tuple[Expr, Axes]](), list[str]()
        for k, (p, size) in enumerate(zip(e.params, array.shape, strict=True)):
            if isinstance(p, str):
                names.append(p)
            else:
                place = f"·{k}"
                names.append(place)
                operands.append((apply("unit", (), (p, size)), (place,)))
        if not operands and len(set(names)) == len(names) and all(n in keep for n in names):
            return array, tuple(names)
        return self._kept_of([(array, tuple(names)), *operands], keep)

    def _kept(self, e: Expr, axes: Axes, keep: frozenset[str]) -> tuple[Expr, Axes]:
        return self._kept_of([(e, axes)], keep)

    def _kept_of(self, operands: list[tuple[Expr, Axes]], keep: frozenset[str]) -> tuple[Expr, Axes]:
        seen = Counter(i for _, axes in operands for i in axes)
        out = tuple(i for i in seen if i in keep)
        self._summed_nowhere((i for i, k in seen.items() if k == 1 and not i.startswith("·")), keep)
        return self._einsum(operands, out), out

    def _sum(self, e: Expr, keep: frozenset[str]) -> tuple[Expr, Axes]:
        parts = [self.read(a, keep) for a in e.args]
        axes = tuple(dict.fromkeys(i for _, ax in parts for i in ax))
        left, right = (self._spread(x, ax, axes) if ax else x for x, ax in parts)
        return apply(e.op.name, (left, right), (), self.unify), axes

    def _product(self, e: Expr, keep: frozenset[str]) -> tuple[Expr, Axes]:
        factors: list[tuple[Expr, bool]] = []  # and whether it divides
        stack = [(e, False)]
        while stack:
            x, below = stack.pop()
            if x.op.name in ("mul", "hadamard") and not below:
                stack += [(x.args[1], below), (x.args[0], below)]
            elif x.op.name in ("divide", "edivide") and not below:
                stack += [(x.args[1], True), (x.args[0], False)]
            else:
                factors.append((x, below))
        counts = [self.counts(x) for x, _ in factors]
        shared = frozenset(i for c in counts for i in c if sum(i in d for d in counts) > 1)
        operands: list[tuple[Expr, Axes]] = []
        for x, below in factors:
            made, axes = self.read(x, keep | shared | (self._single(x) if below else frozenset[str]()))
            if below:
                made = apply("edivide" if axes else "divide", (number(1), made))
            operands.append((made, axes))
        return self._kept_of(operands, keep)
