"""The value function of an operation as source: what has no code of its own is carried along.

The function stands in its record, written for NumPy and its look-alikes.  Its source is taken with all that it calls,
without types, the library put in for `xp`; what it was made with (the name of a reduction) becomes a constant.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache, partial
from types import FunctionType, ModuleType
from typing import Any, cast, final

from frechet.core.records import helpers
from frechet.errors import FrechetError

OWN = "frechet"


@final
class Carried:
    """The functions and imports that a value function needs, and the name to call it by."""

    def __init__(self, xp: str) -> None:
        self.xp = xp
        self.functions: dict[str, str] = {}
        self.imports: dict[str, None] = {}
        self.constants: dict[str, str] = {}
        self._names: dict[Any, str] = {}
        self.reserved: set[str] = set(helpers())
        """Names that stand for something else."""

    def add(self, value: Callable[..., Any], name: str) -> str:
        """Carry a function, and what it calls; the name that it goes by."""
        key = value
        if key in self._names:
            return self._names[key]
        if isinstance(value, partial):
            raise FrechetError("unsupported", f"{name} has no code that stands by itself")
        function = inspect.unwrap(value)
        if not isinstance(function, FunctionType):
            raise FrechetError("unsupported", f"{name} has no code that stands by itself")
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError) as trouble:
            raise FrechetError("unsupported", f"{name} has no source to carry along") from trouble
        (body,) = tree.body
        if not isinstance(body, ast.FunctionDef):
            raise FrechetError("unsupported", f"{name} has no source to carry along")
        called = name.strip("_")
        while called in self._names.values() or called in self.reserved:
            called += "_"
        self._names[key] = called
        body.name = called
        seen = inspect.getclosurevars(function).nonlocals
        renamed: dict[str, ast.expr] = {}
        modules: dict[str, ModuleType] = {}
        local = {n.id for n in ast.walk(body) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        local |= {a.arg for a in ast.walk(body) if isinstance(a, ast.arg)}
        for word in sorted({n.id for n in ast.walk(body) if isinstance(n, ast.Name)} - local):
            if word in seen:
                held = seen[word]
            elif word in function.__globals__:
                held = function.__globals__[word]
            else:
                continue
            if isinstance(held, ModuleType) and held.__name__.startswith(OWN):
                modules[word] = held
                continue
            made = self._held(word, held, name)
            if made is not None:
                renamed[word] = made
        body = _Dotted(modules, lambda f: self.add(f, f.__name__)).visit(body)
        text = ast.unparse(ast.fix_missing_locations(_Plain(renamed, self.xp).visit(body)))
        self.functions[called] = text
        return called

    def _held(self, word: str, held: Any, name: str) -> ast.expr | None:
        """What a name outside the function stands for."""
        if isinstance(held, ModuleType):
            self.imports[f"import {held.__name__}" + ("" if held.__name__ == word else f" as {word}")] = None
            return None
        if isinstance(held, FunctionType) and held.__module__.startswith(OWN):
            return ast.Name(self.add(held, held.__name__), ast.Load())
        if isinstance(held, (int, float, str, bool)) or type(held) is tuple:
            return ast.parse(repr(cast("object", held)), mode="eval").body
        if callable(held) and getattr(held, "__module__", ""):
            if held.__module__.startswith(OWN):
                raise FrechetError("unsupported", f"{name} has no code that stands by itself")
            self.imports[f"from {held.__module__} import {held.__name__}"] = None
            return None
        return None


@final
class _Dotted(ast.NodeTransformer):
    """Functions of our modules by the names that they are carried under."""

    def __init__(self, modules: dict[str, ModuleType], add: Callable[[Callable[..., Any]], str]) -> None:
        self.modules, self.add = modules, add

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return ast.Name(self.add(getattr(self.modules[node.value.id], node.attr)), node.ctx)
        self.generic_visit(node)
        return node


@final
class _Plain(ast.NodeTransformer):
    """A function without types, the library and constants put in for their names."""

    def __init__(self, renamed: dict[str, ast.expr], xp: str) -> None:
        self.renamed, self.xp = renamed, xp

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.decorator_list = None, []
        said = ast.get_docstring(node)
        if said and isinstance(node.body[0], ast.Expr):
            node.body[0] = ast.Expr(ast.Constant(said.partition("\n\n")[0]))
        for a in [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]:
            a.annotation = None
        if node.args.vararg:
            node.args.vararg.annotation = None
        if node.args.args and node.args.args[0].arg == "xp":
            node.args.args.pop(0)
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        assert node.value is not None
        return ast.Assign([node.target], node.value)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == "xp":
            return ast.Name(self.xp, node.ctx)
        return self.renamed.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # a function of ours is called with the library in front: it has none any more
        kept = [a for a in node.args if not (isinstance(a, ast.Name) and a.id == "xp")]
        node.args = kept
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            if len(node.args) == 1 and isinstance(node.args[0], (ast.Constant, ast.JoinedStr)):
                return ast.Attribute(ast.Name(self.xp, ast.Load()), _constant(node.args[0]), ast.Load())
            if len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
                return ast.Attribute(node.args[0], str(node.args[1].value), ast.Load())
        return node


def _constant(e: ast.expr) -> str:
    """The text of a constant, of one put together from constants too."""
    return str(eval(compile(ast.Expression(ast.fix_missing_locations(e)), "", "eval")))


@cache
def simple(value: Callable[..., Any]) -> bool:
    """Whether a value function can be carried at all."""
    try:
        Carried("np").add(value, "f")
    except FrechetError:
        return False
    return True
