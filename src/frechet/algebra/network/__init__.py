"""Tensor networks: how a multilinear node is taken apart and put together again.

A network is factors with index labels; an index that two factors share is a contraction, one that three share a
hub.  `lower` reads a node as a network, `reduce` eliminates the inner indices, `Reduced` is what is left: labels
(vectors) on the outer indices and edges (matrices) between them; `raise_two` reads a matrix off it.  Identity matrices,
``diag`` and ``diagonal`` only make indices equal; ones add nothing; a Kronecker product or a ``vec`` is an index fused
from two.
"""

from __future__ import annotations

from frechet.algebra.network.contraction import contracted
from frechet.algebra.network.indices import Network
from frechet.algebra.network.lowering import lower, networks, plain
from frechet.algebra.network.raising import raise_hubs, raise_two
from frechet.algebra.network.reducing import Reduced, reduce, unfuse_outputs, unfused

__all__ = [
    "Network", "Reduced", "contracted", "lower", "networks", "plain", "raise_hubs", "raise_two", "reduce",
    "unfuse_outputs", "unfused",
]  # fmt: skip
