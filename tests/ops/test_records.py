"""Every operation: its example reads, and the shape that its rule gives is the shape that its value has."""

import numpy as np
import pytest

from frechet.core.expr import postorder
from frechet.language import parse
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, variable
from frechet.ops.indexform import AT, DELTA, INDEXFORM, ISUM
from frechet.verify.evaluate import evaluate
from frechet.verify.functions import smooth
from frechet.verify.indexvalue import index_value
from frechet.verify.sizes import candidates, dims_of

ORDINARY = [op for op in REGISTRY.values() if op not in INDEXFORM]


def test_names_are_the_keys():
    assert all(name == op.name for name, op in REGISTRY.items())


@pytest.mark.parametrize("op", ORDINARY, ids=lambda op: op.name)
def test_shape_rule_is_the_shape_of_the_value(op):
    problem = parse(op.example, functions=["sigma"])
    if op.name not in ("number", "size"):
        assert op in {node.op for node in postorder(problem.value)}
    random = np.random.default_rng(0)
    for sizes in list(candidates(dims_of([problem.value]), problem.constraints))[:3]:
        for node in postorder(problem.value):
            env = {
                name: random.uniform(0.2, 0.8, [d.evaluate(sizes) for d in v.shape])
                for name, v in problem.variables.items()
            }
            value = evaluate(node, env, sizes, {"sigma": smooth("sigma")})
            assert value.shape == tuple(d.evaluate(sizes) for d in node.shape), node
            assert np.isfinite(value).all(), node


@pytest.mark.parametrize("op", (AT, DELTA, ISUM), ids=lambda op: op.name)
def test_index_form_has_no_value_by_itself(op):
    x = variable("x", ("n",))
    entry = apply("at", (x,), ("i",))
    made = {"at": entry, "delta": apply("delta", (), ("i", "j")), "isum": apply("isum", (entry,), ("i",))}
    assert made[op.name].op is op and made[op.name].shape == ()
    free = {"at": [("i", 2)], "delta": [("i", 2), ("j", 2)], "isum": []}
    expected = {"at": [3.0, 4.0], "delta": np.eye(2), "isum": 7.0}
    value = index_value(made[op.name], free[op.name], {"x": np.array([3.0, 4.0])}, {"n": 2})
    np.testing.assert_array_equal(value, expected[op.name])
    with pytest.raises(Exception, match="free indices"):
        op.value(np, ("i",))


def test_unary_functions_keep_the_shape_of_every_order():
    arguments = [variable("c"), variable("x", ("n",)), variable("r", (1, "n")), variable("T", ("m", "n", "p"))]
    for op in ORDINARY:
        if op.elementwise and len(op.domain) == 1:
            params = {"polygamma": (1,), "declared": ("sigma", 0)}.get(op.name, ())
            assert all(apply(op, (a,), params).shape == a.shape for a in arguments)


ENTRYWISE = [op for op in ORDINARY if op.elementwise and len(op.domain) == 1 and len(op.example.split(",")) == 1]


@pytest.mark.parametrize("op", [op for op in ENTRYWISE if op.name != "declared"], ids=lambda op: op.name)
def test_what_is_known_of_a_function_is_so(op):
    """Parity, range and the values at single points, as its record has them, against its value."""
    x = np.linspace(0.05, 0.95, 19)
    with np.errstate(all="ignore"):
        ahead, behind = op.value(np, (), x), op.value(np, (), -x)
        wide = np.concatenate([ahead, behind])
        wide = wide[np.isfinite(wide)]
        if op.facts.mirror:
            mirrored = {"even": ahead, "odd": -ahead, "complement": 1 - ahead}[op.facts.mirror]
            np.testing.assert_allclose(behind, mirrored, rtol=1e-12, atol=1e-15)
        if op.facts.range == "positive":
            assert (wide > 0).all()
        elif op.facts.range == "not negative":
            assert (wide >= 0).all()
        for at, value in op.facts.at.items():
            np.testing.assert_allclose(op.value(np, (), np.array([float(at)])), [float(value)], atol=1e-15)
