"""The answer: one derivative, every form of it, and whether it has been checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

from frechet.calculus.forms import Forms, Symbols
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.formula import Formula
from frechet.language import Problem, read_formula
from frechet.notation.ascii import text
from frechet.ops.build import variable

if TYPE_CHECKING:
    from frechet.verify.request import CheckRequest, Form, Kind, Verification

PLAIN = ("differential", "pullback", "gradient", "derivative", "tensor")
"""Forms that are one formula each."""


@final
@dataclass(frozen=True)
class Context:
    """The problem an answer belongs to."""

    problem: Problem
    original: Expr
    variables: Mapping[str, Expr]
    functions: tuple[str, ...]
    sizes: frozenset[str]
    symbols: Mapping[str, Symbols]
    names: tuple[str, ...]
    several: bool
    order: int


@final
@dataclass
class Part:
    """The forms by one variable (or one pair of variables): label → formula; and what could not be written."""

    key: str
    exprs: dict[str, Expr] = field(default_factory=dict[str, Expr])
    missing: dict[str, str] = field(default_factory=dict[str, str])
    value_indices: tuple[str, ...] = ()
    wrt_indices: tuple[str, ...] = ()

    @staticmethod
    def of(key: str, forms: Forms, order: int) -> Part:
        """The part that holds these forms."""
        part = Part(key, {}, forms.missing, forms.value_indices, forms.wrt_indices)
        for name in (*PLAIN, "index"):
            e: Expr | None = getattr(forms, name)
            if e is not None:
                part.exprs[name] = e
        for (layout, vec), e in forms.jacobian.items():
            part.exprs[f"jacobian {layout} {vec}"] = e
        for vec, e in forms.hessian.items():
            part.exprs[f"hessian {vec}"] = e
        return part


@final
class Derivative:
    """A derivative in every form.

    The forms are :class:`~frechet.formula.Formula` objects (or None where a form does not apply); names in them that
    are not the problem's stand in `where`.

    >>> import frechet as fr
    >>> d = fr.derive("A*B", wrt="A")
    >>> print(d.differential, d.pullback, d.jacobian(vec="row"), d.verification.passed)
    dA*B G*B' kron(eye(m),B') True
    """

    def __init__(
        self, context: Context, parts: Mapping[str, Part], where: Mapping[str, Expr], total: Expr | None
    ) -> None:
        self.context, self.parts, self._total = context, dict(parts), total
        self._where = dict(where)
        self.verification: Verification | None = None

    # -- the forms -----------------------------------------------------------------------------------------------------

    @property
    def where(self) -> dict[str, Formula]:
        """Names for repeated parts, in an order in which they can be evaluated."""
        return {name: Formula(e) for name, e in self._where.items()}

    def _one(self) -> Part:
        if len(self.parts) != 1:
            raise FrechetError("input", f"several variables: ask for one of them, by[{next(iter(self.parts))!r}]")
        return next(iter(self.parts.values()))

    def _formula(self, e: Expr | None) -> Formula | None:
        return None if e is None else Formula(e, self.where)

    def _form(self, name: str) -> Formula | None:
        return self._formula(self._one().exprs.get(name))

    @property
    def by(self) -> dict[str, Derivative]:
        """One answer a variable (second order: one a pair, ``"A,B"``)."""
        out: dict[str, Derivative] = {}
        for key, part in self.parts.items():
            single = Derivative(self.context, {key: part}, self._where, None)
            single.verification = self.verification
            out[key] = single
        return out

    @property
    def differential(self) -> Formula | None:
        """value + differential + o(‖dX‖); for several variables the total one."""
        return self._formula(self._total) if self._total is not None else self._form("differential")

    @property
    def pullback(self) -> Formula | None:
        """The adjoint applied to the upstream gradient; at order 2 the Hessian times the direction."""
        return self._form("pullback")

    @property
    def gradient(self) -> Formula | None:
        """The gradient of a scalar value, in the shape of the variable."""
        return self._form("gradient")

    @property
    def derivative(self) -> Formula | None:
        """The derivative by a scalar variable, in the shape of the value."""
        return self._form("derivative")

    @property
    def index(self) -> Formula | None:
        """One entry of the derivative."""
        return self._form("index")

    @property
    def tensor(self) -> Formula | None:
        """The derivative as an array: the axes of the value, then those of the variable."""
        return self._form("tensor")

    @property
    def hessian(self) -> Formula | None:
        """The Hessian, columns stacked."""
        return self._form("hessian column")

    def jacobian(self, layout: str = "numerator", vec: str = "column") -> Formula | None:
        """The Jacobian matrix; rows ↔ value in the numerator layout."""
        if layout not in ("numerator", "denominator") or vec not in ("column", "row"):
            raise FrechetError("input", 'layout is "numerator" or "denominator", vec is "column" or "row"')
        return self._form(f"jacobian {layout} {vec}")

    @property
    def missing(self) -> dict[str, str]:
        """Forms that could not be written, and why."""
        return dict(self._one().missing)

    # -- checking ------------------------------------------------------------------------------------------------------

    def verify(self, trials: int = 8, seed: int = 0) -> Verification:
        """Check every formula, as it is printed, against differences of the expression at random points."""
        from frechet.verify.check import check

        # The direction of a mixed second derivative is in another variable for each pair.
        groups = [[key] for key in self.parts] if self.context.order == 2 else [list(self.parts)]
        self.verification = _together([check(self._request(keys, trials, seed)) for keys in groups])
        return self.verification

    def _request(self, keys: Sequence[str], trials: int, seed: int) -> CheckRequest:
        """What is to be checked of some parts; at order 2 the variable of the direction comes first."""
        from frechet.verify.request import CheckRequest

        context = self.context
        names = tuple(dict.fromkeys(reversed(keys[0].split(",")))) if context.order == 2 else context.names
        symbols = context.symbols[names[0]]
        return CheckRequest(
            context.original,
            tuple(context.variables[n] for n in names),
            tuple(self._read_back(keys)),
            {n: s.increment for n, s in context.symbols.items()},
            upstream=symbols.upstream,
            direction=symbols.direction,
            trials=trials,
            seed=seed,
            equations=context.problem.constraints,
        )

    def check_or_refuse(self, trials: int, seed: int) -> None:
        """Verify; an answer that fails is no answer."""
        outcome = self.verify(trials, seed)
        if outcome.passed is False:
            worst = outcome.failures[0] if outcome.failures else None
            said = f"{worst.form}: {worst.reason}" if worst else "a form is wrong"
            raise FrechetError("unverified", f"the answer failed its own check and is not shown ({said})")

    def _read_back(self, keys: Sequence[str]) -> list[Form]:
        """Every formula of some parts parsed from its printed text, the names of `where` put in."""
        from frechet.verify.request import Form

        context = self.context
        names: dict[str, Expr] = dict(context.variables)
        for n in context.names:
            s = context.symbols[n]
            names[s.increment] = variable(s.increment, context.variables[n].shape)
            names[s.upstream] = variable(s.upstream, context.original.shape)
        if context.order == 2:
            last = keys[0].split(",")[-1]
            direction = context.symbols[last].direction
            names[direction] = variable(direction, context.variables[last].shape)
        known: dict[str, Expr] = {}

        def read(e: Expr, indices: Sequence[str] = ()) -> Expr:
            return read_formula(
                text(e), names, known, context.functions, context.sizes, indices, context.problem.constraints
            )

        total = [] if self._total is None else [self._total]
        shown = [*total, *(e for key in keys for e in self.parts[key].exprs.values())]
        used = used_names(shown, self._where)
        for name, e in self._where.items():
            if name in used:
                known[name] = read(e)
        forms = [Form("total differential", "differential", read(e)) for e in total]
        for key in keys:
            part = self.parts[key]
            wrt = tuple(context.variables[n] for n in key.split(","))
            for label, e in part.exprs.items():
                if label == "index":
                    axes = (*part.value_indices, *part.wrt_indices, *_inner_indices(e))
                    forms.append(
                        Form(
                            f"{key} index", "index", read(e, axes), wrt,
                            value_indices=part.value_indices, wrt_indices=part.wrt_indices,
                        )
                    )  # fmt: skip
                    continue
                forms.append(_asked(f"{key} {label}", label, read(e), wrt, context))
        return forms

    # -- out -----------------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data (answer.md)."""
        from frechet.report import to_dict

        return to_dict(self)

    def entries(self, layout: str = "numerator", vec: str = "column", **sizes: int | Sequence[int]) -> dict[str, Any]:
        """The Jacobian written out at integer sizes: rows, columns and the matrix of formulas.

        Sizes by name (``m=1``) or by the shape of a variable (``A=(1, 3)``).

        >>> import frechet as fr
        >>> fr.derive("A*B", wrt="B").entries(m=1, n=2, p=1)["matrix"]
        [['A[1,1]', 'A[1,2]']]
        """
        from frechet.explicit import entries

        return entries(self, layout, vec, sizes)

    def blocks(self, **sizes: int | Sequence[int]) -> dict[str, Any]:
        """The derivative of each entry of the value, in the shape of the variable, written out."""
        from frechet.explicit import blocks

        return blocks(self, sizes)

    def evaluate(
        self, arrays: Mapping[str, Any] | None = None, /, form: str | None = None, layout: str = "numerator",
        vec: str = "column", **more: Any,
    ) -> Any:  # fmt: skip
        """The number(s) of a form for these arrays; without `form` the gradient, the derivative or the Jacobian.

        >>> import frechet as fr
        >>> fr.derive("x'*x", wrt="x").evaluate(x=[1, 2]).tolist()
        [2.0, 4.0]
        """
        from frechet.numbers import evaluate

        found = self._asked_for(form, layout, vec)
        return evaluate(found, {**(arrays or {}), **more})

    def _asked_for(self, form: str | None, layout: str, vec: str) -> Formula:
        labels = {"jacobian": f"jacobian {layout} {vec}", "hessian": f"hessian {vec}"}
        if form is None:
            order = ("hessian column",) if self.context.order == 2 else ("gradient", "derivative", labels["jacobian"])
            label = next((k for k in order if k in self._one().exprs), "pullback")
        else:
            label = labels.get(form, form)
        found = self._form(label)
        if found is None:
            reason = self._one().missing.get(form or label.split()[0])
            raise FrechetError("input", f"there is no {form or label} here" + (f": {reason}" if reason else ""))
        return found

    def __repr__(self) -> str:
        parts = [f"{k}: {text(e)}" for p in self.parts.values() for k, e in p.exprs.items()]
        return "Derivative(" + "; ".join(parts[:4]) + ("; …" if len(parts) > 4 else "") + ")"

    def _repr_latex_(self) -> str:
        from frechet.notation.latex import text as latex

        part = next(iter(self.parts.values()))
        for label in ("gradient", "derivative", "hessian column", "differential"):
            if label in part.exprs:
                return f"$\\displaystyle {latex(part.exprs[label])}$"
        return ""


def _inner_indices(e: Expr) -> list[str]:
    """The index names in a formula in index form."""
    bound = ("at", "delta", "isum")
    return sorted({p for n in postorder(e) if n.op.name in bound for p in n.params if isinstance(p, str)})


def _asked(name: str, label: str, e: Expr, wrt: tuple[Expr, ...], context: Context) -> Form:
    """The check that a form is put to."""
    from frechet.verify.request import Form

    if label.startswith("jacobian"):
        _, layout, vec = label.split()
        return Form(name, "jacobian", e, wrt, layout=layout, vec=vec)
    if label.startswith("hessian"):
        return Form(name, "hessian", e, wrt, vec=label.split()[1])
    if context.order == 2 and label == "gradient":
        return Form(name, "gradient", e, wrt[:1])
    if context.order == 2 and label == "differential" and wrt[0] is not wrt[-1]:
        # Of a mixed block: the same map as the pullback's, with the increment for the direction.
        s = context.symbols[str(wrt[-1].params[0])]
        moved = {variable(s.increment, wrt[-1].shape): variable(s.direction, wrt[-1].shape)}
        return Form(name, "hvp", replace(e, moved), wrt)
    kinds: dict[str, Kind] = {"differential": "second differential", "pullback": "hvp"}
    if context.order == 2:
        return Form(name, kinds[label], e, wrt)
    first: dict[str, Kind] = {
        "differential": "differential",
        "pullback": "pullback",
        "gradient": "gradient",
        "derivative": "derivative",
        "tensor": "tensor",
    }
    return Form(name, first[label], e, wrt)


def _together(outcomes: Sequence[Verification]) -> Verification:
    """The outcome of several checks: as good as the worst."""
    from frechet.verify.request import Verification

    if len(outcomes) == 1:
        return outcomes[0]
    verdicts = [v.passed for v in outcomes]
    errors = [v.max_relative_error for v in outcomes if v.max_relative_error is not None]
    return Verification(
        False if False in verdicts else None if None in verdicts else True,
        min(v.trials for v in outcomes),
        sum(v.forms_checked for v in outcomes),
        max(errors, default=None),
        outcomes[0].sizes,
        next((v.reason for v in outcomes if v.reason), None),
        tuple(f for v in outcomes for f in v.failures),
    )


def used_names(formulas: Iterable[Expr], where: Mapping[str, Expr]) -> set[str]:
    """The names of `where` that the formulas use, through other names too."""
    used: set[str] = set()
    todo = list(formulas)
    while todo:
        for e in postorder(todo.pop()):
            name = str(e.params[0]) if e.op.name == "variable" else ""
            if name in where and name not in used:
                used.add(name)
                todo.append(where[name])
    return used
