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
    ("mul", (T, y)): 'got m×n×p and n×1: name the axes, as in einsum("ijk,k->ij", A, B)',
    ("mul", (y, T)): 'got n×1 and m×n×p: name the axes, as in einsum("j,ijk->ik", A, B)',
    ("mul", (T, T)): "needs a last axis of A as long as the last but one of B; got m×n×p and m×n×p",
    ("mul", (T, variable("U", ("n", "p", "n")))): "needs the same axes before the last two; got m×n×p and n×p×n",
    ("mul", (T, variable("V", ("k", "m", "p", "n")))): "or none in one factor; got m×n×p and k×m×p×n: name the axes",
    ("divide", (A, y)): "needs a scalar b",
    ("power", (A, number(2))): "needs a scalar or a square matrix X (entry by entry it is X.^k); got m×n",
    ("power", (S, y)): "needs a scalar exponent",
    ("power", (S, number(0.5))): "needs an integer k; got 0.5",
    ("tr", (A,)): "needs a square matrix; got m×n",
    ("inv", (x,)): "needs a square matrix; got m×1",
    ("diag", (A,)): "needs a vector or a square matrix; got m×n",
    ("inv", (T,)): "needs a square matrix; got m×n×p",
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
        ("sum", (T,), (4,), "a tensor m×n×p has the axes 1, 2, 3; got 4"),
        ("softmax", (A,), (3,), "an axis is 1 (down the rows) or 2 (along each row); got 3"),
        ("softmax", (T,), (0,), "has the axes 1, 2, 3; got 0"),
        ("cumsum", (T,), (5,), "has the axes 1, 2, 3; got 5"),
        ("permute", (T,), (2, 1), "m×n×p has 3, as in permute(X,2,1,3); got 2"),
        ("permute", (T,), (1, 1, 2), "permute lists each of the axes 1, 2, 3 once; got 1, 1, 2"),
        ("permute", (A,), (0, 1), "permute lists each of the axes 1, 2 once; got 0, 1"),
        ("slice", (T,), (None, 2), "has 3 indices, as in T[i,j,k]; got 2"),
        ("slice", (variable("v", (2, 3, 4)),), (None, 4, None), "the index 4 of a slice of a tensor 2×3×4"),
        ("reshape", (T,), (m, n), "got m×n×p for m×n"),
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


def test_tensors_keep_their_order():
    """A tensor does not settle: only what becomes a matrix does."""
    B, C = variable("B", ("b", "m", "n")), variable("C", ("b", 1, "n"))
    b, one = Dim.of("b"), Dim.of(1)
    assert apply("mul", (B, S)).shape == (b, m, n) and apply("mul", (apply("transpose", (A,)), B)).shape == (b, n, n)
    assert apply("mul", (C, apply("transpose", (B,)))).shape == (b, one, m)
    assert apply("transpose", (B,)).shape == (b, n, m)
    assert [apply("sum", (C,), (k,)).shape for k in (1, 2, 3)] == [(one, n), (b, n), (b,)]
    assert apply("softmax", (B,), (3,)).shape == (b, m, n) and apply("logsumexp", (B,), (1,)).shape == (m, n)
    assert apply("permute", (B,), (3, 1, 2)).shape == (n, b, m) and apply("permute", (A,), (2, 1)).shape == (n, m)
    assert apply("slice", (B,), (None, 2, None)).shape == (b, n) and apply("slice", (B,), (1, None, 3)).shape == (m,)
    assert apply("slice", (B,), (1, 2, 3)).shape == () and apply("entry", (B,), (1, 2, 3)).shape == ()
    assert apply("vec", (B,)).shape == (b * m * n,) and apply("reshape", (A,), (n, m, 1)).shape == (n, m, one)
    assert apply("ones", (), (b, m, n)).shape == apply("zeros", (), (b, m, n)).shape == (b, m, n)


def test_numbers_are_exact_and_rigid_is_equality():
    assert number(0.1) is number("1/10") and number(1e-3) is number("0.001")
    assert rigid(m * n, n * m) == m * n
    with pytest.raises(FrechetError, match="m and n differ"):
        rigid(m, n)
