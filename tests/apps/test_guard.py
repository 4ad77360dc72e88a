"""A problem that breaks breaks alone: faults are put wherever a line, a worker or a command can meet them."""

from __future__ import annotations

import json
import os
import pickle
import pkgutil
import sys
from collections.abc import Callable
from concurrent.futures import Future
from io import BytesIO, StringIO
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner

from frechet.apps import batch, lines
from frechet.apps.cli import main
from frechet.apps.guard import guarded
from frechet.apps.lines import answer_to

pytestmark = pytest.mark.slow

FAULTS: list[tuple[Exception, str]] = [
    (IndexError("index 2 is out of bounds"), "internal"),
    (KeyError("S"), "internal"),
    (ZeroDivisionError("division by zero"), "internal"),
    (AssertionError(), "internal"),
    (TypeError("x" * 5000), "internal"),
    (np.linalg.LinAlgError("SVD did not converge"), "internal"),
    (RuntimeWarning("invalid value"), "internal"),
    (StopIteration(), "internal"),
    (OSError(28, "No space left on device"), "limit"),
    (MemoryError(), "limit"),
    (RecursionError("maximum recursion depth exceeded"), "limit"),
]
PLACES = [
    "frechet.language.problem:read",
    "frechet.verify.bench:Bench.point",
    "frechet.library.report:to_dict",
    "frechet.explain.claims.judge:find",
    "frechet.explain.claims.search:Search.run",
]
"""Where a fault is put: while reading, checking, writing down, judging, mending."""
CLAIM = {"expression": "x'*A*x", "wrt": "x", "claim": "A*x*3", "shapes": {"A": ["n", "n"], "x": ["n"]}}


def raising(fault: BaseException) -> Callable[..., Any]:
    def fail(*args: object, **more: object) -> Any:
        raise fault

    return fail


def put(monkeypatch: pytest.MonkeyPatch, place: str, fault: BaseException) -> None:
    """A fault in the place of what a module or a class has; a function may hide the module of its name."""
    module, _, names = place.partition(":")
    *path, last = names.split(".")
    holder = pkgutil.resolve_name(":".join((module, ".".join(path))) if path else f"{module}:")
    monkeypatch.setattr(holder, last, raising(fault))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=lambda v: type(v).__name__ if isinstance(v, Exception) else v)
def test_a_fault_is_the_error_of_its_line(
    place: str, fault: Exception, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, place, fault)
    answer = answer_to(json.dumps({"id": 7, **CLAIM}).encode(), 1, True)
    assert answer["id"] == 7 and answer["expression"] == CLAIM["expression"]
    assert answer["error"]["kind"] == kind
    message = answer["error"]["message"]
    assert len(message) < 1000 and "Traceback" not in message
    if kind == "internal":
        assert type(fault).__name__ in message and "frechet 0." in message and "Please report" in message
        assert "in frechet/" in message and ", line " in message


COMMANDS = [
    (["derive", "x'*A*x", "--wrt", "x"], ["frechet:derive", "frechet.pages.card:card"]),
    (["derive", "x'*A*x", "--wrt", "x", "--json"], ["frechet:derive", "frechet.apps.answer:as_json"]),
    (["explain", "x'*x", "--wrt", "x"], ["frechet:derive", "frechet.library.derivative:Derivative.explain"]),
    (["explain", "x'*x", "--wrt", "x", "--json"], ["frechet:derive", "frechet.apps.explain:emit_json"]),
    (["conventions", "x'*x", "--wrt", "x"], ["frechet.library.derivative:Derivative.conventions"]),
    (["check", "x'*x", "--wrt", "x", "--claim", "x"], ["frechet:check", "frechet.apps.claims:page"]),
    (["check", "x'*x", "--wrt", "x", "--claim", "x", "--json"], ["frechet:check"]),
    (["equal", "A*B", "B*A"], ["frechet:equal", "frechet.apps.claims:shown"]),
    (["equal", "A*B", "B*A", "--json"], ["frechet.explain.claims.equal:Pair"]),
    (["derive", "x'*x", "--shape", "x=n"], ["frechet.apps.options:size"]),
]


@pytest.mark.parametrize(("command", "place"), [(c, p) for c, places in COMMANDS for p in places])
@pytest.mark.parametrize(("fault", "kind"), FAULTS[:1] + FAULTS[-2:])
def test_no_command_ends_with_a_traceback(
    command: list[str], place: str, fault: Exception, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, place, fault)
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)
    if "--json" in command:
        assert json.loads(done.stdout)["error"]["kind"] == kind
    else:
        assert ("Please report" in done.stderr) == (kind == "internal")
        assert "Traceback" not in done.output


def test_every_command_is_guarded() -> None:
    assert all(hasattr(command.callback, "__wrapped__") for command in main.commands.values())


def test_what_ends_a_program_goes_through() -> None:
    for ending in (KeyboardInterrupt(), SystemExit(3), GeneratorExit()):
        with pytest.raises(type(ending)), guarded("x'*x"):
            raise ending
    with pytest.raises(click.UsageError), guarded("x'*x", (click.ClickException,)):
        raise click.UsageError("no such option")


def test_a_warning_made_an_exception_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    with guarded():
        np.log(np.zeros(1) - 1.0)


def run(text: bytes) -> tuple[list[dict[str, Any]], int]:
    out = StringIO()
    status = batch.run(BytesIO(text), out, jobs=1)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


GOOD = b'{"id": "good", "expression": "x\'*x", "wrt": "x"}\n'


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_the_other_lines_go_on(fault: Exception, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lines.judged

    def judged(problem: dict[str, Any]) -> dict[str, Any]:
        if problem.get("id") == "bad":
            raise fault
        return whole(problem)

    monkeypatch.setattr(lines, "judged", judged)
    bad = json.dumps({"id": "bad", **CLAIM}).encode() + b"\n"
    answers, status = run(GOOD + bad + GOOD)
    assert status == 1
    assert [a["id"] for a in answers] == ["good", "bad", "good"]
    assert [a["error"] and a["error"]["kind"] for a in answers] == [None, kind, None]


def test_an_answer_that_cannot_be_written_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(problem: dict[str, Any]) -> dict[str, Any]:
        del problem
        return {"gradient": {1, 2}, "error": None}

    monkeypatch.setattr(lines, "judged", judged)
    answers, status = run(json.dumps({"id": "bad", **CLAIM}).encode() + b"\n" + GOOD)
    assert status == 1
    assert [a["id"] for a in answers] == ["bad", "good"]
    assert answers[0]["error"]["kind"] == "internal" and answers[1]["error"] is None


def test_interrupting_still_interrupts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(lines, "judged", raising(KeyboardInterrupt()))
    answers, status = run(GOOD + json.dumps(CLAIM).encode() + b"\n" + GOOD)
    assert status == 130 and len(answers) == 1
    assert capsys.readouterr().err == "interrupted\n"


class Unpicklable(Exception):
    """An exception that a worker cannot send."""

    def __init__(self, one: object, other: object) -> None:
        super().__init__("of two")


def troubled(line: bytes, number: int, verify: bool) -> Any:
    """What a worker does with a line, with the fault that the line names."""
    del number, verify
    match json.loads(line)["id"]:
        case "dies":
            os._exit(9)
        case "cannot be sent":
            return {"id": 0, "value": lambda: None}
        case "raises":
            raise IndexError("index 2 is out of bounds")
        case "raises what cannot be sent":
            raise Unpicklable(1, 2)
        case name:
            return {"id": name, "error": None}


def test_a_worker_may_fail_in_any_way() -> None:
    names = ["a", "raises", "b", "cannot be sent", "c", "dies", "d", "raises what cannot be sent", "e"]
    source = iter([(k, json.dumps({"id": name, "expression": "x"}).encode()) for k, name in enumerate(names, 1)])
    answers = list(batch.shared(source, True, 2, troubled))
    assert [a["id"] for a in answers] == names
    kinds = {a["id"]: a["error"]["kind"] for a in answers if a["error"]}
    assert kinds.keys() == {"raises", "cannot be sent", "dies", "raises what cannot be sent"}
    assert kinds["raises"] == kinds["cannot be sent"] == "internal" and kinds["dies"] == "limit"


def test_a_result_that_does_not_come_is_an_error() -> None:
    future: Future[Any] = Future()
    future.set_exception(pickle.PicklingError("cannot pickle"))
    answer = batch._result(((3, b'{"id": 5, "expression": "x"}'), future), True, troubled)  # pyright: ignore[reportPrivateUsage]
    assert answer["id"] == 5 and answer["error"]["kind"] == "internal" and "PicklingError" in answer["error"]["message"]


def test_lines_that_cannot_be_read_end_the_batch_and_no_worker_waits() -> None:
    def source() -> Any:
        yield 1, GOOD
        raise OSError("the disk is gone")

    answers = batch.shared(source(), True, 1)
    assert next(answers)["id"] == "good"
    with pytest.raises(OSError, match="the disk is gone"):
        next(answers)


UNKNOWN: list[tuple[dict[str, Any], str]] = [
    ({"shape": {"x": ["n"]}}, 'did you mean "shapes"?'),
    ({"assumption": {}}, 'did you mean "assumptions"?'),
    ({"answer": "2*x"}, "it may have id"),
    ({"": 1}, "it may have id"),
]


@pytest.mark.parametrize(("more", "word"), UNKNOWN)
def test_an_unknown_key_is_an_error_of_the_line(more: dict[str, Any], word: str) -> None:
    answer = answer_to(json.dumps({"id": 1, "expression": "x'*x", "wrt": "x", **more}).encode(), 1, True)
    assert answer["error"]["kind"] == "input" and word in answer["error"]["message"]


def test_an_unknown_key_is_named_where_the_expression_is_missing() -> None:
    message = answer_to(b'{"expr": "A*B", "wrt": "A"}', 1, True)["error"]["message"]
    assert message == 'a line has no "expr"; did you mean "expression"?'


def test_what_a_line_may_have() -> None:
    line = {"id": 1, "expression": "x'*x", "wrt": "x", "language": "auto", "at": None}
    assert answer_to(json.dumps(line).encode(), 1, True)["error"] is None
    assert answer_to(json.dumps({**line, "at": "x = 0"}).encode(), 1, True)["at"] == "x = 0"
    assert answer_to(json.dumps({**line, "at": 3}).encode(), 1, True)["error"]["kind"] == "input"


def test_an_eigenvalue_with_a_wrong_claim_has_a_verdict() -> None:
    line = {"expression": "eigvalsh(A)[n]", "wrt": "A", "claim": "eye(n)", "shapes": {"A": ["n", "n"]}}
    for more in ({}, {"claim": "ones(n)*ones(n)'", "assumptions": {"A": ["symmetric"]}}):
        answer = answer_to(json.dumps({**line, **more}).encode(), 1, True)
        assert answer["error"] is None and answer["verdict"] == "wrong"
