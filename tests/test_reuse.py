"""What the forward pass has computed stands by its name in the derivative, as published formulas have it."""

from __future__ import annotations

import numpy as np
import pytest

import frechet as fr

NORM = "m = mean(x); v = mean((x-m).^2); s = sqrt(v+e); z = (x-m)/s"
PLAIN = "(x-mean(x))/sqrt(mean((x-mean(x)).^2)+e)"
ROWS = "m = mean(X,2); R = X - m*ones(d)'; v = mean(R.^2,2); Z = diag(1./sqrt(v+e))*R"
COLUMNS = "m = mean(X,1); R = X - ones(n)*m'; v = mean(R.^2,1); Z = R*diag(1./sqrt(v+e)); Y = Z*diag(g)+ones(n)*b'"
AT_ONCE = "(X-mean(X,2)*ones(d)')./(sqrt(mean((X-mean(X,2)*ones(d)').^2,2)+e)*ones(d)')"
BLOCK = (
    "A = softmax(Q*K',2); R = X + A*V; m = mean(R,2); v = mean((R-m*ones(d)').^2,2);"
    "Z = diag(1./sqrt(v+e))*(R-m*ones(d)'); H = relu(Z*W); Y = Z + H*U"
)
SHAPES = {"x": ["n"], "X": ["n", "d"], "Q": ["n", "d"], "K": ["n", "d"], "V": ["n", "d"], "e": [], "y": ["p"]}

CASES = [
    (NORM, "x", "pullback", "(G-((G'*z)*z+sum(G))/n)/s"),
    (NORM, "x", "differential", "(dx-((z'*dx)*z+sum(dx))/n)/s"),
    (PLAIN, "x", "pullback", "(G-((G'*z)*z+sum(G))/n)/s"),
    (ROWS, "X", "pullback", "diag(1./sqrt(v+e))*(G-(diag(diag(G*Z'))*Z+G*ones(d,d))/d)"),
    (AT_ONCE, "X", "pullback", "diag(1./s)*(G-(diag(diag(G*Z'))*Z+G*ones(d,d))/d)"),
    (COLUMNS, "X", "pullback", "(G-(Z*diag(diag(G'*Z))+ones(n,n)*G)/n)*diag(g./sqrt(v+e))"),
    (BLOCK, "X", "pullback", "diag(w)*(G_Z-(diag(diag(G_Z*Z'))*Z+G_Z*ones(d,d))/d)"),
    (f"{NORM}; L = norm2(W*z-y)^2/2", "x", "gradient", "(dL_dz-((dL_dz'*z)*z+sum(dL_dz))/n)/s"),
]


def derived(expression: str, wrt: str) -> fr.Derivative:
    return fr.derive(expression, wrt, shapes={k: v for k, v in SHAPES.items() if k in expression})


@pytest.mark.parametrize(("expression", "wrt", "form", "expected"), CASES, ids=lambda text: str(text)[:30])
def test_a_normalisation_has_the_published_derivative(expression: str, wrt: str, form: str, expected: str) -> None:
    answer = derived(expression, wrt)
    assert str(getattr(answer, form)) == expected
    assert answer.verification is not None and answer.verification.passed


def test_new_names_are_defined_by_each_other() -> None:
    where = {name: str(formula) for name, formula in derived(PLAIN, "x").where.items()}
    assert where["z"] == "(x-mean(x))/s" and where["s"].startswith("sqrt(")
    assert list(where).index("s") < list(where).index("z")


def test_a_difference_stands_one_way_round_only() -> None:
    answer = derived(AT_ONCE, "X").to_dict()
    texts = [answer["pullback"], answer["differential"], *answer["where"].values()]
    spelled = [text.replace(" ", "") for text in texts]
    assert sum(text.count("X-X*ones(d,d)/d") for text in spelled) == 1
    assert not any("X*ones(d,d)/d-X" in text for text in spelled)


def test_a_plain_network_keeps_its_steps() -> None:
    answer = fr.derive("a = X*W; y = sigmoid(a); L = norm2(y-T)^2/2", "W")
    assert str(answer.gradient) == "X'*dL_da"


def test_nothing_is_divided_by_what_may_vanish() -> None:
    """y = b*inv(X) has a derivative at b = 0: inv(X) is not y/b there."""
    d = fr.derive("y = b*inv(X)", wrt="X", shapes={"X": ["n", "n"], "b": []})
    assert str(d.differential) == "-b*inv(X)*dX*inv(X)"
    assert np.all(d.evaluate(X=[[2.0, 1.0], [0.0, 1.0]], b=0.0) == 0.0)


def test_a_name_stands_where_what_it_is_divided_by_is_positive() -> None:
    d = fr.derive("y = b*inv(X)", wrt="X", assumptions={"b": ["positive"]})
    assert str(d.differential) == "-y*dX*y/b"


def test_a_value_without_a_name_is_not_called_by_one() -> None:
    """What would be short by the value itself is said in other names where the statements give it none."""
    d = fr.derive("u = x-mean(x); s = norm2(u); u/s", wrt="x", shapes={"x": ["n"]})
    assert d.verification.passed and "f" not in str(d.where)
