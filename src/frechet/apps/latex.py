"""`--latex`: one formula a line, each form by its name in a comment, ready to be pasted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from frechet.apps.plain import mapping


def formulas(answer: Mapping[str, Any], forms: Sequence[str]) -> str:
    """Every formula of an answer that is set in LaTeX already; `forms` keeps some.

    >>> print(formulas({"gradient": "2 x", "index": None}, []))
    % gradient
    2 x
    """
    wanted = set(forms) - {"all"}
    lines: list[str] = []
    for name, text in flat(answer):
        if not wanted or wanted & set(name.replace(":", " ").split()):
            lines += [f"% {name}", text]
    where: Mapping[str, str] = answer.get("where") or {}
    for name, text in where.items():
        lines += [f"% where {name}", text]
    return "\n".join(lines)


def flat(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, formula) of every form, the parts by variable after the whole.

    >>> list(flat({"jacobian": {"numerator": {"column": "A"}}, "by": {"x": {"gradient": "b"}}}))
    [('jacobian numerator column', 'A'), ('by x: gradient', 'b')]
    """
    for name in ("gradient", "derivative", "differential", "pullback", "tensor"):
        if answer.get(name):
            yield name, str(answer[name])
    if answer.get("index"):
        yield "index", str(answer["index"]["entry"])
    for name in ("hessian", "jacobian", "vech"):
        yield from deep(name, answer.get(name))
    by: Mapping[str, Mapping[str, Any]] = answer.get("by") or {}
    for variable, part in by.items():
        inside = flat(part) if "," not in variable else deep("hessian", _block(part))
        for name, text in inside:
            yield f"by {variable}: {name}", text


def _block(part: Mapping[str, Any]) -> dict[str, Any]:
    """The formulas of one block of a Hessian."""
    return {
        key: part[key] for key in ("column", "row", "differential", "pullback", "gradient", "vech") if part.get(key)
    }


def deep(name: str, part: Any) -> Iterator[tuple[str, str]]:
    """The formulas of a form that comes in several conventions."""
    if isinstance(part, str):
        yield name, part
    else:
        for key, below in mapping(part).items():
            yield from deep(f"{name} {key}", below)
