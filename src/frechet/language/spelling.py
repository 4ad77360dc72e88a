"""Names that are spelled nearly so: a slip of the finger, never another word."""

from __future__ import annotations

from collections.abc import Iterable

_SHORT, _LONG = 4, 9
"""From how many letters on one slip, or two, are looked for: `cov` is not `cos`."""


def edits(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or exchanged with their neighbour.

    >>> edits("sigmoyd", "sigmoid"), edits("sotfmax", "softmax"), edits("rank", "arctan")
    (1, 1, 4)
    """
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def slip(typed: str, name: str) -> bool:
    """Whether one is the other with a slip of the finger, and no name of its own.

    A name that begins otherwise, has other digits, or goes on where the other ends is another function; so is one of
    few letters with one of them exchanged.

    >>> slip("softmx", "softmax"), slip("sgin", "sign"), slip("expp", "exp")
    (True, True, True)
    >>> slip("selu", "elu"), slip("relu6", "relu"), slip("soft", "sort"), slip("arccot", "arccos")
    (False, False, False, False)
    """
    if typed[:1] != name[:1] and sorted(typed[:2]) != sorted(name[:2]):
        return False
    if [c for c in typed if c.isdigit()] != [c for c in name if c.isdigit()]:
        return False
    if typed[: len(name)] == name:
        return set(typed[len(name) :]) <= {name[-1]}
    exchanged = len(typed) == len(name) and sorted(typed) != sorted(name)
    return not exchanged or (len(typed) > _SHORT and typed[:-1] != name[:-1])


def near(name: str, names: Iterable[str]) -> str:
    """The name that is meant by a slip: at one edit, of long names at two; "" where there is none.

    >>> near("sigmoyd", ["sigmoid", "sin"]), near("cov", ["cos"]), near("rank", ["arctan", "tanh"])
    ('sigmoid', '', '')
    """
    if len(name) < _SHORT:
        return ""
    most = 2 if len(name) >= _LONG else 1
    lowered = name.lower()
    likely = (n for n in sorted({*names}) if abs(len(n) - len(name)) <= most and slip(lowered, n.lower()))
    close = [(edits(lowered, n.lower()), n) for n in likely]
    return min((pair for pair in close if pair[0] <= most), default=(0, ""))[1]
