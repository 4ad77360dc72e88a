"""Every form of one derivative, read off the same linear map.

The differential is computed once, forward; the gradient or the pullback by one reverse sweep; the index form, the
tensor and the Jacobians from the networks of the differential.  A form that cannot be written is named in
`missing` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import final

from frechet.algebra import build as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.build import T, mul, vec
from frechet.algebra.network import Network, Reduced, networks, reduce, unfuse_outputs
from frechet.algebra.network.raising import LETTERS
from frechet.algebra.node import CAP, Node, depends
from frechet.algebra.rebuild import substitute
from frechet.calculus.differential import zero_like
from frechet.calculus.jacobian import jacobian
from frechet.calculus.operators import composed, operators, through_krons
from frechet.calculus.overdata import over_data
from frechet.calculus.structure import Structure, vectors
from frechet.calculus.sweep import Chain
from frechet.core.dim import Dim, Shape, settle
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.index import Entries
from frechet.notation.indexnames import IndexNames
from frechet.notation.signs import added, times
from frechet.notation.tensor import axes_of, tensor_of
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.build import apply, number

CONVENTIONS = (("numerator", "column"), ("numerator", "row"), ("denominator", "column"), ("denominator", "row"))


@final
@dataclass
class Forms:
    """The formulas of one derivative.  What does not apply is None; what could not be written is in `missing`."""

    differential: Expr | None = None
    pullback: Expr | None = None
    gradient: Expr | None = None
    derivative: Expr | None = None
    index: Expr | None = None
    value_indices: tuple[str, ...] = ()
    wrt_indices: tuple[str, ...] = ()
    tensor: Expr | None = None
    jacobian: dict[tuple[str, str], Expr] = field(default_factory=dict[tuple[str, str], Expr])
    hessian: dict[str, Expr] = field(default_factory=dict[str, Expr])
    structured: dict[str, Expr] = field(default_factory=dict[str, Expr])
    complex: dict[str, Expr] = field(default_factory=dict[str, Expr])
    readings: dict[str, str] = field(default_factory=dict[str, str])
    vech: Expr | None = None
    missing: dict[str, str] = field(default_factory=dict[str, str])


@final
@dataclass(frozen=True)
class Symbols:
    """The names of the increment, the upstream gradient and the direction."""

    increment: str
    upstream: str
    direction: str


@final
class Reader:
    """Reads the forms off one value: its chain of quantities, the writer they share, the names that are taken."""

    def __init__(
        self, chain: Chain, writer: Writer, taken: frozenset[str], structure: Structure | None = None,
        back: dict[Node, Node] | None = None,
    ) -> None:  # fmt: skip
        self.chain, self.writer, self.taken, self.structure = chain, writer, taken, structure
        self.back = back or {}
        """What stands for a structured variable (and for quantities made of it) while it is differentiated by."""

    def _settled(self, x: Node) -> Node:
        """A result with the structured variable itself in it again."""
        return substitute(x, self.back) if self.back else x

    def tidied(self, x: Node) -> Expr:
        """The shortest formula of a node."""
        return self.writer.write(tidy(x, self.writer))

    def first(self, variable: Expr, symbols: Symbols) -> Forms:
        """All forms of the first derivative by one variable."""
        forms = Forms()
        value, chain = self.chain.value, self.chain
        structure = self.structure
        x = chain.leaf(structure.twin if structure else variable)
        free = leaf(symbols.increment, variable.shape, ("increment",))
        dx = structure.increment(symbols.increment) if structure else free
        self.back = {**self.back, free: dx} if dx is not free else self.back
        linear = self._settled(chain.differential({x: free}))
        if value.scalar:
            self._scalar(forms, x, dx, linear, symbols)
        else:
            self._attempt(forms, "differential", lambda: self.tidied(linear))
            upstream = leaf(symbols.upstream, self.chain.shape, ("upstream",))
            self._attempt(
                forms, "pullback", lambda: self.tidied(self._within(self._pulled(upstream, x, f"{symbols.upstream}_")))
            )
            self.linear_forms(forms, x, dx, linear)
        return forms

    def _pulled(self, upstream: Node, x: Node, prefix: str) -> Node:
        """The cotangent of x, every entry of it free."""
        pulled = self._settled(self.chain.pullback(upstream, x, prefix))
        for name, node in list(self.chain.named.items()):
            self.chain.named[name] = self._settled(node)
        return pulled

    def _within(self, g: Node) -> Node:
        """A cotangent within the structure of the variable."""
        return self.structure.project(g, self.chain.leaf(self.structure.variable)) if self.structure else g

    def _kept(self, arranged: Callable[[Node], Node | None], g: Node) -> Node | None:
        """A gradient arranged by its structure, tidied; its residuals x - A*m stay whole where that is shorter."""
        made = arranged(g)
        if made is None:
            return None
        options = [tidy(made, self.writer)]
        whole = vectors(g)
        closed = arranged(substitute(g, {f: name for name, f in whole.items()})) if whole else None
        if closed is not None:
            options.append(substitute(tidy(closed, self.writer), whole))
        return min(options, key=lambda x: (self.writer.cost(x), x.key))

    def _rows_within(self, g: Node, rows: Expr) -> Node:
        """The same where the variable of the rows is the structured one."""
        return self._within(g) if self.structure and rows is self.structure.variable else g

    def _attempt(self, forms: Forms, name: str, make: Callable[[], Expr]) -> None:
        try:
            setattr(forms, name, make())
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing[name] = trouble.message

    def _scalar(self, forms: Forms, x: Node, dx: Node, linear: Node, symbols: Symbols) -> None:
        """A scalar value: everything is the gradient, arranged."""
        gradient = tidy(self._pulled(b.number(1), x, f"d{self.chain.name}_d"), self.writer)
        structure = self.structure
        if structure:
            forms.structured["unconstrained"] = self.writer.write(gradient)
            entries = self._kept(structure.free_entries, gradient)
            if entries is not None:
                forms.structured["free entries"] = self.writer.write(entries)
            gradient = self._kept(self._within, gradient) or gradient
            forms.structured["projected"] = self.writer.write(gradient)
        forms.gradient = self.writer.write(gradient)
        if x.scalar:
            forms.derivative = forms.gradient
        paired = b.trace(mul(T(gradient), dx)) if len(x.shape) == 2 else None
        forward = None if paired is not None and linear.weight >= CAP else linear
        self._attempt(forms, "differential", lambda: self._shorter(forward, paired))
        upstream = leaf(symbols.upstream, ())
        forms.pullback = self.writer.write(mul(upstream, gradient))
        if len(x.shape) != 2:
            forms.missing["jacobian"] = "the variable is a tensor: its derivative has no matrix form here"
            names = IndexNames(self.taken)
            axes = [names.fresh() for _ in x.shape]
            forms.wrt_indices = tuple(axes)
            self._attempt(forms, "index", lambda: Entries(self.writer, names).of_tensor(gradient, axes))
            return
        self.row_forms(forms, x, gradient)

    def row_forms(self, forms: Forms, x: Node, gradient: Node) -> None:
        """Index form and Jacobians of a scalar whose derivative is ⟨gradient, dx⟩ (without conjugates)."""
        column = T(vec(gradient))
        row = T(vec(T(gradient)))
        self._layouts(forms, {"column": column, "row": row})
        names = IndexNames(self.taken)
        axes = [names.fresh() for _ in _live(x)] if not x.scalar else []
        forms.wrt_indices = tuple(axes)
        i, j = _two(x, axes)
        self._attempt(forms, "index", lambda: Entries(self.writer, names).entry(gradient, i, j)[0])

    def _shorter(self, *options: Node | None) -> Expr:
        tidied = [tidy(x, self.writer) for x in options if x is not None]
        return self.writer.write(min(tidied, key=lambda x: (self.writer.cost(x), x.key)))

    def _layouts(self, forms: Forms, numerator: Mapping[str, Node]) -> None:
        for order, j in numerator.items():
            forms.jacobian["numerator", order] = self.writer.write(j)
            forms.jacobian["denominator", order] = self.writer.write(T(j))

    def linear_forms(self, forms: Forms, x: Node, dx: Node, linear: Node) -> None:
        """Derivative by a scalar, index form, tensor, Jacobians of a value that is an array."""
        value = self.chain.value
        if x.scalar:
            derivative = tidy(_without(linear, dx, value), self.writer)
            forms.derivative = self.writer.write(derivative)
            forms.tensor = forms.derivative
            if len(value.shape) == 2:
                self._layouts(forms, {"column": vec(derivative), "row": vec(T(derivative))})
                names = IndexNames(self.taken)
                axes = [names.fresh() for _ in _live(value)]
                forms.value_indices = tuple(axes)
                i, j = _two(value, axes)
                self._attempt(forms, "index", lambda: Entries(self.writer, names).entry(derivative, i, j)[0])
            return
        if operators(linear, dx):
            self._through_operators(forms, dx, linear, x)
            return
        try:
            nets = self._networks(linear, dx, value)
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            for name in ("index", "tensor", "jacobian"):
                forms.missing[name] = trouble.message
            return
        self._attempt(forms, "tensor", lambda: self._tensor(nets, value, x))
        self._index(forms, nets, value, x)
        if len(value.shape) != 2 or len(x.shape) != 2:
            forms.missing["jacobian"] = "a tensor has no vec here: see the tensor and the index form"
            return
        try:
            zero = b.add([(b.all_ones((value.rows * value.cols, x.rows * x.cols)), 0)])
            self._jacobians(
                forms,
                {
                    order: self._by_networks(nets, linear, dx, order == "row") if nets else zero
                    for order in ("column", "row")
                },
            )
            if len(_settled(value)) == len(_settled(x)) == 1:  # the array is that matrix
                forms.tensor = forms.jacobian["numerator", "column"]
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            if len(_settled(value)) == len(_settled(x)) == 1 and forms.tensor is not None:
                for order in ("column", "row"):  # a matrix that only a contraction writes
                    forms.jacobian["numerator", order] = forms.tensor
                    forms.jacobian["denominator", order] = apply("transpose", (forms.tensor,))
                return
            forms.missing["jacobian"] = trouble.message

    def _by_networks(self, nets: list[tuple[Network, tuple[int, ...]]], linear: Node, dx: Node, rows: bool) -> Node:
        """The numerator Jacobian; where a Kronecker product stands in the way, outer times inner."""
        try:
            made = jacobian(_copies(nets), rows, self.writer.cost)
        except FrechetError:
            if not any(y.kind == "kron" for y in depends(linear, frozenset([dx]))):
                raise
            made = through_krons(tidy(linear, self.writer), dx, rows, self.writer.cost)
        return tidy(made, self.writer)

    def _jacobians(self, forms: Forms, numerator: Mapping[str, Node]) -> None:
        self._layouts(forms, numerator)
        by_vech = self.structure.vech(numerator["column"]) if self.structure else None
        if by_vech is not None:
            forms.vech = self.tidied(by_vech)

    def _through_operators(self, forms: Forms, dx: Node, linear: Node, x: Node) -> None:
        """A derivative that passes through expm_frechet and its like: by their matrices."""
        try:
            numerator = {order: self._composed(linear, dx, order) for order in ("column", "row")}
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["jacobian"] = forms.missing["index"] = forms.missing["tensor"] = trouble.message
            return
        self._jacobians(forms, numerator)
        self._entries_of(forms, forms.jacobian["numerator", "column"], x)

    def _entries_of(self, forms: Forms, jacobian: Expr, x: Node) -> None:
        """Index form and tensor from the Jacobian, whose rows and columns are stacked columns: an entry (i,j) of
        the value is at the place r with kron(ones(n)',eye(m))[i,r] = kron(eye(n),ones(m)')[j,r] = 1."""
        names = IndexNames(self.taken)
        value = self.chain.value
        factors: list[Expr] = []
        bound: list[str] = []
        spec: list[str] = []
        arrays: list[Expr] = []
        sides: list[tuple[list[str], str]] = []
        axes = [[names.fresh() for _ in _live(node)] for node in (value, x)]
        letters = iter(LETTERS)
        for node, named in zip((value, x), axes, strict=True):
            own = [next(letters) for _ in named]
            if len(named) < 2:
                sides.append((own, own[0]))
                places = named
            else:
                place, letter = names.fresh(), next(letters)
                m, n = node.rows, node.cols
                for index, at, pick in zip(named, own, self._picks(m, n), strict=True):
                    factors.append(apply("at", (pick,), (index, place)))
                    arrays.append(pick)
                    spec.append(at + letter)
                bound.append(place)
                places = [place]
                sides.append((own, letter))
            named.append(places[0])
        rows, cols = axes[0].pop(), axes[1].pop()
        entry = times([apply("at", (jacobian,), (rows, cols)), *factors])
        forms.index = apply("isum", (entry,), tuple(sorted(bound))) if bound else entry
        forms.value_indices, forms.wrt_indices = tuple(axes[0]), tuple(axes[1])
        out = "".join(sides[0][0] + sides[1][0])
        whole = ",".join([sides[0][1] + sides[1][1], *spec]) + "->" + out
        forms.tensor = apply("einsum", (jacobian, *arrays), (whole,))

    @staticmethod
    def _picks(m: Dim, n: Dim) -> tuple[Expr, Expr]:
        """Of an m×n matrix stacked by columns: the row, and the column, that each place belongs to."""
        row = apply("kron", (apply("transpose", (apply("ones", (), (n,)),)), apply("eye", (), (m,))))
        column = apply("kron", (apply("eye", (), (n,)), apply("transpose", (apply("ones", (), (m,)),))))
        return row, column

    def _composed(self, linear: Node, dx: Node, order: str) -> Node:
        return tidy(composed(tidy(linear, self.writer), dx, order == "row", self.writer.cost), self.writer)

    def _networks(self, linear: Node, dx: Node, value: Node) -> list[tuple[Network, tuple[int, ...]]]:
        if linear.weight >= CAP:
            raise FrechetError("limit", "the derivative is too large to be written as one matrix: use the pullback")
        linear = tidy(linear, self.writer)
        active = depends(linear, frozenset([dx]))
        return networks(linear, value.shape, dx, active) if linear in active else []

    def _tensor(self, nets: list[tuple[Network, tuple[int, ...]]], value: Node, x: Node) -> Expr:
        terms: list[Expr] = []
        for net, out in _copies(nets):
            assert net.hole is not None
            outputs = unfuse_outputs(net, [*out, *net.hole])
            red = reduce(net, outputs)
            if red.zero or b.parts(red.scalar)[0] == 0:
                continue
            axes = axes_of(_settled(value), outputs[: len(out)]) + axes_of(_settled(x), outputs[len(out) :])
            terms.append(tensor_of(red, axes, self.writer))
        if not terms:
            return _zeros(value, x)
        return added(terms)

    def _index(self, forms: Forms, nets: list[tuple[Network, tuple[int, ...]]], value: Node, x: Node) -> None:
        names = IndexNames(self.taken)
        entries = Entries(self.writer, names)
        value_axes = [names.fresh() for _ in _live(value)]
        wrt_axes = [names.fresh() for _ in _live(x)]
        forms.value_indices, forms.wrt_indices = tuple(value_axes), tuple(wrt_axes)
        try:
            terms = names.apart(
                lambda net=net, out=out: entries.network(*self._named(net, out, value_axes, wrt_axes, value, x))[0]
                for net, out in _copies(nets)
            )
            terms = [e for e in terms if e is not number(0)]
            forms.index = added(terms) if terms else self.writer.write(b.number(0))
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["index"] = trouble.message

    @staticmethod
    def _named(
        net: Network, out: tuple[int, ...], value_axes: list[str], wrt_axes: list[str], value: Node, x: Node
    ) -> tuple[Reduced, list[tuple[int, str]]]:
        """A network reduced, and the names of its outputs."""
        assert net.hole is not None
        outputs = unfuse_outputs(net, [*out, *net.hole])
        red = reduce(net, outputs)
        named = list(zip([outputs[k] for k in _live(value)], value_axes, strict=True))
        named += list(zip([outputs[len(out) + k] for k in _live(x)], wrt_axes, strict=True))
        return red, named

    def second(self, rows: Expr, cols: Expr, symbols: Symbols) -> Forms:
        """The second derivative of a scalar value: rows ↔ the first variable, columns ↔ the second."""
        forms = Forms()
        if not self.chain.value.scalar:
            raise FrechetError("unsupported", "a second derivative is given for a scalar expression only")
        structure = self.structure
        if structure and structure.kind == "orthogonal":
            raise FrechetError(
                "unsupported", "a second derivative on the orthogonal matrices depends on the retraction"
            )
        x, y = (self.chain.leaf(structure.twin if structure and v is structure.variable else v) for v in (rows, cols))
        free = tidy(self.chain.pullback(b.number(1), x, ""), self.writer)
        forms.gradient = self.tidied(self._settled(self._rows_within(free, rows)))
        dy = leaf(symbols.increment, cols.shape, ("increment",))
        direction = leaf(symbols.direction, cols.shape, ("upstream",))
        named = self.back
        if structure and cols is structure.variable:
            self.back = {**self.back, dy: structure.increment(symbols.increment)}
            self.back[direction] = structure.increment(symbols.direction)
        of_gradient = Chain(free, self.chain.quantities, self.chain.name)
        linear = of_gradient.differential({y: dy})
        along = self._settled(linear)
        self._attempt(forms, "differential", lambda: self.tidied(self._rows_within(along, rows)))
        turned = self._settled(of_gradient.differential({y: direction}))
        self._attempt(forms, "pullback", lambda: self.tidied(self._rows_within(turned, rows)))
        # the matrix of second partial derivatives: of a symmetric variable too every entry moves alone
        linear, gradient = substitute(linear, named) if named else linear, free
        try:
            if operators(linear, dy):
                for order in ("column", "row"):
                    forms.hessian[order] = self.writer.write(self._composed(linear, dy, order))
                return forms
            nets = self._networks(linear, dy, gradient)
            for order in ("column", "row"):
                made = jacobian(_copies(nets), order == "row", self.writer.cost) if nets else None
                if made is None:
                    made = b.add([(b.all_ones((x.rows * x.cols, y.rows * y.cols)), 0)])
                forms.hessian[order] = self._over_data(nets, order, self.writer.write(tidy(made, self.writer)))
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["hessian"] = trouble.message
        return forms

    def _over_data(self, nets: list[tuple[Network, tuple[int, ...]]], order: str, matrix: Expr) -> Expr:
        """The matrix, or the sum over data that it is, where that is shorter."""
        found = over_data(_copies(nets), order == "row", self.writer, IndexNames(self.taken).fresh)
        return matrix if found is None or self.writer.count(found) >= self.writer.count(matrix) else found


def _zeros(value: Node, x: Node) -> Expr:
    """The zero array with the axes of the value, then those of the variable."""
    left, right = settle(value.shape), settle(x.shape)
    if len(left) + len(right) <= 2:
        return apply("zeros", (), left + right)
    spec = f"{LETTERS[: len(left)]},{LETTERS[len(left) : len(left) + len(right)]}->{LETTERS[: len(left) + len(right)]}"
    return apply("einsum", (apply("zeros", (), left), apply("zeros", (), right)), (spec,))


def _copies(nets: list[tuple[Network, tuple[int, ...]]]) -> list[tuple[Network, tuple[int, ...]]]:
    return [(net.copy(), out) for net, out in nets]


def _without(linear: Node, dx: Node, value: Node) -> Node:
    """The factor that a scalar increment multiplies."""
    from frechet.algebra.rebuild import substitute

    return substitute(linear, {dx: b.number(1)}) if linear is not zero_like(value) else linear


def _live(x: Node) -> list[int]:
    """The axes of a node that carry an index: none of a scalar, one of a column, two of a row or a matrix."""
    if len(x.shape) > 2:
        return list(range(len(x.shape)))
    return [] if x.scalar else [0] if x.column else [0, 1]


def _two(x: Node, names: list[str]) -> tuple[str | None, str | None]:
    """The names of rows and columns from those of the live axes."""
    live = dict(zip(_live(x), names, strict=True))
    return live.get(0), live.get(1)


def _settled(x: Node) -> Shape:
    return settle(x.shape)
