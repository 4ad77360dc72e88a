"""Names for the indices of a formula that differ from every name of the problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, final

Made = TypeVar("Made")
"""What is made of a term."""


@final
class IndexNames:
    """Names for indices that differ from every name of the problem."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = frozenset(taken)
        self._stream = self._names()
        self._known: list[str] = []
        self._at = 0

    def _names(self) -> Iterator[str]:
        yield from "ijklrstuvwpqabcdefghmno"
        k = 1
        while True:
            yield f"i{k}"
            k += 1

    def fresh(self) -> str:
        """The next free name: i, j, k, l for the outside, then r, s, t …"""
        while self._at == len(self._known):
            self._known += [name for name in (next(self._stream),) if name not in self.taken]
        self._at += 1
        return self._known[self._at - 1]

    def apart(self, terms: Iterable[Callable[[], Made]]) -> list[Made]:
        """What is made of each term of a sum: their inner indices have nothing to do with each other."""
        start = last = self._at
        made: list[Made] = []
        for term in terms:
            self._at = start
            made.append(term())
            last = max(last, self._at)
        self._at = last
        return made
