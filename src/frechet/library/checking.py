"""An answer's own check: every formula read back from its printed text and compared with differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.language import read_formula
from frechet.library.arguments import whole_number
from frechet.library.parts import Context, used_names
from frechet.notation.ascii import text
from frechet.ops.expressions import variable
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form, Kind, Verification

if TYPE_CHECKING:
    from frechet.library.answered import Answered


def verify(d: Answered, trials: int, seed: int = 0) -> Verification:
    """Check every formula of an answer at random points; the outcome is the answer's from then on."""
    trials, seed = whole_number("trials", trials, 1), whole_number("seed", seed)
    # The direction of a mixed second derivative is in another variable for each pair.
    groups = [[key] for key in d.parts] if d.context.order == 2 else [list(d.parts)]
    d.outcome = _together([check(_request(d, keys, trials, seed)) for keys in groups])
    return d.outcome


def check_or_refuse(d: Answered, trials: int, seed: int) -> None:
    """Verify; an answer that fails is no answer."""
    outcome = verify(d, trials, seed)
    if outcome.passed is False:
        worst = outcome.failures[0] if outcome.failures else None
        said = f"{worst.form}: {worst.reason}" if worst else "a form is wrong"
        raise FrechetError("unverified", f"the answer failed its own check and is not shown ({said})")


def _request(d: Answered, keys: Sequence[str], trials: int, seed: int) -> CheckRequest:
    """What is to be checked of some parts; at order 2 the variable of the direction comes first."""
    context = d.context
    names = tuple(dict.fromkeys(reversed(keys[0].split(",")))) if context.order == 2 else context.names
    symbols = context.symbols[names[0]]
    return CheckRequest(
        context.original,
        tuple(context.variables[n] for n in names),
        tuple(_read_back(d, keys)),
        {n: s.increment for n, s in context.symbols.items()},
        upstream=symbols.upstream,
        direction=symbols.direction,
        trials=trials,
        seed=seed,
        equations=context.problem.constraints,
        at=context.at,
    )


def _read_back(d: Answered, keys: Sequence[str]) -> list[Form]:
    """Every formula of some parts parsed from its printed text, the names of `where` put in."""
    context = d.context
    names: dict[str, Expr] = dict(context.variables)
    for n in context.names:
        s = context.symbols[n]
        names[s.increment] = variable(s.increment, context.variables[n].shape)
        names[s.upstream] = variable(s.upstream, context.original.shape)
    if context.order == 2:
        last = keys[0].split(",")[-1]
        direction = context.symbols[last].direction
        names[direction] = variable(direction, context.variables[last].shape)
    for e in postorder(*context.at.values()):
        if e.op.name == "variable":
            names.setdefault(str(e.params[0]), e)
    known: dict[str, Expr] = {}

    def read(e: Expr, indices: Sequence[str] = ()) -> Expr:
        return read_formula(
            text(e), names, known, context.functions, context.sizes, indices, context.problem.constraints
        )

    total = [] if d.total is None else [d.total]
    shown = [*total, *(e for key in keys for e in d.parts[key].exprs.values())]
    used = used_names(shown, d.definitions)
    for name, e in d.definitions.items():
        if name in used:
            known[name] = read(e)
    forms = [Form("total differential", "differential", read(e)) for e in total]
    for key in keys:
        part = d.parts[key]
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


def _inner_indices(e: Expr) -> list[str]:
    """The index names in a formula in index form."""
    bound = ("at", "delta", "isum")
    return sorted({p for n in postorder(e) if n.op.name in bound for p in n.params if isinstance(p, str)})


FREE: dict[str, Kind] = {
    "vech gradient": "vech gradient",
    "vech jacobian": "vech jacobian",
    "vech hessian": "vech hessian",
}
"""Forms by the free entries of a structured variable."""


def _asked(name: str, label: str, e: Expr, wrt: tuple[Expr, ...], context: Context) -> Form:
    """The check that a form is put to."""
    if label.startswith("jacobian"):
        _, layout, vec = label.split()
        return Form(name, "jacobian", e, wrt, layout=layout, vec=vec)
    if label in FREE:
        return Form(name, FREE[label], e, wrt[:1] if label == "vech gradient" else wrt)
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
        "structured unconstrained": "unconstrained",
        "structured projected": "gradient",
        "structured free entries": "free entries",
        "complex d/dZ": "d/dZ",
        "complex d/dconj(Z)": "d/dconj(Z)",
    }
    return Form(name, first[label], e, wrt)


def _together(outcomes: Sequence[Verification]) -> Verification:
    """The outcome of several checks: as good as the worst."""
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
        outcomes[0].points,
    )
