"""The operations, one record each, and the registry of them all.

Here belongs everything that is known of one operation, in the file of its family.  What holds of many operations
belongs in the algebra, in `notation`, in the calculus: those read the records and know none of them by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from frechet.core.op import Op
from frechet.core.records import RECORDS, enter, equate, record, withdraw, write
from frechet.ops.arithmetic import ARITHMETIC
from frechet.ops.blocks import BLOCKS
from frechet.ops.circulant import CIRCULANTS
from frechet.ops.complex import COMPLEX
from frechet.ops.constants import CONSTANTS
from frechet.ops.cumulative import CUMULATIVE
from frechet.ops.determinants import DETERMINANTS
from frechet.ops.elementwise import ELEMENTWISE
from frechet.ops.fourier import FOURIER
from frechet.ops.indexform import INDEXFORM
from frechet.ops.leaves import LEAVES
from frechet.ops.matrix import MATRIX, UNSPOKEN
from frechet.ops.order import ORDERED
from frechet.ops.reductions import REDUCTIONS
from frechet.ops.shaping import SHAPING
from frechet.ops.softmax import SOFTMAXES
from frechet.ops.stable import STABLE, THE_SAME
from frechet.ops.stored import register
from frechet.ops.tensors import TENSORS
from frechet.ops.toeplitz import TOEPLITZ_LIKE
from frechet.ops.vectors3 import VECTORS3

_spoken: dict[str, Op] = {}

REGISTRY: Mapping[str, Op] = MappingProxyType(_spoken)
"""Every operation of the language by its name."""


def add(op: Op) -> None:
    """Add an operation to the language; its name must be new."""
    enter(op)
    if op.spoken:
        _spoken[op.name] = op


def remove(name: str) -> None:
    """Take out an operation that was added from outside."""
    withdraw(name)
    _spoken.pop(name, None)


for _group in (
    LEAVES,
    ARITHMETIC,
    ELEMENTWISE,
    REDUCTIONS,
    SOFTMAXES,
    COMPLEX,
    DETERMINANTS,
    MATRIX,
    SHAPING,
    BLOCKS,
    CONSTANTS,
    TENSORS,
    CUMULATIVE,
    VECTORS3,
    ORDERED,
    TOEPLITZ_LIKE,
    FOURIER,
    CIRCULANTS,
    INDEXFORM,
    UNSPOKEN,
):
    for _op in _group:
        add(_op)

register()
write(STABLE)
equate(THE_SAME)

__all__ = ["RECORDS", "REGISTRY", "add", "record", "remove"]
