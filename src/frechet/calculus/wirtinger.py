"""Complex variables: ∂f/∂Z and ∂f/∂conj(Z), as if Z and conj(Z) were two variables.

df = Σ ∂f/∂Z .* dZ + Σ ∂f/∂conj(Z) .* conj(dZ).  In the algebra the two are two leaves, so that the same sweep gives
both.  Where f is real-valued the second is the conjugate of the first, df = Re⟨gradient, dZ⟩ with
gradient = 2 ∂f/∂conj(Z), and a step along minus the gradient descends.  Sources: Brandwood (1983);
Kreutz-Delgado, The Complex Gradient Operator and the CR-Calculus (2009).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF, assumptions, is_zero
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.constructors import T, conj, mul
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.node import CAP, COMPLEX, Node, contains
from frechet.calculus.adjoint import cotangents
from frechet.calculus.differential import zero_like
from frechet.calculus.forms import Forms, Reader, Symbols
from frechet.core.dim import settle
from frechet.core.expr import Expr
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.notation.conjugates import showable
from frechet.notation.tidy import tidy
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

PAIR = ("d/dZ", "d/dconj(Z)")
"""The two derivatives of a function of Z."""
GRADIENT = (
    "f is real-valued: gradient = 2*∂f/∂conj(Z) is the direction of steepest ascent, df = Re⟨gradient, dZ⟩, so a step "
    "along minus the gradient descends (what PyTorch returns; JAX returns its conjugate, 2*∂f/∂Z)"
)
HERMITIAN = "; it is hermitian, as the variable is, and a step along it stays so"
BY_Z = "∂f/∂Z with conj(Z) held fixed, df = Σ ∂f/∂Z.*dZ + Σ ∂f/∂conj(Z).*conj(dZ)"
BY_CONJ = "∂f/∂conj(Z) with Z held fixed; its zero is where a real-valued f is stationary"
NO_GRADIENT = "the value is complex: there is no direction of descent, only ∂f/∂Z and ∂f/∂conj(Z)"
NO_ARRAY = (
    "the value is not holomorphic: its derivative is a pair of linear maps, of dZ and of conj(dZ), see the differential"
)
NO_ROW = "the derivative is a pair, by Z and by conj(Z): see complex, and the gradient where the value is real"


def is_complex(x: Expr) -> bool:
    """Whether a variable is complex.

    >>> is_complex(variable("Z", ("m", "n"), ["complex"])), is_complex(variable("X", ("m", "n")))
    (True, False)
    """
    return not COMPLEX.isdisjoint(x.params[1])


def real_valued(x: Node) -> bool:
    """Whether a node is seen to have real values: it is its own conjugate.

    >>> z = node_of(variable("z", ("n",), ["complex"]))
    >>> real_valued(mul(b.herm(z), z)), real_valued(mul(T(z), z))
    (True, False)
    """
    return not x.complex or conj(x) is x


def complex_forms(reader: Reader, original: Expr, about: Expr, symbols: Symbols) -> Forms:
    """All forms of the first derivative of an expression with complex variables in it, by one variable."""
    value, x = reader.chain.value, reader.chain.leaf(about)
    if real_valued(value) and not x.complex:
        forms = reader.first(about, symbols)
    else:
        forms = Forms()
        maker = _Maker(reader, original, about, symbols, forms)
        if value.scalar:
            maker.scalar()
        else:
            maker.array()
    for e in (forms.differential, forms.gradient, forms.pullback, forms.index, forms.tensor, *forms.jacobian.values()):
        if e is not None:
            showable(e)
    return forms


@final
class _Maker:
    """The forms of one derivative in the making."""

    def __init__(self, reader: Reader, original: Expr, about: Expr, symbols: Symbols, forms: Forms) -> None:
        self.reader, self.original, self.about, self.symbols, self.forms = reader, original, about, symbols, forms
        self.value, self.x = reader.chain.value, reader.chain.leaf(about)
        self.hermitian = any("hermitian" in a for a in assumptions(self.x))
        marks = [a for a in about.params[1] if a in COMPLEX]
        self.dx = leaf(symbols.increment, about.shape, ("increment", *marks))
        moves = {self.x: self.dx}
        if self.x.complex and not self.hermitian:
            moves[conj(self.x)] = conj(self.dx)
        self.linear = reader.chain.differential(moves)

    # -- pieces --------------------------------------------------------------------------------------------------------

    def written(self, *options: Node) -> Expr:
        """The shortest formula of equal nodes, without the imaginary unit."""
        writer = self.reader.writer
        tidied = [tidy(x, writer) for x in options]
        return showable(writer.write(min(tidied, key=lambda x: (writer.cost(x), x.key))))

    def attempt(self, name: str, make: Callable[[], Expr]) -> None:
        """Put a form in its place, or the reason why it cannot be written."""
        try:
            setattr(self.forms, name, make())
        except FrechetError as trouble:
            if trouble.kind not in ("unsupported", "limit"):
                raise
            self.forms.missing[name] = trouble.message

    def by_both(self, upstream: Node, prefix: str) -> tuple[Node, Node]:
        """The cotangents of x and of conj(x), each as if the other were constant."""
        x = self.x
        found = self.reader.chain.pullbacks(upstream, (x, conj(x)), prefix)
        return found[x], found[conj(x)]

    def adjoint(self, upstream: Node) -> Node:
        """The gradient in x of Re⟨G, value⟩: the adjoint for the inner product Re tr(herm(A)*B)."""
        if not self.x.complex or self.hermitian:
            found = self.reader.chain.pullback(conj(upstream), self.x, "")
            return b.scale(HALF, b.add([(conj(found), 1), (T(found) if self.hermitian else found, 1)]))
        straight, turned = self.by_both(conj(upstream), "")
        return b.add([(conj(straight), 1), (turned, 1)])

    def pair(self) -> tuple[Node, Node]:
        """∂f/∂Z and ∂f/∂conj(Z); of a hermitian variable with its entries free, in the expression as it is written."""
        if not self.hermitian:
            return self.by_both(b.number(1), f"d{self.reader.chain.name}_d")
        free = [a for a in self.about.params[1] if a not in COMPLEX]
        twin = variable(self.about.params[0], self.about.shape, [*free, "complex"])
        value, z = node_of(replace(self.original, {self.about: twin})), node_of(twin)
        found = cotangents(value, b.number(1), [z, conj(z)])
        by_z, by_conj = found.get(z, zero_like(z)), found.get(conj(z), zero_like(z))
        return substitute(by_z, {z: self.x}), substitute(by_conj, {z: self.x})

    # -- forms ---------------------------------------------------------------------------------------------------------

    def scalar(self) -> None:
        """A scalar value."""
        forms, x = self.forms, self.x
        straight, turned = self.pair() if x.complex else (self.of_real(), zero_like(x))
        if x.complex:
            forms.complex = {}
            for name, node in zip(PAIR, (straight, turned), strict=True):
                try:
                    forms.complex[name] = self.written(node)
                except FrechetError as trouble:
                    forms.missing[f"complex.{name}"] = trouble.message
        options: list[Node] = []
        if self.hermitian:
            options = [b.trace(mul(T(self.of_real()), self.dx))]
        elif len(x.shape) == 2:
            by_z, by_conj = b.trace(mul(T(straight), self.dx)), b.trace(mul(T(turned), conj(self.dx)))
            options = [b.add([(by_z, 1), (by_conj, 1)])]
        if self.linear.weight < CAP or not options:
            options.append(self.linear)
        self.attempt("differential", lambda: self.written(*options))
        if real_valued(self.value):
            self.gradient(turned)
        else:
            forms.missing["gradient"] = NO_GRADIENT
            upstream = leaf(self.symbols.upstream, (), ("complex", "upstream"))
            self.attempt("pullback", lambda: self.written(self.adjoint(upstream)))
        if x.complex and (not is_zero(turned) or self.hermitian):
            forms.missing.update(dict.fromkeys(("index", "jacobian"), NO_ROW))
            if x.scalar:
                forms.missing["derivative"] = NO_ROW
        else:
            self.reader.row_forms(forms, x, tidy(straight, self.reader.writer))
            if x.scalar:
                self.attempt("derivative", lambda: self.written(straight))

    def of_real(self) -> Node:
        """The derivative by a real variable."""
        return self.reader.chain.pullback(b.number(1), self.x, f"d{self.reader.chain.name}_d")

    def gradient(self, turned: Node) -> None:
        """The direction of steepest ascent of a real value, and the pullback."""
        if self.hermitian:
            found = self.of_real()
            options = [T(found), conj(found)] if conj(found) is T(found) else [self.adjoint(b.number(1))]
        else:
            options = [b.scale(2, turned)]
        self.attempt("gradient", lambda: self.written(*options))
        said = GRADIENT + (HERMITIAN if self.hermitian else "")
        self.forms.readings = {"gradient": said, "d/dZ": BY_Z, "d/dconj(Z)": BY_CONJ}
        upstream = leaf(self.symbols.upstream, (), ("upstream",))
        self.attempt("pullback", lambda: self.written(*(mul(upstream, g) for g in options)))

    def array(self) -> None:
        """A value that is an array: one linear map where it is holomorphic, else the differential says it all."""
        self.attempt("differential", lambda: self.written(self.linear))
        marks = ("upstream",) if real_valued(self.value) else ("complex", "upstream")
        upstream = leaf(self.symbols.upstream, settle(self.value.shape), marks)
        self.attempt("pullback", lambda: self.written(self.adjoint(upstream)))
        if self.x.complex and not self.hermitian and contains(self.linear, conj(self.dx)):
            self.forms.missing.update(dict.fromkeys(("index", "tensor", "jacobian"), NO_ARRAY))
            if self.x.scalar:
                self.forms.missing["derivative"] = NO_ARRAY
            return
        self.reader.linear_forms(self.forms, self.x, self.dx, self.linear)
