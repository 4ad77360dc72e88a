"""Signs that mean what their operands decide: bars, exponentials, roots of matrices.

`|A|` is a determinant where A is a square matrix and a modulus where it is a number; `log A` of a square matrix is the
matrix function under a trace and the entries' logarithm under a plain sum.  Where two competent readers would differ,
it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from frechet.core.dim import Shape, show
from frechet.core.expr import Expr
from frechet.core.op import Unify
from frechet.language.questions import Notes, Offer
from frechet.language.tree import Node
from frechet.ops.expressions import apply


class Pieces(Protocol):
    """What is known of the formula: how a piece is written, which sizes are declared."""

    sizes: frozenset[str]

    def written(self, node: Node) -> str:
        """A piece as it was written."""
        ...


_MATRIX_FUNCTION = {"exp": "expm", "log": "logm", "sqrt": "sqrtm"}
_ENTRIES = {"exp": "exponential", "log": "logarithm", "sqrt": "square root"}


def _square(shape: Shape) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def _could_be_square(shape: Shape, sizes: frozenset[str]) -> bool:
    """Whether nothing that is declared keeps the two sizes apart."""
    return _square(shape) or any(not d.names <= sizes for d in shape)


def _norm(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    below = node.data[1]
    inside = pieces.written(node.args[0])
    if len(x.shape) == 2 and all(d != 1 for d in x.shape):
        if below in "2₂":
            offers = (
                Offer("the Frobenius norm", instead=f"norm2({inside})", piece=node),
                Offer("the largest singular value", instead=f"norm_spectral({inside})", piece=node),
            )
            notes.ask(node, f"{inside} is a matrix {show(x.shape)}, and the norm with a 2 below could be", offers)
        elif below != "F":
            notes.say(f"‖{inside}‖ is the Frobenius norm")
    return apply("norm2", (x,), (), unify)


def _bars(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    inside = pieces.written(node.args[0])
    if not x.shape:
        return apply("abs", (x,), (), unify)
    moduli = Offer("the modulus of every entry", instead=f"abs({inside})", piece=node)
    if len(x.shape) == 1:
        if node.data[1] == "raised":
            notes.say(f"|{inside}| is the length")
            return apply("norm2", (x,), (), unify)
        length = Offer("the length", instead=f"norm2({inside})", piece=node)
        notes.ask(node, f"{inside} is a vector {show(x.shape)}, and |{inside}| could be", (length, moduli))
        return apply("abs", (x,), (), unify)
    if node.data[1] == "elsewhere":
        determinant = Offer("the determinant", instead=f"det({inside})", piece=node)
        notes.ask(node, f"{inside} is a matrix, and |{inside}| could be", (determinant, moduli))
    else:
        notes.say(f"|{inside}| is the determinant")
    return apply("det", (x,), (), unify)


def _log_of_bars(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    inside = pieces.written(node.args[0])
    if len(x.shape) == 2:
        return apply("logdet", (x,), (), unify)
    if x.shape:
        offers = (
            Offer("the logarithm of the length", instead=f"log(norm2({inside}))", piece=node),
            Offer("the logarithm of every modulus", instead=f"log(abs({inside}))", piece=node),
        )
        notes.ask(node, f"{inside} is a vector {show(x.shape)}, and log|{inside}| could be", offers)
    return apply("log", (apply("abs", (x,), (), unify),), (), unify)


def _euler(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    if len(x.shape) == 2 and all(d != 1 for d in x.shape):
        notes.say(f"e^{pieces.written(node.args[0])} is the matrix exponential")
        return apply("expm", (x,), (), unify)
    return apply("exp", (x,), (), unify)


def _function(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    """exp, log or sqrt: of a square matrix the matrix function, entry by entry, or a question."""
    name, place = node.data
    if len(x.shape) != 2 or any(d == 1 for d in x.shape):
        return apply(name, (x,), (), unify)
    inside, matrix = pieces.written(node.args[0]), _MATRIX_FUNCTION[name]
    if place == "trace" or (place == "factor" and _square(x.shape)):
        notes.say(f"{name} of the square matrix {inside} is the matrix function")
        return apply(matrix, (x,), (), unify)
    if place == "factor" or (place == "elsewhere" and _could_be_square(x.shape, pieces.sizes)):
        offers = (
            Offer("the matrix function", instead=f"{matrix}({inside})", piece=node),
            Offer(f"the {_ENTRIES[name]} of every entry", instead=f"{name}({inside})", piece=node),
        )
        notes.ask(node, f"{inside} is a matrix {show(x.shape)}, and {name} of it could be", offers)
    else:
        notes.say(f"{name} acts on every entry of {inside}")
    return apply(name, (x,), (), unify)


_OPEN: dict[str, Callable[[Node, Expr, Pieces, Notes, Unify], Expr]] = {
    "norm": _norm,
    "bars": _bars,
    "logbars": _log_of_bars,
    "euler": _euler,
    **dict.fromkeys(_MATRIX_FUNCTION, _function),
}


def decided(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    """The expression that an undecided sign is for this operand."""
    return _OPEN[node.data[0]](node, x, pieces, notes, unify)
