"""Loss functions as people write them: each read, and its gradient that of automatic differentiation."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from frechet.errors import FrechetError
from frechet.language.python import read_python
from frechet.verify.evaluate import evaluate
from pythonic import derived, settled
from pythonlosses import LOSSES

pytestmark = pytest.mark.slow

SIZES = {"m": 5, "n": 3, "k": 2, "p": 4, "3": 3}
READ_WITHOUT_SHAPES = {
    "ridge", "lasso", "pca", "nmf", "triplet", "spectral norm", "attention", "matrix factorisation",
    "smoothness", "barlow twins", "clip", "logistic regression", "huber", "kernel ridge", "fisher",
}  # fmt: skip
"""Those whose use leaves one reading of their arguments; the others are asked about, never guessed."""


def arrays(shapes: dict[str, list[str]]) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    return {name: rng.uniform(0.2, 0.9, [SIZES[d] for d in shape]) for name, shape in shapes.items()}


def by_jax(text: str, wrt: str, given: dict[str, Any]) -> tuple[Any, Any]:
    scope: dict[str, Any] = {"np": jnp}
    exec(text.replace("import numpy as np", "import jax.numpy as np"), scope)
    function = [f for name, f in scope.items() if callable(f) and not name.startswith("_") and name != "np"][-1]
    arrays_of_jax = {name: jnp.asarray(a) for name, a in given.items()}
    found = jax.value_and_grad(lambda x: function(**{**arrays_of_jax, wrt: x}))(arrays_of_jax[wrt])
    return tuple(map(np.asarray, found))


def compared(text: str, wrt: str, given: dict[str, Any], shapes: dict[str, list[str]]) -> None:
    value, slope = by_jax(text, wrt, given)
    problem = read_python(text, shapes)
    sizes = {
        str(d): n
        for e in problem.variables.values()
        for d, n in zip(e.shape, given[str(e.params[0])].shape, strict=True)
    }
    assert np.allclose(evaluate(problem.value, given, sizes), value, rtol=1e-9)
    gradient = derived(text, shapes, [wrt]).gradient
    assert gradient is not None
    found = np.asarray(gradient.evaluate({**given, **sizes}))
    assert np.allclose(found, settled(slope, found.shape), rtol=1e-7, atol=1e-9), str(gradient)


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_is_that_of_automatic_differentiation(name: str) -> None:
    text, wrt, shapes = LOSSES[name]
    compared(text, wrt, arrays(shapes), {n: [int(d) if d.isdigit() else d for d in s] for n, s in shapes.items()})


@pytest.mark.parametrize("name", LOSSES)
def test_without_shapes_the_reading_is_this_one_or_a_question(name: str) -> None:
    text, wrt, shapes = LOSSES[name]
    if name in READ_WITHOUT_SHAPES:
        compared(text, wrt, arrays(shapes), {})
        return
    with pytest.raises(FrechetError) as caught:
        read_python(text)
    assert caught.value.kind in ("shape", "unsupported")
