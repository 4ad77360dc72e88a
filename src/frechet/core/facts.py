"""What is known of an operation, and how its applications behave among others in the algebra.

A record (:class:`frechet.core.op.Op`) holds one of each.  `Facts` are properties that passes ask for; `Rules` are the
few identities that need a program instead of a property, each called by the constructor that meets the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, final

Mirror = Literal["", "odd", "even", "complement"]
"""f(-x) = -f(x), f(x), 1 - f(x)."""
Range = Literal["", "positive", "not negative"]
"""What every entry of the value is, for real arguments."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Properties of an operation.

    mirror        what f(-x) is, of a function that acts entry by entry
    range         what every entry of a value is
    between       the least interval that every entry of a value lies in, for real arguments; None where it has no end
    reached       whether the ends of that interval are values too
    at            values at rational points that are rational
    real          the values are real numbers whatever the arguments are
    complex       of a constant: its entries are complex numbers
    symmetric     of a constant matrix: it is its own transpose
    holomorphic   f(conj(X)) = conj(f(X)), differentiable by a complex X on the branch that is taken
    splits        of a complex argument it has a meaning, and is written with the argument and its conjugate
    transposes    f(X') = f(X)', of a function of a matrix
    unturned      f(X') = f(X), of a number that a matrix has
    commutes      a function of a square matrix, or of its spectrum: it commutes with all others of the same matrix
    entrywise     of a function of a matrix: the function that acts on the eigenvalues
    invariant     a number that a square matrix has in whatever basis: f(inv(P)*X*P) = f(X)
    adds          adds up what it makes of each entry, so that a function below it acts entry by entry
    of_arrays     nobody takes it of a number: what stands in it, by itself, is an array
    invertible    the value, a matrix, has an inverse wherever it is defined
    definite      of a positive definite argument the value is positive definite
    always_definite   of a hermitian argument the value is positive definite
    triangular    "lower": the value is lower triangular; "kept": it is triangular as the argument is
    mask          a constant array of zeros and ones that picks a lower triangle
    level         constant over whole intervals: it may stop a movement and yet be right
    cancels       movements may cancel in it, or an entry that does not move be picked, and leave exactly none
    jumps         constant in pieces, with jumps between them
    picks         the value is one of the entries of the argument
    real_only     computed of real numbers only: of a complex one without an imaginary part the real part is taken
    at_singular   defined at singular matrices too, where the derivative is not
    boundary      what its domain and caution do not tell: "some", there are points at which it has no value or is not
                  smooth (a rank falls, a pole); "none", it is smooth everywhere, the caution is about the formula alone
    piled         its arguments stand below one another: its columns are independent where those of one of them are
    stacks        it belongs to matrices that are stacked into columns: "all" entries, or the "free" ones of a structure
    linear        "together": a linear map of all arguments at once, which the differential passes through; "each":
                  linear in each argument by itself, so that each moves in turn
    unspecified   of a function from outside that was given no derivative: that is written with a mark, f'(x)
    self_adjoint  linear in the last argument, with ⟨G, f(E)⟩ = ⟨f(G), E⟩ where all arguments before are symmetric
    """

    mirror: Mirror = ""
    range: Range = ""
    between: tuple[int | None, int | None] = (None, None)
    reached: bool = False
    at: Mapping[Fraction, Fraction] = field(default_factory=dict[Fraction, Fraction])
    real: bool = False
    complex: bool = False
    symmetric: bool = False
    holomorphic: bool = False
    splits: bool = False
    transposes: bool = False
    unturned: bool = False
    commutes: bool = False
    entrywise: str = ""
    invariant: bool = False
    adds: bool = False
    of_arrays: bool = False
    invertible: bool = False
    definite: bool = False
    always_definite: bool = False
    triangular: Literal["", "lower", "kept"] = ""
    mask: bool = False
    level: bool = False
    cancels: bool = False
    jumps: bool = False
    picks: bool = False
    real_only: bool = False
    at_singular: bool = False
    boundary: Literal["", "some", "none"] = ""
    piled: bool = False
    stacks: Literal["", "all", "free"] = ""
    linear: Literal["", "together", "each"] = ""
    self_adjoint: bool = False
    unspecified: bool = False


NOTHING_KNOWN = Facts()
"""The facts of an operation of which nothing is known."""

Rule = Callable[..., Any]
"""A rule takes nodes of the algebra, which stands above this file, and gives a node, or None where it does not fit."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the constructors of the algebra ask of an operation that is not multilinear.

    again          (arguments …, parameters …) → the operation applied to other arguments
    simplified     (x, parameters …) → a shorter name for f(x), of a function that acts entry by entry
    under          what another operation makes of an application x of this one, by the other's name: x → node
    summed         x → the sum of the entries of an application x
    squared        x → x'*x
    raised         (x, exponent) → a number x to a power that is not 1
    beside         (x, y) → the factors that two neighbours in a product become
    joined         (x, y) → the one function that the product of two functions of one matrix is
    closing        factors → (how many of the last ones become one factor, that factor)
    in_product     (numbers, factors): join what belongs together, in place
    in_factors     (base, exponent, bases): the same among the factors of an entrywise product
    in_network     factors of a network by their axes: join what belongs together, in place
    in_term        (sum, term, exponent, bases): the same where the base is a sum in which a term applies this operation
    in_sum         (term, terms): the same among the terms of a sum
    symmetric      x → whether an application is its own transpose, beside what `Facts.transposes` says
    smooth         (arguments …) → how many derivatives there are where the caution speaks: elu(x,1) has one
    """

    again: Rule | None = None
    simplified: Rule | None = None
    under: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    summed: Rule | None = None
    squared: Rule | None = None
    raised: Rule | None = None
    beside: Rule | None = None
    joined: Rule | None = None
    closing: Rule | None = None
    in_product: Rule | None = None
    in_factors: Rule | None = None
    in_network: Rule | None = None
    in_term: Rule | None = None
    in_sum: Rule | None = None
    symmetric: Rule | None = None
    smooth: Rule | None = None


NO_RULES = Rules()
"""The rules of an operation that has none."""


@final
@dataclass(frozen=True, slots=True)
class Identity:
    """Two formulas that the constructors make one node of: data for readers, checked numerically by a test.

    `left` is read as `right`.  `assumptions` are declared of names, `condition` says what else must hold.
    """

    name: str
    left: str
    right: str
    assumptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    condition: str = ""
    source: str = ""
