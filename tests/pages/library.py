"""docs/library.md: every public name with its signature and its docstring, and the methods of what they return."""

from __future__ import annotations

import inspect
import re
from typing import Any

import frechet as fr
from frechet.library import formula, functions, words
from pages import operations

HEAD = """\
# The library

Every public name of frechet, made from the docstrings by `make pages`; the examples are run by the tests.

    >>> import frechet as fr
    >>> from frechet import *

## In five minutes

Sizes are names or numbers, arrays are formulas; `@` is the matrix product, `*` is entry by entry, `axis` is NumPy's.

    >>> m, n = fr.dims("m n")
    >>> A, x, b = fr.matrix("A", m, n), fr.vector("x", n), fr.vector("b", m)
    >>> d = fr.derive(fr.norm2(A @ x - b) ** 2, wrt=x)
    >>> print(d)
    f = norm2(A*x-b)^2                        A m×n    x n×1    b m×1    f scalar
    <BLANKLINE>
    gradient        ∂f/∂x = 2*A'*(A*x-b)      n×1
    differential    df = 2*(A*x-b)'*A*dx
    one entry       ∂f/∂x[i] = 2*A[j,i]*(A[j,k]*x[k]-b[j])
    <BLANKLINE>
    verified at 8 random points with m=3, n=4: largest relative error ...

Each form is a formula; `str` of it parses again, and it can be evaluated.

    >>> d.gradient, d.jacobian(layout="numerator")
    (2*A'*(A*x-b), 2*(A*x-b)'*A)
    >>> d.evaluate(A=[[1, 2], [3, 4]], x=[1, 1], b=[0, 0]).tolist()
    [48.0, 68.0]

A problem may also be text, with the shapes that it leaves open and what is known of its names.

    >>> fr.derive("x'*S*x", wrt="x", shapes={"S": ("n", "n")}, assumptions={"S": ["symmetric"]}).gradient
    2*S*x
    >>> fr.derive("A*B", wrt="B").check("A'").verdict
    'shorthand'

For a paper or a slide each result is whole statements in LaTeX or in Markdown; `typeset` sets a sentence with formulas.

    >>> print(fr.derive("logdet(X)", wrt="X").latex(["gradient"]))
    % needs \\usepackage{amsmath,amssymb}
    % verified at 8 random points with n=3: largest relative error ...
    With $X$ ($n \\times n$):
    \\begin{align*}
    f &= \\log\\det\\left(X\\right) \\\\
    \\frac{\\partial f}{\\partial X} &= X^{-\\top} && \\text{($n \\times n$)}
    \\end{align*}
    $X$ must be invertible.

Results can be printed (the card), compared, pickled and copied. What cannot be done is one exception,
`FrechetError`, with `.kind`, `.message` and `.position`.
"""

SECTIONS = {
    "Ask": ("derive", "check", "equal", "explain", "conventions", "compile", "source", "spelled", "typeset"),
    "Build": ("dims", "scalar", "vector", "matrix", "tensor", "variable", "parse", "function", "operation"),
}
"""What comes first; everything else stands by the module it is of."""
CLASSES = ("Derivative", "Compiled", "Formula", "Function", "Operation", "FrechetError")
TYPES = ("Layout", "VecOrder", "Form", "Explained", "Order", "Language", "Assumption", "Size", "Operand", "Array")
"""Names for annotations: what they stand for is said in the module, below each."""
DATA = ("Answer", "Dim", "Given")
"""Classes that need no methods here."""


def signature(value: Any) -> str:
    """The parameters of a function as they are written in its source; without `self`.

    >>> signature(fr.inv)
    '(x: Operand) -> Formula'
    """
    said = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(value)))
    return re.sub(r"\(self(, )?", "(", said)


def described(value: Any) -> str:
    """The docstring; its examples set apart, as Markdown wants them."""
    out: list[str] = []
    inside = False
    for line in (inspect.getdoc(value) or "").splitlines():
        begins = line.startswith(">>>")
        if begins and not inside:
            out += [] if out and not out[-1] else [""]
        inside = begins or (inside and bool(line.strip()))
        out.append(f"    {line}" if inside else line.replace("``", "`"))
    return re.sub(r":class:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", "\n".join(out))


def entry(name: str, value: Any, level: int = 3) -> str:
    """One name."""
    said = f"{name}{signature(value)}"
    if len(said) <= 100:
        return f"{'#' * level} `{said}`\n\n{described(value)}\n"
    said = said.replace("(", "(\n    ", 1).replace(", *, ", ",\n    *,\n    ").replace("None, ", "None,\n    ")
    return f"{'#' * level} `{name}`\n\n```python\n{said}\n```\n\n{described(value)}\n"


def methods(kind: type) -> list[str]:
    """The public methods and properties of a class that say what they are."""
    out: list[str] = []
    members = {name: value for base in reversed(kind.__mro__[:-1]) for name, value in vars(base).items()}
    for name, value in members.items():
        if name.startswith("_") or name in ("check_or_refuse", "part", "of", "main_form"):
            continue
        if isinstance(value, property):
            out.append(f"#### `.{name}`\n\n{described(value)}\n")
        elif inspect.isfunction(value) and value.__doc__:
            out.append(entry(f".{name}", value, 4))
    return out


def types() -> list[str]:
    """The names for annotations, each as it is defined and with what is said of it."""
    source = inspect.getsource(words) + inspect.getsource(formula)
    out: list[str] = []
    for name in TYPES:
        found = re.search(rf'^{name}: TypeAlias = (.*?)\n"""(.*?)"""$', source, re.M | re.S)
        assert found, name
        value = " ".join(found[1].partition("  # ")[0].split()).strip('"')
        value = value.replace("[ ", "[").replace(", ]", "]").replace(",]", "]")
        out.append(f"- `fr.{name}` is `{value}`: {found[2][0].lower()}{found[2][1:]}".replace("``", "`"))
    return [*out, ""]


def page() -> str:
    """The page."""
    parts = [HEAD]
    told = {name for names in SECTIONS.values() for name in names} | {*CLASSES, *TYPES, *DATA}
    for title, names in SECTIONS.items():
        parts += [f"## {title}\n", *(entry(name, getattr(fr, name)) for name in names)]
    for title, ops in operations.families():
        made = [op.name for op in ops if op.name in functions.names()]
        if made:
            parts += [
                f"## {title.partition(':')[0].partition(', of')[0]}\n",
                *(entry(name, getattr(fr, name)) for name in made),
            ]
    by_module: dict[str, list[str]] = {}
    for name in fr.__all__:
        if name not in told and name not in functions.names():
            by_module.setdefault(getattr(fr, name).__module__, []).append(name)
    for module in sorted(by_module):
        doc = inspect.getdoc(inspect.getmodule(getattr(fr, by_module[module][0]))) or ""
        title = doc.splitlines()[0].partition(":")[0].rstrip(".")
        parts += [f"## {title}\n", *(entry(name, getattr(fr, name)) for name in by_module[module])]
    parts.append("## What comes back\n")
    for name in CLASSES:
        kind = getattr(fr, name)
        parts += [f"### `{name}`\n\n{described(kind)}\n", *methods(kind)]
    for name in DATA:
        parts.append(f"### `{name}`\n\n{described(getattr(fr, name))}\n")
    parts += ["## Names for annotations\n", *types()]
    return "\n".join(parts)
