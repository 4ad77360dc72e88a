"""Derivations: pinned ones, every line checked, in every form and rendering; the real problems too."""

from __future__ import annotations

import json
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

import frechet as fr
from judge.corpus import CORPUS, load


def lines(expression: str, wrt: str, **options: Any) -> list[str]:
    return [line.plain() for s in fr.explain(expression, wrt, **options).steps for line in s.lines]


def test_the_log_determinant_of_a_gram_matrix() -> None:
    made = fr.explain("logdet(X'*X)", "X")
    assert [(s.title, s.after.plain()) for s in made.steps] == [
        ("The log-determinant's differential (Jacobi)", "df = tr(inv(S)*dS)"),
        ("The product rule", "dS = dX'*X + X'*dX"),
        ("Put 2 into 1", "df = tr(inv(S)*dX'*X) + tr(inv(S)*X'*dX)"),
        ("Collect dX", "df = 2*tr(inv(S)*X'*dX)"),
        ("Read off: df = ⟨G, dX⟩ = tr(G'*dX)", "∂f/∂X = 2*X*inv(X'*X)"),
    ]
    assert [(q.name, q.shape) for q in made.quantities] == [("S", made.variables["X"].shape[1:] * 2)]
    assert made.conditions == ["X'*X invertible"]
    assert made.trials == 8


def test_where_the_transpose_comes_from() -> None:
    assert lines("C = A*B", "B") == [
        "dC = A*dB",
        "⟨G, A*dB⟩ = ⟨A'*G, dB⟩",
        "∂L/∂B = A'*G",
        "vec(dC) = kron(eye(p),A)*vec(dB)",
        "∂vec(C)/∂vec(B)' = kron(eye(p),A)",
    ]


@pytest.mark.parametrize(
    ("layout", "vec", "jacobian"),
    [
        ("numerator", "column", "kron(B',eye(m))"),
        ("numerator", "row", "kron(eye(m),B')"),
        ("denominator", "column", "kron(B,eye(m))"),
        ("denominator", "row", "kron(eye(m),B)"),
    ],
)
def test_the_jacobian_in_the_convention_asked_for(layout: str, vec: str, jacobian: str) -> None:
    made = fr.explain("A*B", "A", layout=layout, vec=vec)
    assert str(fr.Formula(made.result)) == jacobian
    assert all(s.checked for s in made.steps)


def test_statements_go_backward_one_step_a_quantity() -> None:
    made = fr.explain("a = h*W; y = sigma(a); L = sum((Y-y).^2)/2", "W", shapes={"h": (1, "k")}, functions=["sigma"])
    assert made.steps[0].lines[0].plain() == "dL = -sum((Y-y).*dy)"
    assert [s.after.plain() for s in made.steps] == [
        "dL_dy = y - Y",
        "dL_da = dL_dy.*sigma'(a)",
        "∂L/∂W = h'*dL_da",
    ]


def test_a_chain_of_many_layers() -> None:
    layers = [f"a{k} = W*h{k - 1}; h{k} = tanh(a{k})" for k in range(1, 201)]
    made = fr.explain("; ".join([*layers, "L = norm2(h200)^2"]), "W", shapes={"W": ("n", "n"), "h0": ("n",)})
    assert len(made.steps) >= 400
    assert all(s.checked for s in made.steps)


@pytest.mark.parametrize(
    ("form", "result"),
    [("differential", "A*dB"), ("pullback", "A'*G"), ("jacobian", "kron(eye(p),A)")],
)
def test_the_form_asked_for(form: str, result: str) -> None:
    assert str(fr.Formula(fr.explain("A*B", "B", form=form).result)) == result


def test_a_structured_variable_ends_with_a_projection() -> None:
    made = fr.explain("tr(A*X)", "X", assumptions={"X": ["symmetric"]})
    assert made.steps[-1].rule == "project"
    assert made.steps[-1].after.plain() == "∂f/∂X = (A+A')/2"


@pytest.mark.parametrize(
    ("expression", "wrt", "result"),
    [
        ("x'*A*x", "x", "(A+A')*x"),
        ("tr(A*X*B)", "X", "A'*B'"),
        ("norm2(X*w-y)^2", "w", "2*X'*(X*w-y)"),
        ("det(X)", "X", "det(X)*inv(X)'"),
        ("sum(exp(X))", "X", "exp(X)"),
        ("inv(A+t*B)", "t", None),
        ("x/norm2(x)", "x", None),
        ("logsumexp(x)", "x", "softmax(x)"),
        ("X^3", "X", None),
        ("kron(A,X)", "X", None),
        ("softmax(W*x)", "x", None),
        ("[x, y]'*A*[x, y]", "x", None),
        ("log(exp(sign(x)))", "x", "zeros(n,n)"),
        ("sum(x./x)", "x", "zeros(n)"),
    ],
)
def test_every_line_holds(expression: str, wrt: str, result: str | None) -> None:
    made = fr.explain(expression, wrt)
    assert all(s.checked for s in made.steps)
    if result is not None:
        assert str(fr.Formula(made.result)) == result


def test_a_complex_variable_has_a_pair_of_derivatives() -> None:
    assumed = {name: ["complex"] for name in "WXY"}
    made = fr.explain("norm2(W*X-Y)^2", "W", assumptions=assumed)
    assert [line.plain() for line in made.steps[-2].lines] == [
        "∂f/∂W = conj(W*X-Y)*X'",
        "∂f/∂conj(W) = (W*X-Y)*herm(X)",
    ]
    assert str(fr.Formula(made.result)) == "2*(W*X-Y)*herm(X)"
    assert all(s.checked for s in made.steps)


def test_a_wrong_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from frechet.explain.derivation import draft

    right = draft.differential
    monkeypatch.setattr(draft, "differential", lambda e, moves: _negated(right(e, moves)))
    with pytest.raises(fr.FrechetError, match="failed its own check") as caught:
        fr.explain("x'*A*x", "x")
    assert caught.value.kind == "unverified"


def _negated(e: Any) -> Any:
    from frechet.explain.derivation.differentials import negative

    return None if e is None else negative(e)


def test_what_does_not_move() -> None:
    made = fr.explain("y = A*x; f = b'*b", "b")
    assert str(fr.Formula(made.result)) == "2*b"


def test_second_derivatives_and_unknown_forms_are_refused() -> None:
    with pytest.raises(fr.FrechetError, match="first derivative"):
        fr.derive("x'*A*x", "x", order=2).explain()
    with pytest.raises(fr.FrechetError, match="form is one of"):
        fr.explain("A*B", "B", form="hessian")


def test_json_has_what_was_agreed() -> None:
    found = json.loads(json.dumps(fr.explain("logdet(X'*X)", "X").to_dict()))
    assert found["quantities"] == [{"name": "S", "formula": "X'*X", "shape": ["n", "n"]}]
    assert found["result"] == "2*X*inv(X'*X)"
    assert found["form"] == "gradient"
    assert found["conditions"] == ["X'*X invertible"]
    for step in found["steps"]:
        assert set(step) >= {"rule", "title", "before", "after", "why", "reference", "checked"}
        assert step["checked"] is True
    assert found["steps"][3]["before"] == "df = tr(inv(S)*dX'*X) + tr(inv(S)*X'*dX)"


@pytest.mark.parametrize("width", [60, 80, 110])
def test_text_keeps_to_the_width(width: int) -> None:
    made = fr.explain("a'*X*inv(X'*X)*X'*a", "X")
    for unicode in (False, True):
        for line in made.text(width=width, unicode=unicode).splitlines():
            assert len(line) <= width + 12, line  # a product without a sign to break at may stand out


def test_html_is_well_formed_and_escaped() -> None:
    class Balance(HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "br":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Balance()
    parser.open = []
    parser.feed(fr.explain("logdet(X'*X)", "X").html())
    assert parser.open == []


def test_markdown_numbers_the_steps() -> None:
    page = fr.explain("x'*A*x", "x").markdown()
    assert "1. **The product rule.**" in page
    assert r"\mathrm{d}x^{\top} A x" in page


def test_the_remainder_goes_to_zero() -> None:
    table = fr.derive("logdet(X'*X)", "X").remainder()
    assert [t for t, _ in table.rows] == [10.0**-k for k in range(7)]
    values = [r for _, r in table.rows]
    assert values[-1] < 1e-4 * values[1]
    assert "goes to zero" in table.text()
    assert "linear along D" in fr.derive("A*B", "B").remainder().text()


# -- the real problems -------------------------------------------------------------------------------------------------


PROBLEMS = [p for p in load() if p.get("order", 1) == 1] if CORPUS.exists() else []


@cache
def real(at: int) -> Any:
    p = PROBLEMS[at]
    found = fr.derive(
        p["expression"],
        p["wrt"],
        shapes=p.get("shapes"),
        assumptions=p.get("assumptions"),
        functions=p.get("functions", ()),
        verify=False,
    )
    return found.explain()


@pytest.mark.skipif(not PROBLEMS, reason=f"there is no corpus at {CORPUS}")
@pytest.mark.parametrize("at", range(len(PROBLEMS)), ids=lambda at: PROBLEMS[at]["id"])
def test_every_step_of_every_real_problem_is_checked(at: int) -> None:
    made = real(at)
    assert all(s.checked for s in made.steps)
    assert all(s.title and s.why for s in made.steps)
    assert len(made.steps) <= 9
