"""The words of other languages: each is read as its formula, asked, or said to be nothing here."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from frechet.errors import FrechetError
from frechet.language import parse
from frechet.language.spelling import near
from frechet.language.words import cases, formula, word_of
from frechet.library.reading import understood
from frechet.ops import REGISTRY
from frechet.ops.words import SOUGHT, WORDS
from frechet.verify.evaluate import Program

SHAPES = {
    "A": ["n", "n"], "B": ["n", "n"], "C": ["n", "n"], "Q": ["n", "n"], "X": ["m", "k"], "Y": ["m", "k"],
    "x": ["n"], "y": ["n"], "b": ["n"], "w": ["k"], "p": [], "a": [], "c": [],
}  # fmt: skip

READ = """
trace(A) = tr(A) = np.trace(A)
inverse(A) = inv(A) = torch.inverse(A)
transpose(X) = X' = np.transpose(X)
ln(x) = log(x) = np.log(x)
lse(x) = logsumexp(x) = scipy.special.logsumexp(x)
frob(X) = norm2(X)
fro(X) = norm2(X)
asin(x) = arcsin(x) = np.arcsin(x)
acos(x) = arccos(x) = torch.acos(x)
atan(x) = arctan(x) = np.atan(x)
loggamma(x) = lgamma(x) = scipy.special.loggamma(x)
gammaln(x) = lgamma(x) = scipy.special.gammaln(x)
psi(x) = digamma(x) = scipy.special.psi(x)
pos(x) = relu(x)
dot(x,y) = x'*y = np.dot(x, y)
dot(X,Y) = tr(X'*Y)
inner(x,y) = x'*y = np.inner(x, y)
inner(X,Y) = tr(X'*Y)
<x,y> = x'*y
<X,Y> = tr(X'*Y)
outer(x,w) = x*w' = np.outer(x, w)
hadamard(A,B) = A.*B = np.multiply(A, B)
times(A,B) = A.*B
mtimes(A,B) = A*B = np.matmul(A, B)
power(A,2) = A.^2 = np.power(A, 2)
x^T = x'
x^T*A*y = x'*A*y
A^-T = (A^-1)'
A^H = herm(A)
A^{-1} = inv(A)
|a| = abs(a)
A\\b = inv(A)*b
A\\B = inv(A)*B
solve(A,b) = inv(A)*b = np.linalg.solve(A, b)
linsolve(A,b) = inv(A)*b
mldivide(A,b) = inv(A)*b
b'/A = b'*inv(A)
mrdivide(b',A) = b'*inv(A)
norm(x) = norm2(x) = np.linalg.norm(x)
norm(X,"fro") = norm2(X) = np.linalg.norm(X, 'fro')
norm(X,'fro') = norm2(X)
norm(x,1) = norm1(x) = np.linalg.norm(x, 1)
norm(x,p) = sum(abs(x).^p)^(1/p)
norm(x,inf) = max(abs(x)) = np.linalg.norm(x, np.inf)
norm(x,Inf) = max(abs(x))
norm(X,2) = norm_spectral(X) = np.linalg.norm(X, 2)
norm(X,"nuc") = norm_nuclear(X) = np.linalg.norm(X, 'nuc')
log1p(x) = log(1+x) = np.log1p(x)
expm1(x) = exp(x)-1 = np.expm1(x)
square(x) = x.^2 = np.square(x)
reciprocal(x) = 1./x = np.reciprocal(x)
logsigmoid(x) = -softplus(-x) = F.logsigmoid(x)
logcosh(x) = log(cosh(x))
logit(x) = log(x)-log(1-x) = scipy.special.logit(x)
sech(x) = 1./cosh(x)
csch(x) = 1./sinh(x)
coth(x) = 1./tanh(x)
sec(x) = 1./cos(x)
csc(x) = 1./sin(x)
cot(x) = 1./tan(x)
log2(x) = log(x)/log(2) = np.log2(x)
log10(x) = log(x)/log(10) = np.log10(x)
cbrt(x) = x.^(1/3)
swish(x) = silu(x) = jax.nn.swish(x)
heaviside(x) = step(x) = np.heaviside(x, 0.5)
hypot(x,y) = sqrt(x.^2+y.^2) = np.hypot(x, y)
xlogy(x,y) = x.*log(y) = scipy.special.xlogy(x, y)
entr(x) = -(x.*log(x)) = scipy.special.entr(x)
beta(x,y) = exp(lgamma(x)+lgamma(y)-lgamma(x+y)) = scipy.special.beta(x, y)
lbeta(x,y) = lgamma(x)+lgamma(y)-lgamma(x+y)
betaln(x,y) = lgamma(x)+lgamma(y)-lgamma(x+y) = scipy.special.betaln(x, y)
vstack(A,B) = [A; B] = np.vstack([A, B])
vertcat(x,w) = [x; w]
hstack(A,B) = [A, B] = np.hstack([A, B])
horzcat(A,B,C) = [[A, B], C]
blkdiag(A,X) = [A, zeros(n,k); zeros(m,n), X] = scipy.linalg.block_diag(A, X)
sym(A) = (A+A')/2
skew(A) = (A-A')/2
cof(A) = adj(A)'
dev(A) = A-tr(A)/n*eye(n)
trexp(A) = tr(expm(A))
lyap(A,Q) = sylvester(A,A',-Q)
lyap(A,B,C) = sylvester(A,B,-C)
solve_continuous_lyapunov(A,Q) = sylvester(A,A',Q) = scipy.linalg.solve_continuous_lyapunov(A, Q)
solve_sylvester(A,B,C) = sylvester(A,B,C) = scipy.linalg.solve_sylvester(A, B, C)
dlyap(A,Q) = stein(A,A',Q)
max(x) = max(x) = np.max(x)
amax(x) = max(x) = np.amax(x)
min(x) = min(x) = np.min(x)
normalize(x) = x/norm2(x) = F.normalize(x, dim=0)
diff(x) = [zeros(n-1), eye(n-1)]*x - [eye(n-1), zeros(n-1)]*x
logabsdet(A) = logdet(A) = torch.logdet(A)
slogdet(A) = logdet(A) = np.linalg.slogdet(A)[1]
sumsqr(x) = norm2(x)^2
ssq(X) = norm2(X)^2
"""
ROWS = [[piece.strip() for piece in line.split(" = ")] for line in READ.strip().splitlines()]


def same(one: str, other: str) -> bool:
    return parse(one, SHAPES).value is parse(other, SHAPES, language="frechet").value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_word_is_read_as_its_formula(row: list[str]) -> None:
    if "stein" in row[1] and "stein" not in REGISTRY:
        pytest.skip("there is no operation stein")
    word, meant, *python = row
    assert same(word, meant)
    for text in python:
        found = parse(text, SHAPES)
        assert found.language == "python"
        assert found.value is parse(meant, SHAPES, language="frechet").value


SHOWN = [
    "A^-T*b",
    "A^H*A",
    "x^T*A*y",
    "||X||",
    "‖X‖",
    "trace(A)",
    "inverse(A)",
    "log1p(x)",
    "INV(A)",
    "dot(x,y)",
    "A\\b",
    "b'/A",
    "<x,y>",
    "norm(x)",
    "SUM(x)",
]


@pytest.mark.parametrize("text", SHOWN)
def test_the_reading_of_a_word_is_shown(text: str) -> None:
    found = understood(parse(text, SHAPES))
    assert found is not None and found["formula"]


LATEX = [
    (r"\operatorname{logit}(x)", "log(x)-log(1-x)"),
    (r"\operatorname{norm}(x)", "norm2(x)"),
    (r"\operatorname{dot}(x,y)", "x'*y"),
    (r"\mathrm{logcosh}(x)", "log(cosh(x))"),
    (r"\operatorname{sym}(A)", "(A+A')/2"),
    (r"\operatorname{blkdiag}(A,B)", "[A, zeros(n,n); zeros(n,n), B]"),
    (r"\sec x", "1./cos(x)"),
    (r"\coth(x)", "1./tanh(x)"),
    (r"\operatorname{Trace}(A)", "tr(A)"),
]


@pytest.mark.parametrize(("text", "meant"), LATEX)
def test_a_word_in_latex(text: str, meant: str) -> None:
    assert parse(text, SHAPES).language == "latex"
    assert same(text, meant)


CASELESS = [("Trace(A)", "tr(A)"), ("INV(A)", "inv(A)"), ("SUM(X,1)", "sum(X,1)"), ("Max(x)", "max(x)"),
            ("Log1p(x)", "log(1+x)"), ("Norm(x)", "norm2(x)"), ("Tr(A)", "tr(A)"), ("Exp(x)", "exp(x)")]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), CASELESS)
def test_the_case_of_letters_does_not_matter(text: str, meant: str) -> None:
    assert same(text, meant)


def test_a_name_that_differs_by_case_only_goes_before() -> None:
    with pytest.raises(FrechetError, match="there is no function Norm"):
        parse("Norm(A) + norm", {"A": ["n", "n"], "norm": []})
    assert parse("Dot(x)", {"x": ["n"]}, functions=["Dot"]).value.op.name == "declared"


def test_what_is_declared_or_defined_goes_before_a_word() -> None:
    assert parse("norm(x)", {"x": ["n"]}, functions=["norm"]).value.op.name == "declared"
    assert parse("std = x'*x; y*std", {"x": ["n"], "y": ["n"]}).variables.keys() == {"x", "y"}
    assert parse("norm*x", {"x": ["n"], "norm": []}).variables.keys() == {"norm", "x"}
    assert parse("inf*x", {"x": ["n"], "inf": []}).variables.keys() == {"inf", "x"}
    with pytest.raises(FrechetError, match=r"for a product write dot\*|dot is no function"):
        parse("dot(x)", {"x": ["n"], "dot": []})


def test_a_greek_letter_before_a_bracket_stays_what_it_is() -> None:
    assert parse("psi(x)", {"x": ["n"]}).value.op.name == "digamma"
    assert "some smooth function" in parse("psi(x)", {"x": ["n"]}).assumed[0]
    for letter in ("ψ(x)", r"\psi(x)"):
        assert parse(letter, {"x": ["n"]}).value.op.name == "declared"
    assert parse("(beta)(2x-y)", {"x": ["n"], "y": ["n"], "beta": []}).value.op.name == "mul"


ASKED = [
    ("norm(X)", ("norm2(X)", "norm_spectral(X)")),
    ("norm(A*B)^2", ("norm2(A*B)^2", "norm_spectral(A*B)^2")),
    ("norm(X,1)", ("max(sum(abs(X),1))", "norm1(X)")),
    ("norm(X,inf)", ("max(sum(abs(X),2))", "max(abs(X))")),
    ("var(x)", ("sum((x-mean(x)).^2)/(n-1)", "sum((x-mean(x)).^2)/n")),
    ("std(A*x)", ("sqrt(sum((A*x-mean(A*x)).^2)/(n-1))", "sqrt(sum((A*x-mean(A*x)).^2)/n)")),
    ("var(X)", 3),
    ("std(X)", 3),
    ("cov(X)", ("X'*(eye(m)-ones(m,m)/m)*X/(m-1)", "X'*(eye(m)-ones(m,m)/m)*X/m",
                "X*(eye(k)-ones(k,k)/k)*X'/(k-1)", "X*(eye(k)-ones(k,k)/k)*X'/k")),
    ("cov(x,y)", 2),
    ("corr(X)", 2),
    ("normalize(X)", 3),
    ("hstack(x,1)", ("[x; 1]", "[x', 1]")),
    ("cond(A)", ("norm_spectral(A)*norm_spectral(inv(A))", "norm2(A)*norm2(inv(A))")),
    ("|A|", ("det(A)", "abs(A)")),
    (r"\exp(A)", ("expm(A)", "exp(A)")),
    (r"\log(A)", ("logm(A)", "log(A)")),
    (r"\sqrt{A}", ("sqrtm(A)", "sqrt(A)")),
    ("x'/C", ("--shape C=", "x'*inv(C)")),
    ("1/C", ("--shape C=", "inv(C)", "1./C")),
    ("z^t*A*z", ("--shape z=", "z'*A*z")),
    ("sum(z^2)", ("--shape z=", "sum(z.^2)", "sum(z'*z)")),
    ("z^2*A", ("--shape z=", "z'*z*A")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offers"), ASKED, ids=[text for text, _ in ASKED])
def test_what_readers_take_differently_is_asked(text: str, offers: tuple[str, ...] | int) -> None:
    free = {name: shape for name, shape in SHAPES.items() if name != "C"}
    with pytest.raises(FrechetError) as caught:
        parse(text, free)
    if isinstance(offers, int):
        assert len(caught.value.readings) == offers
    else:
        assert caught.value.readings == offers
    for offer in caught.value.readings:
        if not offer.startswith("--"):
            parse(offer, free)


def test_a_bare_square_is_that_of_a_number_and_said_so() -> None:
    found = understood(parse("x^2"))
    assert found is not None and found["assumed"] == ["x is a number"]


def test_a_function_of_entries_of_a_square_matrix_is_said() -> None:
    found = understood(parse("tr(exp(A))"))
    assert found is not None
    assert found["assumed"] == ["exp acts on every entry of A: expm(A) is of the matrix"]
    assert understood(parse("sum(exp(X))", SHAPES)) is None


NOTHING = [
    ("rank(A)", "there is no function rank: it is a whole number and jumps: it has no derivative"),
    ("argmax(x)", "there is no function argmax: it says where, not how much"),
    ("gradient(x)", "there is no function gradient: type the function itself and name the variable with --wrt"),
    ("softargmax(x)", "there is no function softargmax: it is softmax(x)'*k"),
    ("Mode(x)", "there is no function Mode: the most frequent value"),
    ("sigmoyd(x)", "there is no function sigmoyd: did you mean sigmoid?"),
    ("sotfmax(x)", "there is no function sotfmax: did you mean softmax?"),
    ("frobnicate(x)", "there is no function frobnicate: for a product write frobnicate*(…)"),
    ("pnorm(x)", "there is no function pnorm: in R it is normcdf(x)"),
    ("Phi(x)", "there is no function Phi: the normal distribution function is normcdf(x)"),
    ("selu(x)", "there is no function selu: it is 1.0507009873554805*elu("),
    ("erfcx(x)", "there is no function erfcx: it is exp(x.^2).*erfc(x)"),
    ("relu7(x)", "there is no function relu7: for a product write relu7*(…)"),
    ("zelu(x)", "there is no function zelu: for a product write zelu*(…)"),
    ("sinz(x)", "there is no function sinz: for a product write sinz*(…)"),
    ("sofd(x)", "there is no function sofd: for a product write sofd*(…)"),
    ("Beta(x,y)", "there is no function Beta: did you mean exp(lgamma(x)+lgamma(y)-lgamma(x+y))?"),
    ("Beta(p,a)", "there is no function Beta: did you mean exp(lgamma(p)+lgamma(a)-lgamma(p+a))?"),
    ("dlqr(A,B,Q,C)", "there is no function dlqr: the gain is inv(R+B'*P*B)*B'*P*A"),
    ("cvo(x)", "there is no function cvo: for a product write cvo*(…)"),
]


@pytest.mark.parametrize(("text", "message"), NOTHING)
def test_a_suggestion_has_the_meaning_or_one_slip(text: str, message: str) -> None:
    with pytest.raises(FrechetError) as caught:
        parse(text, SHAPES)
    assert caught.value.message.startswith(message)


def test_slips_are_of_one_edit_and_of_long_names_two() -> None:
    names = ["cos", "arctan", "softmax", "norm_spectral"]
    assert [near(n, names) for n in ("cov", "rank", "softmx", "sofmx", "norm_spctrl")] == [
        "", "", "softmax", "", "norm_spectral",
    ]  # fmt: skip


def test_the_formula_language_names_the_formula_of_a_word() -> None:
    for text, meant in (("log1p(x)", "log(1+x)"), ("Exp(x)", "exp"), ("trace(A)", "tr"), ("rank(A)", "a whole number")):
        with pytest.raises(FrechetError, match=r"there is no function") as caught:
            parse(text, SHAPES, language="frechet")
        assert meant in caught.value.message


REFUSED = [
    ("norm(x,1,2)", "norm takes 1 or 2 arguments; got 3"),
    ("outer(x)", "outer takes 2 arguments; got 1"),
    ("log1p(x,y)", "log1p takes 1 argument; got 2"),
    ("norm(x,'max')", "norm(x,'max') has no meaning for n×1 and 'max'"),
    ("dev(X)", "dev(X) needs A[n,n]"),
    ("x'*A\\b", "a product stands before \\: bracket what is divided by"),
    ("x < y", "the character < has no meaning here: comparisons are not part of the language"),
    ("<x,y", "this < is never closed"),
    ("1/A", "A/b needs a scalar b"),
    ("B/A", "A/b needs a scalar b"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(FrechetError) as caught:
        parse(text, SHAPES)
    assert caught.value.message.startswith(message)
    assert "\n" in caught.value.message  # the place is shown


def test_a_backslash_is_latex_where_a_command_follows() -> None:
    assert parse(r"A\beta").language == "latex"
    assert parse(r"A \ b").language == "text"
    assert parse(r"\(A x\)").language == "latex"
    assert parse(r"A\(b+c)", SHAPES).language == "text"


def test_the_derivative_sign_of_a_text_names_the_variable() -> None:
    for text in ("d/dX tr(A X)", "∂/∂X tr(A*X)", "d/dX (tr(A X))"):
        assert parse(text).wrt == ("X",)
        assert parse(text).value is parse("tr(A*X)").value
    assert parse("d/dx*y", {"d": [], "dx": [], "y": ["n"]}).wrt == ()


def test_every_formula_of_the_tables_is_read() -> None:
    for word in WORDS:
        for case in cases(word):
            assert case.formula or case.asked or case.refused
            for text in filter(None, (case.formula, *(reading for _, reading in case.asked))):
                formula(text)
    assert not [name for name in SOUGHT if name in REGISTRY and REGISTRY[name].call and name not in WHEN_THERE]
    names = [name for word in WORDS for name in word.names]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)


WHEN_THERE = frozenset(
    (
        "median",
        "phi",
        "sort",
        "conv",
        "erfc",
        "normcdf",
        "normpdf",
        "clip",
        "huber",
        "leakyrelu",
        "elu",
        "cumsum",
        "cross",
    )
)
"""Names of operations that may be there: then they go before."""


def test_an_operation_goes_before_a_word() -> None:
    assert word_of("inv") is None and word_of("Inv") is None
    assert parse("Inv(A)", SHAPES).value.op.name == "inv"


WRITTEN = {
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "relu6": lambda x: np.clip(x, 0, 6), "hardtanh": lambda x: np.clip(x, -1, 1),
    "hardsigmoid": lambda x: np.clip((x + 3) / 6, 0, 1), "hardswish": lambda x: x * np.clip((x + 3) / 6, 0, 1),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))), "sinc": lambda x: np.sin(x) / x,
    "erfcx": special.erfcx, "soft": lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),
    "hardshrink": lambda x: np.where(np.abs(x) > 0.5, x, 0), "dnorm": lambda x: stats.norm.pdf(x),
    "pnorm": lambda x: stats.norm.cdf(x), "log_ndtr": special.log_ndtr, "arccot": lambda x: np.arctan(1 / x),
    "celu": lambda x: np.where(x > 0, x, 0.5 * np.expm1(x / 0.5)), "softsign": lambda x: x / (1 + np.abs(x)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_out_has_that_value(name: str) -> None:
    formula = SOUGHT[name].split("it is ")[1].split(", or ")[0].split(";")[0]
    x = np.array([-7.0, -1.5, -0.3, 0.2, 0.9, 8.0])
    found = Program([parse(formula, {"x": ["n"], "a": []}, language="frechet").value], {"n": 6}, {})
    assert np.allclose(found.run({"x": x, "a": np.array(0.5)})[0], WRITTEN[name](x))


COVARIANCES = [("cov", {}), ("cov", {"rowvar": False}), ("corrcoef", {}), ("corrcoef", {"rowvar": False})]


@pytest.mark.parametrize(("name", "options"), COVARIANCES)
def test_what_numpy_writes_out_is_what_numpy_computes(name: str, options: dict[str, bool]) -> None:
    """The lines of the refusal are run as they are told."""
    with pytest.raises(FrechetError) as caught:
        parse(f"np.{name}(X)", {"X": ["m", "n"]})
    by_columns, by_rows = caught.value.message.split("\n")[0].split("; where rows are (rowvar=False), ")
    told = by_rows if options else by_columns.partition("observations: ")[2]
    lines = re.split(r", then |, (?=[Ss] = )| and (?=S = )", told)
    X = np.random.default_rng(0).normal(size=(4, 6))
    known: dict[str, Any] = {"X": X, "np": np}
    for line in lines[: 3 if name == "corrcoef" else 1]:
        if " = " in line:
            exec(line, known)
    if name == "corrcoef":
        exec("s = np.diag(S) ** 0.5", known)
        found = eval("S / np.outer(s, s)", known)
    else:
        found = eval(lines[-1], known)
    assert np.allclose(found, getattr(np, name)(X, **options))


def test_the_frobenius_norm_of_bars_is_said() -> None:
    found = understood(parse("||X||"))
    assert found is not None and found["assumed"] == ["‖X‖ is the Frobenius norm"]
    assert understood(parse("||x||", SHAPES)) is None
