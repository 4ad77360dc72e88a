"""A derivation as an HTML fragment: an ordered list; formulas in Unicode, so that no script is needed to set them."""

from __future__ import annotations

from html import escape

from frechet.explain.render import prose, understood
from frechet.explain.render.shapes import assumed, shape_word
from frechet.explain.steps import Line, Steps
from frechet.notation.unicode import text


def render(made: Steps) -> str:
    """The derivation: ``<section class="derivation">`` with the problem, the steps and how they were checked."""
    symbols = (*made.variables.items(), *((q.name, q.symbol) for q in made.quantities))
    shapes = ", ".join(f"{escape(n)} {shape_word(e.shape)}{assumed(e)}" for n, e in symbols)
    out = ['<section class="derivation">', '<p class="problem">' + ", ".join(_math(h) for h in reversed(made.heads))]
    if made.reading is not None:
        said = understood.assumed(made.reading)
        read = f'<p class="reading">read as <code>{escape(str(made.reading["formula"]))}</code>'
        out.insert(1, read + (f"; {escape(said)}</p>" if said else "</p>"))
    out[-1] += f'<br><span class="shapes">{shapes}</span></p>'
    out.append("<ol>")
    for step in made.steps:
        shown = "".join(f'<p class="line">{_math(line)}</p>' for line in step.lines)
        names = [f"{_math(line)} ({shape_word(line.formula.shape)})" for line in made.introduced(step)]
        if names:
            shown += f'<p class="where">with {", ".join(names)}</p>'
        book = f" <cite>{escape(step.reference)}</cite>" if step.reference else ""
        said = f'<p class="why"><strong>{_words(step.title)}.</strong> {_words(step.remark)}{book}</p>'
        out.append(f"<li>{said}{shown}</li>")
    out.append("</ol>")
    needs = f" Needs: {_words(', '.join(made.conditions))}." if made.conditions else ""
    out.append(f'<p class="checked">{escape(made.checks)}{needs}</p>')
    if made.books:
        out.append(f'<p class="references">{escape("; ".join(made.books))}.</p>')
    out.append("</section>")
    return "\n".join(out)


def _words(said: str) -> str:
    return escape(prose.unicode(said))


def _math(line: Line) -> str:
    return f'<span class="formula">{escape(line.written(text))}</span>'
