"""Notations whose meaning lies in the whole formula: e to a power, an identity I, functions of matrices.

The reader leaves them as names and calls; once it is known which names are declared or defined, they become what they
stand for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from fractions import Fraction

from frechet.core.records import facts, of_matrices, signs
from frechet.errors import FrechetError
from frechet.language.tree import Node, is_dot, walk

_LINEAR = frozenset(("add", "sub", "neg", "transpose", "mul", "divide"))
ONES = "𝟏"
"""The vector of ones, as it is written in mathematical text."""
_SIZED = re.compile(r"(?:I|ones|zeros)_[a-z]\Z")
_NOTED = frozenset(("I", "e", ONES))
_COUNTED = 5_000
"""Formulas of more pieces are read as they stand: nobody writes them by hand."""


def settle_notations(statements: Sequence[Node], known: Container[str], mathematical: bool) -> None:
    """Give e, I, bars and, in `mathematical` text, exp, log and sqrt their meaning; names that are `known` keep theirs.

    >>> from frechet.language.reader import read
    >>> statements = read("e^x*I")
    >>> settle_notations(statements, (), False)
    >>> [(n.kind, n.data) for n in walk(statements[0])]
    [('name', 'x'), ('open', ('euler', '')), ('fill', 'eye'), ('op', 'mul')]
    """
    bodies = [s.args[0] if s.kind == "define" else s for s in statements]
    nodes = [node for body in bodies for node in walk(body)]
    if len(nodes) > _COUNTED or not (mathematical or any(map(_noted, nodes))):
        return
    parents = {id(a): node for body in bodies for node in walk(body) for a in node.args}
    euler = "e" not in known and _only_raised(bodies)
    for body in bodies:
        for node in walk(body):
            if node.kind == "name" and node.data == "I" and "I" not in known:
                node.kind, node.data = "fill", "eye"
            elif node.kind == "name" and _SIZED.match(node.data) and node.data not in known:
                _sized(node)
            elif (node.kind == "name" and node.data == ONES) or (mathematical and _one_turned(node, parents)):
                node.kind, node.data = "fill", "ones"
            elif is_dot(node) and not mathematical:
                node.params = ()
            elif node.kind == "op" and node.data == "power" and euler and _is(node.args[0], "e"):
                _refuse_imaginary(node.args[1], known)
                node.kind, node.data, node.args = "open", ("euler", ""), [node.args[1]]
            elif node.kind == "call" and len(node.args) == 1 and _barred(node.args[0]) and f"{node.data}|X|" in signs():
                node.data, node.kind, node.args = ("logbars", node.data), "open", node.args[0].args
            elif _barred(node):
                above = parents.get(id(node))
                raised = above is not None and above.kind == "op" and above.data == "power" and above.args[0] is node
                place = "raised" if raised else "factor" if _multiplied(node, parents) else "elsewhere"
                node.data = ("bars", place)
            elif mathematical and node.kind == "call" and len(node.args) == 1 and of_matrices(node.data) is not None:
                node.kind, node.data = "open", (node.data, _place(node, parents))


def _noted(node: Node) -> bool:
    """Whether a piece may be one of these notations, whatever the text is."""
    named = node.kind == "name" and (
        node.data in _NOTED or (len(node.data) > 2 and _SIZED.match(node.data) is not None)
    )
    return named or node.kind == "open"


def _refuse_imaginary(exponent: Node, known: Container[str]) -> None:
    """e^{iθ} has the imaginary unit in it, which the language has not."""
    for node in walk(exponent):
        if _is(node, "i") and "i" not in known:
            raise FrechetError("name", "there is no imaginary unit; declare i, if it is a variable", node.start)


def _sized(node: Node) -> None:
    """I_n, 1_n, 0_n: a constant of that size."""
    word, _, size = str(node.data).partition("_")
    node.kind, node.data = "call", "eye" if word == "I" else word
    node.params = (Node("name", size, [], node.start, node.end, node.place),)


def _turn(exponent: Node) -> str:
    """T or H, in an exponent, perhaps behind a minus."""
    inner = exponent.args[0] if exponent.kind == "op" and exponent.data == "neg" else exponent
    return str(inner.data) if inner.kind == "name" else ""


def _only_exponent(bodies: Sequence[Node], name: str) -> bool:
    """Whether a name stands in exponents by itself, and nowhere else."""
    nodes = [n for body in bodies for n in walk(body)]
    raised = {id(n.args[1]) for n in nodes if n.kind == "op" and n.data == "power"}
    raised |= {id(n.args[0]) for n in nodes if id(n) in raised and n.kind == "op" and n.data == "neg"}
    return all(id(n) in raised for n in nodes if _is(n, name))


def settle_turns(statements: Sequence[Node], known: Container[str]) -> bool:
    """Read T and H that stand in exponents alone as transposes, and say whether there were any.

    >>> from frechet.language.reader import read
    >>> statements = read("-X^-T*A^T")
    >>> settle_turns(statements, ("X", "A")), [n.data for n in walk(statements[0]) if n.kind == "op"]
    (True, ['power', 'transpose', 'neg', 'transpose', 'mul'])
    """
    bodies = [s.args[0] if s.kind == "define" else s for s in statements]
    turns = {t for t in ("T", "H") if t not in known and _only_exponent(bodies, t)}
    powers = [n for body in bodies for n in walk(body) if n.kind == "op" and n.data == "power"]
    found = [n for n in powers if _turn(n.args[1]) in turns]
    for node in found:
        _turned(node)
    return bool(found)


def _turned(node: Node) -> None:
    """X^T, X^-T, X^H become what they mean."""
    base, exponent = node.args
    if exponent.kind == "op":
        one = Node("number", (Fraction(-1), "integer"), [], exponent.start, exponent.end, exponent.place)
        base = Node("op", "power", [base, one], base.start, node.end, node.place)
    node.kind, node.data, node.args = (
        ("op", "transpose", [base]) if _turn(exponent) == "T" else ("call", "herm", [base])
    )


def _one_turned(node: Node, parents: dict[int, Node]) -> bool:
    """Whether it is the 1 of 1'x, or of w'1, which is the vector of ones."""
    above = parents.get(id(node))
    turned = above is not None and above.kind == "op" and above.data == "transpose"
    mul = above.args if above is not None and above.kind == "op" and above.data == "mul" else []
    last = len(mul) > 1 and mul[1] is node and mul[0].kind != "number"
    return (turned or last) and node.kind == "number" and node.data == (1, "integer")


def _is(node: Node, name: str) -> bool:
    return node.kind == "name" and node.data == name


def _barred(node: Node) -> bool:
    return node.kind == "open" and node.data[0] == "bars"


def _only_raised(bodies: Sequence[Node]) -> bool:
    """Whether e never stands but under an exponent."""
    raised = {id(n.args[0]) for b in bodies for n in walk(b) if n.kind == "op" and n.data == "power"}
    return all(id(n) in raised for b in bodies for n in walk(b) if _is(n, "e"))


def _multiplied(node: Node, parents: dict[int, Node]) -> bool:
    """Whether it is a factor, a divisor or a base."""
    above = parents.get(id(node))
    while above is not None and above.kind == "op" and above.data == "neg":
        above = parents.get(id(above))
    return above is not None and above.kind == "op" and above.data in ("mul", "divide", "power")


def _place(node: Node, parents: dict[int, Node]) -> str:
    """Where a function of what may be a matrix stands: under a trace, beside a factor, under a sum, or elsewhere."""
    factor, below, above = False, node, parents.get(id(node))
    while above is not None and above.kind == "op" and above.data in _LINEAR:
        if above.data == "mul":
            other = above.args[1] if above.args[0] is below else above.args[0]
            factor = factor or other.kind != "number"
        below, above = above, parents.get(id(above))
    if above is not None and ((above.kind == "call" and facts(above.data).invariant) or _barred(above)):
        return "trace"
    if factor:
        return "factor"
    summed = above is not None and (above.kind == "sum" or (above.kind == "call" and facts(above.data).adds))
    return "sum" if summed else "elsewhere"
