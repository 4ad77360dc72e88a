"""Signs of mathematical text that two readers would take differently: each is a question, with the texts to copy."""

from __future__ import annotations

from collections.abc import Collection, Container

from frechet.errors import FrechetError
from frechet.language.brackets import closed, unbracketed
from frechet.language.error_places import located
from frechet.language.names import COUNTS, SPELLED, habit
from frechet.language.questions import Ask, Offer, as_error
from frechet.language.tree import Node, walk


def ask_for_squares(text: str, statements: Collection[Node]) -> None:
    """∑(…)², with a sum's sign, is more often the sum of the squares than the square of the sum: a question."""
    for node in (n for s in statements for n in walk(s) if n.kind == "op" and n.data == "power"):
        base, exponent = node.args
        if base.kind == "call" and text[base.start : base.start + 1] == "∑" and exponent.kind == "number":
            inside = text[base.args[0].start : base.args[0].end]
            inside = inside if closed(inside) else f"({inside})"
            power = exponent.data[0]
            before, after = text[: node.start], text[node.end :]
            readings = (f"{before}sum({inside}.^{power}){after}", f"{before}sum{inside}^{power}{after}")
            lines = f"  the sum of the powers    {readings[0]}\n  the power of the sum     {readings[1]}"
            trouble = located("shape", "does the power stand under the sum's sign?", text, node.place, lines)
            raise FrechetError("shape", trouble.message, trouble.position, readings)


def ask_for_crosses(text: str, statements: Collection[Node], declared: Container[str]) -> None:
    """`x×y` of small letters is the cross product of vectors, or the product of numbers: a question.

    >>> from frechet.language.reader import read
    >>> ask_for_crosses("2×x", read("2×x"), ())
    >>> ask_for_crosses("a×b", read("a×b"), ())
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: a × between small letters could be
      a×b
       ^
      the cross product of 3-vectors    cross(a,b)
      the product                       a*b
    """
    for node in (n for s in statements for n in walk(s) if n.kind == "op" and n.data == "mul"):
        left, right = node.args
        crossed = text[node.place : node.place + 1] in ("×", "⨯") and _small(left) and _small(right)
        names = {str(n.data) for a in node.args for n in walk(a) if n.kind == "name"}
        if not crossed or all(name in declared for name in names):
            continue
        whole = closed(text[node.start : node.end])
        if not whole and left.kind == "op" and left.data == "mul" and not closed(text[left.start : left.end]):
            left = left.args[-1]  # x'y×z crosses y and z
        piece = node if whole else Node("op", "mul", [left, right], left.start, node.end, node.place)
        one, other = text[left.start : left.end], text[right.start : right.end]
        product = f"({one}*{other})" if whole else f"{one}*{other}"
        offers = (
            Offer("the cross product of 3-vectors", "", f"cross({unbracketed(one)},{unbracketed(other)})", piece),
            Offer("the product", instead=product, piece=piece),
        )
        raise as_error(Ask(node, "a × between small letters could be", offers), text)


def _small(node: Node) -> bool:
    """Whether a factor may well be a vector: a small letter that does not count, or what ends in one."""
    if node.kind == "name":
        name = str(node.data)
        return habit(name) != "matrix" and name not in COUNTS and name not in SPELLED
    if node.kind == "op" and node.data in ("mul", "transpose", "neg"):
        return _small(node.args[-1])
    if node.kind == "op" and node.data in ("add", "sub"):
        return all(map(_small, node.args))
    return False
