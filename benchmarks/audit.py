"""The rules of JAX, PyTorch and autograd beside closed forms: what differs, where, and by how much.

    python benchmarks/audit.py [--only NAME] [--keep FILE] [--kept FILE …] [--write docs/audit.md]

Every function is differentiated forward and reverse, and a second time in the four ways these combine; each derivative
is a number (`audit_modes`) and is compared with frechet's closed form and with a referee that knows neither:
differences of eighth order for matrices, mpmath with 60 digits for functions of a number.  A derivative is called wrong
where it differs from the referee by more than `NEAR`; whether frechet agrees with the referee is counted as well.
Needs JAX, PyTorch, autograd and mpmath.  `--keep` keeps what was found, `--kept` makes the tables from that; `--write`
puts them into a page, after its line `<!-- measured -->`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import platform
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import audit_page
import mpmath as mp
import numpy as np
from audit_corners import answers, corners
from audit_matrices import Case, cases
from audit_modes import FIRST, LIBRARIES, first, second
from audit_scalars import Scalar, scalars

import frechet as fr

NEAR = {"matrix": (1e-7, 1e-6), "number": (1e-8, 1e-8)}
MARK = "<!-- measured -->"


@dataclass(frozen=True)
class Found:
    """One derivative by one library: what it gave, or the reason why there is none."""

    rule: str
    who: str
    mode: str
    got: float | None
    truth: float
    reason: str = ""
    near: float = 1e-8
    matrix: bool = False

    @property
    def apart(self) -> float:
        """The relative distance from the truth; tiny numbers by the smallest normal one."""
        if self.got is None or math.isnan(self.got):
            return math.inf
        if math.isinf(self.truth):
            return 0.0 if self.got == self.truth else math.inf
        floor = 1e-3 if self.matrix and abs(self.truth) < 1e-3 else 1e-290
        if self.truth == 0:
            floor = 1.0
        return abs(self.got - self.truth) / max(abs(self.truth), floor)

    @property
    def verdict(self) -> str:
        if self.got is None:
            return "missing"
        return "right" if self.apart <= self.near else "wrong"


def directions(case: Case) -> tuple[Any, Any]:
    """Two directions of length one in which the point may move."""
    random = np.random.default_rng(3)
    found: list[Any] = []
    for _ in range(2):
        d = random.normal(size=case.x.shape)
        d = {"symmetric": lambda d: d + d.T, "lower": np.tril, "upper": np.triu}.get(case.kind, lambda d: d)(d)
        found.append(d / np.linalg.norm(d))
    return found[0], found[1]


def closed(
    formula: str, x: Any, d: Any, e: Any, more: dict[str, Any], known: tuple[str, ...]
) -> list[tuple[float | None, str]]:
    """frechet's first and second derivative along d, and along d and e; None where there is none, with the reason."""
    name = "X" if np.ndim(x) else "x"
    shapes = {n: [str(k) for k in np.shape(a)] for n, a in {name: x, **more}.items()}
    given: dict[str, Any] = {"wrt": name, "shapes": shapes, "verify": False}
    if known:
        given["assumptions"] = {name: list(known)}
    results: list[tuple[float | None, str]] = []
    for form, extra in (("gradient", {}), ("hvp", {"V": d})):
        try:
            f = fr.derive(formula, **given).compile("numpy", form)
            arrays = {n: a for n, a in {name: x, **more, **extra}.items() if n in f.arguments}
            results.append((float(np.sum(f(**arrays) * (d if form == "gradient" else e))), ""))
        except Exception as trouble:
            results.append((None, str(trouble).splitlines()[0]))
    return results


def run(modes: dict[str, Callable[[], float]], rule: str, who: str, truths: Any, kind: str) -> Iterator[Found]:
    """Each mode once."""
    near, matrix = NEAR[kind], kind == "matrix"
    for mode, compute in modes.items():
        order = 0 if mode == "value" else 1 if mode in FIRST else 2
        tolerance = near[max(order - 1, 0)]
        try:
            yield Found(rule, who, mode, compute(), truths[order], "", tolerance, matrix)
        except Exception as trouble:
            lines = str(trouble).strip().splitlines() or [type(trouble).__name__]
            yield Found(rule, who, mode, None, truths[order], lines[0], tolerance, matrix)


def of_matrix(case: Case) -> Iterator[Found]:
    """A function of an array, by every library and by frechet."""
    x = np.asarray(case.x, dtype=float)
    value = np.asarray(case.reference(x))
    g = np.random.default_rng(5).normal(size=value.shape)
    d, e = directions(case)

    def phi(a: Any) -> float:
        return float(np.sum(g * case.reference(a)))

    truths = (phi(x), first(phi, x, d, 0.01), second(phi, x, d, e, 0.01))
    yield Found(case.name, "differences", "first", first(phi, x, d, 0.007), truths[1], near=1e-7, matrix=True)
    yield Found(case.name, "differences", "second", second(phi, x, d, e, 0.007), truths[2], near=1e-6, matrix=True)
    for who, modes in LIBRARIES.items():
        f = {"JAX": case.jax, "PyTorch": case.torch, "autograd": case.autograd}[who]
        if f is not None:
            yield from run(modes(f, x, g, d, e), case.name, who, truths, "matrix")
    if case.formula:
        scalar = f"sum(G.*({case.formula}))" if value.ndim else f"G*({case.formula})"
        both = closed(scalar, x, d, e, {**case.more, "G": g}, case.known)
        for order, (got, reason) in enumerate(both, 1):
            yield Found(case.name, "frechet", ("first", "second")[order - 1], got, truths[order], reason,
                        NEAR["matrix"][order - 1], True)  # fmt: skip


def exactly(f: Callable[[Any], Any], at: Any) -> list[float]:
    """Value, first and second derivative: of f(unit·u), so that the steps suit the size of the point."""
    unit = mp.mpf(1) if at == 0 or 1e-3 <= abs(at) <= 1e3 else at
    found = [mp.diff(lambda u: f(unit * u), at / unit, k) for k in range(3)]
    most = max(1 if at == 0 else 0, *(abs(v) for v in found))
    return [float(v / unit**k) if abs(v) > most * mp.mpf(10) ** -40 else 0.0 for k, v in enumerate(found)]


def of_number(s: Scalar) -> Iterator[Found]:
    """A function of a number at its points."""
    for x in s.points:
        rule = f"{s.name} at {x:.15g}"
        with mp.workdps(60):
            at = mp.mpf(x)
            truths = exactly(s.exact, at)
        for who, modes in LIBRARIES.items():
            f = {"JAX": s.jax, "PyTorch": s.torch, "autograd": s.autograd}[who]
            if f is not None:
                yield from run(modes(f, x, 1.0, 1.0, 1.0), rule, who, truths, "number")
        if s.formula:
            for order, (got, reason) in enumerate(closed(s.formula, x, 1.0, 1.0, {}, ()), 1):
                yield Found(rule, "frechet", ("first", "second")[order - 1], got, truths[order], reason)


def page(matrices: list[Found], numbers: list[Found]) -> str:
    """All tables."""
    names = ("jax", "jaxlib", "torch", "autograd", "numpy", "scipy", "mpmath")
    versions = ", ".join(f"{n} {version(n)}" for n in names)
    every = [f for f in [*matrices, *numbers] if f.who != "differences"]
    referee = [f for f in matrices if f.who == "differences" and f.verdict != "right"]
    lines = [
        f"{datetime.date.today().isoformat()}: {versions}; Python {platform.python_version()}, {platform.machine()}.",
        "", "## How many", "", *audit_page.counts(every),
        "", "## Functions of matrices and vectors", "", *audit_page.table(matrices),
        "", f"Nobody is wrong at: {'; '.join(audit_page.all_right(matrices))}.",
        "", "## Functions of a number", "", *audit_page.table(numbers),
        "", f"Nobody is wrong at: {'; '.join(audit_page.all_right(numbers))}.",
        "", "## Each number that is wrong", "", *audit_page.differing(every),
        "", "## What is not there", "", *audit_page.missing(every),
        "", "## Where there is no derivative", "",
        "| | JAX | PyTorch | autograd | frechet |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [f"| {c.name} | {' | '.join(answers(c).values())} |" for c in corners()]
    if referee:
        lines += ["", "Differences of two step lengths are apart: " + "; ".join(sorted({f.rule for f in referee}))]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="functions whose name has this in it")
    parser.add_argument("--kind", choices=("matrix", "number"), help="only these")
    parser.add_argument("--keep", type=Path, help="a file for what was found, as JSON")
    parser.add_argument("--kept", type=Path, nargs="*", default=[], help="such files: nothing is computed again")
    parser.add_argument("--write", type=Path, help="the page whose end is written")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    found = [Found(**kept) for file in given.kept for kept in json.loads(file.read_text(encoding="utf-8"))]
    if not found and given.kind != "number":
        found += [f for c in cases() if given.only in c.name for f in of_matrix(c)]
    if not given.kept and given.kind != "matrix":
        found += [f for s in scalars() if given.only in s.name for f in of_number(s)]
    if given.keep is not None:
        given.keep.write_text(json.dumps([asdict(f) for f in found]), encoding="utf-8")
    made = page([f for f in found if f.matrix], [f for f in found if not f.matrix])
    if given.write is None:
        print(made)
    else:
        head = given.write.read_text(encoding="utf-8").split(MARK)[0]
        given.write.write_text(f"{head}{MARK}\n\n{made}", encoding="utf-8")


if __name__ == "__main__":
    main()
