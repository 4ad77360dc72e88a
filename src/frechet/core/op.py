"""One operation, one record.

Whatever frechet knows of an operation stands in its :class:`Op`: the shape rule, the value, how it reads in the
algebra, its differential, where the rule comes from.  Passes read records; no pass knows an operation by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, final

from frechet.core.code import NO_CODE, Code
from frechet.core.dim import Dim, Shape
from frechet.core.facts import NO_RULES, NOTHING_KNOWN, Facts, Identity, Rules
from frechet.core.looks import PLAIN, Looks
from frechet.core.slips import NO_SLIPS, Slips
from frechet.core.words import NOTHING_TOLD, Telling
from frechet.core.written import Written

Params = tuple[Any, ...]
"""What an operation needs beside its arguments: hashable constants such as an axis, sizes (Dim), indices."""


class Unify(Protocol):
    """How a shape rule says that two sizes must agree (inference solves for unknown ones)."""

    def __call__(self, left: Dim, right: Dim, /) -> Dim:
        """The common size; raises FrechetError("shape", …) when the two cannot agree."""
        ...


@final
@dataclass(frozen=True, eq=False, slots=True)
class Op:
    """An operation.

    name          as it is written (``"tanh"``) or a word for what is written with signs (``"mul"``)
    shape         (shapes of the arguments, params, unify) → shape; raises FrechetError("shape", …)
    value         (xp, params, *arrays) → array, `xp` being NumPy or a look-alike; sizes among the params are
                  integers by then; a vector is an array of order 1, a scalar of order 0
    normal        (params, *nodes) → the node of the algebra; None for what never enters it
    differential  (node, tangents) → the tangent of a node of the algebra that applies this operation;
                  None for what the constructors resolve (products, sums, …)
    elementwise   acts entry by entry
    adjoint       of an operation that is linear in its last argument and no multilinear formula of the others:
                  (node, cotangent) → cotangent of that argument
    kronecker     of the same operations: node → the matrix K with vec(node) = K*vec(last argument)
    written       (arguments) → the expression that says it, for what the language has no name for
    domain        where the arguments must lie, one word an argument: "positive", "nonzero", "unit" (-1 to 1),
                  "probability" (0 to 1), "invertible", "full column rank", "spectrum" (eigenvalues all distinct),
                  "singular values" (distinct, none zero), "any"
    caution       what to say of points where the derivative does not exist, and what the formula gives there; its
                  places ({x}, {where}, …) are those of `core/caution.py`
    source        where the differential is from
    example       a formula that uses it; the registry's tests run on it
    latex         what LaTeX calls it beside `name`: commands without the backslash, upright words (``("Tr", "trace")``)
    python        what Python libraries call it: dotted names without the library's own (``("linalg.inv",)``)
    formulas      functions of Python libraries that are formulas of it
    refuse        raises FrechetError for arguments whose values, not shapes, it cannot have (X^0.5 of a matrix)
    call          how a call's arguments are read, one letter an argument: `x` an expression, `*` any number of them,
                  `d` a size, `a` an axis (1, 2, …), `k` an integer, `i` an index, `s` a string; what follows `?` may be
                  left out, `+` is the letter before it as often as wanted; "" for what is written with signs and
                  never called
    arguments     what Python calls them, where they are not x, or a, b, c; m, n; k; i; axis (``("x", "sizes")``)
    shown         a short session with its output, for the docstring of the library's function
    with_one      the operation that it is when it is called with one argument (max: the largest entry)
    hint          what to say where it is called with another number of arguments
    along         of a matrix nobody means all entries without saying so: which axis is asked
    overall       how it is written, with {x} for the matrix, where it takes all entries and the value stays a matrix
    signs         the signs that are read as it, around a for a number, x for a vector or any array, X for a matrix:
                  ``("|X|",)``, ``("√",)``; a norm says so what may stand below its bars, ``"‖x‖_F"``
    noun          what its value is called in a sentence (``"logarithm"``)
    elsewhere     what it is called elsewhere, where its name is not this one and is not read (``("Heaviside",)``)
    looks         how it is written
    is_one        of a constant matrix of zeros and ones: (sizes, row, column) → whether there is a 1; counted from 0
    ones_at       of a constant matrix of zeros and few ones: (xp, sizes) → the rows and the columns of the ones,
                  counted from 0
    turned        parameters → those with which f(X') is f(X)', of a function that keeps the shape
    needs         what its derivative needs beside `domain`, in the words of a list: {x} and {y} stand for the
                  arguments, {entries} for "every entry of x" where x is an array ("{entries} not zero")
    telling       what a derivation says of it
    outside       whether it was added by a user, with `frechet.operation`
    facts         its properties
    rules         its identities in the algebra, where they need a program
    identities    those identities for a reader, each checked numerically
    slips         the mistakes that people make with it
    code          how it is written as code; without it the value function is carried along
    spoken        whether the language has a name or a sign for it
    """

    name: str
    shape: Callable[[tuple[Shape, ...], Params, Unify], Shape]
    value: Callable[..., Any]
    normal: Callable[..., Any] | None = None
    differential: Callable[..., Any] | None = None
    elementwise: bool = False
    adjoint: Callable[..., Any] | None = None
    kronecker: Callable[..., Any] | None = None
    written: Callable[..., Any] | None = None
    domain: tuple[str, ...] = ()
    caution: str = ""
    source: str = ""
    example: str = ""
    doc: str = ""
    latex: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    formulas: tuple[Written, ...] = ()
    refuse: Callable[..., None] | None = None
    call: str = "x"
    arguments: tuple[str, ...] = ()
    shown: str = ""
    with_one: str = ""
    hint: str = ""
    along: bool = False
    overall: str = ""
    signs: tuple[str, ...] = ()
    noun: str = ""
    elsewhere: tuple[str, ...] = ()
    looks: Looks = PLAIN
    is_one: Callable[[list[int], int, int], bool] | None = None
    ones_at: Callable[[Any, Params], tuple[Any, Any]] | None = None
    turned: Callable[[Params], Params] | None = None
    needs: str = ""
    telling: Telling = NOTHING_TOLD
    outside: bool = False
    facts: Facts = NOTHING_KNOWN
    rules: Rules = NO_RULES
    identities: tuple[Identity, ...] = ()
    slips: Slips = NO_SLIPS
    code: Code = NO_CODE
    spoken: bool = True

    def __repr__(self) -> str:
        return f"<op {self.name}>"
