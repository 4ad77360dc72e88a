r"""A place among the tokens of a piece of LaTeX, and what is noted on the way.

The parts of the grammar (`sums`, `names`, …) read from here; what stands in a group, a factor, a product they ask of
the :class:`~frechet.language.latex.reader.Reader`, which puts them together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from frechet.errors import FrechetError
from frechet.language.error_places import located, visible
from frechet.language.latex.displays import bound_indices, index_groups
from frechet.language.latex.words import FACES, tokens_of


class Cursor(ABC):
    """The tokens of a piece of LaTeX and a place among them."""

    def __init__(self, text: str, indices: frozenset[str] | None = None) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at: int = 0
        self.depth: int = 0
        self.bars = self.norms = 0  # how many are open
        self.groups = index_groups(text)  # those of tensors, ijk
        self.indices = (bound_indices(text) if indices is None else indices) | set("".join(self.groups))
        self.wrt: list[str] = []
        self.bold: set[str] = set()
        self.ranges: dict[str, str] = {}
        self.shifts: dict[str, set[int]] = {}
        self.open: list[str] = []
        self.alias: dict[str, str] = {}
        self.summed_over: set[str] = set()
        self.families: set[str] = set()  # names with an index that a sum runs over
        self.labels: dict[str, tuple[str, str, int]] = {}  # x_i with no sum over i: x, i, and its place

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

    def closes(self, kind: str, piece: str) -> bool:
        """Whether a token ends a product."""
        if kind == "sign":
            return piece in "+-=})],;" or (piece == "|" and self.bars > 0)
        closers = ("}", "rangle", "rVert", "rvert", "\\")
        return kind == "command" and (piece in closers or (piece in ("|", "Vert") and self.norms > 0))

    @abstractmethod
    def total(self) -> str:
        """A sum."""

    @abstractmethod
    def product(self) -> str:
        """Factors side by side or with signs between."""

    @abstractmethod
    def factor(self) -> str:
        """An atom with what stands after it: subscripts, exponents, primes."""

    @abstractmethod
    def atom(self) -> str:
        """A number, a name, a bracket, a command."""

    @abstractmethod
    def group(self) -> str:
        """What stands in braces, or the one token that stands for it."""

    @abstractmethod
    def barred(self, close: str) -> str:
        """What stands between single bars: a determinant of a capital, a modulus else."""
