"""frechet: matrix calculus that shows its work and proves it.

Made by `make pages` from the face of the package and from the records of the operations.
"""

from frechet.core.dim import Dim as Dim
from frechet.errors import FrechetError as FrechetError
from frechet.explain.plain import Answer as Answer
from frechet.explain.render.typeset import typeset as typeset
from frechet.library.check import check as check
from frechet.library.compiling import compile as compile
from frechet.library.declared import dims as dims
from frechet.library.declared import matrix as matrix
from frechet.library.declared import parse as parse
from frechet.library.declared import scalar as scalar
from frechet.library.declared import tensor as tensor
from frechet.library.declared import variable as variable
from frechet.library.declared import vector as vector
from frechet.library.derivative import Derivative as Derivative
from frechet.library.derive import derive as derive
from frechet.library.derive import source as source
from frechet.library.derive import spelled as spelled
from frechet.library.equality import equal as equal
from frechet.library.explain import conventions as conventions
from frechet.library.explain import explain as explain
from frechet.library.formula import Formula as Formula
from frechet.library.formula import Operand as Operand
from frechet.library.operation import Operation as Operation
from frechet.library.operation import operation as operation
from frechet.library.signs import einsum as einsum
from frechet.library.signs import hadamard as hadamard
from frechet.library.signs import hcat as hcat
from frechet.library.signs import power as power
from frechet.library.signs import vcat as vcat
from frechet.library.unspecified import Function as Function
from frechet.library.unspecified import function as function
from frechet.library.words import Array as Array
from frechet.library.words import Assumption as Assumption
from frechet.library.words import Explained as Explained
from frechet.library.words import Form as Form
from frechet.library.words import Given as Given
from frechet.library.words import Language as Language
from frechet.library.words import Layout as Layout
from frechet.library.words import Order as Order
from frechet.library.words import Size as Size
from frechet.library.words import VecOrder as VecOrder

__version__: str

__all__ = [
    "Answer",
    "Array",
    "Assumption",
    "Derivative",
    "Dim",
    "Explained",
    "Form",
    "Formula",
    "FrechetError",
    "Function",
    "Given",
    "Language",
    "Layout",
    "Operand",
    "Operation",
    "Order",
    "Size",
    "VecOrder",
    "abs",
    "adj",
    "arccos",
    "arcsin",
    "arctan",
    "atan2",
    "care",
    "check",
    "chol",
    "circsums",
    "circulant",
    "clip",
    "commutation",
    "compile",
    "conj",
    "conv",
    "conventions",
    "cos",
    "cosh",
    "cross",
    "cumprod",
    "cumsum",
    "dare",
    "derive",
    "det",
    "dft",
    "diag",
    "diagsums",
    "digamma",
    "dims",
    "duplication",
    "eigvalsh",
    "eigvecs",
    "einsum",
    "elimination",
    "elu",
    "equal",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "explain",
    "expm",
    "expm_frechet",
    "eye",
    "function",
    "gamma",
    "gelu",
    "hadamard",
    "hat",
    "hcat",
    "herm",
    "huber",
    "imag",
    "inv",
    "khatrirao",
    "kron",
    "lambertw",
    "leakyrelu",
    "lgamma",
    "log",
    "logdet",
    "logm",
    "logm_frechet",
    "logsumexp",
    "matrix",
    "max",
    "mean",
    "median",
    "middle",
    "min",
    "norm1",
    "norm2",
    "norm_nuclear",
    "norm_spectral",
    "normcdf",
    "norminv",
    "normpdf",
    "ones",
    "operation",
    "parse",
    "permute",
    "phi",
    "pinv",
    "polygamma",
    "power",
    "prod",
    "qr_q",
    "qr_r",
    "real",
    "relu",
    "reshape",
    "scalar",
    "sigmoid",
    "sign",
    "silu",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sort",
    "sortperm",
    "source",
    "spelled",
    "sqrt",
    "sqrtm",
    "stein",
    "step",
    "sum",
    "svd_u",
    "svd_v",
    "svdvals",
    "sylvester",
    "tan",
    "tanh",
    "tensor",
    "toeplitz",
    "tr",
    "tril",
    "triu",
    "typeset",
    "unit",
    "variable",
    "vcat",
    "vec",
    "vech",
    "vector",
    "vee",
    "zeros",
]

def abs(x: Operand) -> Formula:
    """The modulus of every entry.

    Any array; the shape stays.
    Where an entry of x is 0, its modulus has no derivative; the formula takes 0 there (sign(0) = 0).

    >>> import frechet as fr
    >>> fr.derive(fr.abs(fr.scalar("x")), "x").derivative
    sign(x)
    """

def adj(x: Operand) -> Formula:
    """The adjugate: X*adj(X) = det(X)*eye(n).

    A square matrix; the shape stays.
    The formula needs x invertible.

    >>> import frechet as fr
    >>> fr.adj(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).round(9).tolist()
    [[4.0, -2.0], [-3.0, 1.0]]
    """

def arccos(x: Operand) -> Formula:
    """The inverse cosine of every entry.

    Any array; the shape stays.
    With every entry of x between -1 and 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arccos(fr.scalar("x")), "x").derivative
    -1/sqrt(1-x^2)
    """

def arcsin(x: Operand) -> Formula:
    """The inverse sine of every entry.

    Any array; the shape stays.
    With every entry of x between -1 and 1.

    >>> import frechet as fr
    >>> fr.derive(fr.arcsin(fr.scalar("x")), "x").derivative
    1/sqrt(1-x^2)
    """

def arctan(x: Operand) -> Formula:
    """The inverse tangent of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.arctan(fr.scalar("x")), "x").derivative
    1/(1+x^2)
    """

def atan2(y: Operand, x: Operand) -> Formula:
    """The angle of the point (x,y), from -π to π, of every entry.

    Arrays of one shape, or scalars; the result has that shape.
    Where y and x are both 0, atan2 has no derivative; where y is 0 and x negative, it jumps by 2π.

    >>> import frechet as fr
    >>> fr.derive(fr.atan2(fr.scalar("y"), fr.scalar("x")), "y").derivative
    x/(x^2+y^2)
    """

def care(a: Operand, b: Operand, q: Operand, r: Operand) -> Formula:
    """The stabilizing solution P of A'*P + P*A - P*B*inv(R)*B'*P + Q = 0.

    A n×n, B n×m, Q n×n, R m×m; the solution is n×n.
    a and b must be stabilizable, r invertible, with no closed loop on the imaginary axis: elsewhere there is no
    stabilizing solution, and care has no value.

    >>> import frechet as fr
    >>> a, b, q, r = (fr.scalar(name) for name in "abqr")
    >>> fr.care(a, b, q, r).evaluate(a=0, b=1, q=4, r=1).round(9).tolist()
    2.0
    """

def chol(x: Operand) -> Formula:
    """The lower triangular L with L*L' = X, of a positive definite X.

    A square matrix; the shape stays.
    x must be positive definite.

    >>> import frechet as fr
    >>> fr.chol(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).tolist()
    [[2.0, 0.0], [0.0, 3.0]]
    """

def circsums(x: Operand) -> Formula:
    """The sums along the diagonals of a square matrix continued periodically: the k-th is of the entries k-1 rows
    below the diagonal.

    A square matrix n×n; the value is a vector of length n.

    >>> import frechet as fr
    >>> fr.circsums(fr.matrix("X", 2, 2)).evaluate(X=[[1, 2], [3, 4]]).tolist()
    [5.0, 5.0]
    """

def circulant(c: Operand) -> Formula:
    """The circulant matrix with first column c.

    A vector of length n; the value is n×n.

    >>> import frechet as fr
    >>> fr.derive(fr.circulant(fr.vector("c", "n")) @ fr.vector("x", "n"), "c").jacobian()
    circulant(x)
    """

def clip(x: Operand, a: Operand, b: Operand) -> Formula:
    """x kept between a and b: a below a, b above b, else x; of every entry, with a ≤ b.

    Arrays of one shape, or scalars; the result has that shape.
    Where an entry of x is at one of its bounds, clip has no derivative; the formula takes 0 there. The lower
    bound must not be above the upper one.

    >>> import frechet as fr
    >>> fr.derive(fr.clip(fr.scalar("x"), -1, 1), "x").derivative
    step(1-x)*step(1+x)
    """

def commutation(m: Size, n: Size) -> Formula:
    """The commutation matrix: K*vec(X) = vec(X'), X m×n.

    m*n×m*n.

    >>> import frechet as fr
    >>> (fr.commutation(2, 2) @ fr.vec(fr.matrix("X", 2, 2))).evaluate(X=[[1, 2], [3, 4]]).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """

def conj(x: Operand) -> Formula:
    """The complex conjugate of every entry; of a real array the array.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.conj(fr.vector("z", "n", complex=True))
    conj(z)
    """

def conv(x: Operand, y: Operand) -> Formula:
    """The full convolution of two vectors, m+n-1 entries: the coefficients of a product of polynomials.

    Vectors of lengths m and n; the value has m+n-1 entries.

    >>> import frechet as fr
    >>> fr.conv(fr.vector("x", 2), fr.vector("y", 2)).evaluate(x=[1, 1], y=[1, 2]).tolist()
    [1.0, 3.0, 2.0]
    """

def cos(x: Operand) -> Formula:
    """The cosine of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.cos(fr.scalar("x")), "x").derivative
    -sin(x)
    """

def cosh(x: Operand) -> Formula:
    """The hyperbolic cosine of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.cosh(fr.scalar("x")), "x").derivative
    sinh(x)
    """

def cross(a: Operand, b: Operand) -> Formula:
    """The cross product of two vectors of length 3.

    Two vectors of length 3; their cross product is one too.

    >>> import frechet as fr
    >>> fr.derive(fr.cross(fr.vector("a", 3), fr.vector("b", 3)), "a").jacobian()
    -hat(b)
    """

def cumprod(x: Operand, axis: int | None = None) -> Formula:
    """The product of the entries up to each, of a vector or along an axis.

    A vector, or a matrix or a tensor along an axis; the shape stays.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.
    The formula divides by the entries of x: none may be 0.

    >>> import frechet as fr
    >>> fr.cumprod(fr.vector("x", "n")).evaluate(x=[1, 2, 3]).tolist()
    [1.0, 2.0, 6.0]
    """

def cumsum(x: Operand, axis: int | None = None) -> Formula:
    """The sum of the entries up to each, of a vector or along an axis.

    A vector, or a matrix or a tensor along an axis; the shape stays.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> fr.derive(fr.cumsum(fr.vector("x", "n")), "x").jacobian()
    tril(ones(n,n))
    """

def dare(a: Operand, b: Operand, q: Operand, r: Operand) -> Formula:
    """The stabilizing solution P of A'*P*A - P - A'*P*B*inv(R+B'*P*B)*B'*P*A + Q = 0.

    A n×n, B n×m, Q n×n, R m×m; the solution is n×n.
    a and b must be stabilizable, r invertible, with no closed loop on the unit circle: elsewhere there is no
    stabilizing solution, and dare has no value.

    >>> import frechet as fr
    >>> a, b, q, r = (fr.scalar(name) for name in "abqr")
    >>> fr.dare(a, b, q, r).evaluate(a=0, b=1, q=4, r=1).round(9).tolist()
    4.0
    """

def det(x: Operand) -> Formula:
    """The determinant.

    A square matrix; a scalar.
    The formula needs x invertible; where it is singular, its adjugate stands for its determinant times its
    inverse.

    >>> import frechet as fr
    >>> fr.det(fr.matrix("A", 2, 2)).evaluate(A=[[2, 0], [0, 3]]).round(9).tolist()
    6.0
    """

def dft(n: Size) -> Formula:
    """The matrix of the discrete Fourier transform, F[j,k] = exp(-2πi(j-1)(k-1)/n).

    n×n.

    >>> import frechet as fr
    >>> F = fr.dft("n")
    >>> fr.derive(fr.norm2(F @ fr.vector("x", "n")) ** 2, "x").gradient
    2*n*x
    """

def diag(x: Operand) -> Formula:
    """The diagonal matrix of a vector or a row; the diagonal of a square matrix, a vector.

    A vector or a row of length n becomes n×n; a square matrix n×n becomes a vector of length n.

    >>> import frechet as fr
    >>> fr.diag(fr.vector("x", "n")).shape, fr.diag(fr.matrix("A", "n", "n")).shape
    (('n', 'n'), ('n',))
    """

def diagsums(x: Operand) -> Formula:
    """The sums along the diagonal and along each diagonal below it: m entries of an m×n matrix.

    A matrix m×n; the value is a vector of length m.

    >>> import frechet as fr
    >>> fr.diagsums(fr.matrix("X", 2, 2)).evaluate(X=[[1, 2], [3, 4]]).tolist()
    [5.0, 3.0]
    """

def digamma(x: Operand) -> Formula:
    """ψ(x) = Γ'(x)/Γ(x), the derivative of lgamma.

    Any array; the shape stays.
    With every entry of x positive.
    No entry of x may be 0 or a negative integer.

    >>> import frechet as fr
    >>> fr.derive(fr.digamma(fr.scalar("x")), "x").derivative
    polygamma(1,x)
    """

def duplication(n: Size) -> Formula:
    """The duplication matrix: D*vech(S) = vec(S), S symmetric.

    n^2×n*(n+1)/2.

    >>> import frechet as fr
    >>> fr.duplication("n").shape
    ('n^2', 'n^2/2+n/2')
    """

def eigvalsh(x: Operand) -> Formula:
    """The eigenvalues of a symmetric matrix (of the symmetric part of any), ascending; distinct ones.

    A square matrix n×n; a vector of length n.
    With eigenvalues of x all distinct.
    Where two eigenvalues of x are equal, they have no derivative one by one.

    >>> import frechet as fr
    >>> fr.eigvalsh(fr.matrix("X", 2, 2)).evaluate(X=[[2, 0], [0, 1]]).round(9).tolist()
    [1.0, 2.0]
    """

def eigvecs(x: Operand) -> Formula:
    """Orthonormal eigenvectors of a symmetric matrix as columns, in the order of eigvalsh.

    A square matrix; the shape stays.
    With eigenvalues of x all distinct.
    Where two eigenvalues of x are equal, they have no derivative one by one.

    >>> import frechet as fr
    >>> fr.eigvecs(fr.matrix("X", "n", "n")).shape
    ('n', 'n')
    """

def elimination(n: Size) -> Formula:
    """The elimination matrix: L*vec(A) = vech(A).

    n*(n+1)/2×n^2.

    >>> import frechet as fr
    >>> fr.elimination("n").shape
    ('n^2/2+n/2', 'n^2')
    """

def elu(x: Operand, a: Operand) -> Formula:
    """x where x > 0, else a*(exp(x)-1), of every entry.

    Arrays of one shape, or scalars; the result has that shape.
    Where an entry of x is 0, elu has no derivative unless a is 1; the formula takes a there.

    >>> import frechet as fr
    >>> fr.elu(fr.vector("x", "n"), 1).evaluate(x=[2, 0]).tolist()
    [2.0, 0.0]
    """

def erf(x: Operand) -> Formula:
    """The error function 2/√π ∫₀ˣ exp(-t²) dt of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.erf(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8427]
    """

def erfc(x: Operand) -> Formula:
    """The complementary error function 1 - erf(x) of every entry, accurate where erf(x) is close to 1.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.erfc(fr.scalar("x")), "x").derivative
    -2*exp(-x^2)/sqrt(pi)
    """

def erfinv(x: Operand) -> Formula:
    """The inverse of the error function, of every entry.

    Any array; the shape stays.
    With every entry of x between -1 and 1.

    >>> import frechet as fr
    >>> fr.derive(fr.erfinv(fr.scalar("x")), "x").derivative
    sqrt(pi)*exp(erfinv(x)^2)/2
    """

def exp(x: Operand) -> Formula:
    """The exponential of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.exp(fr.scalar("x")), "x").derivative
    exp(x)
    """

def expm(x: Operand) -> Formula:
    """Σ X^k/k!.

    A square matrix; the shape stays.

    >>> import frechet as fr
    >>> fr.expm(fr.matrix("X", 2, 2)).evaluate(X=[[0, 0], [0, 0]]).round(9).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

def expm_frechet(x: Operand, e: Operand) -> Formula:
    """The derivative of expm at X in the direction E.

    Two square matrices of one size; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.expm(fr.matrix("X", "n", "n")), "X").differential
    expm_frechet(X,dX)
    """

def eye(n: Size) -> Formula:
    """The identity matrix.

    n×n.

    >>> import frechet as fr
    >>> fr.eye("n")
    eye(n)
    """

def gamma(x: Operand) -> Formula:
    """The gamma function of every entry.

    Any array; the shape stays.
    With every entry of x positive.
    No entry of x may be 0 or a negative integer.

    >>> import frechet as fr
    >>> fr.derive(fr.gamma(fr.scalar("x")), "x").derivative
    digamma(x)*gamma(x)
    """

def gelu(x: Operand) -> Formula:
    """x times the normal distribution function at x.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.gelu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.8413]
    """

def hat(x: Operand) -> Formula:
    """The skew 3×3 matrix with hat(w)*x = cross(w,x).

    A vector of length 3; the value is 3×3.

    >>> import frechet as fr
    >>> fr.hat(fr.vector("w", 3)).evaluate(w=[1, 2, 3]).tolist()
    [[0.0, -3.0, 2.0], [3.0, 0.0, -1.0], [-2.0, 1.0, 0.0]]
    """

def herm(x: Operand) -> Formula:
    """The conjugate transpose, conj(X)'.

    m×n becomes n×m.

    >>> import frechet as fr
    >>> fr.herm(fr.matrix("Z", "m", "n", complex=True)).shape
    ('n', 'm')
    """

def huber(x: Operand, d: Operand) -> Formula:
    """The Huber function of every entry: x²/2 where |x| ≤ d, else d(|x| - d/2).

    Arrays of one shape, or scalars; the result has that shape.
    With every entry of d positive.

    >>> import frechet as fr
    >>> fr.derive(fr.huber(fr.scalar("x"), fr.scalar("d")), "x").derivative
    clip(x,-d,d)
    """

def imag(x: Operand) -> Formula:
    """The imaginary part of every entry, a real array.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.imag(fr.scalar("z", complex=True))
    imag(z)
    """

def inv(x: Operand) -> Formula:
    """The inverse; X^-1 is the same.

    A square matrix; the shape stays.
    x must be invertible.

    >>> import frechet as fr
    >>> fr.derive(fr.inv(fr.matrix("A", "n", "n")), "A").differential
    -inv(A)*dA*inv(A)
    """

def khatrirao(a: Operand, b: Operand) -> Formula:
    """The Kronecker products of the columns: A m×k, B n×k gives m*n×k.

    m×k and n×k become m*n×k.

    >>> import frechet as fr
    >>> fr.khatrirao(fr.matrix("A", "m", "k"), fr.matrix("B", "n", "k")).shape
    ('m*n', 'k')
    """

def kron(a: Operand, b: Operand) -> Formula:
    """The Kronecker product: the blocks A[i,j]*B.

    m×n and p×q become m*p×n*q.

    >>> import frechet as fr
    >>> fr.kron(fr.matrix("A", "m", "n"), fr.matrix("B", "p", "q")).shape
    ('m*p', 'n*q')
    """

def lambertw(x: Operand) -> Formula:
    """The w ≥ -1 with w*exp(w) = x, of every entry: the principal branch of the Lambert function.

    Any array; the shape stays.
    The entries of x must lie above -1/e: at -1/e the slope of lambertw is infinite.

    >>> import frechet as fr
    >>> fr.derive(fr.lambertw(fr.scalar("x")), "x").derivative
    exp(-lambertw(x))/(1+lambertw(x))
    """

def leakyrelu(x: Operand, a: Operand) -> Formula:
    """x where x > 0, else a*x, of every entry.

    Arrays of one shape, or scalars; the result has that shape.
    Where an entry of x is 0, leakyrelu has no derivative; the formula takes a there.

    >>> import frechet as fr
    >>> fr.derive(fr.leakyrelu(fr.scalar("x"), fr.scalar("a")), "a").derivative
    -relu(-x)
    """

def lgamma(x: Operand) -> Formula:
    """The logarithm of |Γ(x)|.

    Any array; the shape stays.
    With every entry of x positive.
    No entry of x may be 0 or a negative integer.

    >>> import frechet as fr
    >>> fr.derive(fr.lgamma(fr.scalar("x")), "x").derivative
    digamma(x)
    """

def log(x: Operand) -> Formula:
    """The natural logarithm of every entry.

    Any array; the shape stays.
    With every entry of x positive.

    >>> import frechet as fr
    >>> fr.derive(fr.log(fr.scalar("x")), "x").derivative
    1/x
    """

def logdet(x: Operand) -> Formula:
    """log |det X|.

    A square matrix; a scalar.
    x must be invertible.

    >>> import frechet as fr
    >>> fr.derive(fr.logdet(fr.matrix("A", "n", "n")), "A").gradient
    inv(A)'
    """

def logm(x: Operand) -> Formula:
    """The principal logarithm; X has no eigenvalue on the closed negative axis.

    A square matrix; the shape stays.
    No eigenvalue of x may be 0 or negative.

    >>> import frechet as fr
    >>> fr.logm(fr.matrix("X", 2, 2)).evaluate(X=[[1, 0], [0, 1]]).round(9).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """

def logm_frechet(x: Operand, e: Operand) -> Formula:
    """The derivative of logm at X in the direction E.

    Two square matrices of one size; the shape stays.
    No eigenvalue of x may be 0 or negative.

    >>> import frechet as fr
    >>> fr.derive(fr.logm(fr.matrix("X", "n", "n")), "X").differential
    logm_frechet(X,dX)
    """

def logsumexp(x: Operand, axis: int | None = None) -> Formula:
    """log Σ exp, of all entries or along an axis.

    m×n becomes a scalar; along axis 0 a vector of length n, along axis 1 one of length m.  Along an axis of a
    tensor that axis goes.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> fr.derive(fr.logsumexp(fr.vector("x", "n")), "x").gradient
    softmax(x)
    """

def max(a: Operand, b: Operand | None = None) -> Formula:
    """The larger of two, entry by entry.  The largest entry, a scalar: max of one argument.

    Two arrays of one shape, or either a scalar; the result has that shape.
    Where a equals b in an entry, max has no derivative; the second is taken as the larger there.

    >>> import frechet as fr
    >>> fr.derive(fr.max(fr.scalar("x"), 0), "x").derivative
    step(x)
    >>> fr.derive(fr.max(fr.vector("x", "n")), "x").gradient
    1 - step(max(x)-x)
    """

def mean(x: Operand, axis: int | None = None) -> Formula:
    """The sum over the count, of all entries or along an axis.

    m×n becomes a scalar; along axis 0 a vector of length n, along axis 1 one of length m.  Along an axis of a
    tensor that axis goes.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> fr.mean(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()
    3.0
    """

def median(x: Operand) -> Formula:
    """The median of a vector: the entry in the middle, of an even number the mean of the two in the middle.

    A vector; a scalar.
    Where an entry in the middle of x, put in order, equals one that is not in the middle, median has no
    derivative; the formula leaves them in the order they stand in.

    >>> import frechet as fr
    >>> fr.derive(fr.median(fr.vector("x", "n")), "x").gradient
    sortperm(x)'*middle(n)
    """

def middle(n: Size) -> Formula:
    """The weights of the median, middle(n)'*sort(x) = median(x): a 1 in the middle, or two halves.

    A vector of length n.

    >>> import frechet as fr
    >>> fr.middle(4).evaluate().tolist()
    [0.0, 0.5, 0.5, 0.0]
    """

def min(a: Operand, b: Operand | None = None) -> Formula:
    """The smaller of two, entry by entry.  The smallest entry, a scalar: min of one argument.

    Two arrays of one shape, or either a scalar; the result has that shape.
    Where a equals b in an entry, min has no derivative; the second is taken as the smaller there.

    >>> import frechet as fr
    >>> fr.min(fr.vector("x", "n"), 1)
    min(x,1)
    """

def norm1(x: Operand) -> Formula:
    """The sum of the moduli of the entries.

    A scalar, whatever the arguments.
    Where an entry of x is 0, the 1-norm has no derivative; the formula takes 0 there (sign(0) = 0), which is a
    subgradient.

    >>> import frechet as fr
    >>> fr.norm1(fr.vector("x", "n")).evaluate(x=[1, -2]).tolist()
    3.0
    """

def norm2(x: Operand) -> Formula:
    """The Euclidean or Frobenius norm, √(Σ |X[i,j]|²).

    A scalar, whatever the arguments.
    At x = 0 the norm has no derivative, and the formula no value.

    >>> import frechet as fr
    >>> fr.norm2(fr.vector("x", "n")).evaluate(x=[3, 4]).tolist()
    5.0
    """

def norm_nuclear(x: Operand) -> Formula:
    """The sum of the singular values; its derivative at full rank.

    Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k.
    Where the rank of x falls, the nuclear norm has no derivative.

    >>> import frechet as fr
    >>> fr.norm_nuclear(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    3.0
    """

def norm_spectral(x: Operand) -> Formula:
    """The largest singular value; its derivative where that is simple.

    Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k.
    Where the two largest singular values of x are equal, the spectral norm has no derivative.

    >>> import frechet as fr
    >>> fr.norm_spectral(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    2.0
    """

def normcdf(x: Operand) -> Formula:
    """The distribution function of the standard normal distribution at every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.normcdf(fr.scalar("x")), "x").derivative
    normpdf(x)
    """

def norminv(x: Operand) -> Formula:
    """The inverse of the standard normal distribution function (its quantiles, the probit) of every entry.

    Any array; the shape stays.
    With every entry of x between 0 and 1.

    >>> import frechet as fr
    >>> fr.derive(fr.norminv(fr.scalar("x")), "x").derivative
    1/normpdf(norminv(x))
    """

def normpdf(x: Operand) -> Formula:
    """The density of the standard normal distribution, exp(-x²/2)/√(2π), at every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.normpdf(fr.scalar("x")), "x").derivative
    -x*normpdf(x)
    """

def ones(*sizes: Size) -> Formula:
    """Every entry 1.

    The shape asked for: n, m×n, or more sizes.

    >>> import frechet as fr
    >>> fr.ones("m").shape, fr.ones("m", "n").shape
    (('m',), ('m', 'n'))
    """

def permute(x: Operand, *axes: int) -> Formula:
    """The axes in another order, counted from 1: permute(X,2,1,3)[j,i,k] is X[i,j,k].

    Every axis once, counted from 1: axis k of the result is the k-th of those listed.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> T = fr.tensor("T", "m", "n", "p")
    >>> fr.permute(T, 1, 0, 2), fr.permute(T, 1, 0, 2).shape
    (permute(T,2,1,3), ('n', 'm', 'p'))
    """

def phi(x: Operand) -> Formula:
    """The lower triangle, the diagonal halved.

    A square matrix; the shape stays.

    >>> import frechet as fr
    >>> fr.phi(fr.matrix("X", 2, 2)).evaluate(X=[[2, 1], [4, 6]]).tolist()
    [[1.0, 0.0], [4.0, 3.0]]
    """

def pinv(x: Operand) -> Formula:
    """The Moore-Penrose inverse; its derivative where the rank does not change.

    m×n becomes n×m.
    Where the rank of x falls, the pseudo-inverse has no derivative.

    >>> import frechet as fr
    >>> fr.pinv(fr.matrix("A", "m", "n")).shape
    ('n', 'm')
    """

def polygamma(k: int, x: Operand) -> Formula:
    """The k-th derivative of digamma.

    Any array; the shape stays.
    With every entry of x positive.
    No entry of x may be 0 or a negative integer.

    >>> import frechet as fr
    >>> fr.derive(fr.polygamma(1, fr.scalar("x")), "x").derivative
    polygamma(2,x)
    """

def prod(x: Operand, axis: int | None = None) -> Formula:
    """Π of all entries, or along an axis.

    m×n becomes a scalar; along axis 0 a vector of length n, along axis 1 one of length m.  Along an axis of a
    tensor that axis goes.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.
    The formula divides by the entries of x: none may be 0.

    >>> import frechet as fr
    >>> fr.prod(fr.vector("x", "n")).evaluate(x=[1, 2, 6]).tolist()
    12.0
    """

def qr_q(x: Operand) -> Formula:
    """The factor Q with orthonormal columns of the thin X = Q*R, R with positive diagonal.

    A matrix with at least as many rows as columns; the shape stays.
    With x of full column rank.
    x must have full column rank: qr_q has no value elsewhere.

    >>> import frechet as fr
    >>> fr.qr_q(fr.matrix("X", 3, 2)).shape
    (3, 2)
    """

def qr_r(x: Operand) -> Formula:
    """The upper triangular factor R, with positive diagonal, of the thin X = Q*R.

    m×n with m ≥ n; the value is n×n.
    With x of full column rank.
    x must have full column rank: qr_r has no value elsewhere.

    >>> import frechet as fr
    >>> fr.qr_r(fr.matrix("X", 3, 2)).shape
    (2, 2)
    """

def real(x: Operand) -> Formula:
    """The real part of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.real(fr.scalar("z", complex=True))
    real(z)
    """

def relu(x: Operand) -> Formula:
    """max(x,0).

    Any array; the shape stays.
    Where an entry of x is 0, relu has no derivative; the formula takes 0 there (step(0) = 0).

    >>> import frechet as fr
    >>> fr.derive(fr.relu(fr.scalar("x")), "x").derivative
    step(x)
    """

def reshape(x: Operand, *sizes: Size) -> Formula:
    """The entries in another shape, the first index fastest, as in vec.

    Any array with as many entries as the shape asked for.

    >>> import frechet as fr
    >>> fr.reshape(fr.vector("x", 4), 2, 2).evaluate(x=[1, 2, 3, 4]).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """

def sigmoid(x: Operand) -> Formula:
    """1/(1+exp(-x)).

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.sigmoid(fr.scalar("x")), "x").derivative
    sigmoid(x)*(1-sigmoid(x))
    """

def sign(x: Operand) -> Formula:
    """1, 0 or -1, the sign of every entry.

    Any array; the shape stays.
    Where an entry of x is 0, sign jumps; its derivative is 0 everywhere else.

    >>> import frechet as fr
    >>> fr.derive(fr.sign(fr.scalar("x")), "x").derivative
    0
    """

def silu(x: Operand) -> Formula:
    """x*sigmoid(x).

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.silu(fr.vector("x", "n")).evaluate(x=[0, 1]).round(4).tolist()
    [0.0, 0.7311]
    """

def sin(x: Operand) -> Formula:
    """The sine of every entry (of a matrix too: not the matrix function).

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.sin(fr.scalar("x")), "x").derivative
    cos(x)
    """

def sinh(x: Operand) -> Formula:
    """The hyperbolic sine of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.sinh(fr.scalar("x")), "x").derivative
    cosh(x)
    """

def softmax(x: Operand, axis: int | None = None) -> Formula:
    """exp(x)/Σ exp(x), along the axis.

    Any array, or along one of its axes; the shape stays.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> fr.softmax(fr.vector("x", "n")).evaluate(x=[0, 0]).tolist()
    [0.5, 0.5]
    """

def softplus(x: Operand) -> Formula:
    """log(1+exp(x)).

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.softplus(fr.scalar("x")), "x").derivative
    sigmoid(x)
    """

def sort(x: Operand) -> Formula:
    """The entries of a vector, ascending.

    A vector; the shape stays.
    Where two entries of x are equal, sort has no derivative; the formula leaves them in the order they stand in.

    >>> import frechet as fr
    >>> fr.derive(fr.sort(fr.vector("x", "n")), "x").jacobian()
    sortperm(x)
    """

def sortperm(x: Operand) -> Formula:
    """The permutation matrix with sortperm(x)*x = sort(x).

    A vector of length n; the value is n×n.
    Where two entries of x are equal, sortperm jumps; its derivative is 0 everywhere else.

    >>> import frechet as fr
    >>> fr.sortperm(fr.vector("x", "n")).evaluate(x=[2, 1]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """

def sqrt(x: Operand) -> Formula:
    """The square root of every entry.

    Any array; the shape stays.
    With every entry of x positive.
    Where an entry of x is 0, the root has no derivative, and the formula no value.

    >>> import frechet as fr
    >>> fr.derive(fr.sqrt(fr.scalar("x")), "x").derivative
    1/(2*sqrt(x))
    """

def sqrtm(x: Operand) -> Formula:
    """The principal square root; X has no eigenvalue on the closed negative axis.

    A square matrix; the shape stays.
    No eigenvalue of x may be 0 or negative.

    >>> import frechet as fr
    >>> fr.sqrtm(fr.matrix("X", 2, 2)).evaluate(X=[[4, 0], [0, 9]]).round(9).tolist()
    [[2.0, 0.0], [0.0, 3.0]]
    """

def stein(a: Operand, b: Operand, c: Operand) -> Formula:
    """The Y with Y - A*Y*B = C.

    A m×m, B n×n, C m×n; the solution is m×n.
    No eigenvalue of a times one of b may be 1: the equation has no single solution there.

    >>> import frechet as fr
    >>> fr.stein(*(fr.matrix(name, 2, 2) for name in "ABC")).shape
    (2, 2)
    """

def step(x: Operand) -> Formula:
    """1 where x > 0, else 0.

    Any array; the shape stays.
    Where an entry of x is 0, step jumps; its derivative is 0 everywhere else.

    >>> import frechet as fr
    >>> fr.derive(fr.step(fr.scalar("x")), "x").derivative
    0
    """

def sum(x: Operand, axis: int | None = None) -> Formula:
    """Σ of all entries, or along an axis.

    m×n becomes a scalar; along axis 0 a vector of length n, along axis 1 one of length m.  Along an axis of a
    tensor that axis goes.
    The axis is NumPy's: 0 down the rows, 1 along each row, -1 the last.

    >>> import frechet as fr
    >>> X = fr.matrix("X", "m", "n")
    >>> fr.sum(X), fr.sum(X, axis=0), fr.sum(X, axis=0).shape, fr.sum(X, axis=1).shape
    (sum(X), sum(X,1), ('n',), ('m',))
    """

def svd_u(x: Operand) -> Formula:
    """Left singular vectors as columns: X = svd_u(X)*diag(svdvals(X))*svd_v(X)'.

    Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k.
    With singular values of x distinct, none zero.
    Where two singular values of x are equal, their vectors have no derivative; where one is 0, the formula has no
    value.

    >>> import frechet as fr
    >>> fr.svd_u(fr.matrix("X", 2, 2)).shape
    (2, 2)
    """

def svd_v(x: Operand) -> Formula:
    """Right singular vectors as columns.

    Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k.
    With singular values of x distinct, none zero.
    Where two singular values of x are equal, their vectors have no derivative; where one is 0, the formula has no
    value.

    >>> import frechet as fr
    >>> fr.svd_v(fr.matrix("X", 2, 2)).shape
    (2, 2)
    """

def svdvals(x: Operand) -> Formula:
    """The singular values, descending; distinct ones, none of them zero.

    Of m×n, with k = min(m,n): a norm a scalar, svdvals k, svd_u m×k, svd_v n×k.
    With singular values of x distinct, none zero.
    Where two singular values of x are equal, or one is 0, they have no derivative one by one.

    >>> import frechet as fr
    >>> fr.svdvals(fr.matrix("X", 2, 2)).evaluate(X=[[0, 2], [1, 0]]).round(9).tolist()
    [2.0, 1.0]
    """

def sylvester(a: Operand, b: Operand, c: Operand) -> Formula:
    """The Y with A*Y + Y*B = C.

    A m×m, B n×n, C m×n; the solution is m×n.
    No eigenvalue of a may be the negative of one of b: the equation has no single solution there.

    >>> import frechet as fr
    >>> fr.sylvester(*(fr.matrix(name, 2, 2) for name in "ABC")).shape
    (2, 2)
    """

def tan(x: Operand) -> Formula:
    """The tangent of every entry.

    Any array; the shape stays.
    No entry of x may be an odd multiple of pi/2.

    >>> import frechet as fr
    >>> fr.derive(fr.tan(fr.scalar("x")), "x").derivative
    1 + tan(x)^2
    """

def tanh(x: Operand) -> Formula:
    """The hyperbolic tangent of every entry.

    Any array; the shape stays.

    >>> import frechet as fr
    >>> fr.derive(fr.tanh(fr.scalar("x")), "x").derivative
    1 - tanh(x)^2
    """

def toeplitz(c: Operand, r: Operand | None = None) -> Formula:
    """The matrix with constant diagonals: symmetric with first column c, or with first column c and first row r (the
    corner is the column's).

    A vector of length n becomes n×n; a first column of length m and a first row of length n become m×n.

    >>> import frechet as fr
    >>> fr.derive(fr.toeplitz(fr.vector("c", "n")) @ fr.vector("x", "n"), "c").pullback
    diagsums(G*x') + diagsums(x*G') - (G'*x)*unit(1,n)
    """

def tr(x: Operand) -> Formula:
    """The trace, the sum of the diagonal.

    A square matrix; a scalar.

    >>> import frechet as fr
    >>> fr.derive(fr.tr(fr.matrix("A", "n", "n")), "A").gradient
    eye(n)
    """

def tril(x: Operand) -> Formula:
    """The lower triangle with the diagonal.

    Any matrix; the shape stays.

    >>> import frechet as fr
    >>> fr.tril(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [[1.0, 0.0], [3.0, 4.0]]
    """

def triu(x: Operand) -> Formula:
    """The upper triangle with the diagonal.

    Any matrix; the shape stays.

    >>> import frechet as fr
    >>> fr.triu(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [0.0, 4.0]]
    """

def unit(i: Size, n: Size) -> Formula:
    """The i-th basis vector of length n.

    A vector of length n; i is from 1 to n.

    >>> import frechet as fr
    >>> fr.unit(2, 3).evaluate().tolist()
    [0.0, 1.0, 0.0]
    """

def vec(x: Operand) -> Formula:
    """The columns stacked; of a tensor all entries, the first index fastest.

    m×n becomes a vector of length m*n; a tensor one of as many entries as it has.

    >>> import frechet as fr
    >>> fr.vec(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [1.0, 3.0, 2.0, 4.0]
    """

def vech(x: Operand) -> Formula:
    """The lower triangle, its columns stacked.

    n×n becomes a vector of length n*(n+1)/2.

    >>> import frechet as fr
    >>> fr.vech(fr.matrix("A", 2, 2)).evaluate(A=[[1, 2], [3, 4]]).tolist()
    [1.0, 3.0, 4.0]
    """

def vee(x: Operand) -> Formula:
    """The vector of a skew 3×3 matrix, vee(hat(w)) = w; of any other matrix that of its skew part.

    A 3×3 matrix; the value is a vector of length 3.

    >>> import frechet as fr
    >>> fr.vee(fr.hat(fr.vector("w", 3)) @ fr.eye(3)).shape
    (3,)
    """

def zeros(*sizes: Size) -> Formula:
    """Every entry 0.

    The shape asked for: n, m×n, or more sizes.

    >>> import frechet as fr
    >>> fr.zeros("m"), fr.zeros("m", "n")
    (zeros(m), zeros(m,n))
    """
