"""The command line as a person meets it: what it prints, where, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from frechet.apps.cli import main


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def test_without_arguments_a_short_help_with_three_examples() -> None:
    done = run()
    assert done.exit_code == 0
    assert done.output.count("\n  frechet derive") == 3
    assert len(done.output.splitlines()) < 16


def test_the_examples_of_the_help_work() -> None:
    import shlex

    for line in run().output.splitlines():
        if line.startswith("  frechet derive"):
            done = run(*shlex.split(line)[1:])
            assert done.exit_code == 0, done.output + done.stderr
            assert "verified at" in done.output


def test_the_card_in_a_pipe_is_plain() -> None:
    done = run("derive", "C = A*B", "--wrt", "B")
    assert done.exit_code == 0
    assert "\x1b" not in done.output
    assert "dC = A*dB" in done.output
    assert "kron(eye(p),A)" in done.output
    assert "verified at" in done.output


def test_json_is_the_answer() -> None:
    answer = json.loads(run("derive", "A*B", "--wrt", "B", "--json").output)
    assert answer["differential"] == "A*dB"
    assert answer["pullback"] == "A'*G"
    assert answer["jacobian"]["numerator"] == {"column": "kron(eye(p),A)", "row": "kron(A,eye(p))"}
    assert answer["verification"]["passed"] is True
    assert answer["error"] is None


def test_latex_and_unicode() -> None:
    assert "\\otimes" in run("derive", "A*B", "--wrt", "B", "--latex", "--form", "jacobian").output
    assert "⊗" in run("derive", "A*B", "--wrt", "B", "--unicode").output


def test_options_reach_the_library() -> None:
    done = run(
        "derive", "y'*S*x", "--wrt", "S", "--shape", "S=n,n", "--shape", "x=n", "--assume", "x positive", "--json"
    )  # fmt: skip
    answer = json.loads(done.output)
    assert answer["shapes"] == {"S": ["n", "n"], "x": ["n"], "y": ["n"]}
    assert answer["assumptions"] == {"x": ["positive"]}
    second = json.loads(run("derive", "x'*A*x", "--wrt", "x", "--order", "2", "--json").output)
    assert second["hessian"].replace(" ", "") == "A+A'"
    sigma = json.loads(run("derive", "sum(sigma(x))", "--wrt", "x", "--function", "sigma", "--json").output)
    assert sigma["gradient"] == "sigma'(x)"
    unchecked = json.loads(run("derive", "A*B", "--wrt", "B", "--no-verify", "--json").output)
    assert not (unchecked["verification"] or {}).get("passed")


def test_a_verdict_tells_its_mend_once() -> None:
    for claim, mend in (("2*A*x", "(A+A')*x"), ("A*x", "(A+A')*x")):
        page = run("check", "x'*A*x", "--wrt", "x", "--claim", claim, "--shape", "A=n,n", "--shape", "x=n").output
        assert page.replace(" ", "").count(mend) == 1, page
    shorthand = run("check", "A*B", "--wrt", "B", "--claim", "A'", "--shape", "A=m,n", "--shape", "B=n,p").output
    assert shorthand.count("A'*G") == 1, shorthand


def test_other_words_for_skew() -> None:
    for word in ("skew-symmetric", "antisymmetric", "skew"):
        out = json.loads(run("derive", "tr(A*K)", "--wrt", "K", "--assume", f"K {word}", "--json").output)
        assert out["structured"]["projected"] == "(A'-A)/2"


def test_entries_as_the_textbook_writes_them() -> None:
    done = run("derive", "C = A*B", "--wrt", "B", "--entries", "A=1,3", "--entries", "B=3,2", "--vec", "row", "--json")
    answer = json.loads(done.output)
    assert len(answer["entries"]["matrix"]) == 2
    assert all(len(line) == 6 for line in answer["entries"]["matrix"])
    assert len(answer["blocks"]["blocks"][0]) == 2


def test_numbers_in_numbers_out() -> None:
    values = ["--value", "A=[[1,2],[3,4]]", "--value", "x=[1,-1]"]
    done = run("derive", "x'*A*x", "--wrt", "x", "--json", *values)
    numbers = json.loads(done.output)["values"]
    assert numbers["value"] == 0
    assert numbers["gradient"] == [-3, -3]
    assert "[ -3 ]" in run("derive", "x'*A*x", "--wrt", "x", *values).output


def test_a_row_given_as_a_value_is_a_row() -> None:
    done = run("derive", "h*W", "--wrt", "W", "--json", "--value", "h=[[1,2,3]]", "--value", "W=[[1,0],[0,1],[1,1]]")
    assert json.loads(done.output)["values"]["value"] == [[4, 5]]


def test_the_expression_from_standard_input() -> None:
    assert "dC = A*dB" in run("derive", "-", "--wrt", "B", given="C = A*B").output


def test_a_formula_may_begin_with_a_minus() -> None:
    assert run("derive", "-x'*x", "--wrt", "x").exit_code == 0


@pytest.mark.parametrize("text", ["A*(", "A*/B", "foo(A)", "a b", ""])
def test_what_cannot_be_read_is_status_1_with_a_message(text: str) -> None:
    done = run("derive", text, "--wrt", "A")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    answer = json.loads(run("derive", text, "--wrt", "A", "--json").stdout)
    assert answer["error"]["kind"] in ("syntax", "name", "shape", "input")


WRONG_COMMANDS: list[list[str]] = [
    ["derive"],
    ["derive", "A*B", "--shape", "A"],
    ["derive", "A*B", "--assume", "A nice"],
    ["derive", "A*B", "--value", "A=[[1,2],[3]]"],
    ["derive", "A*B", "--order", "3"],
    ["derive", "A*B", "--form", "nonsense"],
    ["nonsense"],
]


@pytest.mark.parametrize("arguments", WRONG_COMMANDS)
def test_a_wrong_command_is_status_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_completion_comes_from_the_command_line_library() -> None:
    done = run("derive", "--help")
    assert "--wrt" in done.output
    script = subprocess.run(
        [sys.executable, "-m", "frechet.apps.cli"],
        env={"_FRECHET_COMPLETE": "bash_source", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in script.stderr


REFUSED = [
    (("--shape", "A=m,n", "--shape", "A=p,q"), 2, "A is given twice"),
    (("--shape", "A=m,,n"), 2, "a size is missing in 'A=m,,n'"),
    (("--shape", "A=0,3"), 1, "the shape of A: "),
    (("--value", "A=[1]", "--value", "A=[2]"), 2, "A is given twice"),
    (("--value", "A=NaN"), 2, "no finite number"),
    (("--value", "A=[1, 1e999]"), 2, "no finite number"),
    (("--value", "A=" + "[" * 5000), 2, "the value of A is real numbers, as in A=2.5"),
    (("--value", "A=1+2j"), 2, "got '1+2j'"),
    (("--value", "A=__import__('os')"), 2, "the value of A is real numbers"),
    (("--value", "Z=[1]"), 1, "--value: Z does not occur in the expression; there are: A, B"),
    (("--entries", "A=1,3"), 1, "the size p is not given: add --entries B=n,p with numbers"),
    (("--entries", "A=1"), 1, "the sizes of A are m,n; got 1"),
    (("--entries", "A=100000,100000", "--entries", "B=100000,100000"), 1, "entries at these sizes"),
    (("--wrt", "\udcff"), 1, "does not occur in the expression"),
]


@pytest.mark.parametrize(("options", "status", "said"), REFUSED)
def test_options_that_make_no_sense(options: tuple[str, ...], status: int, said: str) -> None:
    done = run("derive", "A*B", *options)
    assert done.exit_code == status, done.output
    assert said in done.stderr
    assert "Traceback" not in done.stderr


ABSENT = [
    ("A*B", "B", 1, "gradient", "C is no scalar; see the pullback and the Jacobian"),
    ("A*B", "B", 1, "derivative", "B is no scalar"),
    ("x'*x", "x", 1, "hessian", "--order 2 gives the second"),
    ("x'*x", "x", 2, "tensor", "this is a second derivative"),
]


@pytest.mark.parametrize(("text", "wrt", "order", "form", "why"), ABSENT)
def test_a_form_that_was_asked_for_and_does_not_exist(text: str, wrt: str, order: int, form: str, why: str) -> None:
    done = run("derive", text, "--wrt", wrt, "--form", form, "--order", str(order))
    assert done.exit_code == 0
    assert f"{form:16}none: " in done.output
    assert why in " ".join(done.output.split())


def test_unverified_says_so_once() -> None:
    assert run("derive", "A*B", "--no-verify").output.splitlines()[-1] == "not verified: verification was switched off"


def test_input_that_is_no_utf8_is_refused_at_its_place() -> None:
    done = CliRunner().invoke(main, ["derive", "-", "--json"], input=b"A*\xff")
    answer = json.loads(done.output)
    assert done.exit_code == 1
    assert answer["error"]["position"] == 2
