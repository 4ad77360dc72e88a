"""The answers that the corpus gets are of the form that docs/answer.schema.json fixes and docs/answer.md describes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

import frechet as fr
from frechet.apps.lines import answer_to
from judge.corpus import HOME, load

jsonschema = pytest.importorskip("jsonschema", reason="pip install 'frechet[dev]'")

DOCS = HOME.parent / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "answer.schema.json").read_text(encoding="utf-8"))
PROBLEMS = [p for name in ("problems", "composite") for p in load(HOME / f"{name}.jsonl")]
CLAIMS = [(p, p["claims"][0]) for p in load() if p.get("claims")][::12]
MORE: list[dict[str, Any]] = [
    {"expression": "A*B"},
    {"expression": "x'*A*x", "wrt": ["x", "A"], "order": 2},
    {"expression": "a = h*W; y = tanh(a); sum(y)"},
    {"expression": "\\|Ax-b\\|_2^2", "wrt": "x"},
    {"expression": "A*("},
    {"expression": 3},
]
KEYS = ("id", "expression", "wrt", "shapes", "assumptions", "functions", "order")


@cache
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


def trouble(answer: dict[str, Any]) -> str:
    kind = (
        "refusal"
        if answer.get("error")
        else "verdict"
        if "claim" in answer
        else "several"
        if "by" in answer
        else "answer"
    )
    own = jsonschema.Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})
    return "\n".join(f"{e.json_path}: {e.message}" for e in own.iter_errors(answer))


def asked(problem: dict[str, Any], **more: Any) -> dict[str, Any]:
    line = {key: problem[key] for key in KEYS if key in problem} | more
    return json.loads(json.dumps(answer_to(json.dumps(line).encode(), 1, False)))


@pytest.mark.parametrize("problem", [*PROBLEMS, *MORE], ids=lambda p: str(p.get("id", p["expression"])))
def test_an_answer_is_of_the_form(problem: dict[str, Any]) -> None:
    answer = asked(problem)
    assert validator().is_valid(answer), trouble(answer)


@pytest.mark.parametrize(("problem", "claim"), CLAIMS, ids=lambda p: str(p.get("id", p.get("formula"))))
def test_a_verdict_is_of_the_form(problem: dict[str, Any], claim: dict[str, Any]) -> None:
    verdict = asked(problem, claim=claim["formula"])
    assert "verdict" in verdict
    assert validator().is_valid(verdict), trouble(verdict)


@pytest.mark.parametrize(
    "spoilt",
    [{"gradient": 3}, {"where": None}, {"unheard": "x"}, {"shapes": {"x": "n"}}, {"order": 3}, {"missing": ["a"]}],
)
def test_what_is_not_of_the_form_is_told(spoilt: dict[str, Any]) -> None:
    answer = asked({"expression": "x'*x", "wrt": "x"})
    assert not validator().is_valid({**answer, **spoilt})


def test_the_page_names_every_key() -> None:
    page = (DOCS / "answer.md").read_text(encoding="utf-8")
    for kind in ("answer", "several", "verdict", "refusal", "verification"):
        for key in SCHEMA["$defs"][kind]["properties"]:
            assert f"`{key}`" in page or f'"{key}"' in page, key


def test_what_is_too_large_says_by_what_it_would_be_short() -> None:
    d = fr.derive("sum(sigmoid(b/norm2(b)*u'))", wrt="b", order=2, shapes={"b": ["m"], "u": ["n"]})
    assert d.missing["hessian"].endswith("use the pullback; by b/norm2(b), as a variable of its own, it is shorter")
    assert "hessian" in fr.derive("sum(sigmoid(v*u'))", wrt="v", order=2).forms
