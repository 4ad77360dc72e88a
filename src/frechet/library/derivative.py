"""The answer as people hold it: a derivative and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, final

from frechet.errors import FrechetError
from frechet.library.answered import Answered
from frechet.library.arguments import whole_number
from frechet.library.formula import Formula
from frechet.library.printing import card_of, page_of
from frechet.library.words import (
    Alphabet,
    Array,
    Blocks,
    Computed,
    Curvature,
    Elementwise,
    Entries,
    Explained,
    Form,
    Layout,
    Numbers,
    Target,
    VecOrder,
)

if TYPE_CHECKING:
    from frechet.explain.claims.verdict import Verdict
    from frechet.explain.derivation.derivation import Derivation
    from frechet.explain.ledger.ledger import Ledger
    from frechet.explain.plain import Answer
    from frechet.explain.remainder import Remainder
    from frechet.library.compiled import Compiled
    from frechet.library.forscipy import ForScipy
    from frechet.library.shorter import Shorter
    from frechet.operators.operator import Operator
    from frechet.verify.request import Verification


NARROWEST = 40
"""No page is narrower."""


@final
class Derivative(Answered):
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

    @classmethod
    def of(cls, found: Answered) -> Derivative:
        """What was found, with all that can be done with it."""
        made = cls(found.context, found.parts, found.definitions, found.total)
        made.outcome = found.outcome
        return made

    # -- checking ------------------------------------------------------------------------------------------------------

    def verify(self, trials: int = 8, seed: int = 0) -> Verification:
        """Check every formula, as it is printed, against differences of the expression at random points."""
        from frechet.library.checking import verify

        return verify(self, trials, seed)

    def check_or_refuse(self, trials: int, seed: int) -> None:
        """Verify; an answer that fails is no answer."""
        from frechet.library.checking import check_or_refuse

        check_or_refuse(self, trials, seed)

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
        if found is self:
            return self
        moved = Derivative.of(found)
        if self.outcome is not None:
            moved.check_or_refuse(8, 0)
        return moved

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
        functions are: name → callable(array, order of the derivative).  Where there is no value the entries are nan or
        infinite, and a RuntimeWarning names the operation and what it needs.

        >>> import frechet as fr
        >>> fr.derive("x'*x", wrt="x").evaluate(x=[1, 2]).tolist()
        [2.0, 4.0]
        """
        from frechet.library.numbers import evaluate

        found = self.form(self.main_form() if form is None else form, layout, vec)
        return evaluate(found.expr, self.definitions, arrays, more, functions, self.context.variables)

    def operator(
        self, arrays: Mapping[str, Numbers] | None = None, /, layout: Layout = "numerator", vec: VecOrder = "column",
        functions: Mapping[str, Elementwise] | None = None, **more: Numbers,
    ) -> Operator:  # fmt: skip
        """The Jacobian (of a second derivative the Hessian) for these arrays, as a LinearOperator of SciPy.

        It keeps its structure: a Kronecker product is its factors, a sum over data the data.  ``J @ v``, ``J.T @ g``,
        ``J.solve(b)``, ``J.to_dense()``, ``J.to_sparse()``, ``J.diagonal()``, ``J.trace()``, ``str(J)``.  Sizes that no
        array fixes are passed by name.  By several variables it is that of all, one after the other.

        >>> import frechet as fr
        >>> H = fr.derive("norm2(T-U*V')^2", wrt="U", order=2).operator(V=[[1, 0], [0, 2], [0, 0]], m=2)
        >>> H.structure.said()[0], (H @ [1, 1, 1, 1]).tolist()
        ('2·Vᵀ V ⊗ I(2)', [2.0, 2.0, 8.0, 8.0])
        """
        from frechet.library.operator import operator_of

        return operator_of(self, layout, vec, functions, arrays, more)

    def compile(
        self, backend: Target = "numpy", form: Computed | None = None, layout: Layout = "numerator",
        vec: VecOrder = "column",
    ) -> Compiled:  # fmt: skip
        """A form as a function of arrays: generated code, called by keyword; `.source` shows it.

        `backend` is "numpy", "jax" or "torch"; `form` one of "value", "value_and_gradient", "gradient", "pushforward"
        (takes the increment, dX), "pullback" (takes the upstream gradient, G), "jacobian", "hessian", "hvp" (takes the
        direction, V): unasked the gradient of a number, the Jacobian of an array, the Hessian at order 2.

        >>> import frechet as fr
        >>> f = fr.derive("C = A*B", wrt="B").compile(form="pullback")
        >>> f(A=[[1, 2]], G=[[3]])
        array([[3.],
               [6.]])
        """
        from frechet.library.compiled import compiled

        return compiled(self, backend, form, layout, vec)

    def for_scipy(
        self,
        arrays: Mapping[str, Numbers] | None = None,
        /,
        curvature: Curvature = "auto",
        **more: Numbers | Elementwise,
    ) -> ForScipy:
        """The keyword arguments of `scipy.optimize.minimize`: `fun`, `jac` and `hess` or `hessp`, of one flat vector.

        The data are given by name; a value for each variable too is the start, `x0`.  The flat vector holds the
        variables one after the other, each as ``.ravel()`` gives it; `pack` and `unpack` go there and back.

        `curvature` "dense" gives `hess` as a matrix, "product" gives `hessp`, "operator" gives `hess` as a
        LinearOperator (for trust-constr), "none" nothing; unasked it is dense up to 2000 entries, else the product.
        Of a value that is an array `fun` and `jac` are those that `least_squares` and `root` take.

        >>> import frechet as fr
        >>> from scipy.optimize import minimize
        >>> d = fr.derive("sum(softplus(X*w)-y.*(X*w))+w'*w/2", wrt="w", shapes={"y": ["n"]})
        >>> problem = d.for_scipy(X=[[1, 0], [1, 1], [1, 2]], y=[0, 1, 1], w=[0, 0])
        >>> found = minimize(**problem, method="trust-exact")
        >>> problem.unpack(found.x)["w"].round(3)
        array([0.015, 0.711])
        """
        from frechet.library.forscipy import for_scipy

        return for_scipy(self, curvature, arrays, more)

    def code(
        self, backend: Target = "numpy", form: Computed | None = None, layout: Layout = "numerator",
        vec: VecOrder = "column", with_check: bool = False,
    ) -> str:  # fmt: skip
        """The source alone; `with_check` adds a test by differences, which runs when the file is run.

        >>> import frechet as fr
        >>> print(fr.derive("x'*A*x", wrt="x").code().splitlines()[-1])
            return A @ x + A.T @ x
        """
        if not with_check:
            return self.compile(backend, form, layout, vec).source
        from frechet.library.selftest import with_check as tested

        return tested(self, backend, form, layout, vec)

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

    def _repr_latex_(self) -> str:
        """A notebook shows each variable's main form; names in it are explained after it."""
        from frechet.notation.latex import text

        main = ("gradient", "derivative", "hessian column", "differential")
        shown = [p.exprs[k] for p in self.parts.values() for k in [next((k for k in main if k in p.exprs), "")] if k]
        if self.context.order == 1 and self.total is not None:
            shown = [self.total]
        return "$\\displaystyle " + ",\\quad ".join(text(e) for e in shown) + "$" if shown else ""
