"""The table: what each function of NumPy, SciPy, JAX and PyTorch means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from frechet.errors import FrechetError
from frechet.language.python.arranging import ARRANGING
from frechet.language.python.attending import ATTENDING
from frechet.language.python.calls import Call
from frechet.language.python.creation import CREATION
from frechet.language.python.elementwise import ELEMENTWISE
from frechet.language.python.formulas import FORMULAS
from frechet.language.python.libraries import relative
from frechet.language.python.linear import LINEAR
from frechet.language.python.losses import LOSSES
from frechet.language.python.normalising import NORMALISING
from frechet.language.python.rearranging import REARRANGING
from frechet.language.python.recorded import operation_of, outside, reader_of
from frechet.language.python.statistics import STATISTICS
from frechet.language.python.values import Value
from frechet.language.python.words import NAMED
from frechet.language.spelling import near
from frechet.language.words import word_of
from frechet.ops import REGISTRY
from frechet.ops.words import SOUGHT

_PARTS = (
    NAMED,
    FORMULAS,
    ELEMENTWISE,
    STATISTICS,
    LINEAR,
    ARRANGING,
    REARRANGING,
    CREATION,
    LOSSES,
    NORMALISING,
    ATTENDING,
)
TABLE: Mapping[str, Callable[[Call], Value]] = MappingProxyType({k: v for part in _PARTS for k, v in part.items()})
"""What is more than one operation, by its name within its library: "linalg.norm", "functional.mse_loss", "log1p"."""


def meaning(path: str) -> Callable[[Call], Value] | None:
    """What a function means, by its full name: an operation from outside, an entry of the table, a record's name.

    >>> meaning("numpy.linalg.norm") is meaning("torch.linalg.norm"), meaning("numpy.fft.rfft")
    (True, None)
    """
    own = outside(path)
    if own is not None:
        return _read(own)
    found = next((TABLE[name] for name in (path, *relative(path)) if name in TABLE), None)
    if found is None:
        op = operation_of(path)
        found = _read(op) if op is not None else None
    return found


_read = cache(reader_of)


def unknown(path: str) -> FrechetError:
    """The refusal of a function that is not in the table, with the one of that name that is."""
    name = path.rpartition(".")[2]
    names = (*TABLE, *(n for op in REGISTRY.values() for n in op.python))
    known = sorted({entry.rpartition(".")[2] for entry in names})
    close = "" if name in SOUGHT or word_of(name) else near(name, (n for n in known if n != name))
    hint = f": did you mean {close}?" if close else ""
    if not hint:
        hint = ": write it out with functions that are read, or put a def of it in the text"
    return FrechetError("unsupported", f"{path} is not in the table of functions{hint}")
