"""`frechet batch`: a stream of problems to a stream of answers, in order, each flushed when it is there.

The first problems are solved here.  When the file goes on, worker processes join; a bounded window of problems is with
them, so that the input is read as it is needed and memory stays small.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from queue import Queue
from threading import Thread
from typing import IO, TextIO

import frechet
from frechet.apps.guard import guarded
from frechet.apps.jsonline import jsonline
from frechet.apps.lines import Answer, answer_to, named, refusal
from frechet.apps.progress import Progress

ALONE = 0.6
"""Seconds that this process works before workers join: about what it costs to start one."""

WINDOW = 8
"""Problems in flight a worker."""

Line = tuple[int, bytes]
"""The number of a line and the line."""


Solve = Callable[[bytes, int, bool], Answer]
"""What makes an answer of a line (by its number; verified or not); it goes to other processes."""


def run(
    source: IO[bytes],
    out: TextIO,
    *,
    verify: bool = True,
    jobs: int | None = None,
    solve: Solve = answer_to,
    write: Callable[[Answer, TextIO], tuple[str, bool]] | None = None,
    around: tuple[str, str] = ("", ""),
) -> int:
    """Answer every line of `source`; 1 if any line had an error, 130 when interrupted, else 0.

    `solve` and `write` make another page of it than lines of JSON; `around` stands before and after.
    """
    write = write or _written
    workers = jobs if jobs is not None else os.cpu_count() or 1
    failed = False
    lines = (line for line in enumerate(iter(lambda: next_line(source), b""), 1) if line[1].strip())
    progress = Progress.beside(source, sys.stderr)
    try:
        with progress:
            out.write(around[0])
            for answer in solved(lines, verify, workers, solve):
                text, bad = write(answer, out)
                failed = failed or bad
                out.write(text + "\n")
                out.flush()
                progress.step()
            out.write(around[1])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader has gone: nothing more to say, and nothing to flush at exit.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(failed)


def _written(answer: Answer, out: TextIO) -> tuple[str, bool]:
    """An answer as its line, and whether it is an error; one that cannot be written is an error too."""
    try:
        with guarded():
            return jsonline(answer, out.encoding), bool(answer.get("error"))
    except frechet.FrechetError as error:
        known = {key: value for key, value in answer.items() if isinstance(value, (str, int))}
        return jsonline(refusal(known, int(known.get("line", 0)), error.kind, error.message), out.encoding), True


def next_line(source: IO[bytes]) -> bytes:
    """The next line of a file; none once it is closed, as it is under the reading thread when Ctrl-C ends a run."""
    try:
        return source.readline()
    except ValueError:
        if source.closed:
            return b""
        raise


def solved(lines: Iterator[Line], verify: bool, workers: int, solve: Solve = answer_to) -> Iterator[Answer]:
    """The answers in the order of the lines."""
    start = time.monotonic()
    for number, line in lines:
        yield solve(line, number, verify)
        if workers > 1 and time.monotonic() - start > ALONE:
            yield from shared(lines, verify, workers, solve)
            return


def shared(lines: Iterator[Line], verify: bool, workers: int, solve: Solve = answer_to) -> Iterator[Answer]:
    """The same with worker processes; one that dies costs its problem an error, no more.

    A thread reads the lines, so that answers go out while the next line is awaited: who writes a problem and waits for
    its answer gets it.
    """
    feed: Queue[Line | Exception | None] = Queue(WINDOW * workers)
    Thread(target=_read_into, args=(feed, lines), daemon=True).start()
    line = feed.get()
    if line is None:
        return
    if isinstance(line, Exception):
        raise line
    pool = _pool(workers)
    waiting: deque[tuple[Line, Future[Answer]]] = deque()
    try:
        while line is not None and not isinstance(line, Exception):
            try:
                with _held():
                    future = pool.submit(solve, line[1], line[0], verify)
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                pool = _pool(workers)
                continue
            waiting.append((line, future))
            while waiting and (waiting[0][1].done() or feed.empty() or len(waiting) >= WINDOW * workers):
                yield _result(waiting.popleft(), verify, solve)
            line = feed.get()
        while waiting:
            yield _result(waiting.popleft(), verify, solve)
        if line is not None:
            raise line
    finally:
        # When every answer is there the workers end at once, and are waited for: Python's own thread, which ends them,
        # may otherwise meet a pipe that is closed already while the interpreter goes.
        pool.shutdown(wait=not waiting, cancel_futures=True)


def _read_into(feed: Queue[Line | Exception | None], lines: Iterator[Line]) -> None:
    """The lines, and at the end what ended the reading: nobody waits for a line that will not come."""
    try:
        for line in lines:
            feed.put(line)
    except Exception as error:
        feed.put(error)
    feed.put(None)


def _pool(workers: int) -> ProcessPoolExecutor:
    """Fresh processes (not copies of this one, which may have threads) that leave Ctrl-C to this one."""
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_quiet)


@contextmanager
def _held() -> Generator[None]:
    """Ctrl-C waits: a process that is started here must not meet it before it has said that it will not listen."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _quiet() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _result(sent: tuple[Line, Future[Answer]], verify: bool, solve: Solve) -> Answer:
    """The answer; when a worker died, the problem is tried once more in a process of its own."""
    (number, line), future = sent
    try:
        with guarded(line.decode("utf-8", "replace"), (BrokenProcessPool,)):
            with suppress(BrokenProcessPool):
                return future.result()
            with _pool(1) as alone:
                with _held():
                    again = alone.submit(solve, line, number, verify)
                return again.result()
    except frechet.FrechetError as error:
        return refusal(named(line), number, error.kind, error.message, error.position)
    except BrokenProcessPool:
        pass
    return refusal(named(line), number, "limit", "the process that worked on this problem died (out of memory?)")
