"""What code does only for large arrays, done for small ones: its values are those of the evaluator all the same."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import frechet as fr
from compiler.points import differs, having
from compiler.test_forms import INDEXED, PROBLEMS, name, points
from frechet.compiler import factors, parts
from frechet.library.compiled import Compiled

pytestmark = pytest.mark.slow


@pytest.fixture
def small(monkeypatch: Any) -> None:
    """Every array counts as a large one, and a part of it has two rows."""
    monkeypatch.setattr(parts, "LARGE", 1)
    monkeypatch.setattr(parts, "PART", 2)
    monkeypatch.setattr(parts, "HEAVY", 1)
    monkeypatch.setattr(factors, "LARGE", 1)
    monkeypatch.setattr(factors, "HEAVY", 1)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("order", [1, 2], ids=["first", "second"])
@pytest.mark.parametrize("at", range(0, len(PROBLEMS), 6), ids=name)
def test_every_form_is_what_the_evaluator_makes_of_it(at: int, order: int) -> None:
    if PROBLEMS[at]["id"] == "instance-norm":
        pytest.skip("nothing that its forms could be compared with: they are not finite at any point drawn")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for point in points(at, order):
            for form in having(point.d):
                if form == "hvp" and PROBLEMS[at]["id"] in INDEXED:
                    continue
                made = point.d.compile("numpy", form)
                wrong = differs(point.call(made), point.wanted(form))
                assert not wrong, f"{form}: {wrong}\n{made.source}"


@pytest.mark.usefixtures("small")
def test_rows_are_made_a_few_at_a_time() -> None:
    made = written("sum(log(1+exp(X)).*exp(tanh(X)))", "X", X=(5, 3))
    assert "in_parts(rows, 1, X)" in made.source
    assert "ThreadPoolExecutor" in made.source


@pytest.mark.usefixtures("small")
def test_threads_are_left_to_products() -> None:
    made = written("sum(G.*(softmax(Q*K',2)*V))", "Q", Q=(4, 3), K=(5, 3), V=(5, 3), G=(4, 3))
    assert "in_parts(rows" in made.source
    assert "ThreadPoolExecutor" not in made.source


@pytest.mark.usefixtures("small")
def test_a_weighted_product_with_itself_is_a_square() -> None:
    made = written("sum(softplus(X*w))", "w", "hessian", X=(5, 3), w=(3,))
    assert "np.sqrt(sigmoid_slope(X @ w))" in made.source


def written(formula: str, wrt: str, form: Any = "gradient", **shapes: tuple[int, ...]) -> Compiled:
    """The code of a form, called once with arrays of these shapes."""
    d = fr.derive(formula, wrt=wrt, shapes=shapes, order=2 if form == "hessian" else 1)
    made = d.compile("numpy", form)
    random = np.random.default_rng(0)
    made(**{n: random.normal(size=s) for n, s in shapes.items()})
    return made
