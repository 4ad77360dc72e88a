"""From nodes of the algebra to a program.

A node that is multilinear is taken apart into one network (products, traces, Kronecker products, diagonals, einsums all
alike) and contracted in the cheapest order.  What stands in a network as a factor is lowered by itself: a variable, a
sum, a function.  An inverse as a factor is a solve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import final

from frechet.algebra.atoms import U, is_op, number
from frechet.algebra.constructors import T, parts, scale
from frechet.algebra.constructors.products import unturned
from frechet.algebra.definite import semidefinite
from frechet.algebra.network.indices import Network
from frechet.algebra.network.lowering import lower, plain
from frechet.algebra.network.reducing import unfused
from frechet.algebra.node import Node, postorder
from frechet.algebra.triangular import is_triangular
from frechet.compiler.distribution import is_cheaper
from frechet.compiler.factors import Factor, Inverse, Pick, contracted
from frechet.compiler.spread import Spread, added, dense, whole
from frechet.compiler.values import Dims, Labels, Program, Value
from frechet.core.dim import ONE, Dim, settle
from frechet.core.expr import Expr
from frechet.core.expr import postorder as in_order
from frechet.core.records import RECORDS, code
from frechet.ops.expressions import variable as named

WIDE = 8
"""In how many terms one product may be distributed over sums with a diagonal or thin part."""


@final
class Lowering:
    """The program of some nodes.

    named   what is computed once and called by a name: leaf → its value
    sizes   integers for the names of sizes, by which orders are weighed
    """

    def __init__(self, roots: Iterable[Node], sizes: Mapping[str, int], real: bool) -> None:
        self.program = Program(real)
        self.named: dict[Node, Value] = {}
        self.sizes = sizes
        self.shared: Counter[Node] = Counter(a for x in postorder(roots) for a in set(map(unturned, x.args)))
        self.weighed = False
        """Whether an order was chosen by the sizes."""
        self._arrays: dict[Node, Value] = {}
        self._meant: dict[Node, Node] = {}
        """What the leaves stand for that are computed under a name."""
        self._spreads: dict[Node, Spread] = {}

    def size(self, d: Dim) -> int:
        """The integer that stands for a size."""
        self.weighed = True
        return max(1, int(d.evaluate(self.sizes)))

    def name(self, leaf: Node, definition: Node, name: str) -> None:
        """Compute `definition` under a name, wherever the leaf stands."""
        value = self.array(definition)
        if not value.name and value.kind not in ("input", "number", "size"):
            value.name = name
        self.named[leaf] = value
        self._meant[leaf] = self._meant.get(definition, definition)

    # -- arrays --------------------------------------------------------------------------------------------------------

    def array(self, x: Node) -> Value:
        """The node as an array with all its axes but those of size one."""
        found = self._arrays.get(x)
        if found is None:
            found = dense(self.program, self.spread(x), live(x))
            if found.node is None:
                found.node = x
            found.symmetric = found.symmetric or (len(x.shape) == 2 == len(found.dims) and T(x) is x)
            self._arrays[x] = found
        return found

    def spread(self, x: Node) -> Spread:
        """The node as a value spread over its axes."""
        found = self._spreads.get(x)
        if found is None:
            found = self._spread(x)
            self._spreads[x] = found
        return found

    def _spread(self, x: Node) -> Spread:
        program = self.program
        if x.kind == "leaf":
            return self._leaf(x)
        if x.kind == "transpose":
            s = self.spread(x.args[0])
            return Spread(s.value, s.at, s.out[::-1])
        if x.kind == "conj":
            return self._entrywise("conj", (), x)
        if x.kind == "sum":
            turned = [t.kind == "product" and c < 0 for t, c in x.terms]  # the sign may go into a factor
            terms = [
                (-c, self.spread(scale(-1, t))) if turn else (c, self.spread(t))
                for (t, c), turn in zip(x.terms, turned, strict=True)
            ]
            return added(program, terms, live(x))
        if x.kind == "apply":
            return self._applied(x)
        if x.kind == "product" and not x.chain:
            factors = [(program.power(self.array(s), e), ()) for s, e in x.terms]
            return whole(program.product(x.coef, factors, ()))
        if x.kind == "hadamard" and len(x.terms) == 1:
            ((base, e),) = x.terms
            s = self.spread(base)
            return Spread(program.power(s.value, e), s.at, s.out)
        net = Network()
        idx = tuple(net.index(d) for d in x.shape)
        lower(net, x, idx, None, {x})
        return self.network(net, idx)

    def _leaf(self, x: Node) -> Spread:
        program = self.program
        if x in self.named:
            return whole(self.named[x])
        if x.op == "variable":
            return whole(program.input(str(x.params[0]), live(x)))
        if x.op == "number":
            return whole(program.rational(x.params[0]))
        if x.op == "size":
            return whole(program.make("size", (), x.params[0], ()))
        axes = tuple(range(len(live(x))))
        if is_op(x, "eye"):
            return Spread(program.rational(1), (), (0, 0))
        if is_op(x, "ones"):
            return Spread(program.rational(1), (), axes)
        if is_op(x, "zeros"):
            return Spread(program.rational(0), (), axes)
        if is_op(x, "commutation"):
            net = Network()
            idx = tuple(net.index(d) for d in x.shape)
            plain(net, x, idx)
            return self.network(net, idx)
        full = settle(x.shape)
        made = program.make("constant", (), (x.op, x.params), full)
        return whole(program.reshape(made, live(x)))

    def _applied(self, x: Node) -> Spread:
        record, program = RECORDS[x.op], self.program
        role = code(x.op).role
        if role and not x.args[0].scalar:
            a, how = self.array(x.args[0]), self._how(x.args[0])
            return whole(program.make(role, (a,), how, live(x)))
        if record.elementwise:
            return self._entrywise(x.op, x.params[1:] if x.params[:1] == ("elementwise",) else x.params, x)
        args = [self._settled(a) for a in x.args]
        if record.written is not None:
            return whole(program.reshape(self._as_written(record.written, x, args), live(x)))
        made = program.make("call", args, (x.op, x.params), settle(x.shape))
        return whole(program.reshape(made, live(x)))

    def _as_written(self, written: Callable[..., Expr], x: Node, args: Sequence[Value]) -> Value:
        """What the language writes with other operations, or with its arguments in another order."""
        places = [named(f"argument {k}", settle(a.shape)) for k, a in enumerate(x.args)]
        values = dict(zip(places, args, strict=True))
        root = written(*places, *x.params)
        for e in in_order(root):
            if e in values:
                continue
            if not e.args:
                values[e] = self.program.make("constant", (), (e.op.name, e.params), e.shape)
            else:
                below = [values[a] for a in e.args]
                values[e] = self.program.make("call", below, (e.op.name, e.params), e.shape)
        return values[root]

    def _how(self, a: Node) -> str:
        """How a matrix is factored; of a name what it stands for says it."""
        return kind_of(self._meant.get(a, a))

    def _same(self, a: Node) -> bool:
        """Whether a matrix is its own transpose."""
        meant = self._meant.get(a, a)
        return T(meant) is meant

    def _settled(self, x: Node) -> Value:
        """The array as value functions want it: a row keeps its axis of size one."""
        return self.program.reshape(self.array(x), settle(x.shape))

    def _entrywise(self, op: str, params: tuple[object, ...], x: Node) -> Spread:
        """A function of every entry; of an array that repeats along an axis, computed once."""
        if len(x.args) == 1:
            s = self.spread(x.args[0])
            if not s.tied:
                return Spread(self.program.make("call", (s.value,), (op, params), s.value.dims), s.at, s.out)
        args = [self.array(a) for a in x.args]
        return whole(self.program.make("call", args, (op, params), live(x)))

    # -- networks ------------------------------------------------------------------------------------------------------

    def network(self, net: Network, outs: Sequence[int]) -> Spread:
        """A network as a value spread over its outputs."""
        nets = self._distributed(net, outs)
        axes = tuple(d for d in (net.dims[net.find(o)] for o in outs) if d != ONE)
        fine = [tuple(d for o in outs for d in self._dims(n, o)) for n in nets]
        coefs, spreads = map(list, zip(*(self._one(n, outs) for n in nets), strict=True))
        if any(dims != fine[0] for dims in fine):  # the axes are split in several ways
            spreads = [self._joined(s, dims, axes) for s, dims in zip(spreads, fine, strict=True)]
            fine = [axes]
        terms = list(zip(coefs, spreads, strict=True))
        merged = spreads[0] if len(terms) == 1 and coefs[0] == 1 else added(self.program, terms, fine[0])
        return merged if len(fine[0]) == len(axes) else self._joined(merged, fine[0], axes)

    def _joined(self, s: Spread, fine: Dims, axes: Dims) -> Spread:
        """The array with the axes that were split put together."""
        return s if fine == axes else whole(self.program.reshape(dense(self.program, s, fine), axes))

    def _dims(self, net: Network, i: int) -> list[Dim]:
        return [net.dims[k] for k in unfused(net, i)]

    def _distributed(self, net: Network, outs: Sequence[int]) -> list[Network]:
        """The network, or one a term where a factor is a sum with a diagonal or thin part that none else needs."""
        done: list[Network] = []
        todo = [net]
        width = sum(len(self._dims(net, o)) for o in outs)
        while todo:
            n = todo.pop(0)
            places = range(len(n.factors) if len(done) + len(todo) < WIDE else 0)
            made = next((m for k in places if (m := self._apart(n, k, outs, width))), None)
            if made is None:
                done.append(n)
            else:
                todo = made + todo
        return done

    def _apart(self, n: Network, at: int, outs: Sequence[int], width: int) -> list[Network] | None:
        """The network with a factor that is a sum multiplied out, where that is better."""
        x, idx = n.factors[at]
        if x.kind != "sum" or len(n.factors) < 2 or len(live(x)) < 2 or x in self._arrays:
            return None
        thin = sum(map(_thin, (t for t, _ in x.terms)))
        uses = self.shared[x]
        made: list[Network] = []
        for t, c in x.terms:
            other = n.copy()
            del other.factors[at]
            if c != 1:
                other.scalars.append(scale(c, number(1)))
            plain(other, t, idx)
            made.append(other)
        alone = uses <= 1 and (thin > 0 or (width <= 1 and len(x.shape) == 2))
        return made if thin == len(x.terms) or alone or is_cheaper(n, made, outs, x, uses, self.size) else None

    def _one(self, net: Network, outs: Sequence[int]) -> tuple[Fraction, Spread]:
        """One network without sums to distribute: its scalars times its factors, contracted; with its coefficient."""
        program = self.program
        out = tuple(i for o in outs for i in unfused(net, o))
        if net.zero:
            return U, Spread(program.rational(0), (), out)
        factors: list[Factor] = []
        scalars = [self.array(s) for s in net.scalars]
        for node, at in net.factors:
            labels = tuple(i for k in at for i in unfused(net, k))
            if is_op(node, "eye"):  # two ways to split one axis: the identity itself, reshaped
                made = dense(program, self._leaf(node), node.shape)
                factors.append(Factor(labels, program.reshape(made, [net.dims[i] for i in labels])))
            else:
                factors += self._factor(node, labels, [net.dims[i] for i in labels], scalars)
        dims = {i: net.dims[i] for f in factors for i in f.labels}
        for i in out:
            dims[i] = net.dims[i]
        free = self._free_sums(net, factors, out)
        scalars += [
            program.make("size", (), d, ()) if d.number is None else program.rational(int(d.number)) for d in free
        ]
        coef, others = Fraction(1), list[Value]()
        for v in scalars:
            if v.kind == "number":
                coef *= v.data
            else:
                others.append(v)
        if coef == 0:
            return U, Spread(program.rational(0), (), out)
        if coef < 0:
            coef, factors = self._without_sign(net, coef, factors)
        coef, made, labels = contracted(program, factors, out, dims, self.size, coef, others)
        return coef, Spread(made, labels, out)

    def _without_sign(self, net: Network, coef: Fraction, factors: list[Factor]) -> tuple[Fraction, list[Factor]]:
        """The sign put into a difference that stands only here: 2*A'*(A*x-b), not -2*A'*(b-A*x)."""
        sums = [node for node, _ in net.factors if node.kind == "sum" and self.shared[node] <= 1]
        alone = {self._arrays.get(node) or self.spread(node).value for node in sums}
        for k, f in enumerate(factors):
            if f.value is not None and f.value.kind == "sum" and f.value in alone and not f.value.name:
                turned = Factor(f.labels, self.program.negated(f.value))
                return -coef, [*factors[:k], turned, *factors[k + 1 :]]
        return coef, factors

    def _factor(self, node: Node, labels: Labels, dims: Sequence[Dim], scalars: list[Value]) -> list[Factor]:
        """A factor by its value; an inverse stays one, and what repeats along an axis has no label there."""
        program = self.program
        if node.kind == "apply" and code(node.op).role == "inverse" and len(labels) == 2 == len(live(node)):
            a = node.args[0]
            return [Factor(labels, None, Inverse(self.array(a), self._how(a), self._same(a)))]
        pick = _pick(node)
        if pick is not None and len(live(node)) == len(labels):
            return [Factor(labels, None, pick=Pick(self.array(node), *pick))]
        if len(live(node)) != len(labels):
            return [Factor(labels, program.reshape(self.array(node), dims))]
        s = self.spread(node)
        if s.tied:
            return [Factor(labels, self.array(node))]
        if len(s.at) == 2 == len(node.shape) and T(node) is node:
            s.value.symmetric = True
        if s.value.node is None and s.value.kind != "number" and len(s.at) == len(labels):
            s.value.node = node if s.at == s.out else None
        if s.value.kind == "number":
            scalars.append(s.value)
            return []
        return [Factor(tuple(labels[k] for k in s.places()), s.value)]

    def _free_sums(self, net: Network, factors: Sequence[Factor], out: Labels) -> list[Dim]:
        """The sizes of the axes that are summed over and that no factor has."""
        met = {i for f in factors for i in f.labels} | set(out)
        free: list[Dim] = []
        for i in range(len(net.parent)):
            if net.find(i) == i and i not in net.split and net.dims[i] != ONE and i not in met:
                free.append(net.dims[i])
        return free


def live(x: Node) -> Dims:
    """The sizes of a node's axes, without those of size one."""
    return tuple(d for d in x.shape if d != ONE)


def kind_of(a: Node) -> str:
    """How a matrix is factored: "definite" by Cholesky, "lower" and "upper" not at all, "general" by LU."""
    if semidefinite(a) and not a.complex:  # what is factored has an inverse
        return "definite"
    if is_triangular(a, True):
        return "lower"
    return "upper" if is_triangular(a, False) else "general"


def _pick(x: Node) -> tuple[Dim, Dim | None] | None:
    """Where a constant of one 1 in each row cuts: what stands before it, and how much; None for anything else."""
    if x.kind != "leaf":
        return None
    if x.op == "select":
        return x.params[0], x.params[1]
    return (x.params[0] - 1, None) if is_op(x, "unit") else None


def _thin(t: Node) -> bool:
    """Whether a term is a diagonal matrix or an outer product: what is multiplied without being formed."""
    if is_op(t, "eye") or t.kind == "diag":
        return True
    _, _, chain = parts(t)
    if not chain:
        return False
    if len(chain) == 1:
        return chain[0] is not t and _thin(chain[0])
    if all(is_op(unturned(f), "ones") for f in chain):
        return False  # a number that repeats
    return any(f.cols == ONE for f in chain[:-1]) or all(f.kind == "diag" for f in chain)
