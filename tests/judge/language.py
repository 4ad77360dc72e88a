"""The formula language, read a second time: a tokenizer and a recursive-descent parser of its own.

A formula becomes nested tuples:

    ("num", 0.5)  ("name", "A")  ("neg", a)  ("bin", "*", a, b)  ("t", a)  ("call", "inv", 0, (a,))
    ("at", base, (i, j))  (":",)  ("block", ((a, b), (c, d)))  ("isum", ("k",), body)  ("str", "ij->ji")
    ("tuple", (a, b))

>>> parse("-x^2'")
('neg', ('t', ('bin', '^', ('name', 'x'), ('num', 2.0))))
>>> parse("1/2*x")
('bin', '*', ('bin', '/', ('num', 1.0), ('num', 2.0)), ('name', 'x'))
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Tree = tuple
"""A formula: a tag and its parts."""

TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<num>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<attr>\.T\b)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<str>"[^"]*")
      | (?P<op>\.\*|\./|\.\^|[-+*/@^'()\[\],;:=\n])""",
    re.VERBOSE,
)


class Unreadable(Exception):
    """The text is no formula."""


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) pairs, closed by ("end", "").

    >>> tokens("2.*x'")
    [('num', '2'), ('op', '.*'), ('name', 'x'), ('op', "'"), ('end', '')]
    """
    out: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise Unreadable(f"{text!r}: cannot read {text[at]!r} at {at}")
        kind = str(found.lastgroup)
        if kind == "attr":
            out.append(("op", "'"))
        elif kind != "skip":
            out.append((kind, found.group()))
        at = found.end()
    out.append(("end", ""))
    return out


class Reader:
    """One pass over the tokens; a method a level of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0

    def look(self, ahead: int = 0) -> str:
        kind, text = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return text if kind == "op" else kind

    def take(self) -> str:
        kind, text = self.tokens[self.at]
        self.at += 1
        return text if kind != "end" else ""

    def expect(self, sign: str) -> None:
        if self.look() != sign:
            raise Unreadable(f"{self.text!r}: expected {sign!r}, found {self.tokens[self.at][1]!r}")
        self.at += 1

    def sum(self) -> Tree:
        left = self.product()
        while self.look() in ("+", "-"):
            sign = self.take()
            left = ("bin", sign, left, self.product())
        return left

    def product(self) -> Tree:
        left = self.unary()
        while self.look() in ("*", "@", ".*", "./", "/"):
            sign = self.take()
            left = ("bin", "*" if sign == "@" else sign, left, self.unary())
        return left

    def unary(self) -> Tree:
        if self.look() in ("-", "+"):
            sign = self.take()
            inside = self.unary()
            return ("neg", inside) if sign == "-" else inside
        return self.postfix()

    def postfix(self) -> Tree:
        base = self.primary()
        while True:
            sign = self.look()
            if sign == "'":
                self.take()
                base = ("t", base)
            elif sign == "[":
                base = self.entry(base)
            elif sign in ("^", ".^"):
                self.take()
                base = ("bin", sign, base, self.exponent())
            else:
                return base

    def exponent(self) -> Tree:
        if self.look() in ("-", "+"):
            return ("neg", self.exponent()) if self.take() == "-" else self.exponent()
        inside = self.primary()
        while self.look() == "[":
            inside = self.entry(inside)
        return inside

    def entry(self, base: Tree) -> Tree:
        self.expect("[")
        indices: list[Tree] = []
        while True:
            if self.look() == ":":
                self.take()
                indices.append((":",))
            else:
                indices.append(self.sum())
            if self.look() != ",":
                break
            self.take()
        self.expect("]")
        return ("at", base, tuple(indices))

    def primary(self) -> Tree:
        sign = self.look()
        if sign == "num":
            return ("num", float(self.take()))
        if sign == "str":
            return ("str", self.take()[1:-1])
        if sign == "name":
            return self.name()
        if sign == "(":
            self.take()
            inside = self.sum()
            if self.look() == ",":
                parts = [inside]
                while self.look() == ",":
                    self.take()
                    parts.append(self.sum())
                inside = ("tuple", tuple(parts))
            self.expect(")")
            return inside
        if sign == "[":
            return self.block()
        raise Unreadable(f"{self.text!r}: unexpected {self.tokens[self.at][1]!r}")

    def block(self) -> Tree:
        self.expect("[")
        rows = [[self.sum()]]
        while self.look() in (",", ";"):
            if self.take() == ",":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        self.expect("]")
        return ("block", tuple(tuple(row) for row in rows))

    def name(self) -> Tree:
        name = self.take()
        primes = 0
        while self.look(primes) == "'":
            primes += 1
        if self.look(primes) != "(":
            return ("name", name)
        self.at += primes
        self.expect("(")
        if name == "sum" and self.is_index_list():
            indices = [self.take()]
            while self.look() == ",":
                self.take()
                indices.append(self.take())
            self.expect(":")
            body = self.sum()
            self.expect(")")
            return ("isum", tuple(indices), body)
        arguments: list[Tree] = []
        if self.look() != ")":
            arguments.append(self.sum())
            while self.look() == ",":
                self.take()
                arguments.append(self.sum())
        self.expect(")")
        return ("call", name, primes, tuple(arguments))

    def is_index_list(self) -> bool:
        ahead = 0
        while self.look(ahead) == "name" and self.look(ahead + 1) == ",":
            ahead += 2
        return self.look(ahead) == "name" and self.look(ahead + 1) == ":"


def parse(text: str) -> Tree:
    """One formula.  Raises Unreadable."""
    reader = Reader(text)
    tree = reader.sum()
    if reader.look() != "end":
        raise Unreadable(f"{text!r}: unexpected {reader.tokens[reader.at][1]!r} after the formula")
    return tree


def statements(text: str) -> list[tuple[str | None, Tree]]:
    """The statements of a problem: (name or None, formula) each.

    >>> [name for name, _ in statements("a = h*W; sum(a)")]
    ['a', None]
    """
    reader = Reader(text)
    out: list[tuple[str | None, Tree]] = []
    while True:
        while reader.look() in (";", "\n"):
            reader.take()
        if reader.look() == "end":
            break
        name = None
        if reader.look() == "name" and reader.look(1) == "=":
            name = reader.take()
            reader.take()
        out.append((name, reader.sum()))
        if reader.look() not in (";", "\n", "end"):
            raise Unreadable(f"{text!r}: unexpected {reader.tokens[reader.at][1]!r}")
    if not out:
        raise Unreadable("nothing to read")
    return out


def parts(tree: Tree) -> list[Tree]:
    """The formulas directly below a formula."""
    tag = tree[0]
    if tag == "neg" or tag == "t":
        return [tree[1]]
    if tag == "bin":
        return [tree[2], tree[3]]
    if tag == "call":
        return list(tree[3])
    if tag == "at":
        return [tree[1], *tree[2]]
    if tag == "block":
        return [entry for row in tree[1] for entry in row]
    if tag == "isum":
        return [tree[2]]
    if tag == "tuple":
        return list(tree[1])
    return []


def names(tree: Tree) -> set[str]:
    """Every name of a formula that is no function's.

    >>> sorted(names(parse("inv(A)*x + sum(k: x[k])")))
    ['A', 'k', 'x']
    """
    found: set[str] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if node[0] == "name":
            found.add(node[1])
        stack.extend(parts(node))
    return found


def running(tree: Tree) -> set[str]:
    """The indices that `sum(k: …)` runs over.

    >>> running(parse("n*sum(k: x[k])"))
    {'k'}
    """
    found: set[str] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if node[0] == "isum":
            found.update(node[1])
        stack.extend(parts(node))
    return found


def functions(tree: Tree) -> set[str]:
    """Every function that a formula calls."""
    found: set[str] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if node[0] == "call":
            found.add(node[1])
        stack.extend(parts(node))
    return found


def nodes(tree: Tree) -> int:
    """The length: one for each name, number, operator, call, transpose, entry; parentheses are free.

    >>> nodes(parse("2*A'*(A*x-b)")), nodes(parse("kron(eye(p),A)")), nodes(parse("[A, B]"))
    (10, 4, 3)
    """
    count = 0
    stack = [tree]
    while stack:
        node = stack.pop()
        count += len(node[1]) + 1 if node[0] == "isum" else node[0] not in ("tuple", ":")
        stack.extend(parts(node))
    return count


def length(text: str, where: Mapping[str, str]) -> int:
    """Nodes of a formula, with the formula of each `where` name that it uses, directly or not, counted once.

    >>> length("diag(s)-s*s'", {"s": "softmax(x)", "unused": "x"})
    9
    """
    total = 0
    waiting, seen = [parse(text)], set[str]()
    while waiting:
        tree = waiting.pop()
        total += nodes(tree)
        for name in names(tree):
            if name in where and name not in seen:
                seen.add(name)
                waiting.append(parse(where[name]))
    return total
