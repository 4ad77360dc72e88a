"""The house is kept: imports go downwards only, a bare import is light, the product knows no corpus."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "frechet"

LAYERS: list[set[str]] = [
    {"errors"},
    {"core"},
    {"algebra"},
    {"ops"},
    {"notation", "language"},
    {"calculus"},
    {"verify"},
    {"explain"},
    {"library"},
    {"apps"},
]
"""Lowest first; a module imports its own package and lower layers.

`ops` stands on `algebra`, because a record says what its operation is in normal form.  `calculus` stands on
`notation`, because it chooses among equal forms the one that is written shortest.  `notation` and `language` do not
know each other: that what is printed parses again is a matter of tests.  The objects of the `library` load what works
on them (`numbers`, `checking`, `report`, `explicit`, `setting`) when a method needs it, so that a bare import is light;
what is imported at once has no cycle anywhere.  The constructors of the algebra recurse through one file, `late`.
"""

BLIND = {"verify": {"algebra", "calculus", "notation"}, "language": {"algebra"}}
"""What a package must not see although it lies lower: the check shares nothing with the rules."""

HEAVY = {"numpy", "scipy", "lark", "rich", "click", "sympy", "jax", "torch"}

FILES = sorted(SOURCE.rglob("*.py"))


def rank(part: str) -> int:
    return next(level for level, parts in enumerate(LAYERS) if part in parts)


def part_of(path: Path) -> str:
    """The layer's name of a file; "" for the package's face."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return "" if parts in (("__init__",), ("__main__",)) else parts[0]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in the file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            if module == "frechet":
                yield from ((node.lineno, f"frechet.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_downwards(path: Path) -> None:
    own = part_of(path)
    layered = {name for parts in LAYERS for name in parts}
    for line, module in imported(path):
        words = module.split(".")
        if words[0] != "frechet":
            continue
        part = words[1] if len(words) > 1 else ""
        other = part if part in layered else ""
        if own in ("", "apps"):
            # The face imports what it shows; an application the face (and its own package) only.
            assert own == "" or other in ("", "apps"), f"{path}:{line}: an application imports {module}"
            continue
        assert other, f"{path}:{line}: imports the face of the package"
        assert other == own or rank(other) < rank(own), f"{path}:{line}: {own} imports {module} above it"
        assert other not in BLIND.get(own, ()), f"{path}:{line}: {own} must not see {module}"


def at_once(path: Path) -> Iterator[str]:
    """The modules that are imported when the file is, none that only types need."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = (SOURCE.parent / Path(*node.module.split("."), f"{alias.name}.py")).exists()
                yield f"{node.module}.{alias.name}" if submodule else node.module


def test_no_module_needs_itself() -> None:
    modules: dict[str, Path] = {}
    for path in FILES:
        words = path.relative_to(SOURCE.parent).with_suffix("").parts
        modules[".".join(words[:-1] if words[-1] == "__init__" else words)] = path
    needs: dict[str, set[str]] = {}
    for name, path in modules.items():
        needs[name] = {m for m in at_once(path) if m in modules and m != name}
    TopologicalSorter(needs).prepare()  # CycleError names the cycle


def test_every_file_has_a_layer() -> None:
    for path in FILES:
        own = part_of(path)
        assert own == "" or rank(own) >= 0, path


def fresh(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_bare_import_is_light() -> None:
    loaded = fresh("import sys, frechet; print(*{name.partition('.')[0] for name in sys.modules})").split()
    assert not HEAVY & set(loaded), HEAVY & set(loaded)


def test_nothing_in_the_product_knows_the_corpus() -> None:
    for path in FILES:
        assert "corpus" not in path.read_text(encoding="utf-8").lower(), path


@pytest.mark.parametrize("path", [p for p in FILES if p.name != "__init__.py"], ids=lambda p: p.name)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


NOTATION = frozenset(
    [
        *("add", "sub", "neg", "mul", "hadamard", "divide", "edivide", "power", "epower", "transpose", "sum"),
        *("conj", "herm", "entry", "row", "column", "at", "isum", "iprod", "member", "delta", "einsum"),
        *("variable", "number", "size", "pi", "eye", "ones", "zeros", "unit", "commutation", "inv", "tr"),
        *("diag", "vec", "kron", "khatrirao", "hcat", "vcat", "reshape", "declared"),
    ]
)
"""What is notation itself, and what the algebra builds with."""

BY_NAME: dict[str, tuple[set[str], str]] = {
    "algebra/constructors/determinants.py": ({"det", "logdet", "prod", "log", "abs"}, "these are their constructors"),
    "algebra/constructors/__init__.py": ({"logdet"}, "the list of public names"),
    "algebra/constructors/entrywise.py": ({"abs"}, "the root of a square is a modulus"),
    "algebra/constructors/powers.py": ({"abs"}, "the root of a square is a modulus"),
    "calculus/forms.py": ({"vech"}, "free entries are stacked by vech"),
    "calculus/free.py": ({"duplication", "elimination"}, "the matrices of the free entries"),
    "notation/conjugates.py": ({"real", "imag"}, "how what pairs with its conjugate is written"),
    "notation/index.py": ({"sqrt"}, "the power one half is written as a root"),
    "notation/latex.py": ({"hat"}, "an accent of LaTeX"),
    "notation/latexlines.py": ({"sqrt", "hat"}, "a command and an accent of LaTeX"),
    "notation/write/entrywise.py": ({"sqrt"}, "the power one half is written as a root"),
    "notation/write/products.py": ({"sqrt", "mean"}, "a root; a sum over its count is a mean"),
    "notation/write/rings.py": ({"abs", "norm1", "norm2"}, "sums of squares and moduli are norms"),
}
"""Where an operation is known by its name all the same, and why."""

READERS_OF_RECORDS = ("core", "algebra", "calculus", "notation", "verify")


@pytest.mark.parametrize(
    "path", [p for p in FILES if part_of(p) in READERS_OF_RECORDS], ids=lambda p: str(p.relative_to(SOURCE))
)
def test_no_operation_is_known_by_name(path: Path) -> None:
    """An operation is one record: a pass asks it, and does not compare names."""
    from frechet.ops import RECORDS

    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and isinstance(node.body[0], ast.Expr)
    }
    said = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in told}
    allowed, _ = BY_NAME.get(str(path.relative_to(SOURCE)), (set[str](), ""))
    known = {word for word in said if isinstance(word, str)} & (RECORDS.keys() - NOTATION)
    assert known == allowed, f"{known ^ allowed}: ask the record, or say here why not"
