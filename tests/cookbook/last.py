"""Sections 2.6 to 2.8 and 4: norms, structured matrices, complex matrices."""

from cookbook.identity import Identity as I
from cookbook.identity import Table

FREE = "structured.free entries"
Z, CONJUGATE = "complex.d/dZ", "complex.d/dconj(Z)"
COMPLEX, ALL = "X: complex", "A: complex; X: complex"
RAYLEIGH = "(herm(x)*herm(A)*A*x)/(herm(x)*herm(B)*B*x)"
INNER = "herm(X)*A*X"

LAST: Table = [
    ("2.6 Derivatives of vector norms", [
        I("(129)", "norm2(x-a)", "x", "(x-a)/norm2(x-a)", "a=n",
          remark="Not at x = a, where the norm has no derivative."),
        I("(130)", "(x-a)/norm2(x-a)", "x", "eye(n)/norm2(x-a)-(x-a)*(x-a)'/norm2(x-a)^3", "x=n a=n",
          "jacobian.numerator.column", remark="Not at x = a.  Symmetric, so that both layouts agree."),
        I("(131)", "norm2(x)^2", "x", "2*x"),
        I("(131)", "norm2(x'*x)", "x", "2*x", "x=n", remark="The norm of a scalar, which is not negative here."),
    ]),
    ("2.7 Derivatives of matrix norms", [
        I("(132)", "norm2(X)^2", "X", "2*X", "X=m,n"),
        I("(132)", "tr(X*herm(X))", "X", "2*X", "X=m,n",
          remark="For real X.  For complex X the derivative by X is conj(X), see (246); 2*X is the descent direction."),
    ]),
    ("2.8 Derivatives of structured matrices", [
        I("(138)", "sum(B.*sigma(A))", "A", "B.*sigma'(A)+(B.*sigma'(A))'-diag(diag(B.*sigma'(A)))", "A=n,n", FREE,
          "A: symmetric", remark="For any f of symmetric A; G = B.*sigma'(A) here.  The book's diag leaves a matrix.  "
          "This is the table of derivatives by the free entries, not a gradient: a step along it moves the entries off "
          "the diagonal twice as far; the gradient is (G+G')/2."),
        I("(139)", "tr(A*X)", "X", "A+A'-A.*eye(n)", "X=n,n", FREE, "X: symmetric", remark="The gradient is (A+A')/2."),
        I("(139)", "tr(A*X)", "X", "A+A'-A.*eye(n)", "X=n,n", "gradient", "X: symmetric", agrees=False,
          remark="Taken for the gradient within the symmetric matrices the book's formula is wrong."),
        I("(140)", "det(X)", "X", "det(X)*(2*inv(X)-inv(X).*eye(n))", "X=n,n", FREE, "X: symmetric",
          remark="The gradient is det(X)*inv(X)."),
        I("(141)", "logdet(X)", "X", "2*inv(X)-inv(X).*eye(n)", "X=n,n", FREE, "X: symmetric",
          remark="The gradient is inv(X)."),
        I("(142)", "tr(A*X)", "X", "A.*eye(n)", "X=n,n", "gradient", "X: diagonal"),
    ]),
    ("4.1 Complex derivatives", [
        I("4.1", "conj(z)", "z", "0", "z=", Z, "z: complex", remark="After (229): the derivative of z* is zero."),
        I("4.1", "z^2", "z", "0", "z=", CONJUGATE, "z: complex",
          remark="After (230): the conjugate derivative of an analytic function is zero."),
        I("4.1.2", "tr(A*X)", "X", "A'", "A=n,m X=m,n", Z, ALL),
        I("4.1.2", "tr(conj(X))", "X", "eye(n)", "X=n,n", CONJUGATE, COMPLEX,
          remark="The book differentiates by real and imaginary part: ∂/∂ℜX = d/dX + d/dconj(X), here the latter."),
        I("4.1.2", "tr(herm(X))", "X", "eye(n)", "X=n,n", CONJUGATE, COMPLEX),
        I("4.1.2", "tr(A*herm(X))", "X", "A", "A=m,n X=m,n", CONJUGATE, ALL),
        I("(242)", "tr(A*conj(X))", "X", "A'", "A=n,m X=m,n", CONJUGATE, ALL),
        I("(246)", "tr(X*herm(X))", "X", "conj(X)", "X=m,n", Z, COMPLEX),
        I("(247)", "tr(X*herm(X))", "X", "X", "X=m,n", CONJUGATE, COMPLEX),
        I("(248)", "tr(herm(X)*X)", "X", "2*X", "X=m,n", "gradient", COMPLEX,
          remark="The complex gradient, 2 d/dconj(X)."),
        I("(249)", f"det({INNER})", "X", f"det({INNER})*(inv({INNER})*herm(X)*A)'", "A=m,m X=m,n", Z, ALL,
          sizes="m > n"),
        I("(250)", f"det({INNER})", "X", f"det({INNER})*A*X*inv({INNER})", "A=m,m X=m,n", CONJUGATE, ALL,
          sizes="m > n"),
        I("(251), (252)", RAYLEIGH, "x",
          "2*herm(A)*A*x/(herm(x)*B*B*x)-2*herm(x)*herm(A)*A*x*herm(B)*B*x/(herm(x)*herm(B)*B*x)^2", "A=n,n B=n,n x=n",
          "gradient", "A: complex; B: complex; x: complex", agrees=False,
          remark="As printed: the first denominator lacks a conjugate transpose, as in (95)."),
        I("(251), (252)", RAYLEIGH, "x",
          "2*herm(A)*A*x/(herm(x)*herm(B)*B*x)-2*herm(x)*herm(A)*A*x*herm(B)*B*x/(herm(x)*herm(B)*B*x)^2",
          "A=m,n B=p,n x=n", "gradient", "A: complex; B: complex; x: complex",
          remark="The same with it: the complex gradient, 2 d/dconj(x)."),
    ]),
]  # fmt: skip
