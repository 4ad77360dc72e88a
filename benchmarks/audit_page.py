"""The tables of `audit.py` as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

WHO = ("JAX", "PyTorch", "autograd", "frechet")
FIRST = ("reverse", "forward")
SECOND = ("reverse∘reverse", "forward∘reverse", "reverse∘forward", "forward∘forward")
ORDER = {"value": "value", "reverse": "first", "forward": "first", "first": "first"}


def order(mode: str) -> str:
    return ORDER.get(mode, "second")


def counts(found: list[Any]) -> Iterator[str]:
    """How many derivatives are right, wrong and missing, by library and mode."""
    yield "| | derivatives | right | wrong | missing |"
    yield "| --- | --- | --- | --- | --- |"
    for who in WHO:
        for mode in dict.fromkeys(f.mode for f in found if f.who == who):
            verdicts = [f.verdict for f in found if f.who == who and f.mode == mode]
            numbers = [str(verdicts.count(v)) for v in ("right", "wrong", "missing")]
            yield f"| {who}, {mode} | {len(verdicts)} | {' | '.join(numbers)} |"


def table(found: list[Any]) -> Iterator[str]:
    """A line for each function and point at which somebody is wrong."""
    yield "| function | " + " | ".join(WHO) + " |"
    yield "| --- " * (len(WHO) + 1) + "|"
    for rule, lines in groupby(found, key=lambda f: f.rule):
        those = [f for f in lines if f.who in WHO]
        cells = [cell([f for f in those if f.who == who]) for who in WHO]
        if any(f.verdict == "wrong" for f in those):
            yield f"| {rule} | " + " | ".join(cells) + " |"


def cell(found: list[Any]) -> str:
    """What one library gives for one function."""
    if not found:
        return "–"
    wrong = [f.mode for f in found if f.verdict == "wrong"]
    there = [f.mode for f in found if f.verdict != "missing" and f.mode != "value"]
    if wrong or not there:
        return f"wrong: {said(wrong)}" if wrong else "missing"
    return "right" if all(f.verdict == "right" for f in found) else f"right: {said(there)}"


def said(modes: list[str]) -> str:
    """Modes in few words."""
    rest = list(modes)
    parts: list[str] = []
    for name, members in (("first order", FIRST), ("second order", SECOND)):
        if set(members) <= set(rest):
            parts.append(name)
            rest = [m for m in rest if m not in members]
    return ", ".join([*parts, *rest])


def all_right(found: list[Any]) -> list[str]:
    """The functions at which nobody is wrong, each with its points."""
    points: dict[str, list[str]] = {}
    for rule, those in groupby(found, key=lambda f: f.rule):
        if all(f.verdict != "wrong" for f in those):
            name, _, point = rule.partition(" at ")
            points.setdefault(name, []).append(point)
    return [f"{name} at {', '.join(at)}" if at[0] else name for name, at in points.items()]


def differing(found: list[Any]) -> Iterator[str]:
    """Each number that is wrong: what the library gives, what frechet gives, and the referee's."""
    ours = {(f.rule, order(f.mode)): f for f in found if f.who == "frechet"}
    wrong = [f for f in found if f.verdict == "wrong"]
    yield "| function, library | modes | it gives | frechet | referee | relative error |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for (rule, who, which), group in groupby(wrong, key=lambda f: (f.rule, f.who, order(f.mode))):
        for number, those in alike(group):
            other = ours.get((rule, which))
            closed = "–" if other is None or other.got is None else f"{other.got:.9g}"
            modes = said([f.mode for f in those])
            yield f"| {rule}, {who} | {modes} | {number} | {closed} | {those[0].truth:.9g} | {those[0].apart:.1g} |"


def alike(found: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Those that give the same number together."""
    groups: dict[str, list[Any]] = {}
    for f in found:
        groups.setdefault(f"{f.got + 0.0:.9g}", []).append(f)
    return list(groups.items())


def missing(found: list[Any]) -> Iterator[str]:
    """What is not there, by library and mode; functions without their points."""
    gone: dict[tuple[str, str], list[str]] = {}
    for f in found:
        if f.verdict == "missing":
            gone.setdefault((f.who, f.mode), []).append(f.rule.split(" at ")[0])
    together: dict[tuple[str, str], list[str]] = {}
    for (who, mode), rules in gone.items():
        together.setdefault((who, "; ".join(dict.fromkeys(rules))), []).append(mode)
    for (who, rules), modes in together.items():
        yield f"- {who}, {', '.join(modes)}: {rules}"
