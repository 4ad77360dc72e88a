"""Write a formula in another notation, read it back without declarations, and say what came of it.

    python tests/readings/back.py [--count 2000] [--seed 1] [--notation latex|unicode|tight|numpy]

Prints how many were read right, asked, refused, or read as another formula (with what they were).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from frechet.core.expr import Expr, postorder, size_names
from frechet.errors import FrechetError
from frechet.language import parse
from frechet.notation import latex, unicode
from frechet.verify.evaluate import evaluate
from readings.grow import SHAPES, formula
from readings.numpy_text import numpy_text

NOTATIONS = ("latex", "unicode", "tight", "numpy")
"""LaTeX and Unicode as frechet prints them, Unicode without the spaces that stand for products, NumPy."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: `right`, `asked`, `refused` or `another`; the text, and why."""

    kind: str
    formula: str
    written: str
    why: str = ""


def written(e: Expr, notation: str) -> tuple[str, str]:
    """The formula in the notation, and what the language is said to be."""
    if notation == "latex":
        return latex.text(e), "latex"
    if notation == "numpy":
        return numpy_text(e), "python"
    text = unicode.text(e)
    return (tight(text) if notation == "tight" else text), "auto"


def tight(text: str) -> str:
    """The same without the spaces that stand for products, xᵀAx, where no word comes of it (abc, Paz)."""
    out = ""
    for k, sign in enumerate(text):
        before, after = out[-1:], text[k + 1 : k + 2]
        letters = sign == " " and before.isalpha() and after.isalpha()
        word = out[-2:].isalpha() and out[-1:].islower() and after.islower()
        wordy = (out[-2:].isalpha() and out[-2:].isascii()) or (
            text[k + 1 : k + 3].isascii() and text[k + 1 : k + 3].isalpha()
        )
        if letters and not word and not wordy:
            continue
        out += sign
    return out


def read_back(text: str, notation: str) -> Outcome:
    """One formula, there and back."""
    shapes = {name: list(shape) for name, shape in SHAPES.items()}
    original = parse(text, shapes, language="frechet").value
    said, language = written(original, notation)
    try:
        problem = parse(said, language=language)
    except FrechetError as trouble:
        kind = "asked" if trouble.readings else "refused"
        return Outcome(kind, text, said, trouble.message.splitlines()[0])
    return compared(original, problem.value, text, said)


def compared(original: Expr, value: Expr, text: str, said: str) -> Outcome:
    """Whether two expressions have one value at random points of the sizes of the first."""
    sizes = {"m": 3, "n": 4, "p": 2}
    rng = np.random.default_rng(7)
    names = {str(e.params[0]): e for e in postorder(original) if e.op.name == "variable"}
    arrays = {n: rng.normal(size=tuple(sizes[str(d)] for d in e.shape)) for n, e in names.items()}
    arrays["lam"], names["lam"] = arrays.get("lambda", 0.0), names.get("lambda", original)  # a word of Python
    mine = {str(e.params[0]): e for e in postorder(value) if e.op.name == "variable"}
    if set(mine) - set(names):
        return Outcome("another", text, said, f"names {sorted(set(mine) - set(names))}")
    found: dict[str, int] = {}
    for name, e in mine.items():
        if len(e.shape) != arrays[name].ndim:
            return Outcome("another", text, said, f"{name} of order {len(e.shape)}")
        for d, n in zip(e.shape, arrays[name].shape, strict=True):
            if len(d.terms) == 1 and d.names and found.setdefault(str(d), n) != n:
                return Outcome("another", text, said, f"the size {d} is {found[str(d)]} and {n}")
    missing = {n: sizes.get(n, 2) for n in size_names(value) if n not in found}
    with np.errstate(all="ignore"):
        left = evaluate(original, arrays, sizes)
        right = evaluate(value, arrays, {**found, **missing})
    if left.shape != right.shape or not np.allclose(left, right, rtol=1e-9, atol=1e-9, equal_nan=True):
        return Outcome("another", text, said, "other values")
    return Outcome("right", text, said)


def run(count: int, seed: int, notation: str) -> Counter[str]:
    """Many formulas; those that became another are printed."""
    rng = random.Random(seed)
    kinds: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for _ in range(count):
        outcome = read_back(formula(rng.choice, notation == "numpy"), notation)
        kinds[outcome.kind] += 1
        if outcome.kind == "another":
            print(f"another: {outcome.formula}\n   as {outcome.written}\n   {outcome.why}")
        elif outcome.kind != "right":
            reasons[f"{outcome.kind}: {outcome.why[:60]}  {outcome.written[:80]}"] += 1
    for reason, times in reasons.most_common(12):
        print(f"{times:5} {reason}")
    return kinds


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--count", type=int, default=500)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--notation", choices=NOTATIONS, action="append")
    given = words.parse_args()
    bad = 0
    for notation in given.notation or NOTATIONS:
        kinds = run(given.count, given.seed, notation)
        print(f"{notation}: {dict(kinds)}")
        bad += kinds["another"]
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
