"""A capital that a function of a vector, `sort(X)`, would turn into one: that is asked, and never taken in silence."""

from __future__ import annotations

from collections.abc import Iterator

from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.language.calls import reached
from frechet.language.kinds.question import Question, Reading
from frechet.language.names import habit
from frechet.language.questions import Ask, Offer
from frechet.language.tree import Node, walk
from frechet.language.worded import chosen
from frechet.language.words import is_placed, word_of
from frechet.ops import REGISTRY
from frechet.ops.expressions import apply, variable

_MATRICES = (variable("X", ("m", "n")), variable("X", ("n", "n")))


def turned_capitals(question: Question, reading: Reading) -> Iterator[Ask]:
    """The capitals that are vectors for no reason but that they stand in a function that takes no matrix.

    >>> from frechet.language import parse
    >>> parse("sum(cumsum(X))")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: cumsum is of a vector, and X, which by habit is a matrix, could be
      sum(cumsum(X))
                 ^
      a vector                      --shape X=n
      a matrix, all its entries     sum(cumsum(vec(X)))
      a matrix, down each column    sum(cumsum(X,1))
      a matrix, along each row      sum(cumsum(X,2))
    """
    for node in (n for s in question.statements for n in walk(s)):
        name = str(node.args[0].data) if len(node.args) == 1 and node.args[0].kind == "name" else ""
        if habit(name or "x") != "matrix" or reading.kinds.get(name) not in ("vector", "row"):
            continue
        if (
            question.assumptions.get(name)
            or name in question.usage.entered
            or not all(_refuses(node, m) for m in _MATRICES)
        ):
            continue
        size = str(reading.leaves[name].shape[-1])
        offers = [Offer("a vector", option=f"--shape {name}={size}")]
        if not size.isdigit():
            offers.append(Offer("a matrix, all its entries", instead=f"vec({name})", piece=node.args[0]))
        typed = question.scope.written(node)
        if node.kind == "call" and (reached(str(node.data)) or "").endswith("?a"):
            offers += [
                Offer("a matrix, down each column", instead=f"{typed[:-1]},1)", piece=node),
                Offer("a matrix, along each row", instead=f"{typed[:-1]},2)", piece=node),
            ]
        called = typed.partition("(")[0]
        yield Ask(
            node.args[0], f"{called} is of a vector, and {name}, which by habit is a matrix, could be", tuple(offers)
        )


def _refuses(node: Node, matrix: Expr) -> bool:
    """Whether a function of one array, as it is called here, has no meaning for a matrix."""
    word = word_of(str(node.data[1])) if is_placed(node) else None
    try:
        if word is not None:
            chosen(word, "", str(node.data[1]), node.data[2], [matrix])
        elif node.kind == "call" and str(node.data) in REGISTRY and not node.params:
            apply(str(node.data), (matrix,))
    except FrechetError:
        return True
    return False
