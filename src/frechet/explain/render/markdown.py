"""A derivation as Markdown: a numbered list, formulas between dollar signs."""

from __future__ import annotations

from frechet.explain.render import prose, understood
from frechet.explain.render.latex import equation
from frechet.explain.render.shapes import assumed, shape_word
from frechet.explain.steps import Steps
from frechet.notation.latex import name
from frechet.notation.latexlines import portable


def render(made: Steps) -> str:
    """The derivation; the formulas are LaTeX, as GitHub, Jupyter and most static pages set it."""
    symbols = (*made.variables.items(), *((q.name, q.symbol) for q in made.quantities))
    shapes = ", ".join(f"${name(n)}$ {shape_word(e.shape)}{assumed(e)}" for n, e in symbols)
    heads = [f"$$\n{equation(line, made)}\n$$" for line in reversed(made.heads)]
    parts = [*_understood(made), *heads, f"with {shapes}."]
    for k, step in enumerate(made.steps, 1):
        shown = "\n\n".join(f"   $${equation(line, made)}$$" for line in step.lines)
        names = [f"${equation(line, made)}$ ({shape_word(line.formula.shape)})" for line in made.introduced(step)]
        if names:
            shown += "\n\n   with " + ", ".join(names)
        book = f" *({step.reference})*" if step.reference else ""
        parts.append(f"{k}. **{_set(step.title)}.** {_set(step.why)}{book}\n\n{shown}")
    needs = f" Needs: {', '.join(f'`{c}`' for c in made.conditions)}." if made.conditions else ""
    parts.append(f"{made.checks}{needs}")
    if made.books:
        parts.append("References: " + prose.markdown("; ".join(made.books)) + ".")
    return portable("\n\n".join(parts))


def _understood(made: Steps) -> list[str]:
    if made.reading is None:
        return []
    said = understood.assumed(made.reading)
    return [f"Read as `{made.reading['formula']}`" + (f": {prose.markdown(said)}." if said else ".")]


def _set(words: str) -> str:
    """Words, their formulas between dollar signs."""
    return "".join(prose.latex(part) if formula else prose.markdown(part) for formula, part in prose.spans(words))
