"""Sections 2 to 2.3: rules, determinants, inverses, eigenvalues."""

from cookbook.identity import Identity as I
from cookbook.identity import Table

FIRST: Table = [
    ("2 Derivatives: the rules for differentials", [
        I("(32)", "X", "X", "delta(k,i)*delta(l,j)", "X=m,n", "index", indices=("kl", "ij")),
        I("(34)", "a*X", "X", "a*dX", "X=m,n", "differential"),
        I("(35)", "X+Y", "X Y", "dX+dY", "X=m,n", "differential"),
        I("(36)", "tr(X)", "X", "tr(dX)", form="differential"),
        I("(37)", "X*Y", "X Y", "dX*Y+X*dY", "X=m,n Y=n,p", "differential"),
        I("(38)", "X.*Y", "X Y", "dX.*Y+X.*dY", "X=m,n", "differential"),
        I("(39)", "kron(X,Y)", "X Y", "kron(dX,Y)+kron(X,dY)", "X=m,n Y=p,q", "differential"),
        I("(40)", "inv(X)", "X", "-inv(X)*dX*inv(X)", form="differential", remark="X invertible."),
        I("(41)", "det(X)", "X", "tr(adj(X)*dX)", form="differential",
          remark="Holds for singular X too; (42), (49) and frechet's formula, which use the inverse, do not."),
        I("(42)", "det(X)", "X", "det(X)*tr(inv(X)*dX)", form="differential", remark="X invertible."),
        I("(43)", "log(det(X))", "X", "tr(inv(X)*dX)", form="differential",
          remark="As typed det X must be positive; `logdet(X)`, the logarithm of |det X|, has this differential at "
          "every invertible X."),
        I("(44)", "X'", "X", "dX'", "X=m,n", "differential"),
        I("(45)", "herm(X)", "X", "herm(dX)", "X=m,n", "differential", "X: complex"),
    ]),
    ("2.1 Derivatives of a determinant", [
        I("(46)", "det(A+t^2*B)", "t", "det(A+t^2*B)*tr(inv(A+t^2*B)*2*t*B)", "A=n,n t=", "derivative",
          remark="The book's Y(x) is A+t^2*B here."),
        I("(47), (50)", "det(X)", "X", "adj(X)'",
          remark="The book states `gradient*X' = det(X)*eye(n)`, of which the adjugate is the solution at every X."),
        I("(48)", "det(A+t^2*B)", "t",
          "det(A+t^2*B)*(tr(inv(A+t^2*B)*2*B)+tr(inv(A+t^2*B)*2*t*B)^2-tr(inv(A+t^2*B)*2*t*B*inv(A+t^2*B)*2*t*B))",
          "A=n,n t=", "hessian", order=2, remark="The book's Y(x) is A+t^2*B here."),
        I("(49)", "det(X)", "X", "det(X)*inv(X)'", remark="X invertible."),
        I("(51)", "det(A*X*B)", "X", "det(A*X*B)*inv(X)'", "A=n,n X=n,n", remark="A, X and B square."),
        I("(51)", "det(A*X*B)", "X", "det(A*X*B)*inv(X)'", "A=p,m X=m,n", sizes="p <= m and p <= n", agrees=False,
          remark="The book does not say that A, X and B must be square; in general only their product is, and "
          "frechet's formula holds."),
        I("(52)", "det(X'*A*X)", "X", "2*det(X'*A*X)*inv(X)'", "X=n,n"),
        I("(53)", "det(X'*A*X)", "X", "2*det(X'*A*X)*A*X*inv(X'*A*X)", "X=m,n", assume="A: symmetric", sizes="m > n",
          remark="X has at least as many rows as columns, else the determinant is 0 everywhere."),
        I("(54)", "det(X'*A*X)", "X", "det(X'*A*X)*(A*X*inv(X'*A*X)+A'*X*inv(X'*A'*X))", "X=m,n", sizes="m > n"),
        I("(55)", "log(det(X'*X))", "X", "2*pinv(X)'", "X=m,n", sizes="m > n", remark="X of full column rank."),
        I("(56)", "log(det(pinv(P)'*pinv(P)))", "P", "-2*pinv(P)'", "P=n,m", sizes="m > n",
          remark="P is the book's X⁺, so that its -2X' is -2*pinv(P)'; P of full row rank."),
        I("(57)", "log(abs(det(X)))", "X", "inv(X)'"),
        I("(58)", "det(X^k)", "X", "k*det(X^k)*inv(X)'", assume="k: integer", remark="X invertible."),
    ]),
    ("2.2 Derivatives of an inverse", [
        I("(59)", "inv(A+t^2*B)", "t", "-inv(A+t^2*B)*2*t*B*inv(A+t^2*B)", "A=n,n t=", "derivative",
          remark="The book's Y(x) is A+t^2*B here."),
        I("(60)", "inv(X)", "X", "-inv(X)[k,i]*inv(X)[j,l]", form="index", indices=("kl", "ij")),
        I("(61)", "a'*inv(X)*b", "X", "-inv(X)'*a*b'*inv(X)'", "a=n b=n X=n,n"),
        I("(62)", "det(inv(X))", "X", "-det(inv(X))*inv(X)'"),
        I("(63)", "tr(A*inv(X)*B)", "X", "-(inv(X)*B*A*inv(X))'", "A=m,n B=n,m"),
        I("(64)", "tr(inv(X+A))", "X", "-(inv(X+A)*inv(X+A))'"),
        I("2.2", "sum(sigma(inv(A)))", "A", "-inv(A)'*sigma'(inv(A))*inv(A)'", "A=n,n",
          remark="Unnumbered, for any function J of the inverse W; here J is sum(sigma(W)), with gradient sigma'(W)."),
    ]),
    ("2.3 Derivatives of eigenvalues", [
        I("(65)", "sum(eigvalsh(X))", "X", "eye(n)", "X=n,n", assume="X: symmetric",
          remark="For symmetric X (`eigvalsh` reads the symmetric part); the sum and the product are smooth where "
          "single eigenvalues are not."),
        I("(66)", "prod(eigvalsh(X))", "X", "det(X)*inv(X)'", "X=n,n", assume="X: symmetric"),
        I("(67)", "eigvalsh(A)[2]", "A", "eigvecs(A)[:,2]'*dA*eigvecs(A)[:,2]", "A=n,n", "differential", "A: symmetric",
          remark="Eigenvalues distinct; the second one here."),
        I("(68)", "eigvecs(A)[:,2]", "A", "pinv(eigvalsh(A)[2]*eye(n)-A)*dA*eigvecs(A)[:,2]", "A=n,n", "differential",
          "A: symmetric", remark="Eigenvalues distinct; the sign of an eigenvector stays as it is."),
    ]),
]  # fmt: skip
