"""The nodes of the algebra: what the constructors build and the calculus works on.

A node is a matrix (a vector is n×1, a scalar 1×1) or, rarely, a tensor.  Its kind says how it is put together:

=============  ====================================================================================
leaf           a variable or a constant such as ``ones(n)``: ``op`` says which, ``params`` the rest
apply          an operation that is not multilinear, by its name, applied to nodes (``inv(X)``, ``exp(X)``)
transpose      of an atom; never of a product
conj           the conjugate of a complex variable; of anything else it is pushed down
product        coefficient · scalars with rational exponents · a chain of matrices
hadamard       entrywise product of bases with rational exponents
sum            terms with rational coefficients, primitive, sign fixed
ring           a closed chain: the trace of a product, or u'⋯v
diag           the diagonal matrix of a vector
diagonal       the diagonal of a matrix, as a vector
kron vec unvec einsum     what their names say
=============  ====================================================================================

Nodes are interned: equal structure is the same object.  Their order does not depend on when they were made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from fractions import Fraction
from hashlib import blake2b
from typing import Any, Literal, final
from weakref import WeakValueDictionary

from frechet.core.dim import ONE, Dim
from frechet.core.records import facts

Kind = Literal[
    "leaf",
    "apply",
    "transpose",
    "conj",
    "product",
    "hadamard",
    "sum",
    "ring",
    "diag",
    "diagonal",
    "kron",
    "vec",
    "unvec",
    "einsum",
]
Term = tuple["Node", Fraction]
Key = tuple[int, str, bytes]

COMPLEX = frozenset({"complex", "hermitian", "hermitian positive definite"})
"""The assumptions that make a variable complex; every other one is real."""
CAP = 400
"""Weights above this are equal: only then may order, flattening and search depend on size without costing more."""


@final
class Node:
    """One interned node.  `args` are the nodes below; what else it needs is in `params`, `op`, `coef`, `terms`."""

    __slots__ = (
        "__weakref__", "args", "bars", "chain", "coef", "cols", "column", "complex", "conjugate",
        "flips", "key", "kind", "op", "params", "row", "rows", "scalar", "shape", "terms", "turned", "weight",
    )  # fmt: skip
    kind: Kind
    op: str
    params: tuple[Any, ...]
    args: tuple[Node, ...]
    shape: tuple[Dim, ...]
    rows: Dim  # of a matrix; for a tensor its first two sizes
    cols: Dim
    scalar: bool  # 1×1
    column: bool  # n×1 with n not 1
    row: bool  # 1×n with n not 1
    coef: Fraction  # product only
    terms: tuple[
        Term, ...
    ]  # product: scalars and exponents; hadamard: bases and exponents; sum: terms and coefficients
    chain: tuple[Node, ...]  # product and ring
    weight: int  # about how many nodes the printed formula has, capped
    flips: int  # transposes in it, capped
    key: Key
    turned: Node | None  # its transpose, once somebody asked
    bars: int  # conjugates in it, capped
    complex: bool  # made of complex leaves (its value may be real all the same)
    conjugate: Node | None  # its conjugate, once somebody asked

    def __repr__(self) -> str:
        return f"<{self.kind} {self.key[1]} {self.shape}>"


_table: WeakValueDictionary[tuple[Any, ...], Node] = WeakValueDictionary()


def intern(
    kind: Kind,
    shape: tuple[Dim, ...],
    args: tuple[Node, ...],
    *,
    op: str = "",
    params: tuple[Any, ...] = (),
    coef: Fraction = Fraction(1),
    terms: tuple[Term, ...] = (),
    chain: tuple[Node, ...] = (),
    overhead: int = 1,
) -> Node:
    """The one node with this structure.  Only the constructors call this: it keeps no invariant."""
    ident = (kind, op, params, coef, terms, chain, args, shape)
    found = _table.get(ident)
    if found is not None:
        return found
    node = Node()
    node.kind, node.op, node.params, node.args, node.shape = kind, op, params, args, shape
    tall, wide = shape[0] != ONE if shape else False, shape[-1] != ONE if shape else False
    flat = len(shape) == 2
    node.rows, node.cols = (shape[0], shape[1]) if len(shape) > 1 else (ONE, ONE)
    node.scalar = flat and not (tall or wide)
    node.column, node.row = flat and tall and not wide, flat and wide and not tall
    node.coef, node.terms, node.chain, node.turned, node.conjugate = coef, terms, chain, None, None
    weight, flips, hasher = overhead, 1 if kind == "transpose" else 0, blake2b(digest_size=16)
    bars, is_complex = 1 if kind == "conj" else 0, False
    hasher.update(f"{kind}|{op}|{params}|{coef}|{[str(e) for _, e in terms]}|{shape}".encode())
    texts: list[str] = []
    for a in args:
        weight += a.weight
        flips += a.flips
        bars += a.bars
        is_complex = is_complex or a.complex
        hasher.update(a.key[2])
        if len(texts) < 4:
            texts.append(a.key[1])
    if kind == "leaf":
        assumed_complex = op == "variable" and not COMPLEX.isdisjoint(params[1])
        is_complex = assumed_complex or op == "imaginary" or facts(op).complex
    node.complex = is_complex and not (kind == "apply" and facts(op).real)
    node.weight, node.flips, node.bars = min(weight, CAP), min(flips, CAP), min(bars, CAP)
    word = f"{op if op == 'unit' else ''}{params[0]}" if op in ("variable", "size", "unit") else op
    node.key = (node.weight, (word + " ".join(texts))[:24], hasher.digest())
    _table[ident] = node
    return node


def order(node: Node) -> Key:
    """The key that nodes are sorted by."""
    return node.key


def postorder(roots: Iterable[Node], known: Container[Node] = ()) -> Iterator[Node]:
    """Every node below the roots once, arguments first; what is `known` is passed over with all below it."""
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in roots]
    stack.reverse()
    while stack:
        node, opened = stack.pop()
        if opened:
            yield node
        elif node not in seen and node not in known:
            seen.add(node)
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args) if a not in seen)


def depends(root: Node, leaves: frozenset[Node]) -> set[Node]:
    """The nodes below `root` (itself included) in which one of `leaves` occurs: the active ones."""
    active: set[Node] = set()
    for node in postorder([root]):
        if node in leaves or any(a in active for a in node.args):
            active.add(node)
    return active


def contains(root: Node, leaf: Node) -> bool:
    """Whether `leaf` occurs in `root`."""
    return any(node is leaf for node in postorder([root]))
