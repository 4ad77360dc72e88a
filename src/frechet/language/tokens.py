"""From characters to tokens: one regular expression, the Unicode synonyms, bracket matching.

Inside brackets a new line is a space; outside it ends a statement, unless the line ends with a sign that
still needs an operand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import final

from lark import Token
from lark.lexer import Lexer as LarkLexer

from frechet.core.records import signs
from frechet.errors import FrechetError
from frechet.language.error_places import located
from frechet.language.names import GREEK, LOWERED, plain
from frechet.language.norm_below import behind_bars, is_norm, no_norm

LIMIT = 200_000
"""The longest formula that is read, in characters."""
TOKENS = 50_000
"""The longest formula that is read, in names, numbers and signs."""
DEPTH = 5_000
"""The deepest nesting of brackets that is read."""

_LETTER = "A-Za-z_" + "".join(GREEK)
_LOW = "".join(LOWERED)
_NAME = rf"[{_LETTER}][{_LETTER}0-9₀-₉{_LOW}]*"
_TOKEN = re.compile(
    rf"""(?P<SPACE>[ \t\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+|\#[^\r\n]*)
    |(?P<FUNCTION>(?:{_NAME}|[∑∏√])(?P<primes>['’′″]*)(?=[ \t]*\())
    |(?P<NAME>{_NAME}|[𝟏𝟙])
    |(?P<FRACTION>[¼-¾⅐-⅞])
    |(?P<FILLED>[01][{_LOW}]+)
    |(?P<NUMBER>(?:[0-9]+(?:\.(?![*/^'’′TᵀA-Za-z⊙])[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![A-Za-z_]))?)
    |(?P<STRING>"[^"\r\n]*"|“[^”\r\n]*”)
    |(?P<TIMES>\*(?!\*)|@|[·⋅×∗•∙])
    |(?P<HADAMARD>\.\*(?!\*)|[⊙∘])
    |(?P<EDIVIDE>\./|⊘)
    |(?P<ECARET>\.\^)
    |(?P<PRIME>\.?['’′]|\.T(?![{_LETTER}0-9])|[ᵀ⊤])
    |(?P<HERM>ᴴ)
    |(?P<INVERSETRANSPOSE>⁻ᵀ)
    |(?P<SUPER>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    |(?P<KRON>⊗)
    |(?P<DIVIDE>[/÷])
    |(?P<PLUS>\+)
    |(?P<MINUS>[-−–])
    |(?P<CARET>\^)
    |(?P<BAR>‖|\|\||[|∣])
    |(?P<LPAR>\()|(?P<RPAR>\))|(?P<LSQB>\[)|(?P<RSQB>\])
    |(?P<COMMA>,)|(?P<COLON>:)|(?P<EQUAL>=(?!=))
    |(?P<SEMI>;)|(?P<NEWLINE>[\r\n]+)
    |(?P<LDIVIDE>\\)|(?P<LANGLE><(?!=))|(?P<RANGLE>>(?!=))
    """,
    re.VERBOSE,
)
_SINGLE = frozenset("|∣")
_INDEX = re.compile(r"[a-z][0-9]*\Z")
_TEXT = re.compile(r"'[A-Za-z, .]*(?:->[A-Za-z ]*)?'")
"""A text between single quotation marks, which are transposes elsewhere: 'fro', the subscripts of einsum."""
_OPERAND_ENDS = frozenset(
    {
        "NAME",
        "NUMBER",
        "STRING",
        "RPAR",
        "RSQB",
        "PRIME",
        "HERM",
        "SUPER",
        "INVERSETRANSPOSE",
        "CLOSE",
        "CLOSE1",
        "RANGLE",
    }
)
_BINARY = frozenset({"TIMES", "LDIVIDE", "HADAMARD", "EDIVIDE", "DIVIDE", "KRON", "PLUS", "MINUS", "FROBENIUS"})
_PRIMES = str.maketrans({"’": "'", "′": "'", "″": "''"})
_CLOSES = {")": "(", "]": "["}
_COMPARED = "comparisons are not part of the language; step(x) is 1 where x > 0"
_BRACES = "use ( ) for grouping and [ ] for blocks"
_HINTS = {
    "*": "a power is written ^",
    "=": "one = names a quantity; == is not read",
    **dict.fromkeys("{}", _BRACES),
    **dict.fromkeys("<>≤≥≠≈", _COMPARED),
    **dict.fromkeys("⟨⟩", "the inner product of x and y is x'*y, of A and B tr(A'*B)"),
    **dict.fromkeys("∂∇", "type the function itself and name the variable with --wrt"),
    **dict.fromkeys("†⁺", "the pseudoinverse is pinv(X), the conjugate transpose herm(X)"),
    **dict.fromkeys("´`‘", "a transpose is written X'"),
    **dict.fromkeys("“”", "a text has quotation marks at both ends"),
    "∑": "a sum is written sum(x), or sum(k: A[i,k]) over an index",
    "∏": "a product is written prod(x)",
    "√": "a root is written sqrt(x)",
    "!": "a factorial is gamma(n+1)",
    "%": "there are no remainders; a comment begins with #",
    "…": "write the formula out",
    '"': "the text has no end",
}


@final
class Lexer(LarkLexer):
    """The tokens of a formula, for the parser."""

    def __init__(self, conf: object) -> None:
        del conf  # the grammar declares the names of the tokens; there is nothing else to configure

    def lex(self, text: str) -> Iterator[Token]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The tokens one by one; FrechetError for a character that has no place in a formula."""
        return iter(tokenise(text))


def _hint(text: str, position: int) -> str:
    """What to write instead of a character that has no meaning."""
    character = text[position]
    if character == "*" and text[position : position + 2] != "**":
        return ""
    if character == "." and text[position + 1 : position + 2].isalpha():
        return "a function stands alone before its brackets: sum(x), not x.sum() or np.sum(x)"
    if character in _HINTS:
        return _HINTS[character]
    if unicodedata.combining(character):
        return "accents are not read: give the name another ending, as in x_hat"
    if not character.isprintable() and not character.isspace():
        return "it cannot be seen: delete it"
    plain_signs = unicodedata.normalize("NFKC", character).replace("⁄", "/")
    if plain_signs.isascii() and plain_signs.isprintable() and plain_signs.strip() and not character.isascii():
        how = unicodedata.decomposition(character)
        if how.startswith("<sub>"):
            return "an entry is written x[i], a matrix of a size eye(n)"
        return f"write {'^' if how.startswith('<super>') else ''}{plain_signs}"
    if character.isalpha() and not character.isascii():
        return "names are made of plain Latin and Greek letters, digits and _"
    return ""


def _strange(text: str, position: int) -> Exception:
    character = text[position]
    if unicodedata.combining(character):
        message = f"the accent U+{ord(character):04X} has no meaning here"
    elif character.isprintable() and not character.isspace():
        message = f"the character {character} has no meaning here"
    else:
        message = f"the character U+{ord(character):04X} has no place in a formula"
    hint = _hint(text, position)
    return located("syntax", message + (f": {hint}" if hint else ""), text, position)


def _check_depth(depth: int, text: str, position: int) -> None:
    if depth > DEPTH:
        raise located("limit", f"brackets are nested more than {DEPTH} deep", text, position)


def _contracts(tokens: list[Token], opened: list[tuple[str, int]]) -> bool:
    """Whether a colon is the product A:B = tr(A'*B), not that of `X[:,j]` or of `sum(i,j: …)`."""
    if not opened:
        return bool(tokens)
    bracket, place = opened[-1]
    if bracket == "[":
        return False
    k = len(tokens) - 1
    while tokens[k].start_pos != place:
        if tokens[k].type != "COMMA" and not (tokens[k].type == "NAME" and _INDEX.match(tokens[k].value)):
            return True
        k -= 1
    return not (k and tokens[k - 1].type == "FUNCTION")


def tokenise(text: str) -> list[Token]:
    """All tokens of a formula.

    >>> [t.type for t in tokenise("σ(a)ᵀ*x²")]
    ['FUNCTION', 'LPAR', 'NAME', 'RPAR', 'PRIME', 'TIMES', 'NAME', 'SUPER']
    """
    if len(text) > LIMIT:
        raise located("limit", f"the formula has {len(text)} characters; at most {LIMIT} are read", text[:40], 0)
    tokens: list[Token] = []
    opened: list[tuple[str, int]] = []
    bars: list[tuple[str, int]] = []
    previous = "SEPARATOR"
    position, end, match = 0, len(text), _TOKEN.match
    while position < end:
        found = match(text, position)
        if found is None:
            raise _strange(text, position)
        kind = found.lastgroup or "FUNCTION"
        if kind == "primes":
            kind = "FUNCTION"
        if kind == "PRIME" and previous in ("LPAR", "COMMA"):  # nothing to transpose: a text in single marks
            found, kind = _TEXT.match(text, position) or found, "STRING"
        piece = found.group()
        start, position = position, found.end()
        if kind == "SPACE":
            continue
        if kind in ("NAME", "FUNCTION"):
            if kind == "FUNCTION":
                sign = signs().get(piece)  # ∑, ∏, √ are functions
                piece = (piece if sign is None else sign.name).translate(_PRIMES)
            piece = "𝟏" if piece == "𝟙" else plain(piece)
        elif kind in ("LPAR", "LSQB"):
            opened.append((piece, start))
            _check_depth(len(opened) + len(bars), text, start)
        elif kind in ("RPAR", "RSQB"):
            if not opened:
                raise located("syntax", f"this {piece} closes nothing", text, start)
            before, place = opened.pop()
            if before != _CLOSES[piece]:
                raise located("syntax", f"the {before} opened at {place + 1} is closed by {piece}", text, start)
        elif kind == "FRACTION":
            kind = "NUMBER"
        elif kind == "FILLED":
            kind, piece = "NAME", ("ones" if piece[0] == "1" else "zeros") + plain(piece[1:])
        elif kind == "LANGLE":
            if previous in _OPERAND_ENDS:
                raise _strange(text, start)  # a comparison
            opened.append(("<", start))
        elif kind == "RANGLE":
            if not opened or opened[-1][0] != "<":
                raise _strange(text, start)
            opened.pop()
        elif kind == "COLON" and _contracts(tokens, opened):
            kind = "FROBENIUS"
        elif kind == "BAR":
            single = piece in _SINGLE
            closes = previous in _OPERAND_ENDS and bars and (bars[-1][0] in _SINGLE) == single
            kind = "CLOSE" if closes else "OPEN"
            if kind == "OPEN":
                bars.append((piece, start))
                _check_depth(len(opened) + len(bars), text, start)
            else:
                sign, place = bars.pop()
                below = None if single else behind_bars(text, position)
                if below is not None:
                    if not is_norm(below.below):
                        message = no_norm(below.below, text[place + len(sign) : start].strip())
                        raise located("syntax", message, text, start)
                    closing = Token("CLOSE", f"_{below.below}", start, end_pos=below.end)
                    tokens += [closing, *below.above]
                    previous, position = tokens[-1].type, below.end
                    continue
            kind = kind + "1" if single else kind
        elif kind in ("SEMI", "NEWLINE"):
            inside = bool(opened) and opened[-1][0] == "["
            if kind == "SEMI" and inside:
                pass
            elif kind == "SEMI" and opened:
                raise located("syntax", "a ; inside ( ) separates nothing: close the bracket first", text, start)
            elif opened or (kind == "NEWLINE" and (previous in _BINARY or previous == "EQUAL")):
                continue
            else:
                if previous != "SEPARATOR":
                    tokens.append(Token("SEPARATOR", piece, start, end_pos=position))
                    previous = "SEPARATOR"
                continue
        elif kind in _BINARY and previous == "SEPARATOR" and tokens and tokens[-1].value[0] in "\r\n":
            raise located(
                "syntax",
                "a line begins with a sign: end the line above with the sign, or with ; if a new statement begins",
                text,
                start,
            )
        tokens.append(Token(kind, piece, start, end_pos=position))
        previous = kind
    if len(tokens) > TOKENS:
        raise located("limit", f"the formula has {len(tokens)} names and signs; at most {TOKENS} are read", text, 0)
    if opened:
        raise located("syntax", f"this {opened[-1][0]} is never closed", text, opened[-1][1])
    if bars:
        sign, place = bars[-1]
        raise located("syntax", f"this {'|' if sign in _SINGLE else '‖'} is never closed", text, place)
    while tokens and tokens[-1].type == "SEPARATOR":
        tokens.pop()
    if not tokens:
        raise FrechetError("input", "the formula is empty", 0)
    return tokens
