"""The text of refusals is part of the interface: what was expected, the place, where shapes come from, what to try."""

from __future__ import annotations

import pytest

from frechet.errors import FrechetError
from frechet.language import parse, read_formula, read_size
from frechet.ops.expressions import variable


def refusal(text: object, *args: object, **options: object) -> FrechetError:
    with pytest.raises(FrechetError) as caught:
        parse(text, *args, **options)  # type: ignore[arg-type]
    return caught.value


SHAPE_MESSAGES = [
    (
        "A*B",
        {"A": ["m", "n"], "B": ["p", "q"]},
        """\
A*B needs as many columns in A as rows in B; got m×n and p×q
  A*B
   ^
A is m×n as declared; B is p×q as declared.""",
    ),
    (
        "tr(A*B)",
        {"A": ["m", "n"], "B": ["m", "n"]},
        """\
A*B needs as many columns in A as rows in B; got m×n and m×n
  tr(A*B)
      ^
A is m×n as declared; B is m×n as declared.
Perhaps you meant tr(A'*B) or tr(A*B') ?""",
    ),
    (
        "X*W + b'",
        {"X": ["m", "n"], "W": ["n", "p"], "b": ["p"]},
        """\
A+B needs operands of one shape (for a row b' added to every row write ones(m)*b'); got m×p and 1×p
  X*W + b'
      ^
X*W is m×p; b' is 1×p; X is m×n as declared; W is n×p as declared; b is p×1 as declared.
Perhaps you meant X*W + ones(m)*b' ?""",
    ),
    (
        "x*y",
        {"x": ["n"], "y": ["n"]},
        """\
x*y of two columns, n×1 and n×1, is no matrix product: \
write x'*y (inner product), x*y' (outer product) or x.*y (entry by entry)
  x*y
   ^
x is n×1 as declared; y is n×1 as declared.
Perhaps you meant x'*y or x*y' or x.*y ?""",
    ),
    (
        "c + x^2",
        {"x": ["n"]},
        """\
X^k needs a scalar or a square matrix X (entry by entry it is X.^k); got n×1
  c + x^2
       ^
x is n×1 as declared.
Perhaps you meant c + x.^2 ?""",
    ),
    (
        "a = A*x; a + y",
        {"A": ["m", "n"], "x": ["n"], "y": ["n"]},
        """\
A+B needs operands of one shape; got m×1 and n×1
  a = A*x; a + y
             ^
a is m×1 by a = A*x; y is n×1 as declared.""",
    ),
    (
        "C = A*B",
        {"A": ["m", "n"], "B": ["n", "p"], "C": ["p", "m"]},
        """\
C has another shape than declared
  C = A*B
  ^
C is p×m as declared; its formula is m×p.""",
    ),
    (
        "A/B",
        {"A": ["n", "n"], "B": ["n", "n"]},
        """\
A/b needs a scalar b; got n×n and n×n: write A./B (entry by entry) or A*inv(B) (matrices)
  A/B
   ^
A is n×n as declared; B is n×n as declared.
Perhaps you meant A./B or A*inv(B) ?""",
    ),
]


@pytest.mark.parametrize(("text", "shapes", "message"), SHAPE_MESSAGES)
def test_shapes_that_cannot_agree(text: str, shapes: dict[str, list[str]], message: str) -> None:
    trouble = refusal(text, shapes)
    assert trouble.kind == "shape"
    assert trouble.message == message
    assert trouble.position is not None


def test_undeclared_shapes_say_what_a_name_was_taken_for() -> None:
    assert refusal("X*W + b'").message == (
        "A+B needs operands of one shape (for a row b' added to every row write ones(m)*b'); got m×p and 1×q\n"
        "  X*W + b'\n"
        "      ^\n"
        "X*W is m×p; b' is 1×q; X is m×n, taken for a matrix (upper case); "
        "W is n×p, taken for a matrix (upper case) because of X*W; b is q×1, taken for a vector.\n"
        "Perhaps you meant X*W + ones(m)*b' ?"
    )
    assert refusal("A*B - A + eye(3)*A*ones(4,n)").message == (
        "A+B needs operands of one shape; got 3×4 and 3×n\n"
        "  A*B - A + eye(3)*A*ones(4,n)\n"
        "          ^\n"
        "A*B - A is 3×4; eye(3)*A*ones(4,n) is 3×n; A is 3×4, taken for a matrix (upper case) because of eye(3)*A; "
        "B is 4×4, taken for a matrix (upper case) because of A*B."
    )


SYNTAX = [
    ("A*", "the formula ends where a name, a number or an opening bracket was expected", 2),
    ("*A", "`*` stands where a name, a number or an opening bracket was expected", 0),
    ("2x", "a sign is missing before `x`: for a product write *", 1),
    ("x'y", "a sign is missing before `y`: for a product write *", 2),
    ("tr(X", "this ( is never closed", 2),
    ("tr X)", "this ) closes nothing", 4),
    ("(X]", "the ( opened at 1 is closed by ]", 2),
    ("x**2", "the character * has no meaning here: a power is written ^", 1),
    ("x==y", "the character = has no meaning here: one = names a quantity; == is not read", 1),
    ("f(x)=x", "only a name can stand before =, as in f = x'*A*x, or a name with indices, as in C[i,j] = …", 4),
    ("a, b", "a comma separates the arguments of a function or the blocks of [A, B] only", 1),
    ("x; y", "only the last statement may go without a name: write f = … before this one", 0),
    ("x\n+y", "a line begins with a sign: end the line above with the sign, or with ; if a new statement begins", 2),
    ("\x00", "the character U+0000 has no place in a formula: it cannot be seen: delete it", 0),
    ("\ufeffx", "the character U+FEFF has no place in a formula: it cannot be seen: delete it", 0),
    ("𝐱'*x", "the character 𝐱 has no meaning here: write x", 0),
    ("x'＊y", "the character ＊ has no meaning here: write *", 2),
    ("aⁿ", "the character ⁿ has no meaning here: write ^n", 1),
    (
        "x̂'*x",
        "the accent U+0302 has no meaning here: accents are not read: give the name another ending, as in x_hat",
        1,
    ),
    ("ж*x", "the character ж has no meaning here: names are made of plain Latin and Greek letters, digits and _", 0),
    ("X⁺", "the character ⁺ has no meaning here: the pseudoinverse is pinv(X), the conjugate transpose herm(X)", 1),
    (
        "x ≥ y",
        "the character ≥ has no meaning here: comparisons are not part of the language; step(x) is 1 where x > 0",
        2,
    ),
    ("⟨x,y⟩", "the character ⟨ has no meaning here: the inner product of x and y is x'*y, of A and B tr(A'*B)", 0),
    (
        "np.exp(x)",
        "the character . has no meaning here: a function stands alone before its brackets: sum(x), not x.sum() or "
        "np.sum(x)",
        2,
    ),
    ("kron(A,B,C)", "kron takes 2 arguments; got 3 (of three factors: kron(A,kron(B,C)))", 0),
    ("einsum()", 'einsum takes at least 1 argument; got 0 (as in einsum("ij,jk->ik", A, B))', 0),
    (
        "max(x,y,z)",
        "max takes 1 or 2 arguments; got 3 (the larger of two, entry by entry, or the largest entry of one)",
        0,
    ),
    ("einsum(A,B)", 'einsum begins with a text, as in einsum("ij,jk->ik", A, B)', 7),
    ("‖x", "this ‖ is never closed", 0),
]


@pytest.mark.parametrize(("text", "message", "position"), SYNTAX)
def test_what_cannot_be_read(text: str, message: str, position: int) -> None:
    trouble = refusal(text, language="frechet")
    assert trouble.kind == "syntax"
    assert trouble.message.splitlines()[0] == message
    assert trouble.position == position
    lines = trouble.message.splitlines()
    assert lines[2].strip() == "^"
    assert len(lines) == 3 or lines[3].startswith("Perhaps you meant")


def test_signs_that_are_missing_are_offered() -> None:
    for text, meant in [
        ("2x", "2*x"),
        ("2 A x'y", "2*A*x'*y"),
        ("(x+y)(a-b)", "(x+y)*(a-b)"),
        ("[A B; C D]", "[A*B; C*D]"),
    ]:
        assert refusal(text, language="frechet").message.splitlines()[-1] == f"Perhaps you meant {meant} ?"
    for text in ("A B C +", "x y)", "2x" * 5000):
        assert "Perhaps" not in refusal(text, language="frechet").message


WIDE = [
    ("x = 日", 4),
    ("x' + 本", 5),
    ("x̂", 0),
    ("y + x̂", 4),
    ('einsum("日本", ≤)', 15),
    ("a # 日\n+b", 0),
    ("日日 ≤", 0),
]
"""A formula and the column (not the character) at which the caret stands."""


@pytest.mark.parametrize(("text", "column"), WIDE)
def test_the_caret_stands_under_the_column(text: str, column: int) -> None:
    caret = next(line for line in refusal(text).message.splitlines() if line.strip() == "^")
    assert caret.index("^") - 2 == column


INDICES = [
    ("x[0]", "an index is a whole number from 1 on; got 0"),
    ("X[-1,2]", "an index is a whole number from 1 on; got -1"),
    ("x[1.5]", "an index is a whole number from 1 on; got 3/2"),
    ("tr(X)[1]", "a scalar has no entries"),
    ("(x+x)[1,2]", "an entry of a vector n×1 has 1 index, as in x[i]; got 2"),
    ("(A+A)[1]", "an entry of a matrix m×n has 2 indices, as in X[i,j]; got 1"),
]


@pytest.mark.parametrize(("text", "message"), INDICES)
def test_entries_that_do_not_exist(text: str, message: str) -> None:
    assert refusal(text, {"A": ["m", "n"], "x": ["n"]}).message.splitlines()[0] == message


NAMES = [
    ("trace(X)", "there is no function trace: did you mean tr?"),
    ("Exp(x)", "there is no function Exp: did you mean exp?"),
    ("sigmoyd(x)", "there is no function sigmoyd: did you mean sigmoid?"),
    ("x(y+1)", "there is no function x: for a product write x*(…)"),
    ("exp'(x)", "exp'(…): only declared functions have a derivative written with '"),
    ("a = b; a = c", "a is defined twice"),
    ("y = a; a = x; y+a", "a is used before it is defined"),
    ("a = a+1", "a is used in its own definition"),
    ("i*x[i]", "i is an index and a value"),
    ("X^T*y", "^T is a power: the transpose is written X' or X.T; for a power declare T, as in --shape T="),
    ("tr(X^H*X)", "^H is a power: the conjugate transpose is written herm(X)"),
]


@pytest.mark.parametrize(("text", "message"), NAMES)
def test_names(text: str, message: str) -> None:
    trouble = refusal(text, language="frechet")
    assert trouble.kind == "name"
    assert trouble.message.startswith(message)


def test_an_exponent_that_is_declared_is_a_power() -> None:
    assert parse("(1+a)^T", {"T": []}).value.op.name == "power"
    assert parse("X^T", None, {"T": ["integer"]}).value.op.name == "power"


def test_a_name_is_a_size_or_a_variable() -> None:
    trouble = refusal("n*X", {"n": [], "X": ["n", "n"]})
    assert (trouble.kind, trouble.position) == ("name", 0)
    assert trouble.message.startswith(
        "n is declared as a variable and is a size too: declare it once, as a size, or rename it"
    )
    assert refusal("eye(x)*x", {"x": ["n"]}).message.startswith("x is a variable; a size is wanted here")


LIMITS = [
    "1e999999",
    "9" * 400,
    "(" * 10_000 + "x" + ")" * 10_000,
    "‖" * 10_000 + "x" + "‖" * 10_000,
    "x" * 300_000,
    "x+" * 60_000 + "x",
    "eye(10^10)*x",
    "eye((m+n)^12*(m+p)^12)",
    "x" + "²" * 100,
]


@pytest.mark.parametrize("text", LIMITS, ids=lambda t: t[:12])
def test_limits(text: str) -> None:
    assert refusal(text).kind == "limit"


def test_towers_of_powers_are_not_computed() -> None:
    assert parse("9^9^9^9").value.op.name == "power"
    assert refusal("1/0").kind == "input"


DECLARATIONS: list[tuple[tuple[object, ...], str]] = [
    (({"A": "mn"},), "the shape of A is a list of sizes"),
    (({"A": ["m", 0]},), "the shape of A: a size is at least 1; got 0"),
    (({"A": ["m", -1]},), "the shape of A: a size is at least 1; got -1"),
    (({"A": ["m", "0"]},), "the shape of A: a size is a positive integer or a name; got 0"),
    (({"A": ["m", 1.5]},), "the shape of A: a size is a positive integer, a name or a formula"),
    (({"A": ["m", None]},), "the shape of A: a size is a positive integer, a name or a formula"),
    (({"A": ["m*"]},), "the shape of A: the formula ends"),
    (({"A": ["m"] * 20},), "the shape of A has 20 axes"),
    (({"2A": []},), "'2A' cannot name a variable"),
    (({3: []},), "3 cannot name a variable"),
    ((["A"],), "shapes are given by name"),
    ((None, {"A": ["nice"]}), "'nice' is nothing that can be assumed of A"),
    ((None, {"A": 3}), "what is assumed of A is a list of words"),
    ((None, {"B": ["positive"]}), "something is assumed of B"),
    (({"A": ["m", "n"]}, {"A": ["symmetric"]}), "A is said to be symmetric, which needs a square matrix"),
    ((None, None, "sigma"), "functions are given as a list of names"),
    ((None, None, ["2"]), "'2' cannot name a function"),
]


@pytest.mark.parametrize(("args", "message"), DECLARATIONS)
def test_declarations(args: tuple[object, ...], message: str) -> None:
    assert refusal("A", *args).message.startswith(message)


def test_no_text() -> None:
    for text in ("", "  ", "# nothing", ";\n;", None, 3, b"x"):
        assert refusal(text).kind == "input"


def test_a_printed_formula_with_unknown_names() -> None:
    x = variable("x", ("n",))
    with pytest.raises(FrechetError, match="y is not known: did you mean") as caught:
        read_formula("x'*xx + y", {"xx": x, "x": x, "yy": x})
    assert caught.value.kind == "name"
    with pytest.raises(FrechetError, match="a size is a positive integer or a name; got 0"):
        read_size("0")
