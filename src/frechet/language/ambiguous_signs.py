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
from frechet.core.records import of_matrices, record, signs
from frechet.language.questions import Notes, Offer
from frechet.language.tree import Node
from frechet.ops.expressions import apply


class Pieces(Protocol):
    """What is known of the formula: how a piece is written, which sizes are declared."""

    sizes: frozenset[str]

    def written(self, node: Node) -> str:
        """A piece as it was written."""
        ...


def _square(shape: Shape) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def _could_be_square(shape: Shape, sizes: frozenset[str]) -> bool:
    """Whether nothing that is declared keeps the two sizes apart."""
    return _square(shape) or any(not d.names <= sizes for d in shape)


def _norm(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    below, known = node.data[1], signs()
    inside = pieces.written(node.args[0])
    if len(x.shape) == 2 and all(d != 1 for d in x.shape):
        if below == "2":
            offers = (
                Offer("the Frobenius norm", instead=f"{known['‖x‖_F'].name}({inside})", piece=node),
                Offer("the largest singular value", instead=f"{known['‖x‖_op'].name}({inside})", piece=node),
            )
            notes.ask(node, f"{inside} is a matrix {show(x.shape)}, and the norm with a 2 below could be", offers)
        elif below != "F":
            notes.say(f"‖{inside}‖ is the Frobenius norm", foreign=True)
    return apply(known["‖x‖"], (x,), (), unify)


def _bars(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    inside, known = pieces.written(node.args[0]), signs()
    modulus, length, determinant = known["|a|"], known["|x|"], known["|X|"]
    if not x.shape:
        return apply(modulus, (x,), (), unify)
    moduli = Offer("the modulus of every entry", instead=f"{modulus.name}({inside})", piece=node)
    if len(x.shape) == 1:
        if node.data[1] == "raised":
            notes.say(f"|{inside}| is the length")
            return apply(length, (x,), (), unify)
        whole = Offer("the length", instead=f"{length.name}({inside})", piece=node)
        notes.ask(node, f"{inside} is a vector {show(x.shape)}, and |{inside}| could be", (whole, moduli))
        return apply(modulus, (x,), (), unify)
    if node.data[1] == "elsewhere":
        whole = Offer("the determinant", instead=f"{determinant.name}({inside})", piece=node)
        notes.ask(node, f"{inside} is a matrix, and |{inside}| could be", (whole, moduli))
    else:
        notes.say(f"|{inside}| is the determinant")
    return apply(determinant, (x,), (), unify)


def _log_of_bars(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    name, known = node.data[1], signs()
    inside = pieces.written(node.args[0])
    if len(x.shape) == 2:
        return apply(known[f"{name}|X|"], (x,), (), unify)
    modulus, length = known["|a|"], known["|x|"]
    if x.shape:
        offers = (
            Offer("the logarithm of the length", instead=f"{name}({length.name}({inside}))", piece=node),
            Offer("the logarithm of every modulus", instead=f"{name}({modulus.name}({inside}))", piece=node),
        )
        notes.ask(node, f"{inside} is a vector {show(x.shape)}, and {name}|{inside}| could be", offers)
    return apply(name, (apply(modulus, (x,), (), unify),), (), unify)


def _euler(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    if len(x.shape) == 2 and all(d != 1 for d in x.shape):
        notes.say(f"e^{pieces.written(node.args[0])} is the matrix exponential")
        return apply(signs()["e^X"], (x,), (), unify)
    return apply(signs()["e^a"], (x,), (), unify)


def _function(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    """A function that has one of matrices beside it (exp, log, sqrt): that, entry by entry, or a question."""
    name, place = node.data
    matrix = of_matrices(name)
    if matrix is None or len(x.shape) != 2 or any(d == 1 for d in x.shape):
        return apply(name, (x,), (), unify)
    inside = pieces.written(node.args[0])
    if place == "trace" or (place == "factor" and _square(x.shape)):
        notes.say(f"{name} of the square matrix {inside} is the matrix function")
        return apply(matrix, (x,), (), unify)
    if place == "factor" or (place == "elsewhere" and _could_be_square(x.shape, pieces.sizes)):
        offers = (
            Offer("the matrix function", instead=f"{matrix.name}({inside})", piece=node),
            Offer(f"the {record(name).noun or name} of every entry", instead=f"{name}({inside})", piece=node),
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
}


def decided(node: Node, x: Expr, pieces: Pieces, notes: Notes, unify: Unify) -> Expr:
    """The expression that an undecided sign is for this operand."""
    return _OPEN.get(node.data[0], _function)(node, x, pieces, notes, unify)
