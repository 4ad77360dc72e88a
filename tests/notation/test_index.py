"""Index forms: what is summed, and where it has to be said."""

from __future__ import annotations

import pytest

import frechet as fr

SUMMED = [
    ("A*B", "B", "A[i,k]*delta(j,l)"),
    ("z*((c./v)'*((a./U)*B))", "B", "sum(r: a*c*z[i]*delta(j,l)/(U[r,k]*v[r]))"),
    ("reshape(X,n,m)", "X", "delta(r,s)"),
]


@pytest.mark.parametrize(("expression", "wrt", "part"), SUMMED)
def test_a_sum_is_said_where_the_convention_does_not_say_it(expression: str, wrt: str, part: str) -> None:
    shapes = {"z": ["q"], "c": [], "a": [], "v": ["p"], "U": ["p", "t"], "B": ["t", "w"]}
    given = shapes if "U" in expression else {"X": ["m", "n"]} if "X" in expression else None
    d = fr.derive(expression, wrt=wrt, shapes=given)
    assert part in str(d.index)
    assert d.verification.passed
