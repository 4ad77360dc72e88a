"""The entries of a vector in order: sort, the permutation that sorts, the median.

sort(x) = sortperm(x)*x with a permutation matrix that stays while no two entries are equal: its derivative is 0, and
d sort(x) = sortperm(x)*dx.
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import constant, is_op, number, value_of, zero
from frechet.algebra.constructors import T, mul
from frechet.algebra.constructors.products import unturned
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import ONE, Dim, Shape, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling, Words
from frechet.ops.books import MN5
from frechet.ops.matrix.shared import bare
from frechet.ops.rules import rule
from frechet.ops.shapes import shape_error

TIE = "where two entries of {x} are equal, sort has no derivative; the formula leaves them in the order they stand in"
ORDER = "the order of the entries stays while they are distinct"
DISTINCT = "the entries of {x} all distinct"


def _vector(shape: Shape, name: str) -> Dim:
    """The length of a vector."""
    if len(shape) > 1:
        raise shape_error(f"{name}(x) needs a vector; got {show(shape)}")
    return shape[0] if shape else ONE


def _sorted_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector; the shape stays."""
    return settle((_vector(shapes[0], "sort"),))


def _permutation_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length n; the value is n×n."""
    n = _vector(shapes[0], "sortperm")
    return settle((n, n))


def _median_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector; a scalar."""
    _vector(shapes[0], "median")
    return ()


def _middle_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """A vector of length n."""
    return settle((Dim.of(params[0]),))


# -- in the algebra ----------------------------------------------------------------------------------------------------


def _outside(x: Node) -> tuple[Node, Node]:
    """x as (positive number, the rest): the order is that of the rest."""
    outside, rest = bare(x)
    value = value_of(outside)
    return (outside, rest) if b.nonnegative(outside) and value != 0 else (number(1), x)


def sort(x: Node) -> Node:
    """The entries ascending."""
    outside, x = _outside(x)
    return mul(outside, x if x.scalar or is_op(x, "sort") or is_op(x, "ones") else b.apply("sort", (x,), x.shape))


def sortperm(x: Node) -> Node:
    """The permutation matrix P for which P*x is sorted."""
    _, x = _outside(x)
    return b.eye(x.rows) if x.scalar or is_op(x, "sort") else b.apply("sortperm", (x,), (x.rows, x.rows))


def median(x: Node) -> Node:
    """The median of the entries."""
    outside, x = bare(x)
    return mul(outside, x if x.scalar else b.apply("median", (x,), (ONE, ONE)))


def _beside(x: Node, y: Node) -> list[Node] | None:
    """P*x = sort(x); P*P' = P'*P = I."""
    f, g = unturned(x), unturned(y)
    if f is g and x is not y:
        return [b.eye(x.rows)]
    if is_op(x, "sortperm"):
        outside, rest = _outside(y)
        if rest is x.args[0]:
            return [outside, sort(rest)]
    return None


def _reading(make: Any) -> Any:
    def reading(e: Expr, x: Node) -> Node:
        b.require_holomorphic(e.op.name, x)
        return make(x)

    return reading


def _middle_reading(e: Expr) -> Node:
    n = Dim.of(e.params[0])
    return number(1) if n == ONE else constant("middle", (n, ONE), n)


def _d_sort(y: Node, dx: Node) -> Node:
    """P*dx."""
    return mul(sortperm(y.args[0]), dx)


def _d_sortperm(y: Node, _: Node) -> Node:
    return zero(*y.shape)


def _d_median(y: Node, dx: Node) -> Node:
    """The middle of the sorted increments: middle(n)'*P*dx."""
    (x,) = y.args
    return mul(T(constant("middle", (x.rows, ONE), x.rows)), sortperm(x), dx)


# -- values ------------------------------------------------------------------------------------------------------------


def _sort(xp: Any, params: Params, x: Any) -> Any:
    return xp.sort(x) if x.ndim else x


def _sortperm(xp: Any, params: Params, x: Any) -> Any:
    return xp.eye(len(x))[xp.argsort(x, kind="stable")] if x.ndim else xp.ones_like(x)


def _median(xp: Any, params: Params, x: Any) -> Any:
    return xp.median(x)


def _middle(xp: Any, params: Params) -> Any:
    (n,) = params
    places = xp.arange(n)
    return (xp.where(places == (n - 1) // 2, 0.5, 0.0) + xp.where(places == n // 2, 0.5, 0.0)).reshape((n,))


SORT = Op(
    "sort",
    _sorted_shape,
    _sort,
    normal=_reading(sort),
    differential=_d_sort,
    domain=("any",),
    caution=TIE,
    needs=DISTINCT,
    facts=Facts(level=True, cancels=True, real_only=True),
    rules=Rules(again=sort, summed=rule(lambda x: mul(T(b.ones(x.rows)), x.args[0]))),
    identities=(
        Identity("sums do not depend on the order", "sum(sort(x))", "sum(x)", source="a permutation"),
        Identity("the permutation that sorts", "sortperm(x)*x", "sort(x)", source="its definition"),
    ),
    source=ORDER,
    telling=Telling(step=Words("Sorted entries move", "The order stays: each entry moves at its place.", MN5)),
    example="sort(x)",
    doc="The entries of a vector, ascending.",
    python=("sort",),
    code=Code(axes=1, text="{xp}.sort({0})", torch="torch.sort({0}).values"),
    shown='>>> fr.derive(fr.sort(fr.vector("x", "n")), "x").jacobian()\nsortperm(x)',
)
SORTPERM = Op(
    "sortperm",
    _permutation_shape,
    _sortperm,
    normal=_reading(sortperm),
    differential=_d_sortperm,
    domain=("any",),
    caution="where two entries of {x} are equal, sortperm jumps; its derivative is 0 everywhere else",
    needs=DISTINCT,
    facts=Facts(level=True, jumps=True, cancels=True, real_only=True),
    rules=Rules(again=sortperm, beside=_beside),
    identities=(Identity("a permutation", "sortperm(x)*sortperm(x)'", "eye(n)", source="its definition"),),
    source=ORDER,
    telling=Telling(step=Words("The order stays", "A small movement changes no order.", MN5)),
    example="sortperm(x)",
    doc="The permutation matrix with sortperm(x)*x = sort(x).",
    code=Code(
        jax="jnp.eye(len({0}))[jnp.argsort({0}, stable=True)]",
        numpy='np.eye(len({0}))[np.argsort({0}, kind="stable")]',
        torch="torch.eye(len({0}), dtype={0}.dtype, device={0}.device)[torch.argsort({0}, stable=True)]",
        axes=1,
    ),
    shown='>>> fr.sortperm(fr.vector("x", "n")).evaluate(x=[2, 1]).tolist()\n[[0.0, 1.0], [1.0, 0.0]]',
)
MEDIAN = Op(
    "median",
    _median_shape,
    _median,
    normal=_reading(median),
    differential=_d_median,
    domain=("any",),
    caution="where an entry in the middle of {x}, put in order, equals one that is not in the middle, median has no "
    "derivative; the formula leaves them in the order they stand in",
    needs="no entry in the middle of {x}, put in order, equal to one that is not",
    facts=Facts(level=True, cancels=True, real_only=True),
    rules=Rules(again=median),
    source=ORDER,
    telling=Telling(
        step=Words("The median moves", "It is the entry in the middle, or the mean of the two there.", MN5)
    ),
    example="median(x)",
    doc="The median of a vector: the entry in the middle, of an even number the mean of the two in the middle.",
    python=("median",),
    code=Code(numpy="np.median({0})", jax="jnp.median({0})", torch="torch.quantile({0}, 0.5)"),
    shown='>>> fr.derive(fr.median(fr.vector("x", "n")), "x").gradient\nsortperm(x)\'*middle(n)',
)
MIDDLE_TORCH = """
def middle(n):
    \"\"\"The weights of the sorted entries in their median.\"\"\"
    k = torch.arange(n)
    return ((k == (n - 1) // 2).double() + (k == n // 2).double()) / 2
"""
MIDDLE = Op(
    "middle",
    _middle_shape,
    _middle,
    normal=_middle_reading,
    source="the definition of the median",
    example="middle(n)",
    doc="The weights of the median, middle(n)'*sort(x) = median(x): a 1 in the middle, or two halves.",
    call="d",
    code=Code(torch="middle({p0}){like}", torch_helpers=(MIDDLE_TORCH,)),
    shown=">>> fr.middle(4).evaluate().tolist()\n[0.0, 0.5, 0.5, 0.0]",
)

ORDERED = (SORT, SORTPERM, MEDIAN, MIDDLE)
