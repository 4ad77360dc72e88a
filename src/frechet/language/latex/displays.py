r"""What stands around a formula in LaTeX: displays and alignments, `f(X) =`, a gradient's sign, `\min_w`.

>>> frame(r"\begin{align} f &= a^T x, \\ g &= f^2. \end{align}")
'f = a^T x ; g = f^2'
"""

from __future__ import annotations

import re

from frechet.language.latex.words import FACES, INDICES, tokens_of

_ENVIRONMENT = re.compile(
    r"\\(?:begin|end)\s*\{(?:equation|align|aligned|alignat|gather|gathered|split|multline|eqnarray|displaymath|math|"
    r"flalign|dmath)\*?\}(?:\{\d\})?"
)
_LABEL = re.compile(r"\\(?:label|tag\*?|eqref|ref|hspace\*?|vspace\*?|color|phantom)\s*\{[^{}]*\}")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_DEFINED = re.compile(r"\\(?:stackrel|overset)\s*\{(?:[^{}]|\{[^{}]*\})*\}\s*\{\s*=\s*\}|:\s*=")
"""Signs for an equation that defines."""
_UNDER = re.compile(r"\\underset\s*\{([^{}]*)\}\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+)")
"""A word with the variable set below it."""
_LINE = re.compile(r"\\\\(?:\[[^\]]*\])?")
_CONTINUED = re.compile(r"\s*(?:[+\-*/]|\\(?:cdot|times|odot|otimes|quad|qquad)\b)")
_RAISED = {
    "ᵀ": "^T", "ᴴ": "^H", "⁻¹": "^{-1}", "²": "^2", "³": "^3", "½": r"\frac12 ", "‖": r"\|", "⊤": r"^\top ",
    "⊗": r"\otimes ", "⊙": r"\odot ", "·": r"\cdot ", "−": "-", "–": "-", "~": " ",
}  # fmt: skip
"""Signs that are typed as such, as LaTeX has them."""


def frame(text: str) -> str:
    """The formula, or statements parted by `;`, without what only sets it."""
    for mark, instead in _RAISED.items():
        text = text.replace(mark, instead)
    text = _DEFINED.sub("=", _COMMENT.sub(" ", text)).strip()
    text = _UNDER.sub(lambda m: f"{m[2][1:-1] if m[2].startswith('{') else m[2]}_{{{m[1]}}}", text)
    for opening, closing in (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)")):
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
            text = text[len(opening) : -len(closing)].strip()
    framed = _ENVIRONMENT.search(text) is not None
    text = _LABEL.sub(" ", _ENVIRONMENT.sub(" ", text))
    if text.count("||") % 2 == 0:
        text = text.replace("||", r"\|")
    if framed or _LINE.search(text):
        text = _statements(_LINE.split(text.replace(r"\nonumber", " ").replace(r"\notag", " ")))
    text = re.sub(r"(?<!\\)&", " ", text)
    return re.sub(r"\s+", " ", re.sub(r"[.,;\s]+\Z", "", text)).strip()


def _statements(lines: list[str]) -> str:
    """Lines joined: one that begins with a sign goes on with the line before."""
    made: list[str] = []
    for line in lines:
        line = re.sub(r"[.,;\s]+\Z", "", line.replace("&", " ")).strip()
        if not line:
            continue
        if made and _CONTINUED.match(line):
            made[-1] += " " + line
        else:
            made.append(line)
    return " ; ".join(made)


def bound_indices(text: str) -> frozenset[str]:
    r"""The letters that a sum, a product or the left side runs over.

    >>> sorted(bound_indices(r"\sum_{n=1}^N x_n + \sum_{i,j} A_{ij}")), sorted(bound_indices(r"C_{ij} = A_{ik} B_{kj}"))
    (['i', 'j', 'n'], ['i', 'j', 'k'])
    """
    tokens = tokens_of(text)
    bound: set[str] = set()
    below: dict[str, set[str]] = {}
    double: set[str] = set()
    equal = next((k for k, t in enumerate(tokens) if t[1] == "="), -1)
    for k, (kind, piece, _) in enumerate(tokens):
        if kind == "command" and piece in ("sum", "prod") and k + 1 < len(tokens) and tokens[k + 1][1] == "_":
            group = _group(tokens, k + 2)
            stop = next((m for m, t in enumerate(group) if t[1] == "="), len(group))
            related = {"in", "subset"} & {t[1] for t in group}
            bound |= {t[1] for t in group[:stop] if t[0] == "letter" and t[1].islower()} if not related else set()
        elif piece == "_" and k and tokens[k - 1][1] not in ("sum", "prod"):
            group = [t for t in _group(tokens, k + 1) if t[1] not in (",", "{", "}")]
            if group and all(t[0] == "letter" and t[1] in INDICES for t in group):
                for t in group:
                    below.setdefault(t[1], set()).add(tokens[k - 1][1])
                if len(group) > 1:
                    double |= {t[1] for t in group}
                if 0 <= k < equal and not bound:
                    bound |= {t[1] for t in group}
    bound |= double
    bound |= {letter for letter, bases in below.items() if double and len(bases) > 1}
    return frozenset(bound)


def index_groups(text: str) -> frozenset[str]:
    r"""The groups of three letters and more that are indices of a tensor: each letter is an index elsewhere, too.

    >>> sorted(index_groups(r"T_{ijk} x_i y_j z_k")), sorted(index_groups(r"W_{skip} x + b_{skip}"))
    (['ijk'], [])
    """
    tokens = tokens_of(text)
    places: dict[str, set[str]] = {}
    for k, (_, piece, _) in enumerate(tokens):
        if piece == "_" and k:
            group = [t[1] for t in _group(tokens, k + 1) if t[1] not in (",", "{", "}")]
            stop = group.index("=") if "=" in group else len(group)
            letters = "".join(group[:stop])
            if letters.isalpha() and letters.islower() and all(len(c) == 1 for c in group[:stop]):
                over = tokens[k - 1][1] in ("sum", "prod")
                for c in letters:
                    places.setdefault(c, set()).add(f"sum over {letters}" if over else letters)
    found = {g for groups in places.values() for g in groups if len(g) > 2 and " " not in g}
    return frozenset(
        g for g in found if len(INDICES.intersection(g)) > 1 and all(places[c] - {g} for c in g) and len(set(g)) > 1
    )


def _group(tokens: list[tuple[str, str, int]], start: int) -> list[tuple[str, str, int]]:
    """The tokens of the group, or the one token, that starts at a place."""
    while start < len(tokens) and tokens[start][0] == "command" and tokens[start][1] in FACES:
        start += 1
    if start >= len(tokens) or tokens[start][1] != "{":
        return tokens[start : start + 1]
    depth = 0
    for k in range(start, len(tokens)):
        depth += (tokens[k][1] == "{") - (tokens[k][1] == "}")
        if not depth:
            return tokens[start + 1 : k]
    return tokens[start:]
