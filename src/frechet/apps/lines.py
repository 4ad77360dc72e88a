"""One line of a batch: a problem in JSON to an answer, whatever the line holds."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import frechet
from frechet.apps.guard import guarded
from frechet.apps.problem import at_point
from frechet.pages.plain import listing, mapping

Answer = dict[str, Any]

DIGITS = 400
"""The longest whole number that is read."""


def answer_to(line: bytes, number: int, verify: bool) -> Answer:
    """The answer to one line; whatever is wrong with it is told in the answer.

    >>> answer_to(b"{nonsense", 3, True)["error"]["kind"]
    'input'
    """
    problem: Any = None
    try:
        with guarded(line.decode("utf-8", "replace")):
            problem = read(line)
            answer = judged(problem) if problem.get("claim") is not None else derived(problem, verify)
    except frechet.FrechetError as error:
        known = problem if problem is not None else named(line)
        return refusal(known, number, error.kind, error.message, error.position, error.readings)
    return {"id": problem["id"], **answer} if "id" in problem else answer


def derivative(problem: Answer, verify: bool) -> frechet.Derivative:
    """The derivative that a problem asks for, at its point where it names one."""

    def derive(verify: bool) -> frechet.Derivative:
        return frechet.derive(
            problem["expression"],
            wrt=problem.get("wrt"),
            shapes=problem.get("shapes") or {},
            assumptions=problem.get("assumptions") or {},
            functions=problem.get("functions") or [],
            order=problem.get("order") or 1,
            language=problem.get("language") or "auto",
            verify=verify,
        )

    return at_point(derive, problem.get("at"), verify)


def derived(problem: Answer, verify: bool) -> Answer:
    """The derivative."""
    answer, at = derivative(problem, verify).to_dict(), problem.get("at")
    return {**answer, "at": at} if at else {**answer}


def judged(problem: Answer) -> Answer:
    """The verdict on a claim."""
    names = listing(problem.get("wrt"))
    verdict = frechet.check(
        problem["expression"],
        names[0] if len(names) == 1 else problem.get("wrt"),
        problem["claim"],
        shapes=problem.get("shapes") or {},
        assumptions=problem.get("assumptions") or {},
        functions=problem.get("functions") or [],
        order=problem.get("order") or 1,
        upstream=problem.get("upstream") or {},
        language=problem.get("language") or "auto",
        at=problem.get("at") or (),
    )
    at = {"at": problem["at"]} if problem.get("at") else {}
    return {**verdict.to_dict(), **at, "error": None}


def refusal(
    problem: Any, number: int, kind: str, message: str, position: int | None = None, readings: Sequence[str] = ()
) -> Answer:
    """An answer that is an error, with what is known of the problem; of a question the readings to choose from too."""
    known = mapping(problem)
    out: Answer = {key: known[key] for key in ("id", "expression", "wrt", "order", "claim") if key in known}
    if "id" not in out:
        out["line"] = number
    error: dict[str, Any] = {"kind": kind, "message": message, "position": position}
    out["error"] = {**error, "readings": list(readings)} if readings else error
    return out


def named(line: bytes) -> Answer:
    """As much of a bad line as can be told from it: its id, if it is an object at all."""
    with suppress(ValueError, RecursionError):
        return dict(mapping(json.loads(line)))
    return {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names all differ."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _number(digits: str) -> float:
    found = float(digits)
    if math.isinf(found):
        raise ValueError(f"the number {digits[:20]} is too large")
    return found


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"the number {digits[:20]}… is too large")
    return int(digits)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in listing(value))


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(type(v) in (str, int) for v in listing(value))


def _by_name(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(check, mapping(value).values()))


FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "expression": (_is_text, "a text"),
    "wrt": (lambda v: _is_text(v) or _is_texts(v), "a name or a list of names"),
    "shapes": (_by_name(_is_shape), 'an object such as {"A": ["m", "n"]}'),
    "assumptions": (_by_name(_is_texts), 'an object such as {"S": ["symmetric"]}'),
    "functions": (_is_texts, "a list of names"),
    "order": (lambda v: type(v) is int and v in (1, 2), "1 or 2"),
    "claim": (_is_text, "a formula"),
    "language": (_is_text, "one of auto, frechet, text, latex, python"),
    "at": (lambda v: _is_text(v) or _is_texts(v) or _by_name(_is_text)(v), 'an object such as {"W": "n*S"}'),
    "upstream": (_by_name(_is_text), 'an object such as {"dout": "out"}'),
}
"""What may stand in a line, how it is recognised, and how it is described."""
OTHERS = ("id", "language")
"""What else may: a name of any kind, what is read elsewhere, what is to come."""


def read(line: bytes) -> dict[str, Any]:
    """A line as a problem.  Raises FrechetError("input", …) saying which part is not as it should be.

    >>> read(b'{"expression": "A*B", "wrt": 3}')
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: "wrt" must be a name or a list of names
    """
    try:
        problem: Any = json.loads(
            line, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number, parse_int=_integer
        )
    except RecursionError:
        raise frechet.FrechetError("input", "the line cannot be read as JSON: it is nested too deeply") from None
    except ValueError as error:
        raise frechet.FrechetError("input", f"the line cannot be read as JSON: {error}") from None
    found = dict(mapping(problem))
    for name in found:
        if name not in FIELDS and name not in OTHERS:
            known = list(dict.fromkeys((*OTHERS, *FIELDS)))
            begun = [key for key in known if len(name) > 2 and key.startswith(name)]
            near = begun or difflib.get_close_matches(name, known, 1)
            meant = f'; did you mean "{near[0]}"?' if near else f"; it may have {', '.join(known)}"
            raise frechet.FrechetError("input", f'a line has no "{name[:60]}"{meant}')
    if not found.get("expression"):
        raise frechet.FrechetError("input", 'a line is a JSON object with an "expression"')
    for name, (check, what) in FIELDS.items():
        if found.get(name) is not None and not check(found[name]):
            raise frechet.FrechetError("input", f'"{name}" must be {what}')
    return found
