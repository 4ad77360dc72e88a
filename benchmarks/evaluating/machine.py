"""The machine, the libraries, and the BLAS of each."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "jax", "torch", "autograd", "tensorgrad", "asdex")


def two_cores() -> None:
    """This process stays on two cores, with two threads for each library; to be called before any is loaded."""
    if len(os.sched_getaffinity(0)) > 2:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "2"
    # Idle threads of OpenBLAS turn in a loop for tens of milliseconds, and every library here has a pool of its own:
    # on two cores each would be timed against the last one's idling.  With this they sleep soon, for everyone.
    os.environ["OPENBLAS_THREAD_TIMEOUT"] = "14"


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Of each library that is installed."""
    found: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def blas() -> dict[str, str]:
    """Which library does the linear algebra of which."""
    found: dict[str, str] = {}
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return {"": "threadpoolctl is not installed: unknown"}
    for pool in threadpool_info():
        path = Path(pool["filepath"])
        owner = next(
            (part.removesuffix(".libs") for part in path.parts if part.endswith(".libs")), path.parent.parent.name
        )
        if pool["user_api"] == "blas":
            found[owner] = f"{pool['internal_api']} {pool['version']} ({pool['num_threads']} threads)"
    if "jax" in versions():
        found["jax"] = "XLA's own products (Eigen), SciPy's LAPACK"
    if "torch" in versions():
        import torch

        library = "MKL" if torch.backends.mkl.is_available() else "its own"
        found["torch"] = f"{library} ({torch.get_num_threads()} threads)"
    return found
