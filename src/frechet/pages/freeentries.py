"""The free entries of a structured variable: what they are called, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from frechet.pages.wording import product, written

FREE: Mapping[str, str] = {
    "symmetric": "symmetric",
    "positive definite": "symmetric",
    "diagonal": "diagonal",
    "skew": "skew",
    "lower triangular": "lower",
    "upper triangular": "upper",
}
"""Structures that leave some entries free, and their kind."""

Entries = tuple[str, str]
"""What the free entries are, and how many."""


def free_entries(name: str, assumptions: Mapping[str, Any], shape: Sequence[Any]) -> Entries:
    """The free entries of a variable; all of them where none is tied.

    >>> free_entries("S", {"S": ["positive definite"]}, ["n", "n"]), free_entries("x", {}, ["n"])
    (('vech(S)', 'n(n+1)/2'), ('x', 'n'))
    """
    known = set(map(str, assumptions.get(name) or []))
    if len(shape) < 2 or known.isdisjoint(FREE):
        return (f"vec({name})" if len(shape) > 1 else name), product(shape)
    n = str(shape[0])
    if "diagonal" in known or len({FREE[k] for k in known if k in FREE}) > 1:
        return f"diag({name})", written(n)
    step = -1 if "skew" in known else 1
    count = (
        str(int(n) * (int(n) + step) // 2) if n.isdecimal() else written(f"{n}^2/2{step:+d}*{n}/2".replace("1*", ""))
    )
    if "skew" in known:
        return f"below the diagonal of {name}, in the order of vech({name})", count
    return (f"vech({name}')" if "upper triangular" in known else f"vech({name})"), count
