"""Words with one meaning: the functions of NumPy, MATLAB, R, Julia, Mathematica, Stan and of textbooks, as formulas."""

from __future__ import annotations

from frechet.ops.words.record import Case, Word, word

_COLUMNS = "vectors are columns: {0} stands above {1}"
_BESIDE = "vectors are columns: {1} stands to the right of {0}"

_NAMES = (
    # another name of what is here
    word("trace", "A", "tr(A)"),
    word("determinant", "A", "det(A)"),
    word("inverse matinv", "A", "inv(A)"),
    word("pseudoinverse pinverse ginv", "A", "pinv(A)"),
    word("transpose", "A", "A'"),
    word("ctranspose adjoint conjugatetranspose", "A", "herm(A)", "{0} is transposed and conjugated"),
    word("conjugate", "x", "conj(x)"),
    word("ln", "x", "log(x)"),
    word("lse log_sum_exp", "x", "logsumexp(x)"),
    word("frob fro frobenius", "X", "norm2(X)"),
    word("asin", "x", "arcsin(x)"),
    word("acos", "x", "arccos(x)"),
    word("atan", "x", "arctan(x)"),
    word("loggamma gammaln logabsgamma", "x", "lgamma(x)"),
    word("psi", "x", "digamma(x)", "psi({0}) is the digamma function; ψ({0}), the letter, is some smooth function"),
    word("trigamma", "x", "polygamma(1,x)"),
    word("pos", "x", "relu(x)"),
    word("logisticsigmoid logistic inv_logit invlogit plogis expit", "x", "sigmoid(x)"),
    word("log1p_exp log1pexp", "x", "softplus(x)"),
    word("swish", "x", "silu(x)"),
    word("sgn signum", "x", "sign(x)"),
    word("total", "x", "sum(x)"),
    word("maximum pmax", "x, y", "max(x,y)"),
    word("minimum pmin", "x, y", "min(x,y)"),
    word("amax", "x", "max(x)"),
    word("amin", "x", "min(x)"),
    word("cholesky", "A", "chol(A)"),
    word("matrixexp", "A", "expm(A)"),
    word("matrixlog", "A", "logm(A)"),
    word("kronecker kroneckerproduct", "A, B", "kron(A,B)"),
    word("khatri_rao", "A, B", "khatrirao(A,B)"),
    word("diag_matrix diagonalmatrix diagm", "v[n]", "diag(v)"),
    word("opnorm", "X[m,n]", "norm_spectral(X)"),
    word("logabsdet log_determinant logdeterminant", "A", "logdet(A)"),
    word("slogdet", "A", "logdet(A)", "slogdet({0}) is its second part, the logarithm of |det {0}|"),
)

_PRODUCTS = (
    Word(
        ("dot", "inner", "dotproduct", "dot_product", "vdot"),
        (
            Case("x[n], y[n]", "x'*y"),
            Case(
                "A[m,n], B[m,n]", "tr(A'*B)", "of matrices {0} and {1} it is the sum of the products of their entries"
            ),
            Case("A[m,n], x[n]", "A*x", "dot of a matrix and a vector is their product, as in NumPy"),
            Case("a[], b[]", "a*b"),
        ),
    ),
    word("outer", "x[m], y[n]", "x*y'"),
    word("hadamard times multiply elt_multiply", "A, B", "A.*B"),
    word("rdivide elt_divide", "A, B", "A./B"),
    word("mtimes matmul", "A, B", "A*B"),
    word("plus", "A, B", "A+B"),
    word("minus subtract", "A, B", "A-B"),
    word("power", "A, k[]", "A.^k"),
    word("mpower matrix_power matrixpower", "A[n,n], k[]", "A^k"),
    Word(
        ("solve", "linsolve", "linearsolve", "mldivide"),
        (
            Case("a[], b", "b/a"),
            Case("A[n,n], b[n]", "inv(A)*b"),
            Case("A[n,n], B[n,p]", "inv(A)*B"),
            Case("A[n,n]", "inv(A)"),
        ),
    ),
    word("mrdivide", "B, A", "B*inv(A)"),
    Word(("crossprod",), (Case("A, B", "A'*B"), Case("A", "A'*A"))),
    Word(("tcrossprod",), (Case("A, B", "A*B'"), Case("A", "A*A'"))),
    Word(("quad_form",), (Case("A, b", "b'*A*b"),)),
    word("trace_quad_form", "A, B", "tr(B'*A*B)"),
    word("diag_pre_multiply", "v[n], A", "diag(v)*A"),
    word("diag_post_multiply", "A, v[n]", "A*diag(v)"),
)

_COUNTS = (
    "norm({0},0) counts the entries that are not zero, and jumps: it has no derivative; its usual stand-in is "
    "norm1({0})"
)
_NORMS = (
    Word(
        ("norm",),
        (
            Case("x[]", "abs(x)"),
            Case("x[n]", "norm2(x)"),
            Case("x[1,n]", "norm2(x)"),
            Case(
                "X[m,n]",
                asked=(
                    ("the Frobenius norm, as in NumPy", "norm2(X)"),
                    ("the largest singular value, as in MATLAB", "norm_spectral(X)"),
                ),
            ),
            Case("X, 'fro'", "norm2(X)"),
            Case("X[m,n], 'nuc'", "norm_nuclear(X)"),
            Case("x[n], p=1", "norm1(x)"),
            Case("x[1,n], p=1", "norm1(x)"),
            Case("x[n], p=2", "norm2(x)"),
            Case("x[1,n], p=2", "norm2(x)"),
            Case("x[n], inf", "max(abs(x))"),
            Case("x[1,n], inf", "max(abs(x))"),
            Case("x[n], -inf", "min(abs(x))", "norm({0},-inf) is the least modulus"),
            Case("x[1,n], -inf", "min(abs(x))", "norm({0},-inf) is the least modulus"),
            Case("x[n], p=0", refused=_COUNTS),
            Case("x[1,n], p=0", refused=_COUNTS),
            Case("X[m,n], p=0", refused=_COUNTS),
            Case("x[n], p[]", "sum(abs(x).^p)^(1/p)"),
            Case("X[m,n], p=2", "norm_spectral(X)", "norm({0},2) is the largest singular value"),
            Case(
                "X[m,n], p=1",
                asked=(
                    ("the largest column sum of moduli, as in MATLAB", "max(sum(abs(X),1))"),
                    ("the sum of all moduli, as in Julia", "norm1(X)"),
                ),
            ),
            Case(
                "X[m,n], inf",
                asked=(
                    ("the largest row sum of moduli, as in MATLAB", "max(sum(abs(X),2))"),
                    ("the largest modulus, as in Julia", "max(abs(X))"),
                ),
            ),
        ),
    ),
    word("sumsqr ssq sumsq dot_self", "x", "norm2(x)^2"),
    word("squared_distance", "x[n], y[n]", "norm2(x-y)^2"),
    word("distance", "x[n], y[n]", "norm2(x-y)"),
    Word(
        ("normalize", "normalise"),
        (
            Case("x[n]", "x/norm2(x)", "normalize({0}) is {0} over its length"),
            Case("x[1,n]", "x/norm2(x)", "normalize({0}) is {0} over its length"),
            Case(
                "X[m,n]",
                asked=(
                    ("by the length of each column", "X*diag(1./sqrt(sum(X.^2,1)))"),
                    ("by the length of each row", "diag(1./sqrt(sum(X.^2,2)))*X"),
                    ("by the norm of the whole", "X/norm2(X)"),
                ),
            ),
        ),
    ),
)

_ENTRYWISE = (
    word("log1p", "x", "log(1+x)", python=("log1p", "special.log1p")),
    word("log1m", "x", "log(1-x)"),
    word("expm1", "x", "exp(x)-1", python=("expm1", "special.expm1")),
    word("exp2", "x", "exp(x*log(2))", python=("exp2",)),
    word("square", "x", "x.^2", python=("square",)),
    word("reciprocal", "x", "1./x", python=("reciprocal",)),
    word("inv_sqrt rsqrt", "x", "1./sqrt(x)", python=("rsqrt",)),
    word(
        "logsigmoid log_sigmoid log_inv_logit loglogistic",
        "x",
        "-softplus(-x)",
        python=("special.log_expit", "nn.log_sigmoid", "functional.logsigmoid"),
    ),
    word("logcosh", "x", "log(cosh(x))"),
    word("logit qlogis", "x", "log(x)-log(1-x)", python=("special.logit", "logit")),
    word("sech", "x", "1./cosh(x)"),
    word("csch", "x", "1./sinh(x)"),
    word("coth", "x", "1./tanh(x)"),
    word("sec", "x", "1./cos(x)"),
    word("csc", "x", "1./sin(x)"),
    word("cot", "x", "1./tan(x)"),
    word("asinh arcsinh", "x", "log(x+sqrt(x.^2+1))", python=("arcsinh", "asinh")),
    word("acosh arccosh", "x", "log(x+sqrt(x.^2-1))", python=("arccosh", "acosh")),
    word("atanh arctanh", "x", "log((1+x)./(1-x))/2", python=("arctanh", "atanh")),
    word("log2", "x", "log(x)/log(2)", python=("log2",)),
    word("log10", "x", "log(x)/log(10)", python=("log10",)),
    word("cbrt", "x", "x.^(1/3)"),
    word("heaviside heavisidetheta unitstep", "x", "step(x)"),
    word("hypot", "x, y", "sqrt(x.^2+y.^2)", python=("hypot",)),
    word("xlogy lmultiply", "x, y", "x.*log(y)", python=("special.xlogy", "xlogy")),
    word("xlog1py", "x, y", "x.*log(1+y)", python=("special.xlog1py",)),
    word("xlogx", "x", "x.*log(x)"),
    word("entr", "x", "-(x.*log(x))", python=("special.entr",)),
    word("rel_entr", "x, y", "x.*log(x./y)", python=("special.rel_entr",)),
    word("kl_div", "x, y", "x.*log(x./y)-x+y", python=("special.kl_div",)),
    word("beta", "x, y", "exp(lgamma(x)+lgamma(y)-lgamma(x+y))", python=("special.beta",)),
    word("lbeta betaln logbeta", "x, y", "lgamma(x)+lgamma(y)-lgamma(x+y)", python=("special.betaln",)),
    word("deg2rad", "x", "x*pi/180", python=("deg2rad", "radians")),
    word("rad2deg", "x", "x*180/pi", python=("rad2deg", "degrees")),
)

_BLOCKS = (
    Word(
        ("vstack", "vertcat", "vcat", "rbind", "append_row"),
        (Case("x[m], y[n]", "[x; y]", _COLUMNS), Case("A, B", "[A; B]")),
        folds=True,
    ),
    Word(
        ("hstack", "horzcat", "hcat", "cbind", "append_col"),
        (
            Case("x[n], y[n]", "[x, y]", _BESIDE),
            Case("x[n], y[]", asked=(("a longer vector, as in NumPy", "[x; y]"), ("a row", "[x', y]"))),
            Case("x[], y[n]", asked=(("a longer vector, as in NumPy", "[x; y]"), ("a row", "[x, y']"))),
            Case("A, B", "[A, B]"),
        ),
        folds=True,
    ),
    Word(
        ("blkdiag", "block_diag", "blockdiag"),
        (
            Case("A[m,n], B[p,q]", "[A, zeros(m,q); zeros(p,n), B]"),
            Case("x[m], B[p,q]", "[x, zeros(m,q); zeros(p), B]"),
            Case("A[m,n], y[p]", "[A, zeros(m); zeros(p,n), y]"),
            Case("x[m], y[p]", "[x, zeros(m); zeros(p), y]"),
        ),
        folds=True,
        python=("linalg.block_diag", "block_diag"),
    ),
    word("diff", "x[n]", "[zeros(n-1), eye(n-1)]*x - [eye(n-1), zeros(n-1)]*x"),
)

_MATRICES = (
    word("sym", "A[n,n]", "(A+A')/2"),
    word("cof cofactor", "A[n,n]", "adj(A)'"),
    word("dev", "A[n,n]", "A-tr(A)/n*eye(n)"),
    word("trexp", "A[n,n]", "tr(expm(A))"),
    Word(
        ("lyap",),
        (
            Case("A[n,n], Q[n,n]", "sylvester(A,A',-Q)", "lyap({0},{1}) is MATLAB's: the X with A*X + X*A' + Q = 0"),
            Case("A, B, C", "sylvester(A,B,-C)", "lyap({0},{1},{2}) is MATLAB's: the X with A*X + X*B + C = 0"),
        ),
    ),
    word("dlyap", "A[n,n], Q[n,n]", "stein(A,A',Q)", "dlyap({0},{1}) is MATLAB's: the X with A*X*A' - X + Q = 0"),
    word(
        "solve_continuous_lyapunov", "A[n,n], Q[n,n]", "sylvester(A,A',Q)", python=("linalg.solve_continuous_lyapunov",)
    ),
    word("solve_sylvester", "A[m,m], B[n,n], C[m,n]", "sylvester(A,B,C)", python=("linalg.solve_sylvester",)),
    word("solve_discrete_lyapunov", "A[n,n], Q[n,n]", "stein(A,A',Q)", python=("linalg.solve_discrete_lyapunov",)),
    word("fft", "x[n]", "dft(n)*x", python=("fft.fft",)),
    word("ifft", "x[n]", "conj(dft(n))*x/n", python=("fft.ifft",)),
)

READ: tuple[Word, ...] = (*_NAMES, *_PRODUCTS, *_NORMS, *_ENTRYWISE, *_BLOCKS, *_MATRICES)
"""The words that are read."""
