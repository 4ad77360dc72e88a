"""How each operation reads in the algebra: the `normal` field of the records.

Every function here takes the expression and the nodes of its arguments and gives a node; what is multilinear is
resolved by the constructors, what is not becomes an application that the calculus differentiates by its record.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from frechet.algebra import atoms, spectra
from frechet.algebra import build as b
from frechet.algebra.atoms import HALF, U, is_zero
from frechet.algebra.build.products import unturned
from frechet.algebra.expand import MOST, expand
from frechet.algebra.network import Network, plain, raise_hubs, raise_two, reduce
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import Node
from frechet.core.dim import ONE, Dim, entries
from frechet.core.expr import Expr
from frechet.errors import FrechetError

Reading = Callable[..., Node]


def variable(e: Expr) -> Node:
    """A named array."""
    name, assumed = e.params
    return atoms.variable(name, e.shape, assumed)


def number(e: Expr) -> Node:
    """An exact number."""
    return atoms.number(e.params[0])


def size(e: Expr) -> Node:
    """A size as a scalar."""
    return b.size_of(e.params[0])


def pi(_: Expr) -> Node:
    """The number π."""
    return atoms.pi()


def add(_: Expr, x: Node, y: Node) -> Node:
    """x + y, a scalar added to every entry."""
    return b.plus(x, y)


def sub(_: Expr, x: Node, y: Node) -> Node:
    """x - y, a scalar subtracted from every entry."""
    return b.plus(x, y, -1)


def neg(_: Expr, x: Node) -> Node:
    """-x."""
    return b.neg(x)


def mul(_: Expr, x: Node, y: Node) -> Node:
    """The matrix product, or a scaling."""
    return b.mul(x, y)


def hadamard(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise product."""
    return b.hadamard([(x, Fraction(1)), (y, Fraction(1))])


def divide(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise quotient, either side possibly a scalar."""
    return b.hadamard([(x, Fraction(1)), (y, Fraction(-1))])


def transpose(_: Expr, x: Node) -> Node:
    """x'."""
    return b.T(x)


def power(_: Expr, x: Node, k: Node) -> Node:
    """A scalar to any power; a square matrix to a whole one."""
    q = b.value_of(k)
    if x.scalar:
        return b.power(x, q) if q is not None else b.apply("power", (x, k), (ONE, ONE))
    if q is not None and q.denominator != 1:
        raise FrechetError("unsupported", "a matrix power needs a whole number for its exponent")
    return spectra.matrix_power(x, k)


def epower(_: Expr, x: Node, k: Node) -> Node:
    """The entrywise power."""
    q = b.value_of(k)
    if q is not None:
        return b.hadamard([(x, q)])
    if x.scalar and k.scalar:
        return b.apply("power", (x, k), (ONE, ONE))
    return b.apply("epower", (x, k), k.shape if x.scalar else x.shape)


def pointwise(name: str) -> Reading:
    """A function of every entry."""

    def reading(e: Expr, x: Node) -> Node:
        if x.complex and name not in ("abs", "sign"):
            b.require_holomorphic(name, x)
        return b.elementwise(name, x, *e.params)

    return reading


def of_two(name: str) -> Reading:
    """max or min of two arrays."""

    def reading(_: Expr, x: Node, y: Node) -> Node:
        shape = y.shape if x.scalar else x.shape
        for n in (x, y):
            b.require_holomorphic(name, n)
        for zero, other in ((x, y), (y, x)):
            spread = zero.scalar or zero.shape == other.shape  # an array of zeros gives a number its shape
            if spread and (is_zero(zero) or b.value_of(zero) == 0):  # max(0,x) = relu(x), min(0,x) = -relu(-x)
                return b.elementwise("relu", other) if name == "max" else b.neg(b.elementwise("relu", b.neg(other)))
        x, y = (b.mul(n, b.all_ones(shape)) if n.scalar else n for n in (x, y))
        return b.apply(name, (x, y), shape)

    return reading


def extreme(name: str) -> Reading:
    """The largest or the smallest entry of an array."""

    def reading(_: Expr, x: Node) -> Node:
        b.require_holomorphic(name, x)
        return x if x.scalar else b.apply(name, (b.T(x) if x.row else x,), (ONE, ONE))

    return reading


def total(e: Expr, x: Node) -> Node:
    """Σ over everything, down the rows (1), along each row (2)."""
    axis = e.params[0] if e.params else None
    if len(x.shape) > 2:
        if axis is not None:
            raise FrechetError("unsupported", "sum of a tensor along an axis: write it with einsum, which names them")
        return _tensor_total(x)
    if axis == 1:
        return b.T(b.mul(b.T(b.ones(x.rows)), x))
    if axis == 2:
        return b.mul(x, b.ones(x.cols))
    return b.mul(b.T(b.ones(x.rows)), x, b.ones(x.cols))


def _tensor_total(x: Node) -> Node:
    """Σ over all axes of a tensor, as one contraction of its entrywise factors."""
    if x.kind == "sum":
        return b.add([(_tensor_total(t), c) for t, c in x.terms])
    coef, scalars, chain = b.parts(x)
    factors: list[Node] = []
    for f in chain:
        for base, e in f.terms if f.kind == "hadamard" else ((f, b.U),):
            factors += [base] * int(e) if e > 0 and e.denominator == 1 else [b.hadamard([(base, e)])]
    letters = LETTERS[: len(x.shape)]
    inside = b.einsum(f"{','.join([letters] * len(factors))}->", factors, (ONE, ONE))
    return b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars), inside)


def mean(e: Expr, x: Node) -> Node:
    """The sum over the count."""
    axis = e.params[0] if e.params else None
    count = x.rows if axis == 1 else x.cols if axis == 2 else entries(x.shape)
    return b.mul(b.power(b.size_of(count), -1), total(e, x))


def prod(e: Expr, x: Node) -> Node:
    """The product of the entries, of all or along an axis."""
    axis = e.params[0] if e.params else None
    if x.scalar or (axis == 1 and x.rows == ONE) or (axis == 2 and x.cols == ONE):
        return b.T(x) if axis == 1 else x
    if x.column or x.row:
        return b.apply("prod", (b.T(x) if x.row else x,), (ONE, ONE), None)
    shape = (ONE, ONE) if axis is None else (x.cols if axis == 1 else x.rows, ONE)
    return b.apply("prod", (x,), shape, axis)


def norm1(_: Expr, x: Node) -> Node:
    """Σ |x|."""
    if len(x.shape) > 2:
        return _tensor_total(b.elementwise("abs", x))
    return b.mul(b.T(b.ones(x.rows)), b.elementwise("abs", x), b.ones(x.cols))


def norm2(_: Expr, x: Node) -> Node:
    """√⟨x, x⟩."""
    if len(x.shape) > 2:
        return b.power(_tensor_total(b.hadamard([(x, Fraction(2))])), HALF)
    return b.power(b.trace(b.mul(b.herm(x), x)), HALF)


def _axis(e: Expr, x: Node) -> int | None:
    """The axis that matters: along a vector it is the whole vector."""
    axis = e.params[0] if e.params else None
    if (x.column and axis == 1) or (x.row and axis == 2):
        return None
    return axis


def logsumexp(e: Expr, x: Node) -> Node:
    """log Σ exp."""
    axis = _axis(e, x)
    if x.scalar or (x.column and axis == 2) or (x.row and axis == 1):
        return b.T(x) if axis == 1 else x
    return b.logsumexp(b.T(x) if x.row else x, axis)


def softmax(e: Expr, x: Node) -> Node:
    """exp over its sum."""
    axis = _axis(e, x)
    if x.scalar or (x.column and axis == 2) or (x.row and axis == 1):
        return b.all_ones(x.shape)
    return b.softmax(x, axis)


def tr(_: Expr, x: Node) -> Node:
    """The trace."""
    return b.trace(x)


def det(_: Expr, x: Node) -> Node:
    """The determinant."""
    return b.determinant(x)


def logdet(_: Expr, x: Node) -> Node:
    """log |det x|."""
    return b.logdet(x)


def inv(_: Expr, x: Node) -> Node:
    """The inverse."""
    return b.inverse(x)


def adj(_: Expr, x: Node) -> Node:
    """The adjugate."""
    return atoms.number(1) if x.scalar else b.apply("adj", (x,), x.shape)


def diag(e: Expr, x: Node) -> Node:
    """A vector's diagonal matrix, a matrix's diagonal."""
    if x.column or x.row:
        return b.diag(b.T(x) if x.row else x)
    return b.diagonal(x)


def vec(_: Expr, x: Node) -> Node:
    """The columns stacked."""
    _no_tensor("vec", x)
    return b.vec(x)


def _no_tensor(name: str, x: Node) -> None:
    """Stacks of tensors are not in the algebra yet: its vec is that of a matrix."""
    if len(x.shape) > 2:
        m, *rest = (f"({d})" if "+" in str(d) else str(d) for d in x.shape)
        raise FrechetError(
            "unsupported",
            f"{name} of a tensor cannot be differentiated yet: declare it as the matrix of its slices side by side, of"
            f" shape {m},{'*'.join(rest)}, which has the same entries in the same order",
        )


def vech(_: Expr, x: Node) -> Node:
    """The lower triangle stacked."""
    n = x.rows
    half = (n * (n + 1)).scaled(HALF)
    return b.mul(atoms.constant("elimination", (half, n * n), n), b.vec(x))


def triangle(name: str) -> Reading:
    """The lower or upper triangle: a mask, entry by entry."""

    def reading(_: Expr, x: Node) -> Node:
        return b.hadamard([(mask(name, x.rows, x.cols), Fraction(1)), (x, Fraction(1))])

    return reading


def mask(name: str, rows: Dim, cols: Dim) -> Node:
    """The 0/1 matrix of a triangle (`tril` or `triu`); the upper one is the lower one's transpose."""
    if name == "triu":
        return b.T(atoms.constant("tril", (cols, rows), cols, rows))
    return atoms.constant("tril", (rows, cols), rows, cols)


def reshape(e: Expr, x: Node) -> Node:
    """Column-major reshaping."""
    _no_tensor("reshape", x)
    sizes = [Dim.of(d) for d in e.params if d is not None]
    rows, cols = (sizes[0], sizes[1]) if len(sizes) > 1 else (sizes[0], ONE)
    if (x.rows, x.cols) == (rows, cols):
        return x
    return b.unvec(b.vec(x), rows, cols)


def kron(_: Expr, x: Node, y: Node) -> Node:
    """The Kronecker product."""
    return b.kron(x, y)


def _select(offset: Dim, width: Dim, whole: Dim) -> Node:
    """The width×whole matrix that picks `width` entries from `offset` on: a block of an identity."""
    if width == ONE:
        return b.T(atoms.unit(offset + 1, whole))
    return atoms.constant("select", (width, whole), offset, width, whole)


def khatrirao(_: Expr, x: Node, y: Node) -> Node:
    """The entrywise product of each row of x, repeated, and the rows of y, over and over."""
    if x.cols == ONE:
        return b.kron(x, y)
    return b.hadamard([(b.kron(x, b.ones(y.rows)), U), (b.kron(b.ones(x.rows), y), U)])


def hcat(e: Expr, *blocks: Node) -> Node:
    """[A, B] = A [I 0] + B [0 I]."""
    whole, offset, terms = Dim.of(0), Dim.of(0), list[tuple[Node, Fraction]]()
    for x in blocks:
        whole = whole + x.cols
    for x in blocks:
        rows = expand([(x, b.U)]) if x.kind in ("sum", "transpose") and _cut(x) else None
        select = _select(offset, x.cols, whole)
        terms += [(b.mul(t, select), c) for t, c in rows or [(x, b.U)]]
        offset = offset + x.cols
    return b.add(terms)


def _cut(x: Node) -> bool:
    """Whether x is itself made of blocks."""
    inner = unturned(x)
    ends = [f for t, _ in inner.terms for f in b.parts(t)[2]]
    return any(unturned(f).op in ("select", "unit") for f in ends)


def vcat(e: Expr, *blocks: Node) -> Node:
    """[A; B] = [A', B']'."""
    return b.T(hcat(e, *(b.T(x) for x in blocks)))


def entry(e: Expr, x: Node) -> Node:
    """e_i' x e_j."""
    at = [Dim.of(d) for d in e.params]
    if len(at) == 1:
        return b.mul(b.T(atoms.unit(at[0], x.rows)), x) if not x.row else b.mul(x, atoms.unit(at[0], x.cols))
    left = b.T(atoms.unit(at[0], x.rows)) if x.rows != ONE else atoms.number(1)
    right = atoms.unit(at[1], x.cols) if x.cols != ONE else atoms.number(1)
    return b.mul(left, x, right)


def column(e: Expr, x: Node) -> Node:
    """x e_j."""
    return b.mul(x, atoms.unit(Dim.of(e.params[0]), x.cols)) if x.cols != ONE else x


def row(e: Expr, x: Node) -> Node:
    """e_i' x."""
    return b.mul(b.T(atoms.unit(Dim.of(e.params[0]), x.rows)), x) if x.rows != ONE else x


def eye(e: Expr) -> Node:
    """The identity."""
    return b.eye(Dim.of(e.params[0]))


def ones(e: Expr) -> Node:
    """Ones."""
    return b.all_ones(atoms.two(e.shape))


def zeros(e: Expr) -> Node:
    """Zeros."""
    return atoms.zero(*atoms.two(e.shape))


def unit(e: Expr) -> Node:
    """A basis vector."""
    return atoms.unit(Dim.of(e.params[0]), Dim.of(e.params[1]))


def commutation(e: Expr) -> Node:
    """The commutation matrix."""
    return atoms.commutation(Dim.of(e.params[0]), Dim.of(e.params[1]))


def constant(name: str) -> Reading:
    """A constant matrix that the algebra treats as a leaf."""

    def reading(e: Expr) -> Node:
        return atoms.constant(name, atoms.two(e.shape), *(Dim.of(d) for d in e.params))

    return reading


def einsum(e: Expr, *nodes: Node) -> Node:
    """Any contraction: as a matrix formula where there is one.

    Sums of tensors are distributed first: the pieces of Σ_k (X[i,k] - X[j,k])² are matrices, the whole is not.
    """
    ins, out = e.params[0].replace(" ", "").split("->")
    names = ins.split(",")
    choices = [_distributed(x) for x in nodes]
    count = 1
    for c in choices:
        count *= len(c)
    if count > MOST:
        choices = [[(x, Fraction(1))] for x in nodes]
    terms: list[tuple[Node, Fraction]] = []
    for pick in product(*choices):
        c = Fraction(1)
        for _, factor in pick:
            c *= factor
        terms.append((_contracted(names, out, [x for x, _ in pick]), c))
    return b.add(terms)


def _distributed(x: Node) -> list[tuple[Node, Fraction]]:
    """The terms of a tensor; a matrix stays whole."""
    if len(x.shape) <= 2:
        return [(x, Fraction(1))]
    return expand([(x, Fraction(1))]) or [(x, Fraction(1))]


def _contracted(ins: list[str], out: str, nodes: list[Node]) -> Node:
    net = Network()
    letters: dict[str, int] = {}
    for names, x in zip(ins, nodes, strict=True):
        at: list[int] = []
        dims = x.shape if len(x.shape) > 2 or len(names) == 2 else (x.rows if x.cols == ONE else x.cols,)[: len(names)]
        for name, d in zip(names, dims, strict=True):
            if name not in letters:
                letters[name] = net.index(d)
            at.append(letters[name])
        if len(at) < 2:
            x = b.T(x) if x.row else x
        while len(at) < 2:
            at.append(net.index(ONE))
        plain(net, x, tuple(at))
    outs = [letters[name] for name in out]
    red = reduce(net, outs)
    dims = [net.dims[net.find(o)] for o in outs]
    if len(outs) > 2:
        return b.mul(red.scalar, raise_hubs(red, [net.find(o) for o in outs], tuple(dims)))
    while len(outs) < 2:
        outs.append(net.index(ONE))
        dims.append(ONE)
    return raise_two(red, outs[0], outs[1], dims[0], dims[1])
