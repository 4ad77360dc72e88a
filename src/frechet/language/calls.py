"""How a call's arguments are read: which are expressions, which are sizes, axes, indices.

One letter an argument: `x` an expression, `*` any number of expressions, `d` a size, `a` an axis (1 or 2),
`k` an integer, `i` an index, `s` a string; what follows `?` may be left out.
"""

from __future__ import annotations

from frechet.ops import REGISTRY

PATTERNS: dict[str, str] = {
    **dict.fromkeys(("sum", "mean", "prod", "logsumexp", "softmax"), "x?a"),
    **dict.fromkeys(("max", "min"), "x?x"),
    **dict.fromkeys(("kron", "khatrirao", "expm_frechet", "logm_frechet"), "xx"),
    **dict.fromkeys(("ones", "zeros"), "d?d"),
    **dict.fromkeys(("eye", "duplication", "elimination"), "d"),
    "commutation": "dd",
    "unit": "id",
    "sylvester": "xxx",
    "reshape": "xd?d",
    "polygamma": "kx",
    "einsum": "s*",
    "delta": "ii",
    "vector": "x",
    "matrix": "x",
}
"""What is no function of one expression."""

OF_ONE = {"max": "largest", "min": "smallest"}
"""Functions of two arguments that with one are another operation."""

SIGNS = frozenset(
    [
        "variable",
        "number",
        "size",
        "pi",
        "add",
        "sub",
        "neg",
        "mul",
        "hadamard",
        "edivide",
        "divide",
        "power",
        "epower",
        "transpose",
        "declared",
        "hcat",
        "vcat",
        "entry",
        "column",
        "row",
        "at",
        "isum",
        "iprod",
        "member",
    ]
)
"""Operations that are written with signs, never called by these names."""

NUMBERS = frozenset({"pi"})
"""Names of numbers: what is neither declared nor defined under such a name is the number."""

MEANT = {
    "trace": "tr",
    "sigma": "sigmoid",
    "ln": "log",
    "transpose": "X'",
    "norm": "norm2",
    "inverse": "inv",
    "identity": "eye",
    "I": "eye",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "pow": "X^k",
    "dot": "x'*y",
    "outer": "x*y'",
    "cross": "",
    "hadamard": "X.*Y",
    "logistic": "sigmoid",
    "maximum": "max",
    "minimum": "min",
    "sgn": "sign",
    "heaviside": "step",
    "lse": "logsumexp",
    "cholesky": "chol",
    "fro": "norm2",
    "determinant": "det",
    "mul": "X*Y",
    "matmul": "X*Y",
    "Tr": "tr",
}
"""What people write elsewhere, and what it is called here."""


def callable_name(name: str) -> bool:
    """Whether the name is that of a function of the language."""
    return name in PATTERNS or (name in REGISTRY and name not in SIGNS and name not in OF_ONE.values())


def expressions(pattern: str, count: int) -> list[bool]:
    """For each of `count` arguments whether it is an expression (else a parameter).

    >>> expressions("x?a", 2), expressions("s*", 3), expressions("kx", 2)
    ([True, False], [False, True, True], [False, True])
    """
    letters = pattern.replace("?", "")
    if letters.endswith("*"):
        letters = letters[:-1] + "x" * (count - len(letters) + 1)
    return [i < len(letters) and letters[i] in "x" for i in range(count)]


def counts(pattern: str) -> tuple[int, int | None]:
    """The least and the greatest number of arguments (None: any).

    >>> counts("x?a"), counts("s*"), counts("dd")
    ((1, 2), (1, None), (2, 2))
    """
    least = len(pattern.partition("?")[0].replace("*", ""))
    return least, None if "*" in pattern else len(pattern.replace("?", ""))
