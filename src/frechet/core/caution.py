"""The sentence of a record about points where there is no derivative, filled in for the arguments that stand there."""

from __future__ import annotations

from collections.abc import Sequence


def filled(caution: str, shown: Sequence[str], *, number: bool = False, whole: bool = False) -> str:
    """A caution with its places filled: of a number nobody says "an entry of".

    {x}        the first argument; {second}, {y} the second and the last
    {where}    "where an entry of x is 0,"; of a number "where x is 0,"; as a `whole` "at x = 0"
    {entries}  "the entries of x"; of a number "x"
    {no}       "no entry of x may be"; of a number "x must not be"
    {one}      "an entry of x"; of a number "x"
    {entry}    " in an entry"; of a number nothing

    >>> filled("{where} the root has no derivative", ["x"]), filled("{no} 0", ["t"], number=True)
    ('where an entry of x is 0, the root has no derivative', 't must not be 0')
    """
    x = shown[0]
    return caution.format(
        x=x,
        y=shown[-1],
        second=shown[min(1, len(shown) - 1)],
        where=f"at {x} = 0" if whole else f"where {x} is 0," if number else f"where an entry of {x} is 0,",
        entries=x if number else f"the entries of {x}",
        no=f"{x} must not be" if number else f"no entry of {x} may be",
        one=x if number else f"an entry of {x}",
        entry="" if number else " in an entry",
    )
