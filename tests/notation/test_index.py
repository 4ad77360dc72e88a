"""Index forms: what is summed, and where it has to be said."""

from __future__ import annotations

import pytest

import frechet as fr

SUMMED = [
    ("A*B", "B", "A[i,k]*delta(j,l)"),
    ("z*((c./v)'*((a./U)*B))", "B", "sum(r: a*c*z[i]*delta(j,l)/(U[r,k]*v[r]))"),
    ("reshape(X,n,m)", "X", "delta(r,s)"),
]

BLOCKS = {"c": [], "h": [2], "u": ["n"], "S": ["n", "n"]}
DECIDED = [
    ("[ones(1,2), c]*[ones(2,2); h']", "c", "h[j]"),
    ("(unit(1,n)'*u)*S", "u", "delta(1,k)*S[i,j]"),
    ("u[1]*unit(2,n)'*S*unit(3,n)", "u", "S[2,3]*delta(1,i)"),
]


@pytest.mark.parametrize(("expression", "wrt", "part"), SUMMED)
def test_a_sum_is_said_where_the_convention_does_not_say_it(expression: str, wrt: str, part: str) -> None:
    shapes = {"z": ["q"], "c": [], "a": [], "v": ["p"], "U": ["p", "t"], "B": ["t", "w"]}
    given = shapes if "U" in expression else {"X": ["m", "n"]} if "X" in expression else None
    d = fr.derive(expression, wrt=wrt, shapes=given)
    assert part in str(d.index)
    assert d.verification.passed


def test_a_function_of_an_identity_is_an_entry_of_it() -> None:
    d = fr.derive("sigma(eye(2))^3*h", wrt="h", shapes={"h": [2]}, functions=["sigma"])
    assert "delta" not in str(d.index) and d.verification.passed


@pytest.mark.parametrize(("expression", "wrt", "entry"), DECIDED)
def test_places_that_are_fixed_are_compared_at_once(expression: str, wrt: str, entry: str) -> None:
    shapes = {name: shape for name, shape in BLOCKS.items() if name in expression}
    assert str(fr.derive(expression, wrt=wrt, shapes=shapes).index) == entry


def test_a_step_at_the_largest_entry_compares_what_is_computed_alike() -> None:
    assert str(fr.derive("max(A*x)", "x", verify=False).index) == "A[j,i]*(1-step(max(A*x)-A*x)[j])"
