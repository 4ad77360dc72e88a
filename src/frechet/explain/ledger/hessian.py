"""The ledger of a second derivative: the gradient, its differential, the Hessian in each vec order and by free entries.

A Hessian is the Jacobian of a gradient.  By one variable it is symmetric, so both layouts are one matrix; the mixed
block of two variables has rows for the one and columns for the other, and the denominator layout is its transpose.
"""

from __future__ import annotations

from frechet.calculus.structure import kind_of
from frechet.core.dim import Shape, entries
from frechet.core.expr import Expr, postorder
from frechet.explain.ledger.forms import head_of, shapes_of, where_of
from frechet.explain.ledger.ledger import Ledger
from frechet.explain.question import Question
from frechet.explain.render.shapes import product_word
from frechet.explain.table import Row
from frechet.ops.expressions import apply

USERS = {
    "gradient": "the first derivative: where it is zero the Hessian tells a minimum from a saddle",
    "differential": "Magnus & Neudecker: the second differential, from which every other form is read off",
    "pullback": "Newton-CG, Lanczos, influence functions: the product without the matrix, hvp in JAX and PyTorch",
    "hessian": "Newton's method, curvature, standard errors; Magnus & Neudecker stack columns",
    "hessian row": "programs that store rows one after the other: jax.hessian and torch's, reshaped",
    "vech": "information matrices of covariance parameters: the independent entries only",
}
"""Who uses a form."""

FREE = {
    "symmetric": "duplication({n})'*H*duplication({n})",
    "lower": "elimination({n})*H*elimination({n})'",
    "upper": "H between commutation and elimination matrices, for the columns of the transpose",
    "diagonal": "the rows and columns of H that belong to the diagonal",
    "skew": "H with each entry below the diagonal less the one across it",
}
"""How the Hessian by the free entries comes about, by the kind of structure."""


def second_conventions(question: Question, cols: Expr, increment: str, direction: str) -> Ledger:
    """The ledger of a second derivative: of the gradient by `question.x`, moved by `cols`."""
    rows = question.x
    mixed = rows is not cols
    table = _rows(question, rows, cols, increment, direction, mixed)
    name, other = str(rows.params[0]), str(cols.params[0])
    return Ledger(
        question.text,
        f"{name},{other}" if mixed else name,
        tuple(head_of(question)),
        shapes_of(question),
        tuple(table),
        None,
        tuple(_notes(question, rows, cols, mixed)),
        tuple(where_of(question, [r.formula for r in table])),
        question.reading,
    )


def _rows(question: Question, rows: Expr, cols: Expr, increment: str, direction: str, mixed: bool) -> list[Row]:
    forms, table = question.forms, list[Row]()
    value = question.value_name()
    m, n = entries(rows.shape), entries(cols.shape)

    def put(name: str, label: str, shape: Shape, source: str, vec: str | None = None, users: str = "") -> None:
        if label in forms:
            table.append(Row(name, vec, forms[label], shape, USERS[users or name], source))

    put("gradient", "gradient", rows.shape, f"d{value} = ⟨gradient, d{rows.params[0]}⟩")
    put("differential", "differential", rows.shape, f"the gradient, {cols.params[0]} moving by {increment}")
    put("pullback", "pullback", rows.shape, f"the differential with the direction {direction} for {increment}")
    same = forms.get("hessian column") is forms.get("hessian row")
    stacked = f"{_stack(rows, 'd(gradient)')} = H*{_stack(cols, increment)}"
    turned = "the column-stacked H, a commutation matrix on each side"
    if max(len(rows.shape), len(cols.shape)) > 2:
        stacked += "; vec of a tensor runs with the first index fastest"
        turned = "the same map with the last index fastest"
    for layout, shape in (("numerator", (m, n)), ("denominator", (n, m))) if mixed else (("hessian", (m, n)),):
        if layout == "denominator":
            _put_transposed(table, shape)
            continue
        put(layout, "hessian column", shape, stacked, "either" if same else "column", "hessian")
        if not same:
            put(layout, "hessian row", shape, turned, "row", "hessian row")
    kinds = [kind for v in dict.fromkeys((rows, cols)) if (kind := kind_of(v)) is not None]
    if kinds and "vech hessian" in forms:
        if "vech gradient" in forms:
            free = "the gradient by the free entries"
            put("vech gradient", "vech gradient", forms["vech gradient"].shape, free, "column", "vech")
        source = "H, of the structured variable the free entries alone"
        if kinds[0] in FREE and not mixed:
            source = FREE[kinds[0]].format(n=rows.shape[0])
        put("vech hessian", "vech hessian", forms["vech hessian"].shape, source, None, "vech")
    return table


def _put_transposed(table: list[Row], shape: Shape) -> None:
    """The denominator layout of a mixed block: each numerator row transposed."""
    from frechet.algebra.constructors import T
    from frechet.notation.tidy import tidy
    from frechet.notation.write import Writer
    from frechet.ops.normalise import node_of

    writer = Writer()
    for row in [r for r in table if r.name == "numerator"]:
        if any(e.op.name == "isum" for e in postorder(row.formula)):  # no node
            formula = apply("transpose", (row.formula,))
        else:
            formula = writer.write(tidy(T(node_of(row.formula)), writer))
        table.append(Row("denominator", row.vec, formula, shape, row.used_by, "the transpose of the numerator layout"))


def _stack(x: Expr, name: str) -> str:
    return f"vec({name})" if len(x.shape) >= 2 else name


def _notes(question: Question, rows: Expr, cols: Expr, mixed: bool) -> list[str]:
    """What both layouts are, and why a Hessian is no product of pieces."""
    notes = [f"There is no Hessian here: {question.missing['hessian']}."] if "hessian" in question.missing else []
    if "hessian column" not in question.forms:
        return notes
    value, x, y = question.value_name(), rows.params[0], cols.params[0]
    m, n = (product_word(v.shape) for v in (rows, cols))
    tied = any(kind_of(v) is not None for v in (rows, cols))
    alone = ", as a form on increments within the structure" if tied else ""
    if mixed:
        notes.append(
            f"The block has a row for each entry of {x} and a column for each of {y}; the block by {y}, then {x}, is"
            f" its transpose{alone}, which is the denominator layout."
        )
    elif rows.shape:
        left = f"; what is left to say is how {x} is stacked" if len(rows.shape) >= 2 else ""
        notes.append(
            f"The Hessian is {m}×{n}, a row and a column for each entry of {x}. It is symmetric{alone}, so the"
            f" numerator and the denominator layout are one matrix{left}."
        )
    notes.append(
        f"It is not a product of pieces: where {value} depends on {x} through u, the Hessian is J'*H*J plus the"
        " gradient by u weighing the second derivatives of u; Gauss and Newton leave the second part out."
    )
    return notes
