"""What a textbook would print: the exact text of formulas, one group for each thing that a reader would stumble over.

The shortest of several right formulas is not always the one that people write; these are the ones they do.
"""

from __future__ import annotations

from typing import Any

import pytest

import frechet as fr

Case = tuple[str, str, str, str, str]
"""Expression, variable, shapes, form, text."""

CASES: dict[str, list[Case]] = {
    "a difference stands the way round that spares the sign": [
        ("norm2(A*x-b)^2", "x", "A=m,n b=m", "differential", "2*(A*x-b)'*A*dx"),
        ("tr((X-A)'*B*(X-A))", "X", "X=n,p A=n,p", "differential", "tr((B+B')*(X-A)*dX')"),
        ("norm1(A*x-b)", "x", "A=m,n b=m", "gradient", "A'*sign(A*x-b)"),
        ("inv(eye(n)-X)", "X", "X=n,n", "jacobian", "kron(M',M)"),
        ("sqrt((x-m)'*S*(x-m))", "m", "x=n m=n S=n,n", "gradient", "(S+S')*(m-x)/(2*sqrt((m-x)'*S*(m-x)))"),
        ("(1-z).*h + z.*tanh(h)", "h", "z=n h=n", "jacobian", "eye(n) - diag(z.*tanh(h).^2)"),
        ("sum(softplus(X*w))", "w", "X=m,n w=n", "hessian", "X'*diag(s.*(1-s))*X"),
        ("-sum(softplus(X*w))", "w", "X=m,n w=n", "hessian", "-X'*diag(s.*(1-s))*X"),
    ],
    "a number beside matrices is not broadcast": [
        ("tr(X'*(eye(n)-ones(n,n)/n)*X*A)", "A", "X=n,p A=p,p", "gradient", "X'*(eye(n)-ones(n,n)/n)*X"),
        ("sum(sigmoid(X).^2)", "X", "X=m,n", "gradient", "2*(sigmoid(X).^2.*sigmoid(-X))"),
        ("sum(exp(x-mean(x)))", "x", "x=n", "gradient", "e - mean(e)"),
    ],
    "the number π": [
        ("sum(erf(x))^2/4", "x", "x=n", "hessian", "2*(e*e'/pi-sum(erf(x))*diag(x.*e)/sqrt(pi))"),
        ("pi*x'*x + gamma(1/2)*sum(x)", "x", "x=n", "gradient", "2*pi*x + sqrt(pi)"),
        ("sum(pi.*log(pi))", "pi", "pi=n", "gradient", "1 + log(pi)"),
    ],
    "the order of terms": [
        ("x'*inv(A+t*eye(n))*x", "x", "A=n,n x=n", "gradient", "(M+M')*x"),
        ("logdet(A + x*x')", "x", "A=n,n x=n", "gradient", "(M+M')*x"),
        ("X*A*X'", "X", "X=m,n A=n,n", "differential", "dX*A*X' + X*A*dX'"),
        ("sum((x-mean(x)).^2)", "x", "x=n", "gradient", "2*(x-mean(x))"),
        ("y'*inv(K+diag(exp(s)))*y", "s", "y=n K=n,n s=n", "gradient", "-exp(s).*(M*y).*(M'*y)"),
    ],
    "a term that is the common factor alone stays outside": [
        ("x'*A*x/(x'*x)", "x", "A=n,n x=n", "gradient", "((A+A')*x-2*(x'*A*x)*x/(x'*x))/(x'*x)"),
        ("tr(X'*A*X)+norm2(X)^2/2", "X", "A=n,n X=n,p", "gradient", "(A+A')*X + X"),
    ],
    "a product rule is written out": [
        ("X^3", "X", "X=n,n", "differential", "dX*X^2 + X*dX*X + X^2*dX"),
        ("X^4", "X", "X=n,n", "differential", "dX*X^3 + X*dX*X^2 + X^2*dX*X + X^3*dX"),
        ("(A*X*B)^2", "X", "A=n,m X=m,p B=p,n", "differential", "A*(dX*B*A*X+X*B*A*dX)*B"),
    ],
    "a number made of arrays is in brackets": [
        ("(x'*x)*(y'*x)", "x", "x=n y=n", "gradient", "(x'*x)*y + 2*(x'*y)*x"),
        ("sum(x)^2/n", "x", "x=n", "gradient", "2*mean(x)*ones(n)"),
        ("(1+x'*x/(2*a))^(-a)", "x", "x=n a=", "gradient", "-(1+x'*x/(2*a))^(-(1+a))*x"),
    ],
    "known functions": [
        ("sum(log(1+exp(X*w)))", "w", "X=m,n w=n", "gradient", "X'*sigmoid(X*w)"),
        ("log(1+exp(-y*(w'*x+b)))", "w", "y= w=n x=n b=", "gradient", "-y*sigmoid(-y*(w'*x+b))*x"),
        ("sum(max(0,1-y.*(X*w)).^2)", "w", "y=m X=m,n w=n", "gradient", "-2*X'*(y.*relu(1-y.*(X*w)))"),
        ("-log(softmax(z)[2])", "z", "z=n", "gradient", "softmax(z) - unit(2,n)"),
        ("sum(abs(x).^3)", "x", "x=n", "gradient", "3*(x.*abs(x))"),
        ("sum(2.^x)", "x", "x=n", "gradient", "log(2)*2.^x"),
        ("x.^a", "x", "x=n a=", "jacobian", "a*diag(x.^(a-1))"),
        ("norm2(x)^a", "x", "x=n a=", "gradient", "a*norm2(x)^(a-2)*x"),
        ("sum(sqrt(x.^2))", "x", "x=n", "gradient", "sign(x)"),
        ("sum(gelu(x))", "x", "x=n", "gradient", "x.*normpdf(x) + normcdf(x)"),
        ("norm1(x)*c'*x", "x", "x=n c=n", "gradient", "(c'*x)*sign(x) + norm1(x)*c"),
        ("-(v+p)/2*log(1+x'*x/v)", "x", "v= p= x=n", "gradient", "-(p+v)*x/(x'*x+v)"),
    ],
    "matrices made of blocks or of entries": [
        ("[A, B]*x", "x", "A=m,n B=m,p x=n+p", "jacobian", "[A, B]"),
        ("[cos(t), -sin(t); sin(t), cos(t)]*x", "t", "t= x=2", "derivative", "[-sin(t), -cos(t); cos(t), -sin(t)]*x"),
        (
            "[0, -w[3], w[2]; w[3], 0, -w[1]; -w[2], w[1], 0]*x",
            "w",
            "w=3 x=3",
            "jacobian",
            "[0, x[3], -x[2]; -x[3], 0, x[1]; x[2], -x[1], 0]",
        ),
        ("norm2([A; B]*x - [a; b])^2", "x", "A=m,n B=p,n x=n a=m b=p", "gradient", "2*[A', B']*[A*x-a; B*x-b]"),
        ("x[1]^2*x[2] + sin(x[3])", "x", "x=3", "hessian", "[2*x[2], 2*x[1], 0; 2*x[1], 0, 0; 0, 0, -sin(x[3])]"),
        ("x[1]^2+2*x[2]^2+x[1]*x[2]", "x", "x=2", "gradient", "[2*x[1]+x[2]; x[1]+4*x[2]]"),
        ("A[1,1]*A[2,2]-A[1,2]*A[2,1]", "A", "A=2,2", "gradient", "[A[2,2], -A[2,1]; -A[1,2], A[1,1]]"),
    ],
    "index forms": [
        ("norm2(A*x-b)^2", "x", "A=m,n x=n b=m", "index", "2*A[j,i]*(A[j,k]*x[k]-b[j])"),
        ("X./Y", "Y", "X=m,n Y=m,n", "index", "-X[i,j]*delta(i,k)*delta(j,l)/Y[i,j]^2"),
        ("sum(sqrt(1+x.^2))", "x", "x=n", "index", "x[i]/sqrt(1+x[i]^2)"),
        (
            "tr(A*X^3)",
            "X",
            "A=n,n X=n,n",
            "index",
            "A[j,k]*X[k,l]*X[l,i] + X[j,k]*A[k,l]*X[l,i] + X[j,k]*X[k,l]*A[l,i]",
        ),
        ("eigvalsh(S)[1]", "S", "S=n,n", "index", "eigvecs(S)[i,1]*eigvecs(S)[j,1]"),
        ("norm2(X[:,1])^2", "X", "X=m,n", "index", "2*X[i,1]*delta(1,j)"),
        ("x.^a", "x", "x=n a=", "index", "a*x[i]^(a-1)*delta(i,j)"),
        (
            'sum((T - einsum("ir,jr,kr->ijk", A, B, C)).^2)',
            "A",
            "T=m,n,p A=m,r B=n,r C=p,r",
            "index",
            "2*(sum(s: A[i,s]*B[k,s]*C[l,s])-T[i,k,l])*B[k,j]*C[l,j]",
        ),
    ],
    "contractions, and arrays that are matrices": [
        (
            'norm2(T - einsum("ir,jr,kr->ijk", A, B, C))^2',
            "A",
            "T=m,n,p A=m,r B=n,r C=p,r",
            "gradient",
            '-2*einsum("mnp,nr,pr->mr", R, B, C)',
        ),
        ('einsum("ijk,i,j,k->", T, x, y, z)', "y", "T=m,n,p x=m y=n z=p", "gradient", 'einsum("mnp,m,p->n", T, x, z)'),
        ("sum(T.*T)", "T", "T=m,n,p", "gradient", "2*T"),
        ("sigmoid(H*w)", "w", "H=m,n w=n", "tensor", "diag(s.*(1-s))*H"),
        ("x/norm2(x)", "x", "x=n", "tensor", "eye(n)/norm2(x) - x*x'/norm2(x)^3"),
    ],
    "cotangents that cancel through a function are not named": [
        (
            "z = W*x+b; y = softmax(z); L = -t'*log(y)",
            "W",
            "W=m,n x=n b=m t=m",
            "where",
            "dL_dz*x' where z = W*x + b; y = softmax(z); dL_dz = sum(t)*y - t",
        ),
        (
            "z = X*w; p = sigmoid(z); L = -sum(y.*log(p)+(1-y).*log(1-p))",
            "w",
            "X=m,n w=n y=m",
            "where",
            "X'*dL_dz where z = X*w; p = sigmoid(z); dL_dz = p - y",
        ),
        (
            "h = tanh(V*x); y = W*h; L = norm2(y-t)^2/2",
            "V",
            "V=m,n x=n W=p,m t=p",
            "where",
            "(dL_dh.*(1-h.^2))*x' where h = tanh(V*x); y = W*h; dL_dy = y - t; dL_dh = W'*dL_dy",
        ),
    ],
    "triangles": [
        ("norm2(A*L-B)^2", "L", "A=m,n L=n,n B=m,n", "gradient", "2*tril(A'*(A*L-B))"),
        ("logdet(L) + y'*inv(L*L')*y", "L", "L=n,n y=n", "gradient", "diag(1./diag(L)) - 2*tril(M'*s*s')"),
        ("tr(A*D^2)", "D", "D=n,n A=n,n", "gradient", "2*diag(diag(A).*diag(D))"),
    ],
    "Kronecker products and stacked columns": [
        (
            "kron(A,X)*B",
            "X",
            "A=m,n X=p,q B=n*q,r",
            "jacobian",
            "kron(B',eye(m*p))*kron(eye(n),kron(commutation(q,m),eye(p)))*kron(vec(A),eye(p*q))",
        ),
        ("vec(X)'*D*vec(X)", "X", "X=m,n D=m*n,m*n", "gradient", "reshape((D+D')*vec(X),m,n)"),
    ],
}
ASSUMED = {
    "eigvalsh(S)[1]": {"S": ["symmetric"]},
    "norm2(A*L-B)^2": {"L": ["lower triangular"]},
    "logdet(L) + y'*inv(L*L')*y": {"L": ["lower triangular"]},
    "tr(A*D^2)": {"D": ["diagonal"]},
}


def shapes_of(text: str) -> dict[str, list[int | str]]:
    """ "A=m,n t=" as {"A": ["m", "n"], "t": []}."""
    pairs = (item.split("=") for item in text.split())
    return {name: [int(d) if d.isdigit() else d for d in dims.split(",") if d] for name, dims in pairs}


def written(answer: dict[str, Any], form: str) -> str:
    if form == "jacobian":
        return answer["jacobian"]["numerator"]["column"]
    if form == "index":
        return answer["index"]["entry"]
    if form == "where":
        return answer["gradient"] + " where " + "; ".join(f"{k} = {v}" for k, v in answer["where"].items())
    return answer[form]


@pytest.mark.parametrize("case", [case for cases in CASES.values() for case in cases], ids=lambda c: f"{c[0]}: {c[3]}")
def test_the_text_is_what_people_write(case: Case) -> None:
    expression, wrt, shapes, form, expected = case
    answer = fr.derive(
        expression, wrt=wrt, shapes=shapes_of(shapes), assumptions=ASSUMED.get(expression, {}),
        order=2 if form == "hessian" else 1,
    ).to_dict()  # fmt: skip
    assert written(answer, form) == expected
    assert answer["verification"]["passed"]


HALVES = [
    ("sum(softplus(X*w)-y.*(X*w))", "w", {"w": "0"}, "X'*(1/2-y)"),
    ("sum(softplus(X*w)-y.*(X*w))/m", "w", {"w": "0"}, "X'*(1/2-y)/m"),
    # Where both terms would be fractions, or the sum is all there is, one line below serves for all.
    ("tr(A*X*X)/2", "X", {}, "(A*X+X*A)'/2"),
    ("norm2(x-a)^2/4-b'*x/2", "x", {}, "(x-a-b)/2"),
]


@pytest.mark.parametrize(("text", "wrt", "at", "wanted"), HALVES)
def test_a_fraction_stands_within_a_difference(text: str, wrt: str, at: dict[str, str], wanted: str) -> None:
    found = fr.derive(text, wrt=wrt, shapes={"X": ["m", "n"], "w": ["n"], "y": ["m"]} if at else None)
    found = found.at(**at) if at else found
    assert found.verify().passed and str(found.gradient) == wanted
