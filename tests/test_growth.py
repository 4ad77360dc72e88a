"""Chains of layers: what is derived grows with the chain, not with the number of paths through it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import frechet as fr

pytestmark = pytest.mark.slow

SECONDS = 60
"""Far more than any of these takes: one that grows with the paths would take hours."""

LAYERS: dict[str, Callable[[Any, Any], Any]] = {
    "saturating": lambda w, x: fr.sigmoid(w @ x),
    "residual": lambda w, x: x + w @ fr.tanh(x),
    "differences": lambda w, x: fr.exp(x - w @ x) * (1 - x),
    "norms": lambda w, x: (w @ x) / fr.norm2(w @ x),
}


@pytest.fixture(autouse=True)
def limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"no answer in {SECONDS} s")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)


def size(kind: str, length: int) -> int:
    """How many characters the gradient by the first weight has, its names counted once."""
    (n,) = fr.dims("n")
    x = fr.vector("x", n)
    for i in range(length):
        x = LAYERS[kind](fr.matrix(f"W{i}", n, n), x)
    d = fr.derive(fr.norm2(x) ** 2, wrt="W0", verify=False)
    return len(str(d.gradient)) + sum(len(str(formula)) for formula in d.where.values())


@pytest.mark.parametrize("kind", LAYERS)
def test_a_chain_that_is_written_whole_has_no_exponential_road(kind: str) -> None:
    assert size(kind, 24) < 6 * size(kind, 8)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_long_chain_grows_as_its_layers(kind: str) -> None:
    assert size(kind, 400) < 5.5 * size(kind, 100)
