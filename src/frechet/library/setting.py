"""From a problem to its derivative in every form.

This is the main road through the house: read the problem, compute each variable's forms, name repeated parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as replaced
from typing import cast

from frechet.algebra import constructors as b
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.node import CAP, Node
from frechet.calculus.forms import Forms, Reader, Symbols
from frechet.calculus.second import second
from frechet.calculus.structure import Structure, kind_of
from frechet.calculus.sweep import Chain, facts
from frechet.calculus.wirtinger import complex_forms, is_complex, real_valued
from frechet.core.dim import Dim, settle
from frechet.core.expr import Expr, postorder, size_names
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.language import Problem
from frechet.language.calls import NUMBERS
from frechet.language.troubles import visible
from frechet.language.written import as_typed, spelled
from frechet.library.arguments import kind, name_list
from frechet.library.derivative import Derivative
from frechet.library.formula import Formula
from frechet.library.parts import Context, Part, used_names
from frechet.library.problems import Anything, read_problem
from frechet.library.reusing import reuse_names
from frechet.library.shortening import name_products
from frechet.library.words import Assumptions, Language, Like, Order, Shapes
from frechet.notation.ascii import text
from frechet.notation.naming import SHORT, bound_names, name_parts, statements, steps, written_size
from frechet.notation.signs import added, said_in
from frechet.notation.tidy import tidy
from frechet.notation.write import Writer
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of

LONG = 120
"""An expression of more signs is differentiated step by step, each step with a name."""
DEGREE = 16
"""The highest power of sizes that the size of an array may be."""


def solve(
    expression: Anything,
    wrt: Formula | str | Sequence[Formula | str] | None,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    order: Order,
    language: Language = "auto",
    like: Like | None = None,
) -> Derivative:
    """The derivative, not yet checked."""
    if type(order) is not int or order not in (1, 2):
        raise FrechetError("input", f"order is 1 or 2; got {kind(order)}")
    _check_wrt(wrt)
    functions = name_list("functions", functions)
    functions = [*functions, *(f for f in declared_functions(expression) if f not in functions)]
    problem = _problem(expression, shapes, assumptions, functions, language, wrt, like)
    functions = [*functions, *problem.functions]
    _check_degrees(problem.value)
    if not wrt and problem.wrt:
        wrt = problem.wrt[0] if len(problem.wrt) == 1 else problem.wrt
    several = wrt is None or not isinstance(wrt, (str, Formula))
    names = _names(wrt, problem)
    if problem.constraints:
        return _held(problem, lambda: answered(problem, names, functions, order, several))
    return answered(problem, names, functions, order, several)


def _check_wrt(wrt: object) -> None:
    """Refuse what is no name and no list of names; an expression is not differentiated by."""
    asked = cast("list[object]", list(wrt)) if isinstance(wrt, (list, tuple)) else [wrt]  # pyright: ignore
    for one in asked:
        if isinstance(one, Dim):
            raise FrechetError("name", f"{one} is a size, a whole number: there is no derivative by it")
        if isinstance(one, Formula) and one.expr.op.name != "variable":
            raise FrechetError("name", f"{str(one)[:60]} is no variable: differentiate by one, or give it a name first")
        if one is not None and not isinstance(one, (str, Formula)):
            raise FrechetError("input", f"wrt is a name or a list of names; got {kind(one)}")
    if isinstance(wrt, (list, tuple)) and None in asked:
        raise FrechetError("input", "wrt is a name or a list of names; got None in it")


def _held(problem: Problem, answer: Callable[[], Derivative]) -> Derivative:
    """An answer whose sizes must satisfy equations that could not be solved: a misfit is theirs, and is said so."""
    try:
        return answer()
    except FrechetError as trouble:
        if trouble.kind != "shape":
            raise
        equations = ", ".join(f"{left} = {right}" for left, right in problem.constraints)
        raise FrechetError(
            "unsupported", f"the sizes must satisfy {equations}: say which they are, with declared shapes"
        ) from trouble


def answered(problem: Problem, names: list[str], functions: Sequence[str], order: Order, several: bool) -> Derivative:
    """The derivative of a problem that has been read, not yet checked."""
    setting = Setting(problem, names, tuple(functions))
    if order == 2:
        pairs = [(x, y) for x in names for y in names] if several else [(names[0], names[0])]
        parts = {f"{x},{y}" if several else x: setting.second(x, y) for x, y in pairs}
    else:
        parts = {x: setting.first(x) for x in names}
    return setting.finish(parts, names, several, order)


def _problem(
    expression: Anything,
    shapes: Shapes | None,
    assumptions: Assumptions | None,
    functions: Sequence[str],
    language: Language,
    wrt: Formula | str | Sequence[Formula | str] | None,
    like: Like | None,
) -> Problem:
    """The problem as read, a long one as a chain of steps."""
    asked = [wrt] if isinstance(wrt, (str, Formula)) else wrt if isinstance(wrt, (list, tuple)) else []
    names = [str(name) for name in asked]
    problem = read_problem(expression, shapes, assumptions, functions, language, names, like)
    if problem.quantities or written_size(problem.value) <= LONG:
        return problem
    quantities = _steps(problem.value, problem.variables, [*functions, *problem.functions])
    if not isinstance(expression, Formula):
        return replaced(problem, quantities=quantities)
    return replaced(problem, quantities=quantities, text="; ".join(statements(problem.value, quantities, text)))


def declared_functions(expression: Anything) -> list[str]:
    """The unspecified functions in a formula that was built; a text says nothing of them."""
    if not isinstance(expression, Formula):
        return []
    found = (str(e.params[0]) for e in postorder(expression.expr) if e.op.name == "declared")
    return list(dict.fromkeys(found))


def _steps(root: Expr, variables: Mapping[str, Expr], functions: Sequence[str]) -> dict[str, Expr]:
    """A long expression as a chain of named steps: then its derivative is one too."""
    sizes = {name for e in variables.values() for d in e.shape for name in d.names}
    return steps(root, frozenset(variables) | frozenset(functions) | sizes, SHORT)


def _check_degrees(value: Expr) -> None:
    """Refuse arrays whose sizes are powers that nobody could write out, as of a tower of Kronecker products."""
    for shape in dict.fromkeys(e.shape for e in postorder(value)):
        for size in shape:
            if any(sum(power for _, power in monomial) > DEGREE for monomial, _ in size.terms):
                raise FrechetError("limit", f"an array in the expression has a size of degree above {DEGREE}, {size}")


def _names(wrt: Formula | str | Sequence[Formula | str] | None, problem: Problem) -> list[str]:
    """The variables to differentiate by: those asked for, else all that the value depends on and may move."""
    within = {str(e.params[0]): e for e in postorder(problem.value) if e.op.name == "variable"}
    if wrt is None or (not isinstance(wrt, (str, Formula)) and not wrt):
        names = [n for n, e in problem.variables.items() if n in within and "constant" not in e.params[1]]
        if not names:
            raise FrechetError("name", "there is no variable to differentiate by")
        return names
    asked = [wrt] if isinstance(wrt, (str, Formula)) else list(wrt)
    names: list[str] = []
    for w in asked:
        name = spelled(str(w), [*problem.variables, *problem.quantities])
        _occurs(name, problem)
        if isinstance(w, Formula) and problem.variables.get(name, w.expr) is not w.expr:
            raise FrechetError(
                "name", f"{name} is another variable in the expression: of different shape or assumptions"
            )
        if name in problem.variables and "constant" in problem.variables[name].params[1]:
            raise FrechetError("name", f"{name} is declared constant")
        if name not in names:
            names.append(name)
    return names


def _occurs(name: str, problem: Problem) -> None:
    """Refuse a name that is no variable of the problem and no quantity on the way to its value."""
    within = [*problem.variables, *(q for q, e in problem.quantities.items() if e is not problem.value)]
    if name in within:
        return
    known = as_typed(within, problem.typed or problem.text)
    if not name:
        raise FrechetError("name", "the variable to differentiate by has no name")
    member = next((clause for clause in problem.assumed if clause.startswith(f"{name} is ")), None)
    if member is not None:
        raise FrechetError("name", f"{member}: differentiate by all of it")
    if name == problem.name:
        raise FrechetError("name", f"{name} is the value itself: differentiate by one of {', '.join(known) or 'none'}")
    if name in NUMBERS:
        raise FrechetError("name", f"{name} is the number here: declare its shape where it is a variable")
    if any(name in d.names for e in problem.variables.values() for d in e.shape):
        raise FrechetError("name", f"{name} is a size, a whole number: there is no derivative by it")
    there = ", ".join(known) or "none"
    raise FrechetError("name", f"{visible(name)[:60]} does not occur in the expression; there are: {there}")


ASIDE = ("index", "tensor", "vech")
"""Forms that stand beside the formula itself: what repeats only in them is not named in the others."""


class Setting:
    """One problem on its way through: its names, its chain of quantities, the writer its formulas share."""

    def __init__(self, problem: Problem, wrt: Sequence[str], functions: tuple[str, ...]) -> None:
        self.problem, self.functions = problem, functions
        self.complex = any(is_complex(e) for e in problem.variables.values())
        freed = {problem.quantities[q]: self._free(q) for q in wrt if q not in problem.variables}
        self.freed = freed
        self.original = replace(problem.value, freed)
        self.variables = {**problem.variables, **{str(v.params[0]): v for v in freed.values()}}
        present = {e for e in postorder(self.original) if e.op.name == "variable"}
        self.variables = {n: e for n, e in self.variables.items() if e in present}
        for name in wrt:
            if name not in self.variables:
                held = [q for q in wrt if q not in problem.variables]
                when = f" when {', '.join(held)} {'is' if len(held) == 1 else 'are'} held" if held else ""
                raise FrechetError("name", f"{problem.name or 'the value'} does not depend on {name}{when}")
        sizes = size_names(self.original)
        self.sizes = sizes
        self.taken = frozenset(problem.variables) | sizes | frozenset(functions) | frozenset(problem.quantities)
        self.symbols = {name: self._symbols(name) for name in wrt}
        self.definitions: dict[str, Expr] = {}
        self.read: dict[Expr, Node] = {}
        """The nodes of all that the problem's formulas are made of."""
        self.chain = self._chain(freed)
        increments = {s.increment for s in self.symbols.values()}
        upstream = {s.upstream for s in self.symbols.values()} | {s.direction for s in self.symbols.values()}
        self.taken |= increments | upstream
        self.writer = Writer(self.taken, sums=True, said=said_in(self.read))
        self.chain.taken = self.taken
        self.known = frozenset(self.writer.write(x) for x in self.read.values() if x.args and x.weight < CAP)
        """What the problem computes on the way to its value, as it is written in an answer."""

    def _free(self, quantity: str) -> Expr:
        """The variable that an intermediate quantity is when it is held as if free."""
        definition = self.problem.quantities[quantity]
        assumed = ["complex"] if self.complex and not real_valued(node_of(definition)) else []
        return variable(quantity, definition.shape, assumed)

    def _symbols(self, name: str) -> Symbols:
        def free(options: Sequence[str]) -> str:
            for option in options:
                if option not in self.taken:
                    return option
            k = 1
            while f"{options[0]}{k}" in self.taken:
                k += 1
            return f"{options[0]}{k}"

        return Symbols(
            free([f"d{name}", f"d_{name}"]), free(["G", "Gbar", "Upstream"]), free(["V", "Vbar", "Direction"])
        )

    def _chain(self, freed: Mapping[Expr, Expr]) -> Chain:
        """The value over its quantities, each a leaf with a definition."""
        known = self.read
        stands: dict[Expr, Expr] = {}  # and everything rewritten with them
        quantities: list[tuple[Node, Node]] = []
        value = replace(self.problem.value, freed)
        used = set(postorder(value))
        refreed: dict[Expr, Expr] = dict(freed)
        for name, formula in self.problem.quantities.items():
            e = replace(formula, freed, refreed)
            if e is value or not e.args or e not in used or e in known or len(e.shape) > 2 or name in self.variables:
                continue
            definition = node_of(e, known)
            assumed = facts(definition)
            if b.nonnegative(definition) and definition.kind == "apply":
                assumed.append("positive")
            stand = variable(name, e.shape, assumed)
            self.definitions.setdefault(name, self._shown(replace(e, {}, stands)))
            known[e], stands[e] = node_of(stand), stand
            quantities.append((known[e], definition))
        chain = Chain(node_of(value, known), quantities, self.problem.name or "f")
        return chain

    @staticmethod
    def _shown(definition: Expr) -> Expr:
        """A definition as it is shown: what came from a formula in index form as the matrix formula it is."""
        if any(e.op.name == "einsum" for e in postorder(definition)):
            return Writer().write(node_of(definition))
        return definition

    def symbol_nodes(self) -> dict[Expr, Node]:
        """The nodes of the increments, of the directions and of the cotangents, by their names."""
        read: dict[Expr, Node] = {}
        for name, symbols in self.symbols.items():
            shape = self.variables[name].shape
            for symbol, of, fact in (
                (symbols.increment, shape, "increment"),
                (symbols.direction, shape, "upstream"),
                (symbols.upstream, settle(self.chain.value.shape), "upstream"),
            ):
                read[variable(symbol, of)] = leaf(symbol, of, (fact,))
        for stand in self.chain.stands:
            read[self.writer.write(stand)] = stand
        return read

    def first(self, name: str) -> Forms:
        """The forms of the first derivative by one variable."""
        variable_, symbols = self.variables[name], self.symbols[name]
        if self.complex:
            self._no_structure(variable_)
            return complex_forms(Reader(self.chain, self.writer, self.taken), self.original, variable_, symbols)
        if kind_of(variable_) is None:
            return Reader(self.chain, self.writer, self.taken).first(variable_, symbols)
        structure = Structure(variable_)
        chain, back = self._twin(structure)
        forms = Reader(chain, self.writer, self.taken, structure, back).first(variable_, symbols)
        self.chain.named.update(chain.named)
        return forms

    def _twin(self, structure: Structure) -> tuple[Chain, dict[Node, Node]]:
        """The chain with the structured variable's free twin in its place, and how to get back from it."""
        chain = self._chain({**self.freed, structure.variable: structure.twin})
        chain.taken = self.taken
        back = {node_of(structure.twin): node_of(structure.variable)}
        own = {str(q.params[0]): q for q, _ in self.chain.quantities}
        for q, _ in chain.quantities:
            mine = own.get(str(q.params[0]))
            if mine is not None and mine is not q:
                back[q] = mine
        return chain, back

    @staticmethod
    def _no_structure(x: Expr) -> None:
        if kind_of(x) is not None:
            name = x.params[0]
            raise FrechetError(
                "unsupported", f"{name} is structured and stands beside complex variables: drop one of them"
            )

    def second(self, x: str, y: str) -> Forms:
        """The forms of a second derivative."""
        rows, cols = self.variables[x], self.variables[y]
        if is_complex(rows) or is_complex(cols):
            raise FrechetError(
                "unsupported",
                "a second derivative by a complex variable is four blocks, by Z and conj(Z) twice over, "
                "and no one matrix: differentiate one of the first derivatives again",
            )
        if self.complex and not real_valued(node_of(self.original)):
            raise FrechetError("unsupported", "a second derivative of a complex value is not given")
        tied = [v for v in dict.fromkeys((rows, cols)) if kind_of(v) is not None]
        if len(tied) > 1:
            raise FrechetError("unsupported", "a mixed second derivative by two structured variables")
        structure = Structure(tied[0]) if tied else None
        original, back = self.original, dict[Node, Node]()
        if structure:
            original = replace(original, {structure.variable: structure.twin})
            back = {node_of(structure.twin): node_of(structure.variable)}
        plain = Chain(node_of(original), [], self.chain.name)
        plain.taken = self.taken
        return second(Reader(plain, self.writer, self.taken, structure, back), rows, cols, self.symbols[y])

    def finish(self, parts: Mapping[str, Forms], names: Sequence[str], several: bool, order: Order) -> Derivative:
        """Name what repeats, and put the answer together."""
        where = dict(self.definitions)
        for name, node in self.chain.named.items():
            where[name] = self.writer.write(tidy(node, self.writer))
        made = {key: Part.of(key, forms) for key, forms in parts.items()}
        if order == 1:
            reuse_names(self, made, where)
        new = name_products(self, made, where)
        total = self._total(made) if several and order == 1 else None
        every: dict[str, Expr] = {}
        for key, part in made.items():
            every.update({f"{key} {label}": e for label, e in part.exprs.items()})
        if total is not None:
            every["total"] = total
        used = used_names(every.values(), where) | {*new}
        where = {k: e for k, e in where.items() if k in used}
        indices = bound_names(every.values())
        aside = [
            label for label in every if label.partition(" ")[2].startswith(ASIDE) or label.endswith("free entries")
        ]
        named = name_parts(every, where, self.taken | frozenset(where) | indices, aside, self.known, new)
        for key, part in made.items():
            part.exprs = {label: named.forms[f"{key} {label}"] for label in part.exprs}
        context = Context(
            self.problem,
            self.original,
            self.variables,
            self.functions,
            self.sizes,
            self.symbols,
            tuple(names),
            several,
            order,
        )
        return Derivative(context, made, named.where, named.forms.get("total"))

    def _total(self, parts: Mapping[str, Part]) -> Expr | None:
        """The total differential: the sum of the partial ones."""
        terms = [p.exprs["differential"] for p in parts.values() if "differential" in p.exprs]
        if len(terms) < len(parts):
            return None
        return added(terms)
