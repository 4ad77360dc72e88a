"""The differential of a formula as it was typed: rule by rule, without rearranging anything.

Sums, products, quotients and powers are differentiated here as a person does it, on the formula's own tree; any other
operation by the differential of its record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from frechet.algebra import atoms
from frechet.algebra.build import T as turned
from frechet.algebra.build import conj
from frechet.algebra.node import Node
from frechet.calculus.differential import differential as of_node
from frechet.core.dim import ONE, rows_cols
from frechet.core.expr import Expr, make, postorder
from frechet.core.rewrite import replace
from frechet.explain.derivation.wording import LINEAR
from frechet.notation.write import Writer
from frechet.ops.build import apply, number, variable
from frechet.ops.normalise import node_of
from frechet.verify.structure import COMPLEX

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
        return negative(_given(tangents[0]))
    if name in ("mul", "hadamard", "kron", "einsum"):
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
        return _slope(scaled(k, slope) if not k.shape else apply("hadamard", (k, slope)), _given(tangents[0]))
    if name == "norm2" and len(e.args[0].shape) <= 2:
        u = e.args[0]
        return apply("divide", (_product_of_norm(u, _given(tangents[0])), e))
    if name == "norm1":
        sign = apply("sign", e.args)
        return apply("sum", (apply("hadamard", (sign, _given(tangents[0]))),), (None,))
    if name in LINEAR or name == "tr":
        return _linear(e, tangents)
    return _by_record(e, tangents)


def _given(tangent: Expr | None) -> Expr:
    assert tangent is not None, "something moves"
    return tangent


def negative(e: Expr) -> Expr:
    """-e, without a double sign."""
    return e.args[0] if e.op.name == "neg" else apply("neg", (e,))


def _minus_in_front(e: Expr) -> Expr:
    """-a*b as -(a*b)."""
    factors: list[Expr] = []
    rest = e
    while rest.op.name in ("mul", "hadamard") and (rest.op is e.op):
        factors.append(rest.args[1])
        rest = rest.args[0]
    if rest.op.name != "neg" or not factors:
        return e
    whole = rest.args[0]
    for f in reversed(factors):
        whole = apply(e.op, (whole, f))
    return apply("neg", (whole,))


def times_number(c: Fraction, e: Expr) -> Expr:
    """c·e with one number in front: ½·(2·x) is x.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> text(times_number(Fraction(1, 2), parse("2*r'*x").value)), text(times_number(Fraction(3), parse("r'*x").value))
    ("r'*x", "3*r'*x")
    """
    factors: list[Expr] = []
    rest = e
    while rest.op.name == "mul":
        factors.append(rest.args[1])
        rest = rest.args[0]
    if rest.op.name == "number":
        c *= rest.params[0]
        rest = factors.pop() if factors else number(1)
    if c < 0:
        return apply("neg", (times_number(-c, e if rest.op.name == "number" else _joined(rest, factors)),))
    whole = rest if c == 1 else apply("mul", (number(c), rest))
    return _joined(whole, factors)


def _leads_with_number(e: Expr) -> bool:
    while e.op.name == "mul":
        e = e.args[0]
    return e.op.name == "number"


def _joined(first: Expr, factors: Sequence[Expr]) -> Expr:
    for f in reversed(factors):
        first = apply("mul", (first, f))
    return first


def scaled(c: Expr, e: Expr) -> Expr:
    """c·e, without a factor 1."""
    if c.op.name == "number" and c.params[0] == 1:
        return e
    if e.op.name == "number" and e.params[0] == 1:
        return c
    return apply("mul", (c, e))


def transposed(e: Expr) -> Expr:
    """e', pushed inside products and other transposes."""
    if not e.shape:
        return e
    if e.op.name == "transpose":
        return e.args[0]
    if e.op.name == "mul":
        left, right = e.args
        if not left.shape:
            return apply("mul", (left, transposed(right)))
        if not right.shape:
            return apply("mul", (transposed(left), right))
        return apply("mul", (transposed(right), transposed(left)))
    if e.op.name == "neg":
        return negative(transposed(e.args[0]))
    return apply("transpose", (e,))


def inner(u: Expr, v: Expr) -> Expr:
    """⟨u, v⟩ as it is written: u'*v of columns, tr(U'*V) of matrices, a product of numbers."""
    rows, cols = rows_cols(u.shape)
    if not u.shape:
        return apply("mul", (u, v))
    if cols == ONE:
        return apply("mul", (transposed(u), v))
    if rows == ONE:
        return apply("mul", (v, transposed(u)))
    return apply("tr", (apply("mul", (transposed(u), v)),))


def real_inner(u: Expr, v: Expr) -> Expr:
    """real(⟨u, v⟩) of complex arrays, u conjugated."""
    if not u.shape:
        return apply("real", (apply("mul", (apply("conj", (u,)), v)),))
    if len(u.shape) == 2 and u.shape[0] == ONE:
        return apply("real", (apply("mul", (v, apply("herm", (u,)))),))
    product = apply("mul", (apply("herm", (u,)), v))
    return apply("real", (product if not product.shape else apply("tr", (product,)),))


def is_complex(e: Expr) -> bool:
    """Whether complex variables occur in a formula."""
    return any(v.op.name == "variable" and not COMPLEX.isdisjoint(v.params[1]) for v in postorder(e))


def _product_of_norm(u: Expr, du: Expr) -> Expr:
    """⟨u, du⟩ as the differential of a norm has it."""
    return real_inner(u, du) if is_complex(u) else inner(u, du)


def _slope(slope: Expr, dx: Expr) -> Expr:
    """slope.*dx, a minus of the increment in front."""
    if dx.op.name == "neg":
        return apply("neg", (apply("hadamard", (slope, dx.args[0])),))
    return apply("hadamard", (slope, dx))


def _spread(e: Expr, shape: Sequence[object]) -> Expr:
    """A number in every entry of a shape."""
    if e.shape or not shape:
        return e
    return apply("mul", (e, apply("ones", (), tuple(shape))))


def _sum(e: Expr, tangents: Tangents) -> Expr:
    left, right = (None if t is None else _spread(t, e.shape) for t in tangents)
    if left is None:
        return negative(_given(right)) if e.op.name == "sub" else _given(right)
    if right is None:
        return left
    if right.op.name == "neg":
        return apply("sub" if e.op.name == "add" else "add", (left, right.args[0]))
    return apply(e.op, (left, right))


def _product(e: Expr, tangents: Tangents) -> Expr:
    total: Expr | None = None
    for k, tangent in enumerate(tangents):
        if tangent is None:
            continue
        sign = tangent.op.name == "neg"
        args = (*e.args[:k], tangent.args[0] if sign else tangent, *e.args[k + 1 :])
        term = make(e.op, args, e.params, e.shape)
        if e.op.name == "mul" and k == 1 and args[0].op.name == "number" and _leads_with_number(args[1]):
            term = times_number(args[0].params[0], args[1])
        if total is None:
            total = apply("neg", (term,)) if sign else term
        else:
            total = apply("sub" if sign else "add", (total, term))
    return _given(total)


def _quotient(e: Expr, tangents: Tangents) -> Expr:
    """du/v - u*dv/v^2."""
    u, v = e.args
    du, dv = tangents
    first = None if du is None else apply(e.op, (_spread(du, e.shape) if e.op.name == "divide" else du, v))
    if first is not None and not first.shape and e.shape:
        first = _spread(first, e.shape)
    if dv is None and du is not None and du.op.name == "neg":
        return apply("neg", (_quotient(e, [du.args[0], None]),))
    if dv is None:
        if v.op.name == "number" and _leads_with_number(_given(du)):
            return times_number(1 / v.params[0], _given(du))
        return _given(first)
    product = "hadamard" if u.shape and v.shape else "mul"
    over = "epower" if v.shape else "power"
    negated = dv.op.name == "neg"
    dv = dv.args[0] if negated else dv
    moved = dv if u.op.name == "number" and u.params[0] == 1 else apply(product, (u, dv))
    second = apply(e.op, (moved, apply(over, (v, number(2)))))
    if first is None:
        return second if negated else apply("neg", (second,))
    return apply("add" if negated else "sub", (first, second))


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
        if squared_norm(e) and len(x.args[0].shape) <= 2:
            u = x.args[0]
            return _doubled(_product_of_norm(u, _given(known[u])))
        return apply("mul", (scaled(k, _lowered("power", x, k)), dx))
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


def _doubled(e: Expr) -> Expr:
    """2·e, the sign in front."""
    if e.op.name == "neg":
        return apply("neg", (_doubled(e.args[0]),))
    if e.op.name == "tr" and e.args[0].op.name == "mul" and e.args[0].args[1].op.name == "neg":
        left, right = e.args[0].args
        return apply("neg", (_doubled(apply("tr", (apply("mul", (left, right.args[0])),))),))
    if e.op.name == "mul" and e.args[1].op.name == "neg":
        return apply("neg", (_doubled(apply("mul", (e.args[0], e.args[1].args[0]))),))
    if e.op.name == "mul" and e.args[0].op.name != "number":
        return apply("mul", (apply("mul", (number(2), e.args[0])), e.args[1]))
    return apply("mul", (number(2), e))


def _to(x: Expr, k: int) -> Expr:
    return x if k == 1 else apply("power", (x, number(k)))


def squared_norm(e: Expr) -> bool:
    """Whether the formula is norm2(u)^2."""
    return (
        e.op.name == "power"
        and e.args[0].op.name == "norm2"
        and e.args[1].op.name == "number"
        and e.args[1].params[0] == 2
    )


def _linear(e: Expr, tangents: Tangents) -> Expr:
    args = [t if t is not None else _zero(a) for a, t in zip(e.args, tangents, strict=True)]
    if e.op.name == "transpose":
        return transposed(args[0])
    if len(args) > 1:
        return make(e.op, tuple(args), e.params, e.shape)
    inside = args[0]
    if inside.op.name == "neg":
        return apply("neg", (_linear(e, [inside.args[0]]),))
    if inside.op.name == "hadamard" and inside.args[0].op.name == "mul" and inside.args[0].args[0].op.name == "number":
        factor, rest = inside.args[0].args  # Σ 2u.*du is 2 Σ u.*du
        whole = make(e.op, (apply("hadamard", (rest, inside.args[1])),), e.params, e.shape)
        return apply("mul", (factor, whole))
    return make(e.op, (inside,), e.params, e.shape)


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
    written = _minus_in_front(replace(Writer().write(of_node(node_of(made), moves)), stands))
    return _real_part(written) if is_complex(e) else written


def _real_part(e: Expr) -> Expr:
    """conj(w) + w as 2*real(w)."""
    if e.op.name == "divide":
        return apply("divide", (_real_part(e.args[0]), e.args[1]))
    if e.op.name != "add" or node_of(e.args[0]) is not conj(node_of(e.args[1])):
        return e
    return apply("mul", (number(2), apply("real", (e.args[1] if e.args[0].op.name == "conj" else e.args[0],))))
