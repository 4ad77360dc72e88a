r"""A verdict for a paper: a paragraph in words, and the formulas; in LaTeX or Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from frechet.errors import FrechetError
from frechet.explain.render.typeset import typeset
from frechet.library.declared import parse
from frechet.pages.latex import NEEDS
from frechet.pages.markdown import portable
from frechet.pages.plain import listing, mapping
from frechet.pages.signs import Tex, size
from frechet.pages.wording import Names, dimensions, split

Shapes = Mapping[str, Sequence[Any]]


def verdict(found: Mapping[str, Any], style: str) -> str:
    r"""The claim beside the derivative, what is to be said of it, the mend.

    >>> import frechet
    >>> print(verdict(frechet.check("x'*A*x", "x", "2*A*x").to_dict(), "latex").splitlines()[-1])
    \]
    """
    correct = mapping(found.get("correct"))
    shapes: Shapes = mapping(correct.get("shapes"))
    functions = list(map(str, listing(correct.get("functions"))))
    reading = mapping(correct.get("reading"))
    names = Names({**correct, "expression": reading.get("formula") or found["expression"]}, Tex())
    wrt = str(found["wrt"])
    left = names.signs.ratio(names.value, wrt)
    if int(correct.get("order") or 1) == 2:
        left = names.signs.second(names.signs.name(names.value), names.signs.name(wrt), names.signs.name(wrt))
    claim = formula(str(found.get("reading") or found["claim"]), shapes, functions)
    told = ", ".join(f"${names.signs.name(n)}$ ({_shape(s)})" for n, s in shapes.items())
    statements = [statement(line, names, shapes, functions) for line in split(" ; ".join(names.statements()))]
    out = [NEEDS] if style == "latex" else [f"## Is it the derivative of ${names.signs.name(names.value)}$?"]
    out += [f"With {told}:"] if told else []
    out.append(display([*statements, (left, claim, r"\overset{?}{=}")], style))
    out.append(typeset(str(found["meaning"]), style, shapes, functions))
    mend = mapping(found.get("mend"))
    if mend and f"Nearest right formula: {mend['formula']}" not in str(found["meaning"]):
        put = typeset(f"Right in this form: {mend['change']}.", style, shapes, functions)
        out += [put, display([("", formula(str(mend["formula"]), shapes, functions), "")], style)]
    return ("\n\n" if style == "markdown" else "\n").join(out)


def equality(found: Mapping[str, Any], head: str, sides: tuple[str, str], style: str) -> str:
    """Two formulas beside one another, and what is to be said of them."""
    same = str(found["verdict"]) in ("always equal", "equal where both are defined")
    sign = "=" if same else r"\neq" if head.startswith("different") else r"\overset{?}{=}"
    left, right = (formula(side, {}, []) for side in sides)
    out = [NEEDS] if style == "latex" else []
    out.append(display([(left, right, sign)], style))
    words = [head[:1].upper() + head[1:], str(found["meaning"])]
    shapes = _shapes(sides)
    out.append(" ".join(typeset(word if word.endswith(".") else f"{word}.", style, shapes) for word in words))
    return ("\n\n" if style == "markdown" else "\n").join(out)


def _shapes(sides: tuple[str, str]) -> Shapes:
    """The shapes of the names in two formulas; none of formulas that are not read together.

    >>> {name: list(map(str, shape)) for name, shape in _shapes(("A*x", "x")).items()}
    {'x': ['n'], 'A': ['n', 'n']}
    """
    try:
        left = [parse(f"({sides[0]}) - ({sides[1]})").expr]
    except FrechetError:
        return {}
    found: dict[str, Sequence[Any]] = {}
    seen = set(left)
    while left:
        e = left.pop()
        if e.op.name == "variable":
            found[str(e.params[0])] = e.shape
        left += [a for a in e.args if a not in seen]
        seen.update(e.args)
    return found


def _shape(shape: Sequence[Any]) -> str:
    return f"${size(dimensions(shape))}$" if shape else "scalar"


def statement(line: str, names: Names, shapes: Shapes, functions: Sequence[str]) -> tuple[str, str, str]:
    """One statement of the problem."""
    left, equals, right = re.match(r"(?s)(?:([^\W\d]\w*)\s*(=)(?!=))?\s*(.*)", line).groups()  # pyright: ignore
    return names.signs.name(left if equals else names.value), formula(str(right), shapes, functions), "="


def formula(text: str, shapes: Shapes, functions: Sequence[str]) -> str:
    """A formula of the language in LaTeX; what is none as it was typed.

    >>> formula("2*A*x", {"A": ["n", "n"], "x": ["n"]}, []), formula("A x )", {}, [])
    ('2 A x', '\\\\texttt{A x )}')
    """
    known = {name: shape for name, shape in shapes.items() if re.search(rf"\\b{re.escape(name)}\\b", text)}
    try:
        return parse(text, known, functions=functions).latex()
    except FrechetError:
        return rf"\texttt{{{re.sub(r'([_&%#${}])', lambda sign: chr(92) + sign[1], text)}}}"


def display(lines: Sequence[tuple[str, str, str]], style: str) -> str:
    """Equations under one another."""
    if style == "markdown":
        return "\n\n".join(f"$$\n{portable(f'{left} {sign} {right}'.strip())}\n$$" for left, right, sign in lines)
    if len(lines) == 1:
        left, right, sign = lines[0]
        return f"\\[\n{f'{left} {sign} {right}'.strip()}\n\\]"
    rows = [f"{left} &{sign} {right}" for left, right, sign in lines]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
