"""PyTorch differentiates a function by the backward pass that is attached to it, and that pass once more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compiler.attached import CASES, arrays, derived

torch: Any = pytest.importorskip("torch", reason="the PyTorch target: make test-torch")


def both(name: str) -> tuple[Any, Any, list[Any]]:
    """The function with its backward pass and the plain one, as functions of the variables, and a point."""
    d, wrt = derived(name), CASES[name][1]
    given = {n: torch.as_tensor(a) for n, a in arrays(name).items()}
    attached, plain = d.compile("torch", "function"), d.compile("torch", "value")

    def bound(f: Any) -> Any:
        def called(*variables: Any) -> Any:
            every = {**given, **dict(zip(wrt, variables, strict=True))}
            return f(**{n: every[n] for n in f.arguments})

        return called

    return bound(attached), bound(plain), [given[n].clone().requires_grad_(True) for n in wrt]


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_the_plain_function(name: str) -> None:
    f, g, x = both(name)
    assert torch.allclose(f(*x), g(*x))
    weigh = torch.sin(torch.arange(f(*x).numel(), dtype=torch.float64)).reshape(f(*x).shape) + 1
    for a, b in zip(torch.autograd.grad(f(*x), x, weigh), torch.autograd.grad(g(*x), x, weigh), strict=True):
        assert torch.allclose(a, b)
    assert torch.autograd.gradcheck(f, x)
    assert torch.autograd.gradgradcheck(f, x)


@pytest.mark.parametrize("name", ["a layer", "all its arrays", "logdet and inverse"])
def test_a_gradient_that_nobody_needs_is_left_out(name: str) -> None:
    f, g, x = both(name)
    for k in range(len(x)):
        some = [a.detach().requires_grad_(i == k) for i, a in enumerate(x)]
        (a,), (b,) = (torch.autograd.grad(h(*some).sum(), [some[k]]) for h in (f, g))
        assert torch.allclose(a, b)


def test_the_arguments_that_it_has_no_gradient_by_are_refused() -> None:
    given = {n: torch.as_tensor(a) for n, a in arrays("least squares").items()}
    f = derived("least squares").compile("torch", "function")
    given["A"].requires_grad_(True)
    with pytest.raises(ValueError, match="attached is by x, not by A and b"):
        f(**given)
    with torch.no_grad():
        assert f(**given) > 0


def test_a_plant_in_the_backward_pass_is_seen() -> None:
    """What is kept and not computed anew is a constant of second derivatives: the check of second order sees it."""
    source = derived("all its arrays").code("torch", "function")
    given = {n: torch.as_tensor(a).requires_grad_(True) for n, a in arrays("all its arrays").items()}
    for old, new, check in [
        ("2 * G", "3 * G", torch.autograd.gradcheck),
        ("if torch.is_grad_enabled()", "if False", torch.autograd.gradgradcheck),
    ]:
        assert old in source
        space: dict[str, Any] = {}
        exec(source.replace(old, new), space)
        with pytest.raises(torch.autograd.gradcheck.__globals__["GradcheckError"]):
            check(space["function"], tuple(given.values()))


def test_training_goes_down() -> None:
    """A step of an optimiser through a layer that is written out and one that is PyTorch's own."""
    layer = derived("a layer").compile("torch", "function")
    torch.manual_seed(0)
    X, W, b = torch.randn(20, 3), torch.randn(3, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    last = torch.nn.Linear(2, 1)
    steps = torch.optim.SGD([W, b, *last.parameters()], lr=0.1)
    losses: list[float] = []
    for _ in range(20):
        steps.zero_grad()
        loss = ((last(layer(X=X, W=W, b=b))[:, 0] - X.sum(1)) ** 2).mean()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    assert np.isfinite(losses).all()


def test_the_examples_of_the_page_run() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "compile.md").read_text(encoding="utf-8")
    blocks = [b for b in re.findall(r"```python\n(.*?)```", page, re.S) if "import torch" in b]
    assert blocks
    for block in blocks:
        exec(block, {})


def test_a_second_call_makes_no_source() -> None:
    f, given = (
        derived("a layer").compile("torch", "function"),
        {n: torch.as_tensor(a) for n, a in arrays("a layer").items()},
    )
    for _ in range(2):
        f(**given)
    assert len(f._ready) == 1
