"""The page of the documents about a run."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .lines import Line
from .table import markdown
from .targets import means, misses

HOW = """\
Every line gives each library the same function and the same arrays and asks for the same numbers; results are compared
before anything is timed, to 1e-7 of the largest entry.  Float64, two threads for everyone, warm.  JAX is compiled, the
best of forward over reverse, reverse over reverse, `jacfwd` and `jacrev`; torch.func as it is and, where it is not far
behind, through `torch.compile`; autograd; tensorgrad, which derives by rules and compiles to PyTorch; asdex, which
colours patterns of zeros.  Each gets a few calls; the quickest, and the best automatic differentiation, then take
turns with frechet and with the closed form that an expert would write (`hand`).  Each result is a new array, given back
before the next call: what fresh memory costs counts, for everyone.  `OPENBLAS_THREAD_TIMEOUT=14` lets idle threads
sleep soon; else each library is timed beside the idling threads of the one before it.

*peer ÷ ours* is the time of the best of all; *autodiff ÷ ours* that of the best of JAX, PyTorch and autograd.  *ours ÷
limit* is the time over what the bytes (arrays read and results written once) or the flops of the generated code need at
the rates of this machine.  An operator is built and applied once, against the library's product with a vector; *sparse*
is the sparse matrix, built."""


def machine_said(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    pools = "; ".join(f"{name}: {what}" for name, what in facts["blas"].items())
    return (
        f"{facts['processor']}, {facts['cores']} cores: copies {facts['bandwidth'] / 1e9:.0f} GB/s, "
        f"multiplies matrices at {facts['dgemm'] / 1e9:.0f} GFlop/s.  {versions}.  Linear algebra: {pools}.  "
        f"Medians of {facts['runs']}, the load of the machine {facts['load']:.1f} at the start."
    )


def page(facts: dict[str, Any], lines: list[Line], picture: str | None) -> str:
    """All that was measured: how, the picture, the table, the means, what falls short, who is not there."""
    target = facts["target"]
    said = ["# How fast the code is", f"`python benchmarks/evaluate.py --target {target}`", HOW, machine_said(facts)]
    if picture:
        said.append(f"![Time of the best peer divided by the time of frechet]({picture})")
    said.append(markdown(lines, facts["bandwidth"], facts["dgemm"]))
    rows = ["| geometric means | lines | peer ÷ ours | autodiff ÷ ours |", "| --- | ---: | ---: | ---: |"]
    rows += [f"| {each.name} | {count} | {mean:.2f} | {plain:.2f} |" for each, count, mean, plain in means(lines)]
    said.append("\n".join(rows))
    short = [f"- {line.name}, {line.kind}: {why}" for line in lines for why in misses(line, target)]
    if short:
        said.append("## What falls short\n\n" + "\n".join(short))
    said.append("## Who is not there\n\n" + "\n".join(absent(lines)))
    return "\n\n".join(said) + "\n"


def absent(lines: list[Line]) -> list[str]:
    """Each reason with the lines that it is the reason of."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        for name, why in line.missing.items():
            reasons[f"{name}: {why}"].append(f"{line.name}, {line.kind}")
    few = 3
    return [
        f"- {reason} ({'; '.join(where) if len(where) <= few else f'{len(where)} lines'})"
        for reason, where in reasons.items()
    ]
