"""What two readers would read differently is asked, and every reading that is offered works."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse

PINNED = {
    "X*W + b": """\
X*W is m×p, and b could be
  X*W + b
        ^
  a number added to every entry    --shape b=
  a p-vector added to every row    X*W + ones(m)*b'
  an m×p matrix                    --shape b=m,p""",
    "softmax(Q*K')*V": """\
Q*K' is a matrix, and softmax of it could be
  softmax(Q*K')*V
  ^
  down each column    softmax(Q*K',1)*V
  along each row      softmax(Q*K',2)*V
  over all entries    exp(Q*K')/sum(exp(Q*K'))*V""",
    "-y*(w'*x)": """\
y only multiplies a number, and could be
  -y*(w'*x)
   ^
  a number        --shape y=
  a vector m×1    --shape y=m""",
    "sum(x^2)": """\
as it stands x, which by habit is a vector, could be
  sum(x^2)
      ^
  a number                         --shape x=
  the power of every entry         sum(x.^2)
  the inner product with itself    sum(x'*x)""",
    r"\|X\|_2": """\
X is a matrix m×n, and the norm with a 2 below could be
  ‖X‖_2
  ^
  the Frobenius norm           norm2(X)
  the largest singular value   norm_spectral(X)""",
}
"""Questions in full."""

ASKED = [
    *PINNED, "A + x", "X - mean(X,1)", "logsumexp(A*B)", "x'/A", "1/A", "x^2*A", "A + lambda", r"\exp(A)", r"|x|",
    r"\log(A) B", "Pzx A + y'y",
]  # fmt: skip
"""Texts that are asked, in any language."""


@pytest.mark.parametrize(("text", "message"), PINNED.items())
def test_a_question_says_what_is_open_and_what_to_copy(text: str, message: str) -> None:
    with pytest.raises(FrechetError) as caught:
        parse(text)
    assert " ".join(caught.value.message.split()) == " ".join(message.split())
    assert caught.value.position is not None


@pytest.mark.parametrize("text", ASKED)
def test_every_reading_that_is_offered_can_be_read(text: str) -> None:
    with pytest.raises(FrechetError) as caught:
        parse(text)
    assert len(caught.value.readings) >= 2
    for reading in caught.value.readings:
        option, _, given = reading.partition(" ")
        name, _, sizes = given.partition("=")
        declared = {name: [s for s in sizes.split(",") if s]} if option == "--shape" else {}
        assert parse(text if declared else reading, declared).variables


def test_what_is_declared_is_not_asked() -> None:
    assert parse("X*W + b", {"b": []}).variables["b"].shape == ()
    assert parse("softmax(Q*K')*V", {"Q": ["n", "d"], "K": ["m", "d"], "V": ["m", "p"]}).value.shape
    assert parse("-y*(w'*x)", {"y": []}).value.shape == ()


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("‖Ax − b‖²", ("b is m×1: it is subtracted from Ax",)),
        ("log det(I + XXᵀ)", ("I is the identity, m×m",)),
        (r"\sum_i (y_i - w^T x_i)^2", ("y_i is entry i of y, m×1", "x_i is row i of x, m×n")),
        ("‖x‖²", ()),
        (r"\|X - AB\|^2", ("‖X-A*B‖ is the Frobenius norm",)),
        (r"\sigma(Wx)", ("sigma is some smooth function, entry by entry (sigmoid(…) is the logistic one)",)),
        (r"\operatorname{tr}(e^{A})", ("e^A is the matrix exponential",)),
    ],
)
def test_what_was_assumed_is_said(text: str, assumed: tuple[str, ...]) -> None:
    assert parse(text).assumed == assumed


def test_a_small_word_before_a_bracket_is_no_product() -> None:
    with pytest.raises(FrechetError, match="there is no function qr_t"):
        parse("norm2(qr_t(X)-C)^2")
