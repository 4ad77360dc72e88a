"""Functions as problems: by their source, or called on arrays without values where there is none."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.language.declarations import read_assumptions
from frechet.language.names import checked
from frechet.language.python.arrays import Fit, leaf
from frechet.language.python.problem import Shapes, finished, numpy_shapes, read_python
from frechet.language.python.reader import Reader
from frechet.language.python.statements import changing
from frechet.language.python.symbolic import Symbolic, number_value, plain
from frechet.language.python.values import Local, Named, Value, whole_of
from frechet.language.sizes import NICE
from frechet.language.understood import Problem

Assumptions = Mapping[str, Sequence[str]]
_LONGEST = 600
"""A lambda in the middle of an expression is looked for in so many signs."""


def problem_of(
    function: Callable[..., Any],
    shapes: Shapes | None = None,
    like: Mapping[str, Any] | None = None,
    assumptions: Assumptions | None = None,
    functions: Sequence[str] = (),
    *,
    source: bool = True,
) -> Problem:
    """The problem that a function is: its arguments have the declared shapes, or those of the arrays in `like`.

    Numbers outside the function are constants; arrays outside it are variables of their names, held constant.

    >>> problem_of(lambda x: x @ x, {"x": ("n",)}, source=False).value
    mul(transpose(variable('x', ())), variable('x', ()))
    """
    function = _compiled(function)
    given: dict[str, Sequence[int | str | Dim]] = dict(shapes or {})
    arrays = {name: shape for name, shape in array_shapes(like or {}).items() if name not in given}
    outside, held = _outside(function)
    arrays.update({name: shape for name, shape in held.items() if name not in given and name not in arrays})
    assumed: dict[str, Sequence[str]] = dict(assumptions or {})
    for name in held:
        if name not in (shapes or {}) and name not in (like or {}):
            assumed[name] = [*assumed.get(name, ()), "constant"]
    text = _source(function) if source else None

    def read(sizes: Mapping[int, str]) -> Problem:
        own = {name: [sizes.get(n, n) for n in shape] for name, shape in arrays.items()}
        known: Shapes = {**given, **own}
        if text is not None:
            return read_python(text, known, assumed, functions, constants=outside)
        return _called(function, known, assumed, functions)

    if not arrays:
        return read({})
    taken = {*_parameters(function), *outside, *given, *arrays, *(str(d) for s in given.values() for d in s)}
    try:
        return read(size_words(arrays.values(), taken))
    except FrechetError:
        return read({})  # numbers in the function count on the arrays' own sizes


def array_shapes(like: object) -> dict[str, tuple[int, ...]]:
    """The shapes of real arrays, numbers and lists of numbers, by name.

    >>> array_shapes({"X": [[1, 2, 3]], "c": 2})
    {'X': (1, 3), 'c': ()}
    """
    if not isinstance(like, Mapping):
        raise FrechetError("input", 'arrays are given by name, as in like={"X": X}')
    found: dict[str, tuple[int, ...]] = {}
    for name, a in cast("Mapping[str, Any]", like).items():
        if not isinstance(a, (int, float, complex, list, tuple)) and getattr(a, "shape", None) is None:
            raise FrechetError("input", f"like gives arrays: {name} is a value of type {type(a).__name__}")
        found[name] = tuple(int(n) for n in _shape(a))
    return found


def size_words(shapes: Iterable[Sequence[int]], taken: Collection[str]) -> dict[int, str]:
    """A name for each size of real arrays that is more than 1, none of them `taken`.

    >>> size_words([(5, 3), (1, 5)], {"n"})
    {5: 'm', 3: 'p'}
    """
    names = iter([n for n in (*NICE, *(f"n{k}" for k in range(1, 40))) if n not in taken])
    return {n: next(names) for n in dict.fromkeys(n for shape in shapes for n in shape if n > 1)}


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that JAX's jit was given: compiling leaves its value as it is."""
    inner = getattr(function, "__wrapped__", None)
    return inner if type(function).__module__.startswith("jax") and isinstance(inner, FunctionType) else function


def _shape(a: Any) -> tuple[int, ...]:
    shape = getattr(a, "shape", None)
    if shape is not None:
        return tuple(shape)
    if isinstance(a, (list, tuple)):
        listed = cast("Sequence[Any]", a)
        return (len(listed), *(_shape(listed[0]) if listed else ()))
    return ()


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _outside(
    function: Callable[..., Any], within: tuple[object, ...] = ()
) -> tuple[dict[str, Value], dict[str, tuple[int, ...]]]:
    """What the function uses from outside: numbers, libraries and functions; and the shapes of arrays.

    `within` are the functions that are being followed: one that calls itself is followed once.
    """
    if not isinstance(function, FunctionType) or function in within:
        return {}, {}
    found = inspect.getclosurevars(function)
    values: dict[str, Value] = {}
    held: dict[str, tuple[int, ...]] = {}
    for name, value in {**found.globals, **found.nonlocals}.items():
        if isinstance(value, ModuleType):
            values[name] = Named(_module(value.__name__))
        elif isinstance(value, (bool, int, float, str)) or value is None:
            values[name] = number_value(value)
        elif callable(value):
            values[name] = _function(name, value, (*within, function))
        elif getattr(value, "shape", None) is not None:
            shape = _shape(value)
            if shape:
                held[name] = shape
            else:
                values[name] = Fraction(repr(float(value)))
        elif isinstance(value, (tuple, list)):
            values[name] = plain(value, Reader("0"))
    return values, held


def _module(name: str) -> str:
    return {"numpy.linalg._linalg": "numpy.linalg", "math": "math"}.get(name, name)


def _function(name: str, value: Any, within: tuple[object, ...]) -> Value:
    """A function that the function calls: of a library by its name, of one's own by its source."""
    module = str(getattr(value, "__module__", "") or "")
    own = str(getattr(value, "__name__", name))
    if type(value).__name__ == "ufunc":
        import numpy

        return Named(f"numpy.{own}" if getattr(numpy, own, None) is value else f"scipy.special.{own}")
    if module.partition(".")[0] == "frechet":
        return Named(f"frechet.{own}")
    for prefix, public in _PUBLIC.items():
        if module.startswith(prefix):
            return Named(f"{public}.{own}")
    if isinstance(value, FunctionType):
        text = _source(value)
        if text is not None:
            tree = ast.parse(text).body[0]
            if isinstance(tree, ast.FunctionDef):
                return Local(tree, dict(_outside(value, within)[0]))
            if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Lambda):
                return Local(tree.value, dict(_outside(value, within)[0]))
    return Named(f"{module}.{own}" if module else own)


_PUBLIC = {
    "numpy.linalg": "numpy.linalg",
    "numpy": "numpy",
    "scipy.special": "scipy.special",
    "scipy.linalg": "scipy.linalg",
    "jax._src.nn": "jax.nn",
    "jax.nn": "jax.nn",
    "jax._src.numpy.linalg": "jax.numpy.linalg",
    "jax._src.numpy": "jax.numpy",
    "jax.numpy": "jax.numpy",
    "jax._src.scipy.special": "scipy.special",
    "jax._src.scipy.linalg": "scipy.linalg",
    "jax._src.ops.special": "scipy.special",
    "torch.nn.functional": "torch.nn.functional",
    "math": "math",
}
"""The public module of functions that say where they are defined."""


def _source(function: Callable[..., Any]) -> str | None:
    """The source of a def, or of the one lambda that it can be; None where there is none."""
    if not isinstance(function, FunctionType):
        return None
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return None
    tree = _parsed(text)
    if function.__name__ != "<lambda>":
        first = tree.body[0] if tree is not None and tree.body else None
        if not isinstance(first, ast.FunctionDef) or changing(first) is not None or "__wrapped__" in vars(function):
            return None  # what a decorator made of it is known by calling it only
        start = text.splitlines(keepends=True)[first.lineno - 1 :]  # without decorators
        return "".join(start)
    fitting = [piece for piece in _lambdas(text) if _is(piece, function.__code__)]
    return fitting[0] if len(set(fitting)) == 1 else None


def _parsed(text: str) -> ast.Module | None:
    """The syntax of a piece of a file, which may begin in the middle of an expression."""
    for candidate in (text, f"({text.strip().rstrip(',')})", text.strip().rstrip(",)")):
        try:
            return ast.parse(candidate)
        except SyntaxError:
            continue
    return None


def _lambdas(text: str) -> list[str]:
    """The lambdas in a piece of a file, each as long as it goes on being Python.

    >>> _lambdas('"b": lambda x: (x*2).sum()}, lambda y: y)')
    ['lambda x: (x*2).sum()', 'lambda y: y']
    """
    tree = _parsed(text)
    if tree is not None:
        found = (ast.get_source_segment(text, n) for n in ast.walk(tree) if isinstance(n, ast.Lambda))
        return [piece for piece in found if piece is not None]
    pieces: list[str] = []
    for start in (m.start() for m in re.finditer(r"\blambda\b", text[:_LONGEST])):
        for end in range(min(len(text), start + _LONGEST), start, -1):
            with suppress(SyntaxError, ValueError):
                body = ast.parse(text[start:end], mode="eval").body
                if isinstance(body, ast.Lambda):
                    pieces.append(text[start:end].rstrip(", \n"))
                    break
    return pieces


def _is(piece: str, code: CodeType) -> bool:
    """Whether a lambda's text compiles to this code, its names imported or not (a call of an imported one differs)."""
    piece = piece.replace("\n", " ")
    imported = "".join(f"import {name}\n" for name in code.co_names if name.isidentifier())
    for text in (piece, f"{imported}{piece}"):
        try:
            compiled = compile(text, "<lambda>", "exec")
        except SyntaxError:
            return False
        own = next((c for c in compiled.co_consts if isinstance(c, CodeType)), None)
        if own is None:
            return False
        same = own.co_varnames == code.co_varnames and own.co_consts == code.co_consts
        same = same and set(own.co_names) == {*code.co_names, *code.co_freevars}
        if same and (code.co_freevars or own.co_code == code.co_code):
            return True
    return False


def _called(
    function: Callable[..., Any], shapes: Shapes, assumptions: Assumptions, functions: Sequence[str]
) -> Problem:
    """The problem of a function that is called on arrays without values."""
    declared = numpy_shapes(shapes)
    assumed = read_assumptions(assumptions, {})
    parameters = _parameters(function) or list(declared)
    name = str(getattr(function, "__name__", "f"))
    reader = Reader("0", Fit(), functions)
    arguments: dict[str, Any] = {}
    own = _defaults(function)
    for parameter in parameters:
        if parameter in declared:
            made = leaf(checked(parameter, "a variable"), declared[parameter], assumed.get(parameter, ()))
            arguments[parameter] = Symbolic(made, reader)
        elif parameter not in own:
            text = f"{name} is called, as its source is not there: give the shape of {parameter}, as in "
            raise FrechetError("shape", text + f'shapes={{"{parameter}": ("m", "n")}}')
    try:
        first = [a for n, a in arguments.items() if n not in own]
        outcome = function(*first, **{n: a for n, a in arguments.items() if n in own})
    except FrechetError as trouble:
        raise _at_its_line(trouble, trouble) from None
    except Exception as trouble:
        what = FrechetError("unsupported", f"{name} cannot be called on arrays without values: {trouble}")
        raise _at_its_line(what, trouble) from trouble
    value = whole_of(plain(outcome, reader))
    text = f"{name}({', '.join(parameters)})"
    return finished(value, {}, None, list(arguments), text, reader.assumed, ())


def _defaults(function: Callable[..., Any]) -> set[str]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return set()
    return {n for n, p in signature.parameters.items() if p.default is not inspect.Parameter.empty}


def _at_its_line(refusal: FrechetError, trouble: BaseException) -> FrechetError:
    """The refusal with the line of the function where it happened."""
    frames = [f for f in traceback.extract_tb(trouble.__traceback__) if "frechet/language/python" not in f.filename]
    if not frames or "line " in refusal.message[:5]:
        return refusal
    last = frames[-1]
    shown = f"\n  {last.line}" if last.line else ""
    return FrechetError(refusal.kind, f"line {last.lineno}: {refusal.message}{shown}")
