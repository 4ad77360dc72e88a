"""The table as a picture: peer ÷ ours of each line on a logarithmic axis, an SVG without any library.

Shape says what colour says, so that it reads in print and without seeing red or green.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

from .lines import Line
from .table import quotient
from .targets import GROUPS

LEFT, RIGHT, ROW, TOP = 300, 90, 19, 54
WIDTH = 860
FASTER, SLOWER, GREY, INK = "#0072B2", "#D55E00", "#8a8a8a", "#1a1a1a"


def drawn(lines: list[Line]) -> str:
    """The picture of the lines that have a peer."""
    rows: list[tuple[str, Line | None]] = []
    for each in GROUPS:
        mine = [line for line in lines if line.kind in each.kinds and line.ratio]
        if mine:
            rows.append((each.name, None))
            rows += [(f"{line.name}{'' if line.kind in ('gradient', 'operator', 'hvp') else ', ' + line.kind}", line)
                     for line in mine]  # fmt: skip
    ratios = [r for _, line in rows if line for r in (line.ratio, line.against_autodiff) if r]
    low = min(0.5, min(ratios, default=1) / 1.3)
    high = max(10.0, max(ratios, default=1) * 1.3)
    height = TOP + ROW * len(rows) + 40

    def across(ratio: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(ratio / low) / math.log(high / low)

    bottom = height - 36
    said = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" fill="{INK}" role="img">',
        "<title>Time of the best peer divided by the time of frechet</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        '<text x="12" y="20" font-size="14" font-weight="bold">Time of the best peer ÷ time of frechet</text>',
        *legend(12, 38),
    ]
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        x = across(10.0**power)
        said.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#d5d5d5"/>')
        label = f"{10.0**power:g}×"
        said.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{label}</text>')
    one = across(1)
    said.append(f'<line x1="{one:.1f}" y1="{TOP}" x2="{one:.1f}" y2="{bottom}" stroke="{INK}" stroke-width="1.5"/>')
    said.append(f'<text x="{one:.1f}" y="{bottom + 31}" text-anchor="middle" font-size="11">as fast</text>')
    for place, (label, line) in enumerate(rows):
        y = TOP + ROW * place + ROW * 0.7
        if line is None:
            said.append(f'<text x="12" y="{y:.1f}" font-weight="bold">{escape(label)}</text>')
            continue
        said.append(f'<text x="{LEFT - 10}" y="{y:.1f}" text-anchor="end">{escape(label)}</text>')
        said += marks(line, one, across, y - 4)
    said.append("</svg>")
    return "\n".join(said) + "\n"


def marks(line: Line, one: float, across: Callable[[float], float], y: float) -> list[str]:
    """The bar from 1 to the ratio with its head and number, and a diamond for the best automatic differentiation.

    Its number is in parentheses.
    """
    ratio = line.ratio or 1.0
    x, colour = across(ratio), FASTER if ratio >= 1 else SLOWER
    said = [f'<line x1="{one:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2.5"/>']
    other = line.against_autodiff
    end, number = x, quotient(ratio)
    if other and other > 1.02 * ratio:
        end, number = across(other), f"{number} ({quotient(other)})"
        d = across(other)
        said.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{d:.1f}" y2="{y:.1f}" stroke="{GREY}" stroke-dasharray="2 2"/>'
        )
        said.append(f'<path d="M{d:.1f} {y - 4.5:.1f}l4.5 4.5l-4.5 4.5l-4.5 -4.5z" fill="white" stroke="{GREY}"/>')
    if ratio >= 1:
        said.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')
    else:
        said.append(f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>')
    said.append(f'<text x="{max(end, one) + 9:.1f}" y="{y + 4:.1f}" font-size="11">{number}</text>')
    return said


def legend(x: float, y: float) -> list[str]:
    return [
        f'<circle cx="{x + 5}" cy="{y - 4}" r="4.5" fill="{FASTER}"/>',
        f'<text x="{x + 15}" y="{y}">frechet is faster</text>',
        f'<rect x="{x + 130}" y="{y - 8}" width="8" height="8" fill="{SLOWER}"/>',
        f'<text x="{x + 144}" y="{y}">the peer is faster</text>',
        f'<path d="M{x + 265} {y - 8.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z" fill="white" stroke="{GREY}"/>',
        f'<text x="{x + 276}" y="{y}">(the best automatic differentiation, where the best peer is another)</text>',
    ]
