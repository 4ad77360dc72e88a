"""``frechet.derive``: from a problem to its derivative in every form, verified.

This is the main road through the house: read the problem, compute each variable's forms, name repeated parts, print,
read back what was printed, check it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from frechet.algebra import build as b
from frechet.algebra.node import Node
from frechet.calculus.forms import Forms, Reader, Symbols
from frechet.calculus.sweep import Chain
from frechet.core.dim import Dim
from frechet.core.expr import Expr, postorder
from frechet.core.rewrite import replace
from frechet.derivative import Context, Derivative, Part
from frechet.errors import FrechetError
from frechet.formula import Formula
from frechet.language import Problem, parse
from frechet.notation.ascii import text
from frechet.notation.naming import BOUND, name_parts
from frechet.notation.write import Writer
from frechet.ops.build import variable
from frechet.ops.normalise import node_of

Shapes = Mapping[str, Sequence[int | str | Dim]]


def derive(
    expression: Formula | str,
    wrt: Formula | str | Sequence[Formula | str] | None = None,
    *,
    shapes: Shapes | None = None,
    assumptions: Mapping[str, Sequence[str]] | None = None,
    functions: Sequence[str] = (),
    order: int = 1,
    verify: bool = True,
    trials: int = 8,
    seed: int = 0,
) -> Derivative:
    """The derivative of an expression by a variable (or several; by every variable when `wrt` is left out).

    `order` 2 asks for the second derivative of a scalar expression.  The answer is checked at random points against
    differences of the expression itself; one that fails raises FrechetError("unverified", …), as does anything that
    cannot be done (the kind says why).  `verify=False` leaves the check out, and the answer says so.

    >>> d = derive("A*B", wrt="B")
    >>> print(d.differential, "|", d.pullback, "|", d.jacobian())
    A*dB | A'*G | kron(eye(p),A)
    >>> derive("x'*A*x", wrt="x").gradient
    (A+A')*x
    """
    if order not in (1, 2):
        raise FrechetError("input", f"order is 1 or 2; got {order}")
    problem = _problem(expression, shapes, assumptions, functions)
    several = wrt is None or not isinstance(wrt, (str, Formula))
    names = _names(wrt, problem)
    setting = Setting(problem, names, tuple(functions))
    if order == 2:
        pairs = [(x, y) for x in names for y in names] if several else [(names[0], names[0])]
        parts = {f"{x},{y}" if several else x: setting.second(x, y) for x, y in pairs}
    else:
        parts = {x: setting.first(x) for x in names}
    found = setting.finish(parts, names, several, order)
    if verify:
        found.check_or_refuse(trials, seed)
    return found


def _problem(
    expression: Formula | str,
    shapes: Shapes | None,
    assumptions: Mapping[str, Sequence[str]] | None,
    functions: Sequence[str],
) -> Problem:
    if isinstance(expression, Formula):
        leaves = [e for e in postorder(expression.expr) if e.op.name == "variable"]
        return Problem(expression.expr, None, {}, {str(e.params[0]): e for e in leaves}, str_or_long(expression.expr))
    return parse(expression, shapes, assumptions, functions)


def str_or_long(e: Expr) -> str:
    """The formula as text, unless sharing makes it too long to be written out."""
    sizes: dict[Expr, int] = {}
    for x in postorder(e):
        sizes[x] = min(1 + sum(sizes[a] for a in x.args), 10**9)
    return text(e) if sizes[e] < 20_000 else f"<an expression of {len(sizes)} parts>"


def _names(wrt: Formula | str | Sequence[Formula | str] | None, problem: Problem) -> list[str]:
    if wrt is None or (not isinstance(wrt, (str, Formula)) and not wrt):
        names = [n for n, e in problem.variables.items() if "constant" not in e.params[1]]
        if not names:
            raise FrechetError("name", "there is no variable to differentiate by")
        return names
    asked = [wrt] if isinstance(wrt, (str, Formula)) else list(wrt)
    names: list[str] = []
    for w in asked:
        name = str(w).strip()
        if name not in problem.variables and (name not in problem.quantities or problem.quantities[name] is problem.value):
            known = [*problem.variables, *(q for q, e in problem.quantities.items() if e is not problem.value)]
            raise FrechetError("name", f"{name} does not occur in the expression; there are: {', '.join(known) or 'none'}")
        if name in problem.variables and "constant" in problem.variables[name].params[1]:
            raise FrechetError("name", f"{name} is declared constant")
        if name not in names:
            names.append(name)
    return names


class Setting:
    """One problem on its way through: its names, its chain of quantities, the writer its formulas share."""

    def __init__(self, problem: Problem, wrt: Sequence[str], functions: tuple[str, ...]) -> None:
        self.problem, self.functions = problem, functions
        freed = {
            problem.quantities[q]: variable(q, problem.quantities[q].shape)
            for q in wrt
            if q not in problem.variables
        }
        self.original = replace(problem.value, freed)
        self.variables = {**problem.variables, **{str(v.params[0]): v for v in freed.values()}}
        present = {e for e in postorder(self.original) if e.op.name == "variable"}
        self.variables = {n: e for n, e in self.variables.items() if e in present or n in wrt}
        sizes = frozenset(
            name
            for e in postorder(self.original)
            for dims in (e.shape, tuple(p for p in e.params if isinstance(p, Dim)))
            for d in dims
            for name in d.names
        )
        self.sizes = sizes
        self.taken = frozenset(problem.variables) | sizes | frozenset(functions) | frozenset(problem.quantities)
        self.symbols = {name: self._symbols(name) for name in wrt}
        self.definitions: dict[str, Expr] = {}
        self.chain, typed = self._chain(freed)
        self.writer = Writer(typed)
        increments = {s.increment for s in self.symbols.values()}
        upstream = {s.upstream for s in self.symbols.values()} | {s.direction for s in self.symbols.values()}
        self.taken |= increments | upstream
        self.chain.taken = self.taken

    def _symbols(self, name: str) -> Symbols:
        def free(options: Sequence[str]) -> str:
            for option in options:
                if option not in self.taken:
                    return option
            k = 1
            while f"{options[0]}{k}" in self.taken:
                k += 1
            return f"{options[0]}{k}"

        return Symbols(free([f"d{name}", f"d_{name}"]), free(["G", "Gbar", "Upstream"]), free(["V", "Vbar", "Direction"]))

    def _chain(self, freed: Mapping[Expr, Expr]) -> tuple[Chain, dict[Expr, Node]]:
        """The value over its quantities, each a leaf with a definition; and the nodes of all that was typed."""
        known: dict[Expr, Node] = {}
        stands: dict[Expr, Expr] = {}  # and everything rewritten with them
        quantities: list[tuple[Node, Node]] = []
        value = self.original
        used = set(postorder(value))
        refreed: dict[Expr, Expr] = dict(freed)
        for name, formula in self.problem.quantities.items():
            e = replace(formula, freed, refreed)
            if e is value or not e.args or e not in used or e in known or len(e.shape) > 2 or name in self.variables:
                continue
            definition = node_of(e, known)
            assumed: list[str] = []
            if not definition.scalar and b.T(definition) is definition:
                assumed.append("symmetric")
            if b.nonnegative(definition) and definition.kind == "apply":
                assumed.append("positive")
            stand = variable(name, e.shape, assumed)
            self.definitions[name] = replace(e, {}, stands)
            known[e], stands[e] = node_of(stand), stand
            quantities.append((known[e], definition))
        chain = Chain(node_of(value, known), quantities, self.problem.name or "f")
        return chain, known

    def first(self, name: str) -> Forms:
        """The forms of the first derivative by one variable."""
        return Reader(self.chain, self.writer, self.taken).first(self.variables[name], self.symbols[name])

    def second(self, x: str, y: str) -> Forms:
        """The forms of a second derivative."""
        plain = Chain(node_of(self.original), [], self.chain.name)
        plain.taken = self.taken
        return Reader(plain, self.writer, self.taken).second(self.variables[x], self.variables[y], self.symbols[y])

    def finish(self, parts: Mapping[str, Forms], names: Sequence[str], several: bool, order: int) -> Derivative:
        """Name what repeats, and put the answer together."""
        where = dict(self.definitions)
        for name, node in self.chain.named.items():
            where[name] = self.writer.write(node)
        made = {key: Part.of(key, forms, order) for key, forms in parts.items()}
        total = self._total(made) if several and order == 1 else None
        every: dict[str, Expr] = {}
        for key, part in made.items():
            every.update({f"{key} {label}": e for label, e in part.exprs.items()})
        if total is not None:
            every["total"] = total
        used = _used(every.values(), where)
        where = {k: e for k, e in where.items() if k in used}
        indices = {p for e in every.values() for n in postorder(e) if n.op.name in BOUND for p in n.params if isinstance(p, str)}
        named = name_parts(every, where, self.taken | frozenset(where) | indices)
        for key, part in made.items():
            part.exprs = {label: named.forms[f"{key} {label}"] for label in part.exprs}
        context = Context(
            self.problem, self.original, self.variables, self.functions, self.sizes, self.symbols, tuple(names), several, order
        )
        return Derivative(context, made, named.where, named.forms.get("total"))

    def _total(self, parts: Mapping[str, Part]) -> Expr | None:
        """The total differential: the sum of the partial ones."""
        from frechet.ops.build import apply

        terms = [p.exprs["differential"] for p in parts.values() if "differential" in p.exprs]
        if len(terms) < len(parts):
            return None
        e = terms[0]
        for t in terms[1:]:
            e = apply("add", (e, t))
        return e


def _used(formulas: object, where: Mapping[str, Expr]) -> set[str]:
    """The names of `where` that the formulas use, through other names too."""
    used: set[str] = set()
    todo = list(formulas)  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
    while todo:
        e: Expr = todo.pop()
        for n in postorder(e):
            if n.op.name == "variable" and n.params[0] in where and n.params[0] not in used:
                used.add(str(n.params[0]))
                todo.append(where[str(n.params[0])])
    return used
