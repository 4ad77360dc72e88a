"""Editors: pyright in strict mode accepts the Python of the README and of docs/, and what people write all day.

pyright comes with the dev extra and fetches its own engine the first time it runs.  Where it cannot (no network,
nothing fetched yet) these tests are skipped; `make check` calls pyright itself on src/ and tests/typed/, and fails.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from collections.abc import Mapping
from doctest import DocTestParser
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import frechet as fr
from pages import DOCS, README

pytestmark = pytest.mark.slow

ROOT = README.parent
USAGE = ROOT / "tests" / "typed" / "usage.py"
PAGES = {
    path.name: source
    for path in (README, *sorted(DOCS.rglob("*.md")))
    if (source := "".join(example.source for example in DocTestParser().get_examples(path.read_text(encoding="utf-8"))))
}
"""The Python at the prompts of each page."""
STRICT = {
    "typeCheckingMode": "strict",
    "pythonVersion": "3.11",
    "extraPaths": [str(ROOT / "src")],
    "reportUnusedExpression": False,  # a prompt shows it
    "reportConstantRedefinition": False,  # the examples of a page are one module here
}

OPTIMISERS = """
from typing import Any
def minimize(*given: Any, **named: Any) -> Any: ...
def least_squares(*given: Any, **named: Any) -> Any: ...
"""
"""SciPy says nothing of its types."""
JAX = """
from collections.abc import Callable
from typing import Any
Array = Any
def grad(f: Callable[[Any], Any]) -> Any: ...
def hessian(f: Callable[[Any], Any]) -> Any: ...
def jvp(f: Callable[[Any], Any], point: Any, along: Any) -> Any: ...
def cg(A: Callable[[Any], Any], b: Any, tol: float) -> Any: ...
def jit(f: Any) -> Any: ...
def __getattr__(name: str) -> Any: ...
"""
"""JAX says them in part."""

Faults = Mapping[str, list[str]]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What pyright finds, by the name of the page."""
    pyright = [sys.executable, "-m", "pyright"]
    try:
        asked = subprocess.run([*pyright, "--version"], capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("pyright does not answer")
    if asked.returncode:
        pytest.skip("pyright cannot run here: it is not installed, or its engine cannot be fetched")
    folder = tmp_path_factory.mktemp("typed")
    (folder / "pyrightconfig.json").write_text(json.dumps(STRICT), encoding="utf-8")
    scipy, jax = folder / "typings" / "scipy", folder / "typings" / "jax"
    for stubs, text in ((scipy, ""), (jax, JAX), (jax / "scipy" / "sparse", JAX)):
        stubs.mkdir(parents=True)
        (stubs / "__init__.pyi").write_text(text)
    (jax / "scipy" / "__init__.pyi").write_text(JAX)
    (scipy / "optimize.pyi").write_text(OPTIMISERS)
    for submodule in ("numpy", "sharding", "scipy/sparse/linalg"):
        (jax / f"{submodule}.pyi").write_text(JAX)
    for name, source in {**PAGES, "usage.py": USAGE.read_text(encoding="utf-8"), "wrong.md": WRONG}.items():
        (folder / f"{module(name)}.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [*pyright, "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        line = one["range"]["start"]["line"] + 1
        found.setdefault(Path(one["file"]).stem, []).append(f"line {line}: {one['message']}")
    return found


WRONG = """
import frechet as fr
d = fr.derive("A*B", wrt="B")
d.jacobian(layout="numerators")
d.jacobian(vec="rows")
d.evaluate(form="grad")
fr.derive("A*B", wrt="B", order=3)
fr.derive("A*B", wrt="B", language="tex")
fr.matrix("A", "m", "n", symetric=True)
fr.vector("x", "n", ["symmetrical"])
fr.inv("A")
fr.inv(None)
fr.derive(None)
d.gradient + "x"
d.to_dict()["hesian"]
"""
"""Each of these lines is a mistake that an editor should underline."""


def module(name: str) -> str:
    """The name of a page as that of a module."""
    return "page_" + re.sub(r"\W", "_", name.rpartition(".")[0])


@pytest.mark.parametrize("name", [*PAGES, "usage.py"])
def test_pyright_accepts_what_we_write(name: str, faults: Faults) -> None:
    assert not faults.get(module(name))


def test_pyright_underlines_each_mistake(faults: Faults) -> None:
    lines = {int(found.split()[1].rstrip(":")) for found in faults.get(module("wrong.md"), [])}
    assert lines == set(range(4, WRONG.count("\n") + 1))


def test_there_is_python_on_the_pages() -> None:
    assert {"README.md", "library.md", "statistics.md", "tour.md"} <= set(PAGES)
    assert len(USAGE.read_text(encoding="utf-8").splitlines()) > 60


def test_what_is_written_all_day_runs() -> None:
    ran: dict[str, Any] = runpy.run_path(str(USAGE))
    assert ran["texts"][:2] == ["A*dB", "A^{\\top} G"] and ran["word"] == "shorthand" and ran["held"]
    assert ran["tables"]["denominator", "row"] == "kron(A',eye(p))" and ran["first"] == "A[1,1]"
    assert ran["forms"]["tensor"] == 'einsum("ik,jl->ijkl", A, eye(p))'
    assert str(ran["information"]).startswith("-n*kron(inv(S),inv(S))")
    assert ran["sizes"] == (2, 2) and ran["number"] == 6.0 and ran["slope"].shape == (9, 6)
    assert ran["kind"] == "input" and "the value is m×p" in ran["message"]


def test_the_words_that_types_list_are_those_that_are_read() -> None:
    from frechet.language.declarations import ASSUMPTIONS
    from frechet.library.declared import ASSUMED
    from frechet.library.words import Flags

    assert set(get_args(fr.Assumption)) == ASSUMPTIONS == set(ASSUMED.values())
    assert set(get_type_hints(Flags)) == set(ASSUMED)


def test_plain_data_has_the_keys_that_its_type_says() -> None:
    from frechet.explain.plain import Block, Checked

    known = set(get_type_hints(fr.Answer))
    needed = fr.Answer.__required_keys__
    asked: list[tuple[str, Any, dict[str, Any]]] = [
        ("A*B", "B", {}),
        ("x'*x", "x", {}),
        ("exp(c)*x", "c", {}),
        ("tr(X'*A*X)", "X", {"order": 2}),
        ("x'*A*y", ["x", "y"], {}),
        ("x'*A*y", ["x", "y"], {"order": 2}),
        ("logdet(S)", "S", {"assumptions": {"S": ["symmetric"]}}),
        ("tr(herm(Z)*Z)", "Z", {"assumptions": {"Z": ["complex"]}}),
        (r"\sum_i (y_i - w^T x_i)^2", "w", {"verify": False}),
    ]
    for expression, wrt, more in asked:
        plain = fr.derive(expression, wrt, **more).to_dict()
        assert needed <= set(plain) <= known, expression
        assert set(plain["verification"]) <= set(get_type_hints(Checked))
        for block in plain.get("by", {}).values():
            assert Block.__required_keys__ <= set(block) <= set(get_type_hints(Block)), expression
