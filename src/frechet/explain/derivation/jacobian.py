"""From a differential to its matrix: vec(dF) = J*vec(dX), in the layout and the vec order asked for."""

from __future__ import annotations

from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.inner import transposed
from frechet.explain.derivation.moves import stacking_words
from frechet.explain.steps import Label, Line, Step
from frechet.notation.ascii import text
from frechet.notation.latex import name as latex_name
from frechet.notation.latex import text as latex_text
from frechet.ops.books import MN9, PP10
from frechet.ops.expressions import apply, variable

SHORT = 40
"""A Jacobian of more characters is written once only."""
ORDERS = {"column": "columns stacked", "row": "rows stacked"}
"""The vec orders in words."""


def as_matrix(draft: Draft, layout: str, vec: str) -> None:
    """Add the step from the differential to the Jacobian, where the answer has one."""
    found = draft.q.forms.get(f"jacobian {layout} {vec}")
    numerator = draft.q.forms.get(f"jacobian numerator {vec}")
    if found is None or numerator is None:
        return
    value, dx = stacked(draft.dvalue, vec), stacked(draft.dx, vec)
    moved = apply("mul", (numerator, dx))
    proof = (value, moved)
    if layout == "denominator":
        proof = (transposed(value), apply("mul", (transposed(dx), found)))
    plain, line = value is draft.dvalue and dx is draft.dx, draft.last_differential().formula
    if plain:
        title, why = "Read off the matrix", f"The matrix in front of {draft.q.increment} is the Jacobian."
        why = f"{why} {stacking_words(line, draft.dx, numerator, vec, False)}"
    else:
        title, turned = f"Stack into vectors ({ORDERS[vec]})", value.op.name == "transpose"
        why = f"A Jacobian acts on vectors. {stacking_words(line, draft.dx, numerator, vec, turned)}"
    if layout == "denominator":
        why = f"{why.strip()} The denominator layout is its transpose."
    label = _label(draft, layout, vec, value is not draft.dvalue, dx is not draft.dx)
    lines = [Line(label, found, proof)]
    if not plain and len(text(numerator)) <= SHORT:
        lines.insert(0, Line(value, moved, (value, moved)))
    draft.add(Step("vec", title, why.strip(), f"{MN9}; {PP10}", draft.last_differential(), lines))


def stacked(e: Expr, vec: str) -> Expr:
    """vec(dX), or of its transpose where rows are stacked; a vector stays, a row is turned."""
    if len(e.shape) < 2:
        return e
    if len(e.shape) > 2:
        reverse = tuple(range(len(e.shape), 0, -1))
        return apply("vec", (e if vec == "column" else apply("permute", (e,), reverse),))
    if e.shape[0] == ONE:
        return apply("transpose", (e,))
    return apply("vec", (e if vec == "column" else apply("transpose", (e,)),))


def _label(draft: Draft, layout: str, vec: str, value_stacked: bool, x_stacked: bool) -> Label:
    """∂vec(C)/∂vec(B)', as Magnus & Neudecker write it; in the denominator layout ∂vec(C)'/∂vec(B)."""
    names = [(draft.value_name, value_stacked), (draft.x_name, x_stacked)]
    turned = "'" if vec == "row" else ""
    above, below = (f"vec({n}{turned})" if s else n for n, s in names)
    up = r"^{\top}" if vec == "row" else ""
    latex = [rf"\operatorname{{vec}}({latex_name(n)}{up})" if s else latex_name(n) for n, s in names]
    shapes = draft.q.value.shape, draft.x.shape
    tensors = [len(shape) > 2 for shape in shapes]
    if vec == "row" and any(tensors):
        whole = [stacked(variable(n, shape), vec) for (n, _), shape in zip(names, shapes, strict=True)]
        above, below = (text(e) if t else n for e, t, n in zip(whole, tensors, (above, below), strict=True))
        latex = [latex_text(e) if t else n for e, t, n in zip(whole, tensors, latex, strict=True)]
    top, bottom = ("", r"^{\top}") if layout == "numerator" else (r"^{\top}", "")
    if not draft.x.shape or not draft.q.value.shape:
        top, bottom = (top, "") if not draft.x.shape else ("", bottom)
    plain = f"∂{above}{_prime(top)}/∂{below}{_prime(bottom)}"
    return Label(plain, rf"\frac{{\partial {latex[0]}{top}}}{{\partial {latex[1]}{bottom}}}")


def _prime(transposed: str) -> str:
    return "'" if transposed else ""
