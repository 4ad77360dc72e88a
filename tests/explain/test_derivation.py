"""Derivations: pinned ones, every line checked, in every form and rendering; the real problems too."""

from __future__ import annotations

import json
import re
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


@pytest.mark.parametrize(
    ("expression", "needed"),
    [("norm2(x)^2", []), ("norm2(x)", ["x not zero"]), ("norm2(x)^2+norm2(x)", ["x not zero"])],
)
def test_a_norm_is_smooth_only_where_it_is_squared_wherever_it_stands(expression: str, needed: list[str]) -> None:
    assert fr.explain(expression, "x").conditions == needed
    assert bool(fr.derive(expression, "x").to_dict().get("conditions")) == bool(needed)


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
    layers = [f"a{k} = W*h{k - 1}; h{k} = tanh(a{k})" for k in range(1, 81)]
    made = fr.explain("; ".join([*layers, "L = norm2(h80)^2"]), "W", shapes={"W": ("n", "n"), "h0": ("n",)})
    assert len(made.steps) >= 160
    assert all(s.checked for s in made.steps)


@pytest.mark.parametrize(
    ("form", "result"),
    [
        ("differential", "A*dB"),
        ("pullback", "A'*G"),
        ("jacobian", "kron(eye(p),A)"),
        ("index", "A[i,k]*delta(j,l)"),
    ],
)
def test_the_form_asked_for(form: str, result: str) -> None:
    made = fr.explain("A*B", "B", form=form)
    assert str(fr.Formula(made.result)) == result
    assert made.form == form
    assert all(s.checked for s in made.steps)


@pytest.mark.parametrize(
    ("form", "result"),
    [("jacobian", "x'*(A+A')"), ("pullback", "G*(A+A')*x"), ("index", "(A[i,j]+A[j,i])*x[j]")],
)
def test_the_other_forms_of_a_number(form: str, result: str) -> None:
    made = fr.explain("x'*A*x", "x", form=form)
    assert str(fr.Formula(made.result)) == result
    assert all(s.checked for s in made.steps)


@pytest.mark.parametrize(
    ("expression", "wrt", "line"),
    [
        ("c/2*norm2(A*x)^2", "x", "df = c*z'*dz"),
        ("norm2(r-x)^2/N", "x", "df = -2*z'*dx/N"),
        ("A*x/norm2(A*x)", "x", "dy = A*dx/c - u*(u'*A*dx)/c^3"),
        ("tr(X'*A*X*B)", "X", "df = tr(dX'*A*X*B) + tr(X'*A*dX*B)"),
        ("X.*(2*X.*X)", "X", "dC = 2*dX.*X.*X + 2*X.*dX.*X + 2*X.*X.*dX"),
    ],
)
def test_numbers_are_gathered_and_products_multiplied_out(expression: str, wrt: str, line: str) -> None:
    assert line in lines(expression, wrt)


def test_a_cotangents_spelling_is_told_where_it_is_needed() -> None:
    made = fr.explain("a = h*W; y = tanh(a)", "W", shapes={"h": (1, 3), "W": (3, 2)})
    assert "G_a is written for ∂L/∂a." in made.to_dict()["steps"][0]["why"]
    assert "is written for" in made.text() and "is written for" in made.html()
    assert "is written for" not in made.latex() and "is written for" not in made.markdown()


@pytest.mark.parametrize(
    ("shape", "title"), [((1, "n"), "dx*G'"), (("n", 1), "G'*dx"), (("n",), "G'*dx"), (("n", "n"), "tr(G'*dx)")]
)
def test_the_inner_product_is_said_as_it_is_written(shape: tuple[int | str, ...], title: str) -> None:
    made = fr.explain("sum(x.^2)", "x", shapes={"x": shape})
    assert made.steps[-1].title.endswith(title)


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("unicode", [False, True])
def test_no_line_is_wider_than_the_page(width: int, unicode: bool) -> None:
    for expression, wrt in (
        ("expm(t*A)", "A"),
        ("kron(X,X)", "X"),
        ("softmax(Q*K'/sqrt(p),2)*V", "K"),
        ("gelu(W*x)", "W"),
    ):
        shown = fr.explain(expression, wrt).text(width=width, unicode=unicode)
        assert max(map(len, shown.splitlines())) <= width


def test_a_reason_is_given_once() -> None:
    made = fr.explain("x'*A*x/(x'*B*x)", "x")
    whys = [s.why for s in made.steps]
    assert whys[2] == "As in step 2."
    given = [w for w in whys if not w.startswith("As in step")]
    assert len(given) == len(set(given))


@pytest.mark.parametrize(
    ("expression", "wrt", "said", "not_said"),
    [
        ("tr(A*X*B*X')", "X", "what multiplies the increment is added up", "the same number"),
        ("tr(X'*X)", "X", "the same number", "added up"),
        ("tanh(x)", "x", "d tanh(u) = (1-tanh(u).^2).*du", "f'(u)"),
        ("log(tr(X))", "X", "A function of one number: d log(u) = du/u", "Each entry"),
        ("X^2", "X", "They need not commute", "is a number"),
        ("tr(X)^2", "X", "u is a number here", "commute"),
        ("softmax(X,2)", "X", "In each row", "column every"),
        ("A*X'", "X", "commutation(m,n)*vec(M) = vec(M')", ""),
        ("A.*X", "X", "vec(A.*M) = diag(vec(A))*vec(M)", "kron"),
        ("expm(X)", "X", "each factor moves in turn", "the function in the direction"),
        ("tr(expm(A*X))", "X", "what commutes with S", "⟨expm_frechet"),
    ],
)
def test_reasons_suit_the_case(expression: str, wrt: str, said: str, not_said: str) -> None:
    whys = " ".join(s.why for s in fr.explain(expression, wrt).steps)
    assert said.lower() in whys.lower()
    assert not not_said or not_said not in whys


def test_the_answers_names_are_used_from_the_beginning() -> None:
    made = fr.explain("tr(C*inv(X'*B*X))", "X")
    assert [q.name for q in made.quantities] == ["S", "M"]
    assert [line.plain() for s in made.steps for line in s.lines][:2] == ["df = tr(C*dM)", "dM = -M*dS*M"]
    assert {q.name for q in made.extra} <= {"P"}  # M*C*M, which the index form repeats
    named = fr.explain("softmax(x)", "x")
    assert [q.name for q in named.extra] == ["s"]
    assert [line.plain() for line in named.introduced(named.steps[0])] == ["s = softmax(x)"]
    assert "with s = softmax(x)    (n×1)" in named.text()


def test_a_chain_names_every_cotangent_and_ends_in_the_answer() -> None:
    made = fr.explain("norm2(A*x)/norm2(B*x)", "x")
    plain = [line.plain() for s in made.steps for line in s.lines]
    assert "∂f/∂x, through u = B'*df_du" in plain
    assert made.steps[-1].rule == "together"
    assert str(fr.Formula(made.result)) == str(fr.derive("norm2(A*x)/norm2(B*x)", "x").gradient)


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
    from frechet.ops.expressions import apply

    return None if e is None else apply("neg", (e,))


def test_what_does_not_move() -> None:
    made = fr.explain("y = A*x; f = b'*b", "b")
    assert str(fr.Formula(made.result)) == "2*b"


def test_unknown_forms_are_refused_and_why() -> None:
    with pytest.raises(fr.FrechetError, match="form is one of"):
        fr.explain("A*B", "B", form="hesse")
    with pytest.raises(fr.FrechetError, match="a gradient is that of a number"):
        fr.explain("A*B", "B", form="gradient")
    with pytest.raises(fr.FrechetError, match="that by a number, and x is"):
        fr.explain("x'*A*x", "x", form="derivative")
    with pytest.raises(fr.FrechetError, match="with order 2"):
        fr.explain("x'*A*x", "x", form="hessian")
    with pytest.raises(fr.FrechetError, match="depends on the retraction"):
        fr.explain("tr(A*X*A*X)", "X", assumptions={"X": ["orthogonal"]}, order=2)


@pytest.mark.parametrize(
    ("expression", "wrt", "options"),
    [
        ("x'*A*x", "x", {}),
        ("logdet(X)", "X", {}),
        ("tr(X'*A*X*B)", "X", {}),
        ("norm2(A*x-b)^2", "x", {"shapes": {"b": ["m"]}}),
        ("logsumexp(x)", "x", {}),
        ("exp(t)^2", "t", {"shapes": {"t": []}}),
        ("a=W*x; y=tanh(a); L=norm2(y-t)^2/2", "x", {"shapes": {"t": ["m"]}}),
    ],
)
def test_the_hessian_is_derived_through_the_gradient(expression: str, wrt: str, options: Any) -> None:
    found = fr.derive(expression, wrt, order=2, **options)
    made = found.explain()
    hessian = found.hessian["column"] if isinstance(found.hessian, dict) else found.hessian
    assert str(fr.Formula(made.result)) == str(hessian)
    assert all(s.checked for s in made.steps)
    assert "gradient" in [s.rule for s in made.steps]
    assert made.form == "hessian"
    first = next(k for k, s in enumerate(made.steps) if s.rule == "gradient")
    referred = [s.title for s in made.steps[first:] if s.title.startswith("Put ")]
    assert all(int(number) > first for title in referred for number in re.findall(r"\d+", title))
    for shown in (made.text(), made.latex(), made.markdown(), made.html()):
        assert shown


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
    assert r"\mathrm{d}x^{\top} \, A x" in page
    assert r"$\mathrm{d}(U\, V) = \mathrm{d}U\, V + U\, \mathrm{d}V$" in page


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
    return found, found.explain()


@pytest.mark.slow
@pytest.mark.skipif(not PROBLEMS, reason=f"there is no corpus at {CORPUS}")
@pytest.mark.parametrize("at", range(len(PROBLEMS)), ids=lambda at: PROBLEMS[at]["id"])
def test_every_step_of_every_real_problem_is_checked(at: int) -> None:
    found, made = real(at)
    assert all(s.checked for s in made.steps)
    assert all(s.title and s.why for s in made.steps)
    assert len(made.steps) <= 9
    pair = made.form == "d/dconj(Z)"
    answer = fr.Formula(found.part().exprs["complex d/dconj(Z)"]) if pair else found.form(made.form)
    assert str(fr.Formula(made.result)) == str(answer), "the last line is the answer as it is printed"


def test_a_letter_stands_for_one_thing_in_a_second_derivation() -> None:
    """The first part has t for the exponent; the second may not have it for exp(t)."""
    d = fr.explain("exp(-norm2(x-c)^2/(2*s^2))", "x", order=2)
    names = [q.name for q in d.quantities]
    assert len(set(names)) == len(names), names


@pytest.mark.parametrize(
    ("text", "line", "read"),
    [
        ("norm2(T*X)^2", "df = 2*sum((T*X).*(dT*X))", "Read off: df = ⟨G, dT⟩ = sum(G.*dT)"),
        ("sum(permute(T,3,1,2).^2)", "permute(dT,3,1,2)", "sum(G.*dT)"),
        ("T[1,2,3]^2", "df = 2*T[1,2,3]*dT[1,2,3]", "sum(G.*dT)"),
    ],
)
def test_a_gradient_by_a_tensor_is_read_off(text: str, line: str, read: str) -> None:
    shapes = {"T": ("m", "n", "p"), "X": ("p", "q")}
    steps = str(fr.derive(text, "T", shapes={n: s for n, s in shapes.items() if n in text}).explain())
    assert line in steps and read in steps and "Each line was checked" in steps


@pytest.mark.parametrize(
    "text", ["softmax(T,3)", "T[:,2,:]", "T*X", "T'", "cumsum(T,2)", "prod(T,1)", "logsumexp(T,2)"]
)
def test_the_rules_of_tensors_are_told(text: str) -> None:
    shapes = {"T": ("m", "n", "p"), "X": ("p", "q")}
    steps = str(fr.derive(text, "T", shapes={n: s for n, s in shapes.items() if n in text}).explain())
    assert "dC = " in steps and "Each line was checked" in steps
