"""The road by a complex variable: the differential as it was, read off as a pair, ∂f/∂Z and ∂f/∂conj(Z).

df = ⟨∂f/∂Z, dZ⟩ + ⟨∂f/∂conj(Z), conj(dZ)⟩ without conjugates in the brackets; of a real f the two halves are
conjugates, and 2·∂f/∂conj(Z) is the direction of steepest ascent.
"""

from __future__ import annotations

from frechet.core.expr import Expr
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.forward import differentiated
from frechet.explain.derivation.inner import inner, inner_word, real_inner
from frechet.explain.steps import Label, Line, Step
from frechet.notation.ascii import text
from frechet.notation.latex import name as latex_name
from frechet.ops.expressions import apply

BOOKS = "Hjørungnes ch. 3; Petersen & Pedersen sec. 4"


def wirtinger(draft: Draft, form: str) -> None:
    """The steps from the value to the pair of derivatives, and to the gradient of a real value."""
    line, _ = differentiated(draft)
    found = draft.q.forms.get("differential")
    if found is not None and text(found) != text(line) and (form == "differential" or not draft.q.value.shape):
        why = "real(z) = (z + conj(z))/2, and herm(M) is the conjugate of M'."
        draft.say(
            "collect",
            f"Collect {draft.q.increment} and its conjugate",
            why,
            BOOKS,
            found if form == "differential" else draft.called(found),
        )
    if form == "differential":
        return
    by_z, by_conj = draft.q.forms.get("complex d/dZ"), draft.q.forms.get("complex d/dconj(Z)")
    if by_z is not None and by_conj is not None and not draft.q.value.shape:
        _pair(draft, by_z, by_conj)
    gradient = draft.q.forms.get("gradient")
    if gradient is not None:
        _gradient(draft, gradient)
    elif draft.q.value.shape and draft.q.forms.get("pullback") is not None and len(draft.q.value.shape) < 3:
        _pullback(draft, draft.q.forms["pullback"])


def _pair(draft: Draft, by_z: Expr, by_conj: Expr) -> None:
    dx = draft.q.increment
    whole = apply("add", (inner(by_z, draft.dx), inner(by_conj, apply("conj", (draft.dx,)))))
    proof = (draft.dvalue, whole)
    above, below = draft.value_name, draft.x_name
    conjugate = Label(
        f"∂{above}/∂conj({below})",
        rf"\frac{{\partial {latex_name(above)}}}{{\partial \overline{{{latex_name(below)}}}}}",
    )
    lines = [Line(draft.ratio(above, below), by_z, proof), Line(conjugate, by_conj, proof)]
    shown = f"{inner_word(draft.x.shape, 'P', dx)} + {inner_word(draft.x.shape, 'Q', f'conj({dx})')}"
    why = "Z and its conjugate move as if each were free: the factor of one is ∂f/∂Z, that of the other ∂f/∂conj(Z)."
    title = f"Read off: d{above} = {shown}"
    draft.add(Step("read off", title, why, BOOKS, draft.last_differential(), lines))


def _gradient(draft: Draft, found: Expr) -> None:
    title = f"The gradient: d{draft.value_name} = real(⟨G, {draft.q.increment}⟩)"
    why = "For a real value the two halves are conjugates of each other, and twice ∂f/∂conj(Z) is steepest ascent."
    line = Line(draft.ratio(draft.value_name, draft.x_name), found, (draft.dvalue, real_inner(found, draft.dx)))
    if "complex d/dZ" in draft.q.forms:
        line = Line(Label(f"∇{draft.value_name}", rf"\nabla {latex_name(draft.value_name)}"), found, line.proof)
    draft.read_off("gradient", title, why, BOOKS, line)


def _pullback(draft: Draft, found: Expr) -> None:
    up, dx = draft.q.upstream, draft.q.increment
    title = f"Move {dx} across real(⟨{up}, {text(draft.dvalue)}⟩)"
    why = "The adjoint for the inner product real(tr(herm(A)*B)): transposes become conjugate transposes."
    proof = (real_inner(draft.upstream, draft.dvalue), real_inner(found, draft.dx))
    draft.read_off("adjoint", title, why, BOOKS, Line(draft.ratio(draft.loss, draft.x_name), found, proof))
