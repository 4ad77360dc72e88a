"""Which words belong to a step: found from the operations that stand between the increment and the outside."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.dim import ONE, rows_cols
from frechet.core.expr import Expr, make, postorder
from frechet.explain.derivation.differentials import differential
from frechet.explain.derivation.lines import Term, active, path, terms
from frechet.explain.derivation.pairing import is_complex, squared_norm
from frechet.explain.derivation.spelling import spelled
from frechet.explain.derivation.wording import BACKWARD, LINEAR, MN5, MOVES, RULES, STACKED, Words
from frechet.notation.ascii import text
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

FOLDED = ("sum of terms", "linear", "conjugate", "factor", "scalar factor", "tr", "product")
"""Rules that go without saying beside one that is not among them; of several the later ones tell more."""

LONG_SLOPE = 60
"""A slope of more signs is not written out in the words."""
LETTERS = (("u", "v"), ("p", "q"), ("s", "t"))
"""What a function's arguments are called in words, where the problem has no such names."""


@final
@dataclass(frozen=True)
class Said:
    """The rules of one step together."""

    rule: str
    title: str
    why: tuple[str, ...]
    reference: str


def rule_words(definition: Expr, moves: Mapping[Expr, Expr]) -> Said:
    """The rules that take the differential of a definition, the telling ones first.

    >>> from frechet.language import parse
    >>> problem = parse("tr(A*X*B)")
    >>> X = problem.variables["X"]
    >>> said = rule_words(problem.value, {X: X})
    >>> said.title
    'The trace is linear; the product rule, one factor moving'
    >>> said.why[1]
    'What does not move stands where it stood: d(A*U*B) = A*dU*B.'
    """
    found = _rules(definition, moves)
    told = [k for k in found if k not in FOLDED]
    if not told:
        told = [
            k for k in ("tr", "product", "factor", "scalar factor", "conjugate", "linear", "sum of terms") if k in found
        ]
        told = told[:2] if told[:1] == ["tr"] else told[:1]
    elif "product" in found and len(told) == 1:
        told.append("product")
    words = [found[k] for k in told[:2]]
    if not words:
        return Said("identity", "The increment itself", ("Nothing is applied to the variable.",), "")
    titles = list(dict.fromkeys(w.title for w in words))
    title = "; ".join([titles[0], *map(_lower, titles[1:])])
    references = list(dict.fromkeys(r for w in words for r in w.reference.split("; ") if r))
    return Said(told[0], title, tuple(w.why for w in words), "; ".join(references))


def _rules(definition: Expr, moves: Mapping[Expr, Expr]) -> dict[str, Words]:
    """The rules that the moving operations of a definition are differentiated by, from the outside in."""
    moving = active(definition, moves)
    found: dict[str, Words] = {}
    hidden: set[Expr] = set()
    names = {str(v.params[0]) for v in postorder(definition) if v.op.name == "variable"}
    for e in reversed(list(postorder(definition))):
        if e not in moving or e in moves or e in hidden:
            continue
        if squared_norm(e):
            hidden.add(e.args[0])
        key = _key(e, [a in moving for a in e.args])
        if key not in found:
            own = e.op.step
            found[key] = RULES[key] if key in RULES else own if own is not None else _slope_words(e, names)
    return found


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _key(e: Expr, moving: Sequence[bool]) -> str:
    """The rule that an operation is differentiated by."""
    name = e.op.name
    if squared_norm(e):
        return "squared norm"
    if name in ("add", "sub", "neg"):
        return "sum of terms"
    if name in ("mul", "hadamard", "kron", "einsum"):
        if sum(moving) > 1:
            return "product"
        return "scalar factor" if name == "mul" and not all(a.shape for a in e.args) else "factor"
    if name in ("divide", "edivide"):
        if not moving[1]:
            return "scalar factor" if name == "divide" else "factor"
        if not moving[0] and not e.args[0].args:
            return "reciprocal"
        return "equotient" if e.shape and name == "edivide" else "quotient"
    if name in ("power", "epower") and moving[1]:
        return "exponential"
    if name == "power" and e.shape:
        k = e.args[1]
        return "inverse power" if k.op.name == "number" and k.params[0] < 0 else "matrix power"
    if name == "softmax" and e.params[:1] in ((1,), (2,)):
        return "softmax by rows" if e.params[0] == 2 else "softmax by columns"
    if name in RULES:
        return name
    if name in ("conj", "herm", "real", "imag"):
        return "conjugate"
    if name in LINEAR:
        return "linear"
    return name if e.op.elementwise or e.op.step is not None else "matrix function"


def _slope_words(e: Expr, names: Container[str]) -> Words:
    """An elementwise function's rule with its own slope: d tanh(u) = (1-tanh(u).^2).*du."""
    shape = ("n",) if e.shape else ()
    u, v = next(((a, b) for a, b in LETTERS if a not in names and b not in names), LETTERS[0])
    facts = ["complex"] if is_complex(e) else []
    args = [variable(name, shape, facts) for name, _ in zip((u, v), e.args, strict=False)]
    moves = {a: variable(f"d{a.params[0]}", shape, facts) for a in args}
    function = make(e.op, tuple(args), e.params, args[0].shape)
    slope = differential(function, moves)
    assert slope is not None, "the argument moves"
    said = f"d {text(function)} = {text(spelled(slope, moves.values()))}."
    if len(said) > LONG_SLOPE:
        said = "its slope multiplies the increment."
    if not e.shape:
        return Words("The chain rule", f"A function of one number: {said}", MN5)
    return Words("The chain rule, entry by entry", f"Each entry is a function of one number: {said}", MN5)


def readable(term: Expr, increment: Expr) -> bool:
    """Whether the gradient can be read off a term: ⟨M, dX⟩ in one of the usual spellings.

    >>> from frechet.language import parse
    >>> from frechet.ops.expressions import variable
    >>> dX = variable("dX", ("m", "n"))
    >>> [readable(parse(text, known={"dX": dX}).value, dX) for text in ("2*tr(A'*dX)", "tr(A*dX*B)", "sum(A.*dX)")]
    [True, False, True]
    """
    e = term
    while True:
        name = e.op.name
        if name == "neg" or (name == "divide" and not e.shape):
            e = e.args[0]
        elif name == "mul" and not e.args[0].shape and not e.args[1].shape and e.args[1] is not increment:
            e = e.args[1] if increment in set(postorder(e.args[1])) else e.args[0]
        else:
            break
    name = e.op.name
    if name == "tr":
        inside = e.args[0]
        return inside.op.name == "mul" and inside.args[1] is increment and _still(inside.args[0], increment)
    if name == "sum" and e.params == (None,):
        inside = e.args[0]
        return inside.op.name == "hadamard" and increment in inside.args and inside.args[0] is not inside.args[1]
    rows, cols = rows_cols(increment.shape)
    if name != "mul" or (rows != ONE and cols != ONE):
        return False
    if cols == ONE and rows != ONE:
        return e.args[1] is increment and bool(e.args[0].shape)
    return increment in e.args


def _still(e: Expr, increment: Expr) -> bool:
    return increment not in set(postorder(e))


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
            found["scalar increment"] = None
        elif matrix and scalar and not any(e.op.name in ("tr", "sum") for e, _ in steps):
            found["number"] = None
        for at, (e, k) in enumerate(steps):
            key = _move(e, k, matrix, term, steps[at + 1][0] if at + 1 < len(steps) else increment)
            if key:
                found[key] = None
            elif e.op.across and not term.shape:
                found[e.op.across] = None
    for name in ("expm", "logm", "sylvester"):
        key = name if name == "sylvester" else f"{name}_frechet"
        if any(e.op.name == key for _, t in parts for e in postorder(t)) and not any(
            e.op.name == key for e in postorder(collected)
        ):
            found.pop(key, None)
            found[f"{name} commutes"] = None
    if len(terms(collected, {increment})) < len(parts):
        found["merge" if _same_number(parts) else "collect"] = None
    keys = list(found)
    if len(keys) > MOST_SAID:
        keys = [*keys[: MOST_SAID - 1], keys[-1]]
    return sentence([MOVES.get(k, k) for k in keys]) or "A number may stand anywhere in a product."


MOST_SAID = 4
"""A step names no more moves than this."""


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


def _move(e: Expr, k: int, matrix: bool, term: Expr, inside: Expr) -> str | None:
    """What is done with one operation that stands around the increment; `inside` is what it is applied to."""
    name = e.op.name
    if term.shape:
        return None
    if name == "transpose":
        return "transpose" if matrix else "scalar transpose"
    if name == "mul" and k == 0 and e.args[1].shape and e.args[0].shape:
        return "turn" if matrix else None
    flat = any(len(a.shape) < 2 or ONE in a.shape for a in e.args)
    if name == "sum":
        products, matrix = inside.op.name == "hadamard", not flat
        return (
            ("sum of products" if products else "sum")
            if matrix
            else ("vector sum of products" if products else "vector sum")
        )
    if name == "hadamard":
        return "vector hadamard" if flat else "hadamard"
    if name == "tr":
        return "identity" if inside.op.name == "variable" else None
    if name in ("row", "column", "entry"):
        return "entry"
    if name in ("vec", "vech", "reshape"):
        return "vec"
    if name in ("tril", "triu", "phi"):
        return "triangle"
    if name == "kron" and k == 0:
        return "kron left"
    return name if name in MOVES else None


def backward_words(parts: Sequence[Expr], *increments: Expr) -> list[str]:
    """The adjoints that carry G from the value's side of an inner product to the increment's."""
    found: dict[str, None] = {}
    for term in parts:
        for e, k in path(term, frozenset(increments)):
            key = e.op.name
            if key == "mul":
                flat = all(len(a.shape) < 2 or ONE in a.shape for a in (e, e.args[k]))
                key = (
                    ("vector left" if k and flat else "left" if k else "right") if all(a.shape for a in e.args) else ""
                )
            if key == "diag" and len(e.shape) == 1:
                key = "diag of"
            if key == "kron" and k == 0:
                key = "kron left"
            said = BACKWARD.get(key) or e.op.across
            if said:
                found[said] = None
    return list(found)[:3]


def stacking_words(jacobian: Expr, vec: str, turned: bool) -> str:
    """What turns a line of matrices into one of vectors."""
    found: dict[str, None] = {}
    if turned:
        found["turned"] = None
    for e in postorder(jacobian):
        if e.op.name == "expm" and e.args[0].op.name == "vcat":
            found["expm"] = None
        elif e.op.name == "inv" and e.args[0].op.name == "add" and e.args[0].args[0].op.name == "kron":
            found["sylvester"] = None
        elif e.op.name == "kron":
            found[f"kron {vec}"] = None
        elif e.op.name == "commutation":
            found["commutation"] = None
        elif e.op.name == "diag" and len(e.shape) == 2:
            found["hadamard" if e.args[0].op.name == "vec" else "diag"] = None
    return sentence([STACKED[k] for k in found][:3])


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
