"""`frechet batch`: order, bad lines, flushing, interruption, exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from frechet.apps.batch import next_line

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "frechet.apps.cli", "batch"]

GOOD = {"expression": "A*B", "wrt": "B", "shapes": {"A": ["m", "n"], "B": ["n", "p"]}}


def batch(text: bytes, *options: str) -> tuple[list[dict[str, Any]], int]:
    done = subprocess.run([*COMMAND, "-", *options], input=text, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()], done.returncode


def lines(problems: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(p) + "\n" for p in problems).encode()


def test_answers_in_order_with_their_ids() -> None:
    answers, status = batch(lines([{"id": "one", **GOOD}, {"id": 2, "expression": "x'*x", "wrt": "x"}]))
    assert status == 0
    assert [a["id"] for a in answers] == ["one", 2]
    assert answers[0]["pullback"] == "A'*G"
    assert answers[1]["gradient"] == "2*x"


BAD: list[tuple[bytes, str]] = [
    (b"{nonsense", "input"),
    (b"[1, 2]", "input"),
    (b"{}", "input"),
    (b'{"expression": 3}', "input"),
    (b'{"expression": "A*B", "wrt": 3}', "input"),
    (b'{"expression": "A*B", "shapes": {"A": "m"}}', "input"),
    (b'{"expression": "A*B", "order": 3}', "input"),
    (b"\xff\xfe", "input"),
    (b"[" * 100_000, "input"),
    (b'{"id": NaN, "expression": "A*B", "wrt": "B"}', "input"),
    (b'{"id": 1e999, "expression": "A*B", "wrt": "B"}', "input"),
    (b'{"id": ' + b"9" * 5000 + b', "expression": "A*B", "wrt": "B"}', "input"),
    (b'{"expression": "A*B", "wrt": "A", "wrt": "B"}', "input"),
    (b'{"expression": "A*B", "wrt": ""}', "name"),
    (b'{"expression": "\\ud800*x", "wrt": "x"}', "syntax"),
    (b'{"expression": "x*x", "wrt": "\\udfff"}', "name"),
    (b'{"expression": "A*(", "wrt": "A"}', "syntax"),
    (b'{"expression": "A*B", "wrt": "Z"}', "name"),
    (b'{"expression": "A*B", "wrt": "A", "claim": "B*"}', "syntax"),
    (b'{"expression": "A*B", "wrt": "A", "claim": 3}', "input"),
]


def test_bad_lines_get_errors_and_the_rest_go_on() -> None:
    text = b"".join(line + b"\n" + lines([{"id": "good", **GOOD}]) for line, _ in BAD)
    answers, status = batch(text)
    assert status == 1
    assert len(answers) == 2 * len(BAD)
    for (line, kind), answer in zip(BAD, answers[::2], strict=True):
        assert answer["error"]["kind"] == kind, (line[:40], answer)
    assert all(answer["error"] is None for answer in answers[1::2])


def test_the_id_of_a_bad_problem_is_kept() -> None:
    answers, _ = batch(b'{"id": 7, "expression": 3}\n')
    assert answers[0]["id"] == 7


def test_a_long_file_keeps_its_order() -> None:
    problems = [{"id": i, "expression": f"tr(A^{i % 4 + 1}*B)", "wrt": "A"} for i in range(150)]
    answers, status = batch(lines(problems))
    assert status == 0
    assert [a["id"] for a in answers] == list(range(150))
    alone, _ = batch(lines(problems), "--jobs", "1")
    assert [a["gradient"] for a in alone] == [a["gradient"] for a in answers]


def test_each_answer_is_there_before_the_next_problem() -> None:
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin and child.stdout
        for i in range(60):
            child.stdin.write(lines([{"id": i, **GOOD}]))
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["id"] == i
        child.stdin.close()
        assert child.wait(20) == 0


def test_a_file_that_was_closed_has_no_next_line() -> None:
    source = BytesIO(b"{}\n")
    assert next_line(source) == b"{}\n"
    source.close()
    assert next_line(source) == b""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_interrupted_cleanly(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(lines([{"id": i, **GOOD} for i in range(20_000)]))
    with subprocess.Popen(
        [*COMMAND, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as child:
        assert child.stdout and child.stderr
        first = [child.stdout.readline() for _ in range(20)]
        time.sleep(0.5)
        os.killpg(child.pid, signal.SIGINT)
        rest = child.stdout.read().splitlines()
        assert child.wait(20) == 130
        errors = child.stderr.read()
    assert b"Traceback" not in errors
    ids = [json.loads(line)["id"] for line in [*first, *rest]]
    assert ids == list(range(len(ids)))


def test_a_reader_that_goes_away_is_no_accident(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines([GOOD] * 200))
    with subprocess.Popen([*COMMAND, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        child.stdout.readline()
        child.stdout.close()
        assert child.wait(30) == 1
        assert child.stderr.read() == b""
