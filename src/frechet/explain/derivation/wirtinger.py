"""The road by a complex variable: the differential as it was, read off as a pair, ∂f/∂Z and ∂f/∂conj(Z).

df = ⟨∂f/∂Z, dZ⟩ + ⟨∂f/∂conj(Z), conj(dZ)⟩ without conjugates in the brackets; of a real f the two halves are
conjugates, and 2·∂f/∂conj(Z) is the direction of steepest ascent.
"""

from __future__ import annotations

from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.explain.derivation.forward import differentiated
from frechet.explain.derivation.differentials import inner, real_inner
from frechet.explain.derivation.steps import Label, Line, Step
from frechet.explain.derivation.draft import Draft
from frechet.notation.ascii import text
from frechet.notation.latex import name as latex_name
from frechet.ops.build import apply

BOOKS = "Hjørungnes ch. 3; Petersen & Pedersen sec. 4"


def wirtinger(work: Draft, form: str) -> None:
    """The steps from the value to the pair of derivatives, and to the gradient of a real value."""
    line, _ = differentiated(work)
    found = work.q.forms.get("differential")
    if found is not None and text(found) != text(line) and (form == "differential" or not work.q.value.shape):
        why = "real(z) = (z + conj(z))/2, and herm(M) is the conjugate of M'."
        work.say("collect", f"Collect {work.q.increment} and its conjugate", why, BOOKS, found)
    if form == "differential":
        return
    by_z, by_conj = work.q.forms.get("complex d/dZ"), work.q.forms.get("complex d/dconj(Z)")
    if by_z is not None and by_conj is not None and not work.q.value.shape:
        _pair(work, by_z, by_conj)
    gradient = work.q.forms.get("gradient")
    if gradient is not None:
        _gradient(work, gradient)
    elif work.q.value.shape and work.q.forms.get("pullback") is not None and len(work.q.value.shape) < 3:
        _pullback(work, work.q.forms["pullback"])


def _pair(work: Draft, by_z: Expr, by_conj: Expr) -> None:
    dx = work.q.increment
    whole = apply("add", (inner(by_z, work.dx), inner(by_conj, apply("conj", (work.dx,)))))
    proof = (work.dvalue, whole)
    above, below = work.value_name, work.x_name
    conjugate = Label(
        f"∂{above}/∂conj({below})",
        rf"\frac{{\partial {latex_name(above)}}}{{\partial \overline{{{latex_name(below)}}}}}",
    )
    lines = [Line(work.ratio(above, below), by_z, proof), Line(conjugate, by_conj, proof)]
    matrix = len(work.x.shape) == 2 and ONE not in work.x.shape
    shown = f"tr(P'*{dx}) + tr(Q'*conj({dx}))" if matrix else f"P'*{dx} + Q'*conj({dx})"
    why = "Z and its conjugate move as if each were free: the factor of one is ∂f/∂Z, that of the other ∂f/∂conj(Z)."
    title = f"Read off: d{above} = {shown}"
    work.steps.append(Step("read off", title, why, BOOKS, work.last_differential(), lines))


def _gradient(work: Draft, found: Expr) -> None:
    title = f"The gradient: d{work.value_name} = real(⟨G, {work.q.increment}⟩)"
    why = "For a real value the two halves are conjugates of each other, and twice ∂f/∂conj(Z) is steepest ascent."
    line = Line(work.ratio(work.value_name, work.x_name), found, (work.dvalue, real_inner(found, work.dx)))
    if "complex d/dZ" in work.q.forms:
        line = Line(Label(f"∇{work.value_name}", rf"\nabla {latex_name(work.value_name)}"), found, line.proof)
    work.read_off("gradient", title, why, BOOKS, line)


def _pullback(work: Draft, found: Expr) -> None:
    up, dx = work.q.upstream, work.q.increment
    title = f"Move {dx} across real(⟨{up}, {text(work.dvalue)}⟩)"
    why = "The adjoint for the inner product real(tr(herm(A)*B)): transposes become conjugate transposes."
    proof = (real_inner(work.upstream, work.dvalue), real_inner(found, work.dx))
    work.read_off("adjoint", title, why, BOOKS, Line(work.ratio(work.loss, work.x_name), found, proof))
