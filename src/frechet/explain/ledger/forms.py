"""The ledger: every form of one derivative, its size, who uses it, and how it is made from the others."""

from __future__ import annotations

from collections.abc import Sequence

from frechet.calculus.structure import kind_of
from frechet.core.dim import ONE, Shape, entries, rows_cols
from frechet.core.expr import Expr, postorder
from frechet.explain.ledger.chain import chain_of
from frechet.explain.ledger.ledger import Ledger
from frechet.explain.question import Question
from frechet.explain.render.shapes import product_word, shape_word
from frechet.explain.table import Chain, Row
from frechet.notation.ascii import text

USERS: dict[str, str] = {
    "gradient": "optimisation and machine learning: X - t*gradient has the shape of X",
    "derivative": "calculus by one number: growth rates, line searches, differential equations",
    "differential": "Magnus & Neudecker, econometrics, statistics: every other form is read off it",
    "pullback": "backpropagation: machine-learning texts, vjp in JAX, backward in PyTorch",
    "index": "physics, proofs entry by entry",
    "tensor": "frameworks: jax.jacobian, torch.autograd.functional.jacobian; NumPy einsum",
    "numerator": "Magnus & Neudecker, econometrics, optimisation, Newton's method",
    "denominator": "statistics and control where gradients are columns; parts of the Matrix Cookbook",
    "numerator row": "programs that store rows one after the other: NumPy, PyTorch, C",
    "denominator row": "the same programs, gradients as columns",
    "d/dZ": "signal processing, complex analysis: zero for an antiholomorphic value",
    "d/dconj(Z)": "signal processing, communications: zero for a holomorphic value; twice it is the gradient",
    "vech": "statistics of covariance matrices: the independent entries only",
    "unconstrained": "automatic differentiation: every entry free",
    "projected": "optimisation within the structure: a gradient step may use it",
    "free entries": "statistics and the Matrix Cookbook: partial derivatives by the independent entries",
}
"""Who uses a form."""


def conventions(question: Question, through: Sequence[str] | None = None) -> Ledger:
    """The ledger of one derivative; `through` names quantities for the chain."""
    rows = _rows(question)
    chain = chain_of(question, through)
    notes = _notes(question)
    if isinstance(chain, str):
        notes.append(chain)
    shown = [r.formula for r in rows]
    return Ledger(
        question.text,
        str(question.x.params[0]),
        tuple(head_of(question)),
        shapes_of(question),
        tuple(rows),
        chain if isinstance(chain, Chain) else None,
        tuple(notes),
        tuple(where_of(question, shown)),
        question.reading,
    )


def head_of(question: Question) -> list[str]:
    """The statements as they were typed (or as they were read), the last with a name."""
    parts = [""]
    depth = 0
    text = question.text if question.reading is None else str(question.reading["formula"])
    for line in text.splitlines():
        for sign in line.partition("#")[0]:
            depth += (sign in "([") - (sign in ")]")
            if sign == ";" and depth <= 0:
                parts.append("")
            else:
                parts[-1] += sign
        if depth <= 0:
            parts.append("")
    found = [part.strip() for part in parts if part.strip()]
    if not question.name and found:
        found[-1] = f"{question.value_name()} = {found[-1]}"
    return found


def shapes_of(question: Question) -> tuple[tuple[str, Shape], ...]:
    """The shapes of the variables, the named quantities and the value."""
    named = {**{n: v.shape for n, v in question.variables.items()}, **{n: e.shape for n, e in question.typed.items()}}
    named.setdefault(question.value_name(), question.value.shape)
    return tuple(named.items())


def where_of(question: Question, shown: Sequence[Expr]) -> list[tuple[str, Expr]]:
    """The names that the formulas use, through other names too."""
    needed: set[str] = set()
    todo = list(shown)
    while todo:
        for e in postorder(todo.pop()):
            name = str(e.params[0]) if e.op.name == "variable" else ""
            if name in question.where and name not in needed:
                needed.add(name)
                todo.append(question.where[name])
    return [(n, e) for n, e in question.where.items() if n in needed]


def _rows(question: Question) -> list[Row]:
    value, x = question.value.shape, question.x.shape
    forms, rows = question.forms, list[Row]()

    def put(name: str, label: str, shape: Shape, source: str, vec: str | None = None, users: str = "") -> None:
        if label in forms:
            rows.append(Row(name, vec, forms[label], shape, USERS[users or name], source))

    up, dx = question.upstream, question.increment
    dv = f"d{question.value_name()}"
    axes = "".join(question.value_indices) + "," + "".join(question.wrt_indices)
    if "structured projected" in forms:
        for reading in ("projected", "unconstrained", "free entries"):
            put(reading, f"structured {reading}", x, _READINGS[reading])
    else:
        put("gradient", "gradient", x, f"{dv} = ⟨gradient, {dx}⟩: the factor of {dx}, transposed")
    for part, free in (("d/dZ", "conj(Z)"), ("d/dconj(Z)", "Z")):
        put(part, f"complex {part}", forms[f"complex {part}"].shape if f"complex {part}" in forms else x,
            f"the differential, its increment and the conjugate of it apart, {free} held")  # fmt: skip
    if not x:
        put("derivative", "derivative", value, f"{dv} = derivative*{dx}")
    put("differential", "differential", value, f"the rules, {question.x.params[0]} moving by {dx}")
    if value:
        put("pullback", "pullback", x, f"⟨{up}, {dv}⟩ = ⟨pullback, {dx}⟩; stacked, vec(pullback) = J'*vec({up})")
    put("index", "index", (*value, *x), f"one entry ({axes.strip(',')}) of the tensor")
    put("tensor", "tensor", (*value, *x), "the row-stacked numerator Jacobian, reshaped to the axes of both")
    m, n = entries(value), entries(x)
    same = forms.get("jacobian numerator column") is forms.get("jacobian numerator row")
    for layout, shape in (("numerator", (m, n)), ("denominator", (n, m))):
        source = _stacked(question) if layout == "numerator" else "the transpose of the numerator layout"
        put(layout, f"jacobian {layout} column", shape, source, "either" if same else "column")
        if not same:
            turned = _turned(value, x) if layout == "numerator" else "the transpose of the numerator layout"
            put(layout, f"jacobian {layout} row", shape, turned, "row", f"{layout} row")
    freed = _FREED.get(kind_of(question.x) or "")
    if freed is not None:
        for name, label, source in zip(
            ("vech gradient", "vech"), ("vech gradient", "vech jacobian"), freed, strict=True
        ):
            if label in forms:
                vec = "column" if name == "vech" else None
                put(name, label, forms[label].shape, source.format(n=x[0]), vec, "vech")
    return rows


_READINGS = {
    "projected": "the unconstrained gradient, projected on the structure",
    "unconstrained": "the differential with every entry of the increment free",
    "free entries": "G + G' - diag(diag(G)) of the unconstrained G (off-diagonal pairs move together)",
}
"""What each reading of a structured derivative means."""


_FREED: dict[str, tuple[str, str]] = {
    "symmetric": ("duplication({n})'*vec(gradient)", "the column-stacked Jacobian times duplication({n})"),
    "lower": ("vech(gradient)", "the column-stacked Jacobian times elimination({n})'"),
    "upper": ("vech(gradient')", "the column-stacked Jacobian times commutation({n},{n})*elimination({n})'"),
    "diagonal": ("the diagonal of the gradient", "the columns of the Jacobian that belong to the diagonal"),
    "skew": ("gradient - gradient', below the diagonal", "each column below the diagonal less the one across it"),
}
"""How the forms by the free entries come about, by the kind of structure: the gradient and the Jacobian."""


def _stacked(question: Question) -> str:
    """vec(dC) = J*vec(dB)."""
    dv, dx = f"d{question.value_name()}", question.increment
    left = f"vec({dv})" if len(question.value.shape) >= 2 else dv
    right = f"vec({dx})" if len(question.x.shape) >= 2 else dx
    told = f"{left} = J*{right}"
    if max(len(question.value.shape), len(question.x.shape)) <= 2:
        return told
    return f"{told}; vec of a tensor runs with the first index fastest"


def _turned(value: Shape, x: Shape) -> str:
    """The row-stacked Jacobian from the column-stacked one, by commutation matrices; of tensors what it means."""
    if max(len(value), len(x)) > 2:
        return "the same map with the last index fastest, as NumPy's reshape(-1) stacks"
    (m, p), (n, q) = rows_cols(value), rows_cols(x)
    left = f"commutation({m},{p})*" if ONE not in (m, p) else ""
    right = f"*commutation({q},{n})" if ONE not in (n, q) else ""
    return f"{left}J{right}, J the column-stacked one" if left or right else "the column-stacked one"


def _notes(question: Question) -> list[str]:
    """Why the Kronecker matrix has another size than the variable, and what makes it fit."""
    value, x, forms = question.value.shape, question.x.shape, question.forms
    if not value or not x or (len(value) < 2 and len(x) < 2):
        return []
    jacobian, pullback = forms.get("jacobian numerator column"), forms.get("pullback")
    if jacobian is None or pullback is None:
        return []
    name, low, up = question.value_name(), question.x.params[0], question.upstream
    m, n = (product_word(s) for s in (value, x))
    return [
        f"The Jacobian is not the size of {low} ({shape_word(x)}), and should not be: each of the {m} entries of {name}"
        f" has a slope in each of the {n} entries of {low}, {m}×{n} numbers in all. The gradient of a loss is the size"
        f" of {low}: with {up} = ∂L/∂{name}, the row vec({up})'*J has {n} entries, and"
        f" {_reshaped(x, up)} = {text(pullback)} is {shape_word(x)}."
    ]


def _reshaped(x: Shape, up: str) -> str:
    sizes = ",".join(map(str, x))
    return f"reshape(J'*vec({up}),{sizes})" if len(x) >= 2 else f"J'*vec({up})"
