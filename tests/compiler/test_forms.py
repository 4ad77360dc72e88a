"""Compiled code against the evaluator: every form of every problem, for each library, at points drawn for it."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import frechet as fr
from compiler.points import Point, differs, having
from frechet.errors import FrechetError
from frechet.ops import REGISTRY
from judge.corpus import HOME, load

pytestmark = pytest.mark.slow

WRITTEN = Path(__file__).resolve().parents[1] / "written" / "tensors.jsonl"
EVERY = bool(os.environ.get("EVERY_FORM"))
JAX = {1: 3, 2: 10}
"""Of so many problems JAX has one, by order, unless all are asked for."""
INDEXED = {"fro-a-ikronx-b", "trace-wt-a-ikronw-b"}
"""Whose second derivative is a sum over an index: the product with a direction has no code yet."""


def problems() -> Iterator[dict[str, Any]]:
    """The public problems, the registry's examples, losses of tensors as people write them."""
    if HOME.exists():
        for name in ("problems", "composite", "structured"):
            yield from load(HOME / f"{name}.jsonl")
    for case in load(WRITTEN):
        yield {**case, "expression": case["code"]}
    for name, op in REGISTRY.items():
        if op.example:
            yield {"id": f"example of {name}", "expression": op.example, "wrt": None}


PROBLEMS = list(problems())


@cache
def points(at: int, order: int) -> list[Point]:
    """The derivatives of a problem, each with a point; none where it has no derivative of this order."""
    problem = PROBLEMS[at]
    given = {key: problem[key] for key in ("shapes", "assumptions", "functions") if problem.get(key)}
    try:
        found = fr.derive(problem["expression"], problem.get("wrt"), order=order, verify=False, **given)
    except FrechetError:
        return []
    singles = [d for key, d in found.by.items() if len(set(key.split(","))) == 1]
    return [Point(d) for d in singles]


def name(value: Any) -> str:
    return PROBLEMS[value]["id"] if isinstance(value, int) else str(value)


@pytest.fixture(params=["numpy", "jax", "torch"])
def backend(request: Any) -> Iterator[Any]:
    if request.param == "jax":
        jax = pytest.importorskip("jax", reason="the JAX target: pip install 'frechet[dev]'")
        jax.config.update("jax_enable_x64", True)
    if request.param == "torch":
        torch = pytest.importorskip("torch", reason="the PyTorch target: make test-torch")
        usual = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)  # of what no array tells the type of
        yield request.param
        torch.set_default_dtype(usual)
        return
    yield request.param


@pytest.mark.parametrize("order", [1, 2], ids=["first", "second"])
@pytest.mark.parametrize("at", range(len(PROBLEMS)), ids=name)
def test_every_form_is_what_the_evaluator_makes_of_it(at: int, order: int, backend: str) -> None:
    if backend == "jax" and at % JAX[order] and not EVERY:
        pytest.skip("JAX compiles each anew: EVERY_FORM=1 runs the others too")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if PROBLEMS[at]["id"] == "instance-norm":
            pytest.skip("nothing that its forms could be compared with: they are not finite at any point drawn")
        for point in points(at, order):
            for form in having(point.d):
                if form == "hvp" and PROBLEMS[at]["id"] in INDEXED:
                    with pytest.raises(FrechetError, match="a sum over an index"):
                        point.d.compile(backend, form)
                    continue
                made = point.d.compile(backend, form)
                wrong = differs(point.call(made), point.wanted(form))
                assert not wrong, f"{form}: {wrong}\n{made.source}"


def test_a_planted_mistake_is_seen() -> None:
    d = fr.derive("norm2(A*x-b)^2", wrt="x", shapes={"b": ["m"]})
    point = Point(d)
    made = d.compile("numpy", "gradient")
    assert not differs(point.call(made), point.wanted("gradient"))
    space: dict[str, Any] = {}
    exec(made.source.replace("2 * (", "3 * ("), space)
    names = {n: point.arrays[n] for n in made.arguments}
    assert differs([space["gradient"](**names)], point.wanted("gradient")).startswith("off")


def test_the_corpora_are_there_or_said_to_be_missing() -> None:
    if not HOME.exists():
        pytest.skip(f"no corpora at {HOME}")
    assert len(PROBLEMS) > 400
    assert json.dumps(PROBLEMS[0])
