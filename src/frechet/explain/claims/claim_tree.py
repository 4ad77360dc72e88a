"""A claim as a tree that may be edited: it need not have a shape, and what it shares with its neighbours is not redone.

Products and sums have any number of operands here, so that a factor can be moved, dropped or put in anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, final

import numpy as np

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.op import Unify
from frechet.errors import FrechetError
from frechet.explain.claims.points import Place
from frechet.language.elaborate import Misfit, Scope, elaborate
from frechet.language.tree import Node, walk
from frechet.notation.naming import indexed
from frechet.ops.expressions import apply, number, variable
from frechet.verify.evaluate import parameters

CHAIN, TOTAL, LEAF = "chain", "total", "leaf"
Path = tuple[int, ...]
LARGEST = 20_000
"""The largest array, in entries, that an edit may make."""


@final
class Term:
    """An operation on terms; `leaf` is the expression of one that is not taken apart."""

    __slots__ = ("args", "leaf", "op", "params")

    def __init__(self, op: str, args: tuple[Term, ...], params: tuple[Any, ...], leaf: Expr | None) -> None:
        self.op, self.args, self.params, self.leaf = op, args, params, leaf

    @property
    def value(self) -> Fraction | None:
        """The number that the term is, if it is one."""
        return self.leaf.params[0] if self.leaf is not None and self.leaf.op.name == "number" else None


SIGNED = frozenset({"hadamard", "edivide", "divide", "kron"})
"""Operations that a minus of an operand comes out of."""


def _negative(term: Term) -> bool:
    return term.op == TOTAL and term.params == (-1,)


@final
class Bank:
    """The terms of one search, each with its expression and its value at one point, found once."""

    def __init__(self, place: Place, unify: Unify) -> None:
        self.place, self.unify = place, unify
        self._terms: dict[tuple[Any, ...], Term] = {}
        self._typed: dict[Term, Expr | None] = {}
        self._values: dict[Expr, Any] = {}
        self._lengths: dict[Dim, int] = {}

    # -- making --------------------------------------------------------------------------------------------------------

    def _make(self, op: str, args: Sequence[Term], params: tuple[Any, ...] = (), leaf: Expr | None = None) -> Term:
        key = (op, tuple(args), params, leaf)
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = Term(op, tuple(args), params, leaf)
        return found

    def leaf(self, expr: Expr) -> Term:
        """A term that is not taken apart."""
        return self._make(LEAF, (), (), expr)

    def number(self, value: Fraction | int) -> Term:
        """A number."""
        return self.leaf(number(value))

    def apply(self, op: str, *args: Term, params: tuple[Any, ...] = ()) -> Term:
        """An operation; products and sums are flattened, transposes and negations cancel."""
        if op == "mul":
            return self.chain(args)
        if op == "add":
            return self.total(args, (1, 1))
        if op == "sub":
            return self.total(args, (1, -1))
        if op == "neg":
            return self.total(args, (-1,))
        if op == "transpose":
            return args[0].args[0] if args[0].op == "transpose" else self.transposed(args[0])
        if op in ("power", "epower") and args[1].value == 1:
            return args[0]
        if op == "power" and args[1].value == -1:
            return self._make("inv", args[:1])
        if op in SIGNED and any(_negative(a) for a in args):
            sign = (-1) ** sum(_negative(a) for a in args)
            plain = self._make(op, [a.args[0] if _negative(a) else a for a in args], params)
            return self.total((plain,), (sign,))
        if op == "kron" and any(a.op == CHAIN and a.args[0].value is not None for a in args):
            numbers = [a.args[0] for a in args if a.op == CHAIN and a.args[0].value is not None]
            plain = [self.chain(a.args[1:]) if a.op == CHAIN and a.args[0] in numbers else a for a in args]
            return self.chain((*numbers, self._make(op, plain, params)))
        return self._make(op, args, params)

    def chain(self, factors: Sequence[Term]) -> Term:
        """The product of some factors; its numbers are one, in front."""
        flat: list[Term] = []
        number = Fraction(1)
        for f in factors:
            if _negative(f):
                number, f = -number, f.args[0]
            flat.extend(f.args if f.op == CHAIN else (f,))
        rest: list[Term] = []
        for f in flat:
            value = f.value
            if value is None:
                rest.append(f)
            else:
                number *= value
        if not rest:
            return self.number(number)
        body = rest[0] if len(rest) == 1 else self._make(CHAIN, rest)
        if number == 1:
            return body
        if number == -1:
            return self.total((body,), (-1,))
        return self._make(CHAIN, (self.number(number), *rest))

    def transposed(self, term: Term) -> Term:
        """The transpose: of a product that of its factors in reverse, where that takes no more signs."""
        if term.op == CHAIN:
            numbers = [f for f in term.args if self._scalar(f)]
            others = [f for f in term.args if not self._scalar(f)]
            turned = [f.args[0] if f.op == "transpose" else self._make("transpose", (f,)) for f in reversed(others)]
            if sum(f.op == "transpose" for f in turned) <= 1 + sum(f.op == "transpose" for f in others):
                return self.chain((*numbers, *turned))
        if term.op == TOTAL and len(term.args) == 1:
            return self.total((self.transposed(term.args[0]),), term.params)
        return term if self._symmetric(term) else self._make("transpose", (term,))

    def _symmetric(self, term: Term) -> bool:
        """Whether a transpose changes nothing, as everyone sees: a scalar, an identity, a diagonal matrix."""
        e = self.typed(term)
        return e is not None and (not e.shape or e.op.name == "eye" or (e.op.name == "diag" and len(e.shape) == 2))

    def _scalar(self, term: Term) -> bool:
        found = self.typed(term)
        return found is not None and not found.shape

    def total(self, terms: Sequence[Term], signs: Sequence[int]) -> Term:
        """The sum of some terms, each with its sign."""
        flat: list[tuple[Term, int]] = []
        for term, sign in zip(terms, signs, strict=True):
            inner = zip(term.args, term.params, strict=True) if term.op == TOTAL else [(term, 1)]
            flat += [(t, s * sign) for t, s in inner]
        if len(flat) == 1 and flat[0][1] == 1:
            return flat[0][0]
        return self._make(TOTAL, [t for t, _ in flat], tuple(s for _, s in flat))

    def again(self, term: Term, args: Sequence[Term]) -> Term:
        """The same operation on other terms."""
        if term.op == CHAIN:
            return self.chain(args)
        if term.op == TOTAL:
            return self.total(args, term.params)
        return self.apply(term.op, *args, params=term.params)

    def put(self, root: Term, path: Path, new: Term) -> Term:
        """The root with another term at a path."""
        above: list[Term] = []
        here = root
        for k in path:
            above.append(here)
            here = here.args[k]
        for node, k in zip(reversed(above), reversed(path), strict=True):
            new = self.again(node, [*node.args[:k], new, *node.args[k + 1 :]])
        return new

    def clutter(self, root: Term) -> float:
        """What nobody leaves standing in a formula: a term twice in a sum, an identity as a factor, P*P for P^2."""
        found, stack = 0.0, [root]
        while stack:
            term = stack.pop()
            stack.extend(term.args)
            if term.op == TOTAL:
                found += len(term.args) - len(set(term.args))
            elif term.op == CHAIN:
                typed = [e for e in map(self.typed, term.args) if e is not None and e.shape]
                found += 0.6 * sum(e.op.name == "eye" for e in typed) * (len(typed) > 1)
                found += 0.3 * sum(a is b for a, b in zip(term.args, term.args[1:], strict=False))
        return found

    # -- reading -------------------------------------------------------------------------------------------------------

    def of_expr(self, root: Expr, given: Mapping[Expr, Term] = MappingProxyType({})) -> Term:
        """The term of an expression; `given` are terms for parts of it."""
        done = dict(given)
        for e in postorder(root, known=given):
            args = [done[a] for a in e.args]
            done[e] = self.apply(e.op.name, *args, params=e.params) if args and e.op.name != "at" else self.leaf(e)
        return done[root]

    def of_syntax(self, root: Node, scope: Scope) -> Term | None:
        """The term of a piece of syntax, whether it has a shape or not; None where it cannot be taken apart."""
        done: dict[int, Term] = {}
        for node in walk(root):
            args = [done[id(a)] for a in node.args]
            if node.kind == "op":
                done[id(node)] = self.apply(str(node.data), *args)
                continue
            try:
                found = self._piece(node, args, scope)
            except (FrechetError, Misfit):
                return None
            if found is None:
                return None
            done[id(node)] = found
        return done[id(root)]

    def _piece(self, node: Node, args: list[Term], scope: Scope) -> Term | None:
        if not args:
            return self.of_expr(elaborate(node, scope, self.unify))
        typed = [self.typed(a) for a in args]
        if all(e is not None for e in typed):
            try:
                return self.of_expr(elaborate(node, scope, self.unify))
            except Misfit:
                pass
        # What the operation is called and its parameters do not depend on the shapes: ask with shapes that fit.
        n = Dim.of("n_")
        for shape in ((n, n), (n,), ()):
            stand = [Node("name", f"_{k}", [], node.start, node.end, node.place) for k in range(len(args))]
            inner = Scope(
                {**scope.values, **{f"_{k}": variable(f"_{k}", shape) for k in range(len(args))}},
                scope.sizes, scope.functions, scope.indices,
            )  # fmt: skip
            asked = Node(node.kind, node.data, stand, node.start, node.end, node.place, node.params)
            try:
                found = elaborate(asked, inner, self.unify)
            except (FrechetError, Misfit):
                continue
            if len(found.args) == len(args):
                return self.apply(found.op.name, *args, params=found.params)
        return None

    # -- what a term is ------------------------------------------------------------------------------------------------

    def typed(self, root: Term) -> Expr | None:
        """The expression of a term; None where it has no shape."""
        known = self._typed
        if root in known:
            return known[root]
        stack = [root]
        while stack:
            term = stack[-1]
            if term in known:
                stack.pop()
                continue
            open_ = [a for a in term.args if a not in known]
            if open_:
                stack.extend(open_)
                continue
            stack.pop()
            known[term] = self._type(term, [known[a] for a in term.args])
        return known[root]

    def _type(self, term: Term, args: list[Expr | None]) -> Expr | None:
        if term.leaf is not None:
            return term.leaf
        below = [a for a in args if a is not None]
        if len(below) < len(args):
            return None
        try:
            if term.op == CHAIN:
                return self._folded(self._grouped(below))
            if term.op == TOTAL:
                return self._summed(below, term)
            return apply(term.op, below, term.params, self.unify)
        except (FrechetError, ValueError, ZeroDivisionError, KeyError):
            return None

    def _folded(self, args: list[Expr]) -> Expr:
        value = args[0]
        for a in args[1:]:
            value = apply("mul", (value, a), (), self.unify)
        return value

    def _grouped(self, args: list[Expr]) -> list[Expr]:
        """The factors of a product, with a row times … times a column that stands before others as one of them.

        2*(x'*A*x)*(A+A')*x, not 2*x'*A*x*(A+A')*x.
        """
        out: list[Expr] = []
        k = 0
        while k < len(args):
            stop = k
            if len(args[k].shape) == 2 and args[k].shape[0].number == 1:
                run = args[k]
                for j in range(k + 1, len(args) - 1):
                    run = apply("mul", (run, args[j]), (), self.unify)
                    if not run.shape:
                        out.append(run)
                        stop = j + 1
                        break
            if stop == k:
                out.append(args[k])
                stop = k + 1
            k = stop
        return out

    def _summed(self, args: list[Expr], term: Term) -> Expr:
        signs: Sequence[int] = term.params
        value = args[0] if signs[0] > 0 else self._negated(args[0], term.args[0])
        for a, sign in zip(args[1:], signs[1:], strict=True):
            value = apply("add" if sign > 0 else "sub", (value, a), (), self.unify)
        return value

    def _negated(self, value: Expr, term: Term) -> Expr:
        """-x; of a product, the minus goes to its first factor: `-X'*y`, not `-(X'*y)`."""
        if term.op == CHAIN:
            first, *rest = term.args
            head = self.number(-first.value) if first.value is not None else self._make("neg", (first,))
            below = [e for t in (head, *rest) if (e := self.typed(t)) is not None]
            if len(below) == len(term.args):
                return self._folded(self._grouped(below))
        if term.op in ("hadamard", "edivide", "divide"):
            first, second = value.args
            return apply(term.op, (self._negated(first, term.args[0]), second), (), self.unify)
        if term.value is not None:
            return number(-term.value)
        return apply("neg", (value,), (), self.unify)

    def evaluate(self, term: Term) -> Any:
        """The value of a term at the point; None where it has none."""
        root = self.typed(term)
        if root is None:
            return None
        for e in postorder(root, known=self._values):
            self._values[e] = self._computed(e)
        return self._values[root]

    def _length(self, size: Dim) -> int:
        found = self._lengths.get(size)
        if found is None:
            found = self._lengths[size] = size.evaluate(self.place.sizes)
        return found

    def _computed(self, e: Expr) -> Any:
        place = self.place
        if e.op.name == "variable":
            return place.env.get(e.params[0])
        if indexed(e):  # a body has a value only within its sum
            try:
                return place.value(e) if e.op.name == "isum" else None
            except FrechetError:
                return None
        args = [self._values[a] for a in e.args]
        if any(a is None for a in args):
            return None
        try:
            shape = tuple(self._length(d) for d in e.shape)
            if math.prod(shape) > LARGEST:
                return None
            found = e.op.value(np, parameters(e, place.sizes, place.functions), *args)
            found = np.reshape(found, shape)
        except (np.linalg.LinAlgError, ValueError, IndexError, KeyError, NotImplementedError, TypeError):
            return None
        return found if np.isfinite(found).all() else None


def positions(root: Term, limit: int = 160) -> Iterator[tuple[Path, Term]]:
    """Every place in a term, the outer ones first."""
    queue: list[tuple[Path, Term]] = [((), root)]
    for path, term in queue:
        yield path, term
        if len(queue) < limit:
            queue.extend(((*path, k), a) for k, a in enumerate(term.args))
