"""Words with formulas in them, for pages that have more signs than ASCII.

The reasons are written in ASCII, formulas and all.  Here the formulas are found among the words and set as the page
sets formulas: in Unicode, or as mathematics in LaTeX.
"""

from __future__ import annotations

import re
from html.entities import codepoint2name

from frechet.notation.latex import name

ESCAPES = {
    "\\": r"\textbackslash{}",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "…": r"\dots{}",
    "“": "``",
    "”": "''",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "∂": r"$\partial$",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{sign: f"${{}}{command}$" for sign, command in (("λ", r"\lambda"), ("μ", r"\mu"), ("σ", r"\sigma"))},
    **{sign: f"${{}}{command}$" for sign, command in (("Σ", r"\Sigma"), ("Π", r"\Pi"), ("²", "^{2}"), ("‖", r"\Vert"))},
    **{sign: f"${{}}{command}$" for sign, command in (("⟨", r"\langle"), ("⟩", r"\rangle"), ("ᵀ", r"^{\top}"))},
    **{sign: f"${{}}{command}$" for sign, command in (("≤", r"\le"), ("≥", r"\ge"), ("≠", r"\neq"), ("∇", r"\nabla"))},
    **{
        sign: f"${{}}{command}$"
        for sign, command in (("→", r"\to"), ("↔", r"\leftrightarrow"), ("−", "-"), ("∞", r"\infty"))
    },
    **{
        sign: f"${{}}{command}$"
        for sign, command in (("⊗", r"\otimes"), ("⊙", r"\odot"), ("√", r"\surd"), ("∈", r"\in"))
    },
    "\xa0": "~",
    "’": "'",
    "‘": "`",
    "–": "--",
    "—": "---",
}

LATIN = frozenset(chr(code) for code in range(0xC0, 0x180) if chr(code).isalpha())
"""Letters that the fonts of an article have."""

SPELLINGS = (
    (re.compile(r"\bkron\(([^(),]+),([^(),]+)\)"), r"(\1 ⊗ \2)"),
    (re.compile(r"\.\*"), " ⊙ "),
    (re.compile(r"\./"), " ⊘ "),
    (re.compile(r"\^-1\b"), "⁻¹"),
    (re.compile(r"\.?\^2\b"), "²"),
    (re.compile(r"(?<=[\w)\]⟩])'(?!s\b|\()"), "ᵀ"),
    (re.compile(r"(?<=[\w)\]ᵀ²⟩])\*(?=[\w(⟨\[])"), "·"),
)

SIGNS = {
    ".*": r" \odot ",
    "./": r" \oslash ",
    "*": r"\, ",
    "⟨": r"\langle ",
    "⟩": r"\rangle ",
    "‖": r"\Vert ",
    "²": "^{2}",
    "Σ": r"\Sigma ",
    "Π": r"\Pi ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "σ": r"\sigma ",
    "∂": r"\partial ",
    "·": r"\cdot ",
    "×": r"\times ",
    "⊗": r" \otimes ",
    "…": r"\dots ",
    "′": "'",
    "\xa0": " ",
    "#": r"\#",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
}
TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|\.\*|\./|'|\.?\^-?\d+|\.?\^[A-Za-z]|\.?\^\([^()]*\)|.")
OPERATORS = frozenset("=+-·") | {"−"}
GREEK = re.compile(r"^d?[λμσΣΠ]\w?$")


def unicode(words: str) -> str:
    """Words for a page with Unicode; an apostrophe before an s is an apostrophe.

    >>> print(unicode("the inverse's share: ⟨G, A*M⟩ = ⟨A'*G, M⟩, d(u^2) = 2*u*du, f(u).*du"))
    the inverse's share: ⟨G, A·M⟩ = ⟨Aᵀ·G, M⟩, d(u²) = 2·u·du, f(u) ⊙ du
    """
    for pattern, sign in SPELLINGS:
        words = pattern.sub(sign, words)
    return words


def latex(words: str) -> str:
    r"""Words for LaTeX, the formulas among them between dollar signs.

    >>> print(latex("d(U*V) = dU*V + U*dV, and the adjoint's ⟨G, M'⟩ stays."))
    $\mathrm{d}(U\, V) = \mathrm{d}U\, V + U\, \mathrm{d}V$, and the adjoint's $\langle G, M^{\top}\rangle $ stays.
    """
    return "".join(f"${_mathematics(part)}$" if formula else escaped(part) for formula, part in spans(words))


def escaped(words: str) -> str:
    r"""Words without formulas, for LaTeX; a sign that fonts have not got by its name.

    >>> print(escaped("a_1 is α≤1 – 日"))
    a\_1 is ${}\alpha$${}\le$1 -- ?
    """
    return "".join(ESCAPES.get(sign) or (sign if sign.isascii() or sign in LATIN else _foreign(sign)) for sign in words)


def _foreign(sign: str) -> str:
    """A Greek letter as mathematics; of anything else that it is something."""
    greek = codepoint2name.get(ord(sign), "")
    return f"${{}}{name(greek)}$" if greek and name(greek).startswith("\\") else "?"


def markdown(words: str) -> str:
    """Words without formulas, for Markdown: stars and underscores are no emphasis.

    >>> markdown("tr(A*B), d_1")
    'tr(A·B), d\\\\_1'
    """
    return "".join(f"\\{c}" if c in "*_`$<>" else c for c in unicode(words))


def spans(words: str) -> list[tuple[bool, str]]:
    """Formulas and what stands between them.

    >>> spans("A power is a product: d(U*U) = dU*U + U*dU. They need not commute.")
    [(False, 'A power is a product: '), (True, 'd(U*U) = dU*U + U*dU'), (False, '. They need not commute.')]
    """
    found: list[tuple[bool, str]] = []
    gap = ""
    tokens = unbroken(words, equals=False).split(" ")
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        core = token.rstrip(".,;:")
        core = core if core.count(")") <= core.count("(") else core[:-1]
        tail = token[len(core) :]
        inside = bool(found) and found[-1][0]
        operand = core in ("a", "A", "I") and (following in OPERATORS or (inside and found[-1][1][-1] in OPERATORS))
        formula = bool(core) and (_is_formula(core) or operand or (core in OPERATORS and inside))
        if formula and inside:
            found[-1] = (True, f"{found[-1][1]}{gap}{core}")
        else:
            _put(found, formula, core if formula else f"{gap}{core}", gap if formula else "")
        if tail:
            _put(found, False, tail, "")
        gap = " "
    return [(f, part.replace("\xa0", " ")) for f, part in found]


def _put(found: list[tuple[bool, str]], formula: bool, part: str, before: str) -> None:
    """One more part; words join words."""
    for is_formula, piece in ((False, before), (formula, part)):
        if piece and found and not is_formula and not found[-1][0]:
            found[-1] = (False, found[-1][1] + piece)
        elif piece:
            found.append((is_formula, piece))


def _is_formula(core: str) -> bool:
    if re.fullmatch(r"[B-HJ-Zb-hj-z]|[A-Za-z]_\w|d[A-Za-z]|\d+", core) or GREEK.match(core):
        return True
    if core[:1] == "d" and core.isalpha() and greek(core[1:]):  # dtheta
        return True
    core = core.removeprefix("d\xa0")
    if any(sign in core for sign in "*⟨‖^∂=|/×") or re.search(r"\w'(?!s$)(?!\w)", core):
        return True
    return bool(re.fullmatch(r"[A-Za-z_]+\(.*\)'?", core))


def greek(word: str) -> bool:
    """Whether a word is that of a Greek letter with a sign in LaTeX."""
    return re.fullmatch(r"\\[A-Za-z]+", name(word)) is not None


def _mathematics(formula: str) -> str:
    """A formula of the words as mathematics."""
    formula = re.sub(r"\binv\((\w)\)", r"\1^-1", formula)
    formula = re.sub(r"'(?=\()", "′", formula)
    formula = re.sub(r"\bkron\(([^(),]+),([^(),]+)\)", r"(\1⊗\2)", formula)
    return "".join(_sign(token) for token in TOKEN.findall(formula))


def _sign(token: str) -> str:
    if token in SIGNS:
        return SIGNS[token]
    if "^" in token:
        return f"^{{{token.lstrip('.^').strip('()')}}}"
    if token == "'":
        return r"^{\top}"
    if not token[0].isalpha() or len(token) == 1:
        return r"\mathrm{d}" if token == "d" else token
    if len(token) == 2 and token[0] == "d":
        return rf"\mathrm{{d}}{SIGNS.get(token[1], token[1])}"
    if token[0] == "d" and greek(token[1:]):
        return rf"\mathrm{{d}}{name(token[1:])}"
    return name(token) if greek(token) else rf"\operatorname{{{escaped(token)}}}"


def unbroken(words: str, equals: bool = True) -> str:
    """Words whose formulas keep together: no line ends after a d, before an equals sign or inside brackets.

    >>> unbroken("d tr(U) = ⟨u, du⟩").replace("\\xa0", "~")
    'd~tr(U)~= ⟨u,~du⟩'
    """
    words = re.sub(r"\bd (?=\w+\()", "d\xa0", words)
    if equals:
        words = words.replace(" = ", "\xa0= ")
    return re.sub(r"⟨[^⟨⟩]*⟩", lambda found: found.group().replace(" ", "\xa0"), words)
