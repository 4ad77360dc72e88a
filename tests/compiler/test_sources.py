"""The source of well-known problems, pinned.  A change is to be read; `python -m compiler.pinned` writes it anew."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from compiler.pinned import HOME, PINNED, source


@pytest.mark.parametrize("name", PINNED)
def test_the_source_is_the_pinned_one(name: str) -> None:
    assert source(name) == (HOME / f"{name}.py").read_text(encoding="utf-8")


def test_nothing_else_is_pinned() -> None:
    assert {path.stem for path in HOME.glob("*.py")} == set(PINNED)


@pytest.mark.parametrize("name", PINNED)
def test_no_line_is_dead(name: str) -> None:
    """Every name that is set is read, and no identity or Kronecker matrix is formed."""
    text = source(name)
    tree = ast.parse(text)
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)]
    written = {n.id for n in names if isinstance(n.ctx, ast.Store)} - {"_"}
    read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
    imported = {
        a.asname or a.name for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names
    }
    assert written | imported <= read
    assert not any(word in text for word in ("np.kron(", "np.eye(", "np.diag(", "eval("))


def test_the_source_runs_without_frechet(tmp_path: object) -> None:
    path = HOME / "least_squares.py"
    code = (
        "import sys, runpy, numpy as np; sys.modules['frechet'] = None\n"
        f"f = runpy.run_path({str(path)!r})['value_and_gradient']\n"
        "print(*f(A=np.eye(2), b=np.zeros(2), x=np.ones(2)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2.0", "[2.", "2.]"]


def test_a_wrong_shape_is_named() -> None:
    space: dict[str, object] = {}
    exec((HOME / "least_squares.py").read_text(encoding="utf-8"), space)
    import numpy as np

    with pytest.raises(ValueError, match=r"b should have shape \(m,\) with m=2; got \(3,\)"):
        space["value_and_gradient"](A=np.eye(2), b=np.zeros(3), x=np.ones(2))  # type: ignore[operator]
