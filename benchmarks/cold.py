"""How long a person waits for the first thing: `import frechet`, and one answer from a cold process.

    python benchmarks/cold.py

Medians of several fresh processes.  Targets: the import under 60 ms without NumPy, the answer under 0.5 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

ROUNDS = 9


def wall(command: Sequence[str]) -> float:
    """Seconds that a fresh process takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def median(command: Sequence[str]) -> float:
    wall(command)  # the files are in the cache of the system afterwards
    return statistics.median(wall(command) for _ in range(ROUNDS))


def imported() -> float:
    """What `-X importtime` says of `import frechet`, in seconds."""
    times: list[int] = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-X", "importtime", "-c", "import frechet"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        line = next(line for line in reversed(said.splitlines()) if line.endswith(" frechet"))
        times.append(int(line.split("|")[1]))
    return statistics.median(times) / 1e6


def main() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, frechet; print('numpy' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    program = [sys.executable, "-m", "frechet.apps.cli", "derive", "A*B", "--wrt", "B"]
    print(f"python -c pass            {median([sys.executable, '-c', 'pass']) * 1e3:6.0f} ms")
    print(f"import frechet            {imported() * 1e3:6.0f} ms   NumPy loaded: {loaded}")
    print(f"frechet derive, checked   {median(program) * 1e3:6.0f} ms")
    print(f"  with --no-verify        {median([*program, '--no-verify']) * 1e3:6.0f} ms")


if __name__ == "__main__":
    main()
