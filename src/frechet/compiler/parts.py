"""What is worked out part by part along its first axis: large arrays that are made of arrays row by row.

A chain of passes over an array that is larger than the cache reads and writes memory at every step, and the system has
to find that memory first.  Where a row of the result needs only the same row of what it is made of, the chain is a
function of a few rows at a time, and what it makes on the way stays in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import final

from frechet.compiler.values import Labels, Value, reachable
from frechet.core.dim import Dim
from frechet.core.records import RECORDS, code

LARGE = 1 << 17
"""From how many entries on an array is larger than a cache: of a megabyte."""
PART = 1 << 14
"""How many entries the largest array of a part has."""
HEAVY = 8
"""What an operation costs an entry that counts as a pass of its own among cheaper ones."""


@final
@dataclass(frozen=True)
class Parts:
    """A value that is made part by part.

    inside   the values of the function, arguments first, the result last
    cut      the arrays that it takes a part of
    rows     how many rows a part has
    threads  whether parts are worked out side by side: where no product of matrices has threads of its own
    """

    inside: tuple[Value, ...]
    cut: tuple[Value, ...]
    rows: int
    threads: bool


def parts(roots: Sequence[Value], size: Callable[[Dim], int]) -> dict[Value, Parts]:
    """The values that are made part by part, of which no other is made so."""
    order = reachable(roots)
    products = any(v.kind == "contract" and len(v.dims) > 1 for v in order)
    users: dict[Value, list[Value]] = {}
    for v in order:
        for a in v.args:
            users.setdefault(a, []).append(v)
    found: dict[Value, Parts] = {}
    taken = set[Value]()
    for v in reversed(order):
        if v in taken or not _by_rows(v):
            continue
        inside = _inside(v, users, roots, taken)
        passes = [w for w in inside if w.kind != "contract" and _large(w, size)]
        if len(passes) < 2 or not any(_costs(w) >= HEAVY for w in passes):
            continue
        cut = {a for w in inside for k, a in enumerate(w.args) if a not in inside and _has_rows(w, k)}
        if any(a in cut and not _has_rows(w, k) for w in inside for k, a in enumerate(w.args)):
            continue  # an array of which a part needs all rows
        taken |= inside
        members = tuple(w for w in order if w in inside)
        widest = max(prod(size(d) for d in w.dims[1:]) for w in members)
        found[v] = Parts(members, tuple(a for a in order if a in cut), max(1, PART // widest), not products)
    return found


def _large(v: Value, size: Callable[[Dim], int]) -> bool:
    return len(v.dims) > 0 and prod(size(d) for d in v.dims) >= LARGE


def _costs(v: Value) -> int:
    return code(v.data[0]).cost if v.kind == "call" else 1


def _inside(root: Value, users: dict[Value, list[Value]], roots: Sequence[Value], taken: set[Value]) -> set[Value]:
    """The root, and what has its rows, is made by rows, and serves nothing else."""
    inside = {root}
    for w in reversed(reachable([root])):
        above = users.get(w, [])
        if w in inside or w in roots or w in taken or not _by_rows(w):
            continue
        if above and all(u in inside and all(_has_rows(u, k) for k, a in enumerate(u.args) if a is w) for u in above):
            inside.add(w)
    return inside


def _by_rows(v: Value) -> bool:
    """Whether a row of the value needs of each argument that has these rows no other one."""
    if not v.dims:
        return False
    if v.kind in ("sum", "product", "power"):
        return all(_follows(v, k) for k in range(len(v.args)))
    if v.kind == "call":
        op, params = v.data
        record = RECORDS.get(op)  # what has none is a formula of entries that is computed well
        along = record is not None and record.call == "x?a" and isinstance(next(iter(params), None), int)
        apart = params[0] > 1 if along else record is None or record.elementwise
        return apart and all(a.dims in ((), v.dims) for a in v.args)
    if v.kind == "contract":
        return all(_follows(v, k) for k in range(2))
    return False


def _axes(v: Value, k: int) -> tuple[Labels, int]:
    """The labels of an argument's axes, and that of the first axis of the value."""
    if v.kind == "contract":
        return v.data[k], v.data[2][0]
    if v.kind in ("sum", "product"):
        return v.data[1][k], 0
    return tuple(range(len(v.args[k].dims))), 0


def _follows(v: Value, k: int) -> bool:
    """Whether an argument has the first axis of the value first, or not at all."""
    labels, first = _axes(v, k)
    return first not in labels[1:]


def _has_rows(v: Value, k: int) -> bool:
    """Whether an argument has the first axis of the value."""
    labels, first = _axes(v, k)
    return bool(labels) and labels[0] == first
