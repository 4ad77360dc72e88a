"""From a differential to single entries: dC[i,j] = A[i,r]*dB[r,j], so ∂C[i,j]/∂B[k,l] = A[i,k]*delta(j,l)."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.expr import Expr, postorder
from frechet.errors import FrechetError
from frechet.explain.derivation.draft import Draft
from frechet.explain.steps import Label, Line, Step
from frechet.notation.ascii import text
from frechet.notation.index import Entries
from frechet.notation.indexnames import IndexNames
from frechet.notation.latex import name as latex_name
from frechet.ops.books import MN9
from frechet.ops.normalise import node_of
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form


def by_entries(draft: Draft) -> None:
    """Add the step from the last line of the differential to its entries."""
    q = draft.q
    found = q.forms["index"]
    rows, columns = q.value_indices, q.wrt_indices
    line = draft.last_differential()
    written = _entry_of(draft, line.formula) if q.value.shape else None
    lines = [Line(_place(f"d{draft.value_name}", rows), written)] if written is not None else []
    place = f"{q.increment}[{','.join(columns)}]" if columns else q.increment
    why = f"Row times column, a repeated index summed; the slope is what {place} is multiplied by."
    if any(e.op.name == "delta" for e in postorder(found)):
        why += " delta(i,k) is 1 where i = k, else 0: it sets a summed index to its value."
    if not q.value.shape:
        why = f"An entry of the gradient is what {place} is multiplied by."
    above, below = _place(f"∂{draft.value_name}", rows), _place(f"∂{draft.x_name}", columns)
    label = Label(f"{above.plain}/{below.plain}", rf"\frac{{{above.latex}}}{{{below.latex}}}")
    step = Step("index", "Write it entry by entry", why, MN9, draft.steps[-1].after, [*lines, Line(label, found)])
    step.checked = _checked(draft, found)
    draft.add(step)


def _place(name: str, axes: Sequence[str]) -> Label:
    """An entry of an array, in its two spellings."""
    sign = r"\partial " if name.startswith("∂") else r"\mathrm{d}"
    below = f"_{{{' '.join(axes)}}}" if axes else ""
    return Label(f"{name}[{','.join(axes)}]" if axes else name, f"{sign}{latex_name(name[1:])}{below}")


def _entry_of(draft: Draft, line: Expr) -> Expr | None:
    """The line's own entry; None where it would be long, or has more axes than a matrix."""
    axes: list[str | None] = [*draft.q.value_indices, None, None]
    taken = {*draft.q.taken, *draft.q.variables, *draft.q.value_indices, *draft.q.wrt_indices, draft.q.increment}
    taken |= {str(e.params[0]) for e in postorder(line) if e.op.name == "variable"}
    node = node_of(line)
    if len(draft.q.value.shape) > 2:
        try:
            return Entries(draft.writer, IndexNames(taken)).of_tensor(node, draft.q.value_indices)
        except FrechetError:
            return None
    i, j = (None, axes[0]) if len(draft.q.value_indices) == 1 and node.row else (axes[0], axes[1])
    try:
        return Entries(draft.writer, IndexNames(taken)).entry(node, i, j)[0]
    except FrechetError:
        return None


def _checked(draft: Draft, found: Expr) -> bool:
    """Whether the entries agree with differences of the value; refuses them where they do not."""
    q = draft.q
    form = Form("index", "index", draft.spelled_out(found), value_indices=q.value_indices, wrt_indices=q.wrt_indices)
    outcome = check(CheckRequest(q.value, (q.x,), (form,), equations=q.equations))
    if outcome.passed is False:
        raise FrechetError("unverified", f"the derivation failed its own check: {text(found)} does not hold")
    return outcome.passed is True
