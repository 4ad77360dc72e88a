r"""Sums and products over an index in LaTeX: `\sum_{i=1}^n`, `\sum_{j\ne i}`, `\sum_{t=1}^{T-1}`."""

from __future__ import annotations

from frechet.language.brackets import as_factor
from frechet.language.latex.cursor import Cursor
from frechet.language.latex.words import LAST, RANGE, UNEQUAL


def summed(r: Cursor, name: str) -> str:
    """A sum over an index, or of what follows."""
    start = r.at
    below = subscript(r) if r.take("_") else ""
    above = r.raw().replace(" ", "") if r.take("^") else ""
    found, unequal = RANGE.fullmatch(below), UNEQUAL.fullmatch(below)
    if (below and not found and not unequal) or (above and not LAST.fullmatch(above)):
        r.at = start
        raise r.fail(
            f"a {name} runs over whole axes (i=1 to n), not over a part of them; "
            "write a condition as a factor, (1-delta(i,j)) for i≠j"
        )
    if unequal:
        return unequal_pairs(r, name, unequal["one"], unequal["other"])
    names = found["names"].replace(",", "") if found else ""
    outer = dict(r.alias)
    for n in names:
        if n in r.summed_over:
            r.alias[n] = fresh_index(r)
    written = [r.alias.get(n, n) for n in names]
    r.summed_over.update(names, written)
    r.open += names
    body = r.product()
    del r.open[len(r.open) - len(names) :]
    for n in written:
        run_of(r, n, found["first"] if found else None, above, start)
    r.alias = outer
    return f"{name}({','.join(written)}: {body})" if names else f"{name}({body})"


def fresh_index(r: Cursor) -> str:
    """A letter that no index of the formula has yet."""
    used = {*r.summed_over, *r.indices, *(t[1] for t in r.tokens if t[0] == "letter")}
    return next((c for c in "ijklrstpqmnuvwh" if c not in used), "i1")


def subscript(r: Cursor) -> str:
    """What stands below a sum, relations and all."""
    start = r.at
    raw = r.raw().replace(" ", "")
    if any(k == "command" and p in ("in", "subset", "notin", "mid", "leq", "le", "lt") for k, p, _ in
           r.tokens[start : r.at]):  # fmt: skip
        return "∈"
    return raw


def unequal_pairs(r: Cursor, name: str, one: str, other: str) -> str:
    r"""A sum over pairs that differ, or over those of one index that differ from another that is summed outside."""
    if name != "sum":
        raise r.fail("a product over pairs that differ is not read")
    outside = other in r.open
    r.summed_over.update((one, other))
    r.open.append(one)
    body = r.product()
    r.open.pop()
    names = one if outside else f"{one},{other}"
    return f"sum({names}: (1-delta({one},{other}))*{as_factor(body)})"


def run_of(r: Cursor, index: str, first: str | None, above: str, start: int) -> None:
    """Note how far a sum runs: where every member that it uses exists, and no less."""
    found = LAST.fullmatch(above)
    shifts = r.shifts.get(index, set()) or {0}
    low, high = min(shifts), max(shifts)
    base = int(first) if first is not None else 1
    zero = first == "0" and low == 0
    ending = int(found["shift"] or 0) if found and found["name"] else 0
    whole = (base == 1 - low or zero) and ending == (-1 - high if zero else -high)
    if first is not None and not whole and not (found and found["number"]):
        r.at = start
        raise r.fail(
            f"this sum runs over whole axes only: with {index}{high:+d} it ends at n{-high:+d}, "
            "where every member exists"
            if high
            else "a sum runs over whole axes (i=1 to n), not over a part of them"
        )
    if found and found["name"]:
        r.ranges[index] = found["name"] + (f"-{high - low}" if high > low else "")
    elif found:
        r.ranges[index] = str(int(found["number"]) - base + 1)
