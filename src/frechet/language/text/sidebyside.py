"""Mathematical text: what stands side by side is a product, and a word may be one.

`xᵀAx`, `2x'Ax + b'x`, `tr(AXBXᵀ)` have no product signs.  Letters side by side are factors, where no declared or
defined name, function or size is spelled so.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from lark import Token

from frechet.core.records import facts, signs
from frechet.errors import FrechetError
from frechet.language.calls import callable_name
from frechet.language.error_places import located
from frechet.language.latex.words import called as called_by
from frechet.language.names import COUNTS, SPELLED, plain
from frechet.language.text.factors import FACTOR, WORD, as_typed, before_bracket, letters, suffix
from frechet.language.tokens import tokenise
from frechet.ops.words import CAPITALS

_ENDS = frozenset(("NAME", "NUMBER", "RPAR", "RSQB", "PRIME", "HERM", "SUPER", "INVERSETRANSPOSE", "CLOSE", "CLOSE1"))
_STARTS = frozenset(("NAME", "NUMBER", "FUNCTION", "LPAR", "OPEN", "OPEN1"))
_SIGNS = frozenset(("*", "@", ".*", "./"))
"""The product signs of the formula language: where one stands, none was left out."""
_OPENING, _CLOSING = frozenset(("LPAR", "LSQB", "OPEN", "OPEN1")), frozenset(("RPAR", "RSQB", "CLOSE", "CLOSE1"))


def words_that_are_products(text: str, known: Container[str], asked: Container[str]) -> list[Token]:
    """The names of several letters that would be read as products in a text without product signs.

    >>> [t.value for t in words_that_are_products("norm2(Ax-b)^2", (), ())]
    ['Ax']
    """
    tokens = tokenise(text)
    names = [t for t in tokens if t.type == "NAME" or (t.type == "FUNCTION" and before_bracket(t, text, known, known))]
    names = [t for t in names if t.value not in known and t.value not in asked]
    if any(t.value in _SIGNS for t in tokens):
        alone = {t.value for t in names}
        names = [t for t in names if any(a in asked and a not in alone for a in letters(as_typed(t, text)) or [])]
    return [t for t in names if letters(as_typed(t, text)) and not callable_name(t.value)]


def product_tokens(text: str, known: Container[str], functions: Container[str], asked: Container[str]) -> list[Token]:
    """The tokens of a text with the product signs that were left out.

    >>> [str(t) for t in product_tokens("2x'Ax", (), (), ())]
    ['2', '*', 'x', "'", '*', 'A', '*', 'x']
    """
    tokens = _arguments(_split(_canonical(tokenise(text), known, functions), text, known, functions, asked), text)
    _ask_for_words(tokens, text, known, asked)
    out: list[Token] = []
    blocks = [False]  # whether it is a block matrix
    divided = [0]  # where the divisor begins, if a division line stands in the product, for every open bracket
    pending = [False]  # whether a bracket around a divisor is to be closed
    for k, token in enumerate(tokens):
        if out and out[-1].type in _ENDS and token.type in _STARTS:
            if divided[-1] and out[-1].type == "PRIME":
                out.insert(
                    divided[-1], Token("LPAR", "(", out[divided[-1]].start_pos, end_pos=out[divided[-1]].start_pos)
                )
                pending[-1], divided[-1] = True, 0
            elif divided[-1]:
                raise _open_division(text, tokens, k, out[divided[-1]])
            if blocks[-1]:
                raise _open_blocks(text, token)
            out.append(Token("TIMES", "*", token.start_pos, end_pos=token.start_pos))
        if pending[-1] and token.type not in (*_STARTS, *_ENDS, "CARET", "TIMES", *_OPENING):
            pending[-1] = False
            out.append(Token("RPAR", ")", token.start_pos, end_pos=token.start_pos))
        if token.type == "DIVIDE":
            divided[-1] = 0 if _plain_divisor(tokens, k, text) else len(out) + 1
        elif token.type in _OPENING:
            divided.append(0)
            pending.append(False)
            blocks.append(token.type == "LSQB" and not (out and out[-1].type in _ENDS))
        elif token.type in _CLOSING:
            if len(divided) > 1:
                if pending.pop():
                    out.append(Token("RPAR", ")", token.start_pos, end_pos=token.start_pos))
                divided.pop()
                blocks.pop()
        elif token.type in ("PLUS", "MINUS", "COMMA", "SEPARATOR", "TIMES", "EQUAL"):
            divided[-1] = 0
        out.append(token)
    if pending[-1]:
        out.append(Token("RPAR", ")", len(text), end_pos=len(text)))
    return out


def _plain_divisor(tokens: Sequence[Token], k: int, text: str) -> bool:
    """Whether a division line has a number below it and nothing else: 1/2 x'Ax, n/2 log|S|; but not 1/2σ².

    So has it where a bracket or a count stands below, and then a space: 1/(2n) ‖y - Xw‖², 1/n (x'x).
    """
    below, after = tokens[k + 1 : k + 2], tokens[k + 2 : k + 3]
    if below and below[0].type in ("LPAR", "NAME"):
        if below[0].type == "NAME" and below[0].value not in COUNTS:
            return False
        end = _closes_at(tokens, k + 1) if below[0].type == "LPAR" else k + 2
        behind = tokens[end : end + 1]
        return bool(behind) and (behind[0].start_pos or 0) > (tokens[end - 1].end_pos or 0)
    if not below or below[0].type != "NUMBER":
        return False
    touching = bool(after) and after[0].start_pos == below[0].end_pos
    greek = touching and after[0].type == "NAME" and str(after[0].value) in SPELLED
    return not greek and (not touching or (k > 0 and tokens[k - 1].type == "NUMBER"))


def _canonical(tokens: Sequence[Token], known: Container[str], functions: Container[str]) -> list[Token]:
    """Other spellings of functions as the language has them: Tr(…), ln det X."""
    out: list[Token] = []
    for token in tokens:
        name = str(token.value)
        word = (token.type == "FUNCTION" and called_by(name) != name) or (
            token.type == "NAME" and name in ("ln", "Tr", "trace")
        )
        if word and name not in known and name not in functions:
            token = Token(token.type, called_by(name), token.start_pos, end_pos=token.end_pos)
        out.append(token)
    return out


def _ask_for_words(tokens: Sequence[Token], text: str, known: Container[str], asked: Container[str]) -> None:
    """A question for the first word that may be one name or a product of letters, unless it stands alone elsewhere."""
    beside: dict[str, list[bool]] = {}
    words: dict[str, Token] = {}
    for k, token in enumerate(tokens):
        typed = as_typed(token, text) if token.type == "NAME" else ""
        name = str(token.value)
        if not WORD.match(typed) or name in SPELLED or name in known or name in asked or callable_name(name):
            continue
        beside.setdefault(name, []).append(_is_beside(tokens, k, k))
        words.setdefault(name, token)
    for name, used in beside.items():
        factors = FACTOR.findall(name)
        if all(used) and len(factors) > 1 and "".join(factors) == name:
            token = words[name]
            start, end = token.start_pos or 0, token.end_pos or 0
            product = " ".join((text[:start] + "*".join(factors) + text[end:]).split())
            name_option = f"--shape {name}="
            after = f"  one name                {name_option}\n  a product of letters    {product}"
            trouble = located("name", f"{name} could be one name or a product of letters", text, start, after)
            raise FrechetError("name", trouble.message, trouble.position, (name_option, product))


def _is_beside(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether tokens stand beside a factor or carry an exponent; brackets of their own are looked through."""
    before = tokens[first - 1].type if first else ""
    after = tokens[last + 1].type if last + 1 < len(tokens) else ""
    if before in _ENDS or after in (*_STARTS, "PRIME", "SUPER"):
        return True
    own = before == "LPAR" and after == "RPAR" and not (first > 1 and tokens[first - 2].type == "FUNCTION")
    return own and _is_beside(tokens, first - 1, last + 1)


def _open_division(text: str, tokens: Sequence[Token], k: int, divisor: Token) -> FrechetError:
    """Whether the token at k stands below the division line is asked, with both readings."""
    token, depth, first, last = tokens[k], 0, 0, len(text)
    for later in tokens[k:]:
        if not depth and later.type in (*_CLOSING, "PLUS", "MINUS", "COMMA", "SEPARATOR", "TIMES", "EQUAL", "DIVIDE"):
            last = later.start_pos or 0
            break
        depth += (later.type in _OPENING) - (later.type in _CLOSING)
    depth = 0
    for before in reversed([t for t in tokens[:k] if (t.start_pos or 0) < (divisor.start_pos or 0)]):
        if not depth and before.type in (*_OPENING, "PLUS", "MINUS", "COMMA", "SEPARATOR", "EQUAL"):
            first = before.end_pos or 0
            break
        depth += (before.type in _CLOSING) - (before.type in _OPENING)
    below, here, tight = divisor.start_pos or 0, token.start_pos or 0, k
    while tight + 1 < len(tokens) and tokens[tight + 1].start_pos == tokens[tight].end_pos:
        tight += 1
    touching = tokens[tight].end_pos or 0
    found = {
        "below": f"{text[:below]}({text[below:last].strip()}){text[last:]}",
        "not below": f"{text[:first]}({text[first:here].strip()}) {text[here:]}",
    }
    if here == tokens[k - 1].end_pos and touching < last:
        found = {"it alone": f"{text[:first]}({text[first:below]}({text[below:touching]})){text[touching:]}", **found}
    readings = {name: " ".join(reading.split()) for name, reading in found.items()}
    message = f"does {token.value}, side by side with the divisor, stand below the division line too?"
    lines = "\n".join(f"  {name:<9}    {reading}" for name, reading in readings.items())
    trouble = located("syntax", message, text, here, lines)
    return FrechetError("syntax", trouble.message, trouble.position, tuple(readings.values()))


def _open_blocks(text: str, token: Token) -> FrechetError:
    return located(
        "syntax",
        f"is {token.value}, side by side with what stands before it, a block or a factor? "
        "Write [A, B] for blocks, [A*B] for a product",
        text,
        token.start_pos or 0,
    )


def _split(
    tokens: Sequence[Token], text: str, known: Container[str], functions: Container[str], asked: Container[str]
) -> list[Token]:
    """The tokens with words taken apart, and names before brackets that are no functions as factors."""
    out: list[Token] = []
    words = [as_typed(t, text) for t in tokens if t.type == "NAME"]
    alone = {plain(factor) for word in words for factor in letters(word) or [word]}
    for k, token in enumerate(tokens):
        kind, value = token.type, str(token.value)
        start = token.start_pos or 0
        named = value in known or value in asked or value in alone or _in_form(tokens, k)
        if kind == "FUNCTION" and (named or value not in CAPITALS) and before_bracket(token, text, functions, known):
            kind = "FUNCTION" if _call_of_name(tokens, token, text) else "NAME"  # x(A+B): a factor before a bracket
        whole = value in known or value in asked or (kind == "NAME" and callable_name(value) and value not in SPELLED)
        if kind != "NAME" or whole:
            out.append(token if kind == token.type else Token(kind, value, start, end_pos=token.end_pos))
            continue
        typed = as_typed(token, text).rstrip("'’′")
        function = suffix(typed, functions) if token.type == "FUNCTION" else ""
        primes = len(value) - len(value.rstrip("'"))
        before = typed[: len(typed) - len(function)]
        for part in letters(before) or ([before] if before else []):
            out.append(Token("NAME", "𝟏" if part == "𝟙" else plain(part), start, end_pos=start + len(part)))
            start += len(part)
        if function:
            out.append(Token("FUNCTION", plain(function) + "'" * primes, start, end_pos=token.end_pos))
        else:
            out.extend(Token("PRIME", "'", start + k, end_pos=start + k + 1) for k in range(primes))
    return out


def _in_form(tokens: Sequence[Token], k: int) -> bool:
    """Whether a letter stands behind a transposed factor, as Λ does in (x-μ)'Λ(x-μ): then it is a matrix."""
    return k > 0 and tokens[k - 1].type in ("PRIME", "HERM") and str(tokens[k].value) == "Lambda"


def _call_of_name(tokens: Sequence[Token], function: Token, text: str) -> bool:
    """Whether nothing but one name stands in the brackets behind a letter: x(t) is no product."""
    k = next(k for k, token in enumerate(tokens) if token is function)
    alone = [t.type for t in tokens[k + 1 : k + 4]] == ["LPAR", "NAME", "RPAR"]
    return alone and letters(as_typed(tokens[k + 2], text)) is None and letters(as_typed(function, text)) is None


def _arguments(tokens: Sequence[Token], text: str) -> list[Token]:
    """Functions without brackets get them: `log det X`, `exp -x` is refused, `tr AXB` takes the product."""
    out = list(tokens)
    for k in range(len(out) - 1, -1, -1):
        token = out[k]
        called = token.type == "NAME" and callable_name(token.value) and token.value not in SPELLED
        if not called or k + 1 >= len(out) or out[k + 1].type not in _STARTS:
            continue
        long = facts(token.value).invariant  # without a bracket it is of the whole product that follows
        end = _end_of(out, k + 1, whole=long)
        if not long:
            end = _bare_end(out, k, end, text)
        name = str(token.value)
        inner = out[k + 1 : end]
        pair = signs().get(f"{name} {inner[0].value}") if inner[0].type == "FUNCTION" else None
        if pair is not None and _closes_at(inner, 1) == len(inner):
            out[k:end] = [Token("FUNCTION", pair.name, token.start_pos, end_pos=inner[0].end_pos), *inner[1:]]
            continue
        place = inner[0].start_pos or 0
        stop = inner[-1].end_pos or 0
        out[k:end] = [
            Token("FUNCTION", name, token.start_pos, end_pos=token.end_pos),
            Token("LPAR", "(", place, end_pos=place),
            *inner,
            Token("RPAR", ")", stop, end_pos=stop),
        ]
    return out


def _bare_end(tokens: Sequence[Token], k: int, end: int, text: str) -> int:
    """Behind the argument of a function without a bracket: a factor, or the product where that is plain.

    `log x'Ax` takes the product, `log a log b` the factor, `log a b` is asked.
    """
    beside = end < len(tokens) and tokens[end].type in _STARTS and tokens[end].type not in ("OPEN", "OPEN1")
    if not beside or tokens[k + 1].type in _OPENING or tokens[k + 1].type == "FUNCTION":
        return end
    if callable_name(str(tokens[end].value)) and tokens[end].value not in SPELLED:
        return end
    whole = _end_of(tokens, k + 1, whole=True)
    constant = tokens[k + 1].type == "NUMBER" and tokens[end].value == "pi"
    names = [str(t.value) for t in tokens[k + 1 : whole] if t.type == "NAME"]
    form = tokens[end - 1].type == "PRIME" and (len(names) == 2 or (len(names) == 3 and names[1][0].isupper()))
    if form or constant:
        return whole
    start, middle, last = (tokens[k + 1].start_pos or 0, tokens[end].start_pos or 0, tokens[whole - 1].end_pos or 0)
    readings = (
        f"{text[:start].rstrip()}({text[start:last]}){text[last:]}",
        f"{text[:start].rstrip()}({text[start:middle].strip()}) {text[middle:]}",
    )
    lines = "\n".join(f"  {reading}" for reading in readings)
    trouble = located("syntax", f"{tokens[k].value} of what? Write brackets", text, start, lines)
    raise FrechetError("syntax", trouble.message, trouble.position, readings)


def _closes_at(tokens: Sequence[Token], start: int) -> int:
    """Behind the bracket that opens at a place."""
    depth = 0
    for k in range(start, len(tokens)):
        depth += (tokens[k].type in _OPENING) - (tokens[k].type in _CLOSING)
        if not depth:
            return k + 1
    return len(tokens)


def _end_of(tokens: Sequence[Token], start: int, whole: bool) -> int:
    """Behind the factor (or the whole product) that starts at a place."""
    k = start
    while k < len(tokens):
        kind = tokens[k].type
        if kind in _OPENING or kind == "FUNCTION":
            k = _closes_at(tokens, k + 1 if kind == "FUNCTION" else k)
        elif kind in ("NAME", "NUMBER"):
            k += 1
        else:
            break
        while k < len(tokens) and tokens[k].type in ("PRIME", "SUPER", "HERM", "INVERSETRANSPOSE"):
            k += 1
        if not whole:
            break
        if k < len(tokens) and tokens[k].type == "TIMES":
            k += 1
    return k
