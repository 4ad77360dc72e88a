"""einops: axes named on both sides of an arrow, `rearrange(X, "b t (h e) -> b h t e", h=8)`, `reduce`, `repeat`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from frechet.core.dim import ONE, Dim
from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, Fit, said
from frechet.language.python.axes import broadcast_to, permuted, reduced
from frechet.language.python.calls import Call, refuse
from frechet.language.python.shaping import expanded, reshaped
from frechet.language.python.values import Value, array, as_size

_PIECE = re.compile(r"\(([^()]*)\)|(\.\.\.)|([A-Za-z_]\w*)|(1)(?!\w)")
Groups = list[list[str]]
"""The axes of an array, each with the names whose sizes it is the product of; the last runs fastest."""


def _groups(text: str, pattern: str, between: int) -> Groups:
    """One side of a pattern; `...` is as many axes as there are between the others."""
    groups: Groups = []
    rest = text.strip()
    while rest:
        found = _PIECE.match(rest)
        if found is None:
            raise FrechetError("syntax", f'the pattern "{pattern}" is read of names, brackets, 1 and ... only')
        inside, dots, name, _ = found.groups()
        if dots:
            groups += [[f"...{k}"] for k in range(between)]
        else:
            groups.append([name] if name else [w for w in (inside or "").split() if w != "1"])
        rest = rest[found.end() :].lstrip()
    names = [name for group in groups for name in group]
    if len(set(names)) != len(names) or any(not n.replace("...", "x").isidentifier() for n in names):
        raise FrechetError("syntax", f'the pattern "{pattern}" names each axis once on a side')
    return groups


def _sides(call: Call, a: Array, pattern: Value) -> tuple[Groups, Groups]:
    if not isinstance(pattern, str) or pattern.count("->") != 1:
        raise refuse(f'{call.name} takes a pattern such as "b t d -> b d t"')
    left, right = pattern.split("->")
    between = len(a.shape) - len(_groups(left.replace("...", " "), pattern, 0))
    if between < 0 or ("..." not in left and between):
        raise FrechetError("shape", f'"{left.strip()}" has not as many axes as an array of shape {said(a.shape)}')
    return _groups(left, pattern, between), _groups(right, pattern, between)


def _sizes(fit: Fit, a: Array, groups: Groups, given: Mapping[str, Dim]) -> dict[str, Dim]:
    """The size of each name: given, or what is left of its axis."""
    sizes = dict(given)
    for group, n in zip(groups, a.shape, strict=True):
        known = ONE
        for name in group:
            known = known * sizes.get(name, ONE)
        unknown = [name for name in group if name not in sizes]
        if len(unknown) > 1:
            raise FrechetError("shape", f"the sizes of {' and '.join(unknown)} are not known: give all but one")
        left = n.quotient(known)
        if left is None or any(c.denominator != 1 for _, c in left.terms):
            raise FrechetError("shape", f"an axis of size {n} is not known to fall into parts of {known}")
        if unknown:
            sizes[unknown[0]] = left
        elif left != ONE:
            fit.unify(n, known)
    return sizes


def _read(call: Call, how: Value = None) -> Array:
    """Axes split, reduced where the right side lacks them, repeated where the left does, ordered, and merged."""
    x, pattern, *_ = call.args
    a, fit = array(x), call.fit
    given = {name: Dim.of(as_size(v)) for name, v in call.kwargs.items() if name != "reduction"}
    before, after = _sides(call, a, pattern)
    old, new = ([name for group in side for name in group] for side in (before, after))
    gone, fresh = [n for n in old if n not in new], [n for n in new if n not in old]
    if (gone and call.name != "reduce") or (fresh and call.name != "repeat"):
        raise FrechetError("shape", f'{call.name}: the two sides of "{pattern}" do not name the same axes')
    if any(name not in given for name in fresh):
        raise FrechetError("shape", f"{call.name} needs the size of {fresh[0]}")
    sizes = _sizes(fit, a, before, {n: d for n, d in given.items() if n in old})
    a = reshaped(a, tuple(sizes[name] for name in old))
    if gone:
        if how not in ("sum", "mean", "prod"):
            raise refuse(f"reduce by {how!r} is not read: 'sum', 'mean' and 'prod' are")
        a = reduced(fit, str(how), a, tuple(old.index(name) for name in gone))
    kept = [name for name in old if name in new]
    for name in fresh:
        a = expanded(a, len(a.shape))
        a = broadcast_to(fit, a, (*a.shape[:-1], given[name]))
        kept.append(name)
    a = permuted(a, tuple(kept.index(name) for name in new))
    shape: list[Dim] = []
    for group in after:
        n = ONE
        for name in group:
            n = n * (sizes[name] if name in sizes else given[name])
        shape.append(n)
    return reshaped(a, tuple(shape))


def _reduce(call: Call) -> Value:
    return _read(call, call.args[2] if len(call.args) > 2 else call.kwargs.get("reduction"))


REARRANGING: dict[str, Callable[[Call], Value]] = {
    "einops.rearrange": _read,
    "einops.repeat": _read,
    "einops.reduce": _reduce,
}
"""The part of the table that is einops."""
