"""A derivation as Markdown: a numbered list, formulas between dollar signs."""

from __future__ import annotations

from frechet.explain.derivation.steps import Derivation
from frechet.explain.render.latex import equation
from frechet.explain.render.shapes import assumed, shape_word
from frechet.notation.latex import name


def render(made: Derivation) -> str:
    """The derivation; the formulas are LaTeX, as GitHub, Jupyter and most static pages set it."""
    symbols = (*made.variables.items(), *((q.name, q.symbol) for q in made.quantities))
    shapes = ", ".join(f"${name(n)}$ {shape_word(e.shape)}{assumed(e)}" for n, e in symbols)
    heads = [f"$$\n{equation(line, made)}\n$$" for line in reversed(made.heads)]
    parts = [*heads, f"with {shapes}."]
    for k, step in enumerate(made.steps, 1):
        shown = "\n\n".join(f"   $${equation(line, made)}$$" for line in step.lines)
        book = f" *({step.reference})*" if step.reference else ""
        parts.append(f"{k}. **{_plain(step.title)}.** {_plain(step.why)}{book}\n\n{shown}")
    needs = f" Needs: {', '.join(f'`{c}`' for c in made.conditions)}." if made.conditions else ""
    sizes = ", ".join(f"{n}={k}" for n, k in made.sizes.items())
    at = f"{made.trials} random points" + (f" with {sizes}" if sizes else "")
    parts.append(f"Each line was checked at {at}.{needs}")
    if made.books:
        parts.append("References: " + _plain("; ".join(made.books)) + ".")
    return "\n\n".join(parts)


def _plain(words: str) -> str:
    """Words whose stars and underscores are no emphasis.

    >>> _plain("tr(A*B)")
    'tr(A\\\\*B)'
    """
    return "".join(f"\\{c}" if c in "*_`$<>" else c for c in words)
