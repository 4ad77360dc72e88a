"""Functions that are words with one meaning of matrices: read by the table of `ops.words`, as in any other text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.elaborate import of_formula
from frechet.language.python.arrays import Array, said, whole
from frechet.language.python.calls import Call
from frechet.language.python.values import Value, array
from frechet.language.worded import bound, chosen
from frechet.language.words import cases, formula
from frechet.ops.words import WORDS, Word


def _read(word: Word) -> Callable[[Call], Value]:
    def meant(call: Call, args: list[Expr]) -> Expr:
        case = chosen(word, call.name, call.name, [""] * len(args), args)
        values, sizes = bound(case, args, call.fit.unify)
        return of_formula(formula(case.formula), values, sizes, call.fit.unify)

    def handler(call: Call) -> Value:
        arrays = [array(v) for v in call.args]
        for a in arrays:
            if not 1 <= len(a.shape) <= 2 or len(a.axes) != len(a.shape):
                raise FrechetError("shape", f"{call.name} is read of vectors and matrices; got shape {said(a.shape)}")
        if call.kwargs:
            raise FrechetError("unsupported", f"{call.name}(…, {next(iter(call.kwargs))}=…) is not read")
        operands = [whole(a) for a in arrays]
        while word.folds and len(operands) > 2:
            operands[:2] = [meant(call, operands[:2])]
        made = meant(call, operands)
        return Array(made, made.shape)

    return handler


NAMED: Mapping[str, Callable[[Call], Value]] = {
    name: _read(word) for word in WORDS if cases(word) and not word.entrywise for name in word.python
}
"""The part of the table that is words."""
