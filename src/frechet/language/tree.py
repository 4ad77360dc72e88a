"""The syntax tree: what was typed, with places; built as the parser reduces.

Numbers.  A quotient of two integers that is written out, `1/2`, is the number 1/2, and a minus directly
before a written number makes a negative number: `-1/2*x` is the number −1/2 times x.  Brackets end this:
`-(2)` is the negation of 2 and `(1)/2` a division.  `-2^2` negates a power.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from typing import Any, final

from frechet.core.records import signs
from frechet.errors import FrechetError
from frechet.language.calls import expressions, norm_with, pattern_of
from frechet.language.norm_below import order_below
from frechet.ops import REGISTRY

_OPERATIONS = {
    "PLUS": "add",
    "MINUS": "sub",
    "TIMES": "mul",
    "HADAMARD": "hadamard",
    "EDIVIDE": "edivide",
    "DIVIDE": "divide",
    "KRON": "kron",
    "CARET": "power",
    "ECARET": "epower",
}
DOTS = frozenset("·⋅•∙")
"""The signs for a product that between two vectors mean the inner product."""
INNER, LEFT_QUOTIENT = "inner", "mldivide"
"""The words that <x,y> and A\\b are read as."""
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_MAGNITUDE = 308
"""The largest power of ten, and the most digits, of a number."""


@final
class Node:
    """A piece of a formula.

    kind: `number` `name` `op` (a sign; `data` is the operation) `call` (data is the name with its primes)
    `sum` (over written indices) `entry` `blocks` `colon` `string` `define`, `open` (what its operands decide:
    `|A|` and `‖A‖`; data is the sign and what stands below it), `fill` (a constant of whatever size fits: `I`).
    `args` are the expressions below it, `params` what is read otherwise (sizes, axes, indices; that a
    product has a dot, a transpose is .T).
    `start` and `end` bound it in the text, `place` is where a caret belongs.
    """

    __slots__ = ("args", "data", "end", "kind", "params", "place", "start")

    def __init__(
        self,
        kind: str,
        data: Any,
        args: list[Node],
        start: int,
        end: int,
        place: int,
        params: tuple[Node, ...] = (),
    ) -> None:
        self.kind, self.data, self.args, self.params = kind, data, args, params
        self.start, self.end, self.place = start, end, place


def walk(root: Node) -> list[Node]:
    """The expressions of a tree, each after those below it (parameters are not walked).

    >>> from frechet.language.reader import read
    >>> [n.kind for n in walk(read("2*x + y")[0])]
    ['number', 'name', 'op', 'name', 'op']
    """
    order: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(node.args)
    order.reverse()
    return order


def is_dot(node: Node) -> bool:
    """Whether a product is written with a dot, as the inner product of vectors is."""
    return node.kind == "op" and node.data == "mul" and bool(node.params)


def _integer(node: Node) -> bool:
    """Whether the node is an integer as written, brackets aside."""
    return node.kind == "number" and node.data[1] == "integer"


def _exact(text: str, place: int) -> Fraction:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > _MAGNITUDE or len(exponent) > 4 or abs(int(exponent or 0)) > _MAGNITUDE:
        shown = text if len(text) <= 24 else text[:20] + "…"
        raise FrechetError(
            "limit", f"the number {shown} is beyond what is read (10^{_MAGNITUDE}, {_MAGNITUDE} digits)", place
        )
    return Fraction(text)


@final
class Builder:
    """What the parser calls as it reduces; each method gets the children of its rule, tokens included."""

    def start(self, c: list[Any]) -> list[Node]:
        return c[0]

    def first(self, c: list[Any]) -> list[Any]:
        return [c[0]]

    def more(self, c: list[Any]) -> list[Any]:
        c[0].append(c[2])
        return c[0]

    def second(self, c: list[Any]) -> Node:
        return c[1]

    def define(self, c: list[Any]) -> Node:
        left, body = c[0], c[2]
        if left.kind == "name":
            return Node("define", left.data, [body], left.start, body.end, left.start)
        named = left.kind == "entry" and left.args[0].kind == "name" and all(p.kind == "name" for p in left.params)
        if not named:
            raise FrechetError(
                "syntax",
                "only a name can stand before =, as in f = x'*A*x, or a name with indices, as in C[i,j] = …",
                c[1].start_pos,
            )
        return Node("define", left.args[0].data, [body], left.start, body.end, left.start, left.params)

    def number(self, c: list[Any]) -> Node:
        token = c[0]
        if len(token) == 1 and not token.isdecimal():  # ½
            value = Fraction(unicodedata.numeric(token)).limit_denominator(10)
            return Node("number", (value, "ratio"), [], token.start_pos, token.end_pos, token.start_pos)
        form = "integer" if token.isdigit() else "decimal"
        value = _exact(str(token), token.start_pos)
        return Node("number", (value, form), [], token.start_pos, token.end_pos, token.start_pos)

    def name(self, c: list[Any]) -> Node:
        token = c[0]
        return Node("name", str(token), [], token.start_pos, token.end_pos, token.start_pos)

    def string(self, c: list[Any]) -> Node:
        token = c[0]
        return Node("string", str(token)[1:-1], [], token.start_pos, token.end_pos, token.start_pos)

    def colon(self, c: list[Any]) -> Node:
        return Node("colon", None, [], c[0].start_pos, c[0].end_pos, c[0].start_pos)

    def group(self, c: list[Any]) -> Node:
        node: Node = c[1]
        node.start, node.end = c[0].start_pos, c[2].end_pos
        if node.kind == "number":
            node.data = (node.data[0], "bracketed")
        return node

    def binary(self, c: list[Any]) -> Node:
        left, sign, right = c
        place = sign.start_pos
        dot = (Node("string", "dot", [], place, place, place),) if sign.type == "TIMES" and str(sign) in DOTS else ()
        return Node("op", _OPERATIONS[sign.type], [left, right], left.start, right.end, place, dot)

    def quotient(self, c: list[Any]) -> Node:
        left, sign, right = c
        if right.kind == "number" and not right.data[0]:
            raise FrechetError("input", "division by zero", right.start)
        if _integer(left) and _integer(right) and right.data[0] > 0:
            value = left.data[0] / right.data[0]
            return Node("number", (value, "ratio"), [], left.start, right.end, sign.start_pos)
        return Node("op", "divide", [left, right], left.start, right.end, sign.start_pos)

    def negate(self, c: list[Any]) -> Node:
        sign, node = c
        if node.kind == "number" and node.data[1] in ("integer", "decimal") and node.data[0] >= 0:
            return Node("number", (-node.data[0], node.data[1]), [], sign.start_pos, node.end, node.place)
        return Node("op", "neg", [node], sign.start_pos, node.end, sign.start_pos)

    def transpose(self, c: list[Any]) -> Node:
        place = c[1].start_pos
        dot = (Node("string", "dot", [], place, place, place),) if str(c[1]) == ".T" else ()
        return Node("op", "transpose", [c[0]], c[0].start, c[1].end_pos, place, dot)

    def superscript(self, c: list[Any]) -> Node:
        base, token = c
        if len(token) > 6:
            raise FrechetError("limit", "this exponent is beyond what is read", token.start_pos)
        value = Fraction(int(token.translate(_DIGITS)))
        exponent = Node("number", (value, "integer"), [], token.start_pos, token.end_pos, token.start_pos)
        return Node("op", "power", [base, exponent], base.start, token.end_pos, token.start_pos)

    def inverse_transpose(self, c: list[Any]) -> Node:
        base, token = c
        place, end = token.start_pos, token.end_pos
        minus_one = Node("number", (Fraction(-1), "integer"), [], place, end, place)
        inverse = Node("op", "power", [base, minus_one], base.start, end, place)
        return Node("op", "transpose", [inverse], base.start, end, place)

    def hermitian(self, c: list[Any]) -> Node:
        return Node("call", "herm", [c[0]], c[0].start, c[1].end_pos, c[1].start_pos)

    def length(self, c: list[Any]) -> Node:
        below = str(c[2])[1:] if str(c[2]).startswith("_") else ""
        start, end, place = c[0].start_pos, c[2].end_pos, c[0].start_pos
        norm, order = norm_with(below) if below else signs()["‖x‖"], order_below(below)
        if norm is None and order:
            which = "number" if order.isdigit() else "name"
            data = (Fraction(order), "integer") if order.isdigit() else order
            return Node("call", "norm", [c[1], Node(which, data, [], end - 1, end, end - 1)], start, end, place)
        if norm is not None and norm is not signs()["‖x‖"]:  # what has none the lexer has refused
            return Node("call", norm.name, [c[1]], start, end, place)
        return Node("open", ("norm", "F" if below not in ("", "2") else below), [c[1]], start, end, place)

    def bars(self, c: list[Any]) -> Node:
        return Node("open", ("bars", ""), [c[1]], c[0].start_pos, c[2].end_pos, c[0].start_pos)

    def left_quotient(self, c: list[Any]) -> Node:
        r"""A\b, which is inv(A)*b; what is divided by is one factor, since x'*A\b has two readings."""
        left, sign, right = c
        if (
            left.kind == "op"
            and left.data in ("mul", "divide", "hadamard", "edivide")
            and left.start == left.args[0].start
        ):
            text = "a product stands before \\: bracket what is divided by, as in (A*B)\\c or in A*(B\\c)"
            raise FrechetError("syntax", text, sign.start_pos)
        return Node("call", LEFT_QUOTIENT, [left, right], left.start, right.end, sign.start_pos)

    def inner(self, c: list[Any]) -> Node:
        """<x,y>, which is x'*y of vectors and tr(X'*Y) of matrices."""
        return Node("call", INNER, [c[1], c[3]], c[0].start_pos, c[4].end_pos, c[0].start_pos)

    def contraction(self, c: list[Any]) -> Node:
        """A:B = tr(A'*B)."""
        left, sign, right = c
        turned = Node("op", "transpose", [left], left.start, left.end, left.place)
        product = Node("op", "mul", [turned, right], left.start, right.end, sign.start_pos)
        return Node("call", "tr", [product], left.start, right.end, sign.start_pos)

    def entry(self, c: list[Any]) -> Node:
        array, bracket, items, close = c
        return Node("entry", None, [array], array.start, close.end_pos, bracket.start_pos, tuple(items))

    def call(self, c: list[Any]) -> Node:
        token = c[0]
        items: list[Node] = c[2] if len(c) == 4 else []
        name = str(token)
        pattern = pattern_of(name)
        here = [True] * len(items) if pattern is None else expressions(pattern, len(items))
        args = [item for item, is_expression in zip(items, here, strict=True) if is_expression]
        params = tuple(item for item, is_expression in zip(items, here, strict=True) if not is_expression)
        if len(items) == 1 and name in REGISTRY:
            name = REGISTRY[name].with_one or name
        return Node("call", name, args, token.start_pos, c[-1].end_pos, token.start_pos, params)

    def written_sum(self, c: list[Any]) -> Node:
        token, _, items, _, body, close = c
        return Node("sum", str(token), [body], token.start_pos, close.end_pos, token.start_pos, tuple(items))

    def blocks(self, c: list[Any]) -> Node:
        rows: list[list[Node]] = c[1]
        args = [node for row in rows for node in row]
        lengths = tuple(len(row) for row in rows)
        return Node("blocks", lengths, args, c[0].start_pos, c[2].end_pos, c[0].start_pos)
