"""What is known of a word: its names, and what it means of which arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Case:
    """What a word means of arguments of these shapes.

    of        the arguments with their shapes, a name of a size binding it: ``"A[m,n], B[p,q]"``; ``x`` by itself is of
              any shape, ``x[]`` a number; a text in quotation marks, inf or -inf, is that argument: ``"X, 'fro'"``;
              a number behind an equals sign is what the argument must be: ``"x, p=1"``
    formula   the formula in the language, in these names; what a question leaves open has none
    said      what is assumed where it is read so; {0}, {1} stand for the arguments as written
    asked     the readings of a question: what each means, and its formula
    refused   why there is no such thing, and what to write; {0}, {1} as in `said`
    """

    of: str
    formula: str = ""
    said: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    refused: str = ""


@final
@dataclass(frozen=True, slots=True)
class Word:
    """A word that is called like a function.

    names    how it is spelled; the case of its letters does not matter
    cases    what it means, the first that fits
    folds    whether more than two arguments are taken from the left: vstack(A,B,C) is vstack(vstack(A,B),C)
    python   what Python libraries call it where it means the same there, as `Op.python`
    """

    names: tuple[str, ...]
    cases: tuple[Case, ...]
    folds: bool = False
    python: tuple[str, ...] = ()

    @property
    def entrywise(self) -> bool:
        """Whether it is one formula of arguments of any shape."""
        return len(self.cases) == 1 and "[" not in self.cases[0].of and "'" not in self.cases[0].of


def word(names: str, of: str, formula: str, said: str = "", python: tuple[str, ...] = ()) -> Word:
    """A word of one case.

    >>> word("log1p", "x", "log(1+x)").cases[0].formula
    'log(1+x)'
    """
    return Word(tuple(names.split()), (Case(of, formula, said),), python=python)
