"""Ask frechet for the verdict on every claim of a corpus and compare it with the known one.

    python tests/judge/claims.py [FILE.jsonl] [--id NAME] [--show wrong|mends|all]

Prints the share of verdicts that agree, the claims that do not, the conventions that differ from `holds as`, and by
kind of slip how many wrong claims were given a mend; each mend is judged here at points of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from judge.corpus import CORPUS, load

HOLDS = ("right", "right under a convention", "right-under-convention")


@dataclass
class Outcome:
    """One claim: the known verdict and frechet's."""

    problem: dict[str, Any]
    claim: dict[str, Any]
    verdict: dict[str, Any] = field(default_factory=dict[str, Any])
    trouble: str = ""
    seconds: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether both say that the claim holds, or both that it does not; what holds under a condition agrees with
        either."""
        if self.trouble:
            return False
        return self.conditional or (self.verdict["verdict"] in HOLDS) == (self.claim["verdict"] in HOLDS)

    @property
    def conditional(self) -> bool:
        """Whether frechet names a condition under which the claim holds."""
        return self.verdict.get("verdict") == "right under a condition"

    @property
    def named(self) -> bool:
        """Whether the readings agree; the pullback is the gradient of the loss.  Of a wrong claim that holds under a
        condition none are known."""
        if self.conditional and self.claim["verdict"] not in HOLDS:
            return True
        names = {c["name"] for c in self.verdict.get("conventions", [])}
        return names - {"pullback"} == set(self.claim["holds as"]) - {"pullback"}


def ask(problem: dict[str, Any], claim: dict[str, Any]) -> Outcome:
    """frechet's verdict on one claim."""
    import frechet

    out = Outcome(problem, claim)
    start = time.perf_counter()
    try:
        found = frechet.check(
            problem["expression"],
            problem["wrt"],
            claim["formula"],
            shapes=problem.get("shapes"),
            assumptions=problem.get("assumptions"),
            functions=problem.get("functions") or (),
            order=problem.get("order") or 1,
        )
        out.verdict = found.to_dict()
    except Exception as error:
        out.trouble = f"{type(error).__name__} {getattr(error, 'kind', '')}: {error}".splitlines()[0]
    out.seconds = time.perf_counter() - start
    return out


def line(o: Outcome) -> str:
    return f"{o.problem['expression']}  by {o.problem['wrt']}:  {o.claim['formula'][:110]}"


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("file", nargs="?", type=Path, default=CORPUS)
    words.add_argument("--id", action="append")
    words.add_argument("--show", choices=["wrong", "mends", "all"], default="wrong")
    given = words.parse_args()
    problems = [p for p in load(given.file) if not given.id or any(i in p["id"] for i in given.id)]
    outcomes = [ask(p, c) for p in problems for c in p.get("claims", [])]
    if not outcomes:
        print("no claims")
        return 1
    for o in outcomes:
        if o.trouble:
            print(f"REFUSED   {line(o)}\n          {o.trouble}")
        elif not o.agrees:
            print(f"DISAGREES {line(o)}\n          known {o.claim['verdict']} {o.claim['holds as']}, "
                  f"found {o.verdict['verdict']}: {o.verdict['meaning']}")  # fmt: skip
        elif not o.named:
            print(f"NAMES     {line(o)}\n          known {o.claim['holds as']}, found "
                  f"{[c['name'] for c in o.verdict['conventions']]}")  # fmt: skip
    wrong = [o for o in outcomes if o.claim["verdict"] not in HOLDS]
    mended = [o for o in wrong if o.verdict.get("mend")]
    if given.show in ("mends", "all"):
        for o in outcomes if given.show == "all" else wrong:
            v = o.verdict
            print(f"\n{line(o)}   [{o.seconds:.2f} s]\n  {v.get('verdict')}: {v.get('meaning')}")
            print(f"  mend {v.get('mend')}\n  e.g. {v.get('counterexample')}")
    slips: dict[str, Counter[str]] = {}
    for o in wrong:
        for slip in o.claim["slip"]:
            slips.setdefault(slip, Counter()).update(["all", "mended" if o.verdict.get("mend") else "not"])
    for slip, count in sorted(slips.items()):
        print(f"{slip:20} {count['all']:3} wrong, {count['mended']:3} mended")
    agree = sum(o.agrees for o in outcomes)
    false = [o for o in wrong if o.verdict.get("verdict") in HOLDS]
    times = sorted(o.seconds for o in outcomes)
    print(
        f"{len(outcomes)} claims: {agree} verdicts agree ({100 * agree / len(outcomes):.1f} %), {len(false)} wrong "
        f"ones called right, {sum(bool(o.trouble) for o in outcomes)} refused; names agree for "
        f"{sum(o.named for o in outcomes if o.agrees)} of {agree}; "
        f"{len(mended)} of {len(wrong)} wrong ones mended; {Counter(o.verdict.get('verdict') for o in outcomes)}"
    )
    print(f"time: median {statistics.median(times):.3f} s, largest {times[-1]:.2f} s")
    return int(bool(false))


if __name__ == "__main__":
    sys.exit(main())
