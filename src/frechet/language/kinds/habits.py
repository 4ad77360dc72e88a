"""What free names stand for by habit, and what makes a reading odd."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

from frechet.core.dim import ONE
from frechet.core.expr import Expr
from frechet.language.declarations import SQUARE
from frechet.language.kinds.question import Question
from frechet.language.names import SPELLED, Kind, habit, loose
from frechet.language.tree import Node, walk
from frechet.language.words import formula, is_placed, word_of
from frechet.ops import REGISTRY

_ROWS = frozenset("hoquvwxyz")
_OF_SCALARS = frozenset(("mul", "divide", "power"))


def habits(question: Question) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """The kinds by habit and the names that may deviate.

    A name that is transposed, or whose entries are summed, is no scalar: `a'*x` takes a for a vector, and
    `a'*X*b` then b too.  What stands below a division line all by itself is a scalar: `sum(x)/(2*m)`.  A family,
    `x[i]` under a sum, has numbers for members until something needs more; one that is set bold has vectors.
    """
    kinds: dict[str, Kind] = {}
    flexible: list[str] = []
    usage = question.usage
    below = _divisors(question.statements) - usage.arrays
    for name in question.free:
        assumed = question.assumptions.get(name, ())
        if SQUARE.intersection(assumed):
            kinds[name] = "matrix"
        elif question.orders.get(name, 0) > 2:
            kinds[name] = "tensor"
        elif (
            "integer" in assumed or name in below or (name == "pi" and name not in usage.arrays | usage.entered.keys())
        ):
            kinds[name] = "scalar"
        elif usage.entered.get(name) in (1, 2):
            first = question.mathematical and usage.entered[name] == 1
            kinds[name] = "matrix" if usage.entered[name] == 2 or (first and name in question.bold) else "vector"
            if first and habit(name) == "matrix":
                kinds[name] = "tensor"
            if first:
                flexible.append(name)
        else:
            kinds[name] = "vector" if name in question.bold and name.islower() else habit(name)
            told = question.orders.get(name, 0)
            kinds[name] = ("vector", "matrix")[told - 1] if told else kinds[name]
            flexible.append(name)
    turned = [name for name in flexible if kinds[name] == "scalar" and name in usage.arrays]
    for name in turned:
        kinds[name] = "vector"
    for node in (node for statement in question.statements for node in walk(statement)) if turned else ():
        if node.kind == "op" and node.data == "mul" and _after_matrix(node, kinds):
            kinds[str(node.args[1].data)] = "vector"
    return kinds, tuple(flexible)


def _divisors(statements: Sequence[Node]) -> set[str]:
    """The names in divisors that nothing can make a scalar but scalars: `2*m`, `sqrt(d)`, `s^2`."""
    found: set[str] = set()
    for division in (n for statement in statements for n in walk(statement) if n.kind == "op" and n.data == "divide"):
        pieces = walk(division.args[1])
        if all(n.kind in ("name", "number") or _of_scalars(n) for n in pieces):
            found.update(str(n.data) for n in pieces if n.kind == "name")
    return found


def _of_scalars(node: Node) -> bool:
    """Whether the piece is a scalar only if what it is made of are scalars."""
    known = REGISTRY.get(str(node.data))
    return node.kind in ("op", "call") and (node.data in _OF_SCALARS or (known is not None and known.elementwise))


def others(name: str, kind: Kind, question: Question) -> tuple[tuple[Kind, int], ...]:
    """What a name of this kind may be instead, and what it costs.

    A family has members of the next order.  Capitals are doubted last; a name that is transposed is neither a scalar
    nor a row, a single small letter never a matrix; `x*W` takes x for a row, `t*W` takes t for a scalar.
    """
    usage = question.usage
    if usage.entered.get(name) == 1:
        if habit(name) == "matrix":  # a family of matrices, until something needs less
            return (("matrix", 1), ("vector", 3)) if kind == "tensor" else (("vector", 2),) if kind == "matrix" else ()
        return (("matrix", 1), ("tensor", 4)) if kind == "vector" else (("tensor", 3),) if kind == "matrix" else ()
    if kind == "matrix":
        return ("vector", 4), ("scalar", 7)
    found: list[tuple[Kind, int]] = []
    if kind == "scalar":
        found = [("vector", 2), ("row", 4)]
    elif kind == "vector":
        found = [("row", 2), ("scalar", 3)] if name[0] in _ROWS and not marked(name) else [("scalar", 2), ("row", 4)]
    if loose(name) and name not in SPELLED:
        found.append(("matrix", 4))
    turned = name in usage.arrays
    return tuple(pair for pair in found if not (turned and pair[0] in ("scalar", "row")))


def _after_matrix(product: Node, kinds: Mapping[str, Kind]) -> bool:
    """Whether a product is a matrix times a name that is a scalar by habit."""
    left, right = product.args
    if right.kind != "name" or kinds.get(str(right.data)) != "scalar":
        return False
    while left.kind == "op" and left.data == "mul":
        left = left.args[1]
    return any(n.kind == "name" and kinds.get(str(n.data)) == "matrix" for n in walk(left))


def entrywise(statements: Sequence[Node], functions: Collection[str]) -> bool:
    """Whether the formula uses nothing but signs and functions of a number, so that all may be scalars."""
    for statement in statements:
        for node in walk(statement):
            name = str(node.data if not is_placed(node) else node.data[1])
            known = REGISTRY.get(name)
            if node.kind == "call" and name.rstrip("'") not in functions and (known is None or not known.elementwise):
                return False
            if node.kind in ("entry", "blocks", "sum"):
                return False
            if is_placed(node) and not _entrywise_word(name):
                return False
            if node.kind == "op" and name not in _OF_SCALARS and (known is None or not known.elementwise):
                return False
    return True


@cache
def _entrywise_word(name: str) -> bool:
    """Whether a word is a function of numbers: one formula, of signs and functions of a number."""
    word = word_of(name)
    formulas = [case.formula for case in word.cases] if word is not None else []
    return len(formulas) == 1 and bool(formulas[0]) and entrywise([formula(formulas[0])], ())


def marked(name: str) -> bool:
    """Whether a name carries a bar: a mean, which may well be a number."""
    return len(name) > 3 and name.endswith("bar")


def coefficients(statements: Sequence[Node], seen: Mapping[int, Expr]) -> list[str]:
    """The names that, as arrays, stand first in a product with a scalar.

    As in `lambda*norm2(x)`, or in `lambda*x'*y`, which is read as `(lambda*x')*y`.
    """
    found: list[str] = []
    for node in (node for statement in statements for node in walk(statement)):
        if node.kind != "op" or node.data != "mul" or not seen[id(node.args[0])].shape:
            continue
        head, follows = node.args
        while head.kind == "op" and head.data in ("mul", "divide", "neg"):
            if head.data == "mul" and seen[id(head.args[0])].shape:
                follows = head.args[1]
            head = head.args[0]
        own, first = seen[id(node)].shape, seen[id(head)].shape
        contracted = len(own) == 1 and own == first and seen[id(follows)].shape[:1] == (ONE,)
        scaled = not seen[id(node.args[1])].shape and node.args[1].kind not in ("name", "number")
        if first and (contracted or scaled):
            found += names_in_sum(head)
    return found


def names_in_sum(root: Node) -> list[str]:
    """The names in a sum of names and numbers; none where it holds anything else."""
    names: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind == "name":
            names.append(str(node.data))
        elif node.kind == "op" and node.data in ("add", "sub", "neg"):
            stack += node.args
        elif node.kind != "number":
            return []
    return names
