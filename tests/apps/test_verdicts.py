"""Verdicts as a person meets them: what was assumed, the headline, numbers that stay together, the exit status."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

import frechet as fr
from frechet.apps.claims import page
from frechet.apps.cli import main
from frechet.pages.card import card
from frechet.pages.style import Style

pytestmark = pytest.mark.slow


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_verdict_begins_with_the_shapes_that_were_assumed() -> None:
    lines = run("check", "x'*S*x", "--wrt", "x", "--claim", "2*S*x", "--assume", "S symmetric").output.splitlines()
    assert lines[1] == "with x n×1    S n×n    S symmetric"


def test_a_name_that_is_defined_nowhere_is_no_size() -> None:
    done = run("check", "softmax(z)", "--wrt", "z", "--claim", "diag(s)-s*s'")
    assert done.exit_code == 1
    assert "s is defined nowhere" in done.stderr
    defined = run("check", "softmax(z)", "--wrt", "z", "--claim", "s = softmax(z); diag(s)-s*s'", "--json")
    assert json.loads(defined.output)["verdict"] == "right"
    own = run("check", "A*B", "--wrt", "A", "--claim", "kron(eye(k),B')", "--shape", "A=m,n", "--json")
    assert "(In it k is m.)" in json.loads(own.output)["meaning"]


def test_a_claim_that_fails_in_general_is_headed_different() -> None:
    lines = run("equal", "(A*B)'", "A'*B'").output.splitlines()
    assert lines[0] == "different"
    assert "equal if A and B commute" in lines[1]
    assert run("equal", "tr(A*B)", "tr(B*A)").output.splitlines()[0] == "always equal"


@pytest.mark.parametrize(
    ("text", "wrt", "claim"),
    [("x'*A*x", "x", "2*A*x"), ("x'*x", "x", "2*x'"), ("tr(A*X)", "X", "A'"), ("A*B", "B", "kron(eye(p),A)")],
)
def test_no_names_of_ours_in_sentences(text: str, wrt: str, claim: str) -> None:
    shown = run("check", text, "--wrt", wrt, "--claim", claim).output
    assert "rowmajor" not in shown
    assert "vec-" not in shown
    assert "holds as" not in shown


def test_a_search_that_stopped_is_not_told() -> None:
    verdict = {**fr.check("x'*x", "x", "x").to_dict(), "searched": "the search for a mend was stopped at its limit"}
    assert "search" not in page(verdict)
    assert "Wrong" in page(verdict)


@pytest.mark.parametrize("width", [50, 60, 80])
def test_no_line_ends_inside_a_row(width: int) -> None:
    rows = [[0.25, -0.125, 0.0625, 0.5], [-1.5, 2.25, 0.125, 1.0]]
    example = {"values": {"A": rows, "x": [1, 2, 3, 4]}, "claimed": rows, "true": rows}
    verdict = {**fr.check("x'*x", "x", "x").to_dict(), "counterexample": example}
    shown = page(verdict, Style(width=width, unicode=True))
    for row in ("0.25 −0.125 0.0625 0.5", "−1.5 2.25 0.125 1.0", "(1, 2, 3, 4)"):
        assert row in shown, shown
    assert max(map(len, shown.splitlines())) <= width
    assert "-1.5 2.25" in page(verdict, Style(width=width))


def test_formulas_are_set_for_a_terminal() -> None:
    verdict = fr.check("(x-mu)'*A*(x-mu)", "mu", "A*(x-mu)").to_dict()
    assert "(x−μ)ᵀ A (x−μ)  by μ,  claim  A (x−μ)" in page(verdict, Style(unicode=True)).splitlines()[0]
    assert page(verdict).startswith("f = (x-mu)'*A*(x-mu)  by mu,  claim  A*(x-mu)")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "x'*x", "--wrt", "x", "--claim", "2*x"), 0),
        (("check", "x'*x", "--wrt", "x", "--claim", "2*x'"), 0),
        (("check", "x'*x", "--wrt", "x", "--claim", "x"), 3),
        (("check", "x'*A*x", "--wrt", "x", "--claim", "2*A*x"), 3),
        (("equal", "tr(A*B)", "tr(B*A)"), 0),
        (("equal", "A*B", "B*A"), 3),
        (("equal", "log(x.^2)", "2*log(x)"), 3),
        (("equal", "A*(", "A"), 1),
    ],
)
def test_strict(arguments: tuple[str, ...], status: int) -> None:
    assert run(*arguments, "--strict").exit_code == status
    assert run(*arguments, "--strict", "--json").exit_code == status
    assert run(*arguments).exit_code == (1 if status == 1 else 0)


def test_a_roundabout_mend_is_none() -> None:
    verdict = fr.check("2*x", "x", "diag(x)")
    assert verdict.mend is None
    assert "is 2*eye(n)" in verdict.meaning


@pytest.mark.parametrize("text", ["log*det*X x", "x y*tr", "sin cos*x z"])
def test_a_suggestion_is_tried_before_it_is_shown(text: str) -> None:
    for reading in ("frechet", "auto"):
        try:
            fr.derive(text, language=reading)
        except fr.FrechetError as refused:
            _, _, meant = refused.message.partition("Perhaps you meant ")
            for offered in meant.removesuffix("?").split(" or ") if meant else ():
                fr.parse(offered.strip())


def test_a_transposed_inverse_is_read() -> None:
    assert fr.derive("tr(X^-T*A)", wrt="X").gradient == fr.derive("tr(inv(X)'*A)", wrt="X").gradient


VALUES = [
    ("A*B", "A", "B'", "C"),
    ("A*x-b", "A", "x'", "y"),
    ("C*B", "C", "B'", "F"),
    ("Y*y+f", "Y", "y'", "u"),
    ("Z = A*B", "A", "B'", "Z"),
    ("C+F*Y", "F", "Y'", "P"),
]


@pytest.mark.parametrize(("expression", "wrt", "claim", "name"), VALUES)
def test_the_value_has_one_name_on_every_page(expression: str, wrt: str, claim: str, name: str) -> None:
    body = expression.split(" = ")[-1]
    for command in (["derive"], ["explain"], ["conventions"], ["check", "--claim", claim]):
        shown = run(*command, expression, "--wrt", wrt).output
        assert shown.replace(" ", "").startswith(f"{name}={body}"), shown
    meaning = fr.check(expression, wrt, claim).meaning
    assert f"= ∂L/∂{name}, ∂L/∂{wrt} = " in meaning and f"no Jacobian of {name}:" in meaning


def test_a_loss_is_named_anew_where_its_letter_is_taken() -> None:
    assert "G = ∂J/∂C, ∂J/∂L = G*B'" in fr.check("L*B", "L", "B'").meaning


SET = [
    ("A*B", "A", "kron(eye(n),B')", {"A": ["m", "n"], "B": ["n", "p"]},
     ["C = A B  by A,  claim  Iₙ ⊗ Bᵀ", "Iₘ ⊗ Bᵀ", "Iₘ, not Iₙ"]),
    ("A*B", "A", "B'", None, ["with C = A B and G = ∂L/∂C, ∂L/∂A = G Bᵀ."]),
    ("norm2(X*beta-y)^2", "beta", "X'*(X*beta-y)", None,
     ["f = ‖X β−y‖²  by β", "with X m×n    β n×1", "2 Xᵀ (X β−y) (the factor 2)", "β = ("]),
    ("x'*A*x", "x", "A'*x + x'*A", {"x": ["n"], "A": ["n", "n"]},
     ["claim  Aᵀ x + xᵀ A", "Nearest right formula: Aᵀ x + A x (transpose"]),
    ("softmax(z)", "z", "s = softmax(z); diag(s) - s*s", None, ["claim  s = softmax(z); diag(s) − s s"]),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "wrt", "claim", "shapes", "parts"), SET)
def test_every_formula_of_a_verdict_is_set_for_a_terminal(
    expression: str, wrt: str, claim: str, shapes: dict[str, list[str]] | None, parts: list[str]
) -> None:
    verdict = fr.check(expression, wrt, claim, shapes=shapes).to_dict()
    shown = page(verdict, Style(unicode=True)).replace("\n", " ")
    for part in parts:
        assert part in shown, shown
    assert not re.search(r"[\w)]'(?!s)|\w\*\w|kron|eye", shown), shown
    plain = page(verdict)
    assert "ᵀ" not in plain and "⊗" not in plain and claim in plain


def test_the_head_of_a_card_is_set_for_a_terminal() -> None:
    answer = fr.derive("a = h*W'; norm2(sigma(a)-mu)^2", wrt="W", functions=["sigma"]).to_dict()
    head = card(answer, Style(unicode=True)).splitlines()[:2]
    assert head[0] == "a = h Wᵀ" and head[1].startswith("f = ‖σ(a)−μ‖²")
    assert card(answer, Style()).splitlines()[0] == "a = h*W'"


@pytest.mark.parametrize("claim", ["X*v", "v*X", "X + v", "X*sum(v)", "X/v", "X[i,j]*v", r"X\,v", "X @ v", "X^v"])
def test_a_letter_that_nothing_defines_is_an_error_that_names_it(claim: str) -> None:
    done = run("check", "X*w", "--wrt", "w", "--claim", claim)
    assert done.exit_code == 1 and "v is defined nowhere; there are: X, w" in done.stderr
    for defined in (["v = 2*w; X*v'*v"], ["X", "--shape", "X=v,n"]):
        assert run("check", "X*w", "--wrt", "w", "--claim", *defined).exit_code == 0


def test_what_holds_under_a_condition_alone_is_told_with_it() -> None:
    """Without the condition 2*A*X is no gradient transposed either."""
    shown = " ".join(run("check", "tr(A*X^2)", "--wrt", "X", "--claim", "2*A*X").output.split())
    assert "the gradient is (A*X+X*A)'. If A and X commute, it is the gradient transposed." in shown
    assert "also" not in shown


def test_a_claim_may_name_the_value_as_the_page_does() -> None:
    claimed = "2*(A*x - f*x)/(x'*x)"
    assert fr.check("x'*A*x/(x'*x)", "x", claimed, assumptions={"A": ["symmetric"]}).verdict == "right"
    assert fr.check("softmax(x)", "x", "diag(y) - y*y'").verdict == "right"
    assert fr.check("inv(X)", "X", "-kron(C',C)").verdict == "right"
    # A name of the problem stays what it is.
    assert fr.check("f*(x'*x)", "x", "2*f*x").verdict == "right"
