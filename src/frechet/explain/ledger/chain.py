"""The chain rule piece by piece: each factor as a map of increments, its size in both layouts, each order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from frechet.calculus.forms import Reader, Symbols
from frechet.calculus.sweep import Chain as Sweep
from frechet.core.dim import ONE, Dim, Shape
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.explain.derivation.differentials import differential, is_complex
from frechet.explain.derivation.draft import by_name, expanded
from frechet.explain.derivation.quantities import Named, name_quantities
from frechet.explain.ledger.ledger import Chain, Piece, Product
from frechet.explain.question import Question
from frechet.explain.render.shapes import shape_word, sizes_word
from frechet.notation.ascii import text
from frechet.notation.write import Writer
from frechet.ops.build import variable
from frechet.ops.normalise import node_of
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form

Link = tuple[str, Expr, Expr, Expr]
"""A piece of the road: the name above, its formula over what is below, the symbol below; and the symbol above."""


def chain_of(question: Question, through: Sequence[str] | None) -> Chain | None:
    """The chain from the value to the variable; None where the variable reaches the value by several roads.

    `through` names the quantities on the road (unasked: all of them that the variable passes through).  An array's
    chain begins with the gradient of a loss.  Complex pieces would each be a pair: they have no chain here.
    """
    if len(question.x.shape) > 2 or len(question.value.shape) > 2 or is_complex(question.value):
        return None
    links = _links(question, through)
    if links is None:
        return None
    value, loss = question.value_name(), ""
    pieces: list[Piece] = []
    if question.value.shape:
        loss = question.loss_name(value)
        size = (ONE, count(question.value.shape))
        pieces.append(Piece(f"∂{loss}/∂{value}", f"d{loss} = ⟨∂{loss}/∂{value}, d{value}⟩", size, None))
    pieces += [_piece(question, link) for link in links]
    if len(pieces) < 2:
        return None
    gradient = question.forms.get("pullback" if question.value.shape else "gradient")
    if gradient is not None:
        names = {n: e for n, e in expanded(question.where, set(question.typed)).items() if n not in question.typed}
        gradient = by_name(gradient, names)
    name = f"∂{loss or value}/∂{question.x.params[0]}"
    return Chain(
        tuple(pieces), tuple(_products(pieces)), gradient, name, question.x.shape, _why(question, pieces, links)
    )


def count(shape: Shape) -> Dim:
    """How many entries an array has.

    >>> count((Dim.of("m"), Dim.of("n"))), count(())
    (m*n, 1)
    """
    total = ONE
    for d in shape:
        total = total * d
    return total


def _links(question: Question, through: Sequence[str] | None) -> list[Link] | None:
    """The road from the value down to the variable."""
    named = _named(question)
    by_name = {p.name: p for p in named.quantities}
    for name in through or ():
        if name not in by_name:
            known = ", ".join(p.name for p in named.quantities if p.moves) or "none"
            raise FrechetError(
                "name", f"{name} is no quantity on the way to {question.x.params[0]}; there are: {known}"
            )
    chosen = [p for p in named.quantities if p.moves and (through is None or p.name in through)]
    x = question.x
    above: tuple[str, Expr, Expr] = (
        question.value_name(),
        variable(question.value_name(), question.value.shape),
        question.value,
    )
    links: list[Link] = []
    for p in [*reversed(chosen), None]:
        symbol = x if p is None else p.symbol
        inside = {} if p is None else {named.full[p.symbol]: p.symbol}
        name, top, formula = above
        over = replace(formula, {}, dict(inside))
        present = set(postorder(over))
        if symbol not in present or (p is not None and x in present):
            return None
        links.append((name, _shown(over, named, p.symbol if p else None), symbol, top))
        if p is not None:
            above = (p.name, p.symbol, named.full[p.symbol])
    return links


def _shown(over: Expr, named: Named, below: Expr | None) -> Expr:
    """The formula with quantities that stay written by name again."""
    still = {named.full[p.symbol]: p.symbol for p in named.quantities if not p.moves and p.symbol is not below}
    return replace(over, {}, still)


def _named(question: Question) -> Named:
    where = expanded(question.where)
    taken = question.taken | set(question.variables) | set(question.where) | set(question.typed)
    taken |= {question.value_name(), question.upstream, question.increment}
    return name_quantities(
        question.value, question.x, question.typed, {e: n for n, e in where.items()}, frozenset(taken)
    )


def _piece(question: Question, link: Link) -> Piece:
    name, formula, below, _ = link
    low = str(below.params[0])
    increment = question.increment if below is question.x else f"d{low}"
    size = (count(formula.shape), count(below.shape))
    moved = differential(formula, {below: variable(increment, below.shape)})
    assert moved is not None, "the formula depends on what is below"
    jacobian = _jacobian(question, formula, below, increment)
    diagonal = jacobian is not None and jacobian.op.name == "diag" and len(jacobian.shape) == 2
    return Piece(f"∂{name}/∂{low}", f"d{name} = {text(moved)}", size, jacobian, diagonal)


def _jacobian(question: Question, formula: Expr, below: Expr, increment: str) -> Expr | None:
    """The Jacobian of one piece, numerator layout, columns stacked; checked like any answer."""
    sweep = Sweep(node_of(formula), [], "f")
    symbols = Symbols(increment, question.upstream, "V")
    found = Reader(sweep, Writer(), question.taken | {question.upstream}).first(below, symbols)
    jacobian = found.jacobian.get(("numerator", "column"))
    if jacobian is None or not below.shape:
        return jacobian
    request = CheckRequest(formula, (below,), (Form("jacobian", "jacobian", jacobian),), equations=question.equations)
    if check(request).passed is False:
        raise FrechetError("unverified", f"a piece of the chain failed its own check: {text(jacobian)}")
    return jacobian


def _products(pieces: Sequence[Piece]) -> list[Product]:
    """Each layout in each of the two orders, the right one first."""
    out: list[Product] = []
    for layout in ("numerator", "denominator"):
        forward = list(pieces) if layout == "numerator" else list(reversed(pieces))
        for order, right in ((forward, True), (forward[::-1], False)):
            shapes = tuple(p.numerator if layout == "numerator" else p.denominator for p in order)
            fits = all(a[1] == b[0] for a, b in pairwise(shapes))
            out.append(Product(layout, tuple(p.name for p in order), shapes, fits, right and fits))
    return out


def _why(question: Question, pieces: Sequence[Piece], links: Sequence[Link]) -> str:
    names = [f"J{k}" for k in range(1, len(pieces) + 1)]
    reversed_ = "*".join(f"{n}'" for n in reversed(names))
    said = [
        f"The order is not rearranged so that it fits: ({'*'.join(names)})' = {reversed_}.",
        "The gradient is the transpose of the derivative, and a transpose reverses products: backpropagation applies"
        " the adjoints one after the other, beginning with that of the last operation.",
    ]
    for (name, formula, below, _), piece in zip(links, pieces[len(pieces) - len(links) :], strict=True):
        shorthand = _shorthand(formula, below)
        if shorthand is None or piece.formula is None or len(below.shape) < 2:
            continue
        low = below.params[0]
        applied = piece.map.partition(" = ")[2]
        said.append(
            f"“{piece.name} = {shorthand}” names the factor that the adjoint of {applied} multiplies by; the Jacobian"
            f" itself is the {sizes_word(piece.numerator)} matrix {text(piece.formula)} (columns stacked): {name} and"
            f" {low} have two axes each, so the derivative has four, and the Jacobian is those four folded into two."
            f" Its product with what stands before it, reshaped to {shape_word(below.shape)}, is the gradient in the"
            f" shape of {low}."
        )
    return " ".join(said)


def _shorthand(formula: Expr, below: Expr) -> str | None:
    """The factor that the adjoint of a product multiplies by, transposed: h' for h*W."""
    if formula.op.name != "mul" or below not in formula.args or formula.args[0] is formula.args[1]:
        return None
    other = formula.args[0] if formula.args[1] is below else formula.args[1]
    if below in set(postorder(other)) or not other.shape:
        return None
    return (
        text(other.args[0])
        if other.op.name == "transpose"
        else f"{text(other)}'"
        if not other.args
        else f"({text(other)})'"
    )
