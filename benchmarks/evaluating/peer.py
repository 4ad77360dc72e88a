"""What a peer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Cannot(Exception):
    """Why a library has no way to a line."""


@dataclass(frozen=True)
class Peer:
    """One way of one library.

    call     works it out, done when it returns
    arrays   of what `call` returned, the arrays: the axes of the value first, then those of each variable
    compiles   the first call prepares the others
    """

    library: str
    way: str
    call: Callable[[], Any]
    arrays: Callable[[Any], list[Any]]
    compiles: bool = False

    @property
    def name(self) -> str:
        return f"{self.library} {self.way}".strip()
