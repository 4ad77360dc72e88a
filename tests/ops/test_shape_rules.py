"""Shape rules refuse what does not fit, in words, and ask `unify` for every equality of sizes."""

import pytest

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.ops.expressions import apply, number, rigid, variable

m, n = Dim.of("m"), Dim.of("n")
A, S = variable("A", ("m", "n")), variable("S", ("n", "n"))
x, y, r, c = variable("x", ("m",)), variable("y", ("n",)), variable("r", (1, "n")), variable("c")
T = variable("T", ("m", "n", "p"))

REFUSED = {
    ("add", (A, r)): "write ones(m)*b'",
    ("add", (A, x)): "write b*ones(1,n)",
    ("sub", (y, r)): "transpose one of them",
    ("mul", (x, y)): "x'*y (inner product), x*y' (outer product) or x.*y",
    ("mul", (A, x)): "as many columns in A as rows in B; got m×n and m×1",
    ("mul", (T, y)): "got a tensor m×n×p",
    ("divide", (A, y)): "needs a scalar b",
    ("power", (A, number(2))): "needs a scalar or a square matrix X (entry by entry it is X.^k); got m×n",
    ("power", (S, y)): "needs a scalar exponent",
    ("power", (S, number(0.5))): "needs an integer k; got 0.5",
    ("tr", (A,)): "needs a square matrix; got m×n",
    ("inv", (x,)): "needs a square matrix; got m×1",
    ("diag", (A,)): "needs a vector or a square matrix; got m×n",
    ("transpose", (T,)): "got a tensor",
    ("max", (x, y)): "one shape or a scalar; got m×1 and n×1",
    ("hcat", (A, y)): "one number of rows; got m×n and n×1",
    ("vcat", (A, x)): "one number of columns; got m×n and m×1",
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]}-{REFUSED[case][:20]}")
def test_refusal(case):
    name, args = case
    with pytest.raises(FrechetError) as refusal:
        apply(name, args)
    assert refusal.value.kind in ("shape", "unsupported")
    assert REFUSED[case] in refusal.value.message


@pytest.mark.parametrize(
    ("name", "args", "params", "message"),
    [
        ("entry", (A,), (1,), "has 2 indices, as in X[i,j]; got 1"),
        ("entry", (variable("v", (3,)),), (4,), "the index 4 of an entry of an array 3×1 is not between 1 and 3"),
        ("column", (A,), (0,), "the index 0"),
        ("reshape", (A,), (m, m), "got m×n for m×m"),
        ("sum", (A,), (3,), "an axis is 1"),
        ("sum", (T,), (1,), "needs a matrix"),
        ("einsum", (A, A), ("ij,jk->ik",), "the index j has sizes n and m"),
        ("einsum", (A,), ("ij,jk->ik",), "needs 2 arrays"),
        ("einsum", (A,), ("ij->k",), "stands once there and in an argument"),
        ("unit", (), (Dim.of(4), Dim.of(3)), "between 1 and n"),
        ("at", (A,), ("i",), "has 2 indices, as in X[i,j]; got 1"),
    ],
)
def test_refused_parameters(name, args, params, message):
    with pytest.raises(FrechetError) as refusal:
        apply(name, args, params)
    assert message in refusal.value.message


def test_sizes_agree_by_unification_only():
    """With sizes still unknown every rule asks, and what it returns is built from the answers."""
    asked = []

    def note(left, right):
        asked.append({str(left), str(right)})
        return right if str(left).startswith("?") else left

    P, Q = variable("P", ("?1", "?2")), variable("Q", ("?3", "?4"))
    assert apply("mul", (P, Q), (), note).shape == (Dim.of("?1"), Dim.of("?4"))
    assert apply("add", (P, A), (), note).shape == (m, n)
    apply("tr", (P,), (), note)
    apply("vech", (P,), (), note)
    apply("hcat", (P, Q), (), note)
    apply("vcat", (P, Q), (), note)
    apply("einsum", (P, Q), ("ij,jk->ik",), note)
    assert asked == [
        *({"?2", "?3"}, {"?1", "m"}, {"?2", "n"}),
        *({"?1", "?2"}, {"?1", "?2"}, {"?1", "?3"}, {"?2", "?4"}, {"?2", "?3"}),
    ]


def test_scalars_and_vectors_settle():
    assert apply("mul", (apply("transpose", (x,)), x)).shape == ()
    assert apply("mul", (r, y)).shape == ()
    assert apply("kron", (x, apply("transpose", (x,)))).shape == (m, m)
    assert apply("sum", (r,), (1,)).shape == (n,) and apply("sum", (r,), (2,)).shape == ()
    assert apply("eye", (), (Dim.of(1),)).shape == () and apply("ones", (), (1, n)).shape == (Dim.of(1), n)
    assert apply("vech", (c,)).shape == () and apply("tr", (c,)).shape == () and apply("diag", (c,)).shape == ()


def test_numbers_are_exact_and_rigid_is_equality():
    assert number(0.1) is number("1/10") and number(1e-3) is number("0.001")
    assert rigid(m * n, n * m) == m * n
    with pytest.raises(FrechetError, match="m and n differ"):
        rigid(m, n)
