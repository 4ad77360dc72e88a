"""Sizes of arguments and value as NumPy's generalised functions write them: ``(n,n),(n,n)->(n,n)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

from frechet.core.dim import Dim, Shape, rows_cols, settle, show
from frechet.core.op import Params, Unify
from frechet.errors import FrechetError
from frechet.language import read_size
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.expressions import rigid
from frechet.ops.shapes import shape_error


@final
class Signature:
    """Sizes of arguments and value as NumPy's generalised functions write them: ``(n,n),(n,n)->(n,n)``.

    Without a text there is one argument, of any shape, and the value has that shape.

    >>> from frechet.ops.expressions import rigid
    >>> found = Signature("f", "(m,n),(n)->(m+1)")
    >>> found.count, found.rule(((Dim.of(2), Dim.of(3)), (Dim.of(3),)), (), rigid)
    (2, (3,))
    """

    __slots__ = ("count", "given", "name", "result", "text")

    def __init__(self, name: str, text: str | None) -> None:
        self.name, self.text = name, (text or "").replace(" ", "")
        self.given: list[list[str]] = []
        self.result: list[str] = []
        if text is None:
            self.count = 1
            return
        left, arrow, right = self.text.partition("->")
        groups = re.findall(r"\(([^()]*)\)", left)
        well = arrow and ",".join(f"({g})" for g in groups) == left and re.fullmatch(r"\([^()]*\)", right)
        sizes = [[s for s in g.split(",") if s] for g in groups]
        if not well or not groups or not all(re.fullmatch(r"[A-Za-z]\w*|[1-9]\d*", s) for g in sizes for s in g):
            raise FrechetError(
                "input", f'a signature is written like "(n,n),(n)->(n)", with sizes that are names; got {text!r}'
            )
        self.given, self.result = sizes, [s for s in right[1:-1].split(",") if s]
        if any(len(g) > 2 for g in [*self.given, self.result]):
            raise FrechetError("input", f"{name}: arguments and value are scalars, vectors or matrices; got {text!r}")
        self.count = len(self.given)

    def rule(self, shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """The shape of the value."""
        if not self.text:
            return shapes[0]
        found: dict[str, Dim] = {}
        try:
            for sizes, shape in zip(self.given, shapes, strict=True):
                rows_and_columns = rows_cols(shape) if len(shape) <= 2 else shape
                wanted = [*sizes, *["1"] * (2 - len(sizes))]
                if len(rows_and_columns) > 2:
                    raise shape_error("no tensors")
                for size, d in zip(wanted, rows_and_columns, strict=True):
                    known = Dim.of(int(size)) if size.isdigit() else found.get(size)
                    found[size] = d if known is None else unify(known, d)
        except FrechetError as trouble:
            got = " and ".join(show(s) for s in shapes)
            raise shape_error(f"{self.name} needs arguments of sizes {self.text}; got {got}") from trouble
        return settle(tuple(_size(text, found, self.name) for text in self.result))

    def sizes(self, shapes: Sequence[Shape]) -> dict[str, Dim]:
        """What each name of the signature is, for arguments that conform."""
        found: dict[str, Dim] = {}
        for sizes, shape in zip(self.given, shapes, strict=False):
            found.update(zip(sizes, rows_cols(shape), strict=False))
        return found

    def on_arrays(self, value: Callable[..., Any]) -> Callable[..., Any]:
        """The value function, each argument in the order that the signature gives it (a 1×1 matrix is a matrix)."""

        def computed(xp: Any, params: Params, *arrays: Any) -> Any:
            shaped = arrays
            if self.text:
                shaped = [_in_order(xp, a, len(g)) for a, g in zip(arrays, self.given, strict=True)]
            return settled(xp, self._checked(xp, value, shaped))

        return computed

    def _checked(self, xp: Any, value: Callable[..., Any], arrays: Sequence[Any]) -> Any:
        """The value of these arrays, if it is one: an array of numbers, of the shape that the signature says."""
        got = " and ".join(show(tuple(Dim.of(int(n)) for n in xp.shape(a))) for a in arrays)
        made = xp.asarray(value(*arrays))
        if made.dtype.kind not in "fciub":
            raise FrechetError("input", f"the value of {self.name} is an array of numbers; got {made.dtype}")
        wanted = self.rule(tuple(tuple(Dim.of(int(n)) for n in xp.shape(a)) for a in arrays), (), rigid)
        shape = tuple(Dim.of(int(n)) for n in made.shape)
        if settle(shape) != settle(wanted):
            text = f"the value of {self.name} for an argument {got} is {show(shape)}, and not {show(wanted)}"
            raise FrechetError("input", f"{text}: its sizes are said by signature=…")
        return made


def _in_order(xp: Any, array: Any, order: int) -> Any:
    if order == 2:
        return as_matrix(xp, array)
    return xp.reshape(array, (-1,)) if order == 1 else array


def _size(text: str, found: Mapping[str, Dim], name: str) -> Dim:
    """A size of the value: a polynomial in the sizes of the arguments."""
    if text.isdigit():
        return Dim.of(int(text))
    if text in found:
        return found[text]
    polynomial = read_size(text)
    unknown = polynomial.names - found.keys()
    if unknown:
        raise FrechetError("input", f"{name}: the size {text} of the value has a name that no argument has")
    return polynomial.substitute(found)
