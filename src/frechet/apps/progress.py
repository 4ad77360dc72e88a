"""How far a batch has come, on a terminal's standard error; elsewhere silent."""

from __future__ import annotations

from typing import IO, Any, final


@final
class Progress:
    """A bar to be stepped; a context manager.  Without a terminal every call does nothing."""

    def __init__(self, bar: Any = None, task: Any = None) -> None:
        self._bar, self._task = bar, task

    @staticmethod
    def beside(source: IO[bytes], stream: IO[str]) -> Progress:
        """A bar on `stream` if it is a terminal; with an end when the source can be read twice."""
        if not stream.isatty():
            return Progress()
        from rich.console import Console
        from rich.progress import Progress as Bar

        bar = Bar(console=Console(file=stream), transient=True)
        return Progress(bar, bar.add_task("problems", total=count(source)))

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self) -> None:
        """One more is done."""
        if self._bar is not None:
            self._bar.advance(self._task)


def count(source: IO[bytes]) -> int | None:
    """How many lines are not blank; None for what can be read only once."""
    if not source.seekable():
        return None
    start = source.tell()
    total = sum(1 for line in source if line.strip())
    source.seek(start)
    return total
