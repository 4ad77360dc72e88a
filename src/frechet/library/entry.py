"""One entry of a formula, at named indices: an einsum as the product of entries that it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.notation.index import Entries
from frechet.notation.indexnames import IndexNames
from frechet.notation.write import Writer
from frechet.ops.expressions import apply, number
from frechet.ops.normalise import node_of

ENTRYWISE = frozenset({"add", "sub", "neg", "hadamard", "edivide"})
"""Operations whose entry is the same operation of entries."""


def entry(e: Expr, indices: Sequence[str]) -> Expr:
    """The entry; inner sums take names that nothing else has.

    Raises FrechetError("input", …) where the number of indices is not that of the axes, or a name is taken.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> text(entry(parse("A*x-b").value, ["i"]))
    'A[i,j]*x[j] - b[i]'
    >>> text(entry(parse('2*einsum("ik,kj->ij",A,B)').value, ["i", "j"]))
    '2*sum(k: A[i,k]*B[k,j])'
    """
    if len(indices) != len(e.shape):
        raise FrechetError("input", f"an entry has an index an axis: {len(e.shape)} here, not {len(indices)}")
    taken = {str(n.params[0]) for n in postorder(e) if n.op.name in ("variable", "declared")}
    taken |= {name for n in postorder(e) for d in n.shape for name in d.names}
    for name in indices:
        if name in taken or not name.isidentifier() or list(indices).count(name) > 1:
            raise FrechetError("input", f"{name!r} cannot be an index here: take a letter that nothing else is called")
    return _entry(e, indices, Entries(Writer(), names := IndexNames(taken | set(indices))), names)


def _entry(e: Expr, at: Sequence[str | Dim], entries: Entries, names: IndexNames) -> Expr:
    """The entry of a formula: contractions by their letters, everything else as the index form has it."""
    if not any(part.op.name == "einsum" for part in postorder(e)):
        return entries.of_tensor(node_of(e), at) if e.shape else e
    if e.op.name == "einsum":
        return _contraction(e, at, entries, names)
    scaled = e.op.name in ("mul", "divide") and any(not a.shape for a in e.args)
    if e.op.name in ENTRYWISE or scaled:
        return apply(e.op.name, tuple(_entry(a, at if a.shape else (), entries, names) for a in e.args), e.params)
    return entries.of_tensor(node_of(e), at) if e.shape else e


def _contraction(e: Expr, at: Sequence[str | Dim], entries: Entries, names: IndexNames) -> Expr:
    """A product of entries, summed over the letters that are not on the outside."""
    ins, out = str(e.params[0]).split("->")
    called: dict[str, str | Dim] = dict(zip(out, at, strict=True))
    inner: list[str] = []
    for letter in dict.fromkeys(ins.replace(",", "")):
        if letter not in called:
            inner.append(names.fresh())
            called[letter] = inner[-1]
    whole = number(1)
    for spec, operand in zip(ins.split(","), e.args, strict=True):
        factor = _entry(operand, [called[letter] for letter in spec], entries, names)
        if factor is not number(1):
            whole = factor if whole is number(1) else apply("mul", (whole, factor))
    return apply("isum", (whole,), tuple(inner)) if inner else whole
