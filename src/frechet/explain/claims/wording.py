"""What a verdict says: what the person can do with the formula, then why."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import Dim, Shape, entries, settle, show
from frechet.explain.claims.finding import Finding
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import CONVENTIONS, OF_SCALAR
from frechet.explain.claims.verdict import Mend
from frechet.notation.ascii import text


def right(question: Question, found: Finding) -> str:
    """Why the claim is right."""
    names = list(found.names)
    if names == ["index"]:
        return f"Right: {_entry(question, found)}.{_own(found)}"
    first = names[0]
    said = f"Right: it is {_meaning(question, first)}"
    also = [n for n in names[1:] if not n.startswith("vec-")]
    if also:
        said += "; and " + ", and ".join(_meaning(question, n).partition(":")[0] for n in also)
    return said + "." + _own(found)


def conventional(question: Question, found: Finding) -> str:
    """Under which convention it is right, and what it is elsewhere."""
    names = list(found.names)
    meanings = [_meaning(question, n) for n in names[:3]]
    said = "Right as " + "; or as ".join(dict.fromkeys(meanings)) + "."
    if question.scalar and "gradient" not in names and not question.complex:
        if any(n == "numerator" for n in names):
            said += (
                f" The gradient, in the shape of {question.wrt_name} ({show(question.wrt.shape)}), is its transpose."
            )
        elif any(n.startswith("vec-") for n in names):
            said += f" The gradient itself has the shape of {question.wrt_name}, {show(question.wrt.shape)}."
    if not question.scalar and any("denominator" in n for n in names):
        said += " The numerator layout is its transpose."
    return said + _own(found)


def conditional(words: str, label: bool, general: str | None) -> str:
    """Right under an assumption that is not made; `general` is the formula without it."""
    said = f"Right if {words}"
    if label:
        return said + ", as labels and probabilities do; the expression itself does not say so."
    return f"{said}; in general it is {general}." if general else f"{said}; in general it is not."


def short(question: Question, found: Finding) -> str:
    """What the factor is a factor of."""
    expr = found.claim.expr
    shape = show(expr.shape) if expr is not None else ""
    value, wrt = _value(question), question.wrt_name
    below = value if value.isidentifier() else f"({value})"
    jacobian = settle((entries(question.original.shape), entries(question.wrt.shape)))
    product = (found.product or "").format(claim=found.claim.text, G=question.upstream)
    return (
        f"In general no Jacobian of {value} is {found.claim.text}: that is {_size(jacobian)} in numerator layout, this "
        f"is {shape}. It is the factor that the upstream gradient is multiplied by: with {question.upstream} = "
        f"∂L/∂{below}, ∂L/∂{wrt} = {product}. That is what texts mean that write it so.{_own(found)}"
    )


def wrong(question: Question, found: Finding, wanted: Sequence[str], mend: Mend | None) -> str:
    """Why the claim is wrong, and what would be right."""
    said = "Wrong" + (f": {found.trouble}" if found.trouble else _misshapen(question, found, wanted)) + "."
    if mend is not None:
        said += f" Nearest right formula: {mend.formula} ({mend.change})."
    return said + _own(found)


def undecided(found: Finding) -> str:
    """Why nothing can be said."""
    return f"Nothing can be said: {found.trouble or 'the derivative could not be measured'}."


def _misshapen(question: Question, found: Finding, wanted: Sequence[str]) -> str:
    """How the claim's shape differs from that of what it is meant to be."""
    expr = found.claim.expr
    if expr is None or not wanted or found.claim.free:
        return ""
    needed = _shape(question, wanted[0])
    if needed is None or expr.shape in [_shape(question, n) for n in wanted]:
        return ""
    return f": it is {show(expr.shape)}, and {_called(wanted[0])} is {show(needed)}"


def _shape(question: Question, name: str) -> Shape | None:
    value, wrt = question.original.shape, question.wrt.shape
    if name in ("gradient", "pullback", "symmetric-projected", "symmetric-free", "skew-projected") or "d/d" in name:
        return wrt
    if name in ("differential", "derivative"):
        return value
    if name in ("hessian", "hessian row"):
        return settle((entries(wrt), entries(wrt)))
    if name in ("numerator", "rowmajor-numerator"):
        turned = settle((wrt[1], wrt[0])) if len(wrt) == 2 else settle((Dim.of(1), *wrt))
        return turned if question.scalar else settle((entries(value), entries(wrt)))
    if name in ("denominator", "rowmajor-denominator"):
        return settle((entries(wrt), entries(value)))
    return None


def _called(name: str) -> str:
    said = {"numerator": "the Jacobian in numerator layout", "denominator": "the Jacobian in denominator layout"}
    return said.get(name, f"the {name}")


def _meaning(question: Question, name: str) -> str:
    return OF_SCALAR[name] if question.scalar and name in OF_SCALAR else CONVENTIONS[name].meaning


def _value(question: Question) -> str:
    """What the value is called: its name, or the expression where that is short."""
    shown = question.name or text(question.original)
    return shown if len(shown) <= 24 else "the value"


def _entry(question: Question, found: Finding) -> str:
    """Which entry a claim in index form is."""
    count = len([d for d in question.original.shape if d.number != 1])
    value, wrt = found.order[:count], found.order[count:]
    upper = f"{question.value_name}[{','.join(value)}]" if value else question.value_name
    lower = f"{question.wrt_name}[{','.join(wrt)}]" if wrt else question.wrt_name
    return f"it is the entry ∂{upper}/∂{lower}"


def _own(found: Finding) -> str:
    """The sizes that the claim has its own names for."""
    own = found.claim.own or {}
    pairs = ", ".join(f"{name} is {size}" for name, size in own.items())
    return f" (In it {pairs}.)" if pairs else ""


def _size(shape: Shape) -> str:
    said = show(shape)
    return f"an {said} matrix" if said[:1] in "mn8" else f"a {said} matrix"
