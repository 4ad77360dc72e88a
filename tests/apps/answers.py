"""Answers written by hand, for the tests of the pages."""

from __future__ import annotations

from typing import Any

VERIFIED = {
    "passed": True,
    "trials": 8,
    "forms_checked": 8,
    "max_relative_error": 3.1e-11,
    "sizes": {"m": 3, "n": 4, "p": 5},
}

PRODUCT: dict[str, Any] = {
    "expression": "C = A*B",
    "wrt": "B",
    "order": 1,
    "shapes": {"A": ["m", "n"], "B": ["n", "p"]},
    "value_shape": ["m", "p"],
    "assumptions": {},
    "where": {},
    "differential": "A*dB",
    "pullback": "A'*G",
    "gradient": None,
    "index": {"value": ["i", "j"], "wrt": ["k", "l"], "entry": "A[i,k]*delta(j,l)"},
    "tensor": 'einsum("ik,jl->ijkl", A, eye(p))',
    "jacobian": {
        "numerator": {"column": "kron(eye(p),A)", "row": "kron(A,eye(p))"},
        "denominator": {"column": "kron(eye(p),A')", "row": "kron(A',eye(p))"},
    },
    "derivative": None,
    "symbols": {"increment": "dB", "upstream": "G", "direction": "V"},
    "missing": {},
    "verification": VERIFIED,
    "error": None,
}

SOFTMAX: dict[str, Any] = {
    **PRODUCT,
    "expression": "log(sum(exp(x)))-y'*x",
    "wrt": "x",
    "order": 2,
    "shapes": {"x": ["n"], "y": ["n"]},
    "value_shape": [],
    "where": {"s": "softmax(x)", "unused": "x"},
    "gradient": "s-y",
    "hessian": "diag(s)-s*s'",
    "differential": "s.*dx-s*(s'*dx)",
    "pullback": "s.*V-s*(s'*V)",
    "index": None,
    "tensor": None,
    "jacobian": None,
    "verification": {"passed": None, "reason": "the differences underflow"},
}

NORM: dict[str, Any] = {
    **PRODUCT,
    "expression": "norm2(A*x-b)^2",
    "wrt": "x",
    "shapes": {"A": ["m", "n"], "x": ["n"], "b": ["m"]},
    "value_shape": [],
    "gradient": "2*A'*(A*x-b)",
    "differential": "2*(A*x-b)'*A*dx",
    "pullback": "2*G*A'*(A*x-b)",
    "index": {"value": [], "wrt": ["k"], "entry": "2*A[s,k]*(A[s,t]*x[t]-b[s])"},
    "tensor": None,
    "jacobian": {
        "numerator": {"column": "2*(A*x-b)'*A", "row": "2*(A*x-b)'*A"},
        "denominator": {"column": "2*A'*(A*x-b)", "row": "2*A'*(A*x-b)"},
    },
}

BOTH: dict[str, Any] = {
    "expression": "A*B",
    "wrt": ["A", "B"],
    "order": 1,
    "shapes": {"A": ["m", "n"], "B": ["n", "p"]},
    "value_shape": ["m", "p"],
    "assumptions": {"A": ["symmetric"]},
    "where": {},
    "differential": "dA*B+A*dB",
    "by": {"B": {key: PRODUCT[key] for key in ("differential", "pullback", "index", "jacobian", "symbols", "missing")}},
    "verification": {"passed": False, "reason": "not asked for"},
    "error": None,
}
