"""Known answers pass and every claim holds under exactly the readings that are recorded for it.

The problems lie outside the project; where they are absent these tests are skipped.
"""

import json
import re
from itertools import permutations

from frechet.errors import FrechetError
from frechet.language import parse, read_formula
from frechet.ops.expressions import variable
from frechet.verify.check import check
from frechet.verify.request import CheckRequest, Form
from frechet.verify.structure import is_structured
from judge.corpus import load

PROBLEMS = load()
KINDS = {
    "gradient": ("unconstrained", {}),
    "numerator": ("jacobian", {}),
    "denominator": ("jacobian", {"layout": "denominator"}),
    "rowmajor-numerator": ("jacobian", {"vec": "row"}),
    "rowmajor-denominator": ("jacobian", {"layout": "denominator", "vec": "row"}),
    "pullback": ("pullback", {}),
    "derivative": ("derivative", {}),
    "differential": ("differential", {}),
    "symmetric-free": ("free entries", {}),
    "symmetric-projected": ("gradient", {}),
    "hessian": ("hessian", {}),
}


def plain(problem):
    """A problem whose answers hold at general points: nothing complex, no drawing prescribed."""
    return "complex" not in json.dumps(problem.get("assumptions", {})) and "draw" not in problem


def read(problem):
    """The problem read, or None where the language does not know a function in it yet."""
    try:
        given = problem.get("shapes"), problem.get("assumptions"), problem.get("functions", ())
        return parse(problem["expression"], *given)
    except FrechetError as refusal:
        if refusal.kind in ("name", "unsupported"):
            return None
        raise


def verdict(problem, text, name):
    """What the check says of a formula under a convention; None where it cannot be asked."""
    parsed = read(problem)
    if parsed is None or problem["wrt"] not in parsed.variables:
        return None
    wrt = parsed.variables[problem["wrt"]]
    names = {"d" + problem["wrt"]: variable("d" + problem["wrt"], wrt.shape)}
    names |= {**parsed.variables, **parsed.quantities}
    names.setdefault("G", variable("G", parsed.value.shape))
    kind, fields = KINDS[name]
    try:
        expr = read_formula(text, names, functions=problem.get("functions", ()))
    except FrechetError:
        return None
    form = Form(name, kind, expr, **fields)
    request = CheckRequest(parsed.value, (wrt,), (form,), equations=parsed.constraints, sizes=sizes_of(problem))
    return check(request).passed


def sizes_of(problem):
    """Sizes that meet a problem's condition on them ("n>m"); none where it has no such condition."""
    condition = problem.get("sizes", "")
    names = sorted(set(re.findall(r"\b(?!and\b|or\b)[A-Za-z]\w*", condition)))
    tried = (dict(zip(names, values, strict=True)) for values in permutations(range(3, 7), len(names)))
    return next((sizes for sizes in tried if condition and eval(condition, {}, sizes)), {})


def readings(value, wrt):
    """The names that mean one thing for a value and a variable of these shapes."""
    if not value.shape and wrt.shape and not is_structured(wrt):
        return ["gradient"]
    if value.shape and wrt.shape:
        return ["numerator", "denominator", "rowmajor-numerator", "rowmajor-denominator"]
    return []


def test_known_answers_pass():
    asked = [p for p in PROBLEMS if plain(p) and p.get("answer") and p["form"] in KINDS]
    verdicts = {p["id"]: verdict(p, p["answer"], p["form"]) for p in asked}
    assert [name for name, passed in verdicts.items() if passed is False] == []
    assert sum(passed is True for passed in verdicts.values()) > 190


def test_claims_hold_as_recorded():
    wrong, judged = [], 0
    for problem in filter(plain, PROBLEMS):
        parsed = read(problem)
        if parsed is None or problem.get("order", 1) != 1 or problem["wrt"] not in parsed.variables:
            continue
        for claim in problem["claims"]:
            for name in readings(parsed.value, parsed.variables[problem["wrt"]]):
                passed = verdict(problem, claim["formula"], name)
                judged += passed is not None
                if passed is not None and passed != (name in claim["holds as"]):
                    wrong.append((problem["id"], claim["formula"], name, passed, claim["holds as"]))
    assert judged > 200
    assert wrong == []
