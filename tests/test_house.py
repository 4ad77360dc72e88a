"""The house is kept: imports go downwards only, a bare import is light, the product knows no corpus."""

from __future__ import annotations

import ast
import re
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
    {"verify", "compiler"},
    {"operators"},
    {"explain"},
    {"library"},
    {"pages"},
    {"apps"},
]
"""Lowest first; a module imports its own package and lower layers.

`ops` stands on `algebra`, because a record says what its operation is in normal form.  `calculus` stands on
`notation`, because it chooses among equal forms the one that is written shortest.  `notation` and `language` do not
know each other: that what is printed parses again is a matter of tests.  A `Derivative` loads what works on it
(`numbers`, `checking`, `report`, `explicit`) when a method needs it, so that a bare import is light; these know what
was found (`answered`), not the class.  No two files need each other, neither at once nor later nor for their types.
The constructors of the algebra recurse through one file, `late`.
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
            # The face imports what it shows; an application the face, the pages and its own package only.
            assert own == "" or other in ("", "pages", "apps"), f"{path}:{line}: an application imports {module}"
            continue
        assert other, f"{path}:{line}: imports the face of the package"
        assert other == own or rank(other) < rank(own), f"{path}:{line}: {own} imports {module} above it"
        assert other not in BLIND.get(own, ()), f"{path}:{line}: {own} must not see {module}"


def needed(path: Path) -> Iterator[str]:
    """The modules that a file imports: at once, inside a function, or for its types."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = (SOURCE.parent / Path(*node.module.split("."), f"{alias.name}.py")).exists()
                yield f"{node.module}.{alias.name}" if submodule else node.module


def test_no_file_needs_itself() -> None:
    named: dict[str, Path] = {}
    for path in FILES:
        words = path.relative_to(SOURCE.parent).with_suffix("").parts
        named[".".join(words[:-1] if words[-1] == "__init__" else words)] = path
    needs = {name: {m for m in needed(path) if m in named and m != name} for name, path in named.items()}
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
        *("conj", "herm", "entry", "row", "column", "slice", "at", "isum", "iprod", "member", "delta", "einsum"),
        *("variable", "number", "size", "pi", "eye", "ones", "zeros", "unit", "commutation", "inv", "tr"),
        *("diag", "vec", "kron", "khatrirao", "hcat", "vcat", "reshape", "permute", "declared"),
    ]
)
"""What is notation itself, and what the algebra builds with."""

BY_NAME: dict[str, tuple[set[str], str]] = {
    "algebra/constructors/determinants.py": ({"det", "logdet", "prod", "log", "abs"}, "these are their constructors"),
    "algebra/constructors/__init__.py": ({"logdet"}, "the list of public names"),
    "algebra/constructors/entrywise.py": ({"abs"}, "the root of a square is a modulus"),
    "algebra/plainest.py": ({"det"}, "a determinant is 0 where its matrix is singular"),
    "algebra/constructors/powers.py": ({"abs"}, "the root of a square is a modulus"),
    "calculus/forms.py": ({"vech"}, "free entries are stacked by vech"),
    "calculus/free.py": ({"duplication", "elimination"}, "the matrices of the free entries"),
    "language/indexed/members.py": ({"mean", "norm1", "norm2", "abs", "sqrt"}, "the programs for families"),
    "language/latex/arguments.py": ({"log", "prod", "sign"}, "commands of LaTeX; a kind of token"),
    "language/latex/cursor.py": ({"sign"}, "a kind of token"),
    "language/latex/displays.py": ({"prod"}, "a command of LaTeX"),
    "language/latex/before_formula.py": ({"sign"}, "a kind of token"),
    "language/latex/names.py": ({"log"}, "a logarithm has a base below it"),
    "language/latex/reader.py": ({"log", "prod", "sign", "sqrt"}, "commands of LaTeX, lg among them; a kind of token"),
    "language/latex/words.py": (
        {"hat", "max", "middle", "min", "phi", "sign"},
        "accents, words before a formula; Greek; a kind of token",
    ),
    "language/parameters.py": ({"min"}, "a size is the smaller of two"),
    "language/names.py": ({"gamma", "phi"}, "Greek letters"),
    "language/python/arrays.py": ({"max", "min"}, "what broadcasts"),
    "language/python/axes.py": ({"exp", "log", "softmax"}, "reductions along the axes of NumPy"),
    "language/python/builtin.py": (
        {"abs", "gamma", "imag", "largest", "max", "min", "real", "smallest", "sort"},
        "functions of Python itself; what is no method",
    ),
    "language/python/calls.py": ({"max", "min"}, "arguments of clip"),
    "language/python/elementwise.py": (
        {"clip", "exp", "gelu", "log", "max", "min", "step"},
        "what clip, logaddexp, where, gelu, heaviside are hangs on their arguments",
    ),
    "language/python/formulas.py": ({"mean"}, "a value of the argument reduction"),
    "language/python/freenames.py": ({"sqrt"}, "a function of NumPy"),
    "language/python/linear.py": ({"chol", "eigvalsh", "logdet", "sign", "svdvals"}, "parts of what NumPy returns"),
    "language/python/scored.py": (
        {"exp", "log", "logsumexp", "max", "mean", "softmax"},
        "functions of NumPy that scores are passed to",
    ),
    "language/python/scores.py": ({"exp", "log", "logsumexp", "sqrt"}, "what a maximum comes out of, or cancels in"),
    "language/python/rearranging.py": ({"mean", "prod"}, "words of einops"),
    "language/python/attending.py": ({"sqrt"}, "attention divides by a root"),
    "language/python/normalising.py": ({"mean", "sqrt"}, "layers that are no one formula"),
    "language/python/losses.py": ({"exp", "log", "mean"}, "losses that are no one formula"),
    "language/python/reader.py": ({"exp", "imag", "mean", "real", "sign"}, "attributes of arrays, np.e"),
    "language/python/statistics.py": (
        {
            *(
                "abs",
                "cumsum",
                "largest",
                "logsumexp",
                "max",
                "mean",
                "min",
                "norm1",
                "norm2",
                "norm_nuclear",
                "norm_spectral",
            ),
            *("prod", "smallest", "softmax", "sqrt", "tril", "triu"),
        },
        "reductions of NumPy, whose arguments say which",
    ),
    "language/python/symbolic.py": ({"imag", "prod", "real"}, "attributes of arrays; what multiply.reduce is"),
    "language/python/masks.py": ({"abs", "step"}, "a mask that is an argument is 1 where it is not 0"),
    "language/python/values.py": ({"step"}, "a comparison is a step"),
    "language/latex/left_division.py": (
        {
            "arccos",
            "arcsin",
            "arctan",
            "cos",
            "cosh",
            "det",
            "exp",
            "log",
            "max",
            "min",
            "prod",
            "relu",
            "sigmoid",
            "sign",
            "sin",
            "sinh",
            "softmax",
            "sqrt",
            "tan",
            "tanh",
            "vech",
        },
        "the commands of LaTeX",
    ),
    "language/norm_below.py": ({"max"}, "what stands below a norm"),
    "language/text/factors.py": ({"phi"}, "a Greek letter"),
    "language/text/sums.py": ({"prod"}, "a word that is typed for Π"),
    "notation/conjugates.py": ({"real", "imag"}, "how what pairs with its conjugate is written"),
    "notation/indexcounts.py": ({"sqrt"}, "the power one half is written as a root"),
    "notation/latex.py": ({"hat"}, "an accent of LaTeX"),
    "notation/latexlines.py": ({"sqrt", "hat"}, "a command and an accent of LaTeX"),
    "notation/write/entrywise.py": ({"sqrt"}, "the power one half is written as a root"),
    "notation/write/products.py": ({"sqrt", "mean"}, "a root; a sum over its count is a mean"),
    "notation/write/rings.py": ({"abs", "norm1", "norm2"}, "sums of squares and moduli are norms"),
}
"""Where an operation is known by its name all the same, and why."""

READERS_OF_RECORDS = ("core", "algebra", "calculus", "compiler", "language", "notation", "verify", "operators")


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


MOST = 11
"""In how many files of the product, its types included, one operation may be spoken of."""

SPOKEN_OF = frozenset(
    [
        *("step", "sign", "real", "imag", "mean", "max", "min", "abs", "log", "exp", "gamma", "phi", "prod", "largest"),
        *(
            "sqrt",
            "norm2",
            "det",
            "logdet",
            "softmax",
            "tanh",
            "vech",
            "middle",
            "sigmoid",
            "expm",
            "sort",
            "sin",
            "tril",
        ),
    ]
)
"""Words of English and Greek, commands of LaTeX and NumPy, and what the examples in docstrings are made of."""


def test_an_operation_is_spoken_of_in_few_files() -> None:
    """In its record, in what is built on it, and hardly anywhere else."""
    from frechet.ops import REGISTRY

    files = [*FILES, *SOURCE.rglob("*.pyi")]
    words = [set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) for path in files]
    spread = {name: sum(name in said for said in words) for name in REGISTRY.keys() - NOTATION - SPOKEN_OF}
    assert not {name: n for name, n in spread.items() if n > MOST}
