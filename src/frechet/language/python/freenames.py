"""The names of a text that nothing in it gives a value: its variables."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from frechet.language.python.builtin import BUILTINS
from frechet.language.python.libraries import ROOTS
from frechet.language.python.statements import Function, defaults
from frechet.language.python.table import meaning

_ALWAYS = frozenset(("np", "numpy", "jnp", "jax", "torch", "scipy", "math", "onp", "optax", "sla"))
_SIZED = frozenset(("eye", "ones", "zeros", "identity"))
_MODULES = frozenset(("linalg", "special", "nn", "functional", "fft", "random", "numpy", "lax"))


def parameters(node: Function) -> list[ast.arg]:
    """The parameters of a def or lambda, in order."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def free_names(target: Function | ast.stmt, module: ast.Module, given: Collection[str]) -> list[str]:
    """The variables of what is asked for: the parameters without a default, and names from outside.

    >>> tree = ast.parse("np.sum((X @ w - y)**2)")
    >>> free_names(tree.body[0], tree, ())
    ['X', 'w', 'y']
    """
    function = isinstance(target, (ast.FunctionDef, ast.Lambda))
    found: dict[str, None] = {}
    if function:
        fixed = defaults(target)
        found.update((a.arg, None) for a in parameters(target) if a.arg not in fixed and a.arg not in given)
    statements: list[ast.AST] = [target] if function else list(module.body)
    defs = {s.name: s for s in module.body if isinstance(s, ast.FunctionDef)}
    module_names = {
        t.id for s in module.body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)
    }
    imports = {
        (a.asname or a.name).split(".")[0]
        for n in ast.walk(module)
        if isinstance(n, (ast.Import, ast.ImportFrom))
        for a in n.names
    }
    seen: set[str] = set()
    pending: list[ast.AST] = [s for s in statements if function or not isinstance(s, ast.FunctionDef)]
    while pending:
        node = pending.pop(0)
        libraries = _libraries(node)
        called = {id(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
        own = set(_bound(node))
        for name in _loads(node):
            if name.id in defs and name.id not in seen:
                seen.add(name.id)
                pending.append(defs[name.id])
            known = name.id in own or name.id in defs or name.id in imports or name.id in libraries
            known = known or name.id in given or name.id in module_names or name.id in found
            if known or (name.id in BUILTINS and id(name) in called) or (name.id in BUILTINS and name.id != "sum"):
                continue
            if id(name) in called:
                continue
            found[name.id] = None
    return list(found)


def sizes_of_constants(module: ast.Module) -> set[str]:
    """The names that say how large a constant is: n of `np.eye(n)`, m and n of `np.ones((m, n))`.

    >>> sorted(sizes_of_constants(ast.parse("np.eye(n) + np.ones((n, n))/m")))
    ['n']
    """
    found: set[str] = set()
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if called in _SIZED and call.args:
            arguments = call.args[:1] if called != "eye" else call.args[:2]
            found |= {n.id for a in arguments for n in ast.walk(a) if isinstance(n, ast.Name)}
    return found


def _loads(root: ast.AST) -> Iterator[ast.Name]:
    """The names read below a node, as they stand in the text; annotations are no values."""
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                yield node
            continue
        apart = {id(n) for n in _no_values(node)}
        pending += reversed([child for child in ast.iter_child_nodes(node) if id(child) not in apart])


def _no_values(node: ast.AST) -> list[ast.AST]:
    """The annotations and decorators of a node."""
    if isinstance(node, ast.FunctionDef):
        return [*node.decorator_list, *([node.returns] if node.returns else [])]
    if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
        return [node.annotation]
    return []


def _bound(root: ast.AST) -> Iterator[str]:
    for node in ast.walk(root):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def _libraries(root: ast.AST) -> set[str]:
    """The names that are libraries here: `np`, and `F`, `nn`, `la` where a function of theirs is asked for."""
    found: set[str] = set(_ALWAYS)
    for node in ast.walk(root):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ROOTS:
            path = f"{ROOTS[node.value.id]}.{node.attr}"
            if node.attr in _MODULES or meaning(path) is not None:
                found.add(node.value.id)
    return found


def only_factors(module: ast.AST) -> frozenset[str]:
    """The names that are but factors, divisors, exponents or bases of powers, wherever they stand: `n/2*x`, `s**2`.

    >>> sorted(only_factors(ast.parse("lam*x.sum()/(2*n) + np.log(p)")))
    ['lam', 'n']
    """
    good: set[str] = set()
    bad: set[str] = set()
    for node in ast.walk(module):
        factors = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.Pow))
        counted = isinstance(node, ast.BinOp) and _count(node.left) and _count(node.right)
        root = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sqrt"
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
                (good if factors or counted or root else bad).add(child.id)
    return frozenset(good - bad)


def _count(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and len(node.id) == 1)


def annotated(node: Function) -> dict[str, list[str | int]]:
    """Shapes from annotations: `x: Float[Array, "n d"]`, `c: float`.

    >>> annotated(ast.parse('def f(x: Float[Array, "n 3"], c: float): return x').body[0])
    {'x': ['n', 3], 'c': []}
    """
    shapes: dict[str, list[str | int]] = {}
    for parameter in parameters(node):
        note = parameter.annotation
        if isinstance(note, ast.Name) and note.id in ("float", "int"):
            shapes[parameter.arg] = []
        if isinstance(note, ast.Subscript) and isinstance(note.slice, ast.Tuple) and len(note.slice.elts) == 2:
            text = note.slice.elts[1]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                words = text.value.split()
                if all(w.isidentifier() or w.isdigit() for w in words):
                    shapes[parameter.arg] = [int(w) if w.isdigit() else w for w in words]
    return shapes
