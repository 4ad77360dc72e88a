"""Ask frechet for what people write, and judge whether it was read as it was meant.

    python tests/judge/written.py [FILE.jsonl …] [--id PART] [--show] [--seed 1] [--means]

A case holds what is `written`, what it `means` in the formula language, the `shapes` that were meant (size names
are ours), and how names of the answer map to those of `means` (`rename`); see `tests/written/README.md`.

right     the names and shapes that were meant, and every formula is the derivative of `means`, at random points;
          for a case that wants a question (`refuse`, or `either`), an error that asks
unshown   right, but the reading is not shown, or it is not what was meant
misread   an answer, but of something else: the worst
refused   an error where an answer was wanted
guessed   an answer where a question was wanted
unasked   an error that is no question, or does not offer what the case wants offered

`--means` asks frechet for the `means` of each case instead: the cases themselves are checked.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

if __package__ in (None, ""):  # started as a script: the package's folder is where to import from
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from judge.check import Report, judge
from judge.corpus import HOME, load
from judge.indices import entries
from judge.language import Unreadable, functions, parse, statements
from judge.point import TROUBLE, Point, points
from judge.sample import size_names
from judge.values import ELEMENTWISE, FUNCTIONS, Bad, NotAnalytic, evaluate, settle

Case = Mapping[str, Any]
Shapes = Mapping[str, Sequence[Any]]

OURS = Path(__file__).resolve().parents[1] / "written" / "cases.jsonl"
SHARED = HOME / "cases.jsonl"

ASKING = {"shape", "name", "syntax", "unsupported"}
"""The kinds of error that may be a question."""

UNREAD = re.compile(r"does not occur in the expression|has no meaning here")
"""What an error says that does not know the text at all."""


@dataclass
class Finding:
    """What came of one case."""

    id: str
    kind: str
    reason: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    seconds: float = 0.0


class Misread(Exception):
    """The answer is about something else; says what."""


class Stopped(BaseException):
    """The time limit; no Exception, so that no `except Exception` swallows it."""


def stop(*_: object) -> None:
    raise Stopped


def cases(*paths: Path) -> list[dict[str, Any]]:
    """The cases of those of the files that are there."""
    return [case for path in paths if path.exists() for case in load(path)]


# Asking


def line_of(case: Case) -> dict[str, Any]:
    """The case as a line of a batch.

    >>> line_of({"id": "a", "written": "W*x+b", "wrt": "b", "means": "W*x+b", "shapes": {"b": ["s1"]}})
    {'id': 'a', 'expression': 'W*x+b', 'wrt': 'b'}
    """
    line = {"id": case["id"], "expression": case["written"]}
    line |= {key: case[key] for key in ("wrt", "language") if case.get(key) is not None}
    if case.get("given") is not None:
        line["shapes"] = case["given"]
    elif case.get("language") == "python" and case.get("shapes"):
        line["shapes"] = case["shapes"]
    if case.get("functions_given"):
        line["functions"] = case["functions_given"]
    return line


def meant_line(case: Case) -> dict[str, Any]:
    """What the case means, typed in the formula language with its shapes."""
    line = {"id": case["id"], "expression": case["means"], "wrt": meant_wrt(case), "shapes": dict(case["shapes"])}
    if case.get("functions"):
        line["functions"] = case["functions"]
    return line


def ask(line: Mapping[str, Any]) -> dict[str, Any]:
    """frechet's answer to a line of a batch."""
    from frechet.apps.lines import answer_to

    return answer_to(json.dumps(line).encode(), 1, True)


# Names and sizes


def plain(name: str) -> str:
    """A name as its letters: `W_1`, `W1`, `W^{(1)}` are the same.

    >>> plain("W_{1}"), plain("b_out"), plain("\\\\theta"), plain("Sigma_B")
    ('W1', 'bout', 'theta', 'SigmaB')
    """
    return re.sub(r"[^A-Za-z0-9]", "", name)


def meant_wrt(case: Case) -> Any:
    """The variable, as `means` names it."""
    if case.get("wrt_means") is not None:
        return case["wrt_means"]
    found = case.get("wrt")
    return (case.get("rename") or {}).get(found, found) if isinstance(found, str) else found


def name_map(answered: Shapes, case: Case) -> dict[str, str]:
    """Names of the answer → names of `means`, one to one.  Raises Misread for one that was not meant, or is not there.

    >>> name_map({"W_1": ["m"], "lambda": []}, {"shapes": {"W1": ["s1"], "lam": []}, "rename": {"lambda": "lam"}})
    {'W_1': 'W1', 'lambda': 'lam'}
    """
    meant: Shapes = case["shapes"]
    rename: Mapping[str, str] = case.get("rename") or {}
    known = {plain(k): v for k, v in rename.items()} | {plain(name): name for name in meant}
    found: dict[str, str] = {}
    for name in answered:
        target = rename.get(name) or (name if name in meant else known.get(plain(name)))
        if target is None:
            raise Misread(f"{name} {shown(answered[name])} is no name that was meant; {all_shown(answered)}")
        if target in found.values():
            raise Misread(f"two names stand for {target}; {all_shown(answered)}")
        found[name] = target
    gone = [name for name in meant if name not in found.values()]
    if gone:
        raise Misread(f"{', '.join(gone)} is not among the names; {all_shown(answered)}")
    return found


def shown(shape: Sequence[Any]) -> str:
    return "×".join(map(str, shape)) or "a number"


def all_shown(shapes: Shapes) -> str:
    return ", ".join(f"{name} {shown(shape)}" for name, shape in shapes.items())


def bare(shape: Sequence[Any]) -> tuple[str, ...]:
    """A shape without the 1 of a column, and of a number."""
    out = [str(n) for n in shape]
    while (len(out) == 2 and out[1] == "1") or out == ["1"]:
        out.pop()
    return tuple(out)


def is_name(size: str) -> bool:
    return re.fullmatch(r"[A-Za-z_]\w*", size) is not None


def worth(size: str, sizes: Mapping[str, int]) -> float:
    values = {name: np.asarray(float(n)) for name, n in sizes.items()}
    return float(evaluate(parse(size.replace("**", "^")), values))


def same_size(one: str, other: str) -> bool:
    """Whether two sizes are the same polynomial.

    >>> same_size("n*(m+1)", "n + m*n"), same_size("n", "m")
    (True, False)
    """
    rng = np.random.default_rng(3)
    used = size_names({"": [one, other]})
    for _ in range(4):
        sizes = {name: int(rng.integers(2, 99)) for name in used}
        if abs(worth(one, sizes) - worth(other, sizes)) > 1e-9:
            return False
    return True


def size_map(answered: Shapes, meant: Shapes, mapped: Mapping[str, str]) -> dict[str, str]:
    """Sizes of `meant` → sizes of the answer, one to one.  Raises Misread where there is no such renaming.

    >>> size_map({"A": ["m*p"], "x": ["p"]}, {"A": ["s1*s2"], "x": ["s2"]}, {"A": "A", "x": "x"})
    {'s2': 'p', 's1': 'm'}
    """
    pairs: list[tuple[str, str]] = []
    for name, target in mapped.items():
        own, wanted = bare(answered[name]), bare(meant[target])
        if len(own) != len(wanted):
            raise Misread(f"{name} is {shown(own)}, it was meant {shown(wanted)}; {all_shown(answered)}")
        pairs += zip(wanted, own, strict=True)
    found: dict[str, str] = {}
    for wanted, own in pairs:
        if is_name(wanted) and re.fullmatch(r"[A-Za-z_]\w*([+-]\d+)?", own):
            found.setdefault(wanted, own)
    mine, theirs = size_names(meant), size_names(answered)
    taken = size_names({"": list(found.values())})
    open_, left = [s for s in mine if s not in found], [s for s in theirs if s not in taken]
    for choice in itertools.permutations(left, len(open_)) if len(open_) <= len(left) <= 5 else ():
        trial = found | dict(zip(open_, choice, strict=True))
        if len(set(trial.values())) < len(trial) or len(size_names({"": list(trial.values())})) < len(theirs):
            break
        if all(same_size(renamed(wanted, trial), own) for wanted, own in pairs):
            return trial
    raise Misread(f"the shapes are {all_shown(answered)}; meant were {all_shown(meant)}")


def renamed(text: str, change: Mapping[str, str]) -> str:
    """A formula with names changed, all at once; nothing inside quotes.

    >>> renamed('einsum("ij,j->i", A, x) + s1', {"i": "k", "x": "x_1", "s1": "m*n"})
    'einsum("ij,j->i", A, x_1) + (m*n)'
    """

    def put(found: re.Match[str]) -> str:
        word = found.group()
        to = change.get(word)
        return word if to is None else to if is_name(to) else f"({to})"

    return re.sub(r'"[^"]*"|(?<![\w.])[A-Za-z_]\w*', put, text)


def function_map(answer: Mapping[str, Any], case: Case) -> dict[str, str]:
    """Unspecified functions of `means` → as the answer calls them."""
    texts = [(answer.get("reading") or {}).get("formula"), answer.get("differential")]
    texts += (answer.get("where") or {}).values()
    called = {name for text in texts if text for name in re.findall(r"([A-Za-z_]\w*)'*\(", text)}
    known = set(ELEMENTWISE) | set(FUNCTIONS) | {"einsum"}
    rename: Mapping[str, str] = case.get("rename") or {}
    found: dict[str, str] = {}
    for name in case.get("functions") or []:
        options = [name, *(k for k, v in rename.items() if v == name), *sorted(called - known)]
        found[name] = next((option for option in options if option in called), name)
    return found


def problem_of(case: Case, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What was meant, as a problem of the judge in the names and sizes of the answer.  Raises Misread."""
    answered: Shapes = answer.get("shapes") or {}
    mapped = name_map(answered, case)
    sizes = size_map(answered, case["shapes"], mapped)
    back = {target: name for name, target in mapped.items()}
    unspecified = function_map(answer, case)
    change = back | sizes | unspecified
    wrt = answer.get("wrt")
    wanted = meant_wrt(case)
    if isinstance(wrt, list) and len(wrt) == 1 and isinstance(wanted, str):
        wrt = wrt[0]
    told = [mapped.get(str(w), str(w)) for w in ([wrt] if isinstance(wrt, str) else wrt or [])]
    if told != ([wanted] if isinstance(wanted, str) else list(wanted or [])):
        raise Misread(f"the derivative is by {', '.join(told)}, meant was {wanted}; {all_shown(answered)}")
    return {
        "id": case["id"],
        "expression": renamed(case["means"], change),
        "wrt": wrt,
        "shapes": answered,
        "sizes": renamed(case.get("sizes", ""), sizes),
        "draw": {back[name]: how for name, how in (case.get("draw") or {}).items()},
        "functions": list(unspecified.values()),
    }


# Judging


def derivative_of(case: Case, answer: dict[str, Any], seed: int) -> tuple[str, Report, dict[str, Any]]:
    """Whether the answer is the derivative of what was meant: (why not, the report, the problem)."""
    try:
        problem = problem_of(case, answer)
    except Misread as why:
        return str(why), Report(), {}
    if isinstance(answer.get("wrt"), list) and isinstance(problem["wrt"], str):
        answer = {**answer, **answer["by"][problem["wrt"]]}
    report = judge(problem, answer, seed=seed)
    if report.trouble:
        return f"not judged: {report.trouble}", report, problem
    if report.having("wrong"):
        name = report.having("wrong")[0]
        form = report.forms[name]
        return f"{name} {form.text}: {form.reason}; {all_shown(answer['shapes'])}", report, problem
    if not report.having("right"):
        return f"no formula; {all_shown(answer['shapes'])}", report, problem
    return "", report, problem


def needs_reading(case: Case) -> bool:
    """Whether what is written is not literally the formula language, for this reader of it.

    >>> needs_reading({"written": "x'*A*x"}), needs_reading({"written": "x'Ax"}), needs_reading({"written": "f(x)"})
    (False, True, False)
    """
    if case.get("language") in ("latex", "python"):
        return True
    try:
        trees = [tree for _, tree in statements(case["written"])]
    except Unreadable:
        return True
    called = set().union(*map(functions, trees)) - {"einsum"}
    return bool(called & {"trace", "log2", "log10", "ln"} - set(ELEMENTWISE) - set(FUNCTIONS))


def value_of(text: str, point: Point) -> Any:
    """The value of a formula that may be several statements, or stand in index form with its indices on the left."""
    left = re.match(r"\s*\w+\[([\w\s,]+)\]\s*=(?!=)", text)
    if left:
        free = [k.strip() for k in left.group(1).split(",")]
        shape = dict(zip(free, point.value.shape, strict=True))
        return entries(parse(text[left.end() :]), shape, point.values, point.declared)
    values = dict(point.values)
    value: Any = None
    try:
        for name, tree in statements(text):
            value = point.number(tree, values)
            if name:
                values[name] = value
    except Bad:  # entries may be multiplied and summed
        trees = statements(text)
        if len(trees) > 1:
            raise
        return entries(trees[0][1], {}, point.values, point.declared)
    return value


def reading_trouble(case: Case, answer: Mapping[str, Any], problem: Mapping[str, Any], seed: int) -> str:
    """What is wrong with the reading that is shown; nothing if it is what was meant."""
    reading = answer.get("reading")
    if not reading:
        return "no reading is shown" if needs_reading(case) else ""
    gone = [key for key in ("language", "formula", "assumed") if reading.get(key) is None]
    if gone:
        return f"the reading has no {', '.join(gone)}"
    text = reading["formula"]
    try:
        for point in points(problem, problem["shapes"], 3, np.random.default_rng(seed)):
            value, truth = value_of(text, point), point.value
            if settle(value).shape != settle(truth).shape:
                return f"the reading {text} has shape {np.shape(value)}, meant was {np.shape(truth)}"
            off = np.max(np.abs(settle(value) - settle(truth)), initial=0.0)
            if not off < 1e-8 * (np.max(np.abs(truth), initial=0.0) + 1):
                return f"the reading {text} has another value than {problem['expression']}"
    except (Unreadable, NotAnalytic, KeyError, *TROUBLE) as error:
        return f"the reading {text}: {error}"
    return ""


def question_trouble(case: Case, error: Mapping[str, Any]) -> str:
    """Why an error is not the question that the case wants; nothing if it is."""
    if error.get("kind") not in ASKING:
        return f"an error of kind {error.get('kind')} is no question"
    if UNREAD.search(str(error.get("message"))):
        return "the text was not read"
    message = re.sub(r"\s+", "", str(error.get("message")))
    for offer in case.get("offers") or []:
        if not re.search(offer, message):
            return f"{offer} is not offered"
    return ""


def one_line(text: Any) -> str:
    return next((line for line in str(text).splitlines() if line.strip()), "")[:220]


def judged(case: Case, answer: dict[str, Any], seed: int) -> Finding:
    """A case with its answer."""
    error = answer.get("error")
    asks = bool(case.get("refuse") or case.get("either"))
    if error:
        told = f"{error.get('kind')}: {one_line(error.get('message'))}"
        if error.get("kind") == "internal":
            return Finding(case["id"], "crashed", told, answer)
        if not asks:
            return Finding(case["id"], "refused", told, answer)
        why = question_trouble(case, error)
        return Finding(case["id"], "unasked" if why else "right", f"{why}; {told}" if why else "", answer)
    if case.get("refuse"):
        told = f"{all_shown(answer.get('shapes') or {})}; {answer.get('gradient') or answer.get('differential')}"
        return Finding(case["id"], "guessed", told, answer)
    why, report = "", Report()
    for meant in readings(case):
        this, report, problem = derivative_of(meant, answer, seed)
        if not this:
            trouble = reading_trouble(meant, answer, problem, seed)
            return Finding(case["id"], "unshown" if trouble else "right", trouble, answer, report)
        why = why or this
    return Finding(case["id"], "unjudged" if why.startswith("not judged") else "misread", why, answer, report)


def readings(case: Case) -> Iterator[Case]:
    """The case as it was meant, and as it may be taken too."""
    yield case
    for other in case.get("alt") or []:
        yield {**case, **other}


def solve(case: Case, seed: int = 1, limit: int = 60, means: bool = False) -> Finding:
    """Ask frechet about a case and judge what it says."""
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    start = time.perf_counter()
    try:
        answer = ask(meant_line(case) if means else line_of(case))
    except Stopped:
        return Finding(case["id"], "slow", f"no answer in {limit} s", seconds=limit)
    except Exception as error:
        told = "".join(traceback.format_exception(error)[-2:]).strip()
        return Finding(case["id"], "crashed", one_line(told.splitlines()[-1]), seconds=time.perf_counter() - start)
    finally:
        signal.alarm(0)
    seconds = time.perf_counter() - start
    whole = {key: case[key] for key in case if key not in ("either", "alt", "language", "rename")} if means else case
    if means:
        whole |= {"written": case["means"], "wrt": meant_wrt(case), "wrt_means": meant_wrt(case)}
    try:
        found = judged(whole, answer, seed)
    except (Unreadable, Bad) as trouble:  # this reader knows less than the language
        found = Finding(case["id"], "unjudged", f"{type(trouble).__name__}: {trouble}", answer)
    if means and found.kind == "right" and (answer.get("verification") or {}).get("passed") is not True:
        found.kind, found.reason = "unjudged", "frechet's own verification did not pass"
    found.seconds = seconds
    return found


def show(case: Case, found: Finding) -> None:
    """One case in full."""
    print(f"\n{found.kind.upper()} {found.id}  {found.reason}")
    print(f"  written  {case['written']}   by {case.get('wrt')}")
    print(f"  means    {case.get('means')}   by {meant_wrt(case)}   {all_shown(case.get('shapes') or {})}")
    if found.answer.get("error"):
        print("  error    " + str(found.answer["error"].get("message")).replace("\n", "\n           "))
        return
    if found.answer.get("reading"):
        print(f"  reading  {found.answer['reading']}")
    print(f"  shapes   {all_shown(found.answer.get('shapes') or {})}")
    for key in ("gradient", "derivative", "differential", "pullback"):
        if found.answer.get(key):
            print(f"  {key:12} {found.answer[key]}")
    for name, form in found.report.forms.items():
        if form.status == "wrong":
            print(f"  wrong    {name}: {form.text}   {form.reason}")


def main() -> int:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("files", nargs="*", type=Path, help="files of cases (ours and the corpus if none)")
    words.add_argument("--id", action="append", help="only cases with this in the id")
    words.add_argument("--show", action="store_true", help="show each case in full")
    words.add_argument("--means", action="store_true", help="check the cases: ask for what each means")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--limit", type=int, default=60, help="seconds a case may take")
    given = words.parse_args()
    chosen = cases(*(given.files or [OURS, SHARED]))
    if given.id:
        chosen = [case for case in chosen if any(part in case["id"] for part in given.id)]
    if given.means:
        chosen = [meant for case in chosen for meant in readings(case) if meant.get("means")]
    counts: Counter[str] = Counter()
    for case in chosen:
        found = solve(case, given.seed, given.limit, given.means)
        counts[found.kind] += 1
        if given.show:
            show(case, found)
        elif found.kind != "right":
            print(f"{found.kind:8} {found.id}: {case['written']!r}: {found.reason}", flush=True)
    print(f"{len(chosen)} cases: " + ", ".join(f"{n} {kind}" for kind, n in counts.most_common()))
    return int(counts["right"] < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
