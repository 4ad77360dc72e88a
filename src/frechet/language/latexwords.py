"""The words of LaTeX: its tokens, and what its commands stand for."""

from __future__ import annotations

import re

from frechet.language.brackets import closed, unbracketed
from frechet.language.names import SPELLED

TOKEN = re.compile(
    r"""\s+|(?P<command>\\(?:[A-Za-z]+\*?|.))|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<letter>[^\W\d_])|(?P<sign>.)""",
    re.VERBOSE,
)

MATRIX = re.compile(r"[^\W\da-z_]\w*'*$|(?:eye|inv|pinv|diag|expm)\(.*\)'*$")
"""A factor that is a matrix as it is written: a capital without indices, an inverse."""
FACES = frozenset(
    ("mathbf", "boldsymbol", "bm", "mathrm", "mathit", "mathsf", "mathcal", "mathbb", "text", "vec", "hat", "tilde",
     "bar", "operatorname", "textbf", "textrm", "pmb", "mathop", "overline", "widehat", "widetilde", "underline")
)  # fmt: skip
"""Commands that change a letter's face, or set a mark on it."""
MARKS = {"hat": "hat", "tilde": "tilde", "bar": "bar", "widehat": "hat", "widetilde": "tilde", "overline": "bar"}
"""Marks on a letter that are part of its name."""
SPACES = frozenset(
    (",", ";", ":", "!", " ", "quad", "qquad", "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "biggl",
     "biggr", "middle", "displaystyle", "limits", "nolimits", "bf")
)  # fmt: skip
"""Commands that mean nothing."""
INFIX = {"cdot": "*", "times": "*", "otimes": "⊗", "odot": ".*", "circ": ".*", "oslash": "./", "ast": "*", "div": "/"}
"""Commands between two operands, as the language has them."""
NAMES = {"Tr": "tr", "trace": "tr", "ln": "log", "vecop": "vec", "Diag": "diag", "sgn": "sign", "Vec": "vec",
         "ReLU": "relu", "Re": "real", "Im": "imag"}  # fmt: skip
"""Other spellings of functions."""
NORMS = {
    **dict.fromkeys(("2", "F", "f", "Fro", "fro", "HS", "ell_2", "ell2", "l_2", "l2", "L2", "L^2"), "norm2"),
    **dict.fromkeys(("1", "ell_1", "ell1", "l_1", "l1", "L1"), "norm1"),
    **dict.fromkeys(("*", "ast", "nuc"), "norm_nuclear"),
    **dict.fromkeys(("op", "spec"), "norm_spectral"),
}
"""The norms by what stands below the bars."""
RANGE = re.compile(r"(?P<names>[a-z](?:,?[a-z])*)(?:=(?P<first>[01]))?")
"""What stands below a sum that runs over whole axes."""
SIGNS = {"vert": "|", "{": "(", "}": ")"}
"""Commands that stand for a sign: braces that are seen are brackets."""
UPRIGHT = frozenset(("mathrm", "text", "textrm", "operatorname", "mathop"))
"""The faces in which functions are set."""
TURNS = frozenset(("top", "intercal", "prime", "T", "t", "'", "transpose"))
"""What stands in the exponent of a transpose."""
INDICES = frozenset("ijklpqrs")
"""Letters that below a name are its indices."""
GREEK_COMMANDS = {name: name for name in SPELLED} | {
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma"
}  # fmt: skip
"""Commands for Greek letters, and the names they have here."""


def tokens_of(text: str) -> list[tuple[str, str, int]]:
    """The tokens of a piece of LaTeX, each its kind, its text and its place, with what only spaces left out."""
    tokens: list[tuple[str, str, int]] = []
    for found in TOKEN.finditer(text):
        kind, piece = found.lastgroup, found.group()
        if kind is None or piece == "&":
            continue
        if kind == "command":
            piece = piece[1:]
            if piece in SPACES:
                continue
            if piece in SIGNS:
                kind, piece = "sign", SIGNS[piece]
        tokens.append((kind, piece, found.start()))
    return _below_first(tokens)


def _below_first(tokens: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """The tokens with every subscript in front of the exponent it shares a base with: x^2_i as x_i^2."""

    def past(k: int) -> int:  # behind the group, or the one token (with its face), that starts here
        while k < len(tokens) and tokens[k][0] == "command" and tokens[k][1] in FACES:
            k += 1
        depth = 0
        while k < len(tokens):
            depth += (tokens[k][1] == "{") - (tokens[k][1] == "}")
            k += 1
            if depth <= 0:
                break
        return k

    for k in range(len(tokens)):
        if tokens[k][:2] == ("sign", "^"):
            end = past(k + 1)
            if end < len(tokens) and tokens[end][:2] == ("sign", "_"):
                after = past(end + 1)
                tokens[k:after] = tokens[end:after] + tokens[k:end]
    return tokens


def _split(text: str, signs: str) -> list[str]:
    """The pieces between signs outside all brackets."""
    pieces, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if not depth and sign in signs:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def begins_with_matrix(text: str) -> bool:
    """Whether a term begins with a matrix, behind numbers and scalars: 2*pi*Sigma, lambda*eye(n)+A, not x'*A*x."""
    for term in _split(unbracketed(text.rstrip("'")), "+-"):
        for f in _split(term, "*/⊗"):
            if MATRIX.match(f) or (f.startswith("(") and closed(f.rstrip("'")) and begins_with_matrix(f)):
                return True
            if not (re.fullmatch(r"[0-9.]+|[a-g]", f) or (f in SPELLED and f.islower())):
                break
    return False
