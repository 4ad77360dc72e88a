"""The words and kinds of argument that the public functions take, as types; a wrong word is a refusal that lists them.

They are what an editor completes and a type checker compares.  The same tuples of words are looked up at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypedDict, get_args

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.library.arguments import kind

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Layout: TypeAlias = Literal["numerator", "denominator"]
"""Of a Jacobian: "numerator" has a row for each entry of the value, "denominator" is its transpose."""

VecOrder: TypeAlias = Literal["column", "row"]
"""How a matrix becomes a vector: "column" stacks its columns, "row" its rows."""

Alphabet: TypeAlias = Literal["ascii", "latex"]
"""What the entries of a matrix are written in."""

Form: TypeAlias = Literal[
    "differential", "pullback", "gradient", "derivative", "index", "tensor", "jacobian", "hessian"
]  # fmt: skip
"""The forms of a derivative; which of them there are depends on the shapes and the order."""

Computed: TypeAlias = Literal[
    "value", "value_and_gradient", "gradient", "pullback", "pushforward", "jacobian", "hessian", "hvp", "function",
    "function_jvp",
]  # fmt: skip
"""What is compiled: "pushforward" is the differential as a function, "hvp" the Hessian times a direction.

"function" is the value with its backward pass attached (`torch.autograd.Function`, `jax.custom_vjp`), "function_jvp"
with its derivative attached forward (`jax.custom_jvp`).
"""

Target: TypeAlias = Literal["numpy", "jax", "torch"]
"""The libraries that code is made for."""

Curvature: TypeAlias = Literal["auto", "dense", "product", "operator", "none"]
"""What an optimiser is given of the second derivative; "auto" is the matrix where that is small, else its product."""

Explained: TypeAlias = Form | Literal["d/dconj(Z)"]
"""What a derivation can lead to (the tensor apart): a form, or the Wirtinger derivative that gives the gradient."""

Order: TypeAlias = Literal[1, 2]
"""1 the first derivative, 2 the second."""

Language: TypeAlias = Literal["auto", "frechet", "text", "latex", "python"]
"""What an expression is written in; "auto" finds out."""

Assumption: TypeAlias = Literal[
    "symmetric", "skew", "positive definite", "diagonal", "orthogonal", "lower triangular", "upper triangular",
    "hermitian", "hermitian positive definite", "positive", "complex", "integer", "constant",
]  # fmt: skip
"""What can be known of a name."""

Size: TypeAlias = int | str | Dim
"""A size: a positive integer, a name or a formula of names (``"n*q"``), or a size made by `dims`."""

Shapes: TypeAlias = Mapping[str, Sequence[Size]]
"""Shapes by name: ``{"A": ("m", "n"), "x": ("n",), "c": ()}``."""

Assumptions: TypeAlias = Mapping[str, Sequence[str]]
"""What is known of each name: ``{"S": ["symmetric"]}``; the words are those of `Assumption`."""

Numbers: TypeAlias = "ArrayLike"
"""What may be given for a variable: a NumPy array, a number, nested lists of numbers."""

Array: TypeAlias = "NDArray[Any]"
"""What `evaluate` gives: float64, or complex128 where a variable is complex; of a scalar an array without axes."""


class Shaped(Protocol):
    """Anything with a shape: an array of NumPy, JAX or PyTorch."""

    @property
    def shape(self) -> Sequence[int]:
        """The sizes of the axes."""
        ...


Like: TypeAlias = "Mapping[str, ArrayLike | Shaped]"
"""Real arrays by the names whose shapes they show."""

Elementwise: TypeAlias = "Callable[[NDArray[Any], int], ArrayLike]"
"""A function for a declared name: of an array, and the order of the derivative that is wanted of it."""


class Flags(TypedDict, total=False):
    """What is known of a variable, as keyword arguments of `matrix`, `vector`, `scalar`, `variable`, `tensor`."""

    symmetric: bool
    positive_definite: bool
    skew: bool
    diagonal: bool
    orthogonal: bool
    lower_triangular: bool
    upper_triangular: bool
    positive: bool
    complex: bool
    hermitian: bool
    hermitian_positive_definite: bool
    integer: bool
    constant: bool


class Given(TypedDict, total=False):
    """What is known of a problem's names, for several calls: ``fr.derive("x'*S*x", wrt="x", **given)``.

    >>> import frechet as fr
    >>> given = Given(shapes={"S": ["n", "n"]}, assumptions={"S": ["symmetric"]})
    >>> fr.derive("x'*S*x", wrt="x", **given).gradient, fr.equal("S'", "S", **given).verdict
    (2*S*x, 'always equal')
    """

    shapes: Shapes
    assumptions: Assumptions
    functions: Sequence[str]
    language: Language
    like: Like


class Entries(TypedDict):
    """A Jacobian (or Hessian) written out at integer sizes: names of rows and columns, and the formulas."""

    layout: Layout
    vec: VecOrder
    rows: list[str]
    columns: list[str]
    matrix: list[list[str]]


class Blocks(TypedDict):
    """A matrix, of the value's shape, of matrices of the variable's shape: the derivative of each entry.

    Of matrices lists of lists of lists of lists; a tensor has one more for each further axis.
    """

    blocks: list[Any]


LAYOUTS: tuple[Layout, ...] = get_args(Layout)
ORDERS: tuple[VecOrder, ...] = get_args(VecOrder)
FORMS: tuple[Form, ...] = get_args(Form)
COMPUTED: tuple[Computed, ...] = get_args(Computed)
TARGETS: tuple[Target, ...] = get_args(Target)
SECOND: tuple[Computed, ...] = ("hessian", "hvp")
"""The compiled forms of the second derivative."""
ATTACHED: tuple[Computed, ...] = ("function", "function_jvp")
"""The compiled forms that are the value with its derivative attached."""
CURVATURES: tuple[Curvature, ...] = get_args(Curvature)
LANGUAGES: tuple[Language, ...] = get_args(Language)


def check_word(what: str, given: object, words: Sequence[str]) -> None:
    """Refuse what is none of the words; who calls may not keep to the types.

    >>> check_word("vec", "rows", ORDERS)
    Traceback (most recent call last):
        ...
    frechet.errors.FrechetError: vec is "column" or "row"; got 'rows'
    """
    if not isinstance(given, str) or given not in words:
        *some, last = (f'"{word}"' for word in words)
        raise FrechetError("input", f"{what} is {', '.join(some)} or {last}; got {kind(given)}")


def check_convention(layout: object, vec: object) -> None:
    """Refuse what is no layout, or no vec order."""
    check_word("layout", layout, LAYOUTS)
    check_word("vec", vec, ORDERS)
