"""The same derivation typed in many ways gives the same text.

A family is one function; its members are ways of typing it (a trace transposed or rotated, factors reordered,
``x'*x`` or ``sum(x.^2)`` or ``norm2(x)^2``).  Every member must give the same gradient, to the letter.
"""

from __future__ import annotations

import pytest

import families
import frechet as fr
from frechet.algebra.node import Node
from frechet.library import shorter
from frechet.ops.normalise import node_of

pytestmark = pytest.mark.slow

SHAPES = {
    "A": ["m", "n"], "B": ["n", "p"], "C": ["p", "m"], "X": ["m", "n"], "Y": ["m", "p"], "W": ["n", "p"],
    "U": ["m", "k"], "V": ["n", "k"], "O": ["m", "n"], "Q": ["n", "n"], "S": ["n", "n"],
    "x": ["n"], "y": ["m"], "w": ["n"], "b": ["m"], "u": ["n"], "v": ["n"], "c": [], "t": ["n"], "P": ["n", "q"],
}  # fmt: skip


def squares_of_vector(r: str) -> list[str]:
    """Ways of writing ‖r‖² for a column r."""
    return [
        f"norm2({r})^2", f"({r})'*({r})", f"sum(({r}).^2)", f"sum(({r}).*({r}))", f"tr(({r})*({r})')",
        f"(({r})'*({r}))'", f"norm2(({r})')^2", f"norm2(-({r}))^2", f"tr(({r})'*({r}))", f"sum(-({r}).*(-({r})))",
        f"2*(({r})'*({r})/2)",
    ]  # fmt: skip


def squares_of_matrix(r: str) -> list[str]:
    """Ways of writing ‖R‖² for a matrix R."""
    return [
        f"norm2({r})^2", f"tr(({r})'*({r}))", f"tr(({r})*({r})')", f"sum(({r}).^2)", f"sum(({r}).*({r}))",
        f"sum(({r})'.*({r})')", f"norm2(({r})')^2", f"vec({r})'*vec({r})", f"norm2(vec({r}))^2", f"norm2(-({r}))^2",
        f"sum(sum(({r}).^2,1))",
    ]  # fmt: skip


def traces(a: str, x: str, b: str) -> list[str]:
    """Ways of writing tr(a·x·b)."""
    return [
        f"tr({a}*{x}*{b})", f"tr({x}*{b}*{a})", f"tr({b}*{a}*{x})", f"tr(({a}*{x}*{b})')", f"tr({b}'*{x}'*{a}')",
        f"tr({x}'*{a}'*{b}')", f"tr({a}'*{b}'*{x}')", f"sum({x}.*({b}*{a})')", f"sum(({a}'*{b}').*{x})",
        f"vec({x})'*vec({a}'*{b}')", f"vec({a}'*{b}')'*vec({x})",
    ]  # fmt: skip


def forms(a: str, x: str) -> list[str]:
    """Ways of writing x'·a·x."""
    return [
        f"{x}'*{a}*{x}", f"{x}'*{a}'*{x}", f"({a}*{x})'*{x}", f"{x}'*({a}*{x})", f"({x}'*{a}*{x})'",
        f"tr({a}*{x}*{x}')", f"tr({x}*{x}'*{a})", f"sum({x}.*({a}*{x}))", f"sum(({x}*{x}').*{a})", f"tr({a}'*{x}*{x}')",
    ]  # fmt: skip


SIGMOIDS = [
    "sigmoid({u})", "1./(1+exp(-({u})))", "exp({u})./(1+exp({u}))", "1-sigmoid(-({u}))", "1./(exp(-({u}))+1)",
    "exp({u})./(exp({u})+1)", "(1+exp(-({u}))).^-1", "1-1./(1+exp({u}))", "(sigmoid(({u})'))'", "-(-sigmoid({u}))",
]  # fmt: skip
SOFTMAXES = [
    "softmax({u})", "exp({u})/sum(exp({u}))", "exp({u})./(ones(n)*sum(exp({u})))", "exp({u})*(1/sum(exp({u})))",
    "exp({u})/(ones(n)'*exp({u}))", "softmax(({u})')'", "exp({u})./sum(exp({u}))", "exp({u})/(exp({u})'*ones(n))",
    "exp({u})*sum(exp({u}))^-1", "(exp({u})/sum(exp({u})))", "diag(exp({u}))*ones(n)/sum(exp({u}))",
]  # fmt: skip
LOGDETS = [
    "logdet({m})", "log(det({m}))", "-logdet(inv({m}))", "logdet(({m})')", "-log(det(inv({m})))",
    "logdet(inv(inv({m})))", "2*logdet({m})/2", "log(det(({m})'))", "logdet(-(-({m})))", "logdet({m})'",
]  # fmt: skip

FAMILIES: dict[str, tuple[str, list[str]]] = {}
for name, variable, residuals in [
    ("least squares", "x", ["A*x-b", "b-A*x"]),
    ("least squares by A", "A", ["A*x-b", "-b+A*x"]),
    ("regression", "w", ["X*w-y", "y-X*w"]),
    ("affine", "x", ["A*x+b", "b+A*x"]),
    ("elementwise", "x", ["tanh(A*x)-b", "b-tanh(A*x)"]),
    ("network", "x", ["sigmoid(A*x)-y", "y-sigmoid(A*x)"]),
    ("difference", "u", ["u-v", "v-u"]),
    ("weighted", "x", ["y.*(A*x-b)", "(b-A*x).*y"]),
    ("exponential", "x", ["exp(A*x)", "exp(A*x)"]),
    ("product", "x", ["A*(x.*t)", "A*(t.*x)"]),
]:
    FAMILIES[name] = (variable, [f for r in residuals for f in squares_of_vector(r)])
for name, variable, residuals in [
    ("multi-output regression", "W", ["X*W-Y", "Y-X*W"]),
    ("factorisation by U", "U", ["A-U*V'", "U*V'-A"]),
    ("factorisation by V", "V", ["A-U*V'", "(U*V'-A)"]),
    ("sandwich", "X", ["C*X*B", "C*(X*B)"]),
    ("masked", "U", ["O.*(A-U*V')", "(U*V'-A).*O"]),
    ("gram", "X", ["X'*X-Q", "Q-X'*X"]),
    ("scaled", "X", ["c*X-A", "A-X*c"]),
    ("entrywise", "X", ["tanh(X)-A", "A-tanh(X)"]),
    ("sum of products", "X", ["C*X+B'", "B'+C*X"]),
    ("diagonal scaling", "X", ["diag(y)*X-A", "A-diag(y)*X"]),
]:
    FAMILIES[name] = (variable, [f for r in residuals for f in squares_of_matrix(r)])
for name, variable, (a, x, b) in [
    ("trace of three", "X", ("C", "X", "B")),
    ("trace with an inverse", "S", ("Q", "inv(S)", "Q")),
    ("trace of a square", "S", ("Q", "(S*S)", "Q")),
    ("trace of a Gram matrix", "X", ("Q", "(X'*X)", "S")),
    ("trace of a Hadamard product", "X", ("C", "(X.*A)", "B")),
    ("trace of an elementwise function", "X", ("C", "exp(X)", "B")),
    ("trace of a diagonal", "x", ("Q", "diag(x)", "S")),
    ("trace of an outer product", "x", ("Q", "(x*w')", "S")),
]:
    FAMILIES[name] = (variable, traces(a, x, b))
for name, variable, (a, x) in [
    ("quadratic form", "x", ("Q", "x")),
    ("quadratic form by its matrix", "Q", ("Q", "x")),
    ("quadratic form of a difference", "u", ("Q", "(u-v)")),
    ("quadratic form with an inverse", "Q", ("inv(Q)", "x")),
    ("quadratic form of a function", "x", ("Q", "tanh(x)")),
    ("weighted norm", "x", ("diag(t)", "x")),
]:
    FAMILIES[name] = (variable, forms(a, x))
for name, variable, template, ways, argument in [
    ("logistic loss", "w", "y'*({f})", SIGMOIDS, "X*w"),
    ("sigmoid squared", "x", "norm2({f})^2", SIGMOIDS, "Q*x"),
    ("sum of sigmoids", "x", "sum({f})", SIGMOIDS, "x"),
    ("softmax", "x", "v'*({f})", SOFTMAXES, "x"),
    ("softmax of a product", "x", "v'*({f})", SOFTMAXES, "Q*x"),
    ("cross entropy", "x", "-v'*log({f})", SOFTMAXES, "x"),
    ("expectation under a softmax", "x", "v'*{f}", [w for w in SOFTMAXES if "./(ones" not in w], "x"),
]:
    FAMILIES[name] = (variable, [template.format(f=way.format(u=argument)) for way in ways])
for name, variable, matrix in [
    ("log determinant", "S", "S"),
    ("log determinant of a Gram matrix", "X", "X'*X"),
    ("log determinant of a sum", "P", "Q + P*P'"),
    ("log determinant, shifted", "c", "S + c*Q"),
]:
    FAMILIES[name] = (variable, [way.format(m=matrix) for way in LOGDETS])


def gradient(text: str, variable: str) -> str:
    """The gradient's text with the meaning of its names."""
    d = fr.derive(text, wrt=variable, shapes={k: v for k, v in SHAPES.items() if k in text}, verify=False)
    found = d.gradient
    assert found is not None
    names = {k: str(v) for k, v in d.where.items() if k in str(found)}
    return f"{found} where {names}"


def test_there_are_enough_families() -> None:
    assert len(FAMILIES) >= 40
    assert all(len(members) >= 10 for _, members in FAMILIES.values())


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_one_text(name: str) -> None:
    variable, members = FAMILIES[name]
    texts = {gradient(m, variable): m for m in members}
    assert len(texts) == 1, texts


@pytest.mark.parametrize("name", families.FAMILIES)
def test_a_family_written_by_hand_has_one_text(name: str) -> None:
    family = families.FAMILIES[name]
    shapes = {**families.SHAPES, **family.shapes}
    texts: dict[Node, str] = {}  # a difference may stand the way round that the member has it
    for member in family.members:
        d = fr.derive(
            member, wrt=family.variable, order=family.order, verify=False,
            shapes={k: v for k, v in shapes.items() if k in member},
            assumptions={k: v for k, v in family.assumptions.items() if k in member},
        )  # fmt: skip
        found = d.gradient if family.order == 1 else d.hessian
        whole = shorter.whole(found.expr, {k: v.expr for k, v in d.where.items()})
        texts[node_of(whole)] = f"{member}: {found}"
    assert len(texts) == 1, texts
