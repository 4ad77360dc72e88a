"""softmax and the logarithm of a sum of exponentials, of all entries, down the rows (1), along each row (2).

Of a tensor they may be taken along any axis, counted from 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import U, is_op, is_zero, number, ones, two
from frechet.algebra.constructors import T, add, apply, diag, hadamard, mul, parts, plus, size_of, trace
from frechet.algebra.constructors.products import absorb, assemble, unturned
from frechet.algebra.network.contraction import repeated, summed
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, entries, settle
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Rules
from frechet.core.looks import Looks
from frechet.core.op import Op, Params
from frechet.core.slips import Slips
from frechet.core.words import Telling, Words
from frechet.ops.arrays import settled, with_axes
from frechet.ops.reductions import all_entries, kept, reduced

BISHOP = "Bishop sec. 4.3.4"

# -- constructors ------------------------------------------------------------------------------------------------------


def logsumexp(x: Node, axis: int | None) -> Node:
    """log of the sum of exp, over all entries, down the rows (1) or along each row (2)."""
    if axis is None:
        return apply("logsumexp", (x,), (ONE, ONE), axis)
    if len(x.shape) > 2:
        return apply("logsumexp", (x,), two(settle(x.shape[: axis - 1] + x.shape[axis:])), axis)
    return apply("logsumexp", (x,), (x.cols if axis == 1 else x.rows, ONE), axis)


def softmax(x: Node, axis: int | None) -> Node:
    """exp(x) over its sum, over all entries, each column (1) or each row (2), or along an axis of a tensor."""
    if len(x.shape) > 2:
        return apply("softmax", (x,), x.shape, axis)
    if axis == 1:
        return T(softmax(T(x), 2))
    if axis is None and x.row:
        return T(softmax(T(x), None))
    if x.column and axis is None and _level(x) is not None:  # equal entries have equal shares
        return mul(b.power(atoms.size(x.rows), -U), ones(x.rows))
    return apply("softmax", (x,), x.shape, axis)


def _level(x: Node) -> Node | None:
    """The number that every entry of a column is, if it is seen at once."""
    if is_zero(x):
        return number(0)
    coef, scalars, chain = parts(x)
    if len(chain) == 1 and is_op(chain[0], "ones"):
        return assemble(coef, dict(scalars), (), (ONE, ONE))
    return None


# -- identities --------------------------------------------------------------------------------------------------------


def sum_of_exp(x: Node) -> Node | None:
    """u when x is sum(exp(u))."""
    if x.kind == "ring" and x.params == ("open",):
        c = x.chain
        if len(c) == 2 and is_op(unturned(c[0]), "ones") and is_op(c[1], "exp"):
            return c[1].args[0]
        if len(c) == 2 and is_op(c[1], "ones") and is_op(unturned(c[0]), "exp"):
            return unturned(c[0]).args[0]
        if len(c) == 3 and is_op(unturned(c[0]), "ones") and is_op(c[2], "ones") and is_op(unturned(c[1]), "exp"):
            return unturned(c[1]).args[0]
    return None


def _recognised(scalars: dict[Node, Fraction], chain: list[Node]) -> None:
    """exp(u)/sum(exp(u)) is softmax(u); with the sums along an axis it is softmax(u, axis).  In place."""
    for s, e in list(scalars.items()):
        u = sum_of_exp(s) if e == -1 else None
        if u is None:
            continue
        for r, k in list(scalars.items()):  # v'·exp(u)/sum(exp(u))
            if (
                k == 1
                and r.kind == "ring"
                and sum(unturned(f).op == "exp" and unturned(f).args[0] is u for f in r.chain) == 1
            ):
                made = softmax(u, None)
                swap = {True: T(made), False: made}
                hit = [(f, unturned(f).op == "exp" and unturned(f).args[0] is u) for f in r.chain]
                scalars[s] = scalars[r] = Fraction(0)
                absorb(trace(mul(*(swap[f is not unturned(f)] if h else f for f, h in hit))), scalars)
                return
    for k, f in enumerate(chain):
        core = unturned(f)
        if is_op(core, "exp"):
            u = core.args[0]
            for s in list(scalars):
                if scalars[s] == -1 and sum_of_exp(s) is u:
                    scalars[s] = Fraction(0)
                    made = softmax(u, None)
                    chain[k] = T(made) if f is not core else made
                    return
            for j, rows in ((k - 1, True), (k + 1, False)):
                if 0 <= j < len(chain) and chain[j].kind == "diag":
                    v = chain[j].args[0]
                    total = mul(f, ones(f.cols)) if rows else mul(T(f), ones(f.rows))
                    if v.kind == "hadamard" and dict(v.terms).get(total) == -1:
                        others = [(p, e) for p, e in v.terms if p is not total]
                        made = softmax(T(u) if f is not core else u, 2 if rows else 1)
                        scale_by = [diag(hadamard(others))] if others else []
                        chain[min(j, k) : max(j, k) + 1] = [*scale_by, made] if rows else [made, *scale_by]
                        return


def _in_network(factors: dict[tuple[int, ...], list[Node]]) -> None:
    """exp(u) with the reciprocal of its sums along an axis is softmax(u, axis).  In place."""
    for at, nodes in factors.items():
        for place, e in enumerate(nodes):
            if not is_op(e, "exp") or len(e.shape) <= 2:
                continue
            for k in range(len(at)):
                others = factors.get((*at[:k], *at[k + 1 :]))
                below = hadamard([(summed(e, k), -U)]) if others else None
                if others and below in others:
                    others.remove(below)
                    nodes[place] = softmax(e.args[0], k + 1)
                    break


def _log_softmax(x: Node) -> Node:
    """log(softmax(u)) = u - logsumexp(u)."""
    u, axis = x.args[0], x.params[0]
    lse = logsumexp(u, axis)
    if axis is None:
        return plus(u, lse, -1)
    if len(u.shape) > 2:
        return plus(u, _spread(lse, axis, u), -1)
    spread = mul(lse, T(ones(u.cols))) if axis == 2 else mul(ones(u.rows), T(lse))
    return plus(u, spread, -1)


def _spread(v: Node, axis: int, x: Node) -> Node:
    """What has one entry a line of x, in the shape of x."""
    return repeated(v, axis - 1, x.shape[axis - 1], len(x.shape))


def _shares(x: Node) -> Node:
    """The shares sum to 1, in every row (or column, or line of a tensor) where they are taken along one."""
    if x.params[0] is None:
        return number(1)
    if len(x.shape) > 2:
        return size_of(entries(x.shape[: x.params[0] - 1] + x.shape[x.params[0] :]))
    return size_of(x.cols if x.params[0] == 1 else x.rows)


# -- how an expression reads, and the differentials --------------------------------------------------------------------


def _axis(e: Expr, x: Node) -> int | None:
    """The axis that matters: along a vector it is the whole vector."""
    axis = e.params[0] if e.params else None
    if (x.column and axis == 1) or (x.row and axis == 2):
        return None
    return axis


def _one_each(x: Node, axis: int | None) -> bool:
    """Whether there is one entry in every sum."""
    return x.scalar or (x.column and axis == 2) or (x.row and axis == 1)


def _logsumexp_reading(e: Expr, x: Node) -> Node:
    axis = _axis(e, x)
    if _one_each(x, axis):
        return T(x) if axis == 1 else x
    return logsumexp(T(x) if x.row else x, axis)


def _softmax_reading(e: Expr, x: Node) -> Node:
    axis = _axis(e, x)
    return b.all_ones(x.shape) if _one_each(x, axis) else softmax(x, axis)


def _d_logsumexp(y: Node, dx: Node) -> Node:
    """d log Σ exp x = ⟨softmax(x), dx⟩, along the axis."""
    x, axis = y.args[0], y.params[0]
    weighted = hadamard([(softmax(x, axis), U), (dx, U)])
    if len(x.shape) > 2:
        return all_entries(weighted) if axis is None else summed(weighted, axis - 1)
    if axis is None:
        return mul(T(ones(x.rows)), weighted, ones(x.cols))
    return T(mul(T(ones(x.rows)), weighted)) if axis == 1 else mul(weighted, ones(x.cols))


def _d_softmax(y: Node, dx: Node) -> Node:
    """ds = s.*dx - s·⟨s, dx⟩, whole or row by row."""
    weighted, axis = hadamard([(y, U), (dx, U)]), y.params[0]
    if len(y.shape) > 2:
        if axis is None:
            return add([(weighted, 1), (mul(all_entries(weighted), y), -1)])
        spread = _spread(summed(weighted, axis - 1), axis, y)
        return add([(weighted, 1), (hadamard([(y, U), (spread, U)]), -1)])
    if axis is None:
        return add([(weighted, 1), (mul(trace(mul(T(y), dx)), y), -1)])
    return add([(weighted, 1), (mul(diag(mul(weighted, ones(y.cols))), y), -1)])


# -- values ------------------------------------------------------------------------------------------------------------


def _logsumexp(xp: Any, params: Params, x: Any) -> Any:
    axis = params[0] if params else None
    if axis is None:
        top = xp.max(x)
        return top + xp.log(xp.sum(xp.exp(x - top)))
    x = with_axes(xp, x)
    top = xp.max(x, axis=axis - 1, keepdims=True)
    total = xp.sum(xp.exp(x - top), axis=axis - 1, keepdims=True)
    return settled(xp, xp.squeeze(top + xp.log(total), axis=axis - 1))


def _softmax(xp: Any, params: Params, x: Any) -> Any:
    axis = params[0] if params else None
    if axis is None:
        shares = xp.exp(x - xp.max(x))
        return shares / xp.sum(shares)
    columns = with_axes(xp, x)
    shares = xp.exp(columns - xp.max(columns, axis=axis - 1, keepdims=True))
    return xp.reshape(shares / xp.sum(shares, axis=axis - 1, keepdims=True), x.shape)


def _axis_turned(params: Params) -> Params:
    """Rows become columns."""
    return (3 - params[0] if params[0] else None,)


def _step(e: Expr) -> Words:
    """The rule, which says along which axis the entries are coupled."""
    why = "entry feels its own exponent and, through the sum below, all of"
    if len(e.shape) > 2 and e.params[0] is not None:
        said = f"Along axis {e.params[0]} every {why} that line: ds = s.*(du - ⟨s, du⟩)."
        return Words(f"The softmax's differential along axis {e.params[0]}", said, BISHOP, rule="softmax along an axis")
    for axis, one in ((2, "row"), (1, "column")):
        if e.params[:1] == (axis,):
            said = f"In each {one} every {why} that {one}: ds = s.*(du - ⟨s, du⟩)."
            return Words(f"The softmax's differential, {one} by {one}", said, BISHOP, rule=f"softmax by {one}s")
    return Words("The softmax's differential", f"Every {why} them: ds = s.*(du - ⟨s, du⟩).", BISHOP)


LOGSUMEXP_TEXT = """
def logsumexp(x, axis=None):
    \"\"\"log(sum(exp(x))), without overflow.\"\"\"
    top = x.max(axis=axis, keepdims=True)
    total = {xp}.log({xp}.exp(x - top).sum(axis=axis, keepdims=True))
    return (top + total).squeeze(axis=axis)
"""
LOGSUMEXP = Op(
    "logsumexp",
    reduced,
    _logsumexp,
    normal=_logsumexp_reading,
    differential=_d_logsumexp,
    facts=Facts(holomorphic=True, of_arrays=True),
    rules=Rules(again=logsumexp),
    slips=Slips(slope="softmax", labels=True),
    telling=Telling(
        step=Words(
            "The differential of log-sum-exp",
            "The slope of log(Σ exp(u)) in u is softmax(u).",
            "Boyd & Vandenberghe sec. 3.1.5",
        )
    ),
    source="Boyd & Vandenberghe, Convex Optimization, 3.1.5",
    example="logsumexp(x)",
    elsewhere=("lse",),
    doc="log Σ exp, of all entries or along an axis.",
    python=("logsumexp", "special.logsumexp", "nn.logsumexp"),
    latex=("LSE", "lse"),
    along=True,
    call="x?a",
    code=Code(
        numpy="logsumexp({0}{, axis})",
        jax="jax.nn.logsumexp({0}{, axis})",
        torch="torch.logsumexp({0}, dim={dim})",
        helper=LOGSUMEXP_TEXT,
        cost=12,
    ),
    shown='>>> fr.derive(fr.logsumexp(fr.vector("x", "n")), "x").gradient\nsoftmax(x)',
)
SOFTMAX_TEXT = """
def softmax(x, axis=None):
    \"\"\"exp(x)/sum(exp(x)), without overflow.\"\"\"
    if x.ndim > 1 and axis == x.ndim - 1 and x.shape[axis] <= 32:  # short rows are slow to add up: as columns
        return softmax({xp}.ascontiguousarray(x.T), 0).T
    e = {xp}.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e
"""
SOFTMAX = Op(
    "softmax",
    kept,
    _softmax,
    normal=_softmax_reading,
    differential=_d_softmax,
    facts=Facts(range="positive", between=(0, 1), reached=True, holomorphic=True, of_arrays=True),
    rules=Rules(
        again=softmax, in_product=_recognised, in_network=_in_network, summed=_shares, under={"log": _log_softmax}
    ),
    slips=Slips(labels=True),
    telling=Telling(
        step=_step,
        recognised=Words(
            "Recognise the softmax",
            "The exponentials over their sum are a function with a name, and a differential of its own.",
            "",
            rule="recognise",
        ),
        letters=("s", "P"),
    ),
    source="the quotient rule; Bishop 2006, (4.106)",
    example="softmax(X,2)",
    doc="exp(x)/Σ exp(x), along the axis.",
    python=("softmax", "special.softmax", "nn.softmax", "functional.softmax"),
    latex=("Softmax",),
    along=True,
    overall="exp({x})/sum(exp({x}))",
    call="x?a",
    looks=Looks(names="sS", named=True, from_one=True),
    turned=_axis_turned,
    code=Code(
        numpy="softmax({0}{, axis})",
        jax="jax.nn.softmax({0}, axis={axis})",
        torch="torch.exp({0} - torch.logsumexp({0}, dim={dim}, keepdim=True))",
        helper=SOFTMAX_TEXT,
        cost=12,
    ),
    shown='>>> fr.softmax(fr.vector("x", "n")).evaluate(x=[0, 0]).tolist()\n[0.5, 0.5]',
)

SOFTMAXES = (LOGSUMEXP, SOFTMAX)
