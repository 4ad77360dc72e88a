"""Statements: assignments, fixed loops, known conditions, defs inlined; what changes values in place is refused."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from frechet.errors import FrechetError
from frechet.language.python.arrays import Array, whole
from frechet.language.python.calls import refuse
from frechet.language.python.context import Context, Scope
from frechet.language.python.indexing import indexed
from frechet.language.python.libraries import ROOTS
from frechet.language.python.signs import OPERATORS
from frechet.language.python.values import Local, Mask, Refused, Value, array, operate, truth

_MOST = 4096
"""How many rounds of loops, and calls, are unrolled in all."""
Function = ast.FunctionDef | ast.Lambda


def chosen(module: ast.Module, name: str | None) -> Function | ast.stmt:
    """The def or lambda of that name; without one the last statement that has a value.

    >>> chosen(ast.parse("def f(x):\\n    return x"), None).name
    'f'
    """
    candidates: dict[str, Function] = {}
    last: Function | ast.stmt | None = None
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef):
            candidates[statement.name] = last = statement
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            last = statement.value
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    candidates[target.id] = statement.value
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Lambda):
            last = statement.value
        elif (
            (isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant))
            or (isinstance(statement, (ast.Assign, ast.AnnAssign)) and not candidates)
            or (isinstance(statement, ast.Expr) and last is None)
        ):
            last = statement
    if name is not None:
        if name not in candidates:
            there = ", ".join(candidates) or "none"
            raise FrechetError("name", f"there is no def {name} in the text; there are: {there}")
        return candidates[name]
    if last is None:
        raise FrechetError("syntax", "there is nothing with a value here: an expression, a lambda or a def")
    return last


def module_value(reader: Context, name: str | None) -> Value:
    """What the module's text is worth; names of the module are worked out when they are needed."""
    target = chosen(reader.module, name)
    scope = reader.found
    straight = not isinstance(target, (ast.FunctionDef, ast.Lambda))
    for statement in reader.module.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            imported(reader, statement)
        elif isinstance(statement, ast.FunctionDef):
            scope.setdefault(statement.name, Local(statement, scope))
        elif straight:
            if statement is target:
                return _last(reader, statement, scope)
            perform(reader, statement, scope, outer=True)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            (left,) = statement.targets
            if isinstance(left, ast.Name) and left.id not in scope:
                reader.waiting[left.id] = statement.value
    assert isinstance(target, (ast.FunctionDef, ast.Lambda))
    return returned(reader, target, dict(scope), outer=True)


def _last(reader: Context, statement: ast.stmt, scope: Scope) -> Value:
    if isinstance(statement, ast.Expr):
        return reader.read(statement.value, scope)
    perform(reader, statement, scope, outer=True)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    if not isinstance(target, ast.Name):
        raise reader.no(statement, "the last statement gives several values: name one, or end with an expression")
    if target.id not in scope:
        raise reader.no(statement, f"{target.id} is given no value here: the last statement is what is differentiated")
    return scope[target.id]


def imported(reader: Context, statement: ast.Import | ast.ImportFrom) -> None:
    """The full names of what is imported."""
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            module = statement.module or ""
            module = {"jax.numpy": "jax.numpy", "torch.nn": "torch.nn"}.get(module, module)
            reader.imports[alias.asname or alias.name] = f"{module}.{alias.name}"
        else:
            reader.imports[alias.asname or alias.name.split(".")[0]] = (
                alias.name if alias.asname else alias.name.split(".")[0]
            )


def bind(reader: Context, target: ast.expr, value: Value, scope: Scope) -> None:
    """Give a value its name; a tuple is unpacked."""
    if isinstance(target, ast.Name):
        scope[target.id] = value
        return
    if isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, Array) and value.shape and value.shape[0].number is not None:
            value = tuple(indexed(value, (k,)) for k in range(value.shape[0].number or 0))
        if not isinstance(value, tuple):
            text = "an array is not unpacked: its size is not known; write X[:, 0], or give each its own argument"
            raise reader.no(target, text)
        if len(value) != len(target.elts) or any(isinstance(t, ast.Starred) for t in target.elts):
            raise reader.no(target, f"{len(target.elts)} names for {len(value)} values")
        for part, item in zip(target.elts, value, strict=True):
            bind(reader, part, item, scope)
        return
    if isinstance(target, ast.Subscript):
        text = "an entry is set in place, which is not followed: build the array with np.where, np.concatenate or a sum"
        raise reader.no(target, text)
    raise reader.no(target, "an attribute is set, which is not followed: use a name")


def rounds(reader: Context, node: ast.expr, scope: Scope) -> Iterator[Value]:
    """What a loop runs over: a fixed range, a written list, the rows of an array of known size."""
    items = reader.read(node, scope)
    if isinstance(items, Array) and items.shape and items.shape[0].number is not None:
        items = tuple(indexed(items, (k,)) for k in range(items.shape[0].number or 0))
    if not isinstance(items, tuple):
        text = "a loop over an array whose size is not known: write it with array operations, a sum over an axis"
        raise reader.no(node, text)
    for item in items:
        reader.rounds += 1
        if reader.rounds > _MOST:
            raise FrechetError("limit", f"more than {_MOST} rounds of loops are not unrolled")
        yield item


def perform(reader: Context, statement: ast.stmt, scope: Scope, outer: bool = False) -> Value | None:
    """Carry out one statement; what a `return` gives, wrapped in a tuple of one, or None."""
    try:
        return _performed(reader, statement, scope, outer)
    except FrechetError as error:
        raise reader.trouble(error, statement) from None


def _performed(reader: Context, statement: ast.stmt, scope: Scope, outer: bool) -> Value | None:
    match statement:
        case ast.Return():
            if statement.value is None:
                raise refuse("the function returns nothing: return the value")
            return (reader.read(statement.value, scope),)
        case ast.Assign():
            value = reader.read(statement.value, scope)
            for target in statement.targets:
                bind(reader, target, value, scope)
                if isinstance(target, ast.Name):
                    known = (id(scope), target.id)
                    (reader.fresh.add if _new(statement.value) else reader.fresh.discard)(known)
                if outer:
                    noted(reader, target, value)
        case ast.AnnAssign():
            if statement.value is not None:
                value = reader.read(statement.value, scope)
                bind(reader, statement.target, value, scope)
                if outer:
                    noted(reader, statement.target, value)
        case ast.AugAssign():
            _augmented(reader, statement, scope)
        case ast.For():
            return _loop(reader, statement, scope, outer)
        case ast.If():
            if all(isinstance(s, ast.Raise) for s in statement.body) and not statement.orelse:
                return None  # a check of the arguments: the value is that of those which pass
            body = statement.body if truth(reader.read(statement.test, scope)) else statement.orelse
            return block(reader, body, scope, outer)
        case ast.Expr():
            _alone(reader, statement.value, scope)
        case ast.FunctionDef():
            scope[statement.name] = Local(statement, scope)
        case ast.Import() | ast.ImportFrom():
            imported(reader, statement)
        case ast.Pass() | ast.Assert():
            return None
        case ast.While():
            raise refuse("while runs as long as values say: write a for over a fixed range")
        case ast.With():
            raise refuse("with is not followed: write its body by itself")
        case ast.ClassDef() | ast.AsyncFunctionDef():
            raise refuse("a class is not read: write the formula as a def of arrays")
        case ast.Try():
            raise refuse("try is not followed: write its body by itself")
        case _:
            raise refuse(f"{type(statement).__name__.lower()} is not followed here")
    return None


def block(reader: Context, body: Sequence[ast.stmt], scope: Scope, outer: bool) -> Value | None:
    """Statements in order, up to a return."""
    for statement in body:
        result = perform(reader, statement, scope, outer)
        if result is not None:
            return result
    return None


def _loop(reader: Context, statement: ast.For, scope: Scope, outer: bool) -> Value | None:
    if statement.orelse or any(isinstance(s, (ast.Break, ast.Continue)) for s in ast.walk(statement)):
        raise refuse("a loop with break, continue or else is not followed")
    for item in rounds(reader, statement.iter, scope):
        bind(reader, statement.target, item, scope)
        result = block(reader, statement.body, scope, False)
        if result is not None:
            return result
    for name in (n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)):
        reader.assigned[name] = 2  # it stood for several values: it names none
        reader.quantities.pop(name, None)
    return None


_MAKERS = frozenset(("zeros", "ones", "zeros_like", "ones_like", "full", "full_like"))


def _new(node: ast.expr) -> bool:
    """Whether an expression makes an array of its own: a sum or product, zeros; no name or view of another."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in _MAKERS
    return isinstance(node, (ast.BinOp, ast.UnaryOp))


def _augmented(reader: Context, statement: ast.AugAssign, scope: Scope) -> None:
    target = statement.target
    if not isinstance(target, ast.Name):
        bind(reader, target, None, scope)
        return
    op = OPERATORS.get(type(statement.op))
    if op is None:
        raise refuse("this operator in place is not read")
    before = reader.read(ast.copy_location(ast.Name(target.id, ast.Load()), target), scope)
    after = operate(reader.fit, op, before, reader.read(statement.value, scope))
    if isinstance(before, Array) and before.shape:
        shared = sum(1 for v in scope.values() if isinstance(v, Array) and v.expr is before.expr) > 1
        sign = {"add": "+", "sub": "-", "hadamard": "*", "edivide": "/", "epower": "**", "matmul": "@"}[op]
        if shared or (id(scope), target.id) not in reader.fresh:
            name = target.id
            text = f"{name} {sign}= … changes the array in place for every name it has: write {name} = {name} {sign} …"
            raise refuse(text)
        if array(after).shape != before.shape:
            raise FrechetError("shape", f"{target.id} {sign}= … keeps the shape of {target.id}; this would change it")
    scope[target.id] = after
    reader.assigned[target.id] = 2
    reader.quantities.pop(target.id, None)


def _alone(reader: Context, node: ast.expr, scope: Scope) -> None:
    """An expression whose value is dropped: a docstring, a print; a call that may change something is refused."""
    if isinstance(node, ast.Constant):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
        return
    if isinstance(node, ast.Call):
        raise refuse("what this call changes is not followed: assign its result to a name")
    reader.read(node, scope)


def noted(reader: Context, target: ast.expr, value: Value) -> None:
    """A name that a formula has in the text: it names that formula in the answer."""
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, tuple):
        for part, item in zip(target.elts, value, strict=False):
            noted(reader, part, item)
    if not isinstance(target, ast.Name):
        return
    name = target.id
    reader.assigned[name] = reader.assigned.get(name, 0) + 1
    if reader.assigned[name] > 1 or not isinstance(value, Array) or not value.expr.args:
        reader.quantities.pop(name, None)
        return
    reader.quantities[name] = whole(value)


_IDLE = frozenset(("jit", "njit", "staticmethod", "no_grad", "script", "compile", "typechecked", "jaxtyped", "cache"))
"""Decorators that leave the value as it is."""


def changing(node: ast.FunctionDef) -> ast.expr | None:
    """The first decorator that may make another function of a def."""
    for decorator in node.decorator_list:
        called = decorator
        if isinstance(decorator, ast.Call):
            partial = isinstance(decorator.func, ast.Name) and decorator.func.id == "partial" and decorator.args
            called = decorator.args[0] if partial else decorator.func
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else "?"
        if name not in _IDLE:
            return decorator
    return None


def returned(reader: Context, node: Function, scope: Scope, outer: bool = False) -> Value:
    """What the body gives in that scope."""
    if isinstance(node, ast.Lambda):
        return reader.read(node.body, scope)
    decorator = changing(node)
    if decorator is not None:
        text = f"what the decorator {ast.unparse(decorator)} makes of the function is not known: leave it out"
        raise reader.no(decorator, text)
    result = block(reader, node.body, scope, outer)
    if result is None:
        raise reader.no(node, f"{node.name} ends without return: return the value")
    assert isinstance(result, tuple)
    if isinstance(result[0], (Refused, Mask)):
        raise reader.no(node, "the value is no array of real numbers")
    return result[0]


def inlined(reader: Context, function: Local, args: Sequence[Value], kwargs: dict[str, Value]) -> Value:
    """The call of a def or lambda of the text: its body, with the arguments for its parameters."""
    node, around = function.node, function.scope
    assert isinstance(node, (ast.FunctionDef, ast.Lambda)) and isinstance(around, dict)
    reader.rounds += 1
    if reader.depth > 200 or reader.rounds > _MOST:
        raise FrechetError("limit", "a function that calls itself is not unrolled without end")
    scope: Scope = {**around, **bound(reader, node, args, kwargs)}
    return returned(reader, node, scope)


def bound(reader: Context, node: Function, args: Sequence[Value], kwargs: dict[str, Value]) -> Scope:
    """The parameters with their values."""
    spec = node.args
    called = node.name if isinstance(node, ast.FunctionDef) else "the lambda"
    if spec.vararg or spec.kwarg:
        raise refuse(f"{called} takes *args or **kwargs: write its parameters out")
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    if len(args) > len(names):
        raise FrechetError("syntax", f"{called} takes {len(names)} arguments; got {len(args)}")
    scope: Scope = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in (*names, *(a.arg for a in spec.kwonlyargs)) or name in scope:
            raise FrechetError("syntax", f"{called} has no free parameter {name}")
        scope[name] = value
    for name, default in defaults(node).items():
        if name not in scope:
            scope[name] = reader.read(default, {})
    for name in (*names, *(a.arg for a in spec.kwonlyargs)):
        if name not in scope:
            raise FrechetError("syntax", f"{called} needs {name}")
    return scope


def defaults(node: Function) -> dict[str, ast.expr]:
    """The parameters that have a default, and what it is."""
    spec = node.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    found: dict[str, ast.expr] = dict(zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True))
    found.update({a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None})
    return found


def uses(module: ast.Module) -> str:
    """The library that the text speaks of: "numpy", "torch", "both", or "" where it says nothing.

    >>> uses(ast.parse("torch.exp(x).std()")), uses(ast.parse("x.std()"))
    ('torch', '')
    """
    found = Counter[str]()
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            top = ROOTS.get(node.value.id, "").split(".")[0]
            if top in ("numpy", "torch", "jax", "scipy"):
                found[top] += 1
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            found.update(m.split(".")[0] for m in modules)
    torch = found["torch"] > 0
    others = found["numpy"] + found["jax"] > 0
    return ("both" if torch else "numpy") if others else "torch" if torch else ""
