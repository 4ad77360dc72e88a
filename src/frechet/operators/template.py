"""The structure of the next operator: that of the first one, with other arrays in it.

While the first operator of a plan is built, what is computed on the way is noted (`derived`), and so is what hangs on
the numbers themselves (`decided`).  Where every array of the structure is then found again among the sources and what
was derived of them, the next operator needs no reading of formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, cast, final

import numpy as np

from frechet.operators.dense import Dense
from frechet.operators.identity import Identity
from frechet.operators.places import Places
from frechet.operators.structure import Array, Structure
from frechet.operators.tape import Tape

Step = Callable[[list[Any]], Any]
"""What makes a part of the structure from the parts before it."""


@final
class Template:
    """Builds a structure like `made` over other sources; None of it where an array comes from nowhere.

    >>> a = np.ones((2, 2))
    >>> t = Template.of(Dense(a, "A").T, [a], Tape())
    >>> t.build([np.array([[1.0, 2.0], [3.0, 4.0]])]).dense().tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """

    def __init__(self, layouts: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
        self.layouts = layouts
        self.steps: list[Step] = []
        self._places: dict[int, int] = {}
        self._kept: list[object] = []
        self._whole: list[tuple[Array, int]] = []

    @staticmethod
    def of(made: Structure, sources: Sequence[Array], tape: Tape) -> Template | None:
        """The template of a structure that was built over these sources."""
        if tape.decided:
            return None
        found = Template([(a.shape, a.strides) for a in sources])
        found._whole = [(a, k) for k, a in enumerate(sources)]
        found._places = {id(a): k for k, a in enumerate(sources)}
        try:
            for result, function, inputs in tape.notes:
                at = [found._place(a) for a in inputs]
                found._add(result, lambda known, f=function, at=at: f(*[known[k] for k in at]))
                found._whole.append((result, found._places[id(result)]))
            found._place(made)
        except LookupError:
            return None
        found._places, found._kept, found._whole = {}, [], []
        return found

    def build(self, sources: Sequence[Array]) -> Structure | None:
        """The structure over these sources; None where they lie in memory in another way."""
        if [(a.shape, a.strides) for a in sources] != self.layouts:
            return None
        known: list[Any] = list(sources)
        for step in self.steps:
            known.append(step(known))
        return known[-1]

    def _add(self, value: object, step: Step) -> int:
        self.steps.append(step)
        at = self._places[id(value)] = len(self.layouts) + len(self.steps) - 1
        self._kept.append(value)  # so that no other object has its id
        return at

    def _place(self, value: Any) -> int:
        """Where a part of the structure stands among what is made."""
        if id(value) in self._places:
            return self._places[id(value)]
        if isinstance(value, np.ndarray):
            array = cast("Array", value)
            return self._add(array, self._view(array))
        if isinstance(value, Dense):
            at = self._place(value.array)
            said = (value.name, value.level, value.turned)
            return self._add(value, lambda known: Dense(known[at], *said))
        if isinstance(value, tuple):
            parts = cast("tuple[Any, ...]", value)
            places = [self._place(part) for part in parts]
            return self._add(parts, lambda known: tuple([known[k] for k in places]))
        if is_dataclass(value) and not isinstance(value, (type, Identity)):
            made, where = type(value), [self._place(getattr(value, f.name)) for f in fields(value)]
            return self._add(value, lambda known: made(*[known[k] for k in where]))
        if isinstance(value, (str, int, float, type(None), Identity, Places)):
            return self._add(value, lambda known: value)
        raise LookupError

    def _view(self, array: Array) -> Step:
        """The same numbers of another source."""
        for whole, at in self._whole:
            if array.__array_interface__["data"] != whole.__array_interface__["data"] or array.size != whole.size:
                continue
            shape = array.shape
            if shape == whole.shape and array.strides == whole.strides:
                return lambda known: known[at]
            if whole.flags.c_contiguous and array.flags.c_contiguous:
                return lambda known: known[at].reshape(shape)
            if whole.flags.c_contiguous and array.flags.f_contiguous:
                return lambda known: known[at].reshape(shape[::-1]).T
            if whole.flags.f_contiguous and array.flags.c_contiguous:
                return lambda known: known[at].T.reshape(shape)
            if whole.flags.f_contiguous and array.flags.f_contiguous:
                return lambda known: known[at].T.reshape(shape[::-1]).T
        raise LookupError
