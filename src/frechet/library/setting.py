"""One problem on its way through: its names, its chain of quantities, each variable's forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from frechet.algebra import constructors as b
from frechet.algebra.atoms import CENTRED
from frechet.algebra.atoms import variable as leaf
from frechet.algebra.network.contraction import summed
from frechet.algebra.node import CAP, Node
from frechet.calculus.forms import TOO_LARGE, Forms, Reader, Symbols
from frechet.calculus.gateways import gateways
from frechet.calculus.second import second
from frechet.calculus.structure import Structure, kind_of
from frechet.calculus.sweep import Chain, facts
from frechet.calculus.wirtinger import complex_forms, is_complex, real_valued
from frechet.core.dim import settle
from frechet.core.expr import Expr, postorder, size_names
from frechet.core.rewrite import replace
from frechet.errors import FrechetError
from frechet.language import Problem
from frechet.notation.ascii import text
from frechet.notation.naming import SHORT, written_size
from frechet.notation.signs import said_in
from frechet.notation.write import Writer
from frechet.ops.expressions import variable
from frechet.ops.normalise import node_of


class Setting:
    """One problem on its way through: its names, its chain of quantities, the writer its formulas share."""

    def __init__(self, problem: Problem, wrt: Sequence[str], functions: tuple[str, ...]) -> None:
        self.problem, self.functions = problem, functions
        constants = any(e.op.facts.complex for e in postorder(problem.value) if not e.args)
        self.complex = constants or any(is_complex(e) for e in problem.variables.values())
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
        self.said = said_in(self.read)
        self.writer = Writer(self.taken, sums=True, said=self.said)
        self.chain.taken = self.taken

    def known(self) -> frozenset[Expr]:
        """What the problem computes on the way to its value, as it is written in an answer."""
        asked = self.writer.said is self.said
        writer = self.writer if asked else Writer(self.taken, sums=True, said=self.said)
        return frozenset(writer.write(x) for x in self.read.values() if x.args and x.weight < CAP)

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
            if e is value or not e.args or e not in used or e in known or name in self.variables:
                continue
            definition = node_of(e, known)
            assumed = facts(definition)
            if b.nonnegative(definition) and definition.kind == "apply":
                assumed.append("positive")
            assumed += self._centred(definition, quantities)
            stand = variable(name, e.shape, assumed)
            self.definitions.setdefault(name, self._shown(replace(e, {}, stands)))
            known[e], stands[e] = node_of(stand), stand
            quantities.append((known[e], definition))
        chain = Chain(node_of(value, known), quantities, self.problem.name or "f")
        return chain

    @staticmethod
    def _centred(definition: Node, quantities: list[tuple[Node, Node]]) -> list[str]:
        """The axes along which the entries of a tensor add up to zero: the third, of X less its means along it.

        (Of matrices the calculus sees as much in the chain itself.)
        """
        if len(definition.shape) <= 2 or b.parts(definition)[2][0].kind != "sum":
            return []
        chain = Chain(definition, quantities, "")
        along = range(len(definition.shape))
        return [f"{CENTRED}{k + 1}" for k in along if chain.vanishes(summed(definition, k))]

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
        forms = second(Reader(plain, self.writer, self.taken, structure, back), rows, cols, self.symbols[y])
        if TOO_LARGE in forms.missing.get("hessian", "") and x == y:
            forms.missing["hessian"] += self._way_out(rows)
        return forms

    def _way_out(self, x: Expr) -> str:
        """The innermost part that the value depends on x through: by a name for it the matrix is shorter."""
        for part in gateways(self.original, x):
            if written_size(part) <= SHORT:
                return f"; by {text(part)}, as a variable of its own, it is shorter"
        return ""
