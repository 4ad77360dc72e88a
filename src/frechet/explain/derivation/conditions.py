"""What a formula needs to have a derivative: what is inverted is invertible, what is under a logarithm is positive."""

from __future__ import annotations

from collections.abc import Mapping

from frechet.algebra.definite import invertible
from frechet.core.expr import Expr, postorder, users
from frechet.core.rewrite import replace
from frechet.explain.derivation.pairing import squared_norm
from frechet.explain.derivation.wording import KINKS, NEEDS
from frechet.notation.ascii import text
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

LONG = 40
"""A part with more characters is called by its name."""


def conditions(value: Expr, names: Mapping[Expr, str]) -> list[str]:
    """The conditions on the parts of a value, in the words of :data:`~frechet.explain.derivation.wording.NEEDS`.

    >>> from frechet.language import parse
    >>> conditions(parse("logdet(X'*X) + sum(log(x))").value, {})
    ["X'*X invertible", 'every entry of x positive']
    """
    found: dict[str, None] = {}
    squared = {e for e, above in users(value).items() if e.op.name == "norm2" and all(map(squared_norm, above))}
    for e in postorder(value):
        if e in squared:
            continue  # ‖u‖² has a derivative everywhere
        for a, domain in zip(e.args, e.op.domain, strict=False):
            if domain in NEEDS and not _granted(a, domain):
                found[NEEDS[domain].format(_called(a, names, domain != "invertible" and e.op.elementwise))] = None
        if e.op.name in KINKS:
            found[f"{_called(e.args[0], names, True)} not zero"] = None
        if e.op.name in ("max", "min"):
            first, second = (_called(a, names, False) for a in e.args)
            found[f"{first} and {second} nowhere equal"] = None
        if e.op.name in ("largest", "smallest"):
            found[f"one entry alone is the {e.op.name} of {_called(e.args[0], names, False)}"] = None
        if e.op.name in ("det", "adj"):
            found[f"{_called(e.args[0], names, False)} invertible (where the inverse is written)"] = None
        if e.op.name == "power" and e.args[0].shape and e.args[1].op.name == "number" and e.args[1].params[0] < 0:
            found[f"{_called(e.args[0], names, False)} invertible"] = None
    return list(found)


def _granted(a: Expr, domain: str) -> bool:
    """Whether the formula or an assumption says so itself."""
    if all(leaf.op.name in ("number", "size", "pi", "eye", "ones") for leaf in postorder(a) if not leaf.args):
        return True
    if domain == "invertible":
        return invertible(node_of(a))
    assumed = a.params[1] if a.op.name == "variable" else ()
    return "positive" in assumed or a.op.name in ("exp", "sigmoid", "softmax", "softplus", "sqrt")


def _called(a: Expr, names: Mapping[Expr, str], entries: bool) -> str:
    shown = text(replace(a, {}, {e: variable(n, e.shape) for e, n in names.items() if e is not a}))
    if len(shown) > LONG and a in names:
        shown = names[a]
    return f"every entry of {shown}" if entries and a.shape else shown
