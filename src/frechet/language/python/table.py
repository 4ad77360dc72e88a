"""The table: what each function of NumPy, SciPy, JAX and PyTorch means."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from frechet.errors import FrechetError
from frechet.language.python.calls import Call
from frechet.language.python.creation import CREATION
from frechet.language.python.elementwise import ELEMENTWISE
from frechet.language.python.libraries import relative
from frechet.language.python.linear import LINEAR
from frechet.language.python.losses import LOSSES
from frechet.language.python.statistics import STATISTICS
from frechet.language.python.values import Value

TABLE: Mapping[str, Callable[[Call], Value]] = MappingProxyType(
    {**ELEMENTWISE, **STATISTICS, **LINEAR, **CREATION, **LOSSES}
)
"""Every function by its name within its library: "linalg.inv", "nn.relu", "functional.mse_loss", "exp"."""


def meaning(path: str) -> Callable[[Call], Value] | None:
    """What a function means, by its full name.

    >>> meaning("numpy.linalg.norm") is meaning("torch.linalg.norm"), meaning("numpy.fft.fft")
    (True, None)
    """
    return next((TABLE[name] for name in relative(path) if name in TABLE), None)


def unknown(path: str) -> FrechetError:
    """The refusal of a function that is not in the table, with the one of that name that is."""
    name = path.rpartition(".")[2]
    known = sorted({entry.rpartition(".")[2] for entry in TABLE})
    near = difflib.get_close_matches(name, known, 1, 0.8)
    hint = f": did you mean {near[0]}?" if near and near[0] != name else ""
    if not hint:
        hint = ": write it out with functions that are read, or put a def of it in the text"
    return FrechetError("unsupported", f"{path} is not in the table of functions{hint}")
