"""Reading a form off a line: what the increment is paired with, as the line has it and as the answer is printed."""

from __future__ import annotations

import re

from frechet.algebra import constructors as b
from frechet.calculus.adjoint import cotangents
from frechet.calculus.structure import kind_of
from frechet.core.dim import ONE, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.explain.derivation.draft import Draft
from frechet.explain.derivation.inner import inner, is_complex, real_inner
from frechet.explain.derivation.moves import backward_words, sentence
from frechet.explain.derivation.terms import terms
from frechet.explain.steps import Label, Line, Pairing
from frechet.notation.ascii import text
from frechet.notation.tidy import tidy
from frechet.ops.books import ADJOINT, BACKPROP
from frechet.ops.normalise import node_of

SHORT = 36
"""A differential and pullback of more signs are not shown between brackets once more."""
LONGEST = 160
"""A reading of more signs is left out before the answer's own."""

STRUCTURES: dict[str, tuple[str, str]] = {
    "symmetric": (
        "{} is symmetric: keep the symmetric part",
        "{1} is symmetric too and meets only the symmetric part of G: df = ⟨(G+G')/2, {1}⟩.",
    ),
    "skew": ("{} is skew: keep the skew part", "{1} is skew too and meets only the skew part of G: (G-G')/2."),
    "diagonal": ("{} is diagonal: keep the diagonal", "{1} is diagonal too and meets only the diagonal of G."),
    "lower": ("{} is lower triangular: keep that triangle", "{1} is zero above the diagonal, so nothing there counts."),
    "upper": ("{} is upper triangular: keep that triangle", "{1} is zero below the diagonal, so nothing there counts."),
    "orthogonal": (
        "{} is orthogonal: project on the tangent space",
        "{1} keeps {0}'*{0} = I, so {0}'*{1} is skew, and such increments meet only G - {0}*({0}'*G+G'*{0})/2.",
    ),
}
"""The last step for a variable with structure: title and why, with the names of the variable and its increment."""


def readable(term: Expr, increment: Expr) -> bool:
    """Whether the gradient can be read off a term: ⟨M, dX⟩ in one of the usual spellings.

    >>> from frechet.language import parse
    >>> from frechet.ops.expressions import variable
    >>> dX = variable("dX", ("m", "n"))
    >>> [readable(parse(text, known={"dX": dX}).value, dX) for text in ("2*tr(A'*dX)", "tr(A*dX*B)", "sum(A.*dX)")]
    [True, False, True]
    """
    e = term
    while True:
        name = e.op.name
        if name == "neg" or (name == "divide" and not e.shape):
            e = e.args[0]
        elif name == "mul" and not e.args[0].shape and not e.args[1].shape and e.args[1] is not increment:
            e = e.args[1] if increment in set(postorder(e.args[1])) else e.args[0]
        else:
            break
    name = e.op.name
    if name == "tr":
        inside = e.args[0]
        return inside.op.name == "mul" and inside.args[1] is increment and _still(inside.args[0], increment)
    if name == "sum" and e.params == (None,):
        inside = e.args[0]
        return inside.op.name == "hadamard" and increment in inside.args and inside.args[0] is not inside.args[1]
    if len(increment.shape) > 2:
        return False
    rows, cols = rows_cols(increment.shape)
    if name != "mul" or (rows != ONE and cols != ONE):
        return False
    if cols == ONE and rows != ONE:
        return e.args[1] is increment and bool(e.args[0].shape)
    return increment in e.args


def _still(e: Expr, increment: Expr) -> bool:
    return increment not in set(postorder(e))


def paired_lines(
    draft: Draft, line: Expr, upstream: Expr | None, found: Expr, label: Label, moved: Expr
) -> tuple[list[Line], str]:
    """What the increment is paired with in a line: as the line has it, then as the answer is, if they differ."""
    final = Line(label, found, (moved, inner(found, draft.dx)))
    direct = _paired_with(draft, line, upstream)
    if direct is None or _names(draft, direct) == _names(draft, found) or len(text(direct)) > LONGEST:
        return [final], ""
    if not _parts_in(draft, direct) and kind_of(draft.x) is None:
        return [final], ""  # the same in the same terms, put in order
    return [Line(label, direct, (moved, inner(direct, draft.dx))), final], put_back(draft, direct, found)


def put_back(draft: Draft, before: Expr, after: Expr) -> str:
    """Which names of parts a formula no longer has."""
    still = _parts_in(draft, after)
    gone = [n for n in _parts_in(draft, before) if n not in still]
    if not gone or _names(draft, before) == _names(draft, after):
        return ""
    said = " and ".join([", ".join(gone[:-1]), gone[-1]] if len(gone) > 1 else gone)
    return (
        f"With {said} put back it is shorter."
        if len(text(after)) < len(text(draft.spelled_out(before)))
        else (f"{said} {'is' if len(gone) == 1 else 'are'} put back.")
    )


def _parts_in(draft: Draft, e: Expr) -> list[str]:
    """The named parts that a formula uses."""
    used = {v.params[0] for v in postorder(e) if v.op.name == "variable"}
    return [p.name for p in draft.quantities if p.name in used]


def _names(draft: Draft, e: Expr) -> list[str]:
    """What a formula is made of, its order and signs left aside."""
    return sorted(re.findall(r"[A-Za-z_]\w*|\d+", text(draft.spelled_out(e))))


def _paired_with(draft: Draft, line: Expr, upstream: Expr | None) -> Expr | None:
    """The factor of the increment in a line (under ⟨G, ·⟩), in the shape of the variable."""
    dx = node_of(draft.dx)
    g = cotangents(node_of(line), node_of(upstream) if upstream is not None else b.number(1), [dx]).get(dx)
    return draft.called(draft.writer.write(tidy(g, draft.writer))) if g is not None else None


def adjoint(draft: Draft, line: Expr) -> None:
    """⟨G, dF⟩ = ⟨pullback, dX⟩."""
    found = draft.q.forms.get("pullback")
    if found is None:
        return
    up, dx, dv = draft.q.upstream, draft.q.increment, text(draft.dvalue)
    moved = inner(draft.upstream, draft.dvalue)
    title = f"Move {dx} across ⟨{up}, {dv}⟩, where {up} = ∂{draft.loss}/∂{draft.value_name}"
    said = backward_words([e for _, e in terms(line, {draft.dx})], draft.dx)
    why = draft.remarks([sentence(said) or "The adjoint of each operation, from the outside in."])
    kind = kind_of(draft.x)
    if kind is not None:
        why = f"{why} {STRUCTURES[kind][1].format(draft.x_name, dx)}"
    if kind is None and len(text(line)) + len(text(found)) <= SHORT:
        pairs = Pairing(draft.upstream, line), Pairing(found, draft.dx)
        proof = inner(draft.upstream, line), inner(found, draft.dx)
        lines, back = [Line(*pairs, proof), Line(draft.ratio(draft.loss, draft.x_name), found, proof)], ""
    else:
        lines, back = paired_lines(draft, line, draft.upstream, found, draft.ratio(draft.loss, draft.x_name), moved)
    draft.read_off("adjoint", title, f"{why} {back}".strip(), f"{ADJOINT}; {BACKPROP}", *lines)


def upstream_number(draft: Draft) -> None:
    """The pullback where the value or the variable is a number: dL = ⟨G, dF⟩ = ⟨G, F'(t)⟩*dt."""
    found = draft.q.forms.get("pullback")
    assert found is not None, "a number has a pullback"
    up, value = draft.q.upstream, draft.value_name
    pair = real_inner if is_complex(draft.q.value) else inner
    proof = pair(draft.upstream, draft.dvalue), pair(found, draft.dx)
    if draft.q.value.shape:
        title = f"Pair with {up} = ∂{draft.loss}/∂{value}"
        why = f"d{draft.loss} = ⟨{up}, d{value}⟩, a number times {draft.q.increment}."
    else:
        title = f"Multiply by {up} = ∂{draft.loss}/∂{value}"
        why = f"{value} is a number, and so is {up}: d{draft.loss} = {up}*d{value}."
    draft.read_off("adjoint", title, why, BACKPROP, Line(draft.ratio(draft.loss, draft.x_name), found, proof))
