"""What a newcomer types in the first hour: the ways in that people expect, each of them open."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from frechet.apps.cli import main


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run([sys.executable, "-m", "frechet", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: frechet ")


def test_the_help_option_shows_three_examples_that_work() -> None:
    lines = [line.strip() for line in run("--help").output.splitlines() if line.startswith("  frechet derive ")]
    assert len(lines) == 3
    for line in lines:
        assert run(*shlex.split(line)[1:]).exit_code == 0


def test_a_pipe_needs_no_dash() -> None:
    assert "dC = A*dB" in run("derive", "--wrt", "B", given="C = A*B").output
    answer = json.loads(run("batch", given='{"id": 7, "expression": "A*B", "wrt": "B"}\n').output)
    assert (answer["id"], answer["differential"]) == (7, "A*dB")
    assert run("derive", "--wrt", "B", given=" \n").exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        *("S symmetric, positive definite", "S=symmetric", "S: positive definite", 'S="x"', "S,x positive"),
        *("S is symmetric", "S, R: positive definite", "S R diagonal", "S Symmetric", "S symmetric and positive"),
    ],
)
def test_an_assumption_is_read_as_people_write_it(text: str) -> None:
    from frechet.apps.options import assumptions

    if '"' in text:
        with pytest.raises(ValueError, match='is written "S symmetric", S=symmetric or "S,R positive definite"'):
            assumptions([text])
        return
    found = assumptions([text])
    assert "S" in found
    assert set(found) <= {"S", "R", "x"}
    done = run("derive", "x'*S*x", "--wrt", "x", "--assume", text, "--json")
    if "R" not in found:
        assert "S" in json.loads(done.output)["assumptions"], done.output


def test_several_names_and_several_words() -> None:
    from frechet.apps.options import assumptions

    assert assumptions(["S,R positive definite"]) == {"S": ["positive definite"], "R": ["positive definite"]}
    assert assumptions(["S symmetric positive definite"]) == {"S": ["symmetric", "positive definite"]}
