"""Whatever is typed gets an answer or one refusal, soon: no traceback, no recursion error."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

pytestmark = pytest.mark.slow

SEED = 20240229
COUNT = 500
WHOLE = [
    "2*X*inv(X'*X) + A'*(A*x-b)",
    "a = h*W; y = sigma(a); L = sum((Y-y).^2)/(2*m)",
    "[A, B; C, D]*kron(eye(p),X)[1,:]'",
    "sum(k: A[i,k]*B[k,j]*delta(j,l))",
    'einsum("ik,kj->ij", A, B) - ‖x‖²*X⁻¹ᵀ',
    "softmax(W*x,1).^-0.5e2./log(1+exp(-y'*z))",
]
SIGNS = '+-*/^@()[],;:=!$%&|‖⊙⊘⊗ᵀ²∑σλΣxXn10#\\{}<>?~`"\x00\x07\u202e\ufeffé🙂\n\r\t'
WORDS = (
    "''",
    ".*",
    "./",
    ".^",
    ".T",
    "==",
    "||",
    "⁻¹",
    "A'",
    "1e5",
    "1e999",
    ".5",
    "5.",
    "sum(",
    "tr(",
    "inv(",
    "eye(",
)
MORE = ("kron(", "einsum(", '"ij->i"', "\x1b[31m", "日本", "\r\n", " ", "'", "sum(k:", "X[:,", "delta(", "reshape(x,")
PIECES = (*SIGNS, *WORDS, *MORE)


def damaged(rng: random.Random) -> str:
    """A formula with something wrong in it, or something that never was one."""
    kind = rng.randrange(9)
    text = rng.choice(WHOLE)
    place = rng.randrange(len(text))
    if kind == 0:
        return text[:place]
    if kind == 1:
        return text[:place] + rng.choice(PIECES) + text[place:]
    if kind == 2:
        return text[:place] + text[place + rng.randint(1, 4) :]
    if kind == 3:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 40)))
    if kind == 4:
        return "".join(
            chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x2500)))) for _ in range(rng.randint(1, 60))
        )
    if kind == 5:
        letters = list(text)
        rng.shuffle(letters)
        return "".join(letters)
    if kind == 6:
        return rng.choice(PIECES) * rng.choice((10, 100, 1000, 5000)) + rng.choice(("", "x"))
    if kind == 7:
        opened = rng.choice(("(", "[", "sin(", "-(", "x*(", "‖", "X[", "(x'", "{")) * rng.choice((5, 50, 2000, 10000))
        return opened + "x" + rng.choice(("", ")", "]")) * rng.choice((0, 3, 5, 2000, 10000))
    return rng.choice(("9^", "1e", "0.", "eye(9^9^9)*", "x^", "n!", "10^10^")) * rng.choice((1, 3, 300)) + "9"


def cases() -> Iterator[str]:
    rng = random.Random(SEED)
    for _ in range(COUNT):
        yield damaged(rng)


def test_five_hundred_malformed_inputs() -> None:
    refused = 0
    parse("x")
    for text in cases():
        start = time.perf_counter()
        try:
            parse(text, functions=["sigma"])
        except FrechetError as trouble:
            refused += 1
            assert trouble.kind in ("syntax", "name", "shape", "limit", "input", "unsupported"), text[:80]
            assert trouble.message
            assert len(trouble.message) < 3000
            shown = trouble.message.replace("\n", "")
            assert all(c.isprintable() for c in shown), ascii(trouble.message[:200])
        assert time.perf_counter() - start < 20, text[:80]  # it ends, on a busy machine too
    assert refused > COUNT // 2


@pytest.mark.parametrize("text", ["2*X*inv(X'*X)+A'*(A*x-b)", "a = h*W; b = tr(a'*a); sum(b*a)"])
def test_every_beginning_of_a_formula(text: str) -> None:
    for end in range(len(text)):
        try:
            parse(text[:end])
        except FrechetError as trouble:
            assert trouble.message
