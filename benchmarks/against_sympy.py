"""The same problems in SymPy: a formula of the language as a SymPy matrix expression, differentiated there.

Only what SymPy's matrix expressions can say is translated; the rest counts as refused.  A scalar such as x'*A*x can be
written in three ways, as a 1×1 matrix, as its trace and as its entry [0, 0], and SymPy's answers differ: all three
are tried, and the best one counts.
"""

from __future__ import annotations

import ast
import re
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy.matrices.expressions import hadamard_power, hadamard_product


class Unwritten(Exception):
    """SymPy has no such operation."""


def size(text: str) -> Any:
    """A size as an expression in positive integers."""
    words = {word: sp.Symbol(word, integer=True, positive=True) for word in re.findall(r"[A-Za-z]\w*", text)}
    return sp.sympify(text.replace("^", "**"), locals=words)


def symbol(name: str, shape: list[Any]) -> Any:
    if not shape:
        return sp.Symbol(name)
    sizes = [size(str(s)) for s in shape]
    return sp.MatrixSymbol(name, *(sizes if len(sizes) == 2 else [*sizes, 1]))


def python_text(text: str) -> str:
    """The formula in Python's words: `'` is .T, `.*` is %, `.^` is //; a quotient by entries is not written."""
    if "./" in text or "=" in text or ";" in text or "[" in text:
        raise Unwritten(text)
    return text.replace("'", ".T").replace(".*", "%").replace(".^", "//").replace("^", "**")


ELEMENTWISE = {name: getattr(sp, name) for name in ("exp", "log", "sin", "cos", "tanh", "sqrt")}


class Translator(ast.NodeVisitor):
    """Python's tree of the formula to a SymPy expression."""

    def __init__(self, names: dict[str, Any], way: str) -> None:
        self.names, self.as_scalar = names, SCALARS[way]

    def generic_visit(self, node: ast.AST) -> Any:
        raise Unwritten(type(node).__name__)

    def visit_Expression(self, node: ast.Expression) -> Any:
        return self.visit(node.body)

    def visit_Constant(self, node: ast.Constant) -> Any:
        return sp.nsimplify(node.value)  # pyright: ignore

    def visit_Name(self, node: ast.Name) -> Any:
        return self.names.setdefault(node.id, sp.Symbol(node.id, integer=True, positive=True))

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        inside = self.visit(node.value)
        return inside.T if is_matrix(inside) else inside

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return -self.visit(node.operand)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        a, b = self.visit(node.left), self.visit(node.right)
        match node.op:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Mult():
                return self.scalar(a * b)
            case ast.Div():
                return a / b
            case ast.Pow():
                return a**b
            case ast.Mod():
                return hadamard_product(a, b) if is_matrix(a) and is_matrix(b) else a * b
            case ast.FloorDiv():
                return hadamard_power(a, b)
            case _:
                raise Unwritten(type(node.op).__name__)

    def visit_Call(self, node: ast.Call) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        arguments = [self.visit(a) for a in node.args]
        return self.scalar(call(name, arguments))

    def scalar(self, a: Any) -> Any:
        return self.as_scalar(a) if is_matrix(a) and a.shape == (1, 1) else a


def is_matrix(a: Any) -> bool:
    return isinstance(a, sp.MatrixExpr)


SCALARS: dict[str, Callable[[Any], Any]] = {
    "matrix": lambda a: a,
    "trace": sp.Trace,
    "entry": lambda a: a[0, 0],
}
"""The ways to write a 1×1 product: as the matrix it is, or as a number."""


def call(name: str, arguments: list[Any]) -> Any:
    a = arguments[0]
    if name in ELEMENTWISE:
        return a.applyfunc(ELEMENTWISE[name]) if is_matrix(a) else ELEMENTWISE[name](a)
    if name == "tr":
        return sp.Trace(a)
    if name == "det":
        return sp.Determinant(a)
    if name == "logdet":
        return sp.log(sp.Determinant(a))
    if name == "inv":
        return sp.Inverse(a) if is_matrix(a) else 1 / a
    if name == "diag" and a.shape[1] == 1:
        return sp.DiagMatrix(a)
    if name == "kron":
        return sp.KroneckerProduct(*arguments)
    if name == "eye":
        return sp.Identity(a)
    if name == "ones":
        return sp.OneMatrix(*(arguments if len(arguments) == 2 else [a, 1]))
    if name == "sum" and len(arguments) == 1:
        return sp.OneMatrix(1, a.shape[0]) * a * sp.OneMatrix(a.shape[1], 1)
    if name == "norm2":
        return sp.sqrt(sp.Trace(a.T * a))
    raise Unwritten(name)


def derivatives(problem: dict[str, Any]) -> Iterator[tuple[float, Any]]:
    """(seconds, SymPy's derivative) for each way to write the problem that SymPy can read and answers.

    Whatever SymPy runs into, and a `Derivative` left in the result, is no answer.
    """
    warnings.simplefilter("ignore")
    for way in SCALARS:
        start = time.perf_counter()
        try:
            names = {name: symbol(name, shape) for name, shape in (problem.get("shapes") or {}).items()}
            tree = ast.parse(python_text(problem["expression"]), mode="eval")
            expression = Translator(names, way).visit(tree)
            for _ in range(problem.get("order") or 1):
                expression = sp.diff(expression, names[problem["wrt"]])
            if expression.has(sp.Derivative):
                continue
        except Exception:
            continue
        yield time.perf_counter() - start, expression


def sympy_time(problem: dict[str, Any]) -> float | None:
    """Seconds for reading and differentiating, in the first way that is answered; None where there is none."""
    return next((seconds for seconds, _ in derivatives(problem)), None)
