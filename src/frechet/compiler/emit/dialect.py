"""How each instruction is written for a library: what the libraries share, as NumPy has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from frechet.compiler.emit.carried import Carried
from frechet.compiler.emit.text import (
    ATOM,
    NEGATIVE,
    POWER,
    PRODUCT,
    SUM,
    Code,
    Piece,
    aligned,
    letters,
    number,
    shape,
    size,
)  # fmt: skip
from frechet.compiler.values import Dims, Labels, Value
from frechet.core.code import Code as Written
from frechet.core.dim import Dim
from frechet.core.records import RECORDS, code


class Dialect:
    """The expressions of a library.  What they need above them is collected: imports and helper functions."""

    name = "numpy"
    title = "NumPy"
    xp = "np"
    library = "import numpy as np"
    special = ("scipy.special", "from scipy import special")
    linalg = ("scipy.linalg", "from scipy import linalg")
    transposed = "transpose"

    def __init__(self, factored: set[Value], has_complex: bool = False) -> None:
        self.complex = has_complex
        self.like = ""
        """An array that the caller passes: whose type and place what is made has."""
        self.passed: dict[str, str] = {}
        """The functions that the caller passes, by the problem's names."""
        self.imports: dict[str, None] = {}
        self.helpers: dict[str, str] = {}
        self.carried = Carried(self.xp)
        self.factored = factored
        """The matrices whose factor is used more than once: it has a statement of its own."""

    # -- arithmetic ----------------------------------------------------------------------------------------------------

    def use(self, text: str) -> str:
        """A text that names the library: it is imported."""
        if re.search(rf"\b{self.xp}\.", text):
            self.imports[self.library] = None
        return text

    def called(self, text: str) -> Code:
        """A call, or anything else that binds tightly."""
        return Code(self.use(text))

    def root(self, x: Code) -> Code:
        """√x."""
        return self.called(f"{self.xp}.sqrt({x.text})")

    def power(self, x: Code, e: Fraction) -> Code:
        """x^e, entry by entry."""
        if e < 0:
            return Code(f"1 / {self.power(x, -e).at(NEGATIVE)}", PRODUCT)
        if e == 1:
            return x
        if e == Fraction(1, 2):
            return self.root(x)
        exponent = number(e)
        return Code(f"{x.at(ATOM)}**{exponent.at(ATOM)}", POWER)

    def product(self, coef: Fraction, factors: Sequence[Piece], width: int) -> Code:
        """coef · Π factors, reciprocals below."""
        above: list[Code] = []
        below: list[Code] = []
        across = width == 2 and [f.at for f in factors] in ([(0,), (1,)], [(1,), (0,)])
        if across and not any(f.below for f in factors):
            left, right = sorted(factors, key=lambda f: f.at)
            scaled = self.product(coef, [replace(left, at=(0,))], 1)
            return self.called(f"{self.xp}.outer({scaled.text}, {right.text.text})")
        for f in factors:
            (below if f.below else above).append(aligned(f.text, f.at, width, self.transposed))
        if coef.denominator != 1 and (coef.denominator & (coef.denominator - 1) or abs(coef.numerator) == 1):
            below.insert(0, Code(str(coef.denominator)))
            coef = Fraction(coef.numerator)
        sign = "-" if coef < 0 else ""
        if abs(coef) != 1 or not above:
            above.insert(0, number(abs(coef)))
        text = above[0].factor(True) if len(above) > 1 or below else above[0].at(NEGATIVE if sign else PRODUCT)
        if sign and (above[0].level < PRODUCT or above[0].matmul):
            text = f"({above[0].text})"
        for f in above[1:]:
            text += f" * {f.factor(False)}"
        if len(below) == 1:
            text += f" / {below[0].factor(False)}"
        elif below:
            text += f" / ({' * '.join(f.factor(k == 0) for k, f in enumerate(below))})"
        alone = len(above) == 1 and not below
        if alone and not sign:
            return above[0]
        return Code(f"{sign}{text}", NEGATIVE if alone else PRODUCT)

    def sum(self, coefs: Sequence[Fraction], terms: Sequence[Piece], width: int) -> Code:
        """Σ coef · term, a positive one first."""
        pieces: list[tuple[bool, str]] = []
        for c, term in zip(coefs, terms, strict=True):
            made = number(abs(c)) if term.text.text == "1" else self.product(abs(c), [term], width)
            pieces.append((c < 0, made.at(PRODUCT)))
        pieces.sort(key=lambda p: p[0])
        (minus, first), *rest = pieces
        return Code(("-" if minus else "") + first + "".join((" - " if m else " + ") + t for m, t in rest), SUM)

    # -- contractions --------------------------------------------------------------------------------------------------

    def reduce(self, a: Code, data: tuple[Labels, Labels], dims: dict[int, Dim]) -> Code:
        """One array: its axes in another order, sums along some, a diagonal."""
        labels, out = data
        if len(set(labels)) < len(labels):
            if len(labels) == 2:
                return self.called(f"{self.xp}.{'diagonal' if out else 'trace'}({a.text})")
            return self.einsum([a], [labels], out, dims)
        kept = tuple(i for i in labels if i in out)
        if len(kept) < len(labels):
            axes = [str(k) for k, i in enumerate(labels) if i not in out]
            a = Code(f"{a.at(ATOM)}.sum({self.axes(axes) if kept else ''})")
        return a if kept == out else self.turned(a, tuple(kept.index(i) for i in out))

    def axes(self, axes: Sequence[str]) -> str:
        """The argument for axes to sum along."""
        return f"axis={axes[0]}" if len(axes) == 1 else f"axis=({', '.join(axes)})"

    def turned(self, a: Code, order: Labels) -> Code:
        """The axes in another order: a view."""
        if order == (1, 0):
            return Code(f"{a.at(ATOM)}.T")
        return Code(f"{a.at(ATOM)}.{self.transposed}({', '.join(map(str, order))})")

    def einsum(self, arrays: Sequence[Code], labels: Sequence[Labels], out: Labels, dims: dict[int, Dim]) -> Code:
        """A contraction by the letters of its axes."""
        named = letters([*labels, out], dims)
        spec = ",".join("".join(named[i] for i in part) for part in labels)
        spec += "->" + "".join(named[i] for i in out)
        return self.called(f'{self.xp}.einsum("{spec}", {", ".join(a.text for a in arrays)})')

    def contract(self, a: Code, b: Code, data: tuple[Labels, Labels, Labels], dims: dict[int, Dim]) -> Code:
        """Σ of the products of two arrays."""
        la, lb, out = data
        inner = [i for i in la if i in lb and i not in out]
        batch = [i for i in la if i in lb and i in out]
        if batch:
            return self.batched(a, b, data, inner, batch, dims)
        if len(inner) == 1:
            (i,) = inner
            if max(len(la), len(lb)) <= 2:
                left = a if la[-1] == i else self.turned(a, (1, 0))
                right = b if lb.index(i) == 0 else self.turned(b, (1, 0))
                return Code(f"{left.factor(True)} @ {right.factor(False)}", PRODUCT, True)
            if la[-1] == i and len(lb) <= 2:
                right = b if lb.index(i) == 0 else self.turned(b, (1, 0))
                return Code(f"{a.factor(True)} @ {right.factor(False)}", PRODUCT, True)
        if not out:
            return self.inner(a, b, len(la)) if la == lb else self.einsum([a, b], [la, lb], out, dims)
        left, right = ", ".join(str(la.index(i)) for i in inner), ", ".join(str(lb.index(i)) for i in inner)
        return self.tensordot(a, b, left, right)

    def inner(self, a: Code, b: Code, width: int) -> Code:
        """⟨a, b⟩ of two arrays of one shape, without conjugates."""
        if self.complex:
            return Code(f"({a.factor(True)} * {b.factor(False)}).sum()")
        return self.called(f"{self.xp}.vdot({a.text}, {b.text})")

    def tensordot(self, a: Code, b: Code, left: str, right: str) -> Code:
        """A contraction over these axes of each."""
        return self.called(f"{self.xp}.tensordot({a.text}, {b.text}, axes=([{left}], [{right}]))")

    def batched(
        self, a: Code, b: Code, data: tuple[Labels, Labels, Labels], inner: list[int], batch: list[int],
        dims: dict[int, Dim],
    ) -> Code:  # fmt: skip
        """The same for each member of a batch: a product of stacked matrices where it is one."""
        la, lb, out = data
        left = [i for i in la if i in out and i not in batch]
        right = [i for i in lb if i in out and i not in batch]
        if len(inner) == len(left) == len(right) == 1:
            x = self._stacked(a, la, (*batch, *left, *inner))
            y = self._stacked(b, lb, (*batch, *inner, *right))
            return Code(f"{x.factor(True)} @ {y.factor(False)}", PRODUCT, True)
        return self.einsum([a, b], [la, lb], out, dims)

    def _stacked(self, a: Code, have: Labels, want: Labels) -> Code:
        if have == want:
            return a
        if have == (*want[:-2], want[-1], want[-2]):
            return self.swapped(a)
        return self.turned(a, tuple(have.index(i) for i in want))

    def swapped(self, a: Code) -> Code:
        """The last two axes exchanged."""
        return self.called(f"{self.xp}.swapaxes({a.text}, -1, -2)")

    # -- operations ----------------------------------------------------------------------------------------------------

    def call(self, op: str, params: tuple[Any, ...], args: Sequence[Code], values: Sequence[Value]) -> Code:
        """An operation by its code, or by its value function carried along."""
        if op == "declared":  # a function that the caller passes: of an array and the order of the derivative
            name, order = params
            return Code(f"{self.passed.setdefault(name, name)}({args[0].text}, {order})")
        written = code(op)
        own = getattr(written, self.name) or written.text
        if own and len(values[0].dims if values else ()) >= written.axes:
            return self.written(written, own, params, args, values)
        return self.carry(op, params, args)

    def written(
        self, written: Written, own: str, params: tuple[Any, ...], args: Sequence[Code], values: Sequence[Value]
    ) -> Code:
        """A template with its arguments."""
        if written.helper and own in (written.numpy, written.text):
            self.helper(written.helper)
        first = params[0] if params else None
        width = len(values[0].dims) if values else 0
        places = {
            "xp": self.xp,
            "axis": f"axis={first - 1}" if isinstance(first, int) else "",
            "dim": str(first - 1) if isinstance(first, int) else "0" if width == 1 else str(tuple(range(width))),
            "p0": str(first),
        }
        text = own.replace("{, axis}", f", {places['axis']}" if places["axis"] else "")
        text = text.replace("{, dim}", f", dim={places['dim']}" if places["axis"] else "")
        text = text.replace("axis={axis}", places["axis"] or "axis=None")
        for word, (module, line) in (("special", self.special), ("linalg", self.linalg)):
            if "{" + word + "}" in text:
                self.imports[line] = None
                text = text.replace("{" + word + "}", module.rpartition(".")[2] if line.startswith("from") else module)
        alone = re.fullmatch(r"[\w.{}]+\(.*\)", text) is not None
        for k, a in enumerate(args):
            bare = re.search(rf"[(,] ?\{{{k}\}}(?=[,)])", text) is not None and alone
            text = text.replace("{" + str(k) + "}", a.text if bare else a.at(ATOM))
        for word, said in places.items():
            text = text.replace("{" + word + "}", said)
        if text.startswith("jax."):
            self.imports["import jax"] = None
        self.use(text)
        tight = alone or re.fullmatch(r"\S+\.\w+(\([^()]*\))?", text) is not None
        return Code(text, ATOM if tight else PRODUCT if text.startswith("(") and " * " in text else SUM)

    def helper(self, source: str) -> None:
        """A function that stands above."""
        text = self.use(source.strip().replace("{xp}", self.xp))
        name = text.partition("(")[0].removeprefix("def ")
        self.helpers[name] = text

    def carry(self, op: str, params: tuple[Any, ...], args: Sequence[Code]) -> Code:
        """The value function of an operation, carried along."""
        record = RECORDS[op]
        name = self.carried.add(record.value, op)
        self.imports.update(self.carried.imports)
        for text in self.carried.functions.values():
            self.use(text)
        given = [size(p).text if isinstance(p, Dim) else repr(p) for p in params]
        listed = f"({', '.join(given)}{',' if len(given) == 1 else ''})"
        return Code(f"{name}({', '.join([listed, *(a.text for a in args)])})")

    def constant(self, op: str, params: tuple[Any, ...], dims: Dims) -> Code:
        """An array that stands by itself: the identity, a mask, what a record makes of sizes."""
        if op not in RECORDS:  # [0, I, 0]
            start, wide, total = params
            return self.cut(self.made("eye", size(total).text), 0, start, wide)
        if op == "unit":
            place, total = params
            return self.cut(self.made("eye", size(total).text), 0, place - 1, None)
        if op in ("zeros", "ones"):
            return self.made(op, shape(dims))
        if code(op).text and RECORDS[op].call.startswith("x"):  # a mask: of ones
            return self.call(op, (), [self.made("ones", shape(dims))], [])
        if code(op).text:
            return self.called(code(op).text.replace("{xp}", self.xp))
        if RECORDS[op].call.startswith("x"):
            return self.carry(op, (), [self.made("ones", shape(dims))])
        return self.carry(op, params, [])

    # -- linear systems ------------------------------------------------------------------------------------------------

    def factor(self, a: Code, how: str) -> Code:
        """The factor of a matrix, kept for several uses."""
        word = "cho_factor" if how == "definite" else "lu_factor"
        return self.scipy(word, f"{word}({a.text})")

    def scipy(self, word: str, text: str) -> Code:
        """A call of scipy.linalg."""
        self.imports[f"from scipy.linalg import {word}"] = None
        return Code(text)

    def solve(self, a: Code, b: Code, how: str, turned: bool, factor: Code | None, dims: Dims) -> Code:
        """inv(A)·b along the first axis of b; `turned` for inv(A')·b."""
        if len(dims) > 2:
            flat = Code(f"{b.at(ATOM)}.reshape({size(dims[0]).text}, -1)")
            made = self.solve(a, flat, how, turned, factor, dims[:2])
            return Code(f"{made.at(ATOM)}.reshape({shape(dims)})")
        if how in ("lower", "upper"):
            return self.triangular(a, b, how == "lower", turned, len(dims))
        if factor is not None:
            if how == "definite":
                return self.scipy("cho_solve", f"cho_solve({factor.text}, {b.text})")
            return self.scipy("lu_solve", f"lu_solve({factor.text}, {b.text}{', trans=1' if turned else ''})")
        if how == "definite":
            return self.definite(a, b, len(dims))
        left = self.turned(a, (1, 0)) if turned else a
        return self.called(f"{self.xp}.linalg.solve({left.text}, {b.text})")

    def definite(self, a: Code, b: Code, width: int) -> Code:
        """inv(A)·b by Cholesky."""
        return self.scipy("solve", f'solve({a.text}, {b.text}, assume_a="pos")')

    def triangular(self, a: Code, b: Code, lower: bool, turned: bool, width: int) -> Code:
        """inv(A)·b by substitution."""
        text = f"solve_triangular({a.text}, {b.text}{', trans=1' if turned else ''}{', lower=True' if lower else ''})"
        return self.scipy("solve_triangular", text)

    def inverse(self, a: Code, how: str, factor: Code | None, n: Dim) -> Code:
        """inv(A)."""
        if how in ("lower", "upper"):
            return self.triangular(a, self.made("eye", size(n).text), how == "lower", False, 2)
        if how == "definite":
            self.helper(CHOLESKY_INVERSE)
            self.imports["from scipy.linalg.lapack import dpotri"] = None
            return Code(f"cholesky_inverse({(factor or self.factor(a, how)).text})")
        if factor is not None:
            self.imports["from scipy.linalg.lapack import dgetri"] = None
            return Code(f"dgetri(*{factor.at(ATOM)})[0]")
        return self.called(f"{self.xp}.linalg.inv({a.text})")

    def logdet(self, a: Code, how: str, factor: Code | None) -> Code:
        """log|det A|."""
        if how in ("lower", "upper"):
            return self.called(f"{self.xp}.log(abs({self.xp}.diagonal({a.text}))).sum()")
        if factor is not None:
            pivots = f"{self.xp}.diagonal({factor.at(ATOM)}[0])"
            if how == "definite":
                return Code(self.use(f"2 * {self.xp}.log({pivots}).sum()"), PRODUCT)
            return self.called(f"{self.xp}.log(abs({pivots})).sum()")
        if how == "definite":
            text = f"2 * {self.xp}.log({self.xp}.diagonal({self.xp}.linalg.cholesky({a.text}))).sum()"
            return Code(self.use(text), PRODUCT)
        return self.called(f"{self.xp}.linalg.slogdet({a.text})[1]")

    def cut(self, a: Code, axis: int, start: Dim, wide: Dim | None) -> Code:
        """A part of an array along an axis; without a width one place of it."""
        if wide is None:
            part = size(start).text
        else:
            part = f"{'' if start == 0 else size(start).text}:{size(start + wide).text}"
        return Code(f"{a.at(ATOM)}[{', '.join([*([':'] * axis), part])}]")

    def made(self, what: str, sizes: str) -> Code:
        """zeros, ones or eye of these sizes."""
        return self.called(f"{self.xp}.{what}({sizes})")

    # -- whole arrays --------------------------------------------------------------------------------------------------

    def reshape(self, a: Code, before: Dims, after: Dims) -> Code:
        """The same entries under other sizes."""
        if before and tuple(d for d in after if d.number != 1) == before:
            index = ["None" if d.number == 1 else ":" for d in after]
            while index[-1] == ":" and len(index) > 1:
                index.pop()
            return Code(f"{a.at(ATOM)}[{', '.join(index)}]")
        if not after and all(d.number == 1 for d in before):
            return Code(f"{a.at(ATOM)}[{', '.join('0' for _ in before)}]")
        if tuple(d for d in before if d.number != 1) == after:
            index = ["0" if d.number == 1 else ":" for d in before]
            while index[-1] == ":":
                index.pop()
            return Code(f"{a.at(ATOM)}[{', '.join(index)}]")
        if not before:
            return self.called(f"{self.xp}.reshape({a.text}, {shape(after)})")
        sizes = shape(after)
        return Code(f"{a.at(ATOM)}.reshape({sizes[1:-1].rstrip(',')})")

    def full(self, v: Code, at: Labels, dims: Dims) -> Code:
        """The same entries along every axis that v lacks."""
        spread = aligned(v, at, len(dims), self.transposed)
        if not at and v.text in ("0", "1"):
            return self.made("zeros" if v.text == "0" else "ones", shape(dims))
        return self.called(f"{self.xp}.full({shape(dims)}, {spread.text})")

    def view(self, out: Labels) -> Labels:
        """The axes of a diagonal of the array that is filled, in the order in which its terms have them."""
        return tuple(dict.fromkeys(out))

    def fill(
        self, name: str, base: tuple[Code, bool] | None, terms: Sequence[tuple[Fraction, Labels, Piece]], dims: Dims
    ) -> list[str]:
        """Statements that build an array in place; `base` with whether it is new and may be written to."""
        if base is None:
            lines = [f"{name} = {self.made('zeros', shape(dims)).text}"]
        else:
            lines = [f"{name} = {base[0].text}" if base[1] else f"{name} = {base[0].at(ATOM)}.copy()"]
        for k, (c, out, piece) in enumerate(terms):
            view = self.view(out)
            named = letters([out], dict(zip(out, dims, strict=True)))
            whole = "".join(named[i] for i in out)
            target = (
                name
                if len(view) == len(out)
                else f'{self.xp}.einsum("{whole}->{"".join(named[i] for i in view)}", {name})'
            )
            target += "[...]"
            if k == 0 and base is None:
                lines.append(f"{target} = {self.product(c, [piece], len(view)).text}")
            else:
                made = self.product(abs(c), [piece], len(view))
                lines.append(f"{target} {'-' if c < 0 else '+'}= {made.text}")
        return [self.use(line) for line in lines]


CHOLESKY_INVERSE = """
def cholesky_inverse(factor):
    \"\"\"The inverse of the matrix with this Cholesky factor.\"\"\"
    c, lower = factor
    inverse, _ = dpotri(c, lower=lower)
    half = {xp}.tril(inverse) if lower else {xp}.triu(inverse)
    inverse = half + half.T
    {xp}.einsum("ii->i", inverse)[...] /= 2
    return inverse
"""
