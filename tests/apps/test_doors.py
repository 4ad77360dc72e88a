"""What people write, through every command: how it was read is shown, in their names, and nothing is a surprise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from frechet.apps.cli import main
from frechet.language import parse

LATEX = r"\log\det(I + XX^T)"
FAMILY = r"\sum_i (y_i - w^T x_i)^2"
CODE = "np.sum((X @ W + b - Y)**2)"
LOSS = "import numpy as np\n\ndef loss(w, X, y):\n    r = X @ w - y\n    return (r**2).mean()\n"


def frechet(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, [*arguments], input=typed)


def answer(*arguments: str) -> dict[str, Any]:
    found = frechet(*arguments, "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


@pytest.mark.parametrize("command", ["derive", "explain", "conventions"])
@pytest.mark.parametrize(
    ("text", "more", "language"),
    [
        (LATEX, ("--wrt", "X"), "latex"),
        ("x'Ax", ("--wrt", "x"), "text"),
        (CODE, ("--wrt", "b", "--shape", "b=k"), "python"),
    ],
)
def test_the_reading_is_told_by_every_command(command: str, text: str, more: tuple[str, ...], language: str) -> None:
    found = answer(command, text, *more)
    assert (found["expression"], found["reading"]["language"]) == (text, language)
    page = frechet(command, text, *more).output
    assert page.startswith(f"read as  {found['reading']['formula']}")
    again = answer(command, found["reading"]["formula"], *more, "--from", "frechet")
    assert again["reading"] is None


@pytest.mark.parametrize("command", ["derive", "explain", "conventions"])
def test_a_formula_has_no_reading(command: str) -> None:
    assert answer(command, "x'*A*x", "--wrt", "x")["reading"] is None
    assert "read as" not in frechet(command, "x'*A*x", "--wrt", "x").output


def test_a_verdict_keeps_what_was_typed() -> None:
    found = answer("check", LATEX, "--wrt", "X", "--claim", "2(I+XX^T)^{-1}X")
    assert (found["expression"], found["verdict"]) == (LATEX, "right")
    assert found["correct"]["reading"]["formula"] == "logdet(eye(m)+X*X')"


@pytest.mark.parametrize("style", ["--markdown", "--html", "--latex"])
def test_a_derivation_in_any_dress_says_what_was_assumed(style: str) -> None:
    assert "x_i is row i of x" in frechet("explain", FAMILY, "--wrt", "w", style).output.replace("\\", "")


def test_a_sum_over_data_is_explained_in_matrices() -> None:
    page = frechet("explain", FAMILY, "--wrt", "w").output
    assert "einsum" not in page
    assert "r = x*w - y" in page
    assert "einsum" not in frechet("conventions", FAMILY, "--wrt", "w").output.partition("Who uses it")[0]


@pytest.mark.parametrize("command", ["derive", "explain", "conventions", "check"])
def test_a_function_in_a_file(command: str, tmp_path: Path) -> None:
    (tmp_path / "loss.py").write_text(LOSS)
    claim = ("--claim", "2*X.T @ (X @ w - y) / len(y)") if command == "check" else ()
    found = frechet(command, f"{tmp_path}/loss.py:loss", "--wrt", "w", *claim)
    assert (found.exit_code, "import numpy" in found.output) == (0, False)
    assert found.output.startswith("read as  r = X*w - y; loss = mean(r.^2)")
    for name, said in (("loss.py:cost", "no def cost"), ("none.py", "cannot be read"), (".py", "cannot be read")):
        refused = frechet(command, f"{tmp_path}/{name}", "--wrt", "w", *claim)
        assert (refused.exit_code, said in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("np.trace(A@B)", "tr(B*A)"),
        ("tr(B*A)", r"\operatorname{tr}(AB)"),
        (r"\frac1n \sum_{i=1}^n (y_i - w^T x_i)^2", "np.mean((x @ w - y)**2)"),
        ("np.sum(X @ W + b)", "sum(X*W+ones(m)*b')"),
        ("‖Ax‖²", "x'A'Ax"),
    ],
)
def test_each_side_of_an_equation_in_its_own_language(left: str, right: str) -> None:
    found = answer("equal", left, right)
    assert found["verdict"] == "always equal"
    for side, text in (("left", left), ("right", right)):
        assert (found["reading"][side] is None) == (text == found[side] and text in ("tr(B*A)", "sum(X*W+ones(m)*b')"))


def test_one_formula_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "loss.py").write_text(LOSS)
    assert answer("equal", f"{tmp_path}/loss.py", "mean((X*w-y).^2)")["verdict"] == "always equal"


@pytest.mark.parametrize(
    ("text", "wrt", "more", "said"),
    [
        (r"\|W_1 x\|^2", "W_1", ("--value", "W_1=[[1,2],[3,4]]", "--value", "x=[1,2]"), "146"),
        (r"\|W_1 x\|^2", "W_1", ("--entries", "W_1=2,2"), "W1[2,1]"),
        (r"\|\hat{y}-y\|^2", r"\hat{y}", ("--shape", r"\hat{y}=k"), "yhat k×1"),
        (r"\mathbf{x}^T\Sigma\mathbf{x}", r"\mathbf{x}", ("--assume", r"\Sigma symmetric"), "2*Sigma*x"),
        (r"\|W^{(1)} x\|^2", "W^{(1)}", ("--shape", "W^{(1)}=k,l"), "W1 k×l"),
        ("W_1*x", "W1", ("--shape", "W1=k,l"), "W_1 k×l"),
    ],
)
def test_names_as_they_are_spelled(text: str, wrt: str, more: tuple[str, ...], said: str) -> None:
    found = frechet("derive", text, "--wrt", wrt, *more)
    assert (found.exit_code, said in found.output) == (0, True), found.output


@pytest.mark.parametrize(
    ("text", "wrt", "said"),
    [
        (r"\|W_1 x - \hat{y}\|^2", "V", r"there are: W_1, x, \hat{y}"),
        ("tr(ΣS)", "Z", "there are: Σ, S"),
        (FAMILY, "x_i", "x_i is row i of x"),
    ],
)
def test_a_name_that_is_not_there(text: str, wrt: str, said: str) -> None:
    found = frechet("derive", text, "--wrt", wrt, "--json")
    error = json.loads(found.output)["error"]
    assert (found.exit_code, error["kind"], said in error["message"]) == (1, "name", True)


AMBIGUOUS = [
    *(("X*W + b", "b"), ("1/A", "A"), ("x'/A", "A"), ("x^t*A*x", "x"), ("sum(x^2)", "x"), ("softmax(X)", "X")),
    *((r"\|X\|_2", "X"), ("|A|", "A"), (r"\exp(A)", "A"), ("-y*(w'*x)", "w"), ("lam x'Ax", "x"), ("x/y", "x")),
    *(("np.sum(X @ W + b)", "b"), ("XW + b", "b"), (r"\frac{x}{A}", "x")),
]


@pytest.mark.parametrize(("text", "wrt"), AMBIGUOUS)
def test_every_reading_that_is_offered_works_as_it_stands(text: str, wrt: str) -> None:
    found = frechet("derive", text, "--wrt", wrt, "--json")
    readings = json.loads(found.output)["error"]["readings"]
    assert (found.exit_code, len(readings) > 1) == (1, True)
    for reading in readings:
        assert reading in found.output.replace('\\"', '"')
        chosen = ("derive", text, *reading.split(" ")) if reading.startswith("--") else ("derive", reading)
        again = frechet(*chosen, "--wrt", wrt)
        assert again.exit_code == 0, (reading, again.output)


def test_a_batch_has_the_readings_too() -> None:
    lines = [{"expression": "X*W + b", "wrt": "b"}, {"expression": "x^T A x", "wrt": "x", "language": "latex"}]
    found = frechet("batch", "-", typed="\n".join(map(json.dumps, lines)))
    question, read = map(json.loads, found.output.splitlines())
    assert question["error"]["readings"] == ["--shape b=", "X*W + ones(m)*b'", "--shape b=m,p"]
    assert read["reading"]["language"] == "latex"


def test_places_are_those_of_what_was_typed() -> None:
    for text in (r"\sum_{i}\sum_{j \ne i \mathbf{x}_i^T \mathbf{x²}_j", r"exp(−‖x − y‖²/(2σ²\prod))"):
        error = json.loads(frechet("derive", text, "--json").output)["error"]
        assert (error["kind"], error["position"] is None or error["position"] <= len(text)) == ("syntax", True)


def test_a_name_without_a_value_is_refused_by_its_line() -> None:
    found = frechet("derive", "x: np.linalg.norm(A @ x - b)**2", "--json")
    assert json.loads(found.output)["error"]["kind"] == "unsupported"


def test_a_reading_means_what_was_read() -> None:
    found = answer("derive", FAMILY, "--wrt", "w")
    again = parse(found["reading"]["formula"], found["shapes"], language="frechet")
    assert {n: v.shape for n, v in again.variables.items()} == {
        n: v.shape for n, v in parse(FAMILY, found["shapes"]).variables.items()
    }
