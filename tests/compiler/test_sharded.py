"""The JAX target on arrays that lie on eight devices: the same numbers, and the data stay where they are.

What the devices tell each other is read in the compiled program.  It is the sum of the small result and nothing of the
data's size; where the closed form says so it is less than the result: `2*V*(U'*U)` adds up k×k numbers for n×k.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jax", reason="the JAX target needs JAX: pip install 'frechet[dev]'")

EIGHT = "--xla_force_host_platform_device_count=8"
# The entries that are added up over the devices, and whether the result lies there row by row, as the data do.
TOLD = {
    "logistic gradient": (24, False),
    "logistic value_and_gradient": (1 + 24, False),
    "logistic hvp": (24, False),
    "logistic hessian": (24**2, False),
    "softmax gradient": (24 * 5, False),
    "softmax hvp": (24 * 5, False),
    "softmax hessian": ((24 * 5) ** 2 + 24**2 * 5, False),
    "factor gradient U": (0, True),
    "factor gradient R": (24 * 6 + 6**2, False),  # T'U and U'U: T - U*R' is not formed
    "factor hvp U": (0, True),
    "factor hvp R": (6**2, False),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """Every case, run once in a process that has eight devices."""
    program = Path(__file__).with_name("sharded.py")
    place = os.environ | {"XLA_FLAGS": EIGHT, "JAX_PLATFORMS": "cpu"}
    done = subprocess.run([sys.executable, str(program)], env=place, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", TOLD)
def test_the_result_is_one_devices(found: dict[str, Any], name: str) -> None:
    assert found[name]["apart"] < 1e-12


@pytest.mark.parametrize("name", TOLD)
def test_only_the_small_result_is_told(found: dict[str, Any], name: str) -> None:
    told, _ = TOLD[name]
    collectives = found[name]["collectives"]
    assert all(kind.startswith("all-reduce") for kind, _ in collectives), collectives
    assert sum(entries for _, entries in collectives) == told


@pytest.mark.parametrize("name", TOLD)
def test_rows_stay_on_their_devices(found: dict[str, Any], name: str) -> None:
    """Also when the function is called as it is, outside `jax.jit`."""
    _, by_rows = TOLD[name]
    assert all(each is by_rows for result in found[name]["by rows"] for each in result)


def test_a_gather_of_the_data_would_be_seen(found: dict[str, Any]) -> None:
    """The same gradient with its data brought together first."""
    assert ["all-gather", 2048 * 24] in found["gathered"]["collectives"]


def test_the_page_holds_on_eight_devices() -> None:
    """The examples of `docs/scale.md`, which are run on one device with all others."""
    page = Path(__file__).parents[2] / "docs" / "scale.md"
    place = os.environ | {"XLA_FLAGS": EIGHT, "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", str(page)]
    done = subprocess.run(command, env=place, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
