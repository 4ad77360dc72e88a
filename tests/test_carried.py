"""The corpora are the project's: they are all there, a program can be scored on them, newer ones beside it are told."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from judge.corpus import HOME, load

sys.path.append(str(HOME.parent / "benchmarks"))
import score

BESIDE = HOME.parents[1] / "shared"
COUNTS = {
    "problems": 247, "composite": 34, "structured": 10, "after": 37, "cases": 34, "words": 33, "tensors": 9,
}  # fmt: skip


def newer(carried: Path, beside: Path) -> list[str]:
    """The files beside the repository that hold something else than those carried in it."""
    found = {path.name: path for path in sorted(beside.rglob("*.jsonl"))}
    return [
        str(path)
        for name, path in found.items()
        if not (carried / name).exists() or (carried / name).read_bytes() != path.read_bytes()
    ]


def test_every_corpus_is_carried() -> None:
    assert {path.stem for path in HOME.glob("*.jsonl")} == set(COUNTS)
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    for name, least in COUNTS.items():
        count = len(load(HOME / f"{name}.jsonl"))
        assert count >= least
        assert f"| `{name}.jsonl` | {count} |" in readme


def test_newer_ones_beside_the_repository_are_told() -> None:
    for path in newer(HOME, BESIDE) if BESIDE.exists() else ():
        warnings.warn(f"{path} holds something else than corpus/: copy it", stacklevel=1)


def test_what_is_newer(tmp_path: Path) -> None:
    carried, beside = tmp_path / "corpus", tmp_path / "shared"
    for folder in (carried, beside / "a"):
        folder.mkdir(parents=True)
        (folder / "same.jsonl").write_text("{}")
        (folder / "other.jsonl").write_text(folder.name)
    (beside / "a" / "more.jsonl").write_text("")
    assert [Path(path).name for path in newer(carried, beside)] == ["more.jsonl", "other.jsonl"]


TOOL = """
import json, sys
for line in sys.stdin:
    problem = json.loads(line)
    assert set(problem) <= {"id", "expression", "wrt", "shapes", "assumptions", "functions", "order"}, problem
    print(json.dumps({"id": problem["id"], **ANSWERS[problem["id"]]}))
"""


def test_any_program_can_be_scored(tmp_path: Path) -> None:
    problems = [
        {"id": k, "expression": "x'*x", "wrt": "x", "shapes": {"x": ["n"]}, "answer": "2*x", "form": "gradient"}
        for k in ("good", "bad", "long", "none")
    ]
    answer = {"shapes": {"x": ["n"]}, "value_shape": [], "where": {}}
    given = {
        "good": {**answer, "gradient": "2*x"},
        "bad": {**answer, "gradient": "x"},
        "long": {**answer, "gradient": "x/2 + x/2 + x/2 + x/2"},
        "none": {"error": {"kind": "unsupported", "message": "not done"}},
    }
    tool, file = tmp_path / "tool.py", tmp_path / "problems.jsonl"
    tool.write_text(f"ANSWERS = json.loads({json.dumps(json.dumps(given))})".join(["import json\n", TOOL]))
    file.write_text("".join(json.dumps(p) + "\n" for p in problems))
    found = score.answers(f"{sys.executable} {tool}", problems)
    kinds = [score.kind_of(p, a)[0] for p, a in zip(problems, found, strict=True)]
    assert kinds == ["right, readable", "wrong", "right", "refused"]
    command = [
        sys.executable,
        str(HOME.parent / "benchmarks" / "score.py"),
        str(file),
        "--tool",
        f"{sys.executable} {tool}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "4 problems: " in done.stdout


@pytest.mark.parametrize("tool", ["true", "echo nonsense"])
def test_a_program_that_says_nothing_is_silent(tool: str) -> None:
    assert [score.kind_of(p, a)[0] for p, a in zip(load()[:2], score.answers(tool, load()[:2]), strict=True)] == [
        "silent"
    ] * 2
