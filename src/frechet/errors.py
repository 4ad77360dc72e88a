"""Every way frechet can say no.

One exception, :class:`FrechetError`, with the `kind` of the trouble and, where there is one, the
place in the formula.  Whatever enters (a formula, a shape, a file, a number) fails with one of these.
"""

from __future__ import annotations

from typing import Literal, final

Kind = Literal["shape", "syntax", "name", "unsupported", "unverified", "limit", "input", "internal"]


@final
class FrechetError(Exception):
    """A refusal with a reason.

    `message` is one plain text (several lines when a caret points into the formula), `kind` the class of the
    trouble and `position` the 0-based offset in the formula where it lies, if it lies anywhere.  Where the trouble is
    that a text can be read in several ways, `readings` are those to choose from: formulas, or options such as
    ``--shape b=m``.

    >>> raise FrechetError("shape", "A*B: inner sizes differ")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: A*B: inner sizes differ
    """

    def __init__(self, kind: Kind, message: str, position: int | None = None, readings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.position = position
        self.readings = readings

    def __reduce__(self) -> tuple[type[FrechetError], tuple[Kind, str, int | None, tuple[str, ...]]]:
        return FrechetError, (self.kind, self.message, self.position, self.readings)  # another process raises it again
