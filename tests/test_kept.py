"""Results can be kept: printed, compared, pickled, copied, used as keys; in this process and in another."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

import frechet as fr


def results() -> dict[str, Any]:
    d = fr.derive("x'*S*x + sum(sigma(x))", wrt="x", assumptions={"S": ["symmetric"]}, functions=["sigma"])
    labels = fr.derive("-sum(y.*log(softmax(x)))", wrt="x")
    return {
        "derivative": d,
        "formula": d.gradient,
        "formula with a function": fr.function("sigma")(fr.vector("x", "n")),
        "function": fr.function("sigma"),
        "size": fr.dims("n")[0] + 1,
        "verification": d.verification,
        "verdict": d.check("S*x"),
        "verdict about labels": labels.check("softmax(x)-y"),
        "equality": fr.equal("x'*A*y", "y'*A*x"),
        "derivation": fr.derive("logdet(X'*X)", wrt="X").explain(),
        "ledger": fr.derive("a = h*W; y = tanh(a)", wrt="W").conventions(),
        "remainder": d.remainder(),
    }


RESULTS = results()


@pytest.mark.parametrize("what", RESULTS)
def test_kept_and_equal(what: str) -> None:
    result = RESULTS[what]
    for kept in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
        assert kept == result
        assert str(kept) == str(result)
        if what != "derivation":  # its steps are lists that a page is made from
            assert len({kept, result}) == 1


OTHER = """
import pickle, sys
result = pickle.loads(sys.stdin.buffer.read())
assert pickle.loads(pickle.dumps(result)) == result
sys.stdout.buffer.write(pickle.dumps((result, str(result))))
"""


@pytest.mark.parametrize("what", ["derivative", "derivation", "ledger", "size"])
def test_kept_by_another_process(what: str) -> None:
    sent = pickle.dumps(RESULTS[what])
    done = subprocess.run([sys.executable, "-c", OTHER], input=sent, capture_output=True, check=True)
    kept, printed = pickle.loads(done.stdout)
    assert kept == RESULTS[what]
    assert printed == str(RESULTS[what])


def test_a_long_chain_can_be_kept() -> None:
    x = fr.scalar("x")
    chain = x
    for _ in range(5000):
        chain = fr.tanh(chain)
    assert pickle.loads(pickle.dumps(chain)) == chain


def test_two_answers_differ() -> None:
    one, other = (fr.derive("x'*A*x", wrt=wrt, verify=False) for wrt in ("x", "A"))
    assert one != other
    assert fr.derive("x'*A*x", wrt="x", verify=False) == one


def test_print_is_the_card_and_repr_one_line() -> None:
    from click.testing import CliRunner

    from frechet.apps.cli import main

    for text in ("C = A*B", "x'*x"):
        d = fr.derive(text)
        assert str(d) + "\n" == CliRunner().invoke(main, ["derive", text]).output
        assert "\n" not in repr(d)
    assert "Aᵀ G" in fr.derive("A*B", wrt="B").text(unicode=True)
    assert max(map(len, fr.derive("C = A*B").text(width=60).splitlines())) <= 60


def test_the_matrix_product_is_offered() -> None:
    A, x = fr.matrix("A", "m", "n"), fr.vector("x", "n")
    with pytest.raises(fr.FrechetError, match="the matrix product is A @ x"):
        fr.derive(A * x)
    with pytest.raises(fr.FrechetError, match=r"the matrix product is \(A \+ 1\) @ x"):
        (A + 1) * x
    with pytest.raises(fr.FrechetError) as refused:
        A * fr.vector("y", "k")
    assert "@" not in refused.value.message


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "logsumexp", "softmax"])
@pytest.mark.parametrize("axis", [0, 1, -1, None])
def test_an_axis_is_numpys(name: str, axis: int | None) -> None:
    import numpy as np

    values = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]])
    exp = np.exp(values)
    wanted = {
        "logsumexp": np.log(exp.sum(axis=axis)),
        "softmax": exp / exp.sum(axis=axis, keepdims=True),
    }.get(name) if name in ("logsumexp", "softmax") else getattr(np, name)(values, axis=axis)  # fmt: skip
    found = getattr(fr, name)(fr.matrix("A", "m", "n"), axis=axis).evaluate(A=values)
    assert np.allclose(found, wanted)
    assert np.allclose(getattr(fr, name)(fr.matrix("A", "m", "n"), axis).evaluate(A=values), wanted)


def test_an_axis_of_a_vector_and_how_it_is_printed() -> None:
    A, x = fr.matrix("A", "m", "n"), fr.vector("x", "n")
    assert str(fr.sum(A, axis=0)) == "sum(A,1)"
    assert fr.sum(x, axis=0) == fr.sum(x)
    with pytest.raises(fr.FrechetError, match="no axis 1"):
        fr.sum(x, axis=1)
    with pytest.raises(fr.FrechetError, match="a scalar has none"):
        fr.sum(fr.scalar("c"), axis=0)
