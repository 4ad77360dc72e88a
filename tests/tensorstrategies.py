"""Random well-shaped formulas over arrays of any order, grown from the shape that is wanted downwards.

As in `strategies`, whose trees these are: a shape is a tuple of sizes as text, () a scalar, ("n",) a vector, up to four
axes.  Here every array may be summed along an axis, sliced, permuted, contracted, stacked; matrix functions are left to
`strategies`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from strategies import NAME, Choose, Shape, Tree

SIZES = ("m", "n", "p", "k")
ORDER = 4
"""The most axes an array has."""

VARIABLES: dict[str, Shape] = {
    "X": ("m", "n", "p"),
    "Y": ("m", "n", "p"),
    "Z": ("n", "p", "k"),
    "W": ("m", "p", "k"),
    "K": ("p", "n", "n"),
    "T": ("m", "n", "p", "k"),
    "R": ("k", "m", "n", "p"),
    "U": ("m", "n", "p"),
    "A": ("m", "n"),
    "B": ("n", "p"),
    "C": ("p", "k"),
    "S": ("n", "n"),
    "V": ("n", "p"),
    "x": ("n",),
    "y": ("m",),
    "z": ("p",),
    "u": ("k",),
    "v": ("n",),
    "a": (),
    "b": (),
    "c": (),
}
POSITIVE = frozenset("UVvc")
"""The variables whose entries are declared positive."""

SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "arctan", "sinh", "silu", "erf", "sigma")
KINKED = ("abs", "relu")
REDUCTIONS = ("sum", "sum", "sum", "mean", "logsumexp", "prod")
LETTERS = "cdefgqrst"
"""Names of einsum's axes, none of them a size."""
RUNNING = {"m": "i", "n": "j", "p": "l", "k": "h"}
"""The index that runs over each size in a sum."""


class Grower:
    """Formulas in the making."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose

    def grow(self, shape: Shape, depth: int) -> Tree:
        """A formula of the shape."""
        if depth <= 0:
            return self.leaf(shape)
        own = (self.array, self.array, self.common, self.just) if shape else (self.scalar,) * 4
        template, *kids = self.choose((*own, own[0], self.common))(shape, depth - 1)
        return Tree(template, tuple(kids), shape)

    def just(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        return (self.leaf(shape).template,)

    def leaf(self, shape: Shape) -> Tree:
        """A variable of the shape, one with its axes in another order, one that loses an axis, or a constant."""
        own = [name for name, has in VARIABLES.items() if has == shape] * 3
        if len(shape) > 1:
            turns = [(name, has) for name, has in VARIABLES.items() if has != shape and sorted(has) == sorted(shape)]
            own += [permuted(name, has, shape) for name, has in turns]
        for name, has in VARIABLES.items() if shape else ():
            for k in range(len(has)) if len(has) == len(shape) + 1 > 2 else ():
                if has[:k] + has[k + 1 :] == shape:
                    own.append(f"sum({name},{k + 1})")
                    if len(has) > 2:
                        own.append(f"{name}[{','.join('1' if j == k else ':' for j in range(len(has)))}]")
        if not own:
            vectors = [next(v for v, has in VARIABLES.items() if has == (d,)) for d in shape]
            letters = LETTERS[: len(shape)]
            own.append(f'einsum("{",".join(letters)}->{letters}", {", ".join(vectors)})')
        return Tree(self.choose([*own, *own, *constants(shape)]), (), shape)

    def any_shape(self, least: int = 1, most: int = ORDER) -> Shape:
        """The shape of a variable mostly, or any of different sizes."""
        shapes = [has for has in VARIABLES.values() if least <= len(has) <= most]
        order = self.choose([n for n in (1, 2, 3, 3, 4) if least <= n <= most])
        return self.choose((self.choose(shapes), self.choose(list(itertools.permutations(SIZES, order)))))

    # -- what there is for every shape -----------------------------------------------------------------------------

    def common(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        dot = "." if shape else ""
        one, less = self.grow(shape, depth), max(depth - 1, 0)
        kind = self.choose(
            (
                "+", "-", ".*", ".*", "./", "./s", "scale", "smooth", "smooth", "kinked", "square", "power", "log",
                "neg", "+s", "max",
            )
        )  # fmt: skip
        if kind in ("+", "-"):
            return f"({{}} {kind} {{}})", one, self.grow(shape, depth)
        if kind == ".*":
            return f"({{}}){dot}*({{}})", one, self.grow(shape, depth)
        if kind == "./":
            return f"({{}}){dot}/({{}})", one, self.positive(shape, depth)
        if kind == "./s":
            return "({})/({})", one, self.positive((), less)
        if kind == "scale":
            return "({})*({})", self.grow((), less), one
        if kind in ("smooth", "kinked"):
            return f"{self.choose(SMOOTH if kind == 'smooth' else KINKED)}({{}})", one
        if kind == "square":
            return f"({{}}){dot}^{self.choose('23')}", one
        if kind == "power":
            return f"({{}}){dot}^{self.choose(('(1/2)', '(-1)', '(3/2)', '(a)'))}", self.positive(shape, depth)
        if kind == "log":
            return f"{self.choose(('log', 'sqrt'))}({{}})", self.positive(shape, depth)
        if kind == "neg":
            return "(-({}))", one
        if kind == "+s":
            return "({} + {})", one, self.grow((), less)
        return f"{self.choose(('max', 'min'))}({{}}, {{}})", one, self.grow(shape, less)

    def positive(self, shape: Shape, depth: int) -> Tree:
        """A formula whose entries are positive wherever it has a value."""
        names = [name for name in sorted(POSITIVE) if VARIABLES[name] == shape]
        kind = self.choose((*(["name"] * 2 if names else []), "exp", "1+", "softmax" if shape else "exp"))
        if kind == "name" or (depth <= 0 and names):
            return Tree(self.choose(names), (), shape)
        inner, dot = self.grow(shape, depth - 1), "." if shape else ""
        if kind == "softmax":
            return Tree(f"softmax({{}},{self.axis(shape)})" if len(shape) > 1 else "softmax({})", (inner,), shape)
        return Tree("exp({})" if kind == "exp" else f"(1+({{}}){dot}^2)", (inner,), shape)

    def axis(self, shape: Shape) -> int:
        """An axis, counted from 1."""
        return self.choose(range(1, len(shape) + 1))

    # -- scalars ---------------------------------------------------------------------------------------------------

    def scalar(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        inside = self.any_shape()
        kind = self.choose(
            (
                "sum", "sum", "mean", "norm2", "norm2^2", "norm1", "inner", "vec", "entry", "einsum", "einsum", "fit",
                "xent", "logsumexp",
            )
        )  # fmt: skip
        if kind in ("sum", "mean", "norm2", "norm1", "logsumexp"):
            return f"{kind}({{}})", self.grow(inside, depth)
        if kind == "norm2^2":
            return "norm2({})^2", self.grow(inside, depth)
        if kind == "inner":
            return "sum(({}).*({}))", self.grow(inside, depth), self.grow(inside, depth)
        if kind == "vec":
            return "vec({})'*vec({})", self.grow(inside, depth), self.grow(inside, depth)
        if kind == "fit":
            return "sum((({})-({})).^2)/2", self.grow(inside, depth), self.grow(inside, depth)
        if kind == "xent":
            inside = self.any_shape(2)
            soft = f"softmax({{}},{self.axis(inside)})"
            return f"-sum(({{}}).*log({soft}))", self.grow(inside, depth), self.grow(inside, depth)
        if kind == "entry":
            places = ",".join(self.place(d) for d in inside)
            return f"({{}})[{places}]", self.grow(inside, depth)
        return self.einsum((), depth)

    def place(self, size: str) -> str:
        """An index that every axis of the size has."""
        return self.choose(("1", "2", size))

    # -- arrays ----------------------------------------------------------------------------------------------------

    def array(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        kinds = ["einsum", "einsum"]
        if len(shape) < ORDER:
            kinds += ["reduce", "reduce", "slice", "family"]
        if len(shape) < ORDER - 1:
            kinds += ["slices", "reduce twice"]
        if len(shape) > 1:
            kinds += ["permute", "turn", "softmax", "product", "product", "reshape", "stacked", "cumsum"]
        kind = self.choose(kinds)
        if kind == "reduce":
            inside, axis = self.with_axis(shape)
            reduction = self.choose(REDUCTIONS)
            if reduction == "logsumexp" and len(inside) == 1:
                return "logsumexp({})", self.grow(inside, depth)
            return f"{reduction}({{}},{axis})", self.grow(inside, depth)
        if kind == "reduce twice":
            inside, axis = self.with_axis(shape)
            inside, first = self.with_axis(inside)
            return f"sum({self.choose(('sum', 'mean'))}({{}},{first}),{axis})", self.grow(inside, depth)
        if kind == "slice":
            return self.slice(*self.with_axis(shape), depth)
        if kind == "slices":
            inside, axis = self.with_axis(shape)
            inside, second = self.with_axis(inside)
            axis += second <= axis
            places = [self.place(d) if k in (axis, second) else ":" for k, d in enumerate(inside, 1)]
            return f"({{}})[{','.join(places)}]", self.grow(inside, depth)
        if kind == "family":
            inside, axis = self.with_axis(shape)
            index = RUNNING[inside[axis - 1]]
            places = ",".join(index if k == axis else ":" for k in range(1, len(inside) + 1))
            mark = "'" if len(inside) == 2 and axis == 1 else ""  # rows add up to a row
            return f"sum({index}: sin(({{}})[{places}])){mark}", self.grow(inside, depth)
        if kind == "permute":
            inside = tuple(self.choose(list(itertools.permutations(shape))))
            return permuted("({})", inside, shape), self.grow(inside, depth)
        if kind == "turn":
            return "({})'", self.grow((*shape[:-2], shape[-1], shape[-2]), depth)
        if kind in ("softmax", "cumsum"):
            return f"{kind}({{}},{self.axis(shape)})", self.grow(shape, depth)
        if kind == "product":
            return self.product(shape, depth)
        if kind == "reshape":
            inside = tuple(self.choose(list(itertools.permutations(shape))))
            return f"reshape({{}},{','.join(shape)})", self.grow(inside, depth)
        if kind == "stacked":
            return f"reshape(vec({{}}),{','.join(shape)})", self.grow(shape, depth)
        return self.einsum(shape, depth)

    def with_axis(self, shape: Shape) -> tuple[Shape, int]:
        """The shape with one axis more, and which."""
        size = self.choose([d for d in SIZES if d not in shape] or list(SIZES))
        at = self.choose(range(len(shape) + 1))
        return (*shape[:at], size, *shape[at:]), at + 1

    def slice(self, inside: Shape, axis: int, depth: int) -> tuple[Any, ...]:
        places = [self.place(d) if k == axis else ":" for k, d in enumerate(inside, 1)]
        template = f"({{}})[{','.join(places)}]"
        return (template + "'" if len(inside) == 2 and axis == 1 else template), self.grow(inside, depth)

    def product(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        """A product over the last two axes; the batch axes in both factors, or in one of them."""
        *batch, m, n = shape
        k = self.choose([d for d in SIZES if d not in shape] or list(SIZES))
        left, right = self.choose(((batch, batch), (batch, batch), (batch, []), ([], batch)))
        one, two = (*left, m, k), (*right, k, n)
        kind = self.choose(("*", "*", "'*", "*'"))
        if kind == "'*":
            return "({})'*({})", self.grow((*left, k, m), depth), self.grow(two, depth)
        if kind == "*'":
            return "({})*({})'", self.grow(one, depth), self.grow((*right, n, k), depth)
        return "({})*({})", self.grow(one, depth), self.grow(two, depth)

    def einsum(self, shape: Shape, depth: int) -> tuple[Any, ...]:
        """Up to three operands, each with some of the result's letters and of those that are summed."""
        size = dict(zip(LETTERS, shape, strict=False))
        out = "".join(size)
        for letter in LETTERS[len(shape) : len(shape) + self.choose((0, 1, 1, 2) if shape else (1, 2, 3))]:
            size[letter] = self.choose(SIZES)
        operands: list[list[str]] = [[] for _ in range(self.choose((1, 2, 2, 3)))]
        for letter in size:
            where = [o for o in operands if len(o) < ORDER]
            if not where:
                where.append([])
                operands += where
            chosen = self.choose(where)
            chosen.append(letter)
            for other in where:
                if other is not chosen and self.choose((False, True)):
                    other.append(letter)
        words = ["".join(self.choose((o, o[::-1]))) for o in operands if o]
        spec = ",".join(words) + "->" + out
        holes = ", ".join(["{}"] * len(words))
        return f'einsum("{spec}", {holes})', *[self.grow(tuple(size[c] for c in word), depth) for word in words]

    # -- whole problems --------------------------------------------------------------------------------------------

    def parts(self, depth: int = 5) -> tuple[Tree, str, int]:
        """A problem: an expression with an array in it, the variable (a tensor mostly), an order."""
        depth = self.choose(range(min(2, depth), depth + 1))
        kind = self.choose(("scalar",) * 5 + ("array",) * 4 + ("vec", "stack"))
        if kind == "scalar":
            tree = self.grow((), depth)
        elif kind == "array":
            tree = self.grow(self.any_shape(most=3), depth)
        else:
            inside = self.any_shape(2, 3)
            template = "vec({})" if kind == "vec" else f"reshape({{}},{inside[0]},{'*'.join(inside[1:])})"
            tree = Tree(template, (self.grow(inside, depth - 1),), ("?",))
        tensors = [v for v in variables_of(tree.text) if len(VARIABLES[v]) > 2]
        if not tensors:
            tree = Tree("({})*norm2(X)", (tree,), tree.shape) if tree.shape != ("?",) else tree
        used = variables_of(tree.text) or ["a"]
        tensors = [v for v in used if len(VARIABLES[v]) > 2]
        wrt = self.choose(tensors if tensors and self.choose((True, True, True, False)) else used)
        if not variables_of(tree.text):
            tree = Tree("({})*a", (tree,), tree.shape)
        order = self.choose((1, 1, 1, 2)) if tree.shape == () and len(VARIABLES[wrt]) < ORDER else 1
        return tree, wrt, order


def permuted(text: str, has: Shape, shape: Shape) -> str:
    """The array with its axes so that it has the other shape; alike sizes keep their order."""
    left = list(range(len(has)))
    order: list[int] = []
    for size in shape:
        order.append(next(k for k in left if has[k] == size))
        left.remove(order[-1])
    return f"permute({text},{','.join(str(k + 1) for k in order)})"


def constants(shape: Shape) -> list[str]:
    """Constants of a shape."""
    if not shape:
        return ["2", "0.5", "mean(X)", "a", "b"]
    found = [f"ones({','.join(shape)})"]
    return [*found, f"eye({shape[0]})"] if len(shape) == 2 and shape[0] == shape[1] else found


def variables_of(text: str) -> list[str]:
    """The variables in a formula, in the order of `VARIABLES`."""
    present = set(NAME.findall("".join(text.split('"')[::2])))
    return [name for name in VARIABLES if name in present]


def problem_of(tree: Tree, wrt: str, order: int) -> dict[str, Any]:
    """The problem as a line of a batch would state it."""
    used = variables_of(tree.text)
    problem: dict[str, Any] = {"expression": tree.text, "wrt": wrt, "order": order}
    problem["shapes"] = {name: list(VARIABLES[name]) for name in used}
    positive = {name: ["positive"] for name in used if name in POSITIVE}
    if positive:
        problem["assumptions"] = positive
    if "sigma(" in tree.text:
        problem["functions"] = ["sigma"]
    if order == 2:
        problem["small"] = True  # differences of differences, for every pair of entries
    return problem


def smaller(tree: Tree) -> Iterator[Tree]:
    """Trees one cut smaller: a part replaced by a part of it, or by a leaf, of the same shape; smallest first."""
    found: dict[Tree, None] = {}
    for part in tree.walk():
        options = [t for t in part.walk() if t is not part and t.shape == part.shape]
        if (part.kids or part.shape == ()) and part.shape != ("?",):
            options += [Tree(name, (), part.shape) for name, own in VARIABLES.items() if own == part.shape]
            options += [Tree(c, (), part.shape) for c in constants(part.shape)]
        for option in options:
            found[tree.replaced(part, option)] = None
        if part is not tree and part.kids:
            found[part] = None
    yield from sorted((t for t in found if len(t.text) < len(tree.text)), key=lambda t: (t.size, len(t.text)))


@st.composite
def problems(draw: Callable[..., Any], depth: int = 5) -> dict[str, Any]:
    """Random problems, drawn by Hypothesis."""
    return problem_of(*Grower(lambda options: draw(st.sampled_from(list(options)))).parts(depth))
