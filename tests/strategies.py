"""Random well-shaped formulas over every operation of the language, grown from the shape that is wanted downwards.

A formula is a :class:`Tree` of templates, so that one that shows a fault can be cut down (`smaller`) to the few
operations that matter.  Choices come from a function (options) → one of them: Hypothesis draws it in the tests, a
seeded `random.Random` in the long run.

A shape is a tuple of sizes as text, "1" for a row: () scalar, ("n",) vector, ("1","n") row, ("m","n") matrix.  Sizes
are names, small numbers, and the products and sums (`m*n`, `m+n`) that vec, kron and blocks make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Shape = tuple[str, ...]
Choose = Callable[[Sequence[Any]], Any]

SIZES = ("m", "n", "p", "m", "n", "p", "m", "n", "2", "1")

VARIABLES: dict[str, Shape] = {
    "A": ("m", "n"),
    "B": ("n", "p"),
    "C": ("p", "m"),
    "D": ("m", "n"),
    "M": ("m", "m"),
    "S": ("n", "n"),
    "P": ("p", "p"),
    "H": ("2", "n"),
    "x": ("n",),
    "w": ("n",),
    "y": ("m",),
    "z": ("p",),
    "h": ("2",),
    "r": ("1", "n"),
    "a": (),
    "b": (),
    "U": ("m", "n"),
    "Q": ("n", "n"),
    "u": ("n",),
    "v": ("m",),
    "c": (),
}
POSITIVE = frozenset("UQuvc")
"""The variables whose entries are declared positive."""

SMOOTH = (
    "exp", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "erf", "sigmoid", "softplus", "gelu", "silu", "sigma",
    "sigma'", "sin", "tanh", "exp", "sigmoid", "sigma",
)  # fmt: skip
KINKED = ("abs", "relu", "sign", "step")
ON_POSITIVE = ("log", "sqrt", "log", "sqrt", "gamma", "lgamma", "digamma", "polygamma(1,", "polygamma(2,")
IN_UNIT = ("arcsin", "arccos")


@dataclass(frozen=True)
class Tree:
    """A template with `{}` for each part, and the parts; `shape` is the value's."""

    template: str
    kids: tuple[Tree, ...]
    shape: Shape

    @property
    def text(self) -> str:
        """The formula, in parentheses wherever they might be needed."""
        return self.template.format(*(kid.text for kid in self.kids))

    @property
    def size(self) -> int:
        """How many templates."""
        return 1 + sum(kid.size for kid in self.kids)

    def walk(self) -> Iterator[Tree]:
        """Every part, the whole first."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def replaced(self, old: Tree, new: Tree) -> Tree:
        """The tree with every occurrence of one part replaced."""
        if self == old:
            return new
        return Tree(self.template, tuple(kid.replaced(old, new) for kid in self.kids), self.shape)


def settle(shape: Shape) -> Shape:
    """n×1 is a vector, 1×1 a scalar."""
    if len(shape) == 2 and shape[1] == "1":
        shape = shape[:1]
    return () if shape == ("1",) else shape


def times(a: str, b: str) -> str:
    """The product of two sizes."""
    return b if a == "1" else a if b == "1" else f"{a}*{b}"


class Grower:
    """Formulas in the making."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose

    def size(self) -> str:
        """A size."""
        return self.choose(SIZES)

    def any_shape(self) -> Shape:
        """Any shape, vectors and matrices mostly."""
        a, b = self.size(), self.size()
        kind = self.choose(("vector", "vector", "row", "matrix", "matrix", "square", "square", "scalar", "wide"))
        shapes: dict[str, Shape] = {
            "vector": (a,), "row": ("1", a), "matrix": (a, b), "square": (a, a), "scalar": (), "wide": (times(a, b),)
        }  # fmt: skip
        return settle(shapes[kind])

    def grow(self, shape: Shape, depth: int) -> Tree:
        """A formula of the shape."""
        shape = settle(shape)
        if depth <= 0:
            return self.leaf(shape)
        if any("*" in d or "+" in d for d in shape):
            return self.wide(shape, depth - 1)
        makers = (self.scalar, self.vector, self.matrix)[len(shape)]
        template, *kids = self.choose((makers, makers, makers, self.common, self.common, self.just))(shape, depth - 1)
        return Tree(template, tuple(kids), shape)

    def just(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        """A leaf before the depth is used up."""
        return (self.leaf(shape).template,)

    def leaf(self, shape: Shape) -> Tree:
        """A variable of the shape (or its transpose), or a constant."""
        names = [name for name, own in VARIABLES.items() if own == shape] * 3
        if len(shape) == 2:
            turned = (shape[::-1], shape[1:] if shape[0] == "1" else ())
            names += [f"{name}'" for name, own in VARIABLES.items() if own in turned and own not in ((), shape)]
        return Tree(self.choose([*(names * 2), *_constants(shape)]), (), shape)

    # -- what there is for every shape -----------------------------------------------------------------------------

    def common(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        dot = "." if shape else ""
        one, less = self.grow(shape, depth), max(depth - 1, 0)
        kind = self.choose(
            (
                "+", "-", ".*", "./", "./s", "s./", "scale", "scale'", "smooth", "smooth", "kinked", "square", "epower",
                "ln", "unit", "neg", "+s", "s-", "max", "max0", "log", "reciprocal", "broadcast.*",
            )
        )  # fmt: skip
        if kind in ("reciprocal", "log") and not variables_of(one.text):
            kind = "neg"  # 1./eye(n) has no value anywhere
        if kind in ("+", "-"):
            return f"({{}} {kind} {{}})", one, self.grow(shape, depth)
        if kind == ".*":
            return ("({}).*({})" if shape else "({})*({})"), one, self.grow(shape, depth)
        if kind == "./":
            return ("({})./({})" if shape else "({})/({})"), one, self.positive(shape, depth)
        if kind == "./s":
            return "({})/({})", one, self.positive((), less)
        if kind == "s./":
            return f"({{}}){dot}/({{}})", self.grow((), less), self.positive(shape, depth)
        if kind == "reciprocal":
            return f"1{dot}/({{}})", one
        if kind == "scale":
            return "({})*({})", self.grow((), less), one
        if kind == "scale'":
            return "({})*({})", one, self.grow((), less)
        if kind == "broadcast.*":
            return "({}).*({})", self.grow((), less), one
        if kind == "smooth":
            return f"{self.choose(SMOOTH)}({{}})", one
        if kind == "kinked":
            return f"{self.choose(KINKED)}({{}})", one
        if kind == "square":
            return f"({{}}){dot}^{self.choose(('2', '3', '2', '(-1)' if variables_of(one.text) else '2'))}", one
        if kind == "epower":
            exponent = self.choose(("(1/2)", "(-2)", "(3/2)", "(a)", "({})"))
            if exponent == "({})":
                return f"({{}}){dot}^({{}})", self.positive(shape, depth), self.grow(self.choose((shape, ())), less)
            return f"({{}}){dot}^{exponent}", self.positive(shape, depth)
        if kind == "ln":
            return f"{self.function(ON_POSITIVE)}", self.positive(shape, depth)
        if kind == "log":
            return f"{self.function(('log', 'sqrt'))}", one
        if kind == "unit":
            return f"{self.choose(IN_UNIT)}({self.choose(('sin', 'tanh'))}({{}})/2)", one
        if kind == "neg":
            return "(-({}))", one
        if kind == "+s":
            return "({} + {})", one, self.grow((), less)
        if kind == "s-":
            return "({} - {})", self.grow((), less), one
        if kind == "max":
            return f"{self.choose(('max', 'min'))}({{}}, {{}})", one, self.grow(shape, less)
        return f"{self.choose(('max', 'min'))}({{}}, {{}})", one, self.grow((), 0)

    def function(self, names: Sequence[str]) -> str:
        name = self.choose(names)
        return f"{name}{{}})" if "(" in name else f"{name}({{}})"

    def positive(self, shape: Shape, depth: int) -> Tree:
        """A formula whose entries are positive wherever it has a value."""
        shape = settle(shape)
        names = [name for name in sorted(POSITIVE) if VARIABLES[name] == shape]
        kind = self.choose(("name", "name", "exp", "1+", "softmax", "product", "softplus") if names else ("exp", "1+"))
        if kind == "name" or (depth <= 0 and names):
            return Tree(self.choose(names), (), shape)
        inner, dot = self.grow(shape, depth - 1), "." if shape else ""
        if kind in ("exp", "softplus") or (kind == "softmax" and not shape):
            return Tree(f"{'softplus' if kind == 'softplus' else 'exp'}({{}})", (inner,), shape)
        if kind == "softmax":
            return Tree("softmax({})", (inner,), shape)
        if kind == "product":
            other = self.positive(shape, depth - 1)
            return Tree(f"({{}}){dot}*({{}})", (Tree(self.choose(names), (), shape), other), shape)
        return Tree(f"(1+({{}}){dot}^2)", (inner,), shape)

    # -- scalars ---------------------------------------------------------------------------------------------------

    def scalar(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        inside, n, k = self.any_shape(), self.size(), self.size()
        kind = self.choose(
            (
                "sum", "sum", "mean", "norm2", "norm2^2", "norm1", "tr", "tr", "det", "logdet", "inner", "form", "lse",
                "entry", "entry1", "prod", "einsum", "einsum3", "power", "fit", "xent", "kl",
            )
        )  # fmt: skip
        if kind in ("sum", "mean", "norm2", "norm1"):
            return f"{kind}({{}})", self.grow(inside, depth)
        if kind == "norm2^2":
            return "norm2({})^2", self.grow(inside, depth)
        if kind == "lse":
            return "logsumexp({})", self.grow(inside, depth)
        if kind == "prod":
            return "prod({})", self.choose((self.positive, self.grow))(inside, depth)
        if kind == "tr":
            return "tr({})", self.grow((n, n), depth)
        if kind in ("det", "logdet"):
            return f"{kind}({{}})", self.square(n, depth)
        if kind == "inner":
            return "({})'*({})", self.grow((n,), depth), self.grow((n,), depth)
        if kind == "form":
            vector = self.grow((n,), depth - 1)
            return "({})'*({})*({})", vector, self.grow((n, n), depth), vector
        if kind == "fit":
            return "norm2(({})*({})-({}))^2/2", self.grow((n, k), depth), self.grow((k,), depth), self.grow((n,), depth)
        if kind == "xent":
            return "-({})'*log(softmax({}))", self.grow((n,), depth), self.grow((n,), depth)
        if kind == "kl":
            u = self.positive((n,), depth)
            return "sum(({}).*log(({})./({})))", u, u, self.positive((n,), depth)
        if kind == "einsum":
            return (
                'einsum("i,ij,j->", {}, {}, {})',
                self.vec_of("m", depth),
                self.mat("m", "n", depth),
                self.vec_of("n", depth),
            )
        if kind == "einsum3":
            return (
                'einsum("i,i,i->", {}, {}, {})',
                self.vec_of("n", depth),
                self.vec_of("n", depth),
                self.vec_of("n", depth),
            )
        if kind == "power":
            return "({})^({})", self.positive((), depth), self.grow((), depth - 1)
        if kind == "entry1":
            n = self.choose(("m", "n", "p"))
            return f"({{}})[{self.choose(('1', '2', n))}]", self.grow((n,), depth)
        m, n = self.choose(("m", "n", "p")), self.choose(("m", "n", "p"))
        return f"({{}})[{self.choose(('1', '2', m))},{self.choose(('1', '2', n))}]", self.grow((m, n), depth)

    def vec_of(self, n: str, depth: int) -> Tree:
        return self.grow((n,), depth - 1)

    def mat(self, m: str, n: str, depth: int) -> Tree:
        return self.grow((m, n), depth - 1)

    def square(self, n: str, depth: int) -> Tree:
        """A square matrix: any, or one that has an inverse with a positive determinant."""
        shape = settle((n, n))
        inner = self.grow((n, n), depth - 1)
        kind = self.choose(("any", "3+", "gram", "gram'", "shift"))
        eye = f"eye({n})" if n != "1" else "1"
        if kind == "any":
            return inner
        if kind == "3+":
            return Tree(f"(3*{eye}+tanh({{}}))", (inner,), shape)
        if kind == "shift":
            return Tree(f"({{}}+({{}})*{eye})", (inner, self.grow((), depth - 2)), shape)
        k = self.choose(("m", "n", "p"))
        inner = self.grow((k, n), depth - 1)
        return Tree("(({})'*({}))" if kind == "gram" else f"({eye}+({{}})'*({{}}))", (inner, inner), shape)

    # -- vectors ---------------------------------------------------------------------------------------------------

    def vector(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        (n,) = shape
        k = self.size()
        kind = self.choose(
            (
                "product", "product", "product'", "rows", "columns", "prod", "diag", "diag'", "softmax", "solve",
                "column", "row'", "vec", "tri", "diag*", "einsum", "einsum1", "power", "kron1", "normalised",
                "centred", "turn",
            )
        )  # fmt: skip
        if kind == "product":
            return "({})*({})", self.grow((n, k), depth), self.grow((k,), depth)
        if kind == "product'":
            return "({})'*({})", self.grow((k, n), depth), self.grow((k,), depth)
        if kind == "rows":
            return f"{self.choose(('sum', 'mean', 'logsumexp'))}({{}},2)", self.grow((n, k), depth)
        if kind == "columns":
            return f"{self.choose(('sum', 'mean', 'logsumexp'))}({{}},1)", self.grow((k, n), depth)
        if kind == "prod":
            axis = self.choose("12")
            return f"prod({{}},{axis})", self.grow((n, k) if axis == "2" else (k, n), depth)
        if kind == "diag":
            return "diag({})", self.grow((n, n), depth)
        if kind == "diag'":
            return "diag(({})*({}))", self.grow((n, "m"), depth), self.grow(("m", n), depth)
        if kind == "diag*":
            return "diag({})*({})", self.grow(self.choose(((n,), ("1", n))), depth), self.grow((n,), depth)
        if kind == "softmax":
            return "softmax({})", self.grow(shape, depth)
        if kind == "solve":
            return "inv({})*({})", self.square(n, depth), self.grow(shape, depth)
        if kind == "column":
            k = self.choose(("m", "n", "p"))
            return f"({{}})[:,{self.choose(('1', '2', k))}]", self.grow((n, k), depth)
        if kind == "row'":
            k = self.choose(("m", "n", "p"))
            return f"({{}})[{self.choose(('1', '2', k))},:]'", self.grow((k, n), depth)
        if kind == "vec":
            return "vec({})", self.grow(("1", n), depth)
        if kind == "einsum":
            return 'einsum("ij,j->i", {}, {})', self.mat(n, "m", depth), self.vec_of("m", depth)
        if kind == "einsum1":
            return 'einsum("ij,ij->i", {}, {})', self.mat(n, "m", depth), self.mat(n, "m", depth)
        if kind == "power":
            return f"({{}})^{self.choose(('2', '3'))}*({{}})", self.grow((n, n), depth), self.grow(shape, depth)
        if kind == "kron1":
            return "kron({}, {})", *self.choose([(self.grow((), depth), self.grow(shape, depth))])
        if kind == "normalised":
            inner = self.grow(shape, depth)
            return "({})/norm2({})", inner, inner
        if kind == "centred":
            inner = self.grow(shape, depth)
            return "(({})-mean({}))", inner, inner
        if kind == "turn":
            return "({})'", self.grow(("1", n), depth)
        return f"{self.choose(('tril', 'triu'))}({{}})*({{}})", self.grow((n, n), depth), self.grow(shape, depth)

    # -- matrices and rows -----------------------------------------------------------------------------------------

    def matrix(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        m, n = shape
        k = self.size()
        less = depth - 1
        kinds = [
            "product", "product", "product'", "product''", "outer", "transpose", "softmax", "softmax0", "diag*",
            "*diag", "kron", "reshape", "unvec", "commute", "einsum", "einsum1", "einsum3", "blocks", "spread",
            "spread'", "rows*",
        ]  # fmt: skip
        if m == "1":
            kinds = ["transpose", "product", "row", "hcat1", "softmax", "reshape"]
        if m == n:
            kinds += ["inv", "inv", "power", "power-", "diag", "tril", "gram", "adj", "symmetrised", "T.*", "diagdiag"]
        kind = self.choose(kinds)
        if kind == "product":
            return "({})*({})", self.grow((m, k), depth), self.grow((k, n), depth)
        if kind == "product'":
            return "({})'*({})", self.grow((k, m), depth), self.grow((k, n), depth)
        if kind == "product''":
            return "({})*({})'", self.grow((m, k), depth), self.grow((n, k), depth)
        if kind == "outer":
            return "({})*({})'", self.grow((m,), depth), self.grow((n,), depth)
        if kind == "transpose":
            return "({})'", self.grow((n, m), depth)
        if kind == "softmax":
            return f"softmax({{}},{self.choose('12')})", self.grow(shape, depth)
        if kind == "softmax0":
            return "softmax({})", self.grow(shape, depth)
        if kind == "diag*":
            return "diag({})*({})", self.grow((m,), depth), self.grow(shape, depth)
        if kind == "*diag":
            return "({})*diag({})", self.grow(shape, depth), self.grow((n,), depth)
        if kind == "kron":
            return "kron({}, ({})')", self.grow((m,), depth), self.grow((n,), depth)
        if kind == "reshape":
            return f"reshape({{}},{m},{n})", self.grow((n, m), depth)
        if kind == "unvec":
            return f"reshape({{}},{m},{n})", self.grow((times(m, n),), depth)
        if kind == "commute":
            return f"reshape(commutation({n},{m})*vec({{}}),{m},{n})", self.grow((n, m), depth)
        if kind == "einsum":
            return 'einsum("ik,jk->ij", {}, {})', self.mat(m, "p", depth), self.mat(n, "p", depth)
        if kind == "einsum1":
            return 'einsum("i,ij->ij", {}, {})', self.vec_of(m, depth), self.mat(m, n, depth)
        if kind == "einsum3":
            k = "m"
            return (
                'einsum("ik,jk,k->ij", {}, {}, {})',
                self.mat(m, k, depth),
                self.mat(n, k, depth),
                self.vec_of(k, depth),
            )
        if kind == "blocks":
            left, right = self.grow((m, k), less), self.grow((m, n), less)
            return "[{}, {}]*[{}; {}]", left, right, self.grow((k, n), less), self.grow((n, n), less)
        if kind == "spread":
            return f"({{}})*ones(1,{n})", self.grow((m,), depth)
        if kind == "spread'":
            return f"ones({m})*({{}})", self.grow(("1", n), depth)
        if kind == "rows*":
            return f"(({{}}).*(({{}})*ones(1,{n})))", self.grow(shape, depth), self.grow((m,), depth)
        if kind == "row":
            k = self.choose(("m", "n", "p"))
            return f"({{}})[{self.choose(('1', '2', k))},:]", self.grow((k, n), depth)
        if kind == "hcat1":
            return (
                "[{}, {}]*[{}; {}]",
                self.grow(("1", n), less),
                self.grow((), less),
                self.grow((n, n), less),
                self.grow(shape, less),
            )
        return self.square_only(kind, shape, depth)

    def square_only(self, kind: str, shape: Shape, depth: int) -> tuple[Any, ...]:
        n = shape[0]
        if kind in ("inv", "adj"):
            return f"{kind}({{}})", self.square(n, depth)
        if kind == "power":
            return f"({{}})^{self.choose(('2', '3', '4'))}", self.grow(shape, depth)
        if kind == "power-":
            return f"({{}})^{self.choose(('-1', '-2'))}", self.square(n, depth)
        if kind == "diag":
            return "diag({})", self.grow(self.choose(((n,), ("1", n))), depth)
        if kind == "diagdiag":
            return "diag(diag({}))", self.grow(shape, depth)
        if kind == "tril":
            return f"{self.choose(('tril', 'triu'))}({{}})", self.grow(shape, depth)
        if kind == "symmetrised":
            inner = self.grow(shape, depth)
            return "({}+({})')", inner, inner
        if kind == "T.*":
            inner = self.grow(shape, depth)
            return "({}).*({})'", inner, inner
        k = self.choose(("m", "n", "p"))
        inner = self.grow((k, n), depth)
        return self.choose(("({})'*({})", "({})'*sin({})")), inner, inner

    # -- the sizes that vec, kron, vech and blocks make ------------------------------------------------------------

    def wide(self, shape: Shape, depth: int) -> Tree:
        """A vector of length m*n (or longer, or a sum), or a matrix one of whose sizes is."""
        if len(shape) == 1 and "+" not in shape[0] and shape[0].count("*") == 1:
            m, n = shape[0].split("*")
            kind = self.choose(("vec", "vec", "kron", "commutation", "duplication", "common", "product"))
            if kind == "kron":
                return Tree("kron({}, {})", (self.grow((m,), depth), self.grow((n,), depth)), shape)
            if kind == "commutation":
                return Tree(f"commutation({m},{n})*vec({{}})", (self.grow((m, n), depth),), shape)
            if kind == "duplication" and m == n:
                return Tree(f"duplication({n})*vech({{}})", (self.grow((n, n), depth),), shape)
            if kind == "product":
                a, b, x = self.grow((m, "n"), depth), self.grow((n, "p"), depth), self.grow(("n*p",), depth - 1)
                return Tree("kron({}, {})*({})", (a, b, x), shape)
            if kind == "common":
                template, *kids = self.common(shape, depth)
                return Tree(template, tuple(kids), shape)
            return Tree("vec({})", (self.grow((m, n), depth),), shape)
        if len(shape) == 1 and "+" in shape[0]:
            a, b = shape[0].split("+", 1)
            return Tree("[{}; {}]", (self.grow((a,), depth), self.grow((b,), depth)), shape)
        return self.leaf(shape)

    # -- whole problems --------------------------------------------------------------------------------------------

    def value(self, depth: int) -> Tree:
        """An expression of some shape: a scalar often, now and then one of the large shapes (`*` and `+` in a size)."""
        kind = self.choose(("scalar",) * 5 + ("any",) * 5 + ("kron", "hcat", "vcat", "vech", "vec", "blocks"))
        m, n, k = (self.choose(("m", "n", "p", "2")) for _ in range(3))
        if kind == "scalar":
            return self.grow((), depth)
        if kind == "any":
            return self.grow(self.any_shape(), depth)
        depth -= 1
        if kind == "kron":
            a, b = self.any_shape(), self.any_shape()
            left, right = self.grow(a if len(a) < 2 or "*" not in a[0] else (), depth), self.grow(b, depth)
            return Tree("kron({}, {})", (left, right), ("?",))
        if kind == "hcat":
            return Tree("[{}, {}]", (self.grow((m, n), depth), self.grow((m, k), depth)), ("?",))
        if kind == "vcat":
            return Tree("[{}; {}]", (self.grow((m, n), depth), self.grow((k, n), depth)), ("?",))
        if kind == "vech":
            return Tree("vech({})", (self.grow((n, n), depth),), ("?",))
        if kind == "vec":
            return Tree("vec({})", (self.grow((m, n), depth),), ("?",))
        corner = (
            self.grow((m, n), depth),
            self.grow((m, k), depth),
            self.grow((k, n), depth),
            self.grow((k, k), depth),
        )
        return Tree("[{}, {}; {}, {}]", corner, ("?",))

    def parts(self, depth: int = 6) -> tuple[Tree, str | list[str], int, Tree | None]:
        """A problem: an expression with a variable in it, the variable(s), an order, sometimes a part to be named."""
        tree = self.value(self.choose(range(1, depth + 1)))
        used = variables_of(tree.text)
        if not used:
            tree = Tree("({})*a", (tree,), tree.shape)
            used = ["a"]
        order = self.choose((1, 1, 2)) if tree.shape == () else 1
        wrt: str | list[str] = self.choose(used)
        if len(used) > 1 and self.choose((False,) * 9 + (True,)):
            wrt = [wrt, self.choose([v for v in used if v != wrt])]
        named = [t for t in tree.walk() if t.kids and t is not tree]
        name = self.choose(named) if named and order == 1 and self.choose((False,) * 7 + (True,)) else None
        return tree, wrt, order, name


def _constants(shape: Shape) -> list[str]:
    """Constants of a shape."""
    if not shape:
        return ["2", "0.5", "3", "mean(x)", "(sum(x)/n)", "(y'*y/m)", "a", "b"]
    if len(shape) == 1:
        (n,) = shape
        found = [f"ones({n})"]
        if n == "n":
            found += ["zeros(n)", "unit(1,n)", "vector(2)+0*x"]
        return found
    m, n = shape
    found = [f"ones({m},{n})"]
    if m == n:
        found.append(f"eye({n})")
    if (m, n) == ("n", "n"):
        found += ["zeros(n,n)", "unit(1,n)*unit(2,n)'"]
    return found


NAME = re.compile(r"\b[A-Za-z]\w*\b")


def variables_of(text: str) -> list[str]:
    """The variables in a formula, in the order of `VARIABLES`."""
    present = set(NAME.findall(re.sub(r'"[^"]*"', "", text)))
    return [name for name in VARIABLES if name in present]


def problem_of(tree: Tree, wrt: str | list[str], order: int, named: Tree | None = None) -> dict[str, Any]:
    """The problem as a line of a batch would state it; `named` is the part that becomes a quantity `q`."""
    text = tree.text
    if named is not None:
        rest = tree.replaced(named, Tree("q_", (), named.shape)).text
        text = f"q_ = {named.text}; {rest}"
    used = variables_of(text)
    shapes = {name: [int(s) if s.isdigit() else s for s in VARIABLES[name]] for name in used}
    problem: dict[str, Any] = {"expression": text, "wrt": wrt, "shapes": shapes, "order": order}
    positive = {name: ["positive"] for name in used if name in POSITIVE}
    if positive:
        problem["assumptions"] = positive
    if "sigma" in text:
        problem["functions"] = ["sigma"]
    return problem


def smaller(tree: Tree) -> Iterator[Tree]:
    """Trees one cut smaller: a part replaced by a part of it, or by a leaf, of the same shape; smallest first."""
    found: dict[Tree, None] = {}
    for part in tree.walk():
        options = [t for t in part.walk() if t is not part and t.shape == part.shape]
        if part.kids:
            options += [Tree(name, (), part.shape) for name, own in VARIABLES.items() if own == part.shape]
            options += [Tree(c, (), part.shape) for c in _constants(part.shape)] if part.shape != ("?",) else []
        elif part.shape == () and part.template not in ("2", "a"):
            options += [Tree("2", (), ())]
        for option in options:
            found[tree.replaced(part, option)] = None
    for part in tree.walk():
        if part is not tree and part.kids and part.shape != ("?",):
            found[part] = None
    yield from sorted((t for t in found if len(t.text) < len(tree.text)), key=lambda t: (t.size, len(t.text)))


@st.composite
def problems(draw: Callable[..., Any], depth: int = 6) -> dict[str, Any]:
    """Random problems, drawn by Hypothesis."""
    return problem_of(*Grower(lambda options: draw(st.sampled_from(list(options)))).parts(depth))
