"""Names: Greek letters and subscripts in ASCII, and what kind of thing a name is by the habit of the field."""

from __future__ import annotations

import re
from typing import Literal

from frechet.errors import FrechetError

Kind = Literal["scalar", "vector", "matrix", "row", "tensor"]
"""What a name stands for; a tensor of order 3 is a family of matrices, the formula may say that it has more axes."""

_LOWER = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    ".",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]

GREEK: dict[str, str] = {
    **{chr(0x3B1 + i): name for i, name in enumerate(_LOWER) if name != "."},
    **{chr(0x391 + i): name.capitalize() for i, name in enumerate(_LOWER) if name != "."},
    "ς": "sigma",
    "µ": "mu",
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ϕ": "phi",
    "ϱ": "rho",
    "ϖ": "pi",
    "ϰ": "kappa",
}
"""Greek letters as they are spelled in ASCII: `λ` is `lambda`, `Σ` is `Sigma`."""

SUBSCRIPTS: dict[str, str] = {chr(0x2080 + i): str(i) for i in range(10)}

LOWERED: dict[str, str] = dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True))
"""Letters that stand low: `xᵢ` is `x_i`."""

_PLAIN = str.maketrans({**GREEK, **SUBSCRIPTS})
_LOW = re.compile(f"[{''.join(LOWERED)}]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
SPELLED = frozenset(GREEK.values())
"""The ASCII spellings of Greek letters."""


def plain(name: str) -> str:
    """The name in ASCII.

    >>> plain("λ"), plain("Σ₁"), plain("w"), plain("xᵢ")
    ('lambda', 'Sigma1', 'w', 'x_i')
    """
    if name.isascii():
        return name
    return _LOW.sub(lambda found: "_" + "".join(LOWERED[c] for c in found.group()), name).translate(_PLAIN)


def checked(name: object, what: str) -> str:
    """The name in ASCII, or a refusal that says `what` was to be named.

    >>> checked("2x", "a variable")
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: '2x' cannot name a variable: a name is letters, digits and _, a letter first
    """
    ascii_name = plain(name) if isinstance(name, str) and len(name) <= 200 else ""
    if not _NAME.match(ascii_name):
        shown = ascii(name)[:60]
        raise FrechetError("name", f"{shown} cannot name {what}: a name is letters, digits and _, a letter first")
    return ascii_name


def habit(name: str) -> Kind:
    """What a name stands for when nothing says otherwise: a–g scalars, h–z vectors, upper case matrices.

    Greek and longer names go by their first letter.

    >>> habit("a"), habit("x"), habit("X"), habit("weights"), habit("Sigma"), habit("_t")
    ('scalar', 'vector', 'matrix', 'vector', 'matrix', 'scalar')
    """
    first = name[0]
    if first.isupper():
        return "matrix"
    return "vector" if "h" <= first <= "z" else "scalar"


COUNTS = frozenset("nNmMTKdpk")
"""Letters that count: where one of them is only a factor of numbers, it is a number."""


def loose(name: str) -> bool:
    """Whether the habit says little of this name, so that it gives way first: Greek and longer names."""
    return len(name.rstrip("0123456789_")) > 1 or name in SPELLED
