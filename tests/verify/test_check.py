"""The check: right answers pass, a planted mistake is caught in every kind of form, the undecidable is undecided."""

import numpy as np
import pytest

import frechet as fr
from frechet.language import parse, read_formula
from frechet.ops.expressions import apply, number, variable
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form

pytestmark = pytest.mark.slow

INDICES = ("i", "j", "k", "l", "s")


def request(expression, wrt, forms, shapes=None, assumptions=None, functions=(), **options):
    """A request from texts: each form is (kind, formula, fields of Form)."""
    problem = parse(expression, shapes, assumptions, functions)
    variables = dict(problem.variables)
    leaves = tuple(problem.variables[name] for name in wrt.split(","))
    for leaf in leaves:
        variables["d" + leaf.params[0]] = variable("d" + leaf.params[0], leaf.shape)
    variables["V"] = variable("V", leaves[0].shape)
    variables["G"] = variable("G", problem.value.shape)
    read = []
    for kind, text, *fields in forms:
        more = dict(fields[0]) if fields else {}
        more["wrt"] = tuple(problem.variables[name] for name in more.get("wrt", "").split(",") if name)
        indices = INDICES if kind == "index" else ()
        expr = read_formula(text, variables, functions=functions, indices=indices)
        read.append(Form(f"{kind} {text}", kind, expr, **more))
    return CheckRequest(problem.value, leaves, tuple(read), equations=tuple(problem.constraints), **options)


def verdict(expression, wrt, *forms, **more):
    return check(request(expression, wrt, forms, **more)).passed


IJ = {"value_indices": ("i", "j"), "wrt_indices": ("k", "l")}
DEN, ROW, DENROW = {"layout": "denominator"}, {"vec": "row"}, {"layout": "denominator", "vec": "row"}
CASES = {
    ("A*B", "B", "differential"): ("A*dB", ["2*A*dB", "A*(dB+dB-dB.*dB)"], {}),
    ("A*B", "B", "pullback"): ("A'*G", ["A'*G.*B", "-A'*G"], {}),
    ("A*B", "B", "index"): ("A[i,k]*delta(j,l)", ["A[i,k]", "A[i,k]*delta(j,l)*2"], IJ),
    ("A*B", "B", "tensor"): (
        'einsum("ik,jl->ijkl", A, eye(p))',
        ['2*einsum("ik,jl->ijkl", A, eye(p))', 'einsum("ik,jl->ijkl", A, ones(p,p))'],
        {},
    ),
    ("A*B", "B", "jacobian"): ("kron(eye(p),A)", ["kron(ones(p,p),A)", "kron(A,eye(p))"], {}),
    ("A*B ", "B", "jacobian"): ("kron(A,eye(p))", ["kron(eye(p),A)", "kron(eye(p),A')"], ROW),
    (" A*B", "B", "jacobian"): ("kron(eye(p),A')", ["kron(A',eye(p))", "kron(eye(p),A)"], DEN),
    (" A*B ", "B", "jacobian"): ("kron(A',eye(p))", ["kron(eye(p),A')"], DENROW),
    ("X*X", "X", "jacobian"): ("kron(eye(n),X)+kron(X',eye(n))", ["kron(eye(n),X)+kron(X,eye(n))"], {}),
    ("x'*A*x", "x", "gradient"): ("(A+A')*x", ["2*A*x", "x'*(A+A')", "(A+A')*x+x-x.*1.000001"], {}),
    ("x'*A*x ", "x", "jacobian"): ("x'*(A+A')", ["(A+A')*x", "2*x'*A"], {}),
    (" x'*A*x", "x", "jacobian"): ("(A+A')*x", ["x'*(A+A')"], DEN),
    ("norm2(X)^2", "X", "gradient"): ("2*X", ["2*X'", "X", "2*X./X", "zeros(m,n)"], {}),
    ("A*t+t^2*C", "t", "derivative"): ("A+2*t*C", ["A+t*C", "A"], {"shapes": {"A": ["m", "n"], "t": []}}),
    ("x'*A*x", "x", "hessian"): ("A+A'", ["2*A", "A'+A+eye(n)"], {}),
    ("x'*A*x", "x", "hvp"): ("(A+A')*V", ["2*A*V", "A*V"], {}),
    ("x'*A*x", "x", "second differential"): ("(A+A')*dx", ["2*A*dx"], {}),
    ("tr(X'*A*X*B)", "X", "hessian"): ("kron(B',A)+kron(B,A')", ["kron(A,B)+kron(A',B')", "2*kron(B,A)"], {}),
    ("tr(X'*A*X*B) ", "X", "hessian"): ("kron(A,B')+kron(A',B)", ["2*kron(A,B)"], ROW),
    ("x'*A*y", "x,y", "differential"): ("dx'*A*y+x'*A*dy", ["dx'*A*y", "x'*A*dy-dx'*A*y"], {}),
    ("x'*A*y", "x,y", "hessian"): ("A", ["A+x*y'", "2*A"], {"wrt": "x,y"}),
}


def fields(case):
    more = dict(CASES[case][2])
    return more, {"shapes": more.pop("shapes", None)}


@pytest.mark.parametrize("case", CASES, ids=" | ".join)
def test_right_form_passes(case):
    form, problem = fields(case)
    answer = check(request(case[0].strip(), case[1], [(case[2], CASES[case][0], form)], **problem))
    assert answer.passed, answer
    assert answer.trials == 8 and answer.forms_checked == 1 and answer.max_relative_error < 1e-6
    assert not answer.failures and answer.reason is None


@pytest.mark.parametrize("case", CASES, ids=" | ".join)
def test_planted_mistakes_are_caught(case):
    form, problem = fields(case)
    for wrong in CASES[case][1]:
        forms = [(case[2], CASES[case][0], form), (case[2], wrong, form)]
        answer = check(request(case[0].strip(), case[1], forms, **problem))
        assert answer.passed is False, wrong
        assert [failure.form for failure in answer.failures] == [f"{case[2]} {wrong}"]


def test_exact_shapes():
    column, row = ("gradient", "b"), ("gradient", "b'")
    assert verdict("b'*x", "x", column) is True and verdict("b'*x", "x", row) is False
    assert verdict("b'*x", "x", ("jacobian", "b'")) is True and verdict("b'*x", "x", ("jacobian", "b")) is False
    answer = check(request("b'*x", "x", [row]))
    assert "it is 1×n where n×1 is needed" in answer.failures[0].reason
    shapes = {"r": [1, "n"], "b": ["n"]}
    assert verdict("r*b", "r", ("gradient", "b'"), shapes=shapes) is True
    assert verdict("r*b", "r", ("gradient", "b"), shapes=shapes) is False


def test_index_and_tensor_of_rows_and_scalars():
    one = {"value_indices": (), "wrt_indices": ("k",)}
    assert verdict("x'*A*x", "x", ("index", "A[k,s]*x[s]+x[s]*A[s,k]", one), ("tensor", "(A+A')*x")) is True
    two = {"value_indices": ("i", "j"), "wrt_indices": ("k",)}
    assert verdict("x'*A", "x", ("index", "A[k,j]", two)) is True
    assert verdict("x'*A", "x", ("index", "A[k,j]", one)) is False
    bad = check(request("A*B", "B", [("index", "A[i,k]*delta(j,m)", IJ)], shapes={"m": []}))
    assert bad.passed is False


def test_structure():
    symmetric = {"shapes": {"X": ["n", "n"]}, "assumptions": {"X": ["symmetric"]}}
    assert verdict("tr(A*X)", "X", ("gradient", "(A+A')/2"), **symmetric) is True
    assert verdict("tr(A*X)", "X", ("gradient", "A'"), **symmetric) is False
    assert verdict("tr(A*X)", "X", ("unconstrained", "A'"), **symmetric) is True
    assert verdict("tr(A*X)", "X", ("free entries", "A+A'-diag(diag(A))"), **symmetric) is True
    assert verdict("tr(A*X)", "X", ("free entries", "A+A'"), **symmetric) is False
    for name, right, wrong in [
        ("diagonal", "diag(diag(A))", "A'"),
        ("lower triangular", "tril(A')", "tril(A)"),
        ("skew", "(A'-A)/2", "(A-A')/2"),
        ("orthogonal", "A'-X*(X'*A'+A*X)/2", "A'"),
    ]:
        more = {"shapes": {"X": ["n", "n"]}, "assumptions": {"X": [name]}}
        assert verdict("tr(A*X)", "X", ("gradient", right), **more) is True, name
        assert verdict("tr(A*X)", "X", ("gradient", wrong), **more) is False, name


def test_the_domain_and_the_sizes_are_found():
    assert verdict("sum(log(x))", "x", ("gradient", "1./x")) is True
    assert verdict("sum(arcsin(x)+log(x))", "x", ("gradient", "1./sqrt(1-x.^2)+1./x")) is True
    assert verdict("logdet(X)", "X", ("gradient", "inv(X)'")) is True
    shapes = {"X": ["a", "b"]}
    tall = check(request("det(X'*X)", "X", [("gradient", "2*det(X'*X)*X*inv(X'*X)")], shapes=shapes))
    assert tall.passed and tall.sizes["a"] > tall.sizes["b"]
    fixed = check(request("b'*x", "x", [("gradient", "b")], sizes={"n": 6}))
    assert fixed.sizes == {"n": 6}
    entry = check(
        request(
            "A[9,2]*A[1,2]",
            "A",
            [("gradient", "A[1,2]*unit(9,n)*unit(2,m)'+A[9,2]*unit(1,n)*unit(2,m)'")],
            shapes={"A": ["n", "m"]},
        )
    )
    assert entry.passed and entry.sizes["n"] >= 9
    powers = {"assumptions": {"k": ["integer"]}}
    assert verdict("tr(X^k)", "X", ("gradient", "k*(X^(k-1))'"), **powers) is True


def test_declared_functions():
    more = {"functions": ["sigma"], "shapes": {"W": ["m", "n"], "x": ["n"]}}
    assert verdict("sum(sigma(W*x))", "W", ("gradient", "sigma'(W*x)*x'"), **more) is True
    assert verdict("sum(sigma(W*x))", "W", ("gradient", "sigma(W*x)*x'"), **more) is False
    assert verdict("sum(sigma(x))", "x", ("hessian", "diag(sigma''(x))"), functions=["sigma"]) is True
    assert verdict("sum(sigma(x))", "x", ("hessian", "diag(sigma'(x))"), functions=["sigma"]) is False


def test_true_zeros_pass_and_false_zeros_do_not():
    for formula in ("x'*(A-A')*x", "sum(softmax(x))", "sum(step(x))", "sum(x-x)"):
        assert verdict(formula, "x", ("gradient", "zeros(n)")) is True, formula
        assert verdict(formula, "x", ("gradient", "1e-6*ones(n)")) is False, formula
    assert verdict("x'*A*x", "x", ("gradient", "zeros(n)")) is False
    assert verdict("b'*x", "x", ("hessian", "zeros(n,n)")) is True
    assert verdict("b'*x", "x", ("hessian", "eye(n)*1e-6")) is False


@pytest.mark.parametrize("formula", ["sum(tanh(100+x.^2))", "exp(-1e5-x'*x)", "sum(x)+1e30"])
def test_a_saturated_value_cannot_tell(formula):
    for claim in ("zeros(n)", "x", "0*x"):
        answer = check(request(formula, "x", [("gradient", claim)], shapes={"x": ["n"]}))
        assert answer.passed is None and "cannot tell" in answer.reason and answer.trials == 0


def chain(depth):
    """A deep chain of saturating layers with a bias, whose gradient vanishes in rounding."""
    h, W, b = variable("x", ("n",)), variable("W", ("n", "n")), variable("b", ("n",))
    for _ in range(depth):
        h = apply("tanh", (apply("add", (apply("mul", (W, h)), b)),))
    return apply("sum", (h,), (None,))


def test_a_saturated_chain_cannot_tell_and_a_silent_zero_does_not_pass():
    x = variable("x", ("n",))
    zero = Form("gradient", "gradient", apply("mul", (number(0), x)))
    deep = check(CheckRequest(chain(3000), (x,), (zero,)))
    assert deep.passed is None and "cannot tell" in deep.reason
    assert check(CheckRequest(chain(5), (x,), (zero,))).passed is False


def test_what_has_no_value_anywhere_is_a_failure():
    answer = check(request("b'*x", "x", [("gradient", "b+log(-x.^2)")]))
    assert answer.passed is False and "no value at any point" in answer.failures[0].reason
    nowhere = check(request("sum(log(-x.^2))", "x", [("gradient", "2./x")]))
    assert nowhere.passed is None and "no point was found" in nowhere.reason


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("gradient", "2*x", "2*conj(x)"),
        ("d/dZ", "conj(x)", "x"),
        ("d/dconj(Z)", "x", "conj(x)"),
        ("differential", "herm(x)*dx+x'*conj(dx)", "2*herm(x)*dx"),
        ("pullback", "2*G*x", "2*G*conj(x)"),
    ],
)
def test_complex_variables_are_checked_along_complex_increments(kind: str, right: str, wrong: str):
    more = {"assumptions": {"x": ["complex"]}, "shapes": {"x": ["n"]}}
    assert check(request("norm2(x)^2", "x", [(kind, right)], **more)).passed
    assert check(request("norm2(x)^2", "x", [(kind, wrong)], **more)).passed is False


def test_a_complex_value_has_no_gradient():
    more = {"assumptions": {"x": ["complex"]}, "shapes": {"x": ["n"]}}
    assert check(request("sum(x)", "x", [("gradient", "ones(n)")], **more)).passed is False


def test_the_gradient_by_a_real_variable_is_real():
    more = {"assumptions": {"A": ["complex"]}, "shapes": {"A": ["m", "n"], "x": ["n"]}}
    assert check(request("A*x", "x", [("pullback", "real(herm(A)*G)")], **more)).passed
    assert check(request("A*x", "x", [("pullback", "herm(A)*G")], **more)).passed is False


def test_equal_requests_get_equal_answers():
    asked = request("norm2(A*x-b)^2", "x", [("gradient", "2*A'*(A*x-b)"), ("hvp", "2*A'*(A*V)")])
    first, second = check(asked), check(asked)
    assert first == second and first.passed
    other = check(request("norm2(A*x-b)^2", "x", [("gradient", "2*A'*(A*x-b)")], seed=1))
    assert other.passed and other.max_relative_error != first.max_relative_error


def test_a_form_right_along_one_direction_only_is_caught_by_the_columns():
    """Each trial alone sees one direction; a single trial must see them all."""
    # Right along every direction whose first entry is zero.
    wrong = ("gradient", "b+unit(1,n)*0.5")
    assert check(request("b'*x", "x", [wrong], trials=1)).passed is False
    assert check(request("b'*x", "x", [("pullback", "G*b+G*unit(1,n)")], trials=1)).passed is False


def test_a_large_variable_gets_some_columns_only():
    answer = check(request("norm2(X)^2", "X", [("gradient", "2*X")], shapes={"X": [40, 30]}))
    assert answer.passed and answer.sizes == {}


def test_numbers_are_small_enough():
    answer = check(request("A*B", "B", [("jacobian", "kron(eye(p),A)")]))
    assert sorted(answer.sizes.values()) == [3, 4, 5] and np.isfinite(answer.max_relative_error)


def test_a_derivative_that_is_zero_has_no_relative_error() -> None:
    """tr(Q'*A*Q) is tr(A) for every orthogonal Q: what is left of differences is rounding."""
    d = fr.derive("tr(Q'*A*Q)", wrt="Q", assumptions={"Q": ["orthogonal"]})
    assert str(d.gradient) == "zeros(n,n)"
    assert d.verification.passed and d.verification.max_relative_error < 1e-6
