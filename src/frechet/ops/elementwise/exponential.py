"""The exponential, the logarithm and the root of every entry."""

from __future__ import annotations

from fractions import Fraction

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, U, is_op
from frechet.algebra.constructors import conj, elementwise, hadamard, mul, neg, scale
from frechet.algebra.constructors.entrywise import is_ones
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.records import named_under
from frechet.core.slips import Slips
from frechet.ops.elementwise.function import alike, function
from frechet.ops.rules import rule
from frechet.ops.softmax import logsumexp, sum_of_exp

ZERO = Fraction(0)


def gain(bases: dict[Node, Fraction], x: Node, e: Fraction) -> None:
    """Multiply a table of bases and exponents by x^e."""
    bases[x] = bases.get(x, ZERO) + e


def _exp_of(x: Node) -> Node | None:
    """exp(log(x)) = x."""
    return x.args[0] if is_op(x, "log") else None


def _exp_raised(x: Node, e: Fraction) -> Node | None:
    """1/exp(u) and √exp(u) are exp(-u) and exp(u/2); exp(u)^2 stays a square."""
    if e < 0 or e.denominator != 1:
        return elementwise("exp", scale(e, x.args[0]))
    return None


def _cancelled(x: Node, e: Fraction, bases: dict[Node, Fraction]) -> None:
    """exp(u).*exp(-u) = 1."""
    growth = elementwise("exp", neg(x.args[0]))
    both = min(bases.get(growth, ZERO), bases[x])
    if e > 0 and both > 0:
        gain(bases, growth, -both)
        gain(bases, x, -both)


def _one_plus_exp(x: Node, f: Node, c: Fraction, e: Fraction, bases: dict[Node, Fraction]) -> bool:
    """1./(1+exp(-u)) and exp(u)./(1+exp(u)) are sigmoid(u), for x = 1 + c*f in the power e."""
    if c != 1 or e >= 0:
        return False
    have = bases.get(f, ZERO)
    both = min(max(have, ZERO), -e)
    if have.denominator == 1:
        bases[x] = ZERO
        bases[f] = have - both
        gain(bases, elementwise("sigmoid", f.args[0]), both)
        gain(bases, elementwise("sigmoid", neg(f.args[0])), -e - both)
    return True


def _log_of(x: Node) -> Node | None:
    """log of what its rules take apart: exp, softmax, sigmoid.  (Of complex numbers log has branches.)"""
    if x.complex and conj(x) is not x:
        return None
    if x.kind == "hadamard" and _below(x):  # log(1./x) = -log(x): both are defined where x is positive
        return neg(elementwise("log", hadamard([(y, -e) for y, e in x.terms])))
    if x.kind == "apply":
        rule = named_under("log", x.op)
        return rule(x) if rule is not None else None
    if x.kind == "sum" and len(x.terms) == 2:
        for (one, c), (f, k) in (x.terms, x.terms[::-1]):
            if c == 1 and k == -1 and is_op(f, "sigmoid") and is_ones(one):
                return neg(elementwise("softplus", f.args[0]))
            if c == 1 and k == 1 and is_op(f, "exp") and is_ones(one):
                return elementwise("softplus", f.args[0])
    if x.kind == "ring" and x.scalar:
        u = sum_of_exp(x)
        if u is not None:
            return logsumexp(u, None)
        ends = [f for f in x.chain if is_op(unturned(f), "unit")]
        picked = [f for f in x.chain if is_op(unturned(f), "softmax")]
        if len(picked) == 1 and len(ends) + 1 == len(x.chain):  # an entry of softmax
            return mul(*(elementwise("log", f) if f is picked[0] else f for f in x.chain))
    return None


def _below(x: Node) -> bool:
    """Whether a quotient has more below its line than above, or what comes first."""
    above = [y.key for y, e in x.terms if e > 0]
    below = [y.key for y, e in x.terms if e < 0]
    return (len(below), below) > (len(above), above) if len(below) != len(above) else below < above


def _log_summed(x: Node) -> Node | None:
    """Σ log L[i,i] = ½ log det S for the Cholesky factor L of S."""
    inner = x.args[0]
    if inner.kind == "diagonal" and is_op(inner.args[0], "chol"):
        return scale(HALF, b.logdet(inner.args[0].args[0]))
    return None


def _root(x: Node) -> Node:
    """√x is a power."""
    return hadamard([(x, HALF)])


EXP = function(
    "exp",
    lambda x: elementwise("exp", x),
    facts=Facts(range="positive", holomorphic=True, at={ZERO: U}),
    rules=Rules(
        simplified=_exp_of, raised=_exp_raised, in_factors=_cancelled, in_term=_one_plus_exp,
        under={"log": rule(lambda x: x.args[0])},
    ),
    slips=Slips(slope="exp", sign=True),
    source="Abramowitz & Stegun 4.2.49",
    doc="The exponential of every entry.",
    signs=("e^a",),
    noun="exponential",
    python=("exp",),
    looks=Looks(latex=r"\exp", names="eE", named=True),
    code=alike("exp", cost=10),
    derived="exp(x)",
)  # fmt: skip
LOG = function(
    "log",
    lambda x: hadamard([(x, Fraction(-1))]),
    domain="positive",
    facts=Facts(holomorphic=True, at={U: ZERO}),
    rules=Rules(simplified=_log_of, summed=_log_summed),
    slips=Slips(labels=True),
    source="Abramowitz & Stegun 4.1.46",
    elsewhere=("ln",),
    doc="The natural logarithm of every entry.",
    noun="logarithm",
    python=("log",),
    latex=("ln",),
    looks=Looks(latex=r"\log"),
    code=alike("log", cost=10),
    derived="1/x",
)
SQRT = function(
    "sqrt",
    domain="positive",
    facts=Facts(range="positive", holomorphic=True),
    rules=Rules(simplified=_root),
    source="Abramowitz & Stegun 4.2.52",
    doc="The square root of every entry.",
    signs=("√",),
    noun="square root",
    caution="{where} the root has no derivative, and the formula no value",
    python=("sqrt",),
    looks=Looks(latex_bars=(r"\sqrt{", "}")),
    code=alike("sqrt", cost=4),
    derived="1/(2*sqrt(x))",
)

EXPONENTIAL = (EXP, LOG, SQRT)
