"""Each kind of structure is the matrix that it stands for: products, transposes, written out, solved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frechet.operators import assembling
from frechet.operators.batch import Diagonals, Full, Outer
from frechet.operators.blockdiagonal import BlockDiagonal
from frechet.operators.blocks import Blocks
from frechet.operators.chain import Chain
from frechet.operators.contraction import Contraction
from frechet.operators.dense import Dense
from frechet.operators.diagonal import Diagonal
from frechet.operators.identity import Identity
from frechet.operators.kron import Kron
from frechet.operators.lowrank import LowRank
from frechet.operators.operator import Operator
from frechet.operators.overdata import OverData, OverMatrices
from frechet.operators.places import Places
from frechet.operators.solving import factored
from frechet.operators.structure import Structure
from frechet.operators.total import Scaled, Total
from operators.compared import Array, same

R = np.random.default_rng(3)


def array(*shape: int) -> Array:
    return R.normal(size=shape)


def definite(n: int) -> Array:
    a = array(n, n)
    return a @ a.T / n + np.eye(n)


def commutation(m: int, n: int) -> tuple[Structure, Array]:
    columns = np.arange(m * n).reshape(n, m).T.ravel()
    return Places((m * n, m * n), np.arange(m * n), columns, "K"), np.eye(m * n)[columns]


def over(left: tuple[Diagonals | Outer | Full, ...], x: Array, y: Array, flipped: bool) -> tuple[Structure, Array]:
    batch = sum(piece.full() for piece in left)
    terms = [np.outer(a, b) for a, b in zip(x, y, strict=True)]
    pairs = zip(terms, batch, strict=True) if flipped else zip(batch, terms, strict=True)
    return OverData(left, Outer(x, y), "Σ", flipped), np.sum([np.kron(p, q) for p, q in pairs], axis=0)


def kinds() -> dict[str, tuple[Structure, Array]]:
    a, b, c, d, s = array(3, 2), array(2, 4), array(3, 3), array(3), definite(3)
    x, y, u, v = array(5, 3), array(5, 2), array(5, 4), array(5, 4)
    blocks = array(3, 2, 2)
    whole = np.zeros((6, 6))
    spread = np.zeros((6, 6))
    for i in range(3):
        e = np.outer(np.eye(3)[i], np.eye(3)[i])
        whole += np.kron(e, blocks[i])
        spread += np.kron(blocks[i], e)
    q = array(2, 3)
    fifo = Contraction((0, 1), (2, 1), (4, 3, 2), ((q, (2, 1)),), "Q")
    laid = np.einsum("cj,jk,r->rjck", q, np.eye(3), np.ones(4)).reshape(12, 6)
    w, z = array(3, 4), array(5, 2)
    mixed = Contraction((0, 1), (2, 3), (3, 5, 4, 2), ((w, (0, 2)), (z, (1, 3)), (array(5, 4), (1, 2))), "W")
    entries = np.einsum("ab,ij,ib->aibj", w, z, mixed.factors[2][0]).reshape(15, 8)
    k, K = commutation(3, 2)
    scaled = [(i * 2 + 1, i) for i in range(3)]
    return {
        "dense": (Dense(a, "A"), a),
        "identity": (Identity(4, -2.0), -2 * np.eye(4)),
        "diagonal": (Diagonal(d), np.diag(d)),
        "low rank": (LowRank(a, b.T), a @ b),
        "zero": (assembling.zero(3, 2), np.zeros((3, 2))),
        "zero square": (assembling.zero(3, 3), np.zeros((3, 3))),
        "kron": (Kron(Dense(a), Dense(b)), np.kron(a, b)),
        "kron square": (Kron(Dense(c), Dense(s)), np.kron(c, s)),
        "identity first": (Kron(Identity(3, 0.5), Dense(b)), np.kron(0.5 * np.eye(3), b)),
        "identity last": (Kron(Dense(b), Identity(3, 0.5)), np.kron(b, 0.5 * np.eye(3))),
        "identity and square": (Kron(Identity(2), Dense(c)), np.kron(np.eye(2), c)),
        "square and identity": (Kron(Dense(c), Identity(2, -3.0)), np.kron(c, -3 * np.eye(2))),
        "diagonal first": (Kron(Diagonal(d), Dense(b)), np.kron(np.diag(d), b)),
        "diagonal last": (Kron(Dense(b), Diagonal(d)), np.kron(b, np.diag(d))),
        "diagonal and sparse": (Kron(Diagonal(d), k), np.kron(np.diag(d), K)),
        "commutation": (k, K),
        "selection": (
            Places((6, 3), np.array([r for r, _ in scaled]), np.array([c for _, c in scaled]), "S"),
            np.eye(6)[:, [1, 3, 5]],
        ),
        "sum": (
            Total((Dense(a), Scaled(-2.0, LowRank(a[:, :1], np.ones((2, 1)))))),
            a - 2 * a[:, :1] @ np.ones((1, 2)),
        ),
        "sum of one twice": (Total(2 * (Dense(c),)), 2 * c),
        "diagonal and low rank": (
            Total((Diagonal(5 + d), LowRank(d[:, None], d[:, None]))),
            np.diag(5 + d) + np.outer(d, d),
        ),
        "sum of krons": (
            Total((Kron(Dense(c), Identity(3)), Kron(Identity(3), Dense(s)))),
            np.kron(c, np.eye(3)) + np.kron(np.eye(3), s),
        ),
        "symmetric krons": (
            Total(
                (Kron(Dense(s), Identity(3)), Scaled(2.0, Kron(Dense(s), Dense(s @ s + (s @ s).T))), Identity(9, 4.0))
            ),
            np.kron(s, np.eye(3)) + 2 * np.kron(s, s @ s + (s @ s).T) + 4 * np.eye(9),
        ),
        "chain": (Chain((Dense(a), Diagonal(d[:2]), Dense(b))), a * d[:2] @ b),
        "chain of squares": (Chain((Kron(Dense(c), Identity(2)), k)), np.kron(c, np.eye(2)) @ K),
        "blocks": (
            Blocks(((Dense(a), Dense(c)), (assembling.zero(2, 2), Dense(a.T)))),
            np.block([[a, c], [np.zeros((2, 2)), a.T]]),
        ),
        "square blocks": (
            Blocks(((Dense(c), Identity(3)), (Identity(3), Diagonal(d)))),
            np.block([[c, np.eye(3)], [np.eye(3), np.diag(d)]]),
        ),
        "block diagonal": (BlockDiagonal(blocks, "A"), whole),
        "block diagonal inner": (BlockDiagonal(blocks, "A", inner=True), spread),
        "contraction": (fifo, laid),
        "mixed contraction": (mixed, entries),
        "over data": over((Full(array(5, 2, 3)),), x, y, False),
        "over data again": over((Full(array(5, 2, 3)),), x, array(5, 2), False),
        "over data flipped": over((Full(array(5, 2, 3)),), x, y, True),
        "over data square": over((Diagonals(u), Outer(v, v, array(5))), x, x, False),
        "over data square flipped": over((Diagonals(u), Outer(v, v, array(5))), x, x, True),
        "over data diagonal": over((Diagonals(u),), x, x, False),
        "over matrices": _matrices(Full(array(5, 2, 3)), Full(array(5, 4, 2))),
        "over square matrices": _matrices(Diagonals(array(5, 2)), Full(array(5, 3, 3))),
    }


def _matrices(left: Full | Diagonals, right: Full) -> tuple[Structure, Array]:
    terms = [np.kron(p, q) for p, q in zip(left.full(), right.full(), strict=True)]
    return OverMatrices((left,), (right,), "Σ"), np.sum(terms, axis=0)


KINDS = kinds()


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_its_matrix(name: str) -> None:
    structure, expected = KINDS[name]
    same(Operator(structure), expected, np.random.default_rng(1))
    same(Operator(structure.T), expected.T, np.random.default_rng(2))
    same(Operator(assembling.scaled(-0.5, structure)), -0.5 * expected, np.random.default_rng(3))
    same(Operator(assembling.kron(Identity(2), structure)), np.kron(np.eye(2), expected), np.random.default_rng(4))
    same(Operator(assembling.kron(structure, Identity(2))), np.kron(expected, np.eye(2)), np.random.default_rng(5))


@pytest.mark.parametrize("name", [name for name, (s, _) in KINDS.items() if s.square])
def test_determinants_with_damping(name: str) -> None:
    structure, expected = KINDS[name]
    for s, a in (
        (structure, expected),
        (assembling.scaled(-2.0, structure), -2 * expected),
        (Kron(Identity(3, -1.0), structure), np.kron(-np.eye(3), expected)),
        (Kron(structure, Identity(3, -1.0)), np.kron(expected, -np.eye(3))),
    ):
        for damping in (0.0, 1.7):
            damped = a + damping * np.eye(len(a))
            if np.linalg.cond(damped) > 1e6:
                continue
            found = factored(s, damping)
            sign, log = np.linalg.slogdet(damped)
            assert found is not None and found.sign == sign and np.isclose(found.log, log, atol=1e-8)
            b = array(len(a), 2)
            assert np.allclose(damped @ found.solve(b), b)


@pytest.mark.parametrize("first", KINDS)
def test_products_of_kinds(first: str) -> None:
    left, a = KINDS[first]
    for right, b in KINDS.values():
        if left.shape[1] == right.shape[0]:
            same(Operator(assembling.chain([left, right])), a @ b, np.random.default_rng(1))
        if left.shape == right.shape:
            same(Operator(assembling.total([left, right])), a + b, np.random.default_rng(1))


def test_a_product_in_an_order_that_no_kronecker_product_has() -> None:
    """Rows (a, b, c) with a and c in one factor and b in another, held at i."""
    u, v = array(2, 4, 5), array(3, 5)
    left = Contraction((0, 1, 2), (3,), (2, 3, 4, 5), ((u, (0, 2, 3)), (v, (1, 3))), "L")
    matrix = np.einsum("aci,bi->abci", u, v).reshape(24, 5)
    structure = assembling.chain([left, left.T])
    same(Operator(structure), matrix @ matrix.T, np.random.default_rng(1))
    turned = Contraction((2, 0, 1), (3,), (2, 3, 4, 5), ((u, (0, 2, 3)), (v, (1, 3))), "L")
    other = np.einsum("aci,bi->cabi", u, v).reshape(24, 5)
    same(Operator(assembling.chain([turned, left.T])), other @ matrix.T, np.random.default_rng(1))
    same(Operator(assembling.chain([left, turned.T])), matrix @ other.T, np.random.default_rng(1))


FACTORS: dict[str, Callable[[int, np.random.Generator], tuple[Structure, Array]]] = {
    "identity": lambda n, r: (Identity(n), np.eye(n)),
    "dense": lambda n, r: (lambda a: (Dense(a), a))(r.normal(size=(n, n))),
    "symmetric": lambda n, r: (lambda a: (Dense(a + a.T), a + a.T))(r.normal(size=(n, n))),
    "diagonal": lambda n, r: (lambda d: (Diagonal(d), np.diag(d)))(r.normal(size=n)),
    "low rank": lambda n, r: (lambda u: (LowRank(u, u), u @ u.T))(r.normal(size=(n, 1))),
}


@settings(max_examples=150, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    terms=st.lists(
        st.tuples(*2 * [st.sampled_from(sorted(FACTORS))], st.sampled_from([1.0, -1.0, 2.5])),
        min_size=1, max_size=4,
    ),
    seed=st.integers(0, 1000), shared=st.booleans(),
)  # fmt: skip
def test_sums_of_kronecker_products(
    sizes: tuple[int, int], terms: list[tuple[str, str, float]], seed: int, shared: bool
) -> None:
    random = np.random.default_rng(seed)
    expected, largest = np.zeros((sizes[0] * sizes[1],) * 2), 0.0
    known: dict[tuple[str, int], tuple[Structure, Array]] = {}
    made: list[Structure] = []
    for left, right, scale in terms:
        pair: list[tuple[Structure, Array]] = []
        for side, (kind, n) in enumerate(zip((left, right), sizes, strict=True)):
            pair.append(
                known.setdefault((kind, side), FACTORS[kind](n, random)) if shared else FACTORS[kind](n, random)
            )
        made.append(assembling.scaled(scale, assembling.kron(pair[0][0], pair[1][0])))
        term = scale * np.kron(pair[0][1], pair[1][1])
        expected, largest = expected + term, max(largest, float(abs(term).max()))
    same(Operator(assembling.total(made)), expected, random, largest)
