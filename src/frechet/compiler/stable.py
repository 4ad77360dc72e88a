"""Formulas that lose digits or overflow, written by functions that do not: 1 - tanh(x)² at x = 20 is 1.7e-17, not 0.

A pass over a finished program.  Which function computes what well is said in a table of code whose keys are formulas
(`ops/stable.py`): "1-tanh(x)^2", "exp(x)-1", "log(1+x)".  Here values are compared with the formulas that the table may
hold; no operation is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any, final

from frechet.compiler.values import Labels, Program, Value, reachable
from frechet.core.code import NO_CODE
from frechet.core.records import code, facts, operation_of

ONE = Fraction(1)
Factors = list[tuple[Value, Labels]]


def stable(program: Program, roots: Sequence[Value]) -> list[Value]:
    """The roots of a program of real numbers, with what loses digits replaced."""
    work = _Pass(program)
    done: dict[Value, Value] = {}
    for v in reachable(roots):
        made = work.rewritten(v, [done[a] for a in v.args])
        made.node, made.name = made.node or v.node, made.name or v.name
        made.symmetric = made.symmetric or v.symmetric
        done[v] = made
    return [done[r] for r in roots]


@final
class _Pass:
    """The formulas of the table, one method for each kind of value."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rests: dict[Value, Value] = {}
        """What is 1 - f(x), and the value f(x)."""

    def rewritten(self, v: Value, args: Sequence[Value]) -> Value:
        """The value over arguments that are rewritten already."""
        if v.kind == "product":
            return self._product(v.data[0], list(zip(args, v.data[1], strict=True)), v)
        made = v if args == list(v.args) else self.program.make(v.kind, args, v.data, v.dims)
        found = None
        if made.kind == "sum" and len(made.args) == 2:
            found = self._difference(made)
        elif made.kind == "call" and len(made.args) == 1 and not made.data[1]:
            found = self._call(made)
        return made if found is None else found

    # -- 1 - f(x) ------------------------------------------------------------------------------------------------------

    def _difference(self, v: Value) -> Value | None:
        """c + d·f(x)^k and c·f(x)^j + d·f(x)^k, where the table has 1 + (d/c)·f(x)^(k-j)."""
        coefs, axes = v.data
        for i, k in ((0, 1), (1, 0)):
            one = v.args[i]
            plain = one.kind == "number" and one.data == 1
            f, much = _powered(v.args[k])
            g, less = (None, 0) if plain else _powered(one)
            at: Labels = axes[k]
            if f is None or much <= less or len(at) != len(v.dims) or not (plain or (g is f and axes[i] == at)):
                continue
            found = self._from_one(f, much - less, coefs[k] / coefs[i])
            if found is None:
                continue
            sign, made = found
            factors = [(made, at)] if plain else [(self.program.power(f, Fraction(less)), at), (made, at)]
            whole = self.program.product(sign * coefs[i], factors, v.dims)
            if (much - less, coefs[k]) == (1, -coefs[i]):
                self.rests[made] = f
            return whole
        return None

    def _from_one(self, f: Value, k: int, ratio: Fraction) -> tuple[int, Value] | None:
        """1 + ratio·f(x)^k as a sign and a value, if the table or a mirror of f has it."""
        (x,), op = f.args, f.data[0]
        if (k, ratio) == (1, -1) and facts(op).mirror == "complement":
            return 1, self.program.make("call", (self._negated(x),), f.data, f.dims)
        power = f"{op}(x)" if k == 1 else f"{op}(x)^{k}"
        size = "" if abs(ratio) == 1 else f"{abs(ratio)}*"
        names = [(1, f"1{'-' if ratio < 0 else '+'}{size}{power}")]
        if ratio == -1:
            names.append((-1, f"{power}-1"))
        for sign, name in names:
            if code(name) is not NO_CODE:
                return sign, self.program.make("call", (x,), (name, ()), f.dims)
        return None

    def _negated(self, x: Value) -> Value:
        if x.kind == "sum":
            return self.program.negated(x)
        return self.program.product(-ONE, [(x, tuple(range(len(x.dims))))], x.dims)

    # -- products ------------------------------------------------------------------------------------------------------

    def _product(self, coef: Fraction, factors: Factors, v: Value) -> Value:
        """A product; two factors that the table knows together are one, until there are none."""
        made = self.program.product(coef, factors, v.dims)
        while made.kind == "product":
            found = None
            coef, axes = made.data
            factors = list(zip(made.args, axes, strict=True))
            for a, b in permutations(factors, 2):
                found = self._pair(a[0], b[0]) if a[1] == b[1] else None
                if found is not None:
                    made = self.program.product(coef, [*(f for f in factors if f not in (a, b)), (found, a[1])], v.dims)
                    break
            if found is None:
                break
        return made

    def _pair(self, a: Value, b: Value) -> Value | None:
        """f(x)·(1-f(x)), f(x)/g(x), f(x)/(f(x)+f(y)), where the table has them."""
        if not _plain(a):
            return None
        f, (x,) = a.data[0], a.args
        if self.rests.get(b) is a:
            return self._named(f"{f}(x)*(1-{f}(x))", [x], a)
        if b.kind != "power" or b.data != -1:
            return None
        (below,) = b.args
        if _plain(below) and below.args == a.args:
            return self._named(f"{f}(x)/{below.data[0]}(x)", [x], a)
        y, name = _other(below, a), operation_of(f"{f}(x)/({f}(x)+{f}(y))")
        if y is None or not name:
            return None
        at = tuple(range(len(a.dims)))
        apart = self.program.sum([(ONE, x, at), (-ONE, y.args[0], at)], a.dims)
        return self.program.make("call", (apart,), (name, ()), a.dims)

    # -- functions of functions ----------------------------------------------------------------------------------------

    def _call(self, v: Value) -> Value | None:
        """g(1 + x), g(f(x)), g(1 - f(x)), g(f(x) + f(y)) and g(Σ f(x)), where the table has them."""
        op, (x,) = v.data[0], v.args
        if _plain(x):
            return self._named(f"{op}({x.data[0]}(x))", x.args, v)
        if x.kind == "product" and len(x.args) == 1 and x.data[0] == -1 and _plain(x.args[0]):
            return self._named(f"{op}(-({x.args[0].data[0]}))", x.args[0].args, v)
        if x.kind == "reduce" and _plain(x.args[0]):
            axis, name = _summed(*x.data), operation_of(f"{op}(sum({x.args[0].data[0]}(x)))")
            return None if axis is None or not name else self._named(name, x.args[0].args, v, axis)
        if x.kind == "product" and x.data[0] > 0:
            return self._mean(x, v)
        if x.kind == "sum":
            coefs, axes = x.data
            y = _other(x, x.args[0])
            if y is not None:
                f = y.data[0]
                return self._named(f"{op}({f}(x)+{f}(y))", [x.args[0].args[0], y.args[0]], v)
            terms = list(zip(coefs, x.args, axes, strict=True))
            rest = [t for t in terms if not (t[1].kind == "number" and t[0] * t[1].data == 1)]
            if len(rest) + 1 == len(terms) and code(f"{op}(1+x)") is not NO_CODE:
                return self._named(f"{op}(1+x)", [self.program.sum(rest, x.dims)], v)
        return None

    def _mean(self, x: Value, v: Value) -> Value | None:
        """g(c·Σ f(x)) as g(Σ f(x)) + g(c), where g(Σ f(x)) is an operation: g is a logarithm."""
        coef, axes = x.data
        factors: Factors = list(zip(x.args, axes, strict=True))
        sums = [f for f in factors if f[0].kind == "reduce"]
        rest = [f for f in factors if f not in sums]
        if len(sums) != 1 or not all((a.args[0] if a.kind == "power" else a).kind == "size" for a, _ in rest):
            return None
        ((whole, at),) = sums
        made = self._call(self.program.make("call", (whole,), v.data, whole.dims))
        if made is None:
            return None
        scale = self.program.make("call", (self.program.product(coef, rest, ()),), v.data, ())
        return self.program.sum([(ONE, made, at), (ONE, scale, ())], v.dims)

    def _named(self, name: str, args: Sequence[Value], v: Value, *params: Any) -> Value | None:
        return None if code(name) is NO_CODE else self.program.make("call", args, (name, params), v.dims)


def _plain(v: Value) -> bool:
    """Whether a value is a function of one array, without parameters."""
    return v.kind == "call" and len(v.args) == 1 and not v.data[1]


def _powered(v: Value) -> tuple[Value | None, int]:
    """f(x) and k of f(x)^k, where f is a function of one array and k a whole number of at least 1."""
    base, e = (v.args[0], v.data) if v.kind == "power" else (v, ONE)
    return (base, int(e)) if _plain(base) and e >= 1 and e.denominator == 1 else (None, 0)


def _other(v: Value, a: Value) -> Value | None:
    """f(y) of the sum f(x) + f(y), where f(x) is `a`."""
    if v.kind != "sum" or len(v.args) != 2 or v.data[0] != (1, 1) or a not in v.args or not _plain(a):
        return None
    b = v.args[0] if v.args[1] is a else v.args[1]
    alike = _plain(b) and b.data == a.data and b.dims == a.dims == v.dims
    return b if alike and v.data[1][0] == v.data[1][1] == tuple(range(len(v.dims))) else None


def _summed(before: Labels, after: Labels) -> int | None:
    """The axis, counted from one, that is summed over while the others stay in their order."""
    gone = [k for k, i in enumerate(before) if i not in after]
    if len(gone) != 1 or len(set(before)) != len(before) or tuple(i for i in before if i in after) != after:
        return None
    return gone[0] + 1
