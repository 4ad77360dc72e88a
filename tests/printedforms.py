"""What a derivative is printed as, in one line: for tests that pin the forms of many operations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

import frechet as fr
from frechet.language import parse
from frechet.ops import REGISTRY

Shapes = Mapping[str, Sequence[str | int]]


def derived(expression: str, wrt: str, shapes: Shapes, assumptions: Mapping[str, Sequence[str]] | None = None) -> str:
    """The first form of the verified derivative; shapes of names that do not occur are left out."""
    used = parse(expression).variables
    known = {name: tuple(shape) for name, shape in shapes.items() if name in used}
    found = fr.derive(expression, wrt=wrt, shapes=known, assumptions=assumptions)
    assert found.verification.passed, found.verification
    form = next(form for form in ("gradient", "derivative", "differential") if form in found.forms)
    printed = str(found.form(form))
    for name, formula in found.where.items():
        if re.search(rf"\b{name}\b", printed):
            printed += f"; {name} = {formula}"
    return printed


def value(name: str, *arrays: object, params: tuple[object, ...] = ()) -> np.ndarray:
    """The value that an operation's record gives."""
    with np.errstate(all="ignore"):
        return REGISTRY[name].value(np, params, *(np.asarray(a, dtype=float) for a in arrays))
