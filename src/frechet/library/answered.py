"""A derivative as it was found: its forms, the names in them, and what came of their check.

What is done with one stands in :class:`~frechet.library.derivative.Derivative`, which is what people hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from frechet.errors import FrechetError
from frechet.library.formula import Formula
from frechet.library.words import FORMS, Form, Layout, VecOrder, check_convention, check_word

if TYPE_CHECKING:
    from frechet.core.expr import Expr
    from frechet.library.parts import Context, Part
    from frechet.verify.request import Verification


class Answered:
    """The forms of a derivative, by variable, over the names of `where`."""

    def __init__(
        self, context: Context, parts: Mapping[str, Part], where: Mapping[str, Expr], total: Expr | None
    ) -> None:
        self.context, self.parts, self.total = context, dict(parts), total
        self.definitions = dict(where)
        self.outcome: Verification | None = None
        self.operators: dict[object, object] = {}

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "operators": {}}  # what was found out for them holds code

    @property
    def where(self) -> dict[str, Formula]:
        """Names for repeated parts, in an order in which they can be evaluated."""
        return {name: Formula(e) for name, e in self.definitions.items()}

    @property
    def value(self) -> Formula:
        """The expression that was differentiated, as it was read."""
        return Formula(self.context.problem.value)

    @property
    def statements(self) -> dict[str, Formula]:
        """The problem as it was read: each quantity that it names in terms of earlier ones, the value last.

        A value without a name stands under the empty one.

        >>> import frechet as fr
        >>> fr.derive("r = A*x-b; f = r'*r", wrt="x").statements
        {'r': A*x - b, 'f': r'*r}
        """
        from frechet.library.reading import stated

        return {name: Formula(e) for name, e in stated(self.context.problem, self.context.original).items()}

    def part(self) -> Part:
        """The forms by the one variable (or pair) there is."""
        if len(self.parts) != 1:
            raise FrechetError("input", f"several variables: ask for one of them, by[{next(iter(self.parts))!r}]")
        return next(iter(self.parts.values()))

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms that there are, by name; `missing` says why one could not be written.

        >>> import frechet as fr
        >>> fr.derive("x'*x", wrt="x").forms
        ('differential', 'pullback', 'gradient', 'index', 'jacobian')
        """
        labels = {label.split()[0] for label in self.part().exprs}
        return tuple(form for form in FORMS if form in labels)

    def form(self, name: Form, layout: Layout = "numerator", vec: VecOrder = "column") -> Formula:
        """A form by its name; `layout` and `vec` choose among the Jacobians, `vec` among the Hessians.

        >>> import frechet as fr
        >>> d = fr.derive("A*B", wrt="B")
        >>> d.form("pullback"), d.form("jacobian", vec="row")
        (A'*G, kron(A,eye(p)))
        """
        check_word("form", name, FORMS)
        check_convention(layout, vec)
        if name == "differential" and self.total is not None:
            return Formula(self.total, self.where)
        label = {"jacobian": f"jacobian {layout} {vec}", "hessian": f"hessian {vec}"}.get(name, name)
        e = self.part().exprs.get(label)
        if e is None:
            from frechet.library.absent import absent

            raise absent(self.part(), self.context, self.forms, name)
        return Formula(e, self.where)

    @property
    def by(self) -> dict[str, Self]:
        """One answer a variable (second order: one a pair, ``"A,B"``)."""
        out: dict[str, Self] = {}
        for key, part in self.parts.items():
            single = type(self)(self.context, {key: part}, self.definitions, None)
            single.outcome = self.outcome
            out[key] = single
        return out

    @property
    def differential(self) -> Formula:
        """value + differential + o(‖dX‖); for several variables the total one."""
        return self.form("differential")

    @property
    def pullback(self) -> Formula:
        """The adjoint applied to the upstream gradient; at order 2 the Hessian times the direction."""
        return self.form("pullback")

    @property
    def gradient(self) -> Formula:
        """The gradient of a scalar value, in the shape of the variable; of an array there is none (FrechetError).

        >>> import frechet as fr
        >>> fr.derive("x'*A*x", wrt="x").gradient
        (A+A')*x
        """
        return self.form("gradient")

    @property
    def complex(self) -> dict[str, Formula]:
        """The Wirtinger derivatives of a scalar value by a complex variable: "d/dZ" and "d/dconj(Z)".

        >>> import frechet as fr
        >>> d = fr.derive("tr(herm(X)*A*X)", wrt="X", assumptions={"X": ["complex"], "A": ["complex"]})
        >>> d.complex["d/dconj(Z)"], "gradient" in d.forms
        (A*X, False)
        """
        found = {label[8:]: e for label, e in self.part().exprs.items() if label.startswith("complex ")}
        return {name: Formula(e, self.where) for name, e in found.items()}

    @property
    def vech(self) -> dict[str, Formula]:
        """What there is by the free entries of a structured variable: "gradient", "jacobian", "hessian".

        >>> import frechet as fr
        >>> fr.derive("x'*S*x", wrt="S", assumptions={"S": ["symmetric"]}).vech
        {'gradient': duplication(n)'*kron(x,x)}
        >>> fr.derive("x'*D*x", wrt="D", assumptions={"D": ["diagonal"]}).vech
        {'gradient': x.^2}
        """
        found = {label[5:]: e for label, e in self.part().exprs.items() if label.startswith("vech ")}
        return {name: Formula(e, self.where) for name, e in found.items()}

    @property
    def derivative(self) -> Formula:
        """The derivative by a scalar variable, in the shape of the value."""
        return self.form("derivative")

    @property
    def index(self) -> Formula:
        """One entry of the derivative."""
        part = self.part()
        return Formula(self.form("index").expr, self.where, (*part.value_indices, *part.wrt_indices))

    @property
    def tensor(self) -> Formula:
        """The derivative as an array: the axes of the value, then those of the variable."""
        return self.form("tensor")

    @property
    def hessian(self) -> Formula:
        """The Hessian, columns stacked; of a second derivative, ``order=2``.

        >>> import frechet as fr
        >>> fr.derive("x'*A*x", wrt="x", order=2).hessian
        A + A'
        """
        return self.form("hessian")

    def jacobian(self, layout: Layout = "numerator", vec: VecOrder = "column") -> Formula:
        """The Jacobian matrix; rows ↔ value in the numerator layout, ↔ variable in the denominator layout.

        >>> import frechet as fr
        >>> d = fr.derive("A*B", wrt="B")
        >>> d.jacobian(), d.jacobian("denominator", "row"), d.jacobian().shape
        (kron(eye(p),A), kron(A',eye(p)), ('m*p', 'n*p'))
        """
        return self.form("jacobian", layout, vec)

    @property
    def missing(self) -> dict[str, str]:
        """Forms that could not be written, and why."""
        return dict(self.part().missing)

    @property
    def verification(self) -> Verification:
        """The outcome of the check; `passed` is None where nothing was decided or asked, and `reason` says why.

        >>> import frechet as fr
        >>> fr.derive("A*B", wrt="B").verification.passed, fr.derive("A*B", wrt="B", verify=False).verification.passed
        (True, None)
        """
        return self.outcome if self.outcome is not None else unchecked()

    def main_form(self) -> Form:
        """What is evaluated where no form is asked for."""
        order: tuple[Form, ...] = ("hessian",) if self.context.order == 2 else ("gradient", "derivative", "jacobian")
        there = self.forms
        for form in order:
            if form in there:
                return form
        return "pullback"

    def _key(self) -> tuple[object, ...]:
        parts = tuple((part.key, *part.exprs.items()) for part in self.parts.values())
        return (self.context.original, self.context.order, self.total, parts, tuple(self.definitions.items()))

    def __eq__(self, other: object) -> bool:
        """Whether both are the same answer to the same problem, formula by formula."""
        return isinstance(other, Answered) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        parts = [f"{k}: {Formula(e)}" for p in self.parts.values() for k, e in p.exprs.items()]
        return f"{type(self).__name__}(" + "; ".join(parts[:4]) + ("; …" if len(parts) > 4 else "") + ")"


def unchecked() -> Verification:
    """What stands for the outcome of a check that was not made."""
    from frechet.verify.request import Verification

    return Verification(None, 0, 0, None, {}, "not checked: verification was switched off")
