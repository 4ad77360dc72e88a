"""Which values of a program are complex: PyTorch multiplies no real matrix by a complex one."""

from __future__ import annotations

from collections.abc import Container, Sequence

from frechet.compiler.values import Value, reachable
from frechet.core.records import facts

IMAGINARY = "imaginary"


def complexes(roots: Sequence[Value], inputs: Container[str]) -> set[Value]:
    """The values that are made of complex inputs (by their names) or constants, and are not real all the same."""
    found = set[Value]()
    for v in reachable(roots):
        if v.kind == "input":
            made = v.data in inputs
        elif v.kind == "constant":
            made = facts(v.data[0]).complex or v.data[0] == IMAGINARY
        else:
            made = any(a in found for a in v.args) and v.kind != "log determinant"
            made = made and not (v.kind == "call" and facts(v.data[0]).real)
        if made:
            found.add(v)
    return found
