"""The words of a card: names for the value and the loss, sizes in a row, what the verification says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, final

from frechet.pages.plain import mapping
from frechet.pages.signs import Plain, Signs


def names_in(text: str) -> set[str]:
    """Every word of a formula.

    >>> sorted(names_in("diag(s)-s*s'"))
    ['diag', 's']
    """
    return set(re.findall(r"[^\W\d]\w*", text))


def used_names(lines: Sequence[str], where: Mapping[str, str]) -> set[str]:
    """The names of `where` that stand in the lines, or in the formulas of such names.

    >>> sorted(used_names(["a+M"], {"M": "inv(P)", "P": "X'*X", "Q": "X"}))
    ['M', 'P']
    """
    needed: set[str] = set()
    waiting = list(lines)
    while waiting:
        for name in names_in(waiting.pop()) & set(where) - needed:
            needed.add(name)
            waiting.append(where[name])
    return needed


def dimensions(shape: Sequence[Any]) -> str:
    """A shape in signs: `m×n`, `n×1`, `scalar`.

    >>> dimensions(["m", "n+1"]), dimensions(["n"]), dimensions([])
    ('m×(n+1)', 'n×1', 'scalar')
    """
    if not shape:
        return "scalar"
    sizes = [written(size) for size in shape] + (["1"] if len(shape) == 1 else [])
    return "×".join(size if size.isalnum() else f"({size})" for size in sizes)


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(size: Any) -> str:
    """A size as people write it.

    >>> written("n^2"), written("n^2/2+n/2"), written("m*n"), written("n+1")
    ('n²', 'n(n+1)/2', 'mn', 'n+1')
    """
    half = re.fullmatch(r"([^\W\d]\w*)\^2/2([+-])\1/2", str(size))
    if half:
        return f"{half.group(1)}({half.group(1)}{half.group(2)}1)/2"
    raised = re.sub(r"\^(\d+)", lambda power: power.group(1).translate(RAISED), str(size))
    factors = raised.split("*")
    single = all(len(name.translate(LETTERLESS)) == 1 and name[0].isalpha() for name in factors)
    return "".join(factors) if single else raised


LETTERLESS = str.maketrans(dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹"))


def product(shape: Sequence[Any]) -> str:
    """How many entries: numbers multiplied, single letters side by side.

    >>> product(["m", "p"]), product([2, 3]), product([]), product([2, "n"]), product(["n+1", "q"]), product(["n", "n"])
    ('mp', '6', '1', '2n', '(n+1)q', 'n²')
    """
    number = 1
    names: list[str] = []
    sizes = list(map(written, shape))
    for size in dict.fromkeys(sizes):
        if size.isdecimal():
            number *= int(size) ** sizes.count(size)
        else:
            power = str(sizes.count(size)).translate(RAISED) if sizes.count(size) > 1 else ""
            whole = size.isalnum() or size.startswith("(") or size.endswith("/2")
            names.append((size if whole and not (power and size.endswith("/2")) else f"({size})") + power)
    if not names:
        return str(number)
    between = "" if all(len(name.translate(LETTERLESS)) == 1 or name.startswith("(") for name in names) else "·"
    return (f"{number}{between}" if number != 1 else "") + between.join(names)


def measure(rows: str, columns: str) -> str:
    """The shape of a matrix whose sizes are in words already."""
    return f"{rows}×{columns}"


def split(text: str) -> list[str]:
    """The statements of a problem, cut at `;` and line ends outside brackets, without comments.

    >>> split("a = h*W; y = [a, b; c, d]  # two")
    ['a = h*W', 'y = [a, b; c, d]']
    """
    out = [""]
    depth = 0
    for line in text.splitlines():
        for sign in line.partition("#")[0]:
            depth += (sign in "([") - (sign in ")]")
            if sign == ";" and depth <= 0:
                out.append("")
            else:
                out[-1] += sign
        if depth <= 0:
            out.append("")
    return [part.strip() for part in out if part.strip()]


LETTERS = ("fyupq", "yfupq", "CFYPQ")
"""What a value without a name is called, by its order; as `entries`, `explain`, `check` and `conventions` have it."""


@final
class Names:
    """How the card calls things: the value by its name before `=` (or a free letter), a loss for the pullback."""

    def __init__(self, answer: Mapping[str, Any], signs: Signs | bool) -> None:
        self.signs: Signs = Plain(signs) if isinstance(signs, bool) else signs
        formula = mapping(answer.get("reading")).get("formula")
        self.parts = split(str(formula or answer.get("expression") or ""))
        shapes = mapping(answer.get("shapes"))
        taken = (
            set(shapes)
            | set(answer.get("where") or {})
            | names_in(" ".join(str(d) for s in shapes.values() for d in s))
        )
        taken |= names_in(" ".join(self.parts))
        last = self.parts[-1] if self.parts else ""
        named = re.match(r"([^\W\d]\w*)\s*=(?!=)", last)
        letters = LETTERS[min(2, len(answer.get("value_shape") or []))]
        free = (letter for letter in (*letters, "value") if letter not in taken and f"d{letter}" not in taken)
        given = str(answer.get("value") or (named.group(1) if named else ""))  # of `C[i,j] = …` it is C
        self.value = given or next(free)
        self.named = bool(given)
        self.loss = next(name for name in ("L", "J", "loss", "cost", "L_") if name not in taken and name != self.value)

    def statements(self) -> list[str]:
        """The problem as it was typed, the last formula with a name."""
        if self.named or not self.parts:
            return list(self.parts)
        return [*self.parts[:-1], f"{self.value} = {self.parts[-1]}"]

    def plain(self, name: str) -> str:
        """A name as the formulas show it: on a terminal in Greek letters, its digits lowered."""
        return self.signs.name(name)

    def within(self, sentence: str, name: str) -> str:
        """A sentence in which a name, or its increment, stands as the formulas show it."""
        return re.sub(rf"\b(d?){re.escape(name)}\b", lambda m: m.group(1) + self.plain(name), sentence)


def absent(name: str, wrt: str, order: int, array: str | None) -> str:
    """Why a form that was asked for by name is not there; `array` is the value's name where it is no scalar."""
    if name == "vech":
        return f"none: the entries of {wrt} are all free, or none is"
    if order == 2:
        return "none: this is a second derivative"
    if name == "hessian":
        return "none: this is a first derivative (--order 2 gives the second)"
    if name == "gradient" and array:
        return f"none: {array} is no scalar; see the pullback and the Jacobian"
    if name == "derivative":
        return f"none: {wrt} is no scalar; see the gradient or the Jacobian"
    return "none here"


def verified(answer: Mapping[str, Any]) -> list[str]:
    """What the verification says, in a line or two.

    >>> found = {"passed": True, "trials": 8, "max_relative_error": 3.1e-11, "sizes": {"m": 3}}
    >>> verified({"verification": found})
    ['verified at 8 random points with m=3: largest relative error 3e-11']
    """
    found = mapping(answer.get("verification"))
    if not found:
        return ["not verified: not asked for"]
    sizes = ", ".join(f"{name}={n}" for name, n in mapping(found.get("sizes")).items())
    at = f"at {found.get('trials')} random points" + (f" with {sizes}" if sizes else "")
    if found.get("passed"):
        return [f"verified {at}: largest relative error {float(found.get('max_relative_error') or 0):.0e}"]
    why = found.get("reason") or "the differences cannot tell"
    return [f"not verified: {str(why).removeprefix('not checked: ')}"]
