"""The chain rule piece by piece: each factor as a map of increments, its size in both layouts, each order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from frechet.calculus.forms import Reader, Symbols
from frechet.calculus.sweep import Chain as Sweep
from frechet.core.dim import ONE, entries
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.explain.derivation.differentials import differential
from frechet.explain.derivation.inner import is_complex
from frechet.explain.derivation.naming import Named, name_quantities
from frechet.explain.derivation.spelling import spelled
from frechet.explain.names import by_name, expanded
from frechet.explain.question import Question
from frechet.explain.render.shapes import shape_word, sizes_word
from frechet.explain.table import Chain, Piece, Product
from frechet.notation.ascii import text
from frechet.notation.write import Writer
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form

LONG = 50
"""A gradient of more signs keeps the answer's names for its parts."""

Link = tuple[str, Expr, Expr, Expr]
"""A piece of the road: the name above, its formula over what is below, the symbol below; and the symbol above."""


def chain_of(question: Question, through: Sequence[str] | None) -> Chain | str | None:
    """The chain from the value to the variable; a sentence where the variable reaches the value by several roads.

    `through` names the quantities on the road (unasked: all of them that the variable passes through).  An array's
    chain begins with the gradient of a loss.  Complex pieces would each be a pair: they have no chain here (None).
    """
    if len(question.x.shape) > 2 or len(question.value.shape) > 2 or is_complex(question.value):
        return None
    links = _links(question, through)
    if isinstance(links, str):
        return links
    value, loss = question.value_name(), ""
    pieces: list[Piece] = []
    if question.value.shape:
        loss = question.loss_name(value)
        size = (ONE, entries(question.value.shape))
        pieces.append(Piece(f"∂{loss}/∂{value}", f"d{loss} = ⟨∂{loss}/∂{value}, d{value}⟩", size, None))
    pieces += [_piece(question, link) for link in links]
    if len(pieces) < 2:
        return None
    gradient = question.forms.get("pullback" if question.value.shape else "gradient")
    if gradient is not None:
        names = {n: e for n, e in expanded(question.where, set(question.typed)).items() if n not in question.typed}
        spelled_out = by_name(gradient, names)
        gradient = spelled_out if question.value.shape or len(text(spelled_out)) <= LONG else gradient
    name = f"∂{loss or value}/∂{question.x.params[0]}"
    return Chain(
        tuple(pieces), tuple(_products(pieces)), gradient, name, question.x.shape, _why(question, pieces, links[-1])
    )


def _links(question: Question, through: Sequence[str] | None) -> list[Link] | str:
    """The road from the value down to the variable; in words, where there are several."""
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
            return _roads(question, name, [q.name for q in chosen if q.symbol in set(postorder(formula)) or q is p])
        links.append((name, _shown(over, named, p.symbol if p else None), symbol, top))
        if p is not None:
            above = (p.name, p.symbol, named.full[p.symbol])
    return links


def _roads(question: Question, name: str, through: Sequence[str]) -> str:
    """Why there is no chain: several roads lead from the variable to one quantity."""
    x = question.x.params[0]
    roads = " and ".join([f"through {' and '.join(through)}", "directly"]) if through else "by several roads"
    return (
        f"{x} reaches {name} {roads}: the chain rule adds up the products along each road, and there is no single"
        " product whose order could be asked for."
    )


def _shown(over: Expr, named: Named, below: Expr | None) -> Expr:
    """The formula with quantities that stay written by name again."""
    still = {named.full[p.symbol]: p.symbol for p in named.quantities if not p.moves and p.symbol is not below}
    return replace(over, {}, still)


def _named(question: Question) -> Named:
    where = question.parts(expanded(question.where))
    taken = question.taken | set(question.variables) | set(question.where) | set(question.typed)
    taken |= {question.value_name(), question.upstream, question.increment}
    return name_quantities(question.value, question.x, question.typed, where, frozenset(taken))


def _piece(question: Question, link: Link) -> Piece:
    name, formula, below, top = link
    low = str(below.params[0])
    increment = question.increment if below is question.x else f"d{low}"
    if below is not question.x:  # a quantity on the way is held as if free, symmetric or not
        free = variable(low, below.shape)
        formula, below = replace(formula, {below: free}), free
    size = (entries(formula.shape), entries(below.shape))
    moved = differential(formula, {below: variable(increment, below.shape)})
    assert moved is not None, "the formula depends on what is below"
    jacobian, gradient = _jacobian(question, formula, below, increment)
    diagonal = jacobian is not None and jacobian.op.name == "diag" and len(jacobian.shape) == 2
    moved = replace(moved, {formula: top})  # the slope of tanh(a) by its name
    said = text(spelled(moved, {variable(increment, below.shape)}))
    if gradient is not None and below.shape:
        said = f"⟨∂{name}/∂{low}, {increment}⟩"  # the same for every loss; the formula stands beside it
    shown = replace(jacobian, {formula: top}) if jacobian is not None else None
    pair = f"∂{name}/∂{low}", f"d{name} = {said}"
    return Piece(*pair, size, jacobian, diagonal, gradient if below.shape else None, shown)


def _jacobian(question: Question, formula: Expr, below: Expr, increment: str) -> tuple[Expr | None, Expr | None]:
    """The Jacobian of one piece, columns stacked, and a number's gradient; checked like any answer."""
    sweep = Sweep(node_of(formula), [], "f")
    symbols = Symbols(increment, question.upstream, "V")
    found = Reader(sweep, Writer(), question.taken | {question.upstream}).first(below, symbols)
    jacobian = found.jacobian.get(("numerator", "column"))
    forms = [Form("jacobian", "jacobian", jacobian)] if jacobian is not None else []
    forms += [Form("gradient", "unconstrained", found.gradient)] if found.gradient is not None else []
    if below.shape and forms:
        outcome = check(CheckRequest(formula, (below,), tuple(forms), equations=question.equations))
        if outcome.passed is False:
            raise FrechetError("unverified", f"a piece of the chain failed its own check: {text(forms[0].expr)}")
    return jacobian, found.gradient


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


def _why(question: Question, pieces: Sequence[Piece], last: Link) -> str:
    """Why the order turns round, and what the shorthand of the last piece is."""
    names = [f"J{k}" for k in range(1, len(pieces) + 1)]
    turned = "*".join(f"{n}'" for n in reversed(names))
    said = [
        f"The order is not rearranged so that it fits: ({'*'.join(names)})' = {turned}.",
        "The gradient is the transpose of the derivative, and a transpose reverses products: backpropagation applies"
        " the adjoints one after the other, beginning with that of the last operation.",
    ]
    x = question.x
    if len(x.shape) == 2:
        rows, cols = x.shape
        product = sizes_word((pieces[0].numerator[0], pieces[-1].numerator[1]))
        said.append(
            f"The product of all pieces is the {product} row J, the gradient's entries in one line:"
            f" reshape(J',{rows},{cols}) is the gradient in the shape of {x.params[0]}, {shape_word(x.shape)}."
        )
        said += _of_the_shorthand(pieces[-1], last)
    return " ".join(said)


def _of_the_shorthand(piece: Piece, last: Link) -> list[str]:
    """What “∂C/∂B = A'” names, and what the Jacobian is."""
    name, formula, below, _ = last
    shorthand = _shorthand(formula, below)
    if shorthand is None or piece.formula is None:
        return []
    low, size, jacobian = below.params[0], sizes_word(piece.numerator), text(piece.formula)
    if jacobian == shorthand:
        return [
            f"“{piece.name} = {shorthand}” is right twice here: as the factor that the gradient by {name} is multiplied"
            f" by, and, because {name} and {low} are single rows, as the {size} Jacobian in numerator layout."
        ]
    applied = piece.map.partition(" = ")[2]
    return [
        f"“{piece.name} = {shorthand}” names the factor that the adjoint of {applied} multiplies by; the Jacobian"
        f" itself is the {size} matrix {jacobian} (columns stacked): {name} and {low} have two axes each, so the"
        " derivative has four, and the Jacobian is those four folded into two."
    ]


def _shorthand(formula: Expr, below: Expr) -> str | None:
    """The factor that the adjoint of a product multiplies by, transposed: h' for h*W (and for h*W + b)."""
    while formula.op.name in ("add", "sub"):
        inside = [a for a in formula.args if below in set(postorder(a))]
        if len(inside) != 1:
            return None
        formula = inside[0]
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
