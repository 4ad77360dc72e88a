"""Compiled closed forms beside automatic differentiation: equal results, then the times, in one interleaved run.

    python benchmarks/evaluate.py [--only TEXT] [--runs 9] [--target numpy|jax|torch] [--without torch,asdex]
                                  [--json FILE] [--plot FILE] [--markdown FILE] [--page FILE]

The lines are those of `evaluating/`: a formula, what is worked out, the function as the libraries are given it, and the
closed form that an expert would write.  Results are compared first, to 1e-7 of the largest entry.

Who takes part: JAX, compiled, the best of forward over reverse, reverse over reverse, jacfwd and jacrev; torch.func as
it is and through torch.compile; autograd; tensorgrad; asdex.  Each way gets a few calls; those within twice the
quickest, and the best automatic differentiation, then take turns with frechet and the closed form, medians of the runs.
A peer twenty times slower than another is given up after two seconds.  Float64, two threads for everyone,
warm.  Each result is a new array, given back before the next call: what it costs to get fresh memory counts.  Arrays
are the library's own at the start.

ours ÷ limit is the time over what the bytes (arrays read and results written once) or the flops of the generated code
need at the rates of this machine, whichever is more.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from evaluating import machine

machine.two_cores()

from evaluating import layers, matrices, regression  # noqa: E402
from evaluating.clock import bandwidth, dgemm  # noqa: E402
from evaluating.lines import Line, Source, measured  # noqa: E402
from evaluating.page import absent, page  # noqa: E402
from evaluating.plot import drawn  # noqa: E402
from evaluating.table import HEAD, cells, markdown, plain, summary  # noqa: E402

WORKLOADS = [*matrices.WORKLOADS, *regression.WORKLOADS, *layers.WORKLOADS]
PEERS = {
    "jax": ("peers_jax", "peers"),
    "tensorgrad": ("peers_tensorgrad", "peers"),
    "asdex": ("peers_jax", "asdex_peers"),
    "torch": ("peers_torch", "peers"),
    "autograd": ("peers_autograd", "peers"),
}


def sources(target: str, without: list[str]) -> dict[str, Source]:
    """The peers that are installed and wanted; with another target than NumPy, that library's own autodiff."""
    wanted = list(PEERS) if target == "numpy" else [target]
    found: dict[str, Source] = {}
    for name in wanted:
        if name in without or name not in machine.versions():
            print(f"{name}: left out" if name in without else f"{name}: not installed")
            continue
        module, function = PEERS[name]
        found[name] = getattr(importlib.import_module(f"evaluating.{module}"), function)
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--runs", type=int, default=9)
    words.add_argument("--only", default="", help="lines whose name and form have this text")
    words.add_argument("--target", choices=("numpy", "jax", "torch"), default="numpy")
    words.add_argument("--limit", type=float, default=20, help="seconds that a peer's call may take")
    words.add_argument("--without", default="", help="peers to leave out, with commas")
    words.add_argument("--json", type=Path)
    words.add_argument("--plot", type=Path)
    words.add_argument("--markdown", type=Path, help="the table alone")
    words.add_argument("--page", type=Path, help="all of it, as docs/benchmarks.md")
    asked = words.parse_args()
    warnings.filterwarnings("ignore")
    start = time.time()
    peers = sources(asked.target, asked.without.split(","))
    fast, rate = bandwidth(), dgemm()
    facts: dict[str, Any] = {
        "processor": machine.processor(), "cores": len(os.sched_getaffinity(0)), "load": os.getloadavg()[0],
        "versions": machine.versions(), "blas": machine.blas(), "bandwidth": fast, "dgemm": rate, "runs": asked.runs,
        "target": asked.target,
    }  # fmt: skip
    print(f"{facts['processor']}, {facts['cores']} cores, load {facts['load']:.1f} at the start")
    print(", ".join(f"{name} {version}" for name, version in facts["versions"].items()))
    print("BLAS: " + "; ".join(f"{name}: {what}" for name, what in facts["blas"].items()))
    print(
        f"copy {fast / 1e9:.1f} GB/s, dgemm {rate / 1e9:.1f} GFlop/s; target {asked.target}, medians of {asked.runs}\n"
    )
    print(plain(HEAD))
    lines: list[Line] = []
    failed: list[str] = []
    for w in WORKLOADS:
        if asked.only not in w.title:
            continue
        try:
            line = measured(w, asked.target, peers, asked.runs, asked.limit, lambda text: print(text, file=sys.stderr))
        except Exception as error:
            failed.append(f"{w.title}: {type(error).__name__}: {error}")
            print(f"{w.name:28} {w.kind:9} failed: {type(error).__name__}: {str(error)[:200]}", flush=True)
            continue
        if line is not None:
            lines.append(line)
            print(plain(cells(line, fast, rate)), flush=True)
    print("\n" + summary(lines, asked.target))
    print("\nNot there\n" + "\n".join(absent(lines)))
    print(f"\n{len(lines)} lines in {time.time() - start:.0f} s, load {os.getloadavg()[0]:.1f} at the end")
    for each in failed:
        print("failed: " + each[:300])
    if asked.json:
        told = {"facts": facts, "lines": [dataclasses.asdict(line) | {"best": line.best} for line in lines]}
        asked.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if asked.markdown:
        asked.markdown.write_text(markdown(lines, fast, rate) + "\n")
    if asked.page:
        asked.page.write_text(page(facts, lines, asked.plot.name if asked.plot else None))
    if asked.plot:
        asked.plot.write_text(drawn(lines))


if __name__ == "__main__":
    main()
