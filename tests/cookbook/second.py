"""Section 2.4: matrices, vectors and scalar forms."""

from cookbook.identity import Identity as I
from cookbook.identity import Table

BILINEAR = "(X*b+c)'*D*(X*b+c)"
RESIDUAL = "(x-A*s)'*W*(x-A*s)"
SYMMETRIC = "W: symmetric"

SECOND: Table = [
    ("2.4.1 First order", [
        I("(69)", "x'*a", "x", "a", "a=n"),
        I("(69)", "a'*x", "x", "a", "a=n",
          remark="The book's gradient by a vector is a column; in numerator layout the Jacobian is its row."),
        I("(70)", "a'*X*b", "X", "a*b'", "a=m b=n X=m,n"),
        I("(71)", "a'*X'*b", "X", "b*a'", "a=n b=m X=m,n"),
        I("(72)", "a'*X*a", "X", "a*a'", "a=n"),
        I("(72)", "a'*X'*a", "X", "a*a'", "a=n"),
        I("(73)", "X", "X", "dX", "X=m,n", "differential",
          remark="The single-entry matrix J^ij of the book is the increment that is 1 at i,j."),
        I("(74)", "X*A", "X", "delta(i,m)*A[n,j]", "X=p,q A=q,r", "index", indices=("ij", "mn")),
        I("(75)", "X'*A", "X", "delta(i,n)*A[m,j]", "X=p,q A=p,r", "index", indices=("ij", "mn")),
    ]),
    ("2.4.2 Second order", [
        I("(76)", "sum(X)^2", "X", "2*sum(X)*ones(m,n)", "X=m,n",
          remark="The book gives one entry, 2*sum(X), the same for all."),
        I("(77)", "b'*X'*X*c", "X", "X*(b*c'+c*b')", "X=m,n b=n c=n"),
        I("(78)", "(B*x+b)'*C*(D*x+d)", "x", "B'*C*(D*x+d)+D'*C'*(B*x+b)", "B=m,n b=m C=m,p D=p,n d=p x=n"),
        I("(79)", "X'*B*X", "X", "delta(l,j)*(X'*B)[k,i]+delta(k,j)*(B*X)[i,l]", "X=m,n", "index",
          indices=("kl", "ij")),
        I("(80)", "X'*B*X", "X", "X'*B*dX+dX'*B*X", "X=m,n", "differential", remark="J^ij is the increment."),
        I("(81)", "x'*B*x", "x", "(B+B')*x", "B=n,n", remark="2*B*x only for symmetric B."),
        I("(82)", "b'*X'*D*X*c", "X", "D'*X*b*c'+D*X*c*b'", "X=m,n b=n c=n"),
        I("(83)", BILINEAR, "X", "(D+D')*(X*b+c)*b'", "X=m,n b=n c=m"),
        I("(84)", RESIDUAL, "s", "-2*A'*W*(x-A*s)", "A=m,n", assume=SYMMETRIC),
        I("(85)", "(x-s)'*W*(x-s)", "x", "2*W*(x-s)", "x=n", assume=SYMMETRIC),
        I("(86)", "(x-s)'*W*(x-s)", "s", "-2*W*(x-s)", "x=n", assume=SYMMETRIC),
        I("(87)", RESIDUAL, "x", "2*W*(x-A*s)", "A=m,n", assume=SYMMETRIC),
        I("(88)", RESIDUAL, "A", "-2*W*(x-A*s)*s'", "A=m,n", assume=SYMMETRIC),
        I("(88)", RESIDUAL, "A", "-2*W*(x-A*s)*s'", "A=m,n", agrees=False,
          remark="Without the book's assumption that W is symmetric (84) to (88) need W+W' for 2*W."),
        I("(89)", "abs(a-herm(x)*b)^2", "x", "-2*b*conj(a-herm(x)*b)", "a= b=n x=n",
          assume="a: complex; b: complex; x: complex",
          remark="The book writes the square of a complex number; it means that of its modulus, and its derivative is "
          "the descent direction 2 d/dconj(x)."),
    ]),
    ("2.4.3 Higher order and non-linear", [
        I("(90)", "X^3", "X", "dX*X^2+X*dX*X+X^2*dX", form="differential", remark="n = 3; J^ij is the increment."),
        I("(91)", "a'*X^3*b", "X", "a*b'*(X^2)'+X'*a*b'*X'+(X^2)'*a*b'", "a=n b=n", remark="n = 3."),
        I("(92)", "a'*(X^2)'*X^2*b", "X", "X*a*b'*(X^2)'+X^2*a*b'*X'+a*b'*(X^2)'*X+X'*X^2*a*b'", "a=n b=n",
          agrees=False, remark="n = 2.  Of the two terms under the book's sum the first is transposed."),
        I("(92)", "a'*(X^2)'*X^2*b", "X", "(X*a*b'*(X^2)')'+X^2*a*b'*X'+(a*b'*(X^2)'*X)'+X'*X^2*a*b'", "a=n b=n",
          remark="The same with the first term as it should be."),
        I("(93)", "sigma(x)'*A*rho(x)", "x", "diag(sigma'(x))*A*rho(x)+diag(rho'(x))*A'*sigma(x)", "x=n",
          remark="With s = sigma(x), r = rho(x); the book's ∂s/∂x is the Jacobian in numerator layout."),
        I("(94), (95)", "((A*x)'*(A*x))/((B*x)'*(B*x))", "x",
          "2*A'*A*x/(x'*B*B*x)-2*x'*A'*A*x*B'*B*x/(x'*B'*B*x)^2", "A=n,n B=n,n", agrees=False,
          remark="As printed: the first denominator lacks a transpose."),
        I("(94), (95)", "((A*x)'*(A*x))/((B*x)'*(B*x))", "x",
          "2*A'*A*x/(x'*B'*B*x)-2*x'*A'*A*x*B'*B*x/(x'*B'*B*x)^2", "A=m,n B=p,n",
          remark="The same with the transpose; A and B need not be square."),
    ]),
    ("2.4.4 Gradient and Hessian", [
        I("(96), (97)", "x'*A*x+b'*x", "x", "(A+A')*x+b", "A=n,n b=n"),
        I("(98)", "x'*A*x+b'*x", "x", "A+A'", "A=n,n b=n", "hessian", order=2),
    ]),
]  # fmt: skip
