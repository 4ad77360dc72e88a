"""The grammar of LaTeX's mathematics, as far as people paste it: what stands side by side is multiplied."""

from __future__ import annotations

import re
from typing import final

from frechet.errors import FrechetError
from frechet.language.brackets import as_divisor, as_factor, as_term, closed, unbracketed
from frechet.language.calls import callable_name
from frechet.language.latexframe import bound_indices
from frechet.language.latexwords import (
    BOLD,
    FACES,
    GREEK_COMMANDS,
    INFIX,
    LAST,
    MARKS,
    NAMES,
    NORMS,
    OPERATORS,
    RANGE,
    TURNS,
    UNEQUAL,
    UPRIGHT,
    tokens_of,
)
from frechet.language.names import COUNTS, SPELLED
from frechet.language.sidebyside import UNSPECIFIED
from frechet.language.troubles import located, visible

DEPTH = 60
"""How deep groups may be nested."""


@final
class Reader:
    """The tokens of a piece of LaTeX and a place among them."""

    def __init__(self, text: str, indices: frozenset[str] | None = None) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = self.depth = 0
        self.bars = self.norms = 0  # how many are open
        self.indices = bound_indices(text) if indices is None else indices
        self.wrt: list[str] = []
        self.bold: set[str] = set()
        self.ranges: dict[str, str] = {}
        self.shifts: dict[str, set[int]] = {}
        self.open: list[str] = []
        self.alias: dict[str, str] = {}
        self.summed_over: set[str] = set()

    # -- tokens --------------------------------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        """The kind and text of a token to come; ("end", "") after the last."""
        k = self.at + ahead
        return self.tokens[k][:2] if k < len(self.tokens) else ("end", "")

    def take(self, *signs: str) -> bool:
        """Pass over a token if it is one of these."""
        if self.peek()[1] in signs and self.peek()[0] != "end":
            self.at += 1
            return True
        return False

    def fail(self, message: str) -> FrechetError:
        """A refusal at this place."""
        place = self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)
        return located("syntax", f"this LaTeX cannot be read: {visible(message)}", self.text, place)

    def group(self) -> str:
        """What stands in braces, or the one token that stands for it."""
        if self.take("{"):
            inner = self.total()
            if not self.take("}"):
                raise self.fail("a { is never closed")
            return inner
        return self.atom()

    def argument(self) -> str:
        r"""The argument of a command: a group, or else one sign alone, so that `\frac12 x` is (1/2)*x."""
        kind, piece = self.peek()
        if kind == "number" and len(piece) > 1:
            start = self.tokens[self.at][2]
            if not piece.isdigit():
                raise self.fail(f"put {piece} in braces")
            self.tokens[self.at] = (kind, piece[1:], start + 1)
            return piece[0]
        if kind == "letter":
            self.at += 1
            return piece
        return self.group()

    def raw(self) -> str:
        """The letters in braces as they stand."""
        if not self.take("{"):
            kind, piece = self.peek()
            if kind == "command" and piece in FACES:
                self.at += 1
                return self.raw()
            self.at += 1
            return piece if kind != "end" else ""
        out: list[str] = []
        depth = 1
        while depth:
            kind, piece = self.peek()
            if kind == "end":
                raise self.fail("a { is never closed")
            self.at += 1
            depth += (piece == "{") - (piece == "}")
            if depth and piece not in "{}" and not (kind == "command" and (piece in FACES or piece == "rm")):
                out.append(piece)
        return "".join(out)

    # -- sums and products ---------------------------------------------------------------------------------------------

    def whole(self) -> str:
        """The formula, perhaps an equation, perhaps after statements."""
        statements = [self.equation()]
        while self.take(";", "\\"):
            if self.at < len(self.tokens):
                statements.append(self.equation())
        if self.at < len(self.tokens):
            raise self.fail(f"{self.peek()[1]} was not expected here")
        return "; ".join(statements)

    def equation(self) -> str:
        """A formula, or one after another with = between, behind what says what it is for: f(X) =, min_w, ∂/∂X."""
        self.preamble()
        left = self.heading() or self.total()
        while self.take("="):
            self.preamble()
            left += " = " + self.total()
        return left

    def preamble(self) -> None:
        r"""Pass over `\min_w`, `\nabla_x`, `\frac{\partial}{\partial X}` before a formula, and note the variable."""
        while True:
            start = self.at
            kind, piece = self.peek()
            word = piece if kind == "command" else ""
            if word in FACES:
                self.at += 1
                word = self.raw().replace(" ", "")
            if word in OPERATORS and self.peek(0 if self.at > start else 1)[1] not in ("(", "{", r"\{"):
                self.at = max(self.at, start + 1)
                if self.take("_"):
                    self.wrt += self.named_below()
                continue
            self.at = start
            if word == "nabla" and self.peek(1)[1] == "_":
                self.at += 2
                self.wrt += self.named_below()
                continue
            if word in ("frac", "dfrac", "tfrac") and self.partial():
                continue
            return

    def named_below(self) -> list[str]:
        """The names in a subscript: one, or several with commas."""
        if not self.take("{"):
            return [self.name_alone()]
        names = [self.name_alone()]
        while self.take(","):
            names.append(self.name_alone())
        if self.peek()[0] == "command" and self.peek()[1] in ("in", "ge", "geq", "succ", "succeq"):
            raise self.fail("a variable in a set is not read: declare what is known of it with --assume")
        if not self.take("}"):
            raise self.fail("a name was expected here, or several with commas")
        return names

    def name_alone(self) -> str:
        """One name, with its face and subscript."""
        name = self.factor()
        if not name.isidentifier():
            raise self.fail("the variable is one name")
        return name

    def partial(self) -> bool:
        r"""`\frac{\partial}{\partial X}` or `\frac{d}{dX}` before a formula: the variable is noted."""
        start = self.at
        above = [t[1] for t in self.tokens[self.at + 1 : self.at + 5]]
        if above[:2] == ["{", "partial"] and above[2:3] != ["}"]:
            return self.partial_of()
        if above[:1] != ["{"] or above[1:3] not in (["partial", "}"], ["d", "}"]) or above[3:4] != ["{"]:
            return False
        self.at += 5
        if self.take("partial") or self.take("d"):
            self.wrt.append(self.name_alone())
            if self.take("}"):
                return True
        self.at = start
        return False

    def partial_of(self) -> bool:
        r"""`\\frac{\\partial tr(AX)}{\\partial X}` becomes the formula in it; the variable is noted."""
        start = self.at
        self.at += 3
        first = self.at
        depth = 1
        while depth and self.at < len(self.tokens):
            depth += (self.peek()[1] == "{") - (self.peek()[1] == "}")
            self.at += 1
        last = self.at - 1
        single = last - first <= 1 or self.tokens[first + 1][1] in ("_", "^")
        if depth or single or not self.take("{") or not (self.take("partial") or self.take("d")):
            self.at = start
            return False
        self.wrt.append(self.name_alone())
        if not self.take("}"):
            self.at = start
            return False
        inside = self.tokens[first:last]
        self.tokens[start : self.at] = [("sign", "(", inside[0][2]), *inside, ("sign", ")", inside[-1][2])]
        self.at = start
        return False

    def heading(self) -> str:
        r"""`f(X, b)` or `\mathcal{L}(\theta)` before = (or :=): the value's name; what it depends on is noted."""
        start, before = self.at, len(self.wrt)
        try:
            name = self.heading_name()
            if name and self.take("("):
                self.wrt.append(self.name_alone())
                while self.take(",", ";", "\\"):
                    self.wrt.append(self.name_alone())
                if self.take(")"):
                    self.take(":")
                    if self.peek()[1] == "=":
                        return name
        except FrechetError:
            pass
        self.at = start
        del self.wrt[before:]
        return ""

    def heading_name(self) -> str:
        """The name of a value: a letter, in a face or not, with a subscript."""
        kind, piece = self.peek()
        if kind == "letter":
            self.at += 1
            name = piece
        elif kind == "command" and piece in FACES:
            self.at += 1
            name = self.raw()
        elif kind == "command" and (piece in GREEK_COMMANDS or piece == "ell"):
            self.at += 1
            name = GREEK_COMMANDS.get(piece, "l")
        else:
            return ""
        if self.take("_"):
            name += "_" + self.raw().replace(" ", "").replace(",", "")
        return name if name.isidentifier() else ""

    def total(self) -> str:
        """A sum."""
        self.depth += 1
        if self.depth > DEPTH:
            raise FrechetError("limit", f"the LaTeX is nested more than {DEPTH} deep")
        out = ""
        sign = "-" if self.take("-") else ""
        self.take("+")
        while True:
            out += sign + self.product()
            if self.take("+"):
                sign = "+"
            elif self.take("-"):
                sign = "-"
            else:
                break
        self.depth -= 1
        return out

    def product(self) -> str:
        """Factors side by side or with signs between."""
        out = self.factor()
        while True:
            kind, piece = self.peek()
            if kind == "command" and piece in INFIX:
                self.at += 1
                right = self.factor()
                if piece == "times" and _vector(out) and _vector(right):
                    self.at -= 1
                    raise self.fail(
                        f"a × between vectors is the cross product, which is not read; of numbers write no sign, the "
                        f"inner product is {out}^T {right}, the entrywise one {out} \\odot {right}"
                    )
                out += INFIX[piece] + right
            elif piece == ":" and kind == "sign":
                self.at += 1
                out += ":" + self.product()
            elif piece in ("*", "/") and kind == "sign":
                self.at += 1
                out += piece + self.factor()
            elif kind == "end" or self.closes(kind, piece):
                return out
            else:
                out += "*" + self.factor()

    def closes(self, kind: str, piece: str) -> bool:
        """Whether a token ends a product."""
        if kind == "sign":
            return piece in "+-=})],;" or (piece == "|" and self.bars > 0)
        closers = ("}", "rangle", "rVert", "rvert", "\\")
        return kind == "command" and (piece in closers or (piece in ("|", "Vert") and self.norms > 0))

    # -- factors -------------------------------------------------------------------------------------------------------

    def factor(self) -> str:
        """An atom with what stands after it: subscripts, exponents, primes."""
        return self.raised(self.atom())

    def raised(self, base: str) -> str:
        """The base with exponents and primes."""
        while True:
            if self.take("'"):
                base += "'"
            elif self.take("^"):
                base = self.exponent(base)
            else:
                return base

    def exponent(self, base: str) -> str:
        """What an exponent means: a transpose, an inverse, a power."""
        start = self.at
        if self.peek()[0] == "end":
            raise self.fail("an exponent is missing")
        raw = self.raw().replace(" ", "")
        if raw in TURNS:
            return base + "'"
        if raw in ("-T", "-top", "-intercal"):
            return f"inv({unbracketed(base)})'"
        if raw in ("H", "dagger", "ast", "*"):
            return f"herm({unbracketed(base)})"
        if raw in ("-H", "-dagger", "-ast", "-*"):
            return f"inv(herm({unbracketed(base)}))"
        if raw == "-1":
            return f"inv({unbracketed(base)})"
        if re.fullmatch(r"(circ|odot)[a-z0-9]+", raw):
            return f"{base}.^{raw[4:]}"
        if raw == "+":
            return f"pinv({unbracketed(base)})"
        label = re.fullmatch(r"\((\w+)([+-]\d+)?\)|\[(\w+)\]", raw)
        if label and base != "e":  # the second of several, as in W^{(2)}; no power is written so
            digits = label[1] or label[3]
            if digits in self.indices and base.isidentifier():  # the i-th of the data, as in x^{(i)}
                digits = self.alias.get(digits, digits)
                self.shifts.setdefault(digits, set()).add(int(label[2] or 0))
                return f"{base}[{digits}{label[2] or ''}]"
            if not base.isidentifier() or label[2]:
                self.at = start
                raise self.fail(f"{raw} above {base} is a label: write an index below, or one name")
            return base + (digits if digits.isdigit() else f"_{digits}")
        self.at = start
        inner = self.group()
        return f"{base}^{inner if inner.isalnum() else f'({inner})'}"

    def atom(self) -> str:
        """A number, a name, a bracket, a command."""
        kind, piece = self.peek()
        if kind == "end":
            raise self.fail("the formula ends where a name or a number was expected")
        if piece == "{":
            return as_factor(self.group())
        self.at += 1
        if kind == "number":
            return piece
        if kind == "letter":
            return self.named(self.differential(piece))
        if kind == "command":
            return self.command(piece)
        if piece in "([":
            inner = self.total()
            while self.take(","):
                inner += "," + self.total()
            if not self.take(")" if piece == "(" else "]"):
                raise self.fail(f"a {piece} is never closed")
            return f"({inner})"
        if piece == "|":
            return self.barred("|")
        if piece == "-":
            return "-" + self.factor()
        self.at -= 1
        raise self.fail(f"{piece} was not expected here")

    def differential(self, letter: str) -> str:
        """dX as one name: a d that touches a letter."""
        if letter != "d" or self.at >= len(self.tokens):
            return letter
        kind, piece, start = self.tokens[self.at]
        if kind == "letter" and start == self.tokens[self.at - 1][2] + 1:
            self.at += 1
            return "d" + piece
        return letter

    def command(self, name: str) -> str:
        """A command and its arguments."""
        if name in ("frac", "tfrac", "dfrac", "cfrac"):
            return self.fraction()
        if name == "sqrt":
            return self.root()
        if name in ("partial", "nabla"):
            return ("∂" if name == "partial" else "∇") + self.by()
        if name in ("|", "Vert", "lVert", "Vert*"):
            return self.norm("rVert" if name == "lVert" else name)
        if name == "lvert":
            return self.barred("rvert")
        if name == "langle":
            return self.inner()
        if name in ("sum", "prod"):
            return self.summed(name)
        if name == "rm":
            return self.upright()
        if name == "lg":
            return f"({self.function('log')}/log(10))"
        if name == "top":
            raise self.fail(r"\top belongs in an exponent")
        if name in FACES:
            return self.faced(name)
        if name in GREEK_COMMANDS or name.lower() in GREEK_COMMANDS:
            return self.named(GREEK_COMMANDS.get(name, name))
        if name == "ell":
            return self.named("l")
        return self.function(NAMES.get(name, name))

    def upright(self) -> str:
        """A word in upright letters, as in {\\rm tr}(A)."""
        word = ""
        while self.peek()[0] == "letter":
            word += self.peek()[1]
            self.at += 1
        if word == "T":
            raise self.fail("T belongs in an exponent")
        called = NAMES.get(word, word)
        return self.function(called) if callable_name(called) and len(called) > 1 else self.named(word)

    def by(self) -> str:
        """What ∂ or ∇ is taken of, with its indices."""
        kind, piece = self.peek()
        if kind == "command":
            self.at += 1
            name = self.raw() + MARKS.get(piece, "") if piece in FACES else GREEK_COMMANDS.get(piece, piece)
        else:
            name = self.raw()
        below = self.raw().replace(",", "").replace(" ", "") if self.take("_") else ""
        if below and all(c in self.indices for c in below):
            return f"{name}[{','.join(below)}]"
        return name + (below if below.isdigit() else f"_{below}" if below else "")

    def faced(self, face: str) -> str:
        """A name in another face, an operator's name."""
        raw = self.raw()
        called = NAMES.get(raw, raw)
        if called == "1":
            return self.ones()
        if called == "0":
            return "0"
        if face in BOLD:
            self.bold.add(called)
        if face == "mathbb" and called in "EP" and self.peek()[1] in ("(", "[", "{"):
            raise self.fail(f"there is no expectation or probability ({called}) in the language")
        if face in MARKS:
            if face == "bar" and len(called) > 2 and called not in SPELLED:
                raise self.fail("a mark over more than a name is not read")
            return self.named(called + MARKS[face])
        if callable_name(called) and len(called) > 1 and called not in SPELLED:
            return self.function(called)
        if not called.isidentifier():
            raise self.fail(f"{called} is no name")
        if face in UPRIGHT and len(called) > 1 and self.peek()[1] in ("(", "["):
            raise self.fail(f"{called} is not a function that is known here")
        return self.named(called)

    def fraction(self) -> str:
        """A quotient; ∂L/∂W stays one."""
        above, below = self.argument(), self.argument()
        ratio = all(re.fullmatch(r"[∂d]\w+(\[.*\])?", part) for part in (above, below))
        if ratio:
            return f"{above}/{below}"
        return f"({as_term(above)}/{as_divisor(below)})"

    def norm(self, close: str) -> str:
        """A norm in double bars with its subscript."""
        self.norms += 1
        inner = self.total()
        self.norms -= 1
        if not self.take(close, "Vert", "|"):
            raise self.fail("a norm is never closed")
        start = self.at
        below = self.take("_")
        which = self.raw() if below else "2"
        if which not in NORMS:
            self.at = start
            raise self.fail(
                f"no norm is known with {which} below: norms have 1, 2, F, * (nuclear) or op (spectral) there; "
                "with a matrix M write x^T M x"
            )
        if NORMS[which] != "norm2" or which.lower() in ("f", "fro", "hs"):
            return f"{NORMS[which]}({inner})"
        return f"‖{inner}‖" + ("_2" if below else "")

    def root(self) -> str:
        """A square root, or another: the third is sqrt[3]."""
        if not self.take("["):
            return f"sqrt({self.argument()})"
        which = self.total()
        if not self.take("]"):
            raise self.fail("a [ is never closed")
        return f"({self.argument()})^(1/{as_divisor(which)})"

    def inner(self) -> str:
        """The inner product of two arrays of one shape."""
        left = self.total()
        if not self.take(","):
            raise self.fail("an inner product has a comma between its two arrays")
        right = self.total()
        if not self.take("rangle"):
            raise self.fail(r"a \langle is never closed")
        start = self.at
        if self.take("_") and self.raw() not in NORMS:
            self.at = start
            raise self.fail("inner products have nothing below them, or F")
        return f"tr(herm({left})*({right}))"

    def barred(self, close: str) -> str:
        """What stands between single bars: a determinant of a capital, a modulus else."""
        self.bars += 1
        inner = self.total()
        self.bars -= 1
        if not self.take(close):
            raise self.fail("a | is never closed")
        return f"|{inner}|"

    def summed(self, name: str) -> str:
        """A sum over an index, or of what follows."""
        start = self.at
        below = self.below() if self.take("_") else ""
        above = self.raw().replace(" ", "") if self.take("^") else ""
        found, unequal = RANGE.fullmatch(below), UNEQUAL.fullmatch(below)
        if (below and not found and not unequal) or (above and not LAST.fullmatch(above)):
            self.at = start
            raise self.fail(
                f"a {name} runs over whole axes (i=1 to n), not over a part of them; "
                "write a condition as a factor, (1-delta(i,j)) for i≠j"
            )
        if unequal:
            return self.unequal(name, unequal["one"], unequal["other"])
        names = found["names"].replace(",", "") if found else ""
        outer = dict(self.alias)
        for n in names:
            if n in self.summed_over:
                self.alias[n] = self.fresh_index()
        written = [self.alias.get(n, n) for n in names]
        self.summed_over.update(names, written)
        self.open += names
        body = self.product()
        del self.open[len(self.open) - len(names) :]
        for n in written:
            self.range(n, found["first"] if found else None, above, start)
        self.alias = outer
        return f"{name}({','.join(written)}: {body})" if names else f"{name}({body})"

    def fresh_index(self) -> str:
        """A letter that no index of the formula has yet."""
        used = {*self.summed_over, *self.indices, *(t[1] for t in self.tokens if t[0] == "letter")}
        return next((c for c in "ijklrstpqmnuvwh" if c not in used), "i1")

    def below(self) -> str:
        """What stands below a sum, relations and all."""
        start = self.at
        raw = self.raw().replace(" ", "")
        if any(k == "command" and p in ("in", "subset", "notin", "mid", "leq", "le", "lt") for k, p, _ in
               self.tokens[start : self.at]):  # fmt: skip
            return "∈"
        return raw

    def unequal(self, name: str, one: str, other: str) -> str:
        r"""A sum over pairs that differ, or over those of one index that differ from another that is summed outside."""
        if name != "sum":
            raise self.fail("a product over pairs that differ is not read")
        outside = other in self.open
        self.summed_over.update((one, other))
        self.open.append(one)
        body = self.product()
        self.open.pop()
        names = one if outside else f"{one},{other}"
        return f"sum({names}: (1-delta({one},{other}))*{as_factor(body)})"

    def range(self, index: str, first: str | None, above: str, start: int) -> None:
        """Note how far a sum runs: where every member that it uses exists, and no less."""
        found = LAST.fullmatch(above)
        shifts = self.shifts.get(index, set()) or {0}
        low, high = min(shifts), max(shifts)
        base = int(first) if first is not None else 1
        zero = first == "0" and low == 0
        ending = int(found["shift"] or 0) if found and found["name"] else 0
        whole = (base == 1 - low or zero) and ending == (-1 - high if zero else -high)
        if first is not None and not whole and not (found and found["number"]):
            self.at = start
            raise self.fail(
                f"this sum runs over whole axes only: with {index}{high:+d} it ends at n{-high:+d}, "
                "where every member exists"
                if high
                else "a sum runs over whole axes (i=1 to n), not over a part of them"
            )
        if found and found["name"]:
            self.ranges[index] = found["name"] + (f"-{high - low}" if high > low else "")
        elif found:
            self.ranges[index] = str(int(found["number"]) - base + 1)

    def ones(self) -> str:
        """The vector of ones, with its size if that is given."""
        return f"ones({self.raw()})" if self.take("_") else "vector(1)"

    def function(self, name: str) -> str:
        """A function and its argument: a bracket, a group, or the factors that follow."""
        if name == "log" and self.peek() == ("command", "det"):
            self.at += 1
            name = "logdet"
        elif name == "log" and self.peek()[1] in ("lvert", "|") and self.peek()[0] != "end":
            self.at += 1
            inner = self.barred("rvert" if self.tokens[self.at - 1][1] == "lvert" else "|")
            return f"log({inner})"
        elif name == "log" and self.take("_"):
            base = self.raw()
            if not base.isdigit():
                raise self.fail("the base of a logarithm is a number")
            return f"({self.function('log')}/log({base}))"
        if not callable_name(name):
            self.at -= 1
            left = f" (A\\{name} is written inv(A)*{name})" if len(name) == 1 else ""
            raise self.fail(f"\\{name} is not among the commands that are read{left}")
        power = self.group() if self.peek()[1] == "^" and self.take("^") else ""
        if power == "-1" and name not in ("tr", "det"):  # the inverse function, never the reciprocal
            if not callable_name("arc" + name):
                raise self.fail(f"the inverse function of {name} is not written {name}^-1")
            name, power = "arc" + name, ""
        if self.peek()[1] in ("(", "[", "{"):
            opened = self.atom()
            argument = opened[1:-1] if opened.startswith("(") and closed(opened) else opened
            out = f"{name}({argument})"
        else:
            argument = self.product() if name in ("tr", "det", "logdet") else self.factor()
            out = f"{name}({argument})"
        return f"{out}^{power}" if power else out

    def named(self, name: str) -> str:
        """A name with its subscript: an entry, a member, a size, or a part of the name."""
        if not self.take("_"):
            return self.applied(name)
        start = self.at
        below = self.raw().replace(" ", "")
        raw = below.replace(",", "")
        shifted = re.fullmatch(r"([a-z])([+-]\d+)", raw)
        if shifted and shifted[1] in self.indices:
            index = self.alias.get(shifted[1], shifted[1])
            self.shifts.setdefault(index, set()).add(int(shifted[2]))
            return f"{name}[{index}{shifted[2]}]"
        if not raw.isidentifier() and not raw.isdigit():
            self.at = start
            raise self.fail(f"{below} below {name} is no index that is read: one is a letter or a number")
        if raw.isdigit() and "," in below:
            return f"{name}[{below}]"
        if name == "I":
            return f"eye({raw})"
        if all(c in self.indices for c in raw) and len(raw) <= 2:
            raw = [self.alias.get(c, c) for c in raw]
            for c in raw:
                self.shifts.setdefault(c, set()).add(0)
            return f"delta({raw[0]},{raw[1]})" if name == "delta" and len(raw) == 2 else f"{name}[{','.join(raw)}]"
        whole = name + (raw if raw.isdigit() else f"_{raw}")
        if name in self.bold:
            self.bold.add(whole)
        return self.applied(whole)

    def applied(self, name: str) -> str:
        """A name before a bracket that is a function of what stands in it: σ(a), f(x)."""
        k = 0
        while self.peek(k)[1] == "'":
            k += 1
        if self.peek(k)[1] == "(" and name in UNSPECIFIED:
            self.at += k
            called = "varphi" if name == "phi" else name
            return f"{called}{chr(39) * k}{self.atom()}"
        return name


def _vector(text: str) -> bool:
    """Whether a factor is a name that can be a vector: a small letter that does not count."""
    name = text.rsplit("*", 1)[-1].rstrip("'")
    return name.isidentifier() and name not in COUNTS and name not in SPELLED and name.islower()
