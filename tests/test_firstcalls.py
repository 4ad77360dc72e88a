"""The first hour in Python: what people pass that is no right argument, and what they are told.

Each is one refusal (FrechetError) that names the place and says what to do; never a traceback from inside, and never a
guess.
"""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import frechet as fr

m, n, p = fr.dims("m n p")
A, B, S = fr.matrix("A", m, n), fr.matrix("B", n, p), fr.matrix("S", n, n)
x, c = fr.vector("x", n), fr.scalar("c")
D = fr.derive("A*B", "B")
G = fr.derive("x'*x", "x")
H = fr.derive("x'*A*x", "x", order=2)
BOTH = fr.derive("x'*A*y", ["x", "y"])
a, b = np.ones((2, 3)), np.ones((3, 2))


def any_derive(*given: Any, **more: Any) -> Any:
    return fr.derive(*given, **more)


WRONG: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: fr.derive(A * x), "shape", "the matrix product is A @ x"),
    *[(lambda e=e: any_derive(e), "input", "a text, a formula or a function") for e in (None, 3, [A, B], a, b"A", D)],
    (lambda: any_derive("  "), "input", "empty"),
    *[(lambda w=w: any_derive(A @ x, w), "input", "wrt is a name or a list of names") for w in (3, a, {"x"}, D, [3])],
    (lambda: any_derive("A*x", [None]), "input", "wrt is a name or a list of names"),
    (lambda: any_derive(A @ x, m), "name", "m is a size, a whole number"),
    (lambda: any_derive(A @ x, A @ x), "name", "is no variable"),
    (lambda: any_derive("A*x", "z"), "name", "there are: A, x"),
    (lambda: any_derive("A*x", shapes=3), "input", "by name"),
    (lambda: any_derive("A*x", shapes={"A": 3}), "input", "a list of sizes"),
    (lambda: any_derive("A*x", shapes={"A": (2.5, 3)}), "input", "a positive integer"),
    (lambda: any_derive("A*x", shapes={"A": (-1, 3)}), "shape", "at least 1; got -1"),
    (lambda: any_derive("A*x", shapes={"A": (True, 3)}), "input", "a positive integer"),
    (lambda: any_derive("A*x", shapes={3: ("m",)}), "name", "cannot name a variable"),
    (lambda: any_derive(A @ x, shapes={"A": (2, 3)}), "shape", "A was made m×n"),
    (lambda: any_derive(A @ x, assumptions={"A": ["constant"]}), "input", "say so where it is made"),
    (lambda: any_derive("A*x", assumptions={"A": ["nice"]}), "input", "the assumptions are complex"),
    (lambda: any_derive("A*x", assumptions=3), "input", "by name"),
    *[(lambda f=f: any_derive("A*x", functions=f), "input", "a list of names") for f in (3, "sigma", [None])],
    *[(lambda o=o: any_derive("A*x", order=o), "input", "order is 1 or 2") for o in (3, 0, None, "1", 1.0, True, a)],
    *[(lambda k=k: any_derive("A*x", language=k), "input", 'or "python"; got') for k in ("tex", None, 3)],
    (lambda: any_derive(A @ x, language="tex"), "input", 'or "python"; got'),
    (lambda: any_derive("A*x", like={"A": None}), "input", "like gives arrays"),
    (lambda: any_derive("A*x", verify="no"), "input", "verify is True or False"),
    (lambda: any_derive("A*x", trials="a"), "input", "trials is a whole number"),
    *[(lambda q=q: fr.check("A*B", "B", q), "input", "a claim is a text or a formula") for q in (None, a, [1])],
    (lambda: fr.check("A*B", "B", ""), "input", "a claim is wanted"),
    (lambda: fr.check("A*B", "B", "A'", upstream=3), "input", "upstream gradients are given by name"),
    (lambda: D.check(None), "input", "a claim is a text or a formula"),
    (lambda: D.check("A'", upstream={"a": 3}), "input", "the upstream gradient of a name"),
    (lambda: fr.equal(None, "A"), "input", "a text, a formula or a function"),
    (lambda: fr.explain("A*B", "B", layout="rows"), "input", 'layout is "numerator" or "denominator"; got'),
    (lambda: fr.explain("A*B", "B", vec="rows"), "input", 'vec is "column" or "row"; got'),
    (lambda: fr.conventions("A*B", "B", through=3), "input", "a list of names"),
    (lambda: fr.conventions("a = A*x; a'*a", "x", through="a"), "input", "a list of names"),
    (lambda: fr.conventions("x'*x", "x", order=2, through=["a"]), "input", "leave `through` out"),
    *[(lambda w=w: D.jacobian(w), "input", 'layout is "numerator" or "denominator"') for w in ("x", None, a, ["x"])],
    (lambda: D.jacobian(vec="rows"), "input", 'vec is "column" or "row"; got \'rows\''),
    (lambda: D.form("grad"), "input", '"gradient", "derivative"'),
    (lambda: D.gradient, "input", "the value is m×p, and a gradient is of a scalar; there are differential, pullback"),
    (lambda: D.derivative, "input", "B is n×p, and this form is by a scalar"),
    (lambda: D.hessian, "input", "order=2"),
    (lambda: H.jacobian(), "input", "order=1"),
    (lambda: G.tensor, "input", "a scalar on one side"),
    (lambda: BOTH.gradient, "input", r"by\['x'\]"),
    (lambda: D.evaluate(3), "input", "arrays are given by name"),
    (lambda: D.evaluate({3: a}), "input", "arrays are given by name"),
    (lambda: D.evaluate(), "input", "A has no value: pass A=…, m×n"),
    (lambda: D.evaluate(A="abc", B=b), "input", "A is no array of numbers"),
    (lambda: D.evaluate(A=[[1, 2], [3]], B=b), "input", "A is no array of numbers"),
    (lambda: c.evaluate(c=None), "input", "c is no array of numbers"),
    (lambda: D.evaluate(A=1j * a, B=b), "input", "A is real here and its values are complex"),
    (lambda: D.evaluate(A=a, B=a), "input", "the size n is 3 elsewhere but 2 in B"),
    (lambda: D.evaluate(A=a, B=b, form="grad"), "input", '"gradient", "derivative"'),
    (lambda: D.evaluate(A=a, B=b, functions=3), "input", "functions are given by name"),
    (lambda: D.evaluate(A=a, B=b, functions={"f": 3}), "input", "order of the derivative"),
    (lambda: D.entries(A=None, B=(3, 4)), "input", "a list of whole numbers"),
    (lambda: D.entries(m=1, n=3, p=2.5), "input", "positive whole numbers"),
    (lambda: D.entries("rows", m=1, n=3, p=2), "input", 'layout is "numerator"'),
    (lambda: D.verify(seed=-1), "input", "seed is a whole number, at least 0"),
    (lambda: D.remainder("a"), "input", "seed is a whole number"),
    (lambda: D.text(width=-5), "input", "width is a whole number, at least 40"),
    *[(lambda q=q: D.at(B=q), "input", "what B is at the point is a text or a formula") for q in (None, a)],
    (lambda: D.at(3), "input", "a point is named by equations"),
    *[(lambda q=q: A + q, "input", "a formula, a number or a size is wanted") for q in ("x", None, [1], True, 1j)],
    (lambda: A @ np.ones((3, 3)), "input", "let a variable stand for it"),
    (lambda: np.ones((2, 2)) @ A, "input", "let a variable stand for it"),
    *[(lambda q=q: fr.dims(q), "input", "fr.dims") for q in (None, 3, ["m"], "")],
    (lambda: fr.matrix("A", n, n, 3), "input", "a list of words"),
    (lambda: fr.matrix("A", n, n, symmetric="yes"), "input", "symmetric is True or False"),
    (lambda: fr.matrix("A", 0, n), "shape", "at least 1"),
    (lambda: fr.Formula("A"), "input", "fr.parse"),
    (lambda: fr.source(3), "input", "a path is a text"),
    (lambda: fr.spelled(3, ["a"]), "input", "a name is a text"),
    (lambda: fr.Function(3), "input", "a text"),
    (lambda: fr.function("sigma").derivative(-1), "input", "a whole number"),
    (lambda: fr.sum(A, "rows"), "input", "as in NumPy"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "said"), WRONG)
def test_a_wrong_argument_is_one_refusal(call: Callable[[], Any], kind: str, said: str) -> None:
    with pytest.raises(fr.FrechetError, match=said.replace("(", r"\(")) as refused:
        call()
    assert refused.value.kind == kind


def test_numbers_of_numpys_kind_are_numbers() -> None:
    two, three = np.int64(2), np.int32(3)
    assert fr.matrix("A", two, three).shape == (2, 3) and fr.eye(three).shape == (3, 3)
    assert fr.sum(A, axis=np.int64(0)) == fr.sum(A, axis=0)
    assert fr.derive("A*x", "x", shapes={"A": (two, three)}).to_dict()["shapes"]["A"] == [2, 3]
    assert D.entries(m=np.int64(1), n=3, p=2) == D.entries(A=(1, 3), B=np.array([3, 2]))
    assert str(np.float64(2) * x) == "2*x" == str(np.int64(2) * x) and D.verify(trials=np.int64(2)).passed
    assert abs(x) == fr.abs(x)


def test_a_size_can_be_halved() -> None:
    assert fr.vector("v", n * (n + 1) / 2).shape == fr.vech(S).shape
    assert str(x / (n / 2)) == "x/(n/2)" and str(c / n) == "c/n" and str(n / c) == "n/c"


def test_sizes_are_read_off_every_array_of_the_problem() -> None:
    assert D.evaluate(A=a, B=np.ones((3, 4)), form="jacobian").shape == (8, 12)


def test_the_forms_that_there_are() -> None:
    assert D.forms == ("differential", "pullback", "index", "tensor", "jacobian")
    assert H.forms == ("differential", "pullback", "gradient", "hessian")
    for d in (D, G, H):
        for form in d.forms:
            assert isinstance(d.form(form), fr.Formula)
    assert D.form("jacobian", "denominator", "row") == D.jacobian("denominator", "row")
    assert BOTH.form("differential") == BOTH.differential and BOTH.by["x"].forms[2] == "gradient"


def test_a_form_that_could_not_be_written_says_why() -> None:
    d = fr.derive("tr(herm(X)*A*X)", "X", assumptions={"X": ["complex"], "A": ["complex"]})
    assert "gradient" in d.missing and "gradient" not in d.forms
    with pytest.raises(fr.FrechetError, match="no direction of descent") as refused:
        print(d.gradient)
    assert refused.value.kind == "unsupported"
    assert d.to_dict()["missing"]["gradient"] == d.missing["gradient"] and d.to_dict()["gradient"] is None


def test_a_refusal_can_be_kept() -> None:
    refusal = fr.FrechetError("shape", "no", 3, ("b",))
    for kept in (pickle.loads(pickle.dumps(refusal)), copy.copy(refusal), copy.deepcopy(refusal)):
        assert (kept.kind, kept.message, kept.position, kept.readings) == ("shape", "no", 3, ("b",))


def test_only_public_names_are_listed() -> None:
    assert set(dir(fr)) == {*fr.__all__, "__version__", "__doc__", "__all__"}
    assert all(not name.startswith("_") for name in fr.__all__)


def test_every_public_name_has_an_example_and_no_any() -> None:
    for name in fr.__all__:
        made = getattr(fr, name)
        if inspect.isfunction(made) or inspect.isclass(made):
            assert ">>>" in (made.__doc__ or ""), name
        if inspect.isfunction(made):
            kinds = [q.annotation for q in inspect.signature(made).parameters.values()]
            said = " ".join(map(str, [*kinds, inspect.signature(made).return_annotation]))
            assert "Any" not in said.replace("Anything", "") and "_empty" not in said, name


def test_a_repr_is_one_line() -> None:
    shown = [
        A @ x + Fraction(1, 3), m * n, D, BOTH, H, D.verification, D.check("A'"), fr.equal("A", "A"), D.explain(),
        D.conventions(), H.conventions(), G.remainder(), fr.function("f"), fr.FrechetError("input", "two\nlines"),
        D.parts["B"], D.explain().steps[0], D.check("A*B").conventions,
    ]  # fmt: skip
    for value in shown:
        assert "\n" not in repr(value) and repr(value)


@pytest.mark.parametrize(
    "said",
    ["derive(", "expression", "wrt", "shapes", "assumptions", "order", "language", "like", ">>>", "FrechetError"],
)
def test_help_says_what_each_argument_is(said: str) -> None:
    import pydoc

    assert said in pydoc.render_doc(fr.derive, renderer=pydoc.plaintext)
