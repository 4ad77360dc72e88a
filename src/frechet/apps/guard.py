"""Whatever goes wrong inside one problem is that problem's error, with a short report to send: never a traceback.

One mechanism for the lines of a batch, its workers and every command.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import frechet

HOME = Path(frechet.__file__).parent
LONG = 200
"""A message or a problem with more characters is cut short in a report."""


@contextmanager
def guarded(problem: str = "", passed: tuple[type[Exception], ...] = ()) -> Generator[None]:
    """Let out no exception but FrechetError, those in `passed`, and what ends the program (Ctrl-C, an exit).

    >>> with guarded("A*B"):
    ...     raise frechet.FrechetError("shape", "it does not fit")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: it does not fit
    >>> try:
    ...     with guarded("A*B"):
    ...         print(1 / 0)
    ... except frechet.FrechetError as error:
    ...     print(error.kind, "|", error.message.splitlines()[1].strip())
    internal | ZeroDivisionError: division by zero
    """
    try:
        with warnings.catch_warnings():
            # A point without a value is passed over; nobody asked for NumPy's word on it, least of all as an exception.
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except (frechet.FrechetError, BrokenPipeError, *passed):
        raise
    except RecursionError:
        raise frechet.FrechetError("limit", "the expression is nested too deeply") from None
    except MemoryError:
        raise frechet.FrechetError("limit", "not enough memory") from None
    except OSError as error:
        raise frechet.FrechetError("limit", f"the system refuses: {_short(str(error))}") from None
    except Exception as error:
        raise frechet.FrechetError("internal", report(error, problem)) from error


def report(error: BaseException, problem: str = "") -> str:
    """What happened, where, in which version, with which problem: what is needed to find the mistake.

    >>> print(report(ValueError("no such axis"), "x'*x"))
    frechet failed at this problem. The mistake is in frechet, not in the problem.
      ValueError: no such axis
      frechet 0.1.0, problem: x'*x
    Please report these lines, so that it is mended.
    """
    what = f"{type(error).__name__}: {_short(str(error))}" if str(error) else type(error).__name__
    about = f"frechet {frechet.__version__}" + (f", problem: {_short(problem)}" if problem else "")
    lines = [what, *([place] if (place := _place(error)) else []), about]
    return "\n".join(
        (
            "frechet failed at this problem. The mistake is in frechet, not in the problem.",
            *(f"  {line}" for line in lines),
            "Please report these lines, so that it is mended.",
        )
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONG else line[: LONG - 1] + "…"


def _place(error: BaseException) -> str:
    """The last place in frechet that the error passed, by file, line and function; empty where there is none."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(HOME) and path != HOME / "apps" / "guard.py":
            return f"in {path.relative_to(HOME.parent).as_posix()}, line {frame.lineno}, {frame.name}"
    return ""
