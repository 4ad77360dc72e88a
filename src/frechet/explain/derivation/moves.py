"""The moves that bring an increment to its place in a line, in words: out of a number, across an inner product, into a
stacked vector.

An operation's moves stand in its record; here are those of notation itself, and how the moves of one step are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.dim import ONE
from frechet.core.expr import Expr, postorder
from frechet.core.op import Op
from frechet.explain.derivation.terms import Term, path, terms
from frechet.ops.books import STACKING
from frechet.ops.normalise import node_of

MOVES: dict[str, str] = {
    "transpose": "a trace equals that of its transpose",
    "turn": "factors turn cyclically under a trace",
    "number": "a number is its own trace",
    "scalar transpose": "a number equals its transpose",
    "vector hadamard": "a'*(b.*v) = (a.*b)'*v",
    "hadamard": "tr(A'*(B.*M)) = tr((A.*B)'*M)",
    "vector sum": "sum(v) = ones'*v",
    "sum": "sum(M) = tr(ones'*M)",
    "vector sum of products": "sum(a.*v) = a'*v",
    "sum of products": "sum(A.*M) = tr(A'*M)",
    "diag": "⟨A, diag(u)⟩ = ⟨diag(A), u⟩",
    "kron": "⟨N, kron(A,M)⟩ adds up the blocks of N, each times its entry of A",
    "kron left": "⟨N, kron(M,A)⟩: an entry of M meets the inner product of its block of N with A",
    "entry": "an entry is e'*M*e, with e a column of the identity",
    "vec": STACKING,
    "edivide": "dividing entry by entry is multiplying by 1./A",
    "identity": "tr(M) = tr(I*M)",
    "scalar increment": "a number may stand anywhere in a product",
    "tensor hadamard": "sum(A.*(B.*M)) = sum((A.*B).*M)",
    "tensor sum": "sum(M) = sum(ones.*M)",
    "tensor sum of products": "sum(A.*M) = ⟨A, M⟩",
    "tensor product": "each factor of a product is what all the others are paired with",
    "repeated": "what is repeated along an axis is paired with the sum along it",
    "merge": "terms that are the same number are counted together",
    "collect": "what multiplies the increment is added up",
}
"""The moves that bring the increment to the end of a line, by what stands in its way."""

BACKWARD: dict[str, str] = {
    "left": "⟨G, A*M⟩ = tr(G'*A*M) = ⟨A'*G, M⟩",
    "right": "⟨G, M*B⟩ = tr(B*G'*M) = ⟨G*B', M⟩",
    "batch left": "member by member, ⟨G, A*M⟩ = ⟨A'*G, M⟩",
    "batch right": "member by member, ⟨G, M*B⟩ = ⟨G*B', M⟩",
    "vector left": "⟨g, A*v⟩ = g'*A*v = ⟨A'*g, v⟩",
    "transpose": "⟨G, M'⟩ = ⟨G', M⟩",
    "hadamard": "⟨G, A.*M⟩ = ⟨A.*G, M⟩",
    "edivide": "⟨G, M./A⟩ = ⟨G./A, M⟩",
    "divide": "a number multiplies either side",
    "tr": "tr(M) = ⟨I, M⟩",
    "sum": "sum(M) = ⟨ones, M⟩",
    "diag": "⟨G, diag(u)⟩ = ⟨diag(G), u⟩",
    "diag of": "⟨g, diag(M)⟩ = ⟨diag(g), M⟩",
    "vec": "⟨g, vec(M)⟩ = ⟨reshape(g), M⟩",
    "reshape": "reshaping moves no number",
    "kron": "⟨G, kron(A,M)⟩ adds up the blocks of G, each times its entry of A",
    "kron left": "⟨G, kron(M,A)⟩: an entry of M meets the inner product of its block of G with A",
    "hcat": "each block of G goes to the block it stands over",
    "vcat": "each block of G goes to the block it stands over",
    "repeated": "what is repeated along an axis is paired with the sum of G along it",
    "einsum": "⟨G, ·⟩ is a sum over all indices, and the increment's factor is what is left of it",
}
"""How notation is moved across an inner product: its adjoints."""

STACKED: dict[str, str] = {
    "kron column": "vec(A*M*B) = kron(B',A)*vec(M)",
    "kron row": "with rows stacked, A*M*B is kron(A,B') times M",
    "commutation": "commutation(m,n)*vec(M) = vec(M') for M m×n",
    "hadamard": "vec(A.*M) = diag(vec(A))*vec(M)",
    "diag": "diag(u)*v = u.*v",
    "turned": "a row is set upright: (a'*M)' = M'*a",
    "held": "with an axis of a batch held at {at} the rest is a matrix, and unit({at},{n})*unit({at},{n})' puts it in"
    " its place on the diagonal",
    "tensor kron column": "vec runs with the first index fastest, so the last factor of kron acts on the first axis",
    "tensor kron row": "with the last index fastest the first factor of kron acts on the first axis",
}
"""What turns a line of matrices into one of vectors, by what stands in the result."""

MOST_SAID = 4
"""A step names no more moves than this."""


def collecting_words(parts: Sequence[Term], increment: Expr, collected: Expr) -> str:
    """Why the collected line is the same: the moves that bring the increment to its place."""
    found: dict[str, None] = {}
    matrix = len(increment.shape) == 2 and ONE not in increment.shape
    for _, term in parts:
        steps = path(term, {increment})
        scalar = not term.shape
        if not increment.shape and any(
            (e.op.name == "mul" and k == 0) or all(a.shape for a in e.args) for e, k in steps
        ):
            found[MOVES["scalar increment"]] = None
        elif matrix and scalar and not any(e.op.name in ("tr", "sum") for e, _ in steps):
            found[MOVES["number"]] = None
        for at, (e, k) in enumerate(steps):
            inside = steps[at + 1][0] if at + 1 < len(steps) else increment
            said = "" if term.shape else _collected(e, k, matrix, inside)
            if said:
                found[said] = None
    _commuted(found, parts, collected)
    if len(terms(collected, {increment})) < len(parts):
        found[MOVES["merge" if _same_number(parts) else "collect"]] = None
    said = list(found)
    if len(said) > MOST_SAID:
        said = [*said[: MOST_SAID - 1], said[-1]]
    return sentence(said) or "A number may stand anywhere in a product."


def _commuted(found: dict[str, None], parts: Sequence[Term], collected: Expr) -> None:
    """Of what is gone because its arguments commute, that is said instead of its move."""
    still = {e.op for e in postorder(collected)}
    gone = {e.op for _, t in parts for e in postorder(t) if e.op.telling.commuting} - still
    for op in sorted(gone, key=lambda op: op.name):
        found.pop(_out_of(op), None)
        found[op.telling.commuting] = None


def _same_number(parts: Sequence[Term]) -> bool:
    """Whether two of the terms are the same number (under a trace, turned or transposed)."""
    nodes: set[Node] = set()
    for _, term in parts:
        node = node_of(term)
        primitive = b.scale(1 / node.coef, node) if node.kind == "product" and node.coef else node
        if primitive in nodes:
            return True
        nodes.add(primitive)
    return False


def _collected(e: Expr, k: int, matrix: bool, inside: Expr) -> str:
    """What is done with one operation that stands around the increment; `inside` is what it is applied to."""
    key = _move(e, k, matrix, inside)
    return MOVES.get(key, "") if key is not None else _out_of(e.op)


def _out_of(op: Op) -> str:
    """How the increment is brought out of an operation: the move across an inner product, with another letter for G."""
    told = op.telling
    letter = next(x for x in "ANCH" if not re.search(rf"\b{x}\b", told.across))
    return told.collected or re.sub(r"\bG\b", letter, told.across)


def _move(e: Expr, k: int, matrix: bool, inside: Expr) -> str | None:
    """Which move of notation it is: "" for none, None where the record says it."""
    name = e.op.name
    if name == "transpose":
        return "transpose" if matrix else "scalar transpose"
    tensors = any(len(a.shape) > 2 for a in e.args)
    if name == "einsum":
        return "repeated" if _repeats(e, k) else "tensor product"
    if tensors and name in ("mul", "hadamard", "sum"):
        scaled = name == "mul" and not all(a.shape for a in e.args)
        products = " of products" if name == "sum" and inside.op.name == "hadamard" else ""
        return "" if scaled else "tensor product" if name == "mul" else f"tensor {name}{products}"
    if name == "mul":
        return "turn" if matrix and k == 0 and all(a.shape for a in e.args) else ""
    flat = any(len(a.shape) < 2 or ONE in a.shape for a in e.args)
    if name == "sum":
        return f"{'vector ' if flat else ''}sum{' of products' if inside.op.name == 'hadamard' else ''}"
    if name == "hadamard":
        return "vector hadamard" if flat else "hadamard"
    if name == "tr":
        return "identity" if inside.op.name == "variable" else ""
    if name in ("row", "column", "entry", "slice"):
        return "entry"
    if name in ("vec", "reshape"):
        return "vec"
    if name == "kron":
        return "kron" if k else "kron left"
    return name if name in MOVES else None


def backward_words(parts: Sequence[Expr], *increments: Expr) -> list[str]:
    """The adjoints that carry G from the value's side of an inner product to the increment's."""
    found: dict[str, None] = {}
    for term in parts:
        for e, k in path(term, frozenset(increments)):
            key = e.op.name
            if key == "mul":
                flat = all(len(a.shape) < 2 or ONE in a.shape for a in (e, e.args[k]))
                key = "vector left" if k and flat else "left" if k else "right"
                key = f"batch {key}" if len(e.shape) > 2 else key
                key = key if all(a.shape for a in e.args) else ""
            if key == "diag" and len(e.shape) == 1:
                key = "diag of"
            if key == "kron" and k == 0:
                key = "kron left"
            if key == "einsum" and _repeats(e, k):
                key = "repeated"
            said = BACKWARD.get(key) or e.op.telling.across
            if said:
                found[said] = None
    return list(found)[:3]


def _repeats(e: Expr, k: int) -> bool:
    """Whether a contraction only repeats its argument k along axes."""
    return all(a.op.name == "ones" for n, a in enumerate(e.args) if n != k)


def stacking_words(line: Expr, increment: Expr, jacobian: Expr, vec: str, turned: bool) -> str:
    """What turns a line of matrices into one of vectors: what its operations become, and what stands in the result."""
    found: dict[str, None] = {}
    if turned:
        found[STACKED["turned"]] = None
    tensors = any(len(e.shape) > 2 for e in (line, increment))
    for e in postorder(jacobian):
        said = STACKED[f"tensor kron {vec}"] if tensors and e.op.name == "kron" else _stacked(e, vec)
        if said:
            found[said] = None
    for _, term in terms(line, {increment}):
        for e, _ in takewhile(lambda step: step[0].shape, path(term, {increment})):  # a number is stacked as a gradient
            if e.op.telling.stacked:
                found[e.op.telling.stacked] = None
    return sentence(list(found)[:3])


def _stacked(e: Expr, vec: str) -> str:
    """What an operation does in a Jacobian."""
    if e.op.name == "kron":
        return STACKED[f"kron {vec}"]
    if e.op.name == "diag" and len(e.shape) == 2:
        return STACKED["hadamard" if e.args[0].op.name == "vec" else "diag"]
    if e.op.name == "isum":
        held = next((u for u in postorder(e) if u.op.name == "unit" and u.params[0] == e.params[0]), None)
        return STACKED["held"].format(at=e.params[0], n=held.params[1]) if held is not None else ""
    return STACKED["commutation"] if e.op.name == "commutation" else ""


def sentence(parts: Sequence[str]) -> str:
    """Remarks as one sentence.

    >>> sentence(["a number is its own trace", "factors turn"])
    'A number is its own trace; factors turn.'
    """
    if not parts:
        return ""
    joined = "; ".join(parts)
    word = joined.split(" ", 1)[0]
    return (joined[:1].upper() + joined[1:] if word.isalpha() else joined) + "."
