"""Section 2.5: traces."""

from cookbook.identity import Identity as I
from cookbook.identity import Table

CUBIC = "C*X*X'*C*X*B*B'+C'*X*B*B'*X'*C'*X+C*X*B*B'*X'*C*X+C'*X*X'*C'*X*B*B'"
GRAM = "inv(X'*C*X)"
SHIFTED = "inv(A+X'*C*X)"
BOTH = "B: symmetric; C: symmetric"
THREE = "A: symmetric; B: symmetric; C: symmetric"

TRACES: Table = [
    ("2.5 Derivatives of traces", [
        I("2.5", "tr(expm(X))", "X", "expm(X)'", "X=n,n",
          remark="∂Tr(F(X))/∂X = f(X)' with f the scalar derivative of F, for functions of a matrix by power series."),
        I("2.5", "tr(X^2+3*X)", "X", "(2*X+3*eye(n))'", "X=n,n", remark="The same with F(x) = x^2+3*x."),
    ]),
    ("2.5.1 First order", [
        I("(99)", "tr(X)", "X", "eye(n)", "X=n,n"),
        I("(100)", "tr(X*A)", "X", "A'", "X=m,n"),
        I("(101)", "tr(A*X*B)", "X", "A'*B'", "A=m,n X=n,p"),
        I("(102)", "tr(A*X'*B)", "X", "B*A", "A=m,n X=p,n"),
        I("(103)", "tr(X'*A)", "X", "A", "X=m,n"),
        I("(104)", "tr(A*X')", "X", "A", "X=m,n"),
        I("(105)", "tr(kron(A,X))", "X", "tr(A)*eye(n)", "A=m,m X=n,n", remark="A and X square."),
    ]),
    ("2.5.2 Second order", [
        I("(106)", "tr(X^2)", "X", "2*X'"),
        I("(107)", "tr(X^2*B)", "X", "(X*B+B*X)'", "X=n,n"),
        I("(108)", "tr(X'*B*X)", "X", "B*X+B'*X", "X=m,n"),
        I("(109)", "tr(B*X*X')", "X", "B*X+B'*X", "X=m,n"),
        I("(110)", "tr(X*X'*B)", "X", "B*X+B'*X", "X=m,n"),
        I("(111)", "tr(X*B*X')", "X", "X*B'+X*B", "X=m,n"),
        I("(112)", "tr(B*X'*X)", "X", "X*B'+X*B", "X=m,n"),
        I("(113)", "tr(X'*X*B)", "X", "X*B'+X*B", "X=m,n"),
        I("(114)", "tr(A*X*B*X)", "X", "A'*X'*B'+B'*X'*A'", "A=n,m X=m,n"),
        I("(115)", "tr(X'*X)", "X", "2*X", "X=m,n"),
        I("(115)", "tr(X*X')", "X", "2*X", "X=m,n"),
        I("(116)", "tr(B'*X'*C*X*B)", "X", "C'*X*B*B'+C*X*B*B'", "X=m,n B=n,p"),
        I("(117)", "tr(X'*B*X*C)", "X", "B*X*C+B'*X*C'", "X=m,n"),
        I("(118)", "tr(A*X*B*X'*C)", "X", "A'*C'*X*B'+C*A*X*B", "A=p,m X=m,n C=m,p"),
        I("(119)", "tr((A*X*B+C)*(A*X*B+C)')", "X", "2*A'*(A*X*B+C)*B'", "A=p,m X=m,n B=n,q"),
        I("(120)", "tr(kron(X,X))", "X", "2*tr(X)*eye(n)", "X=n,n"),
    ]),
    ("2.5.3 Higher order", [
        I("(121)", "tr(X^k)", "X", "k*(X^(k-1))'", assume="k: integer"),
        I("(122)", "tr(A*X^3)", "X", "(A*X^2+X*A*X+X^2*A)'", "X=n,n", remark="k = 3."),
        I("(123)", "tr(B'*X'*C*X*X'*C*X*B)", "X", CUBIC, "X=m,n B=n,p"),
    ]),
    ("2.5.4 Other", [
        I("(124)", "tr(A*inv(X)*B)", "X", "-inv(X)'*A'*B'*inv(X)'", "A=m,n B=n,m"),
        I("(125)", f"tr({GRAM}*A)", "X", f"-(C*X*{GRAM})*(A+A')*{GRAM}", "X=m,n", assume="C: symmetric", sizes="m > n"),
        I("(126)", f"tr({GRAM}*(X'*B*X))", "X", f"-2*C*X*{GRAM}*X'*B*X*{GRAM}+2*B*X*{GRAM}", "X=m,n", assume=BOTH,
          sizes="m > n"),
        I("(127)", f"tr({SHIFTED}*(X'*B*X))", "X", f"-2*C*X*{SHIFTED}*X'*B*X*{SHIFTED}+2*B*X*{SHIFTED}", "X=m,n",
          assume=BOTH, agrees=False, remark="The book assumes B and C symmetric; A must be so too."),
        I("(127)", f"tr({SHIFTED}*(X'*B*X))", "X", f"-2*C*X*{SHIFTED}*X'*B*X*{SHIFTED}+2*B*X*{SHIFTED}", "X=m,n",
          assume=THREE, remark="The same with A symmetric."),
        I("(128)", "tr(sin(X))", "X", "cos(X)'", "X=n,n", agrees=False,
          remark="The book's sin and cos are functions of a matrix (power series); in frechet they act entry by entry, "
          "and only the diagonal is left.  A matrix sine is not in the language."),
    ]),
]  # fmt: skip
