"""How each instruction is written for a library: what the libraries share, as NumPy has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from frechet.compiler.emit.products import Products
from frechet.compiler.emit.text import (
    ATOM,
    PRODUCT,
    SUM,
    Code,
    Piece,
    aligned,
    letters,
    shape,
    size,
)  # fmt: skip
from frechet.compiler.values import Dims, Labels, Value
from frechet.core.code import Code as Written
from frechet.core.dim import Dim
from frechet.core.records import RECORDS, code

BY_PARTS = """
def in_parts(function, count, *arrays):
    \"\"\"The function of all rows, `count` rows at a time: what it makes on the way stays in the cache.\"\"\"
    first = function(*(a[:count] for a in arrays))
    out = {xp}.empty((len(arrays[0]), *first.shape[1:]), first.dtype)
    out[:count] = first
    for k in range(count, len(out), count):
        out[k : k + count] = function(*(a[k : k + count] for a in arrays))
    return out
"""
BY_THREADS = """
def in_parts(function, count, *arrays):
    \"\"\"The function of all rows, `count` rows at a time, which stay in the cache; on all cores.\"\"\"
    first = function(*(a[:count] for a in arrays))
    out = {xp}.empty((len(arrays[0]), *first.shape[1:]), first.dtype)
    out[:count] = first

    def fill(k):
        out[k : k + count] = function(*(a[k : k + count] for a in arrays))

    with ThreadPoolExecutor() as pool:
        list(pool.map(fill, range(count, len(out), count)))
    return out
"""


class Dialect(Products):
    """The expressions of a library: operations, linear systems, whole arrays."""

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
            "p0": size(first).text if isinstance(first, Dim) else str(first),
        }
        text = own.replace("{, axis}", f", {places['axis']}" if places["axis"] else "")
        text = text.replace("{, dim}", f", dim={places['dim']}" if places["axis"] else "")
        text = text.replace("axis={axis}", places["axis"] or "axis=None")
        for word, (module, line) in (("special", self.special), ("linalg", self.linalg)):
            if "{" + word + "}" in text:
                self.imports[line] = None
                text = text.replace("{" + word + "}", module.rpartition(".")[2] if line.startswith("from") else module)
        text = text.replace("{last}", f"{{{len(args) - 1}}}")
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
        if RECORDS[op].call.startswith("x"):  # a mask: of ones
            return self.call(op, (), [self.made("ones", shape(dims))], [])
        return self.call(op, params, [], [])

    # -- linear systems ------------------------------------------------------------------------------------------------

    def factor(self, a: Code, how: str) -> Code:
        """The factor of a matrix, kept for several uses."""
        word = "cho_factor" if how == "definite" else "lu_factor"
        return self.scipy(word, f"{word}({a.text})")

    def alike(self, args: Sequence[Code], values: Sequence[Value]) -> list[Code]:
        """The factors of a product, all complex where one is and the library wants that."""
        return list(args)

    def kept(self, name: str, how: str) -> tuple[list[str], list[str], list[str]]:
        """How a factor is handed on: the arrays of it, their names there, and the statement that joins them."""
        return [name], [name], []

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
        """inv(A).

        Beside products of matrices, which are NumPy's, it stays with NumPy unless a factor is there: the threads of two
        linear algebra libraries that take turns wait for each other, far longer than Cholesky saves.
        """
        if how in ("lower", "upper"):
            return self.triangular(a, self.made("eye", size(n).text), how == "lower", False, 2)
        if how == "definite" and (factor is not None or not self.products):
            factor = factor or self.factor(a, how)
            self.helper(code("inv").helper)
            self.imports["from scipy.linalg.lapack import dpotri"] = None
            return Code(f"cholesky_inverse({factor.text})")
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

    by_parts = True
    """Whether large arrays are made a few rows at a time: where the library does not fuse passes itself."""

    def in_parts(self, function: str, rows: int, given: str, threads: bool) -> Code:
        """The values of a function of some rows, for all rows."""
        self.helper(BY_THREADS if threads else BY_PARTS)
        if threads:
            self.imports["from concurrent.futures import ThreadPoolExecutor"] = None
        return Code(f"in_parts({function}, {rows}, {given})")

    def view(self, out: Labels) -> Labels:
        """The axes of a diagonal of the array that is filled, in the order in which its terms have them."""
        return tuple(dict.fromkeys(out))

    copied = "copy"
    """The method that copies an array."""

    def ground(self, base: tuple[Code, bool] | None, dims: Dims) -> Code:
        """What an array is built on: zeros, or `base`, copied where it is not new."""
        if base is None:
            return self.made("zeros", shape(dims))
        return base[0] if base[1] else Code(f"{base[0].at(ATOM)}.{self.copied}()")

    def fill(
        self, name: str, base: tuple[Code, bool] | None, terms: Sequence[tuple[Fraction, Labels, Piece]], dims: Dims
    ) -> list[str]:
        """Statements that build an array in place; `base` with whether it is new and may be written to."""
        lines = [f"{name} = {self.ground(base, dims).text}"]
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
