"""The clock: who takes part in the final, and medians of those who do."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np

ENOUGH = 0.02
"""Seconds that one timing takes at the least; shorter calls are repeated."""
QUIET = 0.03
"""Seconds between two contestants: the threads of a BLAS and of OpenMP spin for a while after the last call, on the
cores that the next one needs."""


class TooLong(Exception):
    """A call took longer than the limit."""


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """An alarm that ends what is written in Python; a single call into a library ends by itself."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def once(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def timed(calls: list[Callable[[], Any]], runs: int) -> list[float]:
    """The median seconds of each call; all take turns, each after a pause and a call that is not timed."""
    times: list[list[float]] = [[] for _ in calls]
    first = [once(call) for call in calls]
    slow = [seconds > 0.5 for seconds in first]
    quick = [
        seconds if long else min(seconds, once(call)) for call, seconds, long in zip(calls, first, slow, strict=True)
    ]
    repeats = [max(1, int(ENOUGH / max(seconds, 1e-7))) for seconds in quick]
    for _ in range(runs):
        for call, mine, repeat, long in zip(calls, times, repeats, slow, strict=True):
            time.sleep(QUIET)
            if not long:
                call()
            start = time.perf_counter()
            for _ in range(repeat):
                call()
            mine.append((time.perf_counter() - start) / repeat)
    return [statistics.median(mine) for mine in times]


def bandwidth() -> float:
    """Bytes a second that two threads copy, read and written counted."""
    source, target = np.ones(16_000_000), np.ones(16_000_000)
    halves = [slice(0, 8_000_000), slice(8_000_000, None)]
    with ThreadPoolExecutor(2) as pool:
        return (
            2
            * source.nbytes
            / min(once(lambda: list(pool.map(lambda h: np.copyto(target[h], source[h]), halves))) for _ in range(9))
        )


def dgemm() -> float:
    """Floating point operations a second of a product of matrices."""
    n = 1500
    a = np.ones((n, n))
    return 2 * n**3 / min(once(lambda: a @ a) for _ in range(7))
