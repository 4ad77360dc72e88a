"""The libraries that code is written for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from frechet.compiler.emit.dialect import Dialect
from frechet.compiler.emit.jax import Jax
from frechet.compiler.emit.torch import Torch

Target = Literal["numpy", "jax", "torch"]
TARGETS: tuple[Target, ...] = get_args(Target)

DIALECTS: Mapping[str, type[Dialect]] = {"numpy": Dialect, "jax": Jax, "torch": Torch}
