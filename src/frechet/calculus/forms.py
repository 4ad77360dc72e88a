"""Every form of one derivative, read off the same linear map.

The differential is computed once, forward; the gradient or the pullback by one reverse sweep; the index form, the
tensor and the Jacobians from the networks of the differential.  A form that cannot be written is named in
`missing` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.atoms import zero
from frechet.algebra.constructors import T, mul
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.network import networks, reduce, unfuse_outputs
from frechet.algebra.node import CAP, Node, depends
from frechet.calculus.arrays import Nets, copies, inner, matrix, named, stacks
from frechet.calculus.differential import zero_like
from frechet.calculus.flattening import has_tensors
from frechet.calculus.free import KINDS, briefer, free_gradient, gathered, placed, read_off, skew_basis, stacked
from frechet.calculus.fromjacobian import entries_of, live
from frechet.calculus.jacobian import jacobian, outputs_of
from frechet.calculus.operators import composed, operators, through_krons
from frechet.calculus.structure import Structure, vectors
from frechet.calculus.sweep import Chain
from frechet.core.dim import entries, settle
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.notation.index import Entries
from frechet.notation.indexnames import IndexNames
from frechet.notation.naming import price
from frechet.notation.signs import added
from frechet.notation.tensor import axes_of, tensor_of, zeros_of
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import apply, number

TOO_LARGE = "the derivative is too large to be written as one matrix: use the pullback"
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
    vech: dict[str, Expr] = field(default_factory=dict[str, Expr])
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

    def settled(self, x: Node) -> Node:
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
        linear = self.settled(chain.differential({x: free}))
        if value.scalar:
            self._scalar(forms, x, dx, linear, symbols)
        else:
            self.attempt(forms, "differential", lambda: self.tidied(linear))
            upstream = leaf(symbols.upstream, self.chain.shape, ("upstream",))
            self.attempt(
                forms, "pullback", lambda: self.tidied(self.within(self._pulled(upstream, x, f"{symbols.upstream}_")))
            )
            self.linear_forms(forms, x, dx, linear)
        return forms

    def _pulled(self, upstream: Node, x: Node, prefix: str) -> Node:
        """The cotangent of x, every entry of it free."""
        pulled = self.settled(self.chain.pullback(upstream, x, prefix))
        for name, node in list(self.chain.named.items()):
            self.chain.named[name] = self.settled(node)
        return pulled

    def within(self, g: Node) -> Node:
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

    def by_free_entries(self, g: Node) -> Expr:
        """The gradient by the free entries of the structured variable, from one with every entry free."""
        assert self.structure is not None
        kind = self.structure.kind
        if kind in ("symmetric", "diagonal"):
            alike = [g, self.within(g), *([T(g)] if kind == "symmetric" else [])]
            return self.shorter(*(free_gradient(kind, h) for h in alike))
        both = apply("vech", (self.tidied(gathered(kind, g)),)), self.tidied(free_gradient(kind, g))
        return min(both, key=self.writer.count)

    def rows_within(self, g: Node, rows: Expr) -> Node:
        """The same where the variable of the rows is the structured one."""
        return self.within(g) if self.structure and rows is self.structure.variable else g

    def attempt(self, forms: Forms, name: str, make: Callable[[], Expr]) -> None:
        try:
            form, _, part = name.partition(" ")
            if part:
                getattr(forms, form)[part] = make()
            else:
                setattr(forms, name, make())
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing[name] = trouble.message

    def _scalar(self, forms: Forms, x: Node, dx: Node, linear: Node, symbols: Symbols) -> None:
        """A scalar value: everything is the gradient, arranged."""
        gradient = tidy(self._pulled(b.number(1), x, f"d{self.chain.name}_d"), self.writer)
        self.writer.agree(self.writer.write(gradient))
        structure = self.structure
        if structure:
            free = gradient
            forms.structured["unconstrained"] = self.writer.write(gradient)
            entries = self._kept(structure.free_entries, gradient)
            if entries is not None:
                forms.structured["free entries"] = self.writer.write(entries)
            gradient = self._kept(self.within, gradient) or gradient
            forms.structured["projected"] = self.writer.write(gradient)
            if structure.kind in KINDS:
                forms.vech["gradient"] = self.by_free_entries(free)
        forms.gradient = self.writer.write(gradient)
        if x.scalar:
            forms.derivative = forms.gradient
        paired = inner(gradient, dx)
        forward = None if linear.weight >= CAP else linear
        self.attempt(forms, "differential", lambda: self.shorter(forward, paired))
        if len(x.shape) > 2:
            summed = apply("sum", (apply("hadamard", (forms.gradient, self.writer.write(dx))),), (None,))
            known = forms.differential
            if known is None or self.writer.count(summed) < self.writer.count(known):
                forms.differential = summed
        upstream = leaf(symbols.upstream, ())
        forms.pullback = self.writer.write(mul(upstream, gradient))
        self.row_forms(forms, x, gradient)

    def row_forms(self, forms: Forms, x: Node, gradient: Node) -> None:
        """Index form and Jacobians of a scalar whose derivative is ⟨gradient, dx⟩ (without conjugates)."""
        self._layouts(forms, {order: T(stack) for order, stack in stacks(gradient).items()})
        names = IndexNames(self.taken)
        axes = [names.fresh() for _ in live(x)] if not x.scalar else []
        forms.wrt_indices = tuple(axes)
        self.attempt(forms, "index", lambda: self._entry(names, gradient, x, axes))

    def _entry(self, names: IndexNames, array: Node, like: Node, axes: list[str]) -> Expr:
        """An entry of an array with the axes of another."""
        if len(like.shape) > 2:
            return Entries(self.writer, names).of_tensor(array, axes)
        return Entries(self.writer, names).entry(array, *_two(like, axes))[0]

    def shorter(self, *options: Node | None) -> Expr:
        tidied = dict.fromkeys(tidy(x, self.writer) for x in options if x is not None)
        written = {x: self.writer.write(x) for x in tidied}
        if len(tidied) == 1:
            return written[next(iter(tidied))]
        count = self.writer.count
        return written[min(tidied, key=lambda x: (price(written[x], count), count(written[x]), x.key))]

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
            self._layouts(forms, stacks(derivative))
            names = IndexNames(self.taken)
            axes = [names.fresh() for _ in live(value)]
            forms.value_indices = tuple(axes)
            self.attempt(forms, "index", lambda: self._entry(names, derivative, value, axes))
            return
        if operators(linear, dx):
            self._through_operators(forms, dx, linear, x)
            return
        try:
            nets = self.networks_of(linear, dx, value)
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            for name in ("index", "tensor", "jacobian"):
                forms.missing[name] = trouble.message
            return
        self.attempt(forms, "tensor", lambda: self._tensor(nets, value, x))
        self._index(forms, nets, value, x)
        if nets and max(len(value.shape), len(x.shape)) > 2:
            self._between_tensors(forms, nets)
            return
        try:
            nothing = zero(entries(value.shape), entries(x.shape))
            numerator = {"column": nothing, "row": nothing}
            for order in numerator if nets else ():
                numerator[order] = self._by_networks(nets, linear, dx, order == "row")
            self._layouts(forms, numerator)
            self._free_jacobian(forms, numerator, dx, linear)
            if len(settle(value.shape)) == len(settle(x.shape)) == 1:  # the array is that matrix
                forms.tensor = forms.jacobian["numerator", "column"]
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            if any(has_tensors(outputs_of(net, out, False)[2]) for net, out in copies(nets)):
                self._between_tensors(forms, nets)
                return
            if len(settle(value.shape)) == len(settle(x.shape)) == 1 and forms.tensor is not None:
                for order in ("column", "row"):  # a matrix that only a contraction writes
                    forms.jacobian["numerator", order] = forms.tensor
                    forms.jacobian["denominator", order] = apply("transpose", (forms.tensor,))
                return
            forms.missing["jacobian"] = trouble.message

    def _between_tensors(self, forms: Forms, nets: Nets) -> None:
        """The Jacobians of a value or by a variable of three axes and more: as one matrix, or held at an index."""
        try:
            found = [matrix(copies(nets), order == "row", self.writer, self.taken) for order in ("column", "row")]
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["jacobian"] = trouble.message
            return
        columns, rows = found
        forms.jacobian.update(zip(CONVENTIONS, (columns[0], rows[0], columns[1], rows[1]), strict=True))

    def _by_networks(self, nets: Nets, linear: Node, dx: Node, rows: bool) -> Node:
        """The numerator Jacobian; where a Kronecker product stands in the way, outer times inner."""
        krons = any(y.kind == "kron" for y in depends(linear, frozenset([dx])))
        try:
            if krons and any(has_tensors(outputs_of(net, out, rows)[2]) for net, out in copies(nets)):
                raise FrechetError("unsupported", "a Kronecker product of the increment meets other factors")
            made = jacobian(copies(nets), rows, self.writer.cost)
        except FrechetError:
            if not krons:
                raise
            made = through_krons(tidy(linear, self.writer), dx, rows, self.writer.cost)
        return tidy(made, self.writer)

    def _free_jacobian(self, forms: Forms, numerator: Mapping[str, Node], dx: Node, linear: Node) -> None:
        """The numerator Jacobian by the free entries of a structured variable."""
        structure = self.structure
        if structure is None or structure.kind not in KINDS:
            return

        def made() -> Expr:
            n = dx.rows
            right = stacked(structure.kind, n)
            if structure.kind in ("symmetric", "lower"):
                assert right is not None
                return self.tidied(mul(numerator["column"], right))
            y = leaf("free entries", read_off(structure.kind, n), ("increment",))
            along = substitute(linear, {dx: placed(structure.kind, y, n)})
            direct = not operators(along, y)
            along, value = (along, self.chain.value) if direct else (placed(structure.kind, y, n), dx)
            found = self._by_networks(self.networks_of(along, y, value), along, y, False)
            factors = ([] if direct else [numerator["column"]], [found], [] if right is None else [right])
            made = self.tidied(mul(*chain(*factors)))
            if structure.kind == "skew":
                made = briefer(made, self.shorter(mul(numerator["column"], skew_basis(n))))
            return made

        self.attempt(forms, "vech jacobian", made)

    def _through_operators(self, forms: Forms, dx: Node, linear: Node, x: Node) -> None:
        """A derivative that passes through expm_frechet and its like: by their matrices."""
        value = self.chain.value
        try:
            numerator = {order: self.composed(linear, dx, order) for order in ("column", "row")}
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["jacobian"] = forms.missing["index"] = forms.missing["tensor"] = trouble.message
            return
        self._layouts(forms, numerator)
        self._free_jacobian(forms, numerator, dx, linear)
        found = entries_of(forms.jacobian["numerator", "column"], value, x, IndexNames(self.taken))
        forms.index, forms.tensor, (forms.value_indices, forms.wrt_indices) = found.index, found.tensor, found.axes

    def composed(self, linear: Node, dx: Node, order: str) -> Node:
        return tidy(composed(tidy(linear, self.writer), dx, order == "row", self.writer.cost), self.writer)

    def networks_of(self, linear: Node, dx: Node, value: Node) -> Nets:
        if linear.weight >= CAP:
            raise FrechetError("limit", TOO_LARGE)
        linear = tidy(linear, self.writer)
        active = depends(linear, frozenset([dx]))
        return networks(linear, value.shape, dx, active) if linear in active else []

    def _tensor(self, nets: Nets, value: Node, x: Node) -> Expr:
        terms: list[Expr] = []
        for net, out in copies(nets):
            assert net.hole is not None
            outputs = unfuse_outputs(net, [*out, *net.hole])
            red = reduce(net, outputs)
            if red.zero or b.parts(red.scalar)[0] == 0:
                continue
            axes = axes_of(settle(value.shape), outputs[: len(out)]) + axes_of(settle(x.shape), outputs[len(out) :])
            terms.append(tensor_of(red, axes, self.writer))
        if not terms:
            return zeros_of(value, x)
        return added(terms)

    def _index(self, forms: Forms, nets: Nets, value: Node, x: Node) -> None:
        names = IndexNames(self.taken)
        entries = Entries(self.writer, names)
        value_axes = [names.fresh() for _ in live(value)]
        wrt_axes = [names.fresh() for _ in live(x)]
        forms.value_indices, forms.wrt_indices = tuple(value_axes), tuple(wrt_axes)
        try:
            terms = names.apart(
                lambda net=net, out=out: entries.network(*named(net, out, value_axes, wrt_axes, value, x))[0]
                for net, out in copies(nets)
            )
            terms = [e for e in terms if e is not number(0)]
            forms.index = added(terms) if terms else self.writer.write(b.number(0))
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            forms.missing["index"] = trouble.message


def _without(linear: Node, dx: Node, value: Node) -> Node:
    """The factor that a scalar increment multiplies."""
    return substitute(linear, {dx: b.number(1)}) if linear is not zero_like(value) else linear


def _two(x: Node, names: list[str]) -> tuple[str | None, str | None]:
    """The names of rows and columns from those of the live axes."""
    named = dict(zip(live(x), names, strict=True))
    return named.get(0), named.get(1)
