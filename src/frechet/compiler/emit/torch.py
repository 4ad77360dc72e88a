"""The code for PyTorch: what is made has the type and the place of an array that was passed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, final

from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.jax import tied
from frechet.compiler.emit.text import ATOM, POWER, PRODUCT, SUM, Code, Piece, aligned, shape, size
from frechet.compiler.values import Dims, Labels, Value
from frechet.core.code import Code as Written
from frechet.core.dim import Dim
from frechet.core.records import code
from frechet.errors import FrechetError


@final
class Torch(Dialect):
    """torch, and torch.linalg where NumPy has SciPy."""

    name = "torch"
    title = "PyTorch"
    xp = "torch"
    library = "import torch"
    special = ("torch.special", "import torch")
    linalg = ("torch.linalg", "import torch")
    transposed = "permute"
    copied = "clone"
    by_parts = False

    def straight(self, f: Piece) -> Piece:
        """What is spread as it is: the library finds an order."""
        return f

    def root(self, x: Code) -> Code:
        """√x, of a size too."""
        return Code(f"{x.at(ATOM)}**0.5", POWER)

    def axes(self, axes: Sequence[str]) -> str:
        """The argument for axes to sum along."""
        return f"dim={axes[0]}" if len(axes) == 1 else f"dim=({', '.join(axes)})"

    def inner(self, a: Code, b: Code, width: int) -> Code:
        """⟨a, b⟩ of two arrays of one shape, without conjugates."""
        return Code(f"({a.factor(True)} * {b.factor(False)}).sum()")

    def tensordot(self, a: Code, b: Code, left: str, right: str) -> Code:
        """A contraction over these axes of each."""
        return self.called(f"torch.tensordot({a.text}, {b.text}, dims=([{left}], [{right}]))")

    def made(self, what: str, sizes: str) -> Code:
        """zeros, ones or eye of these sizes, like an array that was passed."""
        if what == "eye":
            like = f", dtype={self.like}.dtype, device={self.like}.device" if self.like else ""
            return self.called(f"torch.eye({sizes}{like})")
        return Code(f"{self.like}.new_{what}({sizes})") if self.like else self.called(f"torch.{what}({sizes})")

    def full(self, v: Code, at: Labels, dims: Dims) -> Code:
        """The same entries along every axis that v lacks."""
        if not at and v.text in ("0", "1"):
            return self.made("zeros" if v.text == "0" else "ones", shape(dims))
        if not at:
            return Code(f"{v.at(ATOM)} * {self.made('ones', shape(dims)).text}", PRODUCT)
        return Code(f"{aligned(v, at, len(dims), self.transposed).at(ATOM)}.expand{shape(dims)}.clone()")

    def call(self, op: str, params: tuple[Any, ...], args: Sequence[Code], values: Sequence[Value]) -> Code:
        """An operation by its code; PyTorch's functions take no plain numbers."""
        made = [self._tensor(a) if _plain(v) else a for a, v in zip(args, values, strict=False)] if values else args
        return super().call(op, params, made, values)

    def _tensor(self, a: Code) -> Code:
        """A number as an array without axes."""
        if self.like:
            return Code(f"torch.as_tensor({a.text}, dtype={self.like}.dtype, device={self.like}.device)")
        return self.called(f"torch.as_tensor(1.0 * {a.at(PRODUCT)})")

    def carry(self, op: str, params: tuple[Any, ...], args: Sequence[Code]) -> Code:
        """A helper takes any number of axes; value functions are written for NumPy."""
        written = code(op)
        if not written.torch_helpers:
            raise FrechetError("unsupported", f"{op} has no code for PyTorch")
        return self.written(written, written.torch, params, args, [])

    def written(
        self, written: Written, own: str, params: tuple[Any, ...], args: Sequence[Code], values: Sequence[Value]
    ) -> Code:
        """A template with its arguments, and the helpers that it calls."""
        for source in written.torch_helpers:
            self.helper(source)
        text = own.replace("{like}", f".to({self.like})" if self.like else "")
        return super().written(written, text.replace("{array}", self.like or "torch.ones(())"), params, args, values)

    def alike(self, args: Sequence[Code], values: Sequence[Value]) -> list[Code]:
        """The factors of a product, all complex where one is: PyTorch multiplies no real matrix by a complex one."""
        mixed = any(v in self.complexes for v in values)
        return [
            Code(f"{a.at(SUM)} + 0j", SUM) if mixed and v not in self.complexes else a
            for a, v in zip(args, values, strict=True)
        ]

    def kept(self, name: str, how: str) -> tuple[list[str], list[str], list[str]]:
        """How a factor is handed on: the arrays of it, their names there, and the statement that joins them."""
        if how == "definite":
            return [name], [name], []
        return [f"{name}[0]", f"{name}[1]"], [f"{name}_lu", f"{name}_pivots"], [f"{name} = {name}_lu, {name}_pivots"]

    # -- linear systems ------------------------------------------------------------------------------------------------

    def factor(self, a: Code, how: str) -> Code:
        """The factor of a matrix, kept for several uses."""
        return self.called(f"torch.linalg.{'cholesky' if how == 'definite' else 'lu_factor'}({a.text})")

    def solve(self, a: Code, b: Code, how: str, turned: bool, factor: Code | None, dims: Dims) -> Code:
        """inv(A)·b along the first axis of b; the solvers of PyTorch want columns."""
        if (how == "general" and factor is None) or len(dims) != 1:
            return self._columns(a, b, how, turned, factor, dims)
        column = Code(f"{b.at(ATOM)}[:, None]")
        return Code(f"{self._columns(a, column, how, turned, factor, (*dims, Dim.of(1))).at(ATOM)}[:, 0]")

    def _columns(self, a: Code, b: Code, how: str, turned: bool, factor: Code | None, dims: Dims) -> Code:
        if len(dims) > 2 or how in ("lower", "upper"):
            return super().solve(a, b, how, turned, factor, dims)
        if how == "definite":
            return self.called(f"torch.cholesky_solve({b.text}, {(factor or self.factor(a, how)).text})")
        if factor is not None and not (turned and self.complex):  # its adjoint has conjugates
            return self.called(f"torch.linalg.lu_solve(*{factor.text}, {b.text}{', adjoint=True' if turned else ''})")
        return super().solve(a, b, how, turned, None, dims)

    def triangular(self, a: Code, b: Code, lower: bool, turned: bool, width: int) -> Code:
        """inv(A)·b by substitution."""
        left = self.turned(a, (1, 0)) if turned else a
        return self.called(f"torch.linalg.solve_triangular({left.text}, {b.text}, upper={lower == turned})")

    def inverse(self, a: Code, how: str, factor: Code | None, n: Dim) -> Code:
        """inv(A)."""
        if how in ("lower", "upper"):
            return super().inverse(a, how, factor, n)
        if how == "definite":
            return self.called(f"torch.cholesky_inverse({(factor or self.factor(a, how)).text})")
        if factor is not None:
            return self.called(f"torch.linalg.lu_solve(*{factor.text}, {self.made('eye', size(n).text).text})")
        return self.called(f"torch.linalg.inv({a.text})")

    def logdet(self, a: Code, how: str, factor: Code | None) -> Code:
        """log|det A|."""
        if how == "definite":
            return Code(f"2 * torch.log(torch.diagonal({(factor or self.factor(a, how)).text})).sum()", PRODUCT)
        return super().logdet(a, how, factor)

    # -- whole arrays --------------------------------------------------------------------------------------------------

    def view(self, out: Labels) -> Labels:
        """The axes of a diagonal in the order that an index by arrays gives them."""
        return tied("torch", out, ())[1] if len(set(out)) < len(out) else out

    def fill(
        self, name: str, base: tuple[Code, bool] | None, terms: Sequence[tuple[Fraction, Labels, Piece]], dims: Dims
    ) -> list[str]:
        """Statements that build an array in place."""
        lines = [f"{name} = {self.ground(base, dims).text}"]
        for k, (c, out, piece) in enumerate(terms):
            index, order = tied("torch", out, dims) if len(set(out)) < len(out) else ("...", out)
            if k == 0 and base is None:
                lines.append(f"{name}[{index}] = {self.product(c, [piece], len(order)).text}")
            else:
                text = self.product(abs(c), [piece], len(order)).text
                lines.append(f"{name}[{index}] {'-' if c < 0 else '+'}= {text}")
        return [self.use(line) for line in lines]


def _plain(v: Value) -> bool:
    """Whether a value is a number of Python's: made of numbers and sizes."""
    if v.kind in ("sum", "product", "power"):
        return all(_plain(a) for a in v.args)
    return v.kind in ("number", "size")
