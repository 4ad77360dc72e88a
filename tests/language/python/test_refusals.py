"""What is refused: the kind, the place, what to write instead; the whole text of some is pinned."""

# ruff: noqa: E501 — tables read better with one entry a line

from __future__ import annotations

from typing import Any

import pytest

from frechet.errors import FrechetError
from frechet.language.python import read_python

MATRIX = {"X": ["m", "n"]}


def refusal(text: str, shapes: dict[str, Any] | None = None, **options: Any) -> FrechetError:
    with pytest.raises(FrechetError) as caught:
        read_python(text, shapes, **options)
    return caught.value


PINNED = [
    (
        "0.5*np.sum((X @ W.T + b - Y)**2)",
        None,
        """\
b may be of more than one shape here, and NumPy broadcasts each of them; declare which is meant:
  0.5*np.sum((X @ W.T + b - Y)**2)
                        ^
  --shape b=   a number, broadcast by + with an array of shape (m, p)
  --shape b=p   a vector of p, broadcast by + with an array of shape (m, p)""",
    ),
    (
        "A @ B",
        {"A": ["m", "n"], "B": ["m", "n"]},
        """\
@ needs as many entries in the last axis of the left as in the last but one of the right; got (m, n) and (m, n)
  A @ B
    ^""",
    ),
    (
        "A + B",
        {"A": ["m", "n"], "B": ["m"]},
        """\
shapes (m, n) and (m,) do not broadcast
  A + B
    ^""",
    ),
    (
        "def f(x):\n    x[0] = 1\n    return x.sum()",
        {"x": ["n"]},
        """\
line 2: an entry is set in place, which is not followed: build the array with np.where, np.concatenate or a sum
      x[0] = 1
      ^""",
    ),
    (
        "def f(X):\n    total = 0\n    for i in range(X.shape[0]):\n        total += X[i].sum()\n    return total",
        MATRIX,
        """\
line 3: range runs over m, which is not known: write a sum over the axis, np.sum(…, axis=0)
      for i in range(X.shape[0]):
               ^""",
    ),
    (
        "def f(x):\n    if x.sum() > 0:\n        return x\n    return -x",
        {"x": ["n"]},
        """\
line 2: a condition on the values of arrays is not followed: write np.where(condition, a, b)
      if x.sum() > 0:
      ^""",
    ),
    (
        "def f(x):\n    y = x\n    y += 1\n    return x.sum()",
        {"x": ["n"]},
        """\
line 3: y += … changes the array in place for every name it has: write y = y + …
      y += 1
      ^""",
    ),
    (
        "foo(X)",
        MATRIX,
        """\
foo is no function that is known: put its def into the text, or declare it as some smooth function of entries (--function foo)
  foo(X)
  ^""",
    ),
    (
        "np.sum(X) + np.fft.rfft(X)",
        MATRIX,
        """\
numpy.fft.rfft is not in the table of functions: write it out with functions that are read, or put a def of it in the text
  np.sum(X) + np.fft.rfft(X)
              ^""",
    ),
    (
        "softmax(X)",
        MATRIX,
        """\
softmax of an array of 2 axes needs its axis: axis=-1 (jax.nn's default) or over all entries (scipy.special's default), write which
  softmax(X)
  ^""",
    ),
    (
        "F.cross_entropy(X, t)",
        {"X": ["m", "n"], "t": ["m"]},
        """\
cross_entropy takes class numbers of shape (m,) here, which a formula cannot index by: give the target as probabilities (one-hot) of the shape of the input
  F.cross_entropy(X, t)
  ^""",
    ),
    (
        "A @ B @",
        None,
        """\
this is no Python: invalid syntax
  A @ B @
         ^""",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "message"), PINNED, ids=[text for text, _, _ in PINNED])
def test_says_the_line_and_what_to_write(text: str, shapes: Any, message: str) -> None:
    assert refusal(text, shapes).message == message


UNSUPPORTED = [
    ("X // 2", "for a quotient write /"),
    ("X % 2", "it jumps"),
    ("X[::2]", "a slice with a step"),
    ("X[X > 0]", "a mask as an index"),
    ("X[[0, 1]]", "one-hot"),
    ("X.foo()", "the method .foo is not in the table"),
    ("X.sort()", "the method .sort is not in the table"),
    ("np.sum(X, where=X > 0)", "leave where out"),
    ("np.exp(1j * X)", "real numbers"),
    ("np.linalg.eigh(X @ X.T)[1]", "the sign of an eigenvector"),
    ("np.linalg.slogdet(X @ X.T)[0]", "take the second part"),
    ("X and X", "np.where"),
    ("f'{X}'", "a formatted string"),
    ("[X, X]", "a tuple"),
    ("X > 0", "np.where"),
    ("(X > 0) + 1", "astype"),
    ("np.where(X > 0)", "np.where(condition, a, b)"),
    ("X == 1", "no derivative"),
    ("def f(X):\n    while True:\n        X = X + 1\n    return X", "a for over a fixed range"),
    ("def f(X):\n    X.sum()\n    X.fill_(0)\n    return X", "assign its result"),
    ("def f(X):\n    try:\n        return X\n    except ValueError:\n        return X", "try is not followed"),
    ("def f(X):\n    a, b = X\n    return a", "an array is not unpacked"),
    ("def f(X):\n    for x in X:\n        pass\n    return x", "array operations"),
    ("def f(X, **kw):\n    return g(X, **kw)\ndef g(X):\n    return X\ndef h(X):\n    return f(X, **{})", "**"),
    ("class A:\n    pass\nX", "a class is not read"),
    ("X.T if X.sum() > 0 else X", "np.where"),
    ("torch.nn.functional.nll_loss(X, X)", "one-hot"),
    ("X.detach()", "holds a part constant"),
    ("np.linalg.norm(X, -1)", "the matrix norm of order -1"),
    ("np.cov(X)", "is written out"),
    ("torch.sort(X)[0]", "np.sort"),
    ("torch.median(X)", "np.median"),
    ("X.astype(int).sum()", "a conversion to int jumps"),
    ("np.asarray(X, dtype=np.int64).sum()", "a conversion to int64 jumps"),
    ("X.to(torch.long).sum()", "a conversion to long jumps"),
    ("@jax.vmap\ndef f(X):\n    return X.sum()", "the decorator jax.vmap"),
    ("def g(a):\n    a *= 2\n    return a\ndef f(X):\n    z = X + 1\n    return (g(z) + z).sum()", "write a = a * …"),
    ("def f(X):\n    y = X.T\n    y += 1\n    return X.sum()", "write y = y + …"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), UNSUPPORTED, ids=[text for text, _ in UNSUPPORTED])
def test_is_not_guessed(text: str, reason: str) -> None:
    trouble = refusal(text, MATRIX)
    assert trouble.kind == "unsupported" and reason in trouble.message, trouble.message


SHAPES = [
    ("X + x[:3]", {"X": ["m", "n"], "x": ["n"]}, "do not broadcast"),
    ("X.sum(axis=2)", MATRIX, "axis 2 is out of bounds"),
    ("x[5]", {"x": [3]}, "index 5 is out of bounds"),
    ("X[0, 0, 0]", MATRIX, "too many indices"),
    ("np.linalg.inv(X)", MATRIX, "inv needs a square matrix; got (m, n)"),
    ("np.einsum('ij,jk', X, X)", MATRIX, "an index has the sizes n and m"),
    ("X @ 2", MATRIX, "for a number times an array write *"),
    ("x.reshape(2, 2)", {"x": [3]}, "has not as many entries"),
    ("math.exp(X)", MATRIX, "of an array write np.exp"),
    ("torch.mm(X, x)", {"X": ["m", "n"], "x": ["n"]}, "mm takes arrays of 2 and 2 axes"),
    ("x @ y", {"x": ["n", 1], "y": ["n"]}, "does not broadcast the inner axis"),
    ("max(X, 0)", MATRIX, "np.maximum"),
    ("np.diag(C)", {"C": ["n", 1]}, "needs a square one"),
    ("F.mse_loss(x, y)", {"x": ["n"], "y": ["n", 1]}, "would broadcast"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "reason"), SHAPES, ids=[text for text, _, _ in SHAPES])
def test_shapes_are_numpys(text: str, shapes: Any, reason: str) -> None:
    trouble = refusal(text, shapes)
    assert trouble.kind == "shape" and reason in trouble.message, trouble.message


def test_names_are_said() -> None:
    assert "function of the formula language" in refusal("np.sum(det)").message
    assert refusal("def f(x):\n    return x", name="g").message.startswith(
        "there is no def g in the text; there are: f"
    )
    assert refusal("").kind == "syntax"
    assert refusal("X.sum()", MATRIX, assumptions={"Z": ["positive"]}).kind == "name"
    assert refusal("X.sum()", MATRIX, assumptions={"X": ["symmetric"]}).kind == "shape"
    assert refusal("(1,) * 10**9").kind == "limit"
    assert refusal("*".join(["10**400"] * 9) + " * x").kind == "limit"
    assert refusal("'text'").kind == "unsupported"
    assert refusal("import numpy").kind == "syntax"
    assert refusal("def f(x):\n    return f(x)", {"x": ["n"]}).kind == "limit"
    assert refusal("+".join(["x"] * 3000), {"x": ["n"]}).kind == "limit"
    assert refusal("(" * 500 + "x" + ")" * 500).kind in ("limit", "syntax")
