"""The formula language: text to expressions, with shapes inferred and refusals that show the place.

Here belongs how people write formulas, in any notation, and what is asked of them.  Nothing here knows how formulas are
stored or differentiated.  `latex`, `text`, `python` read one notation each onto one tree; `indexed` reads sums over
indices; `kinds` finds out what names stand for; `elaborate` makes expressions.
"""

from frechet.language.calls import callable_name
from frechet.language.declarations import ASSUMPTIONS, checked_variable, read_size
from frechet.language.names import checked
from frechet.language.problem import Problem, parse, read_formula

__all__ = [
    "ASSUMPTIONS",
    "Problem",
    "callable_name",
    "checked",
    "checked_variable",
    "parse",
    "read_formula",
    "read_size",
]
