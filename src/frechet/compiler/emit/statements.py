"""The body of a function: which values have a name and a line of their own, in which order, with which comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import final

from frechet.algebra.node import Node
from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.text import Code, Piece, identifier, number, size
from frechet.compiler.parts import Parts
from frechet.compiler.values import Labels, Value, reachable
from frechet.core.records import looks

LONG = 72
"""An expression of more signs is split: what it is made of has names."""
NONE_BY_PARTS: Mapping[Value, Parts] = MappingProxyType({})
HEAVY = 40
"""Formulas of more nodes are not written in a comment."""
NAMES = ("t", "u", "v", "w", "z", "p", "q", "r", "s")
"""What an intermediate is called that nothing has a word for."""
NOTHING: Mapping[Value, str] = MappingProxyType({})


@final
class Body:
    """The statements of a program in a dialect."""

    def __init__(
        self, roots: Sequence[Value], dialect: Dialect, taken: Iterable[str], formula: Callable[[Node], str],
        matrix: str = "J", known: Mapping[Value, str] = NOTHING, names: Mapping[Value, str] = NOTHING,
        factors: Mapping[Value, str] = NOTHING, by_parts: Mapping[Value, Parts] = NONE_BY_PARTS,
    ) -> None:  # fmt: skip
        """`known` are values that have a name already, `names` those that shall have one (any, where it is empty)."""
        self.matrix, self.names, self.by_parts = matrix, dict(names), by_parts
        self.roots, self.dialect, self.formula = roots, dialect, formula
        self.lines: list[str] = []
        self.taken = set(taken)
        self.inputs: dict[str, str] = {}
        self.order = reachable(roots, known)
        self.uses = Counter(a for v in self.order for a in v.args)
        self.uses.update(roots)
        self._text: dict[Value, Code] = {v: Code(name) for v, name in known.items()}
        self.factors: dict[Value, Code] = {a: Code(name) for a, name in factors.items()}
        self.ways: dict[Value, str] = {}
        """What kind of matrix each is that is factored here."""
        self.assigned: dict[Value, str] = {}
        """The values that have a line, and their names."""

    def write(self) -> list[str]:
        """All statements; the last returns the roots."""
        named = {v: identifier(v.name, self.taken) for v in self.order if v.name}
        named |= {v: name for v, name in self.names.items() if name}
        self.taken |= set(named.values())
        inner = {w for whole, p in self.by_parts.items() for w in p.inside if w is not whole}
        for v in self.order:
            if v in inner:
                continue
            text = self._in_parts(v, self.by_parts[v]) if v in self.by_parts else self._expression(v)
            if v.kind == "fill" and not (len(v.data[1]) == 1 and not v.data[0] and _distinct(v)):
                self._filled(v, named.get(v) or self._fresh(v))
            elif v in named or v in self.names or self._keeps(v, text):
                self._assign(v, text, named.get(v) or self._fresh(v))
            else:
                self._text[v] = text
        return self.lines

    def result(self, v: Value) -> Code:
        """The text of a root."""
        return self._text[v]

    def _keeps(self, v: Value, text: Code) -> bool:
        if v.kind in ("input", "number", "size"):
            return False
        if v.kind == "reduce" and len(v.data[0]) == len(v.data[1]) and len(v.dims) == 2:
            return False  # a transpose is a view
        if v.kind in ("reshape", "cut") and v.args[0].kind == "input":
            return False
        if v.kind == "product" and len(v.args) == 1 and not v.dims and self.uses[v] > 1:
            return len(text.text) > 12
        if self.uses[v] > 1 and v.kind == "power" and text.text.count("(") == 0 and len(text.text) < 12:
            return False
        return self.uses[v] > 1 or (len(text.text) > LONG and v not in self.roots)

    def _assign(self, v: Value, text: Code, name: str) -> None:
        if text.text == name:
            self._text[v] = text
            return
        self.lines.append(self._told(v, f"{name} = {text.text}"))
        self.assigned[v] = name
        self._text[v] = Code(name)

    def _told(self, v: Value, line: str) -> str:
        """The line with the formula of its value behind it."""
        if v.node is None or v.node.weight > HEAVY or v.node.kind == "leaf":
            return line
        said = self.formula(v.node)
        if not said or len(line) + len(said) >= 112 or _alike(said, line.partition(" = ")[2]):
            return line
        return f"{line}  # {said}"

    def _fresh(self, v: Value) -> str:
        """A name for an intermediate: what it is made of, or the letter of its function."""
        for option in (*_suggested(v, self._text, self.matrix), *NAMES):
            if option not in self.taken and option.isidentifier():
                self.taken.add(option)
                return option
        k = 1
        while f"t{k}" in self.taken:
            k += 1
        self.taken.add(f"t{k}")
        return f"t{k}"

    def _in_parts(self, v: Value, how: Parts) -> Code:
        """A function that makes a few rows of a value, and its call for all of them."""
        inside = set(how.inside)
        outer = dict.fromkeys(a for w in how.inside for a in w.args if a not in inside)
        for a in outer:
            if not self._text[a].text.isidentifier() and (a in how.cut or a.kind not in ("number", "size")):
                self._assign(a, self._text[a], self._fresh(a))
        own = {w.name for w in how.inside}
        body = Body([v], self.dialect, self.taken - own, self.formula, self.matrix)
        body.inputs = self.inputs
        body.order = list(how.inside)
        body.uses = Counter(a for w in how.inside for a in w.args)
        body._text = {a: self._text[a] for a in outer}
        lines = body.write()
        self.taken |= body.taken
        given = ", ".join(self._text[a].text for a in how.cut)
        name = next(n for n in ("rows", "some_rows", *(f"rows{k}" for k in range(2, 99))) if n not in self.taken)
        self.taken.add(name)
        self.lines += ["", f"def {name}({given}):"]
        self.lines += [f"    {line}" for line in (*lines, f"return {self.dialect.use(body.result(v).text)}")]
        self.lines.append("")
        return self.dialect.in_parts(name, how.rows, given, how.threads)

    # -- one value -----------------------------------------------------------------------------------------------------

    def _expression(self, v: Value) -> Code:
        d, args = self.dialect, [self._text[a] for a in v.args]
        if v.kind == "input":
            name = str(v.data)
            return Code(self.inputs.get(name, name))
        if v.kind == "number":
            return number(v.data)
        if v.kind == "size":
            return size(v.data)
        if v.kind == "constant":
            op, params = v.data
            return d.constant(op, params, v.dims)
        if v.kind == "contract":
            dims = {i: s for a, part in zip(v.args, v.data, strict=False) for i, s in zip(part, a.dims, strict=True)}
            left, right = d.alike(args, v.args)
            return d.contract(left, right, v.data, dims)
        if v.kind == "reduce":
            (a,) = v.args
            in_order = v.data[0] == tuple(range(len(a.dims)))
            if in_order and _exchanged(v.data[1]) and _of_matrices(a) and args[0].matmul:
                return self._swapped(a)
            return d.reduce(args[0], v.data, dict(zip(v.data[0], v.args[0].dims, strict=True)))
        if v.kind == "sum":
            return d.sum(
                v.data[0],
                [self._piece(a, at, len(v.dims)) for a, at in zip(v.args, v.data[1], strict=True)],
                len(v.dims),
            )
        if v.kind == "product":
            factors = [self._piece(a, at, len(v.dims)) for a, at in zip(v.args, v.data[1], strict=True)]
            return d.product(v.data[0], factors, len(v.dims))
        if v.kind == "power":
            return d.power(args[0], v.data)
        if v.kind == "call":
            op, params = v.data
            return d.call(op, params, args, v.args)
        if v.kind == "reshape":
            return d.reshape(args[0], v.args[0].dims, v.dims)
        if v.kind == "fill":
            return d.full(args[0], v.data[1][0][2], v.dims) if not v.data[0] and _distinct(v) else Code("")
        if v.kind == "cut":
            axis, start, wide = v.data
            return d.cut(args[0], axis, start, wide)
        factor = self._factor(v.args[0], v)
        if v.kind == "solve" and factor is None:
            args = d.alike(args, v.args)
        if v.kind == "solve":
            how, turned = v.data
            return d.solve(args[0], args[1], how, turned, factor, v.dims)
        if v.kind == "inverse":
            return d.inverse(args[0], v.data, factor, v.dims[0])
        return d.logdet(args[0], v.data, factor)

    def _piece(self, a: Value, at: Labels, width: int) -> Piece:
        """A factor or a term; a reciprocal that has no name of its own as what is divided by.

        What is written in place and stands across the whole is written with its axes in their order at once.
        """
        text = self._text[a]
        if text.text.isidentifier() or a in self.by_parts:
            return Piece(text, at)
        if a.kind == "power" and a.data < 0:
            return Piece(self.dialect.power(self._text[a.args[0]], -a.data), at, below=True)
        if a.kind == "product" and list(at) != sorted(at):
            data: tuple[Fraction, tuple[Labels, ...]] = a.data
            coef, axes = data
            factors = [self._piece(f, tuple(at[k] for k in part), width) for f, part in zip(a.args, axes, strict=True)]
            return Piece(self.dialect.product(coef, factors, width), tuple(range(width)))
        if _exchanged(at) and _of_matrices(a) and text.matmul:
            return Piece(self._swapped(a), tuple(range(len(at))))
        return Piece(text, at)

    def _term(self, c: Fraction, out: Labels, at: Labels, a: Value) -> tuple[Fraction, Labels, Piece]:
        """A term of an array that is filled, its axes by the labels of the diagonal that it stands on."""
        view = self.dialect.view(out)
        return c, out, self._piece(a, tuple(view.index(i) for i in at), len(view))

    def _swapped(self, a: Value) -> Code:
        """The transpose of a product of matrices or of batches of them: (A @ B).T as B.T @ A.T."""
        left, right, out = a.data
        dims = {i: s for v, part in zip(a.args, a.data, strict=False) for i, s in zip(part, v.dims, strict=True)}
        x, y = (self._text[v] for v in a.args)
        return self.dialect.contract(y, x, (right, left, (*out[:-2], out[-1], out[-2])), dims)

    def _factor(self, a: Value, v: Value) -> Code | None:
        """The name of the factor of a matrix that is used more than once."""
        how = v.data[0] if v.kind == "solve" else v.data
        if a not in self.dialect.factored or how in ("lower", "upper"):
            return None
        return self.factorise(a, how)

    def factorise(self, a: Value, how: str) -> Code:
        """The name of the factor of a matrix, written once."""
        if a not in self.factors:
            matrix = self._text[a].text
            name = next(
                n
                for n in (f"{matrix}_factor" if matrix.isidentifier() else "factor", "factor", *NAMES)
                if n not in self.taken
            )
            self.taken.add(name)
            self.lines.append(f"{name} = {self.dialect.factor(self._text[a], how).text}")
            self.factors[a], self.ways[a] = Code(name), how
        return self.factors[a]

    def _filled(self, v: Value, name: str) -> None:
        has_base, data = v.data
        base = None
        if has_base:
            own = self.uses[v.args[0]] == 1 and v.args[0].kind not in ("input", "reduce", "reshape", "constant", "cut")
            base = self._text[v.args[0]], own
        values = v.args[1:] if has_base else v.args
        terms = [self._term(c, out, at, a) for (c, out, at), a in zip(data, values, strict=True)]
        lines = self.dialect.fill(name, base, terms, v.dims)
        lines[0] = self._told(v, lines[0])
        self.lines += lines
        self.assigned[v] = name
        self._text[v] = Code(name)


def _of_matrices(a: Value) -> bool:
    """Whether a value is a contraction of two matrices, or of two batches of them."""
    return a.kind == "contract" and all(len(v.dims) == len(a.dims) for v in a.args)


def _exchanged(axes: Labels) -> bool:
    """Whether the last two axes are exchanged, and no others."""
    n = len(axes)
    return n > 1 and axes == (*range(n - 2), n - 1, n - 2)


def _alike(said: str, code: str) -> bool:
    """Whether a formula says no more than the code."""
    return re.sub(r"[np]+\.|[ .]", "", code.replace(".T", "'").replace("@", "*").replace("**", "^")) == re.sub(
        r"[ .]", "", said
    )


def _distinct(v: Value) -> bool:
    (_, out, _), *more = v.data[1]
    return not more and len(set(out)) == len(out)


def _suggested(v: Value, texts: dict[Value, Code], matrix: str) -> list[str]:
    """Names that a reader would expect."""
    if v.kind == "call":
        letters = looks(v.data[0]).names
        return [letters[min(len(v.dims), 2) - 1]] if letters and v.dims else []
    if v.kind == "inverse":
        of = texts[v.args[0]].text
        return [f"{of}_inv"] if of.isidentifier() else ["inverse"]
    if v.kind == "contract" and all(a in texts for a in v.args):  # of what is made in parts they have none
        parts = [texts[a].text.replace(".T", "t") for a in v.args]
        joined = "".join(parts)
        return [joined] if joined.isidentifier() and len(joined) <= 4 else []
    if v.kind == "fill":
        return [matrix, "D"] if len(v.dims) > 1 else ["h"]
    return []
