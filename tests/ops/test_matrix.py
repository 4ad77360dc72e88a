"""Matrix functions and spectra: identities, derivatives in closed form, adjoints, what is refused."""

import numpy as np
import pytest
import scipy.linalg

import frechet as fr
from frechet.core.dim import Dim, least
from frechet.core.records import RECORDS
from frechet.language import parse, read_formula
from frechet.notation.ascii import text
from frechet.ops import REGISTRY
from frechet.ops.matrix import UNSPOKEN, values
from frechet.ops.normalise import node_of
from frechet.verify.evaluate import evaluate
from frechet.verify.sample import draw

IDENTITIES = [identity for op in RECORDS.values() for identity in op.identities]
SHAPES = {
    "X": ["n", "n"], "E": ["n", "n"], "A": ["m", "n"], "B": ["n", "n"], "C": ["m", "n"], "x": ["n"], "y": ["n"],
    "t": [], "k": [],
}  # fmt: skip
PD = {"X": ["positive definite"]}
SYMMETRIC = {"X": ["symmetric"]}
INTEGER = {"k": ["integer"]}


def both_sides(identity):
    shapes = {**SHAPES, "A": ["m", "m"]} if "sylvester(A" in identity.right else SHAPES
    used = {n: s for n, s in shapes.items() if n in parse(identity.left, shapes).variables}
    left = parse(identity.left, used, identity.assumptions)
    names = dict(left.variables)
    right = read_formula(identity.right, names, sizes=frozenset(["m", "n"]))
    return left, right


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda i: f"{i.left} = {i.right}")
def test_identity_holds_and_is_known(identity):
    left, right = both_sides(identity)
    assert node_of(left.value) is node_of(right)
    for sizes in ({"m": 4, "n": 3}, {"m": 2, "n": 3}):
        random = np.random.default_rng(5)
        env = {
            name: draw(v, tuple(d.evaluate(sizes) for d in v.shape), "near the identity", random)
            for name, v in left.variables.items()
        }
        one, other = (evaluate(e, env, sizes) for e in (left.value, right))
        assert np.isfinite(one).all()
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-10)


GRADIENTS = {
    ("tr(expm(X))", "X", ""): "expm(X)'",
    ("tr(X*logm(X))", "X", "pd"): "eye(n)+logm(X)",
    ("tr(logm(X)*logm(X))", "X", "pd"): "2*inv(X)*logm(X)",
    ("tr(sqrtm(A*A'))", "A", ""): "inv(sqrtm(A*A'))*A",
    ("tr(sqrtm(X))", "X", "pd"): "inv(sqrtm(X))/2",
    ("tr(X^k)", "X", "k"): "k*(X^(k-1))'",
    ("tr(expm(t*X))", "t", ""): "tr(X*expm(t*X))",
    ("tr(B*expm(X))", "X", ""): "expm_frechet(X,B)'",
    ("tr(B*logm(X))", "X", ""): "logm_frechet(X,B)'",
    ("tr(B*sqrtm(X))", "X", ""): "sylvester(sqrtm(X),sqrtm(X),B)'",
    ("norm_nuclear(A*X)", "A", ""): "svd_u(A*X)*svd_v(A*X)'*X'",
    ("norm_spectral(A)", "A", ""): "svd_u(A)[:,1]*svd_v(A)[:,1]'",
    ("eigvalsh(X)[n]", "X", "symmetric"): "eigvecs(X)[:,n]*eigvecs(X)[:,n]'",
    ("sum(eigvalsh(X).^2)", "X", "symmetric"): "2*X",
    ("sum(log(eigvalsh(X)))", "X", "pd"): "inv(X)",
    ("norm2(inv(chol(X))*y)^2", "X", "pd"): "-inv(X)*y*y'*inv(X)",
    ("sum(log(diag(chol(X))))", "X", "pd"): "inv(X)/2",
    ("logdet(expm(X))", "X", ""): "eye(n)",
    ("tr(logm(eye(n)+A'*A))", "A", ""): "2*A*inv(eye(n)+A'*A)",
}
ASSUMED = {"": {}, "pd": PD, "symmetric": SYMMETRIC, "k": INTEGER}


@pytest.mark.parametrize("case", GRADIENTS, ids=lambda c: c[0])
def test_closed_form(case):
    expression, wrt, assumed = case
    found = fr.derive(expression, wrt=wrt, shapes=_shapes(expression), assumptions=ASSUMED[assumed])
    assert found.verification.passed
    form = found.form("gradient" if "gradient" in found.forms else "derivative")
    assert str(form) == GRADIENTS[case] or _same(form, GRADIENTS[case], found)


def _shapes(expression):
    return {n: s for n, s in SHAPES.items() if n in parse(expression, SHAPES).variables}


def _same(form, formula, found):
    """Equal but for spaces and the order of a sum."""
    names = dict(found.context.variables)
    read = read_formula(formula, names, sizes=frozenset(["m", "n"]))
    return not found.where and node_of(read) is node_of(form.expr) and len(text(read)) == len(text(form.expr))


MATRICES = [
    ("expm(t*X)", "X", {}),
    ("logm(X)", "X", {}),
    ("sqrtm(X)", "X", {}),
    ("B*expm(X)*B", "X", {}),
    ("expm(expm(X))", "X", {}),
    ("X^k", "X", INTEGER),
    ("sylvester(X,B,E)", "X", {}),
    ("sylvester(B,B,X*X)", "X", {}),
    ("pinv(A)", "A", {}),
    ("chol(X)", "X", PD),
    ("eigvalsh(X)", "X", SYMMETRIC),
    ("svdvals(A)", "A", {}),
    ("eigvecs(X)", "X", SYMMETRIC),
    ("phi(X)", "X", {}),
]


@pytest.mark.parametrize(("expression", "wrt", "assumed"), MATRICES, ids=lambda v: v if isinstance(v, str) else "")
def test_every_form_is_there_or_says_why(expression, wrt, assumed):
    found = fr.derive(expression, wrt=wrt, shapes=_shapes(expression), assumptions=assumed).to_dict()
    assert found["verification"]["passed"]
    assert found["differential"] and found["pullback"] and found["jacobian"]
    for form in ("index", "tensor"):
        assert found[form] or found["missing"][form]


@pytest.mark.parametrize(
    "expression", ["tr(expm(X))", "tr(X*logm(X))", "eigvalsh(X)[1]", "sum(chol(X))", "sum(sqrtm(X))"]
)
def test_second_derivatives(expression):
    found = fr.derive(expression, wrt="X", shapes=_shapes(expression), assumptions=PD, order=2)
    assert found.verification.passed and not found.missing


def test_verification_says_what_points_it_took():
    found = fr.derive("eigvalsh(X)[1]", wrt="X", shapes={"X": ["n", "n"]}, assumptions=SYMMETRIC).to_dict()
    assert found["verification"]["points"] == "distinct eigenvalues"
    assert "points" not in fr.derive("tr(X)", wrt="X").to_dict()["verification"]


def test_derivative_that_vanishes_at_the_first_sizes():
    """‖b - X*pinv(X)*b‖ is zero for a wide X: a tall one is taken."""
    found = fr.derive("norm2(b-X*pinv(X)*b)^2", wrt="X", shapes={"X": ["m", "n"], "b": ["m"]})
    sizes = found.verification.sizes
    assert found.verification.passed and sizes["m"] > sizes["n"]


@pytest.mark.parametrize(
    ("expression", "order", "assumed", "message"),
    [
        ("chol(X)", 1, {}, "declare it positive definite"),
        ("tr(B*expm(X))", 2, {}, "the second derivative of expm(X)"),
        ("expm(A)", 1, {}, "expm(X) needs a square matrix; got m×n"),
        ("sylvester(X,X,A)", 1, {}, "C with the rows of A"),
        ("expm_frechet(X,A)", 1, {}, "square matrices of one size"),
        ("det(X[:,1]*X[1,:])", 1, {}, "is 0 for every n above 1"),
    ],
)
def test_refused(expression, order, assumed, message):
    wrt = "A" if "A" in expression else "X"
    with pytest.raises(fr.FrechetError) as refusal:
        fr.derive(expression, wrt=wrt, shapes={n: SHAPES[n] for n in "XAB" if n in expression}, order=order)
    assert message in refusal.value.message


def test_no_derivative_by_the_exponent():
    with pytest.raises(fr.FrechetError, match="the exponent of a matrix power is an integer"):
        fr.derive("tr(X^k)", wrt="k", shapes={"X": ["n", "n"], "k": []}, assumptions=INTEGER)


# -- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", ["general", "symmetric", "nearly a multiple of the identity", "triangular"])
def test_values_are_those_of_scipy(manner):
    random = np.random.default_rng(1)
    x, e = np.eye(4) + 0.3 * random.normal(size=(4, 4)), random.normal(size=(4, 4))
    if manner == "symmetric":
        x = x @ x.T
    elif manner == "nearly a multiple of the identity":
        x = np.diag(1.5 + 1e-6 * random.normal(size=4))
    elif manner == "triangular":
        x = np.triu(x, 1) + np.eye(4)  # one eigenvalue, no basis of eigenvectors
    block = np.block([[x, e], [np.zeros((4, 4)), x]])
    expected = {
        values.expm: scipy.linalg.expm(x),
        values.logm: scipy.linalg.logm(x),
        values.sqrtm: scipy.linalg.sqrtm(x),
    }
    for value, matrix in expected.items():
        np.testing.assert_allclose(value(np, (), x), matrix, atol=1e-11)
    np.testing.assert_allclose(values.expm_frechet(np, (), x, e), scipy.linalg.expm_frechet(x, e)[1], atol=1e-11)
    np.testing.assert_allclose(values.logm_frechet(np, (), x, e), scipy.linalg.logm(block)[:4, 4:], atol=1e-10)
    solution = RECORDS["sylvester"].value(np, (), x, x.T, e)
    np.testing.assert_allclose(x @ solution + solution @ x.T, e, atol=1e-12)


def test_what_has_no_real_value_is_nan():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    assert np.isfinite(values.logm(np, (), turn)).all()  # eigenvalues ±i
    with np.errstate(all="ignore"):
        for value in (values.logm, values.sqrtm):
            assert np.isnan(value(np, (), np.diag([-1.0, 2.0]))).any()
            assert np.isnan(value(np, (), np.full((2, 2), np.nan))).all()


def test_adjoints_and_matrices_of_the_linear_operators():
    """⟨G, L(E)⟩ = ⟨L*(G), E⟩, and vec(L(E)) = K*vec(E) for columns, the same for rows."""
    sizes, random = {"n": 3, "m": 4}, np.random.default_rng(2)
    for formula, last in {
        "expm_frechet(X,E)": "E", "logm_frechet(X,E)": "E", "sylvester(X,B,E)": "E", "expm_frechet(t*X,E)": "E",
    }.items():  # fmt: skip
        found = fr.derive(formula, wrt=last, shapes=_shapes(formula))
        env = {"X": np.eye(3) + 0.2 * random.normal(size=(3, 3)), "B": np.eye(3), "t": np.asarray(0.5)}
        e, g = random.normal(size=(3, 3)), random.normal(size=(3, 3))
        value = evaluate(parse(formula, SHAPES).value, {**env, "E": e}, sizes)
        back = evaluate(found.pullback.expr, {**env, "G": g}, sizes)
        assert np.sum(value * g) == pytest.approx(np.sum(back * e), rel=1e-9)
        for vec, order in (("column", "F"), ("row", "C")):
            k = evaluate(found.jacobian(vec=vec).expr, env, sizes)
            np.testing.assert_allclose(k @ e.ravel(order), value.ravel(order), rtol=1e-8, atol=1e-10)


def test_operators_without_a_name_are_written_with_others():
    random = np.random.default_rng(3)
    x, e, k = random.normal(size=(3, 3)), random.normal(size=(3, 3)), np.asarray(3.0)
    arrays = {"X": x, "E": e, "k": k}
    leaves = parse("expm_frechet(X,E)*X^k", SHAPES).variables
    arguments = {"power_frechet": "XkE", "power_kronecker": "XTk", "expm_kronecker": "XT"}
    for op in UNSPOKEN:
        assert op.name not in REGISTRY
        names = arguments[op.name]
        turned = parse("X'", SHAPES).value
        written = op.written(*(turned if n == "T" else leaves[n] for n in names))
        expected = op.value(np, (), *(x.T if n == "T" else arrays[n] for n in names))
        np.testing.assert_allclose(evaluate(written, arrays, {"n": 3}), expected, rtol=1e-9, atol=1e-10)
        sizes = frozenset(["n"])
        assert read_formula(text(written), {n: leaves[n] for n in "XEk"}, sizes=sizes) is written


def test_the_smaller_of_two_sizes():
    m, n = Dim.of("m"), Dim.of("n")
    assert least(m, n) == least(n, m) and str(least(m, n)) == "min(m,n)"
    assert least(m, m) == m and least(m, m * n) == m and least(Dim.of(1), n) == 1 and least(m + 1, m) == m
    assert least(m, n).substitute({"m": n}) == n and least(m, n).evaluate({"m": 5, "n": 2}) == 2
    assert parse("ones(min(m,n))'*svdvals(A)", {"A": ["m", "n"]}).value.shape == ()
