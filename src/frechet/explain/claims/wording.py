"""What a verdict says: what the person can do with the formula, then why."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.core.dim import Dim, Shape, entries, settle, show
from frechet.explain.claims import structured_variables
from frechet.explain.claims.comparison import Finding
from frechet.explain.claims.question import Question
from frechet.explain.claims.readings import CONVENTIONS, OF_SCALAR, of_scalar
from frechet.explain.claims.verdict import Mend
from frechet.notation.ascii import text
from frechet.verify.free import count

LONGEST = 90
"""A formula with more characters is not told in a sentence."""
SHORT = 24
"""A value with more characters is not written out where it is named."""
OF_MATRICES = ("denominator", "rowmajor-numerator", "rowmajor-denominator")
"""Readings of a Jacobian that are told with a formula: the other layout, the other order of stacking."""


def right(question: Question, found: Finding) -> str:
    """Why the claim is right."""
    if found.names == ("index",):
        return f"Right: it is the entry {_entry(question, found)}.{_own(found)}"
    alike = structured_variables.within(question, found)
    if alike is not None:
        return f"Right: {alike}.{_own(found)}"
    first, *also = _told(question, found.names, of_scalar(question, found.claim.style))
    said = f"Right: it is {first}"
    if also:
        said += "; and " + ", and ".join(a.partition(":")[0] for a in also)
    return said + "." + _own(found)


def conventional(question: Question, found: Finding) -> str:
    """Under which convention it is right, and what it is elsewhere."""
    names, scalar = list(found.names), of_scalar(question, found.claim.style)
    alike = structured_variables.within(question, found)
    if alike is not None:
        return f"Right: {alike}.{_own(found)}"
    said = "Right as " + "; or as ".join(_told(question, names, scalar)[:3]) + "."
    free = structured_variables.by_free_entries(question, found)
    if free:
        return f"{said}{free}.{_own(found)}"
    if scalar and "gradient" not in names and not question.complex:
        if any(n == "numerator" for n in names):
            said += (
                f" The gradient, in the shape of {question.wrt_name} ({show(question.wrt.shape)}), is its transpose."
            )
        elif any(n.startswith("vec-") for n in names):
            said += f" The gradient itself has the shape of {question.wrt_name}, {show(question.wrt.shape)}."
    if not scalar and any("denominator" in n for n in names):
        said += " The numerator layout is its transpose."
    return said + _own(found)


def conditional(question: Question, words: str, label: bool, general: tuple[str, str] | None) -> str:
    """Right under an assumption that is not made; `general` is a reading and its formula without it."""
    said = f"Right if {words}"
    if label:
        whose = "as a mask's are" if "0 or 1" in words else "as labels and probabilities do"
        return f"{said}, {whose}; the expression itself does not say so."
    if general is None:
        return f"{said}; in general it is wrong."
    return f"{said}; in general it is wrong: {_called(question, general[0])} is {general[1]}."


def where(
    question: Question,
    found: Finding,
    names: Sequence[str],
    condition: str | None,
    has_value: bool,
    general: str | None,
) -> str:
    """Right at some points; elsewhere the claim has another value or none."""
    first = names[0] if names else "gradient"
    if condition is None:
        said = "Wrong: it is the derivative at some points, and at others it is not."
    else:
        told = f"the entry {_entry(question, found)}" if first == "index" else _called(question, first)
        said = f"Right where {condition}: there it is {told}. Elsewhere it "
        said += "has another value." if has_value else "has no value, and the derivative has one."
    if general is not None and len(general) <= LONGEST:
        said += f" In general {_called(question, first)} is {general}."
    return said + _own(found)


def short(question: Question, found: Finding, only: tuple[str, str] | None = None) -> str:
    """What the factor is a factor of; `only` is a size that has to be 1 for it to be a Jacobian, and which."""
    expr = found.claim.expr
    shape = show(expr.shape) if expr is not None else ""
    value, wrt, loss = question.called, question.wrt_name, question.loss
    jacobian = settle((entries(question.original.shape), entries(question.wrt.shape)))
    summed = expr is not None and expr.op.name in ("add", "sub")
    factor = f"({found.claim.text})" if summed else found.claim.text
    product = (found.product or "").format(claim=factor, G=question.upstream)
    said = (
        f"Shorthand for the factor of the upstream gradient: with {_introduced(question)}{question.upstream} = "
        f"∂{loss}/∂{value}, ∂{loss}/∂{wrt} = {product}. That is what texts mean that write it so. By itself it is no "
        f"Jacobian of {value}: that is {_size(jacobian)} in numerator layout, and this is {_scalar(shape)}"
    )
    if only is not None:
        said += f" (only where {only[0]} = 1 is it one: {_called(question, only[1])})"
    return said + "." + _own(found)


def wrong(
    question: Question, found: Finding, wanted: Sequence[str], mend: Mend | None, instead: str | None, form: str | None
) -> str:
    """Why the claim is wrong, and what would be right."""
    meant = [mend.reading, *wanted] if mend is not None and mend.reading in wanted else wanted
    misshapen = "" if found.trouble or instead else _misshapen(question, found, meant)
    reason = found.trouble or (f"it is {instead}" if instead else misshapen)
    said = f"Wrong: {reason}." if reason else "Wrong."
    if mend is not None:
        # The reading under which it is right is told where there are others and the reason did not tell it.
        told = mend.reading in OF_MATRICES and not question.scalar and not misshapen
        said += f" Nearest right formula: {mend.formula}"
        said += f", {_called(question, mend.reading)}" if told else ""
        said += f" ({mend.change})."
    elif form is not None and wanted:
        called = _called(question, wanted[0])
        said += f" {called[:1].upper()}{called[1:]} is {form}."
    return said + _own(found)


def undecided(found: Finding) -> str:
    """Why nothing can be said."""
    return f"Nothing can be said: {found.trouble or 'the derivative could not be measured'}."


def _misshapen(question: Question, found: Finding, wanted: Sequence[str]) -> str:
    """How the claim's shape differs from that of what it is meant to be."""
    expr = found.claim.expr
    if expr is None or not wanted or found.claim.index:
        return ""
    needed = _shape(question, wanted[0])
    if needed is None or expr.shape in [_shape(question, n) for n in wanted]:
        return ""
    called = _called(question, wanted[0])
    called += "," if "," in called else ""
    return f"it is {_scalar(show(expr.shape))}, and {called} is {_scalar(show(needed))}"


def _scalar(shape: str) -> str:
    return "a scalar" if shape == "scalar" else shape


def _shape(question: Question, name: str) -> Shape | None:
    value, wrt = question.original.shape, question.wrt.shape
    if name in ("gradient", "pullback", "symmetric-projected", "symmetric-free", "skew-projected") or name.endswith(
        ("d/dZ", "d/dconj(Z)")
    ):
        return wrt
    if name in ("d/dherm(Z)", "d/dZ transposed"):
        return settle((wrt[1], wrt[0])) if len(wrt) == 2 else settle((Dim.of(1), *wrt))
    if name in ("differential", "derivative"):
        return value
    if name == "tensor":
        return (*question.rows, *wrt)
    if name in ("hessian", "hessian row"):
        return settle((entries(wrt), entries(wrt)))
    if name in ("vech gradient", "vech", "vech denominator", "hessian vech"):
        free = count(question.wrt)
        many = {
            "vech": (entries(value), free),
            "vech denominator": (free, entries(value)),
            "hessian vech": (free, free),
        }
        return settle(many.get(name, (free,)))
    if name in ("numerator", "rowmajor-numerator"):
        turned = settle((wrt[1], wrt[0])) if len(wrt) == 2 else settle((Dim.of(1), *wrt))
        return turned if question.scalar else settle((entries(value), entries(wrt)))
    if name in ("denominator", "rowmajor-denominator"):
        return settle((entries(wrt), entries(value)))
    return None


def _called(question: Question, name: str) -> str:
    if name == "numerator" and question.scalar:
        return "the gradient as a row" if len(question.wrt.shape) == 1 else "the gradient transposed"
    layout = name.removeprefix("rowmajor-")
    if layout in ("numerator", "denominator"):
        stacked = ", rows stacked" if layout != name else ""
        return f"the Jacobian in {layout} layout{stacked}"
    said = {
        "hessian": "the Hessian", "hessian row": "the Hessian, rows stacked", "index": "the entry",
        "tensor": "the derivative as an array",
        "symmetric-projected": "the gradient within the symmetric matrices",
        "symmetric-free": "the gradient by the free entries",
        "skew-projected": "the gradient within the skew matrices",
        "vech gradient": "the gradient by the free entries", "vech": "the Jacobian by the free entries",
        "vech denominator": "the Jacobian by the free entries in denominator layout",
        "hessian vech": "the Hessian by the free entries",
    }  # fmt: skip
    return said.get(name, name if name.startswith(("d/d", "2*d")) else f"the {name}")


def _told(question: Question, names: Sequence[str], scalar: bool) -> list[str]:
    """What the readings mean, those that come to the same told once."""
    flat = len(question.wrt.shape) <= 1 or 1 in [d.number for d in question.wrt.shape]
    plain = [n for n in names if not (flat and n.startswith("vec-"))] or list(names)
    vectors = flat and len(question.original.shape) <= 1
    out: list[str] = []
    for name in plain:
        if name.startswith("rowmajor-") and name.removeprefix("rowmajor-") in plain:
            continue
        meaning = OF_SCALAR[name] if scalar and name in OF_SCALAR else CONVENTIONS[name].meaning
        if name in ("numerator", "denominator") and not scalar and f"rowmajor-{name}" in plain:
            where = "" if vectors else ", in either vec order"
            meaning = f"the Jacobian in {name} layout{where}:{meaning.partition(':')[2]}"
        out.append(meaning)
    return list(dict.fromkeys(out))


def _introduced(question: Question) -> str:
    """What the letter for the value stands for, where the person gave it no name."""
    if question.name:
        return ""
    shown = text(question.original)
    return f"{question.called} = {shown} and " if len(shown) <= SHORT else f"{question.called} for the value and "


def _entry(question: Question, found: Finding) -> str:
    """Which entry a claim in index form is."""
    count = len([d for d in question.rows if d.number != 1])
    value, wrt = found.order[:count], found.order[count:]
    if question.order == 2:
        first, second = (f"∂{question.wrt_name}" + (f"[{','.join(at)}]" if at else "") for at in (value, wrt))
        return f"∂²{question.called}/{first}{second}"
    upper = f"{question.called}[{','.join(value)}]" if value else question.called
    lower = f"{question.wrt_name}[{','.join(wrt)}]" if wrt else question.wrt_name
    return f"∂{upper}/∂{lower}"


def _own(found: Finding) -> str:
    """The sizes that the claim has its own names for."""
    own = found.claim.own or {}
    called = {f"I is eye({size})" if name.startswith("I_") else f"{name} is {size}": None for name, size in own.items()}
    pairs = ", ".join(called)
    return f" (In it {pairs}.)" if pairs else ""


def _size(shape: Shape) -> str:
    said = show(shape)
    return f"an {said} matrix" if said[:1] in "mn8" else f"a {said} matrix"
