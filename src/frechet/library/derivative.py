"""The answer: one derivative, every form of it, and whether it has been checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, final

from frechet.errors import FrechetError
from frechet.library.arguments import whole_number
from frechet.library.formula import Formula
from frechet.library.printing import card_of, page_of
from frechet.library.words import (
    FORMS,
    Alphabet,
    Array,
    Blocks,
    Elementwise,
    Entries,
    Explained,
    Form,
    Layout,
    Numbers,
    VecOrder,
    check_convention,
    check_word,
)

if TYPE_CHECKING:
    from frechet.core.expr import Expr
    from frechet.explain.claims.verdict import Verdict
    from frechet.explain.derivation.derivation import Derivation
    from frechet.explain.ledger.ledger import Ledger
    from frechet.explain.plain import Answer
    from frechet.explain.remainder import Remainder
    from frechet.library.parts import Context, Part
    from frechet.library.shorter import Shorter
    from frechet.verify.request import Verification


NARROWEST = 40
"""No page is narrower."""


@final
class Derivative:
    """A derivative in every form.

    The forms are :class:`~frechet.library.formula.Formula` objects; names in them that are not the problem's stand in
    `where`.  `forms` lists those that there are.  One that there is not (the gradient of a matrix, a form that could
    not be written) raises FrechetError with the reason.

    >>> import frechet as fr
    >>> d = fr.derive("A*B", wrt="A")
    >>> print(d.differential, d.pullback, d.jacobian(vec="row"), d.verification.passed)
    dA*B G*B' kron(eye(m),B') True
    >>> d.forms
    ('differential', 'pullback', 'index', 'tensor', 'jacobian')
    """

    def __init__(
        self, context: Context, parts: Mapping[str, Part], where: Mapping[str, Expr], total: Expr | None
    ) -> None:
        self.context, self.parts, self.total = context, dict(parts), total
        self.definitions = dict(where)
        self.outcome: Verification | None = None

    # -- the forms -----------------------------------------------------------------------------------------------------

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

            raise absent(self, name)
        return Formula(e, self.where)

    @property
    def by(self) -> dict[str, Derivative]:
        """One answer a variable (second order: one a pair, ``"A,B"``)."""
        out: dict[str, Derivative] = {}
        for key, part in self.parts.items():
            single = Derivative(self.context, {key: part}, self.definitions, None)
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

    # -- checking ------------------------------------------------------------------------------------------------------

    @property
    def verification(self) -> Verification:
        """The outcome of the check; `passed` is None where nothing was decided or asked, and `reason` says why.

        >>> import frechet as fr
        >>> fr.derive("A*B", wrt="B").verification.passed, fr.derive("A*B", wrt="B", verify=False).verification.passed
        (True, None)
        """
        return self.outcome if self.outcome is not None else unchecked()

    def verify(self, trials: int = 8, seed: int = 0) -> Verification:
        """Check every formula, as it is printed, against differences of the expression at random points."""
        from frechet.library.checking import verify

        self.outcome = verify(self, whole_number("trials", trials, 1), whole_number("seed", seed))
        return self.outcome

    def check_or_refuse(self, trials: int, seed: int) -> None:
        """Verify; an answer that fails is no answer."""
        outcome = self.verify(trials, seed)
        if outcome.passed is False:
            worst = outcome.failures[0] if outcome.failures else None
            said = f"{worst.form}: {worst.reason}" if worst else "a form is wrong"
            raise FrechetError("unverified", f"the answer failed its own check and is not shown ({said})")

    # -- why -----------------------------------------------------------------------------------------------------------

    def at(self, point: Mapping[str, str] | str | Sequence[str] = (), /, **names: str) -> Derivative:
        """The same derivative at a point that formulas name: differentiated first, then put in and simplified.

        It is checked again, at points that satisfy the equations.

        >>> import frechet as fr
        >>> d = fr.derive("-n/2*logdet(S) - tr(inv(S)*W)/2", wrt="S", order=2,
        ...               shapes={"n": []}, assumptions={"S": ["positive definite"], "W": ["symmetric"]})
        >>> d.at(W="n*S").hessian
        -n*kron(inv(S),inv(S))/2
        """
        from frechet.library.at import at, equations

        found = at(self, {**equations(point), **equations(names)})
        if self.outcome is not None and found is not self:
            found.check_or_refuse(8, 0)
        return found

    def explain(
        self, layout: Layout = "numerator", vec: VecOrder = "column", form: Explained | None = None
    ) -> Derivation:
        """The derivation: steps with rule, before, after and why, each line checked before it is shown.

        >>> import frechet as fr
        >>> [step.rule for step in fr.derive("A*B", wrt="B").explain().steps]
        ['factor', 'adjoint', 'vec']
        """
        from frechet.library.explained import explained

        return explained(self, layout, vec, form)

    def conventions(self, through: Sequence[str] | None = None) -> Ledger:
        """The ledger: every form with its size, who uses it, how it is made; the chain rule in each order.

        >>> import frechet as fr
        >>> [row.name for row in fr.derive("x'*x", wrt="x").conventions().rows]
        ['gradient', 'differential', 'index', 'numerator', 'denominator']
        """
        from frechet.library.explained import ledger

        return ledger(self, through)

    def check(self, claim: Formula | str, upstream: Mapping[str, str] | None = None) -> Verdict:
        """The verdict on a claim: is this formula the derivative, under which convention, or what is wrong with it?

        >>> import frechet as fr
        >>> fr.derive("A*B", wrt="B").check("A'").verdict
        'shorthand'
        """
        from frechet.library.claims import check_derivative

        return check_derivative(self, claim, upstream)

    def shorter(self) -> list[Shorter]:
        """The shorter gradients that one declaration would give: what it is if S is symmetric.

        >>> import frechet as fr
        >>> [(found.condition, found.gradient) for found in fr.derive("x'*S*x", wrt="x").shorter()]
        [('S is symmetric', 2*S*x)]
        """
        from frechet.library.shorter import shorter

        return shorter(self)

    def remainder(self, seed: int = 0) -> Remainder:
        """The definition of the derivative as a table: ‖f(X+tD) - f(X) - t·df(D)‖/t against t."""
        from frechet.library.explained import remainder_of

        return remainder_of(self, whole_number("seed", seed))

    # -- out -----------------------------------------------------------------------------------------------------------

    def to_dict(self) -> Answer:
        """The answer as plain data, ready for JSON."""
        from frechet.library.report import to_dict

        return to_dict(self)

    def entries(
        self,
        layout: Layout = "numerator",
        vec: VecOrder = "column",
        alphabet: Alphabet = "ascii",
        **sizes: int | Sequence[int],
    ) -> Entries:
        """The Jacobian written out at integer sizes: rows, columns and the matrix of formulas.

        Sizes by name (``m=1``) or by the shape of a variable (``A=(1, 3)``); the formulas in "ascii" or in "latex".

        >>> import frechet as fr
        >>> fr.derive("A*B", wrt="B").entries(m=1, n=2, p=1)["matrix"]
        [['A[1,1]', 'A[1,2]']]
        """
        from frechet.library.explicit import entries
        from frechet.notation import ascii, latex

        if alphabet not in ("ascii", "latex"):
            raise FrechetError("input", f'entries are written in "ascii" or "latex", not in {alphabet!r}')
        return entries(self, layout, vec, sizes, latex.text if alphabet == "latex" else ascii.text)

    def blocks(self, **sizes: int | Sequence[int]) -> Blocks:
        """The derivative of each entry of the value, in the shape of the variable, written out."""
        from frechet.library.explicit import blocks

        return blocks(self, sizes)

    def evaluate(
        self, arrays: Mapping[str, Numbers] | None = None, /, form: Form | None = None, layout: Layout = "numerator",
        vec: VecOrder = "column", functions: Mapping[str, Elementwise] | None = None, **more: Numbers,
    ) -> Array:  # fmt: skip
        """The numbers of a form for these arrays; without `form` the gradient, the derivative or the Jacobian.

        Arrays are given by name, in a mapping or as keywords; sizes are read off them.  `functions` says what declared
        functions are: name → callable(array, order of the derivative).

        >>> import frechet as fr
        >>> fr.derive("x'*x", wrt="x").evaluate(x=[1, 2]).tolist()
        [2.0, 4.0]
        """
        from frechet.library.numbers import evaluate

        found = self.form(self._main() if form is None else form, layout, vec)
        return evaluate(found, arrays, more, functions, self.context.variables)

    def _main(self) -> Form:
        """What is evaluated where no form is asked for."""
        order: tuple[Form, ...] = ("hessian",) if self.context.order == 2 else ("gradient", "derivative", "jacobian")
        there = self.forms
        for form in order:
            if form in there:
                return form
        return "pullback"

    def text(self, width: int | None = None, unicode: bool = False) -> str:
        """The card: the page that the command line shows; formulas in ASCII parse again.

        >>> import frechet as fr
        >>> print(fr.derive("x'*x", wrt="x").text().splitlines()[2])
        gradient        ∂f/∂x = 2*x               n×1
        """
        return card_of(self, None if width is None else whole_number("width", width, NARROWEST), unicode)

    def latex(
        self,
        forms: Sequence[Form] = (),
        layout: Layout | None = None,
        vec: VecOrder | None = None,
        document: bool = False,
    ) -> str:
        r"""The answer for a paper or a slide: whole statements in one aligned block, for amsmath and amssymb.

        `forms` are those of the card ("gradient", "jacobian", …), unasked the usual ones; of a Jacobian one `layout`
        and one stacking (`vec`) is shown, unasked the numerator layout with columns stacked.  `document` makes an
        article of it.

        >>> import frechet as fr
        >>> print(fr.derive("x'*A*x", wrt="x").latex(["gradient"]))
        % needs \usepackage{amsmath,amssymb}
        % verified at 8 random points with n=3: largest relative error ...
        With $x$ ($n \times 1$), $A$ ($n \times n$):
        \begin{align*}
        f &= x^{\top} A x \\
        \frac{\partial f}{\partial x} &= \left(A+A^{\top}\right) x && \text{($n \times 1$)}
        \end{align*}
        """
        return page_of(self, "document" if document else "latex", forms, layout, vec)

    def markdown(self, forms: Sequence[Form] = (), layout: Layout | None = None, vec: VecOrder | None = None) -> str:
        """The same in Markdown: headings and paragraphs, formulas between dollar signs, as GitHub sets them."""
        return page_of(self, "markdown", forms, layout, vec)

    def __str__(self) -> str:
        return self.text()

    def _key(self) -> tuple[object, ...]:
        parts = tuple((part.key, *part.exprs.items()) for part in self.parts.values())
        return (self.context.original, self.context.order, self.total, parts, tuple(self.definitions.items()))

    def __eq__(self, other: object) -> bool:
        """Whether both are the same answer to the same problem, formula by formula."""
        return isinstance(other, Derivative) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        parts = [f"{k}: {Formula(e)}" for p in self.parts.values() for k, e in p.exprs.items()]
        return "Derivative(" + "; ".join(parts[:4]) + ("; …" if len(parts) > 4 else "") + ")"

    def _repr_latex_(self) -> str:
        """A notebook shows each variable's main form; names in it are explained after it."""
        from frechet.notation.latex import text

        main = ("gradient", "derivative", "hessian column", "differential")
        shown = [p.exprs[k] for p in self.parts.values() for k in [next((k for k in main if k in p.exprs), "")] if k]
        if self.context.order == 1 and self.total is not None:
            shown = [self.total]
        return "$\\displaystyle " + ",\\quad ".join(text(e) for e in shown) + "$" if shown else ""


def unchecked() -> Verification:
    """What stands for the outcome of a check that was not made."""
    from frechet.verify.request import Verification

    return Verification(None, 0, 0, None, {}, "not checked: verification was switched off")
