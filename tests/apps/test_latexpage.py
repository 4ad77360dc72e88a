r"""`derive --latex` and `--markdown`, the verdict, the ledger and the sheet: pinned, read by a parser, and compiled."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import frechet as fr
from frechet.apps.cli import main
from frechet.pages.latex import PACKAGES
from latexsubset import wrong

pytestmark = pytest.mark.slow

PDFLATEX = shutil.which("pdflatex")
needs_latex = pytest.mark.skipif(PDFLATEX is None, reason="pdflatex is not installed (Debian: texlive-latex-base)")
CORPUS = Path(__file__).parents[2] / "corpus"


def run(*arguments: str, status: int = 0, given: str | None = None) -> str:
    done = CliRunner().invoke(main, arguments, input=given)
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def rows(tex: str) -> list[str]:
    """The statements of the one block there is."""
    assert tex.count(r"\begin{align*}") == 1
    body = tex.partition(r"\begin{align*}")[2].partition(r"\end{align*}")[0].strip()
    return re.split(r" \\\\\n(?!&)", body)


KINDS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "gradient of a scalar": (
        ("logdet(X'*X)", "--wrt", "X", "--form", "gradient"),
        [
            r"f &= \log\det\left(X^{\top} X\right)",
            r"\frac{\partial f}{\partial X} &= 2 X \left(X^{\top} X\right)^{-1} && \text{($m \times n$)}",
        ],
    ),
    "every usual form of an array": (
        ("C = A*B", "--wrt", "A"),
        [
            "C &= A B",
            r"G &= \frac{\partial L}{\partial C} && \text{($m \times p$)}",
            r"\mathrm{d}C &= \mathrm{d}A \, B",
            r"\frac{\partial L}{\partial A} &= G B^{\top} && \text{($m \times n$)}",
            r"\frac{\partial C_{ij}}{\partial A_{kl}} &= B_{lj} \delta_{ik}",
            r"\frac{\partial \operatorname{vec}(C)}{\partial \operatorname{vec}(A)^{\top}} &= B^{\top} \otimes I_{m}"
            r" && \text{($mp \times mn$)}",
        ],
    ),
    "a layout and a stacking": (
        ("C = A*B", "--wrt", "B", "--form", "jacobian", "--layout", "denominator", "--vec", "row"),
        [
            "C &= A B",
            r"\frac{\partial \operatorname{vec}(C^{\top})^{\top}}{\partial \operatorname{vec}(B^{\top})}"
            r" &= A^{\top} \otimes I_{p} && \text{($np \times mp$)}",
        ],
    ),
    "a tensor by its entries": (
        ("C = A*B", "--wrt", "A", "--form", "tensor"),
        [
            "C &= A B",
            r"\frac{\partial C_{ij}}{\partial A_{kl}} &= B_{lj} \delta_{ik} && \text{($m \times p \times m \times n$)}",
        ],
    ),
    "sums in an index form": (
        ("norm2(A*x-b)^2", "--wrt", "x", "--form", "index"),
        [
            r"f &= \left\lVert A x-b \right\rVert^{2}",
            r"\frac{\partial f}{\partial x_{i}} &= 2 \sum_{j} A_{ji} \left(\sum_{k} A_{jk} x_{k}-b_{j}\right)",
        ],
    ),
    "names in their own letters": (
        ("dL_dh'*(W_out*xhat+alpha_1*b_hh)", "--wrt", "xhat", "--form", "gradient", "--shape", "alpha_1="),
        [
            r"f &= \left(\frac{\partial L}{\partial h}\right)^{\top}"
            r" \left(W_{\mathrm{out}} \hat{x}+\alpha_{1} b_{hh}\right)",
            r"\frac{\partial f}{\partial \hat{x}} &= W_{\mathrm{out}}^{\top} \frac{\partial L}{\partial h}"
            r" && \text{($n \times 1$)}",
        ],
    ),
    "where lines first, ones where a number is spread": (
        ("softmax(x)", "--wrt", "x", "--form", "differential"),
        [
            r"y &= \operatorname{softmax}\left(x\right)",
            r"s &= \operatorname{softmax}\left(x\right)",
            r"\mathrm{d}y &= s \odot \left(\mathrm{d}x-\left(s^{\top} \, \mathrm{d}x\right) \mathbf{1}_{n}\right)",
        ],
    ),
    "order 2": (
        ("norm2(X*w-y)^2", "--wrt", "w", "--order", "2"),
        [
            r"f &= \left\lVert X w-y \right\rVert^{2}",
            r"\frac{\partial f}{\partial w} &= 2 X^{\top} \left(X w-y\right) && \text{($n \times 1$)}",
            r"\frac{\partial^{2} f}{\partial w\, \partial w^{\top}} &= 2 X^{\top} X && \text{($n \times n$)}",
            r"\mathrm{d}\frac{\partial f}{\partial w} &= 2 X^{\top} X \, \mathrm{d}w",
            r"\mathrm{D}_{V} \frac{\partial f}{\partial w} &= 2 X^{\top} X V"
            r" && \text{($n \times 1$, the Hessian times $V$)}",
        ],
    ),
    "order 2 by a matrix, rows stacked": (
        ("norm2(A*X*B)^2", "--wrt", "X", "--order", "2", "--form", "hessian", "--vec", "row"),
        [
            r"f &= \left\lVert A X B \right\rVert_{F}^{2}",
            r"\frac{\partial^{2} f}{\partial \operatorname{vec}(X^{\top})\,"
            r" \partial \operatorname{vec}(X^{\top})^{\top}} &="
            r" 2 \left(\left(A^{\top} A\right) \otimes \left(B B^{\top}\right)\right)"
            r" && \text{($np \times np$)}",
        ],
    ),
    "free entries": (
        ("x'*S*x", "--wrt", "S", "--assume", "S symmetric", "--form", "vech"),
        [
            r"f &= x^{\top} S x",
            r"\frac{\partial f}{\partial \operatorname{vech}(S)} &= D_{n}^{\top} \left(x \otimes x\right)"
            r" && \text{($n(n+1)/2 \times 1$)}",
        ],
    ),
    "several variables": (
        ("A*x", "--form", "differential", "--form", "jacobian"),
        [
            "y &= A x",
            r"\mathrm{d}y &= \mathrm{d}A \, x + A \, \mathrm{d}x && \text{(the total differential)}",
            r"\frac{\partial y}{\partial \operatorname{vec}(A)^{\top}} &= x^{\top} \otimes I_{m}"
            r" && \text{($m \times mn$)}",
            r"\frac{\partial y}{\partial x^{\top}} &= A && \text{($m \times n$)}",
        ],
    ),
    "written out": (
        ("C = A*B", "--wrt", "A", "--entries", "A=1,2", "--entries", "B=2,2", "--form", "pullback"),
        [
            "C &= A B",
            r"G &= \frac{\partial L}{\partial C} && \text{($m \times p$)}",
            r"\frac{\partial L}{\partial A} &= G B^{\top} && \text{($m \times n$)}",
            r"\frac{\partial \operatorname{vec}(C)}{\partial \operatorname{vec}(A)^{\top}} &="
            r" \begin{bmatrix} B_{11} & B_{21} \\ B_{12} & B_{22} \end{bmatrix} && \text{(written out)}",
        ],
    ),
    "at a point": (
        ("w'*S*w - b'*w", "--wrt", "w", "--at", "w = 0", "--form", "gradient"),
        [
            r"f &= w^{\top} S w - b^{\top} w",
            r"w &= \mathbf{0}_{n} && \text{(put in after differentiating)}",
            r"\frac{\partial f}{\partial w} &= -b && \text{($n \times 1$)}",
        ],
    ),
    "statements": (
        ("a = h*W; L = sum(a.^2)/2", "--wrt", "W", "--shape", "h=1,3", "--shape", "W=3,2", "--form", "gradient"),
        [
            "a &= h W",
            r"L &= \frac{\operatorname{sum}\left(a^{\circ 2}\right)}{2}",
            r"\frac{\partial L}{\partial W} &= h^{\top} a && \text{($3 \times 2$)}",
        ],
    ),
    "complex": (
        ("tr(herm(X)*A*X)", "--wrt", "X", "--assume", "X,A complex", "--form", "complex"),
        [
            r"f &= \operatorname{tr}\left(X^{\mathsf{H}} A X\right)",
            r"\frac{\partial f}{\partial X} &= A^{\top} \overline{X} && \text{($m \times n$)}",
            r"\frac{\partial f}{\partial \overline{X}} &= A X && \text{($m \times n$)}",
        ],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_whole_statements(kind: str) -> None:
    arguments, expected = KINDS[kind]
    tex = run("derive", *arguments, "--latex")
    assert rows(tex) == expected
    assert not wrong(tex)


def test_the_page_says_what_the_names_are_and_where_it_holds() -> None:
    lines = run("derive", "logdet(S*D)", "--wrt", "S", "--assume", "D diagonal", "--latex").splitlines()
    assert lines[0] == r"% needs \usepackage{amsmath,amssymb}" and lines[1].startswith("% verified at 8 random points")
    assert lines[2] == r"With $S$ ($n \times n$), $D$ ($n \times n$, diagonal):"
    assert lines[-1] == r"$S D$ must be invertible."


def test_letters_that_a_reader_may_not_know_are_said() -> None:
    tex = run("derive", "X'", "--wrt", "X", "--latex")
    assert r"$K_{m, n}$ is the commutation matrix: $K_{m, n} \operatorname{vec}\left(X\right) = " in tex


def test_what_was_assumed_in_reading_is_said() -> None:
    tex = run("derive", r"\|A x - b\|^2", "--wrt", "x", "--latex")
    assert tex.splitlines()[2] == r"$b$ is $m \times 1$: it is subtracted from $A x$."


def test_markdown_has_headings_paragraphs_and_displays() -> None:
    page = run("derive", "tr(A*X)", "--wrt", "X", "--markdown")
    parts = page.strip().split("\n\n")
    assert parts[0] == "## Derivative of $f$ by $X$"
    assert parts[1] == "$$\nf = \\mathrm{tr}\\left(A X\\right)\n$$"
    assert r"**Gradient** ($m \times n$)" in parts or r"**Gradient** ($n \times m$)" in parts
    assert "$$\n\\frac{\\partial f}{\\partial X} = A^{\\top}\n$$" in parts
    assert "operatorname" not in page and page.count("$$") % 2 == 0


def test_the_library_gives_the_same_pages() -> None:
    d = fr.derive("A*x", wrt="x")
    assert d.latex() + "\n" == run("derive", "A*x", "--wrt", "x", "--latex")
    assert d.markdown() + "\n" == run("derive", "A*x", "--wrt", "x", "--markdown")
    assert d.latex(["jacobian"], layout="denominator").count(r"\frac") == 1
    assert d.latex(document=True).startswith(r"\documentclass{article}")


def test_a_long_formula_is_broken_between_the_lines_of_the_block() -> None:
    terms = " + ".join(f"tr(A{k}*X*B{k}*X'*C{k})" for k in range(1, 6))
    tex = run("derive", terms, "--wrt", "X", "--form", "gradient", "--latex")
    assert r"\\" + "\n" + r"&\quad {}+ " in tex and not wrong(tex)


def test_a_verdict_is_a_paragraph_and_its_formulas() -> None:
    tex = run("check", "x'*A*x", "--wrt", "x", "--claim", "2*A*x", "--latex")
    assert r"\frac{\partial f}{\partial x} &\overset{?}{=} 2 A x" in tex
    assert r"Right if $A$ is symmetric; in general it is wrong: the gradient is $\left(A+A^{\top}\right) x$." in tex
    assert not wrong(tex)
    page = run("check", "x'*A*x", "--wrt", "x", "--claim", "2*A*x", "--markdown")
    assert page.startswith("## ") and r"\overset{?}{=} 2 A x" in page


def test_two_formulas_are_set_beside_one_another() -> None:
    same = run("equal", "(A*B)'", "B'*A'", "--latex")
    assert r"\left(A B\right)^{\top} = B^{\top} A^{\top}" in same and "Always equal." in same
    other = run("equal", "A*B", "B*A", "--shape", "A=n,n", "--shape", "B=n,n", "--latex")
    assert r"A B \neq B A" in other and not wrong(same + other)


def test_the_ledger_is_a_list_of_forms() -> None:
    tex = run("conventions", "a = h*W; L = sum(a.^2)", "--wrt", "W", "--shape", "h=1,3", "--shape", "W=3,2", "--latex")
    assert r"\item \textbf{numerator layout, columns stacked} ($1 \times 6$): $" in tex
    assert r"\begin{tabular}" in tex and not wrong(tex)


BATCH: list[Any] = [
    {"id": "a_1", "expression": "A*B", "wrt": "B"},
    {"expression": "x'*x + é +", "wrt": "x"},
    {"expression": "x'*A*x", "wrt": "x", "claim": "2*A*x"},
    {"expression": "norm2(A*x-b)^2", "wrt": "x"},
]
LINES = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in BATCH) + "{nonsense\n"


def test_a_sheet_numbers_its_problems_and_shows_what_is_wrong() -> None:
    sheet = run("batch", "--latex", "--solutions", status=1, given=LINES)
    assert sheet.startswith(PACKAGES) and sheet.rstrip().endswith(r"\end{document}")
    assert re.findall(r"\\subsection\*\{(Problem \d)", sheet) == [f"Problem {k}" for k in range(1, 6)]
    assert sheet.count(r"\textbf{Not answered.}") == 2 and sheet.count(r"\paragraph{Derivation.}") == 2
    assert not wrong(sheet)
    short = run("batch", "--latex", given=LINES.splitlines()[0])
    assert "Derivation" not in short and r"\frac{\partial L}{\partial B} &= A^{\top} G" in short


def test_a_sheet_in_markdown() -> None:
    sheet = run("batch", "--markdown", "--solutions", status=1, given=LINES)
    assert [line for line in sheet.splitlines() if line.startswith("## ")] == [
        "## Problem 1 (`a_1`)", "## Problem 2", "## Problem 3", "## Problem 4", "## Problem 5"
    ]  # fmt: skip
    assert sheet.count("**Not answered.**") == 2 and sheet.count("**Derivation**") == 2
    assert "operatorname" not in sheet


def test_solutions_belong_to_a_sheet() -> None:
    assert "--latex" in run("batch", "--solutions", status=2, given=LINES)


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{align*} f &= x \end{align}",
        r"$\frac{1}{2$",
        r"\begin{align*}f &= A*B\end{align*}",
        r"\begin{align*}f &= kron(A,B)\end{align*}",
        r"\begin{align*}f &= A'\end{align*}",
        r"\begin{align*}f = a & b & c\end{align*}",
        r"\begin{align*}f &= \left(a + b\end{align*}",
        r"$\nosuchcommand{a}$",
        r"\begin{align*}f &= W_{1}_{ij}\end{align*}",
    ],
)
def test_the_parser_finds_what_is_wrong(text: str) -> None:
    assert wrong(text)


def compiled(source: str, folder: Path) -> None:
    (folder / "page.tex").write_text(source, encoding="utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
    log = (folder / "page.log").read_text(encoding="latin-1")
    assert done.returncode == 0, [line for line in log.splitlines() if line.startswith("!")]


@needs_latex
def test_every_kind_of_page_compiles(tmp_path: Path) -> None:
    pages = [run("derive", *arguments, "--latex") for arguments, _ in KINDS.values()]
    pages.append(run("check", "C = A*B", "--wrt", "B", "--claim", "A'", "--latex"))
    pages.append(run("conventions", "y = softmax(x)", "--wrt", "x", "--latex"))
    pages.append(run("equal", "inv(A)*A", "eye(n)", "--latex"))
    compiled(PACKAGES + "\\begin{document}\n" + "\n\n".join(pages) + "\n\\end{document}\n", tmp_path)


@needs_latex
def test_a_sheet_compiles_as_it_is(tmp_path: Path) -> None:
    compiled(run("batch", "--latex", "--solutions", status=1, given=LINES), tmp_path)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus")
@pytest.mark.parametrize("name", ["problems", "composite", "structured"])
def test_real_problems_are_set_without_a_fault(name: str) -> None:
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[:: 3 if name == "problems" else 1]:
        given = json.loads(line)
        known = {key: given[key] for key in ("shapes", "assumptions", "functions", "order") if given.get(key)}
        d = fr.derive(given["expression"], given["wrt"], verify=False, **known)
        assert not wrong(d.latex()), given["id"]
        assert d.markdown().count("$$") % 2 == 0


def test_a_greek_name_in_a_sentence_is_its_letter() -> None:
    """Not Lambda, which would be another letter."""
    said = run("derive", "A'*A + lambda*I", "--wrt", "A", "--form", "differential", "--latex")
    assert "\n$\\lambda$ is a number.\n" in said and "Lambda" not in said
    read = run("derive", r"\sum_i (y_i - w^T x_i)^2", "--wrt", "w", "--form", "gradient", "--latex")
    assert "\n$y_{i}$ is entry i of $y$, $m \\times 1$.\n" in read


def test_a_name_that_could_be_an_article_is_set_as_a_name() -> None:
    said = run("equal", "pinv(A*B)", "pinv(B)*pinv(A)", "--latex")
    assert "equal if $A$ has full column rank and $B$ has full row rank." in said
    both = run("equal", "log(alpha*beta)", "log(alpha)+log(beta)", "--latex")
    assert re.search(r"where \$\\alpha\$ .{0,16}\$0\$ and \$\\beta\$", both), both


def test_a_nearest_formula_is_told_once() -> None:
    said = run("check", "softmax(x)", "--wrt", "x", "--claim", "softmax(x).*(1-softmax(x))", "--latex")
    assert said.count("the Jacobian as it comes out") == 1


def test_the_increment_of_a_greek_name_is_set_as_one() -> None:
    said = run("explain", "X'*X*theta", "--wrt", "theta", "--latex")
    assert r"Move $\mathrm{d}\theta$ across" in said
    assert "dtheta" not in said


def test_of_one_variable_the_differential_is_not_called_total() -> None:
    line = json.dumps({"expression": "tr(A*X)", "wrt": ["X"]})
    assert "total" not in run("batch", "-", "--latex", given=line)
    both = json.dumps({"expression": "tr(A*X)", "wrt": ["A", "X"]})
    assert "the total differential" in run("batch", "-", "--latex", given=both)
