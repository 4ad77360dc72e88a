"""Python's signs, and what they are called here."""

from __future__ import annotations

import ast

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "hadamard",
    ast.Div: "edivide",
    ast.Pow: "epower",
    ast.MatMult: "matmul",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
SIGNS: dict[type[ast.operator], str] = {
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
WORDS = {
    "JoinedStr": "a formatted string",
    "Dict": "a dict",
    "Set": "a set",
    "NamedExpr": ":=",
    "DictComp": "a dict",
    "SetComp": "a set",
    "Await": "await",
    "Yield": "yield",
}
"""What is not read, as a message calls it."""
