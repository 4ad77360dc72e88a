"""The rooms of `explain` stand on one another, and none of those that derive knows an operation by its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from frechet.core.records import RECORDS

EXPLAIN = Path(__file__).resolve().parents[2] / "src" / "frechet" / "explain"
BELOW: dict[str, set[str]] = {
    "render": set(),
    "derivation": {"render"},
    "ledger": {"render", "derivation"},
}
"""The packages that each may import, anywhere in its files, beside the files of `explain` itself."""

NOTATION = frozenset(
    [
        *("add", "sub", "neg", "mul", "hadamard", "divide", "edivide", "power", "epower", "transpose"),
        *("conj", "herm", "real", "entry", "row", "column", "slice", "at", "sum", "isum", "delta", "member", "einsum"),
        *("variable", "number", "size", "pi", "eye", "ones", "zeros", "unit", "commutation", "inv", "tr"),
        *("diag", "vec", "vech", "reshape", "permute", "kron", "hcat", "vcat"),
    ]
)
"""Notation, and what formulas are built with: the sums and products, places in an array, stacked and placed entries."""

FILES = sorted(path for room in BELOW for path in (EXPLAIN / room).glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_rooms_import_downwards(path: Path) -> None:
    own = path.parent.name
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        words = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if words[:2] == ["frechet", "explain"] and len(words) > 2 and (EXPLAIN / words[2]).is_dir():
            assert words[2] == own or words[2] in BELOW[own], f"line {node.lineno}: {own} imports {'.'.join(words)}"


def strings(tree: ast.AST) -> set[str]:
    """The string constants that are no docstrings, keys and words of tables included."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    }


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_operation_is_known_by_name(path: Path) -> None:
    known = strings(ast.parse(path.read_text(encoding="utf-8"))) & (RECORDS.keys() - NOTATION)
    assert not known, f"{known}: ask the record"


def test_every_room_says_what_belongs_in_it() -> None:
    for room in ("", *BELOW):
        said = ast.get_docstring(ast.parse((EXPLAIN / room / "__init__.py").read_text(encoding="utf-8")))
        assert said is not None and "belong" in said, room
