"""Python's syntax walked, never run: what each expression and statement is worth.

>>> from frechet.language.python.arrays import leaf
>>> X, w = leaf("X", ("m", "n")), leaf("w", ("n",))
>>> Reader("X @ w").value({"X": X, "w": w}).expr
mul(variable('X', ()), variable('w', ()))
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import final

from frechet.core.dim import Dim
from frechet.errors import FrechetError
from frechet.language.python.arranging import ARRANGING
from frechet.language.python.arrays import Array, conjugate, is_complex, unary
from frechet.language.python.axes import count, normal_axis, reversed_axes, swapped
from frechet.language.python.builtin import BUILTINS, CONSTANTS, builtin, is_method
from frechet.language.python.calls import Call, kind_of, real_type, refuse
from frechet.language.python.context import Context, Scope
from frechet.language.python.elementwise import pi
from frechet.language.python.libraries import ROOTS
from frechet.language.python.scored import scored_meaning
from frechet.language.python.scores import Scored, Scores, Weights, arranged, refused
from frechet.language.python.signs import COMPARISONS, OPERATORS, SIGNS, WORDS
from frechet.language.python.statements import bind, inlined, module_value, rounds
from frechet.language.python.subscripts import subscript
from frechet.language.python.table import meaning, unknown
from frechet.language.python.values import (
    Local,
    Mask,
    Method,
    Named,
    Refused,
    Value,
    array,
    compared,
    flipped,
    floored,
    integer,
    negated,
    operate,
    told,
    truth,
    truths,
)

_OF_FACTORS = {"sign": 0, "logabsdet": 1, "eigenvalues": 0, "eigenvectors": 1, "U": 0, "S": 1, "Vh": 2}
_PARTS = {**_OF_FACTORS, "values": 0, "indices": 1}


def plain(d: Dim) -> Value:
    """A size that is a number as that number."""
    return d if d.number is None else d.number


@final
class Reader(Context):
    """Expressions of a text, and what is called in them."""

    # -- the text --------------------------------------------------------------------------------------------------

    def value(self, given: Mapping[str, Value], name: str | None = None) -> Value:
        """What the text is worth: its last expression, or what its last `def` (or the one of that name) returns."""
        self.found = dict(given)
        return module_value(self, name)

    # -- expressions -----------------------------------------------------------------------------------------------

    def read(self, node: ast.expr, scope: Scope) -> Value:
        """What an expression is worth; what goes wrong is said with its place."""
        self.depth += 1
        try:
            if self.depth > 400:
                raise FrechetError("limit", "the expression is nested too deeply: name its parts")
            return self._read(node, scope)
        except FrechetError as error:
            raise self.trouble(error, node) from None
        finally:
            self.depth -= 1

    def _read(self, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.Constant():
                return self._constant(node.value)
            case ast.Name():
                return self.name(node.id, scope)
            case ast.BinOp():
                return self._operation(node, scope)
            case ast.UnaryOp():
                return self._unary(node, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Attribute():
                return self.attribute(self.read(node.value, scope), node.attr)
            case ast.Subscript():
                return subscript(self, node, scope)
            case ast.Compare():
                return self._compare(node, scope)
            case ast.BoolOp():
                return self._both(node, scope)
            case ast.IfExp():
                return self.read(node.body if truth(self.read(node.test, scope)) else node.orelse, scope)
            case ast.Tuple() | ast.List():
                return self._listed(node.elts, scope)
            case ast.Lambda():
                return Local(node, scope)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node, scope)
            case _:
                what = WORDS.get(type(node).__name__, "this")
                raise refuse(f"{what} is not read: write the value with array operations")

    def _constant(self, value: object) -> Value:
        if isinstance(value, float):
            finite = value == value and abs(value) != float("inf")
            return Fraction(repr(value)) if finite else value
        if value is None or value is ... or isinstance(value, (bool, int, str)):
            return value
        raise refuse(f"the constant {value!r} is not read: real numbers are")

    def name(self, name: str, scope: Scope) -> Value:
        """What a name stands for."""
        if name in scope:
            return scope[name]
        if name in self.found:
            return self.found[name]
        if name in self.waiting:
            body = self.waiting.pop(name)
            self.found[name] = self.read(body, self.found)
            return self.found[name]
        if name in self.imports:
            return Named(self.imports[name])
        if name in BUILTINS:
            return Named(f"builtins.{name}")
        if name in ROOTS:
            return Named(ROOTS[name])
        if name in self.functions or meaning(name) is not None:
            return Named(name)
        raise FrechetError("name", f"{name} is not known: make it an argument, or give it a shape")

    def _operation(self, node: ast.BinOp, scope: Scope) -> Value:
        left, right = self.read(node.left, scope), self.read(node.right, scope)
        op = OPERATORS.get(type(node.op))
        if op is not None:
            for value in (left, right):
                if isinstance(value, (Refused, Named, Method, Local)):
                    told(value)
                    raise refuse(f"an array or a number is wanted here, not {told(value)}")
            return operate(self.fit, op, left, right)
        if isinstance(left, Mask) and isinstance(right, Mask) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            both = operate(self.fit, "hadamard", left.array, right.array)
            if isinstance(node.op, ast.BitAnd):
                return Mask(array(both))
            either = operate(self.fit, "add", left.array, right.array)
            return Mask(array(operate(self.fit, "sub", either, both)))
        if isinstance(left, int) and isinstance(right, int) and right and isinstance(node.op, (ast.FloorDiv, ast.Mod)):
            return left // right if isinstance(node.op, ast.FloorDiv) else left % right
        if isinstance(node.op, ast.FloorDiv) and isinstance(left, (Dim, int)) and isinstance(right, (Dim, int)):
            whole_size = floored(left, right)
            if whole_size is not None:
                return plain(whole_size)
        sign = SIGNS.get(type(node.op), type(node.op).__name__)
        instead = {"//": "for a quotient write /", "^": "for a power write **", "%": "it jumps where it wraps around"}
        raise refuse(f"{sign} of {told(left)} is not read: {instead.get(sign, 'it is not of real numbers')}")

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Value:
        value = self.read(node.operand, scope)
        if isinstance(node.op, ast.USub):
            return negated(value, self.fit)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(node.op, ast.Not):
            return not truth(value)
        held = truths(value)
        if held is not None:
            return Mask(flipped(self.fit, held))
        raise refuse("~ is of comparisons only")

    def _compare(self, node: ast.Compare, scope: Scope) -> Value:
        values = [self.read(part, scope) for part in (node.left, *node.comparators)]
        outcome: Value = True
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            if isinstance(sign, (ast.Is, ast.IsNot)):
                if left is not None and right is not None:
                    raise refuse("is compares with None only here")
                one: Value = (left is right) == isinstance(sign, ast.Is)
            elif isinstance(sign, (ast.In, ast.NotIn)):
                if isinstance(left, (Array, Mask)) or not isinstance(right, tuple):
                    raise refuse("in is of a written list only")
                one = (left in right) == isinstance(sign, ast.In)
            else:
                one = compared(self.fit, COMPARISONS[type(sign)], left, right)
            if isinstance(outcome, Mask) and isinstance(one, Mask):
                raise refuse("a chain of comparisons of arrays is no mask in NumPy: write (a < x) & (x < b)")
            outcome = one if outcome is True else outcome
        return outcome

    def _both(self, node: ast.BoolOp, scope: Scope) -> Value:
        value: Value = None
        for part in node.values:
            value = self.read(part, scope)
            if isinstance(value, (Array, Mask)):
                raise refuse("and/or of arrays is not of their entries: write &, |, or np.where")
            if truth(value) == isinstance(node.op, ast.Or):
                break
        return value

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Value:
        values: list[Value] = []

        def over(loops: Sequence[ast.comprehension], around: Scope) -> None:
            if not loops:
                values.append(self.read(node.elt, around))
                return
            for item in rounds(self, loops[0].iter, around):
                inner = dict(around)
                bind(self, loops[0].target, item, inner)
                if all(truth(self.read(test, inner)) for test in loops[0].ifs):
                    over(loops[1:], inner)

        over(node.generators, scope)
        return tuple(values)

    # -- names of names --------------------------------------------------------------------------------------------

    def attribute(self, owner: Value, name: str) -> Value:
        """What an attribute is worth: of a library a function, of an array its shape, its transpose, …"""
        if isinstance(owner, Named):
            path = f"{owner.path}.{name}"
            if name in CONSTANTS and owner.path in ("numpy", "jax.numpy", "math", "torch"):
                return Array(pi(), ()) if name == "pi" else self._known(name)
            return Named(path)
        if isinstance(owner, tuple):
            if name in _PARTS and _PARTS[name] < len(owner):
                return owner[_PARTS[name]]
            raise refuse(f".{name} of a tuple is not read")
        if isinstance(owner, Mask) and name in ("T", "mT", "shape"):
            found = self.attribute(owner.array, name)
            return Mask(array(found)) if name != "shape" else found
        if isinstance(owner, Mask):
            raise refuse("a comparison has no attributes here: write np.where(condition, a, b)")
        a = owner if isinstance(owner, (Scores, Weights)) else array(owner)
        if name == "shape":
            return tuple(plain(d) for d in a.shape)
        if name == "ndim":
            return len(a.shape)
        if isinstance(a, (Scores, Weights)):
            if name in ("T", "mT"):
                return arranged(a, reversed_axes if name == "T" else lambda x: swapped(x, -1, -2))
            raise refused(a)
        if name == "size":
            return plain(count(a.shape, tuple(range(len(a.shape)))))
        if name == "T":
            return reversed_axes(a)
        if name in ("mT", "mH", "H"):
            return swapped(a if name == "mT" else conjugate(a), -1, -2)
        if name in ("real", "imag"):
            return unary(name, a) if is_complex(a) or name == "imag" else a
        if is_method(name):
            raise refuse(f".{name} is a method: call it, .{name}()")
        raise refuse(f".{name} of an array is not read: .T, .mT, .shape, .ndim and .size are, and methods")

    def _known(self, name: str) -> Value:
        if name == "e":
            return unary("exp", array(1))
        return {"inf": float("inf"), "newaxis": None, "nan": float("nan")}[name]

    # -- calls -----------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, scope: Scope) -> Value:
        owner: Value = None
        if isinstance(node.func, ast.Attribute):
            owner = self.read(node.func.value, scope)
            function = self._member(owner, node.func)
        else:
            function = self._function(node.func, scope)
        args = self._listed(node.args, scope)
        kwargs: dict[str, Value] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.no(keyword.value, "** hides what is passed: write the arguments out")
            kwargs[keyword.arg] = self.read(keyword.value, scope)
        return self.called(function, args, kwargs)

    def _listed(self, parts: Sequence[ast.expr], scope: Scope) -> tuple[Value, ...]:
        """The values of a list; what has a star is a list that is put in."""
        values: list[Value] = []
        for part in parts:
            if not isinstance(part, ast.Starred):
                values.append(self.read(part, scope))
                continue
            spread = self.read(part.value, scope)
            if not isinstance(spread, tuple):
                raise self.no(part, "* is of a written list only")
            values += spread
        return tuple(values)

    def _function(self, node: ast.expr, scope: Scope) -> Value:
        try:
            return self.read(node, scope)
        except FrechetError:
            if not isinstance(node, ast.Name):
                raise
            text = f"{node.id} is no function that is known: put its def into the text, or declare it as some smooth"
            text += f" function of entries (--function {node.id})"
            raise self.place.refusal("name", text, self.place.of(node)) from None

    def _member(self, owner: Value, node: ast.Attribute) -> Value:
        if isinstance(owner, Named):
            return self.attribute(owner, node.attr)
        if isinstance(owner, Mask):
            if node.attr in ("astype", "float", "double", "to", "type"):
                return Method(owner.array, "copy")
            if node.attr in ("sum", "mean"):
                return Method(owner.array, node.attr)
            if meaning(f"method.{node.attr}") in ARRANGING.values():
                return Method(owner, node.attr)
            raise self.no(node, f".{node.attr} of a comparison is not read: write np.where(condition, a, b)")
        if isinstance(owner, tuple):
            raise self.no(node, f".{node.attr} changes or reads a list, which is not followed: write the list out")
        if not is_method(node.attr):
            hint = f": write it as a function of the table, np.{node.attr}(…)" if meaning(f"numpy.{node.attr}") else ""
            raise self.no(node, f"the method .{node.attr} is not in the table{hint}")
        return Method(owner if isinstance(owner, (Scores, Weights)) else array(owner), node.attr)

    def called(self, function: Value, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """What a call is worth."""
        if isinstance(function, Local):
            return inlined(self, function, args, kwargs)
        if isinstance(function, Method):
            if isinstance(function.owner, Mask):
                return Mask(array(self.method(function.name, function.owner.array, args, kwargs)))
            return self.method(function.name, function.owner, args, kwargs)
        if not isinstance(function, Named):
            raise refuse(f"{told(function)} is no function: for a product write *")
        path = function.path
        if path.startswith("builtins."):
            return builtin(path[9:], args, kwargs, self.fit)
        if path in self.functions:
            if len(args) != 1 or kwargs:
                raise FrechetError("syntax", f"{path} is an unspecified function of one argument")
            return unary("declared", array(args[0]), (path, 0))
        return self._library(path, args, kwargs)

    def _library(self, path: str, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        scored = any(isinstance(v, (Scores, Weights)) for v in (*args, *kwargs.values()))
        handler: Callable[[Call], Value] | None = scored_meaning(path) if scored else meaning(path)
        if handler is None:
            raise unknown(path)
        for value in (*args, *kwargs.values()):
            if isinstance(value, Refused):
                raise refuse(value.why)
            if path.startswith("math.") and isinstance(value, Array) and value.shape:
                raise FrechetError("shape", f"{path} is of one number: of an array write np.{path[5:]}")
        try:
            return handler(Call(path, tuple(args), kwargs, self.fit, self.dialect, self.assumed))
        except (ValueError, IndexError):  # too few arguments, or too many, where they are taken by their places
            name = path.removeprefix("method.")
            raise FrechetError("syntax", f"{name} is not called with {len(args)} arguments of these kinds") from None

    def method(self, name: str, owner: Array | Scored, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
        """What a call of an array's method is worth."""
        if name == "bool" or (name in ("astype", "to", "type") and kind_of(args[0] if args else None) == "bool"):
            held = truths(owner)
            if held is not None:
                return Mask(held)
        if name in ("astype", "to", "type", "cpu", "cuda", "numpy"):
            for value in (*args, *kwargs.values()):
                real_type(value)
            return owner
        if name == "dim":
            return len(owner.shape)
        if name == "size":
            if args:
                return plain(owner.shape[normal_axis(integer(args[0], "an axis"), len(owner.shape))])
            return tuple(plain(d) for d in owner.shape)
        return self._library(f"method.{name}", (owner, *args), kwargs)
