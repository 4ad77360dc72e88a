"""The differential of a formula as it was typed: rule by rule, without rearranging anything.

Sums, products, quotients and powers are differentiated here as a person does it, on the formula's own tree; any other
operation by the differential of its record.  Signs and numbers stay where the rules put them: to gather them is a
matter of spelling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import final

from frechet.algebra import atoms
from frechet.algebra.constructors import T as turned
from frechet.algebra.constructors import conj
from frechet.algebra.node import Node
from frechet.calculus.differential import differential as of_node
from frechet.core.expr import Expr, make, postorder
from frechet.core.rewrite import replace
from frechet.explain.derivation.inner import inner, is_complex, real_inner, squared, transposed
from frechet.notation.write import Writer
from frechet.ops.expressions import apply, number, variable
from frechet.ops.normalise import node_of

Tangents = Sequence[Expr | None]


def differential(root: Expr, moves: Mapping[Expr, Expr]) -> Expr | None:
    """d root, each leaf of `moves` moving by its increment; None where nothing moves.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> X = variable("X", ("m", "n"))
    >>> text(differential(parse("X'*X", known={"X": X}).value, {X: variable("dX", ("m", "n"))}))
    "dX'*X + X'*dX"
    """
    known: dict[Expr, Expr | None] = dict(moves)
    for e in postorder(root, known=known):
        tangents = [known[a] for a in e.args]
        known[e] = _one(e, tangents, known) if any(t is not None for t in tangents) else None
    return known[root]


def _one(e: Expr, tangents: Tangents, known: Mapping[Expr, Expr | None]) -> Expr:
    name = e.op.name
    if name in ("add", "sub"):
        return _sum(e, tangents)
    if name == "neg":
        return apply("neg", (_given(tangents[0]),))
    if e.op.facts.linear == "each":
        return _product(e, tangents)
    if name in ("divide", "edivide"):
        return _quotient(e, tangents)
    if name == "power" and tangents[1] is None:
        found = _power(e, _given(tangents[0]), known)
        if found is not None:
            return found
    if name == "epower" and tangents[1] is None and e.shape == e.args[0].shape:
        x, k = e.args
        slope = _lowered("epower", x, k)
        slope = apply("hadamard" if k.shape else "mul", (k, slope))
        return apply("hadamard", (slope, _given(tangents[0])))
    if e.op.facts.linear:
        return _linear(e, tangents)
    on_paper = e.op.telling.on_paper
    written = on_paper(e, _given(tangents[0]), PAPER) if on_paper is not None else None
    return written if written is not None else _by_record(e, tangents)


def _given(tangent: Expr | None) -> Expr:
    assert tangent is not None, "something moves"
    return tangent


@final
class _Paper:
    """What a record writes its differential with (:data:`frechet.core.words.OnPaper`)."""

    apply, number = staticmethod(apply), staticmethod(number)

    @staticmethod
    def inner(u: Expr, v: Expr) -> Expr:
        """⟨u, v⟩, of complex arrays its real part."""
        return real_inner(u, v) if is_complex(u) else inner(u, v)


PAPER = _Paper()


def _spread(e: Expr, shape: Sequence[object]) -> Expr:
    """A number in every entry of a shape."""
    if e.shape or not shape:
        return e
    return apply("mul", (e, apply("ones", (), tuple(shape))))


def _sum(e: Expr, tangents: Tangents) -> Expr:
    left, right = (None if t is None else _spread(t, e.shape) for t in tangents)
    if left is None:
        return apply("neg", (_given(right),)) if e.op.name == "sub" else _given(right)
    return left if right is None else apply(e.op, (left, right))


def _product(e: Expr, tangents: Tangents) -> Expr:
    total: Expr | None = None
    for k, tangent in enumerate(tangents):
        if tangent is None:
            continue
        term = make(e.op, (*e.args[:k], tangent, *e.args[k + 1 :]), e.params, e.shape)
        total = term if total is None else apply("add", (total, term))
    return _given(total)


def _quotient(e: Expr, tangents: Tangents) -> Expr:
    """du/v - u*dv/v^2."""
    u, v = e.args
    du, dv = tangents
    first = None if du is None else apply(e.op, (_spread(du, e.shape) if e.op.name == "divide" else du, v))
    if first is not None and not first.shape and e.shape:
        first = _spread(first, e.shape)
    if dv is None:
        return _given(first)
    product = "hadamard" if u.shape and v.shape else "mul"
    over = "epower" if v.shape else "power"
    moved = dv if u.op.name == "number" and u.params[0] == 1 else apply(product, (u, dv))
    second = apply(e.op, (moved, apply(over, (v, number(2)))))
    return apply("neg", (second,)) if first is None else apply("sub", (first, second))


def _lowered(op: str, x: Expr, k: Expr) -> Expr:
    """x to the power of k-1."""
    if k.op.name != "number":
        return apply(op, (x, apply("sub", (k, number(1)))))
    if k.params[0] == 2:
        return x
    if k.params[0] == 1:
        return number(1)
    return apply(op, (x, number(k.params[0] - 1)))


def _power(e: Expr, dx: Expr, known: Mapping[Expr, Expr | None]) -> Expr | None:
    """k*x^(k-1)*dx for a number (2⟨u, du⟩ for ‖u‖²); each factor in turn for a matrix."""
    x, k = e.args
    if not x.shape:
        square = squared(e)
        written = square.on_paper(x, _given(known[x.args[0]]), PAPER) if square is not None else None
        if written is not None:
            return written
        return apply("mul", (apply("mul", (k, _lowered("power", x, k))), dx))
    power = k.params[0] if k.op.name == "number" else None
    if power is None or not 2 <= power <= 6:
        return None
    total: Expr | None = None
    for before in range(int(power)):
        after = int(power) - 1 - before
        factors = [*([_to(x, before)] if before else []), dx, *([_to(x, after)] if after else [])]
        term = factors[0]
        for f in factors[1:]:
            term = apply("mul", (term, f))
        total = term if total is None else apply("add", (total, term))
    return total


def _to(x: Expr, k: int) -> Expr:
    return x if k == 1 else apply("power", (x, number(k)))


def _linear(e: Expr, tangents: Tangents) -> Expr:
    args = [t if t is not None else _zero(a) for a, t in zip(e.args, tangents, strict=True)]
    if e.op.name == "transpose":
        return transposed(args[0])
    return make(e.op, tuple(args), e.params, e.shape)


def _zero(a: Expr) -> Expr:
    return apply("zeros", (), a.shape) if a.shape else number(0)


def _by_record(e: Expr, tangents: Tangents) -> Expr:
    """The record's own differential, taken at stand-ins of the arguments and then said of the arguments themselves."""
    stands: dict[Expr, Expr] = {}
    moves: dict[Node, Node] = {}
    args: list[Expr] = []
    for k, (a, t) in enumerate(zip(e.args, tangents, strict=True)):
        if t is None or (a in args):
            args.append(a)
            continue
        stand, tangent = a, f"increment {k}"
        if a.op.name != "variable":
            node = node_of(a)
            assumed = ["symmetric"] if not node.scalar and len(node.shape) == 2 and turned(node) is node else []
            assumed += ["complex"] if is_complex(a) else []
            stand = variable(f"argument {k}", a.shape, assumed)
            stands[stand] = a
        args.append(stand)
        facts = ("increment", "complex") if is_complex(a) else ("increment",)
        moves[node_of(stand)] = atoms.variable(tangent, a.shape, facts)
        if is_complex(a):  # the records take conj(z) for a variable of its own
            moves[conj(node_of(stand))] = conj(moves[node_of(stand)])
        stands[variable(tangent, a.shape)] = t
    made = make(e.op, tuple(args), e.params, e.shape)
    written = replace(Writer().write(of_node(node_of(made), moves)), stands)
    return _real_part(written) if is_complex(e) else written


def _real_part(e: Expr) -> Expr:
    """conj(w) + w as 2*real(w)."""
    if e.op.name == "divide":
        return apply("divide", (_real_part(e.args[0]), e.args[1]))
    if e.op.name != "add" or node_of(e.args[0]) is not conj(node_of(e.args[1])):
        return e
    return apply("mul", (number(2), apply("real", (e.args[1] if e.args[0].op.name == "conj" else e.args[0],))))
