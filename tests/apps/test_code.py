"""`frechet code`: source, JSON, the test by differences, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from frechet.apps.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["code", *arguments])


def test_the_source_of_a_gradient() -> None:
    done = run("norm2(A*x-b)^2", "--wrt", "x", "--shape", "b=m")
    assert done.exit_code == 0
    assert done.output.endswith("    return 2 * (A.T @ (A @ x - b))\n")


def test_json_says_what_it_is() -> None:
    made = json.loads(run("A*B", "--wrt", "B", "--form", "pullback", "--target", "jax", "--json").output)
    assert (made["target"], made["form"], made["arguments"]) == ("jax", "pullback", ["A", "G"])
    assert "return A.T @ G" in made["source"]


FORMS = ["gradient", "value_and_gradient", "pullback", "pushforward", "jacobian", "hessian", "hvp"]


@pytest.mark.parametrize("form", FORMS)
def test_the_test_by_differences_runs_and_can_fail(form: str, tmp_path: Path) -> None:
    done = run("logdet(X'*X)", "--wrt", "X", "--form", form, "--with-check")
    path = tmp_path / "made.py"
    path.write_text(done.output, encoding="utf-8")
    found = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert found.stdout.startswith(f"{form}: right to ")
    path.write_text(done.output.replace("    found = ", "    found = 1.1 * ", 1), encoding="utf-8")
    found = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert f"the {form} is off by" in found.stderr


def test_what_cannot_be_is_refused() -> None:
    done = run("A*B", "--wrt", "B", "--form", "gradient")
    assert done.exit_code == 1
    assert "a gradient is of a scalar" in done.output
    assert run("A*B", "--target", "fortran").exit_code == 2
    told = json.loads(run("A*B", "--wrt", "B", "--form", "gradient", "--json").output)
    assert told["error"]["kind"] == "input"
