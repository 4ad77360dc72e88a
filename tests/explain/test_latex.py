"""The LaTeX of derivations compiles with a plain article class."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import frechet as fr
from explain.test_derivation import PROBLEMS, real
from frechet.explain.render.latex import CLOSING, OPENING

PDFLATEX = shutil.which("pdflatex")
needs_latex = pytest.mark.skipif(PDFLATEX is None, reason="pdflatex is not installed (Debian: texlive-latex-base)")

EXAMPLES = [
    ("logdet(X'*X)", "X"),
    ("C = A*B", "B"),
    ("softmax(Q*K'/sqrt(p),2)*V", "Q"),
    ("a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)", "W"),
    ("tr(W'*A*kron(eye(q),W)*B)", "W"),
    ("max(x,y)'*(abs(x)+lambda*relu(x))", "x"),
]


def compiled(source: str, folder: Path) -> str:
    """The log of pdflatex on a document; fails where an error was reported."""
    (folder / "derivation.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "derivation.tex"],
        cwd=folder,
        capture_output=True,
        timeout=120,
    )
    log = (folder / "derivation.log").read_text(encoding="latin-1")
    assert done.returncode == 0, [line for line in log.splitlines() if line.startswith("!")]
    return log


@needs_latex
@pytest.mark.parametrize(("expression", "wrt"), EXAMPLES)
def test_an_article_compiles(expression: str, wrt: str, tmp_path: Path) -> None:
    compiled(fr.explain(expression, wrt, functions=["sigma"]).latex(document=True), tmp_path)


@needs_latex
@pytest.mark.skipif(not PROBLEMS, reason="there is no corpus")
def test_fifty_real_derivations_compile(tmp_path: Path) -> None:
    chosen = sorted(range(len(PROBLEMS)), key=lambda at: -len(PROBLEMS[at]["expression"]))
    chosen = chosen[:25] + chosen[25 :: max(1, (len(chosen) - 25) // 25)][:25]
    assert len(chosen) == 50
    body = "\n\n\\newpage\n\n".join(real(at)[1].latex() for at in chosen)
    log = compiled(OPENING + body + CLOSING, tmp_path)
    too_wide = [float(points) for points in re.findall(r"Overfull \\hbox \((\d+\.\d+)pt", log)]
    assert len(too_wide) <= 5 and max(too_wide, default=0.0) < 30.0, "lines that run into the margin"
