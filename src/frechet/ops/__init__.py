"""The operations, one record each, and the registry of them all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from frechet.core.op import Op
from frechet.ops.arithmetic import ARITHMETIC
from frechet.ops.complex import COMPLEX
from frechet.ops.constants import CONSTANTS
from frechet.ops.elementwise import ELEMENTWISE
from frechet.ops.functions import FUNCTIONS
from frechet.ops.indexform import INDEXFORM
from frechet.ops.leaves import LEAVES
from frechet.ops.operators import OPERATORS
from frechet.ops.reductions import REDUCTIONS
from frechet.ops.shaping import SHAPING
from frechet.ops.spectral import SPECTRAL
from frechet.ops.stored import register
from frechet.ops.tensors import TENSORS

REGISTRY: Mapping[str, Op] = MappingProxyType(
    {
        op.name: op
        for group in (
            LEAVES,
            ARITHMETIC,
            ELEMENTWISE,
            REDUCTIONS,
            COMPLEX,
            FUNCTIONS,
            SPECTRAL,
            SHAPING,
            CONSTANTS,
            TENSORS,
            INDEXFORM,
        )
        for op in group
    }
)
"""Every operation by its name."""

_ALL: Mapping[str, Op] = MappingProxyType({**REGISTRY, **{op.name: op for op in OPERATORS}})


def record(name: str) -> Op:
    """The operation that a node of the algebra applies: one of the language, or one that is written with others."""
    return _ALL[name]


register()
