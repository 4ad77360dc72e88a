"""The table: on the terminal while it grows, in Markdown, and what follows it."""

from __future__ import annotations

from .lines import Line
from .targets import means, misses, wanted

HEAD = ("", "form", "ours", "best peer", "", "peer ÷ ours", "autodiff ÷ ours", "hand", "ours ÷ hand", "ours ÷ limit")


def shown(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return (
        f"{seconds * 1e6:.0f} µs"
        if seconds < 1e-3
        else f"{seconds * 1e3:.3g} ms"
        if seconds < 1
        else f"{seconds:.2f} s"
    )


def quotient(number: float | None) -> str:
    return (
        "–"
        if number is None
        else f"{number:.0f}"
        if number >= 100
        else f"{number:.2f}"
        if number < 10
        else f"{number:.1f}"
    )


def least(line: Line, bandwidth: float, rate: float) -> float | None:
    """The seconds that the bytes or the flops take at the measured rates."""
    if line.bytes is None or line.flops is None:
        return None
    return max(line.bytes / bandwidth, line.flops / rate)


def cells(line: Line, bandwidth: float, rate: float) -> tuple[str, ...]:
    bound = least(line, bandwidth, rate)
    return (
        line.name,
        line.kind,
        shown(line.ours),
        shown(line.peers[line.best] if line.best else None),
        line.best or "–",
        quotient(line.ratio),
        quotient(line.against_autodiff),
        shown(line.hand),
        quotient(line.ours / line.hand if line.hand else None),
        quotient(line.ours / bound if bound else None),
    )


WIDTHS = (29, 9, 9, 9, 22, 11, 15, 9, 11, 12)


def plain(row: tuple[str, ...]) -> str:
    return " ".join(
        cell.ljust(width) if place in (0, 1, 4) else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, WIDTHS, strict=True))
    )


def markdown(lines: list[Line], bandwidth: float, rate: float) -> str:
    """The table for the documents."""
    rows = [HEAD, tuple("---" if place in (0, 1, 4) else "---:" for place in range(len(HEAD)))]
    rows += [cells(line, bandwidth, rate) for line in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def summary(lines: list[Line], target: str) -> str:
    """Means beside what they are to be, lines that miss, and the times of every peer."""
    said = ["Geometric means of peer ÷ ours"]
    for each, count, mean, plain in means(lines):
        goal = f", to be {each.mean:g}" if each.mean and target == "numpy" else ""
        said.append(f"  {each.name}: {mean:.2f}, against automatic differentiation {plain:.2f} ({count} lines{goal})")
    said.append("\nBelow target")
    for line in lines:
        said += [f"  {line.name}, {line.kind}: {why}" for why in misses(line, target)]
    said.append("\nEvery peer's time (those marked ~ are one call's)")
    for line in lines:
        times = sorted(line.peers.items(), key=lambda pair: pair[1])
        each = "; ".join(f"{name} {'' if name in line.final else '~'}{shown(t)}" for name, t in times)
        said.append(f"  {line.name}, {line.kind} (target {wanted(line, target):g}): {each or '–'}")
    return "\n".join(said)
