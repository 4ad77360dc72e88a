"""How a call's arguments are read: which are expressions, which are sizes, axes, indices.

Each record says it with one letter an argument (`Op.call`); here are those of the two words that are no operation, and
what is asked of a pattern.
"""

from __future__ import annotations

from frechet.core.op import Op
from frechet.core.records import signs
from frechet.ops import REGISTRY

WORDS = {"vector": "x", "matrix": "x"}
"""Words that are called like functions: vector(c) and matrix(c) are c, of the shape that is needed."""

NUMBERS = frozenset({"pi"})
"""Names of numbers: what is neither declared nor defined under such a name is the number."""

SIGNS = {
    "transpose": "X'", "pow": "X^k", "dot": "x'*y", "outer": "x*y'", "hadamard": "X.*Y", "mul": "X*Y", "matmul": "X*Y",
}  # fmt: skip
"""What has a name elsewhere, and is written with signs here."""


def pattern_of(name: str) -> str | None:
    """The letters of the arguments of what is called by this name; None for what is not called by it.

    >>> pattern_of("sum"), pattern_of("einsum"), pattern_of("tanh"), pattern_of("hadamard")
    ('x?a', 's*', 'x', None)
    """
    op = REGISTRY.get(name)
    return (op.call or None) if op is not None else WORDS.get(name)


def reached(name: str) -> str | None:
    """The same for a name as it stands in the tree, where max(x) is already the operation `largest`."""
    return pattern_of(name) or ("x" if any(op.with_one == name for op in REGISTRY.values()) else None)


def norm_with(below: str) -> Op | None:
    """The norm with this below its double bars.

    >>> norm_with("1"), norm_with("F"), norm_with("M")
    (<op norm1>, <op norm2>, None)
    """
    return signs().get(f"‖x‖_{below}")


def callable_name(name: str) -> bool:
    """Whether the name is that of a function of the language."""
    return pattern_of(name) is not None


def callables() -> list[str]:
    """The names of all functions, sorted."""
    return sorted({*WORDS, *(name for name, op in REGISTRY.items() if op.call)})


def called_here(name: str) -> str:
    """What is called by this name elsewhere, as it is written here; "" where nothing is known.

    >>> called_here("ln"), called_here("outer"), called_here("frobnicate")
    ('log', "x*y'", '')
    """
    found = SIGNS.get(name)
    return found or next((op.name for op in REGISTRY.values() if name in op.elsewhere), "")


def expressions(pattern: str, count: int) -> list[bool]:
    """For each of `count` arguments whether it is an expression (else a parameter).

    >>> expressions("x?a", 2), expressions("s*", 3), expressions("kx", 2)
    ([True, False], [False, True, True], [False, True])
    """
    spelled = letters(pattern, count)
    return [spelled[i : i + 1] == "x" for i in range(count)]


def letters(pattern: str, count: int) -> str:
    """The letters of so many arguments; of those that may be left out all.

    >>> letters("x?a", 1), letters("s*", 3), letters("xd+", 4)
    ('xa', 'sxx', 'xddd')
    """
    found = pattern.replace("?", "")
    if found[-1:] in ("*", "+"):
        last = "x" if found[-1] == "*" else found[-2:-1]
        return found[:-1] + last * (count - len(found) + 1)
    return found


def counts(pattern: str) -> tuple[int, int | None]:
    """The least and the greatest number of arguments (None: any).

    >>> counts("x?a"), counts("s*"), counts("dd"), counts("xd+")
    ((1, 2), (1, None), (2, 2), (2, None))
    """
    least = len(pattern.partition("?")[0].rstrip("*+"))
    return least, None if pattern[-1:] in ("*", "+") else len(pattern.replace("?", ""))
