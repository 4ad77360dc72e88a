"""The last step for a structured variable: from all entries to those that may be chosen freely."""

from __future__ import annotations

from frechet.calculus.free import stacked
from frechet.calculus.structure import kind_of
from frechet.core.dim import ONE, Dim, settle
from frechet.core.expr import Expr
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.inner import transposed
from frechet.explain.steps import Label, Line, Step
from frechet.notation.ascii import text
from frechet.notation.latex import name as latex_name
from frechet.notation.write import Writer
from frechet.ops.books import MN3
from frechet.ops.expressions import apply, number

SPREAD = ("symmetric", "lower", "upper")
"""The kinds whose free entries are tied to all of them by one matrix."""


def by_free_entries(draft: Draft, value: str) -> None:
    """Add the step from the Hessian in all entries to that in the free ones, where the answer has it.

    `draft` is about the gradient g of `value`: vec(dg) is H*vec(dX), and D'*vec(dg) = (D'*H*D)*dv.
    """
    found = draft.q.forms.get("vech hessian")
    kind = kind_of(draft.x)
    if found is None or kind is None:
        return
    x, dx, n = draft.x_name, draft.q.increment, draft.x.shape[0]
    g, df = draft.value_name, f"d{value}"
    moved = _free(kind, draft.dx, n)
    lines: list[Line] = []
    free, latex = _name(kind, x)
    if kind in SPREAD:
        spread = _spread(kind, n)
        stacked = apply("vec", (draft.dx,))
        lines.append(Line(stacked, apply("mul", (spread, moved)), (stacked, apply("mul", (spread, moved)))))
        left = apply("mul", (transposed(spread), apply("vec", (draft.dvalue,))))
        letter = "D" if kind == "symmetric" else "B"
        tied = f"vec({dx}) = {letter}*d{free} with {letter} = {text(spread)}"
        counted = f"only {free} may be chosen freely, and {tied}"
        why = (
            f"Not all entries of {x} move by themselves: {counted}. The same goes for the gradient: "
            f"{df} = ⟨{g}, {dx}⟩ = vec({g})'*{letter}*d{free}, so the gradient by {free} is {letter}'*vec({g}). "
            f"That is why {letter} stands on the right of the Hessian and {letter}' on its left."
        )
    else:
        left = _free(kind, draft.dvalue, n)
        why = f"Only {free} may be chosen freely. The gradient by these is what {df} = ⟨{g}, {dx}⟩ has beside them"
        if kind == "skew":  # the entry across the diagonal is the same with the other sign
            left = apply("mul", (number(2), left))
            why += ", twice the entry, since the one across the diagonal moves too"
        why += "; its derivative by them is the Hessian."
    proof = left, apply("mul", (found, moved))
    lines.append(Line(left, proof[1], proof))
    above, short = latex_name(value), f"vech({x})" if kind == "skew" else free
    label = Label(
        f"∂²{value}/∂{short}∂{short}'",
        rf"\frac{{\partial^2 {above}}}{{\partial {latex}\,\partial {latex}^{{\top}}}}",
    )
    lines.append(Line(label, found, proof))
    title = f"{x} is {SAID[kind]}: keep the free entries, {free}"
    draft.add(Step("free entries", title, why, MN3, draft.steps[-1].after, lines))


SAID = {
    "symmetric": "symmetric",
    "lower": "lower triangular",
    "upper": "upper triangular",
    "diagonal": "diagonal",
    "skew": "skew",
}
"""The kinds in words."""


def _name(kind: str, x: str) -> tuple[str, str]:
    """The free entries, plain and in LaTeX."""
    letter = latex_name(x)
    if kind == "upper":
        return f"vech({x}')", rf"\operatorname{{vech}}({letter}^{{\top}})"
    if kind == "diagonal":
        return f"diag({x})", rf"\operatorname{{diag}}({letter})"
    if kind == "skew":
        return f"the entries of vech({x}) below the diagonal", rf"\operatorname{{vech}}_{{<}}({letter})"
    return f"vech({x})", rf"\operatorname{{vech}}({letter})"


def _spread(kind: str, n: Dim) -> Expr:
    """B with vec(X) = B*v."""
    node = stacked(kind, n)
    assert node is not None, "the free entries are stacked"
    below = Writer().write(node)
    return apply("mul", (apply("commutation", (), (n, n)), below)) if kind == "upper" else below


def _free(kind: str, increment: Expr, n: Dim) -> Expr:
    """The free entries of an increment of the kind."""
    if kind == "upper":
        return apply("vech", (transposed(increment),))
    if kind == "diagonal":
        return apply("diag", (increment,))
    if kind == "skew":  # below the diagonal: without the first row and the last column
        size = n - 1
        eye, zero = apply("eye", (), (size,)), apply("zeros", (), settle((size, ONE)))
        below, before = apply("hcat", (zero, eye)), apply("hcat", (eye, zero))
        increment = apply("mul", (apply("mul", (below, increment)), transposed(before)))
    return apply("vech", (increment,))
