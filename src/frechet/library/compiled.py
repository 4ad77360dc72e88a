"""A derivative as a function of arrays: generated code, called by keyword, with the cost of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast, final

from frechet.errors import FrechetError
from frechet.library.arguments import whole_number
from frechet.library.words import (
    ATTACHED,
    COMPUTED,
    SECOND,
    TARGETS,
    Computed,
    Layout,
    Order,
    VecOrder,
    check_convention,
    check_word,
)

if TYPE_CHECKING:
    from frechet.compiler.cost import Cost
    from frechet.compiler.request import Request
    from frechet.compiler.source import Source
    from frechet.core.expr import Expr
    from frechet.library.answered import Answered


@final
class Compiled:
    """A function that was generated: call it with arrays by name; `source` is its code.

    The order of its products is chosen for the sizes of the arrays; code is kept by sizes.

    >>> import frechet as fr
    >>> f = fr.derive("norm2(A*x-b)^2", wrt="x", shapes={"A": ["m", "n"], "b": ["m"]}).compile("numpy")
    >>> f(A=[[1.0, 2.0]], x=[1.0, 1.0], b=[1.0])
    array([4., 8.])
    """

    def __init__(self, asked: Request, target: str, variables: Mapping[str, Expr]) -> None:
        self._request, self.target = asked, target
        self._variables = dict(variables)
        self._default = self._written({})
        self._latest = self._default
        self._sizes: dict[str, int] = {}
        self._made: dict[str, Callable[..., Any]] = {}
        self._sources: dict[tuple[tuple[str, int], ...], Source] = {}
        self._ready: dict[tuple[Any, ...], tuple[Callable[..., Any], Source, dict[str, int], tuple[str, ...]]] = {}

    def _written(self, sizes: Mapping[str, int]) -> Source:
        """The source for these sizes."""
        from frechet.compiler.target import DIALECTS

        if self.form in ATTACHED:
            from frechet.compiler.attached import attached as source
        else:
            from frechet.compiler.source import source
        return source(self._request, DIALECTS[self.target], sizes)

    @property
    def form(self) -> Computed:
        """The form that it computes."""
        return cast("Computed", self._request.called)

    @property
    def source(self) -> str:
        """The code, for the sizes of the last call; before the first one for sizes of about a hundred each."""
        return self._latest.text

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arrays that it needs, by the problem's names, and the sizes that no array tells."""
        return (*self._default.passed, *self._default.names, *self._default.asked)

    @property
    def flops(self) -> int:
        """The multiplications and additions of one call at the sizes of the last one."""
        return self._cost().flops

    @property
    def bytes(self) -> int:
        """What one call must move at the sizes of the last one: its arguments read once, its results written once."""
        return self._cost().bytes

    def _cost(self) -> Cost:
        if not self._sizes and any(d.names for e in self._request.inputs.values() for d in e.shape):
            raise FrechetError("input", "what a call costs is known for the sizes of a call: call it first")
        from frechet.compiler.cost import cost

        return cost(self._latest.roots, self._sizes)

    def __call__(self, **arrays: Any) -> Any:
        """The arrays of the form; several outputs as a tuple."""
        given = arrays.values()
        try:
            ready = self._ready[
                (*arrays, *map(type, given), *[a.shape for a in given], *[a.dtype for a in given])
            ]  # fmt: skip
        except (KeyError, AttributeError, TypeError):
            return self._prepared(arrays)
        function, self._latest, self._sizes, unused = ready
        for name in unused:
            del arrays[name]
        return function(**arrays)

    def _prepared(self, given: Mapping[str, Any]) -> Any:
        """A call with arrays that are new, or with what is no array yet: lists, numbers, sizes, functions."""
        plain = {*self._default.asked, *self._default.passed}
        arrays = {name: self._array(name, a) for name, a in given.items() if name not in plain}
        sizes = self._read(arrays, {n: whole_number(n, given[n]) for n in self._default.asked if n in given})
        shapes = tuple(sorted(sizes.items()))
        made = self._sources.get(shapes)
        if made is None:
            made = self._sources[shapes] = self._default if self._default.fixed else self._written(sizes)
        function = self._function(made)
        needed = {made.names[n]: a for n, a in arrays.items() if n in made.names}
        for name in (*made.asked, *made.passed):
            if name not in sizes and name not in given:
                raise FrechetError("input", f"{name} is not fixed by the arrays: pass {name}=…")
            needed[name] = sizes[name] if name in made.asked else given[name]
        result = function(**needed)
        if set(needed) <= set(given) and all(arrays.get(n) is a for n, a in given.items()):
            every = given.values()
            key = (*given, *map(type, every), *[a.shape for a in every], *[a.dtype for a in every])
            self._ready[key] = function, made, sizes, tuple(n for n in given if n not in needed)
        self._latest, self._sizes = made, sizes
        return result

    def _function(self, made: Source) -> Callable[..., Any]:
        """The function of a source, made once."""
        found = self._made.get(made.text)
        if found is None:
            space: dict[str, Any] = {}
            exec(compile(made.text, f"<frechet {made.called}>", "exec"), space)
            found = self._made[made.text] = space[made.called]
        return found

    def _array(self, name: str, a: Any) -> Any:
        """What is given for a name, as an array of the library's."""
        if name not in self._default.names and name not in self._variables:
            there = ", ".join(self.arguments)
            raise FrechetError("input", f"there is no {name} here; the arguments are {there}")
        try:
            made = _converted(self.target, a)
        except (TypeError, ValueError, RuntimeError) as trouble:
            traced = ', but traced by JAX: compile for "jax"' if "Tracer" in type(a).__name__ else ""
            given = "" if traced else f" but of type {type(a).__name__}"
            raise FrechetError("input", f"{name} is no array of numbers{given}{traced}") from trouble
        e = self._request.inputs.get(name)
        if not self._request.complexes and e is not None and _is_complex(made):
            said = f"{name} is real here and its values are complex: declare it complex, or pass its real part"
            raise FrechetError("input", said)
        return made

    def _read(self, arrays: Mapping[str, Any], sizes: dict[str, int]) -> dict[str, int]:
        """The sizes that the arrays have; what is missing or does not fit is named."""
        from frechet.library.numbers import learn

        for name, e in self._request.inputs.items():
            if name in self._default.names and name not in arrays:
                raise FrechetError("input", f"{name} has no value: pass {name}=…")
            if name not in arrays:
                continue
            found = tuple(arrays[name].shape)
            if any(k != k for k in found):
                reason = f"{name} has rows that nobody has counted, its shape is {found}: {name}.compute_chunk_sizes()"
                raise FrechetError("input", reason)
            if len(found) == len(e.shape):
                for d, k in zip(e.shape, found, strict=True):
                    learn(sizes, d, k, name)
        return sizes


def _converted(target: str, a: Any) -> Any:
    """What is given as an array of a library, its numbers real or complex ones; an array of such as it is."""
    if a is None or isinstance(a, str):
        raise TypeError
    library: Any = import_module({"jax": "jax.numpy"}.get(target, target))
    if target == "torch":
        tensor = library.as_tensor(a)
        plain = tensor.is_floating_point() or tensor.is_complex()
        return tensor if plain else tensor.to(library.get_default_dtype())
    if target == "numpy" and not isinstance(a, library.ndarray) and hasattr(a, "__array_function__"):
        return a  # an array of another library that answers to NumPy's functions itself, as Dask's do
    made = library.asarray(a)
    return made if made.dtype.kind in "fc" or str(made.dtype) == "bfloat16" else made.astype(float)


def _is_complex(a: Any) -> bool:
    return "complex" in str(a.dtype)


def compiled(
    d: Answered, target: str, form: str | None, layout: Layout = "numerator", vec: VecOrder = "column"
) -> Compiled:
    """A form of a derivative as a function for a library; a form of the other order is derived first."""
    check_word("backend", target, TARGETS)
    form = usual(d) if form is None else form
    check_word("form", form, COMPUTED)
    check_convention(layout, vec)
    asked = cast("Computed", form)
    order = 2 if asked in SECOND else 1
    if d.context.order != order and asked != "value":
        d = other_order(d, order)
    from frechet.library.requests import request

    try:
        return Compiled(request(d, asked, layout, vec), target, d.context.variables)
    except FrechetError as trouble:
        if trouble.kind == "unsupported" and trouble.message.endswith("index form only"):
            reason = f"the {form} is a sum over an index here, for which there is no code yet"
            raise FrechetError("unsupported", reason) from trouble
        raise


def usual(d: Answered) -> Computed:
    """The form that is compiled where none is asked for."""
    if d.context.order == 2:
        return "hessian"
    return "jacobian" if d.context.original.shape else "gradient"


def other_order(d: Answered, order: Order) -> Answered:
    """The answer to the same problem of another order, checked where the first one was."""
    from frechet.library.checking import check_or_refuse
    from frechet.library.solving import answered

    context = d.context
    if context.at:
        raise FrechetError("input", f"at a point only the forms of order {context.order} are compiled")
    found = answered(context.problem, list(context.names), context.functions, order, context.several)
    if d.outcome is not None:
        check_or_refuse(found, 8, 0)
    return found
