"""The records of operations that come from outside: their rules are formulas, read when they are used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, final

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.constructors import T, elementwise, mul
from frechet.algebra.node import Node
from frechet.core.dim import Dim, Shape, rows_cols, settle
from frechet.core.expr import Expr, postorder
from frechet.core.facts import Facts, Rules
from frechet.core.op import Op, Params, Unify
from frechet.core.slips import Slips
from frechet.core.words import NOTHING_TOLD, Telling, Words
from frechet.errors import FrechetError
from frechet.language import read_formula
from frechet.library.signature import Signature
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.elementwise.function import function
from frechet.ops.expressions import rigid, variable
from frechet.ops.matrix.shared import bare
from frechet.ops.normalise import node_of

COTANGENT, VALUE = "G", "Y"
"""The names in rules: what arrives from the value's side, and the value itself."""

_WORD = re.compile(r"[A-Za-z_]\w*")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of an operation besides its rules."""

    doc: str
    source: str
    why: str
    caution: str
    latex: tuple[str, ...]
    python: tuple[str, ...]

    def of(self, op: Op) -> Op:
        """The record with what is told."""
        return replace(
            op,
            doc=self.doc,
            source=self.source,
            caution=self.caution,
            latex=self.latex,
            python=self.python,
            outside=True,
        )


def record(
    name: str,
    value: Callable[..., Any],
    derivative: str | None,
    differential: str | None,
    adjoint: str | Callable[..., Any] | None,
    matrix: str | None,
    signature: str | None,
    arguments: str | None,
    domains: tuple[str, ...],
    told: Told,
) -> Iterator[Op]:
    """The records of an operation: its own, and those of its adjoint and its matrix where they have no name."""
    if differential is None and adjoint is None:
        yield told.of(_entrywise(name, value, derivative, domains[0], told))
        return
    if differential is not None and adjoint is None and re.search(rf"\b{name}\s*\(", differential):
        text = f"the differential of {name} applies {name} itself: give its adjoint in the last argument (adjoint=…)"
        raise FrechetError("input", text)
    sizes = Signature(name, signature)
    letters = _letters(name, arguments, sizes.count)
    if callable(adjoint):
        yield _map_back(name, adjoint, sizes, letters)
        adjoint = f"{name}_adjoint({COTANGENT})"
    if adjoint is not None and matrix is None:
        yield _matrix(name, value, sizes)
    rules = Given(name, sizes, letters, differential, adjoint or "", matrix or "")
    yield told.of(
        Op(
            name,
            sizes.rule,
            sizes.on_arrays(value),
            normal=rules.reading,
            differential=rules.differential,
            adjoint=rules.back if adjoint is not None else None,
            kronecker=rules.kronecker if adjoint is not None else None,
            domain=domains if len(domains) == sizes.count else domains[:1] * sizes.count,
            example=f"{name}({','.join(letters)})",
            call="x" * sizes.count,
            rules=Rules(again=rules.again),
            telling=Telling(
                step=_words(name, differential, told.why, told.source),
                across=_across(name, letters, adjoint),
                stacked=_stacked(name, letters, matrix or _matrix_name(name, letters)) if adjoint is not None else "",
            ),
            slips=Slips(adjoint=adjoint or "", letters=letters),
        )
    )


def _words(name: str, differential: str | None, why: str, source: str) -> Words:
    if differential is None:
        return Words(f"{name} is linear", why or "A linear map passes the differential on.", source)
    return Words(f"The differential of {name}", why or f"As it was given: d{VALUE} = {differential}.", source)


def _across(name: str, letters: Sequence[str], adjoint: str | None) -> str:
    if adjoint is None:
        return ""
    moved = ",".join([*letters[:-1], "M"])
    return f"⟨{COTANGENT}, {name}({moved})⟩ = ⟨{adjoint}, M⟩"


def _stacked(name: str, letters: Sequence[str], matrix: str) -> str:
    moved = ",".join([*letters[:-1], "M"])
    return f"vec({name}({moved})) = {matrix}*vec(M)"


def _matrix_name(name: str, letters: Sequence[str]) -> str:
    """What the matrix of a map is called that was given none, of an argument m×n."""
    return f"{name}_matrix({','.join([*letters[:-1], 'm', 'n'])})"


# -- entry by entry ----------------------------------------------------------------------------------------------------


def _entrywise(name: str, value: Callable[..., Any], derivative: str | None, domain: str, told: Told) -> Op:
    """A function of every entry; without a derivative it is an unspecified one that has a value."""

    def step(e: Expr) -> Words:
        title = "The chain rule, entry by entry" if e.shape else "The chain rule"
        return Words(title, told.why, told.source)

    computed = Signature(name, None).on_arrays(value)

    if derivative is None:
        op = function(name, value=computed, differential=_no_rule, domain=domain, facts=Facts(unspecified=True))
        return replace(op, normal=_unspecified(name))

    def slope(x: Node) -> Node:
        return formula(name, derivative, {"x": x})

    telling = Telling(step=step) if told.why else NOTHING_TOLD
    return function(name, slope, computed, domain=domain, slips=Slips(derivative=derivative), telling=telling)


def _unspecified(name: str) -> Callable[..., Node]:
    def reading(_: Expr, x: Node) -> Node:
        return elementwise("declared", x, name, 0)

    return reading


def _no_rule(y: Node, dx: Node) -> Node:
    raise FrechetError("unsupported", f"{y.op} stands in the algebra as an unspecified function")


# -- whole arrays ------------------------------------------------------------------------------------------------------


def _letters(name: str, arguments: str | None, count: int) -> tuple[str, ...]:
    """The letters of the arguments in the formulas: X, or those given."""
    letters = tuple(_WORD.findall(arguments)) if arguments is not None else ("X",) if count == 1 else ()
    if len(letters) != count or len(set(letters)) != count:
        raise FrechetError(
            "input", f'{name} has {count} arguments: name each with arguments="A,Q", as the formulas call them'
        )
    taken = {COTANGENT, VALUE} & set(letters)
    if taken:
        raise FrechetError(
            "input", f"{taken.pop()} stands for something else in the rules of {name}: take another letter"
        )
    return letters


@final
class Given:
    """The rules that were given of an operation, as functions of nodes."""

    __slots__ = ("adjoint", "letters", "matrix", "moves", "name", "sizes")

    def __init__(
        self, name: str, sizes: Signature, letters: tuple[str, ...], moves: str | None, adjoint: str, matrix: str
    ) -> None:
        self.name, self.sizes, self.letters = name, sizes, letters
        self.moves, self.adjoint, self.matrix = moves, adjoint, matrix

    def again(self, *args: Node) -> Node:
        """The operation of these nodes; where it is linear in the last, zeros and numbers leave it."""
        shape = atoms.two(self.sizes.rule(tuple(_shape(a) for a in args), (), rigid))
        if not self.adjoint:
            return b.apply(self.name, args, shape)
        *others, last = args
        if atoms.is_zero(last):
            return atoms.zero(*shape)
        outside, last = bare(last)
        return mul(outside, b.apply(self.name, (*others, last), shape))

    def reading(self, _: Expr, *args: Node) -> Node:
        """How an expression reads in the algebra."""
        for a in args:
            b.require_holomorphic(self.name, a)
        return self.again(*args)

    def differential(self, y: Node, *tangents: Node) -> Node:
        """dY by the formula that was given; of a linear map the map of the increment."""
        if self.moves is None:
            if all(atoms.is_zero(t) for t in tangents[:-1]):
                return self.again(*y.args[:-1], tangents[-1])
            moving = next(a for a, t in zip(self.letters, tangents, strict=True) if not atoms.is_zero(t))
            raise FrechetError("unsupported", f"no differential of {self.name} by {moving} was given (differential=…)")
        increments = {f"d{letter}": t for letter, t in zip(self.letters, tangents, strict=True)}
        return self._formula(self.moves, y.args, {VALUE: y, **increments})

    def back(self, y: Node, g: Node) -> Node:
        """The adjoint in the last argument."""
        return self._formula(self.adjoint, y.args, {COTANGENT: g})

    def kronecker(self, y: Node, rows: bool) -> Node:
        """K with vec(Y) = K*vec(last argument); with rows stacked the same map between the transposes."""
        last = y.args[-1]
        if self.matrix:
            k = self._formula(self.matrix, y.args, {})
        else:
            shape = (y.rows * y.cols, last.rows * last.cols)
            sizes = (last.rows, last.cols)
            others = y.args[:-1]
            name = f"{self.name}_matrix"
            k = b.apply(name, others, shape, *sizes) if others else atoms.constant(name, shape, *sizes)
        if not rows:
            return k
        return mul(atoms.commutation(y.rows, y.cols), k, atoms.commutation(last.cols, last.rows))

    def _formula(self, text: str, args: Sequence[Node], more: Mapping[str, Node]) -> Node:
        sizes = self.sizes.sizes([_shape(a) for a in args])
        return formula(self.name, text, {**dict(zip(self.letters, args, strict=True)), **more}, sizes)


def _shape(x: Node) -> Shape:
    return settle(x.shape) if len(x.shape) <= 2 else x.shape


def formula(name: str, text: str, nodes: Mapping[str, Node], sizes: Mapping[str, Dim] | None = None) -> Node:
    """The node of a rule: its text with a node for each name.

    >>> x = atoms.variable("z", (Dim.of("k"),))
    >>> formula("f", "x.^2", {"x": x}) is b.hadamard([(x, 2)])
    True
    """
    known = sizes or {}
    said = _WORD.sub(
        lambda m: f"({known[m.group()]})" if m.group() in known and m.group() not in nodes else m.group(), text
    )
    shapes = tuple((letter, _shape(x)) for letter, x in sorted(nodes.items()))
    try:
        names, expr = _read(said, shapes)
    except FrechetError as trouble:
        raise FrechetError(trouble.kind, f"the rule {text} of {name}: {trouble.message.splitlines()[0]}") from None
    used = {e.params[0] for e in postorder(expr) if e.op.name == "variable"}
    return node_of(expr, {names[letter]: nodes[letter] for letter in used})


@cache
def _read(text: str, shapes: tuple[tuple[str, Shape], ...]) -> tuple[Mapping[str, Expr], Expr]:
    """A rule's text with variables of these shapes, and the variables."""
    names = {letter: variable(letter, shape) for letter, shape in shapes}
    sizes = {n for _, shape in shapes for d in shape for n in d.names}
    return names, read_formula(text, names, sizes=sizes)


# -- what goes with a linear map ---------------------------------------------------------------------------------------


def _map_back(name: str, adjoint: Callable[..., Any], sizes: Signature, letters: tuple[str, ...]) -> Op:
    """The adjoint as an operation of its own, where it was given as a function of arrays."""
    if sizes.count != 1:
        raise FrechetError("input", f"the adjoint of {name}, which has {sizes.count} arguments, is given as a formula")
    back = Signature(f"{name}_adjoint", None)
    if sizes.text:
        if not all(re.fullmatch(r"[A-Za-z]\w*|[1-9]\d*", s) for s in sizes.result):
            raise FrechetError("input", f"the adjoint of {name}, whose value has another size, is given as a formula")
        back = Signature(f"{name}_adjoint", f"({','.join(sizes.result)})->({','.join(sizes.given[0])})")
    there = Given(f"{name}_adjoint", back, ("X",), None, f"{name}({COTANGENT})", "")

    def matrix(y: Node, rows: bool) -> Node:
        """The transpose of the map's own."""
        g = y.args[-1]
        forth = Given(name, sizes, letters, None, f"{name}_adjoint({COTANGENT})", "")
        return T(forth.kronecker(b.apply(name, (y,), g.shape), rows))

    return Op(
        f"{name}_adjoint",
        back.rule,
        back.on_arrays(adjoint),
        normal=there.reading,
        differential=there.differential,
        adjoint=there.back,
        kronecker=matrix,
        domain=("any",),
        example=f"{name}_adjoint(X)",
        doc=f"The adjoint of {name}.",
        source="as given",
        rules=Rules(again=there.again),
        telling=Telling(
            step=_words(f"{name}_adjoint", None, "", "as given"),
            across=_across(f"{name}_adjoint", ("X",), f"{name}({COTANGENT})"),
            stacked=_stacked(f"{name}_adjoint", ("X",), f"{_matrix_name(name, ('X',))}'"),
        ),
        slips=Slips(adjoint=f"{name}({COTANGENT})", letters=("X",)),
        outside=True,
    )


def _matrix(name: str, value: Callable[..., Any], sizes: Signature) -> Op:
    """K with vec(Y) = K*vec(X) as an operation: of the other arguments, and of the sizes of the last."""
    others = sizes.count - 1
    computed = sizes.on_arrays(value)
    rank = len(sizes.given[-1]) if sizes.text else 2

    def rule(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
        """The entries of the value by the entries of the last argument."""
        m, n = (Dim.of(p) for p in params)
        p, q = rows_cols(sizes.rule((*shapes, settle((m, n))), (), unify))
        return settle((p * q, m * n))

    def columns(xp: Any, params: Params, *arrays: Any) -> Any:
        m, n = (int(p) for p in params)
        units = (xp.reshape(u, (n, m)).T for u in xp.eye(m * n))
        images = [computed(xp, (), *arrays, u if rank == 2 and n > 1 else settled(xp, u)) for u in units]
        return settled(xp, xp.stack([xp.reshape(as_matrix(xp, y).T, (-1,)) for y in images], axis=1))

    def reading(e: Expr, *args: Node) -> Node:
        shape = atoms.two(e.shape)
        sizes_given = [Dim.of(p) for p in e.params]
        full = f"{name}_matrix"
        return b.apply(full, args, shape, *sizes_given) if args else atoms.constant(full, shape, *sizes_given)

    def still(y: Node, *tangents: Node) -> Node:
        raise FrechetError("unsupported", f"the second derivative of {name} by its other arguments has no formula here")

    return Op(
        f"{name}_matrix",
        rule,
        columns,
        normal=reading,
        differential=still if others else None,
        domain=("any",) * others,
        example="",
        call="x" * others + "dd",
        doc=f"The matrix K with vec({name}(X)) = K*vec(X), for X m×n.",
        source="as given",
        outside=True,
    )
