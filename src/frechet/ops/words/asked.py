"""Words that two competent readers take differently: each is a question, with the readings to copy."""

from __future__ import annotations

from frechet.ops.words.record import Case, Word

_SQUARES, _MIDDLE = "sum((x-mean(x)).^2)", "X'*(eye(m)-ones(m,m)/m)*X"
_ACROSS = "X*(eye(n)-ones(n,n)/n)*X'"
_DOWN = "sum((X-ones(m)*mean(X,1)').^2,1)"


def _standardized(covariance: str) -> str:
    """A covariance matrix over the roots of its diagonal, on both sides."""
    scaled = f"diag(1./sqrt(diag({covariance})))"
    return f"{scaled}*({covariance})*{scaled}"


ASKED: tuple[Word, ...] = (
    Word(
        ("var", "variance"),
        (
            Case(
                "x[n]",
                asked=(
                    ("over n - 1, as in MATLAB and R", f"{_SQUARES}/(n-1)"),
                    ("over n, as in NumPy", f"{_SQUARES}/n"),
                ),
            ),
            Case(
                "X[m,n]",
                asked=(
                    ("of each column, over m - 1, as in MATLAB", f"{_DOWN}/(m-1)"),
                    ("of each column, over m", f"{_DOWN}/m"),
                    ("of all entries, over their number, as in NumPy", "mean((X-mean(X)*ones(m,n)).^2)"),
                ),
            ),
        ),
    ),
    Word(
        ("std", "sd", "standarddeviation"),
        (
            Case(
                "x[n]",
                asked=(
                    ("over n - 1, as in MATLAB and R", f"sqrt({_SQUARES}/(n-1))"),
                    ("over n, as in NumPy", f"sqrt({_SQUARES}/n)"),
                ),
            ),
            Case(
                "X[m,n]",
                asked=(
                    ("of each column, over m - 1, as in MATLAB", f"sqrt({_DOWN}/(m-1))"),
                    ("of each column, over m", f"sqrt({_DOWN}/m)"),
                    ("of all entries, over their number, as in NumPy", "sqrt(mean((X-mean(X)*ones(m,n)).^2))"),
                ),
            ),
        ),
    ),
    Word(
        ("cov", "covariance"),
        (
            Case(
                "X[m,n]",
                asked=(
                    ("rows are observations, over m - 1, as in MATLAB and R", f"{_MIDDLE}/(m-1)"),
                    ("rows are observations, over m", f"{_MIDDLE}/m"),
                    ("columns are observations, over n - 1, as in NumPy", f"{_ACROSS}/(n-1)"),
                    ("columns are observations, over n", f"{_ACROSS}/n"),
                ),
            ),
            Case(
                "x[n], y[n]",
                asked=(
                    ("over n - 1", "(x-mean(x))'*(y-mean(y))/(n-1)"),
                    ("over n", "(x-mean(x))'*(y-mean(y))/n"),
                ),
            ),
            Case(
                "x[n]",
                asked=(
                    ("over n - 1, as in MATLAB and NumPy", f"{_SQUARES}/(n-1)"),
                    ("over n", f"{_SQUARES}/n"),
                ),
            ),
        ),
    ),
    Word(
        ("corr", "cor", "corrcoef", "correlation"),
        (
            Case(
                "X[m,n]",
                asked=(
                    ("rows are observations, as in MATLAB and R", _standardized(_MIDDLE)),
                    ("columns are observations, as in NumPy", _standardized(_ACROSS)),
                ),
            ),
            Case("x[n], y[n]", "(x-mean(x))'*(y-mean(y))/(norm2(x-mean(x))*norm2(y-mean(y)))"),
        ),
    ),
    Word(
        ("skew",),
        (
            Case("A[n,n]", "(A-A')/2"),
            Case(
                "w[n]",
                asked=(
                    ("the skew matrix of a 3-vector", "hat(w)"),
                    ("the skewness of its entries, over n", "mean((w-mean(w)).^3)/mean((w-mean(w)).^2)^(3/2)"),
                ),
            ),
        ),
    ),
    Word(
        ("cond",),
        (
            Case(
                "A",
                asked=(
                    ("of the spectral norm", "norm_spectral(A)*norm_spectral(inv(A))"),
                    ("of the Frobenius norm", "norm2(A)*norm2(inv(A))"),
                ),
            ),
        ),
    ),
)
"""The words that are asked."""
