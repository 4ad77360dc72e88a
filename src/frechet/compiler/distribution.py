"""Whether a factor that is a sum is multiplied out: (U*V'-T)*V as U*(V'*V) - T*V, which forms no matrix of T's size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from frechet.algebra.network.indices import Network
from frechet.algebra.network.lowering import lower
from frechet.algebra.network.reducing import unfused
from frechet.algebra.node import Node
from frechet.compiler.contraction import WRITE, cheapest
from frechet.core.dim import Dim

GAIN = 1.3
"""How many times cheaper the terms must be, each by itself, to be preferred to the sum."""


def is_cheaper(
    net: Network, apart: Sequence[Network], outs: Sequence[int], factor: Node, uses: int, size: Callable[[Dim], int]
) -> bool:
    """Whether the networks of the terms cost less than forming the factor, for all its uses, and contracting it."""
    together = forming(factor, size) // max(uses, 1) + price(net, outs, size)
    return GAIN * sum(price(n, outs, size) for n in apart) < together


def forming(x: Node, size: Callable[[Dim], int]) -> int:
    """What it costs to write the array of a sum: its terms, and their sum."""
    entries = 1
    for d in x.shape:
        entries *= size(d)
    total = WRITE * entries * (len(x.terms) - 1)
    for t, _ in x.terms:
        if t.kind == "product":
            net = Network()
            idx = tuple(net.index(d) for d in t.shape)
            lower(net, t, idx, None, {t})
            total += price(net, idx, size)
    return total


def price(net: Network, outs: Sequence[int], size: Callable[[Dim], int]) -> int:
    """What it costs to contract a network whose factors are there."""
    factors = [{k for i in at for k in unfused(net, i)} for _, at in net.factors]
    out = {k for o in outs for k in unfused(net, o)}
    if not factors:
        return 0
    return cheapest(factors, out, lambda i: size(net.dims[i]))[0]
