"""One line of the table: results compared, then the times."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import ours
from .clock import TooLong, limit, once, timed
from .peer import Cannot, Peer
from .workload import Arrays, Workload, as_matrix, parts

Source = Callable[[Workload, Arrays, dict[str, float]], Iterable[Peer]]
"""From a line, its arrays and the seconds of the peers so far (it grows meanwhile) to the ways of a library."""
HOPELESS = 20
"""How many times slower than the quickest so far a peer may be before its call is given up, from 2 s on."""
AUTODIFF = ("JAX", "torch", "autograd")
"""Libraries that differentiate a program as it is; tensorgrad and asdex know more of its structure."""
NEAR = 2
"""How many times slower than the quickest peer a peer may be, at one call, to take part in the final."""


@dataclass
class Line:
    """What was measured; times in seconds.

    peers      the seconds of each peer; those outside `final` are one call's
    final      the peers that were measured in turn with ours
    missing    why a library is not there, by library
    flops, bytes   what frechet's code says of its last call
    """

    name: str
    kind: str
    at_least: float | None
    ours: float = 0.0
    way: str = ""
    hand: float | None = None
    peers: dict[str, float] = field(default_factory=dict[str, float])
    final: list[str] = field(default_factory=list[str])
    missing: dict[str, str] = field(default_factory=dict[str, str])
    flops: int | None = None
    bytes: int | None = None

    @property
    def best(self) -> str | None:
        """The quickest peer."""
        return min(self.peers, key=lambda name: self.peers[name], default=None)

    @property
    def ratio(self) -> float | None:
        """The best peer ÷ ours."""
        return self.peers[self.best] / self.ours if self.best else None

    @property
    def against_autodiff(self) -> float | None:
        """The best of JAX, torch and autograd ÷ ours."""
        times = [t for name, t in self.peers.items() if name.split()[0] in AUTODIFF]
        return min(times) / self.ours if times else None


class Different(Exception):
    """Two results differ."""


def agree(found: list[Any], wanted: list[Any]) -> None:
    """Within 1e-7 of the largest entry."""
    if len(found) != len(wanted):
        raise Different(f"{len(found)} arrays instead of {len(wanted)}")
    for mine, other in zip(found, wanted, strict=True):
        scale = float(abs(other).max())
        worst = float(abs(np.reshape(mine, other.shape) - other).max())
        if not worst <= 1e-7 * scale:
            raise Different(f"differs by {worst / scale:.1e} of the largest entry")


def listed(w: Workload, leaves: list[Any]) -> list[Any]:
    """What a library gives in its own shapes, in frechet's order."""
    if w.kind == "operator":
        return [np.concatenate([np.ravel(each, order="F") for each in leaves])]
    if w.kind in ("jacobian", "hessian", "sparse"):
        return [as_matrix(each) for each in leaves]
    return leaves


def qualified(
    w: Workload, arrays: Arrays, sources: dict[str, Source], seconds: float, line: Line, wanted: list[Any]
) -> list[Peer]:
    """The peers that give the right result, with one call's time each in the line."""
    found: list[Peer] = []
    for library, source in sources.items():
        try:
            for peer in source(w, arrays, line.peers):
                patience = min(seconds, max(2.0, HOPELESS * min(line.peers.values(), default=seconds)))
                try:
                    line.peers[peer.name] = tried(w, peer, patience, wanted)
                    found.append(peer)
                except TooLong:
                    line.missing[peer.name] = f"given up after {patience:.0f} s"
                except Exception as error:
                    line.missing[peer.name] = f"{type(error).__name__}: {said(error)}"
        except Cannot as why:
            line.missing[library] = str(why)
        except Exception as error:
            line.missing[library] = f"{type(error).__name__}: {said(error)}"
    return found


def tried(w: Workload, peer: Peer, seconds: float, wanted: list[Any]) -> float:
    """The seconds of a call whose result is right; the least of several where they are short."""
    with limit(seconds + 60 * peer.compiles):
        start = time.perf_counter()
        value = peer.call()
        first = time.perf_counter() - start
    agree(listed(w, peer.arrays(value)), wanted)
    del value
    if first > 1 and not peer.compiles:
        return first
    with limit(seconds):
        second = once(peer.call)
        return min(second, *(once(peer.call) for _ in range(0 if second > 1 else 2 if second > 0.02 else 6)), second)


def said(error: Exception) -> str:
    """The first line of an error."""
    return next(iter(str(error).strip().splitlines()), "")[:160]


def measured(
    w: Workload, target: str, sources: dict[str, Source], runs: int, seconds: float, say: Callable[[str], None]
) -> Line | None:
    """Compared and measured; None where the target has no such form."""
    arrays = w.arrays()
    mine = list(ours.ways(w, arrays, target))
    if not mine:
        return None
    line = Line(w.name, w.kind, w.at_least)
    wanted = [np.asarray(each) for each in parts(w.hand(arrays))]
    if w.kind == "operator":
        wanted = listed(w, wanted)
    own: list[tuple[str, Callable[[], Any]]] = []
    for way, call, compiled in mine:
        try:
            agree(ours.results(w, call()), wanted)
        except Different as why:
            raise Different(f"{w.title}, frechet {way}: {why}") from None
        own.append((way, call))
        if compiled is not None and line.flops is None:
            line.flops, line.bytes = compiled.flops, compiled.bytes
    start = time.perf_counter()
    found = qualified(w, arrays, sources, seconds, line, wanted)
    del wanted
    say(f"{w.title}: qualified in {time.perf_counter() - start:.1f} s")
    quickest = min((line.peers[peer.name] for peer in found), default=0.0)
    plain = min((line.peers[peer.name] for peer in found if peer.library in AUTODIFF), default=0.0)
    final = [
        peer
        for peer in found
        if line.peers[peer.name] <= NEAR * quickest or (peer.library in AUTODIFF and line.peers[peer.name] == plain)
    ]
    hand = [lambda: w.hand(arrays)] if target == "numpy" else []
    times = timed([call for _, call in own] + [peer.call for peer in final] + hand, runs)
    line.ours, line.way = min(zip(times, [way for way, _ in own], strict=False))
    line.peers.update({peer.name: t for peer, t in zip(final, times[len(own) :], strict=False)})
    line.final = [peer.name for peer in final]
    line.hand = times[-1] if hand else None
    return line
