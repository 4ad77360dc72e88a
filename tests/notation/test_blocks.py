"""A Kronecker factor that is summed out is the sum over blocks that people write."""

from __future__ import annotations

import pytest

import frechet as fr

CASES = [
    (
        "tr(A*kron(eye(s),F)'+kron(eye(s),F)*A)",
        {"F": ["n", "n"]},
        "sum(k: kron(unit(k,s)',eye(n))*(A+A')*kron(unit(k,s),eye(n)))",
    ),
    ("tr(kron(F,eye(s))*A)", {"F": ["m", "n"]}, "sum(k: kron(eye(m),unit(k,s)')*A'*kron(eye(n),unit(k,s)))"),
    (
        "tr(kron(B,F)*A)",
        {"B": ["m", "n"], "F": ["p", "q"]},
        "sum(k: kron(B[k,:],eye(q))*A*kron(unit(k,m),eye(p)))'",
    ),
    (
        "norm2(kron(B,F)-A)^2/2",
        {"B": ["m", "n"], "F": ["p", "q"]},
        "sum(k: kron(B[:,k]',eye(p))*(kron(B,F)-A)*kron(unit(k,n),eye(q)))",
    ),
    ("tr(kron(F,B)*A)", {"F": ["m", "n"], "B": ["p", "q"]}, "sum(k: kron(eye(n),B[k,:])*A*kron(eye(m),unit(k,p)))'"),
]


@pytest.mark.parametrize(("expression", "shapes", "expected"), CASES)
def test_a_partial_trace_is_a_sum_over_blocks(expression: str, shapes: dict[str, list[str]], expected: str) -> None:
    answer = fr.derive(expression, "F", shapes=shapes)
    assert str(answer.gradient) == expected
    assert answer.verification is not None and answer.verification.passed


def test_the_index_is_no_name_of_the_formula() -> None:
    answer = fr.derive("tr(k*kron(eye(i),F)*A)", "F", shapes={"F": ["m", "n"], "k": []})
    assert str(answer.gradient).startswith("k*sum(j: ")


def test_it_is_explained_and_a_claim_may_be_one() -> None:
    answer = fr.derive("log(pi)*tr(kron(eye(s),F)*A)", "F", shapes={"F": ["m", "n"]})
    assert "isum" in str(answer.explain().steps[-1].after) and all(step.checked for step in answer.explain().steps)
    found = answer.check("log(pi)*sum(k: kron(unit(k,s)',eye(m))*A'*kron(unit(k,s),eye(n)))")
    assert found.verdict == "right"
    assert answer.check("sum(k: kron(unit(k,s)',eye(m))*A'*kron(unit(k,s),eye(n)))").verdict == "wrong"
