"""The code in the records: what PyTorch's texts and helpers call stands above them."""

import ast
import builtins

import pytest

from frechet.ops import RECORDS

HELPED = [op for op in RECORDS.values() if op.code.torch_helpers]


def called(text: str) -> set[str]:
    """The plain names that are called in a text."""
    return {n.func.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def defined(helper: str) -> str:
    """The name of the one function that a helper is."""
    (function,) = ast.parse(helper).body
    assert isinstance(function, ast.FunctionDef)
    return function.name


@pytest.mark.parametrize("op", HELPED, ids=lambda op: op.name)
def test_each_helper_stands_after_those_that_it_calls(op):
    above = set()
    for helper in op.code.torch_helpers:
        name = defined(helper)
        given = {a.arg for a in ast.walk(ast.parse(helper)) if isinstance(a, ast.arg)}
        assert called(helper) - given - {name} - set(dir(builtins)) <= above
        above.add(name)
    text = op.code.torch.format(*"abcd", last="z", p0="n", like=".to(a)", array="a")
    assert called(text) - set(dir(builtins)) <= above
    assert called(text), "none of its helpers is called"


def test_helpers_of_one_name_are_one_function():
    texts = {}
    for op in HELPED:
        for helper in op.code.torch_helpers:
            assert texts.setdefault(defined(helper), helper) == helper
