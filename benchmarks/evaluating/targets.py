"""What is to be reached, and which lines miss it."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from .lines import Line

HAND = 1.2
"""The most that ours ÷ hand may be."""


@dataclass(frozen=True)
class Group:
    """Lines with one target: each at least `each`, in the geometric mean at least `mean`."""

    name: str
    kinds: tuple[str, ...]
    each: float
    mean: float | None


GROUPS = (
    Group("gradients", ("gradient", "pullback"), 1.0, 1.5),
    Group("dense Hessians and Jacobians", ("hessian", "jacobian"), 1.0, 8.0),
    Group("Hessian–vector products", ("hvp",), 1.4, None),
    Group("operators, built and applied once", ("operator",), 1.5, 5.0),
    Group("sparse matrices", ("sparse",), 1.0, None),
)


def group(line: Line) -> Group:
    return next(each for each in GROUPS if line.kind in each.kinds)


def wanted(line: Line, target: str) -> float:
    """What peer ÷ ours is to be; with the other targets a library is measured against its own autodiff."""
    if target != "numpy":
        return 1.0
    return line.at_least if line.at_least is not None else group(line).each


def misses(line: Line, target: str) -> list[str]:
    """Each target that the line misses, in words."""
    found: list[str] = []
    if line.ratio is not None and line.ratio < wanted(line, target):
        plain = line.against_autodiff
        other = "" if plain is None or plain == line.ratio else f" (autodiff: {plain:.2f})"
        found.append(f"{line.best} ÷ ours is {line.ratio:.2f}, not {wanted(line, target):g}{other}")
    if line.hand is not None and line.ours > HAND * line.hand:
        found.append(f"ours ÷ hand is {line.ours / line.hand:.2f}, not {HAND}")
    return found


def elementwise(line: Line) -> bool:
    return line.name.startswith("elementwise")


def geometric(ratios: list[float]) -> float:
    return math.exp(statistics.mean(map(math.log, ratios)))


def means(lines: list[Line]) -> list[tuple[Group, int, float, float]]:
    """Of each group the number of lines and the geometric means of best peer ÷ ours and autodiff ÷ ours.

    The elementwise line has a target of its own and is left out.
    """
    found: list[tuple[Group, int, float, float]] = []
    for each in GROUPS:
        mine = [line for line in lines if line.kind in each.kinds and line.ratio and not elementwise(line)]
        if mine:
            ratios = [line.ratio or 1.0 for line in mine]
            plain = [line.against_autodiff or line.ratio or 1.0 for line in mine]
            found.append((each, len(ratios), geometric(ratios), geometric(plain)))
    return found
