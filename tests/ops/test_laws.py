"""The laws that every operation of the language keeps, in one loop over the registry.

An operation that is added is tested here without a new test: its example is differentiated by each of its variables,
every form is compared with differences, the pullback with the differential, the second derivative with the first, and
what is printed is read back.
"""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr
from frechet.core.expr import postorder
from frechet.core.op import Op
from frechet.errors import FrechetError
from frechet.language import callable_name, parse
from frechet.notation.ascii import text
from frechet.ops import REGISTRY

FUNCTIONS = ["sigma"]
CASES = [op for op in REGISTRY.values() if op.normal is not None and op.name not in ("variable", "number", "size")]
SIZES = {"m": 3, "n": 4, "p": 2, "q": 3, "k": 2}


def variables(op: Op) -> list[str]:
    """The variables that the example can be differentiated by."""
    return [name for name, v in parse(op.example, functions=FUNCTIONS).variables.items() if not v.params[1]]


BY = [(op, name) for op in CASES for name in variables(op)]


@pytest.mark.parametrize(("op", "name"), BY, ids=lambda x: getattr(x, "name", x))
def test_every_form_agrees_with_differences(op: Op, name: str) -> None:
    try:
        found = fr.derive(op.example, wrt=name, functions=FUNCTIONS)
    except FrechetError as refused:
        assert refused.kind == "unsupported" and len(refused.message) > 20
        return
    assert found.verification.passed or (found.verification.passed is None and op.facts.level), found.verification


@pytest.mark.parametrize(("op", "name"), BY, ids=lambda x: getattr(x, "name", x))
def test_the_pullback_is_the_adjoint_of_the_differential(op: Op, name: str) -> None:
    """⟨G, L(E)⟩ = ⟨L*(G), E⟩ at a random point."""
    try:
        found = fr.derive(op.example, wrt=name, functions=FUNCTIONS, verify=False)
    except FrechetError:
        return
    if not {"differential", "pullback"} <= set(found.forms):
        return
    rng = np.random.default_rng(7)
    problem = parse(op.example, functions=FUNCTIONS)
    values = {n: _near_one(rng, [d.evaluate(SIZES) for d in v.shape]) for n, v in problem.variables.items()}
    e = rng.standard_normal(values[name].shape)
    g = rng.standard_normal([d.evaluate(SIZES) for d in problem.value.shape])
    given = {**values, f"d{name}": e, "G": g}
    smooth = {"sigma": lambda x, k: np.sin(np.asarray(x) + k * np.pi / 2)}
    forth = _at(found.differential, given, smooth)
    back = _at(found.pullback, given, smooth)
    np.testing.assert_allclose(np.sum(g * forth), np.sum(back * e), rtol=1e-7, atol=1e-8)


def _near_one(rng: np.random.Generator, shape: list[int]) -> np.ndarray:
    """A point at which every example is defined: entries between 0 and 1, square matrices near the identity."""
    drawn = rng.uniform(0.2, 0.8, shape)
    return drawn / 4 + np.eye(shape[0]) if len(shape) == 2 and shape[0] == shape[1] else drawn


def _at(formula: fr.Formula, given: dict[str, np.ndarray], functions: object) -> np.ndarray:
    names = {str(v.params[0]) for v in postorder(formula.expr) if v.op.name == "variable"}
    for inner in formula.where.values():
        names |= {str(v.params[0]) for v in postorder(inner.expr) if v.op.name == "variable"}
    return formula.evaluate(functions=functions, **SIZES, **{n: a for n, a in given.items() if n in names})


@pytest.mark.parametrize("op", CASES, ids=lambda op: op.name)
def test_the_second_derivative_agrees_with_differences_of_the_first(op: Op) -> None:
    """Of a number made of the value; where a second derivative has no formula, that is said."""
    problem = parse(op.example, functions=FUNCTIONS)
    number = op.example if not problem.value.shape else f"sum(({op.example}).^2)"
    for name in variables(op)[:2]:
        try:
            found = fr.derive(number, wrt=name, functions=FUNCTIONS, order=2)
        except FrechetError as refused:
            assert refused.kind in ("unsupported", "limit") and len(refused.message) > 20
            continue
        assert found.verification.passed is not False


@pytest.mark.parametrize("op", CASES, ids=lambda op: op.name)
def test_what_is_printed_is_read_back(op: Op) -> None:
    value = parse(op.example, functions=FUNCTIONS).value
    assert parse(text(value), functions=FUNCTIONS).value is value


@pytest.mark.parametrize("op", [op for op in CASES if callable_name(op.name)], ids=lambda op: op.name)
def test_a_record_says_what_it_is(op: Op) -> None:
    assert op.doc and op.example and (op.source or not op.domain), op.name
    assert len(op.domain) in (0, len(op.call.replace("?", "").strip("daiks*+")) or 1) or op.call == "x?x"
