"""A problem as SciPy's optimisers want it: functions of one flat vector, as the keyword arguments of `minimize`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any, Literal, cast, final

from frechet.algebra.node import COMPLEX
from frechet.calculus.structure import kind_of
from frechet.core.dim import show
from frechet.core.expr import Expr
from frechet.errors import FrechetError
from frechet.library.arguments import by_name
from frechet.library.compiled import Compiled, compiled, other_order
from frechet.library.numbers import bind, learn
from frechet.library.words import CURVATURES, check_word

if TYPE_CHECKING:
    from frechet.library.answered import Answered
    from frechet.library.words import Array, Curvature, Numbers
    from frechet.operators.operator import Operator

LARGEST = 2000
"""Up to so many entries of the variables the Hessian is a dense matrix where nothing else is asked for (32 MB)."""


@final
class ForScipy(Mapping[str, Any]):
    """The keyword arguments of `scipy.optimize.minimize`: `fun`, `jac`, `hess` or `hessp`, `x0` if there is a start.

    Of a value that is an array they are those of `least_squares` and `root`: `fun` and `jac`.  The flat vector holds
    the variables one after the other, each as ``.ravel()`` gives it; `unpack` gives them back in their shapes.

    >>> import frechet as fr
    >>> from scipy.optimize import minimize
    >>> d = fr.derive("norm2(A*x-b)^2", wrt="x", shapes={"b": ["m"]})
    >>> problem = d.for_scipy(A=[[1, 0], [1, 1]], b=[2, 5])
    >>> found = minimize(**problem, x0=[0, 0], method="trust-exact")
    >>> problem.unpack(found.x)["x"].round(6)
    array([2., 3.])
    """

    def __init__(self, d: Answered, curvature: Curvature, values: Mapping[str, object]) -> None:
        check_word("curvature", curvature, CURVATURES)
        context = d.context
        self._names = tuple(context.names)
        self._variables = {name: _free(name, context.variables[name]) for name in self._names}
        self._value = context.original.shape
        spoken = {*context.variables, *context.functions, *context.sizes}
        for name in values:
            if name not in spoken:
                raise FrechetError("input", f"there is no {name} here; the names are {', '.join(sorted(spoken))}")
        fixed, self._sizes = bind({n: e for n, e in context.variables.items() if n in values}, values)
        self._data: dict[str, Any] = {n: a for n, a in fixed.items() if n not in self._names}
        self._data |= {n: values[n] for n in context.functions if n in values}
        start = {n: a for n, a in fixed.items() if n in self._names}
        self._point: Array | None = None
        self._at: tuple[Any, Any] = (None, None)
        self._order: dict[int, Answered] = {context.order: d}
        self._given: dict[str, Any] = {"fun": self._fun, "jac": self._jac}
        if self._value:
            forms = compiled(self._of(1), "numpy", "value"), compiled(self._of(1), "numpy", "jacobian", vec="row")
        else:
            forms = (compiled(self._of(1), "numpy", "value_and_gradient"),)
        self._first = [self._checked(f) for f in forms]
        self._curved(curvature)
        if len(start) == len(self._names):
            self._given["x0"] = self.pack(**start)

    def _of(self, order: Literal[1, 2]) -> Answered:
        """The derivative of this order."""
        if order not in self._order:
            self._order[order] = other_order(self._order[3 - order], order)
        return self._order[order]

    def _curved(self, curvature: Curvature) -> None:
        """The second derivative: dense where it is small, otherwise its product with a vector."""
        if self._value and curvature not in ("auto", "none"):
            said = f"the value is an array, {show(self._value)}: least_squares and root take no Hessian"
            raise FrechetError("input", said)
        if self._value or curvature == "none":
            return
        if curvature == "auto":
            lengths = self._lengths()
            curvature = "dense" if lengths is None or sum(lengths) <= LARGEST else "product"
        if curvature == "operator":
            self._given["hess"] = self.operator
            return
        form = "hessian" if curvature == "dense" else "hvp"
        by = self._of(2).by  # a pair each: the directions of two variables have one name
        self._pairs = {key: self._checked(compiled(one, "numpy", form, vec="row")) for key, one in by.items()}
        self._given |= {"hess": self._hess} if curvature == "dense" else {"hessp": self._hessp}

    def _checked(self, f: Compiled) -> Compiled:
        """A function whose arguments are all there, or will be."""
        directions = {s.direction for s in self._of(2).context.symbols.values()} if f.form == "hvp" else set[str]()
        for name in f.arguments:
            if name not in {*self._data, *self._names, *self._sizes, *directions}:
                said = (
                    f"the size {name} is not fixed by the arrays" if name in self._sized() else f"{name} has no value"
                )
                raise FrechetError("input", f"{said}: pass {name}=…")
        return f

    def _sized(self) -> frozenset[str]:
        return next(iter(self._order.values())).context.sizes

    # -- a mapping -----------------------------------------------------------------------------------------------------

    def __getitem__(self, key: str) -> Any:
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __repr__(self) -> str:
        return f"<for scipy.optimize: {', '.join(self._given)} by {', '.join(self._names)}>"

    # -- the flat vector -----------------------------------------------------------------------------------------------

    def pack(self, **values: Any) -> Array:
        """The flat vector of these values of the variables: a start for the optimiser."""
        import numpy as np

        for name in [*self._names, *values]:
            if name not in values or name not in self._variables:
                raise FrechetError("input", f"the flat vector is made of {', '.join(self._names)}; pass each by name")
        arrays, sizes = bind(self._variables, values)
        for size, k in sizes.items():
            if self._sizes.setdefault(size, k) != k:
                raise FrechetError("input", f"the size {size} is {self._sizes[size]} elsewhere but {k} here")
        return np.concatenate([arrays[name].ravel() for name in self._names])

    def unpack(self, x: Array) -> dict[str, Array]:
        """The variables by name, each in its shape, from the flat vector."""
        import numpy as np

        try:
            flat = np.asarray(x, dtype=float)
        except (TypeError, ValueError) as trouble:
            raise FrechetError("input", "the flat vector is an array of real numbers") from trouble
        lengths = self._lengths()
        if lengths is None and len(self._names) == 1 and flat.ndim == 1:
            (e,) = self._variables.values()
            if len(e.shape) == 1:
                learn(self._sizes, e.shape[0], flat.size, "x0")
                lengths = self._lengths()
        if lengths is None:
            missing = sorted({n for e in self._variables.values() for d in e.shape for n in d.names} - set(self._sizes))
            name = next(n for n, e in self._variables.items() if any(missing[0] in d.names for d in e.shape))
            said = f"the size {missing[0]} is not fixed by the arrays: pass {missing[0]}=…, or a start {name}=…"
            raise FrechetError("input", said)
        if flat.shape != (sum(lengths),):
            parts = ", ".join(f"{n} {show(e.shape)}" for n, e in self._variables.items())
            said = f"the flat vector has {sum(lengths)} entries ({parts}); got an array of shape {flat.shape}"
            raise FrechetError("input", said)
        found: dict[str, Array] = {}
        start = 0
        for (name, e), length in zip(self._variables.items(), lengths, strict=True):
            found[name] = flat[start : start + length].reshape([int(d.evaluate(self._sizes)) for d in e.shape])
            start += length
        return found

    def _lengths(self) -> list[int] | None:
        """How many entries each variable has; None where the arrays do not say it."""
        if not {n for e in self._variables.values() for d in e.shape for n in d.names} <= set(self._sizes):
            return None
        return [prod(int(d.evaluate(self._sizes)) for d in e.shape) for e in self._variables.values()]

    # -- the functions -------------------------------------------------------------------------------------------------

    def _call(self, f: Compiled, x: Array, **more: Any) -> Any:
        arrays = {**self._data, **self._sizes, **self.unpack(x), **more}
        return f(**{name: arrays[name] for name in f.arguments})

    def _computed(self, x: Array) -> tuple[Any, Array]:
        """The value and its derivative, flat: both of one program, and kept for the next call at the same point."""
        import numpy as np

        if self._point is None or not np.array_equal(self._point, x):
            found = [self._call(f, x) for f in self._first]
            parts = found[0] if len(found) == 1 else (found[0], *_several(found[1]))
            value, *slopes = parts
            if self._value:
                made = np.ravel(value), np.hstack([np.asarray(s).reshape(np.size(value), -1) for s in slopes])
            else:
                made = float(value), np.concatenate([np.ravel(s) for s in slopes])
            self._point, self._at = np.array(x, copy=True), made
        return self._at[0], self._at[1]

    def _fun(self, x: Array) -> Any:
        return self._computed(x)[0]

    def _jac(self, x: Array) -> Array:
        return self._computed(x)[1].copy()  # an optimiser may write to it

    def _hess(self, x: Array) -> Array:
        """The Hessian by the flat vector, dense."""
        import numpy as np

        blocks = {key: np.atleast_2d(self._call(f, x)) for key, f in self._pairs.items()}
        if len(self._names) == 1:
            return next(iter(blocks.values()))
        lengths = self._lengths() or []
        sides = dict(zip(self._names, lengths, strict=True))
        return np.block(
            [[blocks[f"{a},{b}"].reshape(sides[a], sides[b]) for b in self._names] for a in self._names]
        )  # fmt: skip

    def _hessp(self, x: Array, v: Array) -> Array:
        """The Hessian by the flat vector, times a vector."""
        import numpy as np

        symbols, along = self._of(2).context.symbols, self.unpack(v)
        total = {name: np.zeros(part.size) for name, part in along.items()}
        for key, f in self._pairs.items():
            row, _, column = key.partition(",")
            column = column or row
            total[row] += np.ravel(self._call(f, x, **{symbols[column].direction: along[column]}))
        return np.concatenate(list(total.values()))

    def operator(self, x: Array) -> Operator:
        """The Hessian by the flat vector as an operator that keeps its structure: `@`, `solve`, `to_dense`."""
        from frechet.library.operator import operator_of

        passed: dict[str, Any] = {n: self._data[n] for n in self._of(2).context.functions}
        arrays = {n: v for n, v in {**self._data, **self._sizes, **self.unpack(x)}.items() if n not in passed}
        return operator_of(self._of(2), "numerator", "row", passed, arrays, {})


def _several(found: Any) -> tuple[Any, ...]:
    return cast("tuple[Any, ...]", found) if isinstance(found, tuple) else (found,)


def _free(name: str, e: Expr) -> Expr:
    """The variable, if its entries may be any real numbers."""
    structure = kind_of(e)
    if structure is not None:
        said = f"{name} is {structure}: its entries are not free, and an optimiser moves each of them by itself; "
        said += "write it by free entries, as L*L' or diag(v), and derive by those"
        raise FrechetError("unsupported", said)
    if not COMPLEX.isdisjoint(e.params[1]):
        raise FrechetError("unsupported", f"{name} is complex: an optimiser moves real numbers")
    return e


def for_scipy(
    d: Answered, curvature: Curvature, arrays: Mapping[str, Numbers] | None, more: Mapping[str, Any]
) -> ForScipy:
    """The keyword arguments of an optimiser for these arrays."""
    values = {**by_name("arrays", arrays if arrays is not None else {}, '{"x": [1, 2]}'), **more}
    return ForScipy(d, curvature, values)
