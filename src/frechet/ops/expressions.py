"""Making expressions: apply an operation by its shape rule; variables, numbers, sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from frechet.core.dim import Dim, settle
from frechet.core.expr import Expr, make
from frechet.core.op import Op, Params, Unify
from frechet.core.records import RECORDS
from frechet.errors import FrechetError
from frechet.ops.leaves import NUMBER, SIZE, VARIABLE


def rigid(left: Dim, right: Dim, /) -> Dim:
    """The common size of two known sizes: they must be equal as polynomials.

    >>> rigid(Dim.of("m"), Dim.of("n"))
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: the sizes m and n differ
    """
    if left != right:
        raise FrechetError("shape", f"the sizes {left} and {right} differ")
    return left


def apply(op: Op | str, args: Sequence[Expr], params: Params = (), unify: Unify = rigid) -> Expr:
    """The operation applied to arguments, its shape found by its own rule.

    >>> A, x = variable("A", ("m", "n")), variable("x", ("n",))
    >>> apply("mul", (A, x)).shape
    (m,)
    >>> apply("mul", (x, A))
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: A*B needs as many columns in A as rows in B; got n×1 and m×n
    """
    record = RECORDS[op] if isinstance(op, str) else op
    if record.refuse is not None:
        record.refuse(*args)
    shape = record.shape(tuple(a.shape for a in args), params, unify)
    return make(record, tuple(args), params, settle(shape))


def variable(name: str, shape: Sequence[Dim | int | str] = (), assumptions: Iterable[str] = ()) -> Expr:
    """The variable of that name, shape and assumptions.

    >>> variable("x", ("n",)).shape, variable("b", (1, "n")).shape, variable("s", (1, 1)).shape
    ((n,), (1, n), ())
    """
    kept = tuple(sorted(set(assumptions)))
    return make(VARIABLE, (), (name, kept), settle(tuple(Dim.of(d) for d in shape)))


def number(value: Fraction | int | float | str) -> Expr:
    """The exact number that `value` is when written in decimals.

    >>> number(0.1).params, number("1e-3").params
    ((Fraction(1, 10),), (Fraction(1, 1000),))
    """
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return make(NUMBER, (), (exact,), ())


def size(dim: Dim | int | str) -> Expr:
    """A size used as a scalar."""
    return make(SIZE, (), (Dim.of(dim),), ())
