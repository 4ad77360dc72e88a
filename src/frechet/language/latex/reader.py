"""The grammar of LaTeX's mathematics, as far as people paste it: what stands side by side is multiplied."""

from __future__ import annotations

import re
from typing import final

from frechet.core.records import signs
from frechet.errors import FrechetError
from frechet.language.brackets import as_divisor, as_factor, as_term, closed, unbracketed
from frechet.language.calls import norm_with
from frechet.language.latex.arguments import divided
from frechet.language.latex.before_formula import heading, preamble
from frechet.language.latex.cursor import Cursor
from frechet.language.latex.names import applied, derivative_of, differential, faced, function, label_of, named, upright
from frechet.language.latex.sums import summed
from frechet.language.latex.words import (
    FACES,
    GREEK_COMMANDS,
    INFIX,
    TURNS,
    called,
)
from frechet.language.names import COUNTS, SPELLED

DEPTH = 60
"""How deep groups may be nested."""


@final
class Reader(Cursor):
    """A piece of LaTeX read as the formula language."""

    # -- groups --------------------------------------------------------------------------------------------------------

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
        preamble(self)
        left = heading(self) or self.total()
        while self.take("="):
            preamble(self)
            left += " = " + self.total()
        return left

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
        begin = self.at
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
                out += ("·" if piece == "cdot" else INFIX[piece]) + right
            elif piece == ":" and kind == "sign":
                self.at += 1
                out += ":" + self.product()
            elif piece in ("*", "/") and kind == "sign":
                self.at += 1
                divisor = self.factor()
                if piece == "/":
                    divisor = divided(self, divisor, begin)
                out += piece + divisor
            elif kind == "end" or self.closes(kind, piece):
                return out
            else:
                out += "*" + self.factor()

    # -- factors -------------------------------------------------------------------------------------------------------

    def factor(self) -> str:
        """An atom with what stands after it: subscripts, exponents, primes."""
        return self.raised(self.atom())

    def raised(self, base: str) -> str:
        """The base with exponents and primes."""
        while True:
            if self.take("'"):
                base += "'"
            elif self.peek()[1] == "_" and self.peek(1)[1] == "+" and closed(base):
                self.at += 2
                base = f"{signs()['(a)_+'].name}{base}"
            elif self.peek()[1] == "_" and [self.peek(k)[1] for k in (1, 2, 3)] == ["{", "+", "}"] and closed(base):
                self.at += 4
                base = f"{signs()['(a)_+'].name}{base}"
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
        if raw == "dagger" and not (base.isidentifier() and base.islower()):  # of a vector it is the conjugate only
            raise _dagger(self, start, unbracketed(base))
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
        label = re.fullmatch(r"\((\w+)([+-]\d+)?\)|\[(\w+)([+-]\d+)?\]", raw)
        if label and base != "e":  # the second of several, as in W^{(2)}; no power is written so
            digits, shift = label[1] or label[3], label[2] or label[4] or ""
            if digits in self.indices and base.isidentifier():  # the i-th of the data, as in x^{(i)}
                digits = self.alias.get(digits, digits)
                self.shifts.setdefault(digits, set()).add(int(shift or 0))
                self.families.add(base)
                return f"{base}[{digits}{shift}]"
            if not base.isidentifier() or (shift and digits in "ij"):
                self.at = start
                raise self.fail(f"{raw} above {base} is a label: write an index below, or one name")
            return applied(self, base + label_of(digits, shift))
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
            return named(self, differential(self, piece))
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

    def command(self, name: str) -> str:
        """A command and its arguments."""
        if name in ("frac", "tfrac", "dfrac", "cfrac"):
            return self.fraction()
        if name == "sqrt":
            return self.root()
        if name in ("partial", "nabla"):
            return ("∂" if name == "partial" else "∇") + derivative_of(self)
        if name in ("|", "Vert", "lVert", "Vert*"):
            return self.norm("rVert" if name == "lVert" else name)
        if name == "lvert":
            return self.barred("rvert")
        if name == "langle":
            return self.inner()
        if name in ("sum", "prod"):
            return summed(self, name)
        if name == "rm":
            return upright(self)
        if name == "lg":
            return f"({function(self, 'log')}/log(10))"
        if name == "top":
            raise self.fail(r"\top belongs in an exponent")
        if name in FACES:
            return faced(self, name)
        if name in GREEK_COMMANDS or name.lower() in GREEK_COMMANDS:
            return named(self, GREEK_COMMANDS.get(name, name))
        if name == "ell":
            return named(self, "l")
        return function(self, called(name))

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
        found = norm_with(which)
        if found is None:
            self.at = start
            raise self.fail(
                f"no norm is known with {which} below: norms have 1, 2, F, * (nuclear) or op (spectral) there; "
                "with a matrix M write x^T M x"
            )
        if found is not signs()["‖x‖"] or which.lower() in ("f", "fro", "hs"):
            return f"{found.name}({inner})"
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
        if self.take("_") and norm_with(self.raw()) is None:
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


def _vector(text: str) -> bool:
    """Whether a factor is a name that can be a vector: a small letter that does not count."""
    name = text.rsplit("*", 1)[-1].rstrip("'")
    return name.isidentifier() and name not in COUNTS and name not in SPELLED and name.islower()


def _dagger(r: Cursor, start: int, base: str) -> FrechetError:
    """A dagger above a matrix is a pseudoinverse in numerics and a conjugate transpose in physics: a question."""
    begin = r.tokens[start][2]
    end = r.tokens[r.at][2] if r.at < len(r.tokens) else len(r.text)
    rest = " " * r.text[begin:end].endswith(" ") + r.text[end:]
    readings = (f"{r.text[:begin]}{{+}}{rest}", f"{r.text[:begin]}{{H}}{rest}")
    wide = len(f"the conjugate transpose herm({base})")
    lines = (
        f"  {f'the pseudoinverse pinv({base})':<{wide}}    {readings[0]}\n"
        f"  the conjugate transpose herm({base})    {readings[1]}"
    )
    r.at = start
    trouble = r.fail("a dagger above a matrix could be")
    return FrechetError("syntax", f"{trouble.message}\n{lines}", trouble.position, readings)
