"""What is said of each rule: one table for differentials, one for adjoints, one for what a rule needs.

Keyed by the operation's name; the passes look words up and know no operation themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Words:
    """A rule in words: its title, one sentence of why, where it stands in the books."""

    title: str
    why: str
    reference: str


MN8, MN9 = "Magnus & Neudecker ch. 8", "Magnus & Neudecker ch. 9"
PP2, PP10 = "Petersen & Pedersen sec. 2", "Petersen & Pedersen sec. 10.2"
FUNDAMENTAL = f"{MN8}; {PP2}"
ADJOINT = "Giles sec. 2"
BACKPROP = "Goodfellow, Bengio & Courville sec. 6.5"

BOOKS: dict[str, str] = {
    "Magnus & Neudecker": "J. R. Magnus and H. Neudecker, Matrix Differential Calculus with Applications in "
    "Statistics and Econometrics, 3rd ed., 2019",
    "Petersen & Pedersen": "K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012",
    "Giles": "M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic "
    "differentiation, 2008",
    "Goodfellow, Bengio & Courville": "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016",
    "Hjørungnes": "A. Hjørungnes, Complex-Valued Matrix Derivatives, 2011",
    "Higham": "N. J. Higham, Functions of Matrices, 2008",
}
"""The books that rules are referred to, by the names they are called by."""

RULES: dict[str, Words] = {
    "sum of terms": Words("Term by term", "The differential of a sum is the sum of the differentials.", FUNDAMENTAL),
    "product": Words(
        "The product rule",
        "Each factor moves in turn while the others stay, and every factor keeps its place: d(U*V) = dU*V + U*dV.",
        FUNDAMENTAL,
    ),
    "factor": Words(
        "The product rule, other factors constant",
        "What does not depend on the variable stands where it stood: d(A*U) = A*dU.",
        FUNDAMENTAL,
    ),
    "quotient": Words("The quotient rule", "d(u/v) = du/v - u*dv/v^2: the product rule for u*v^-1.", FUNDAMENTAL),
    "power": Words(
        "The power rule",
        "X*X*…*X is a product: each factor moves in turn; for a number d(x^k) = k*x^(k-1)*dx.",
        FUNDAMENTAL,
    ),
    "epower": Words(
        "Powers, entry by entry", "Each entry is a function of one number: d(x.^k) = k*x.^(k-1).*dx.", FUNDAMENTAL
    ),
    "squared norm": Words(
        "The squared norm", "‖u‖² = ⟨u, u⟩, and both factors move by the same amount: d‖u‖² = 2⟨u, du⟩.", FUNDAMENTAL
    ),
    "norm2": Words("The norm", "‖u‖ is the root of ⟨u, u⟩, so d‖u‖ = ⟨u, du⟩/‖u‖.", FUNDAMENTAL),
    "norm1": Words("The sum of moduli", "d|u| = sign(u)*du for each entry that is not zero.", FUNDAMENTAL),
    "inv": Words(
        "The inverse's differential",
        "S*inv(S) = I does not move, so dS*inv(S) + S*d(inv(S)) = 0.",
        f"{MN8}; {PP2}.2",
    ),
    "det": Words(
        "The determinant's differential (Jacobi)",
        "det is linear in each entry, with the cofactor as slope: d det(S) = det(S)*tr(inv(S)*dS).",
        f"{MN8}; {PP2}.1",
    ),
    "logdet": Words(
        "The log-determinant's differential (Jacobi)",
        "d det(S) = det(S)*tr(inv(S)*dS), and the logarithm divides by det(S).",
        f"{MN8}; {PP2}.1",
    ),
    "adj": Words("The adjugate's differential", "adj(S) = det(S)*inv(S): the product rule.", MN8),
    "elementwise": Words(
        "The chain rule, entry by entry",
        "Each entry is a function of one number, so its slope multiplies entry by entry: df(u) = f'(u).*du.",
        f"{MN9}; {ADJOINT}",
    ),
    "softmax": Words(
        "The softmax's differential",
        "Every entry feels its own exponent and, through the sum below, all of them: ds = s.*du - s*⟨s, du⟩.",
        BACKPROP,
    ),
    "logsumexp": Words("The differential of log-sum-exp", "The slope of log Σ exp(u) in u is softmax(u).", BACKPROP),
    "prod": Words("A product of entries", "Each entry moves in turn: dΠu = Πu · Σ du/u.", FUNDAMENTAL),
    "max": Words("The larger of the two moves", "Where one argument is the larger, only it counts.", FUNDAMENTAL),
    "min": Words("The smaller of the two moves", "Where one argument is the smaller, only it counts.", FUNDAMENTAL),
    "tr": Words("The trace is linear", "The differential passes under the trace: d tr(U) = tr(dU).", FUNDAMENTAL),
    "linear": Words(
        "A linear operation passes the differential on",
        "What only rearranges or adds entries does so to dU.",
        FUNDAMENTAL,
    ),
    "matrix function": Words(
        "The differential of a matrix function",
        "The derivative of a function of a matrix in the direction of its increment, written with the function itself.",
        "Higham ch. 3",
    ),
}
"""How a differential is taken."""

LINEAR = frozenset(
    [
        "transpose",
        "sum",
        "mean",
        "diag",
        "vec",
        "vech",
        "tril",
        "triu",
        "reshape",
        "hcat",
        "vcat",
        "entry",
        "column",
        "row",
        "einsum",
        "conj",
        "herm",
        "real",
        "imag",
    ]
)
"""Operations that are linear and say nothing of their own."""

MOVES: dict[str, str] = {
    "transpose": "a trace equals that of its transpose",
    "turn": "factors turn cyclically under a trace",
    "number": "a number is its own trace",
    "scalar transpose": "a number equals its transpose",
    "hadamard": "tr(A'*(B.*M)) = tr((A.*B)'*M)",
    "sum": "sum(A.*M) = tr(A'*M)",
    "mean": "mean(M) is sum(M) over the count",
    "diag": "⟨A, diag(u)⟩ = ⟨diag(A), u⟩",
    "kron": "the adjoint of a Kronecker factor sums over the blocks of the other",
    "entry": "an entry is unit'*M*unit",
    "vec": "⟨vec(A), vec(M)⟩ = ⟨A, M⟩",
    "edivide": "a quotient entry by entry is a factor entry by entry",
    "merge": "terms that are the same number are counted together",
}
"""The moves that bring the increment to the end of a scalar line, by what stands in its way."""

BACKWARD: dict[str, str] = {
    "left": "⟨G, A*M⟩ = ⟨A'*G, M⟩",
    "right": "⟨G, M*B⟩ = ⟨G*B', M⟩",
    "transpose": "⟨G, M'⟩ = ⟨G', M⟩",
    "hadamard": "⟨G, A.*M⟩ = ⟨A.*G, M⟩",
    "edivide": "⟨G, M./A⟩ = ⟨G./A, M⟩",
    "divide": "a number multiplies either side",
    "tr": "tr(M) = ⟨I, M⟩",
    "sum": "sum(M) = ⟨ones, M⟩",
    "mean": "mean(M) = ⟨ones, M⟩ over the count",
    "diag": "⟨G, diag(u)⟩ = ⟨diag(G), u⟩",
    "vec": "⟨g, vec(M)⟩ = ⟨reshape(g), M⟩",
    "reshape": "reshaping moves no number",
    "kron": "the adjoint of a Kronecker factor sums over the blocks of the other",
    "tril": "a mask entry by entry is its own adjoint",
    "triu": "a mask entry by entry is its own adjoint",
}
"""How each operation is moved across an inner product: its adjoint."""

NEEDS: dict[str, str] = {
    "invertible": "{} invertible",
    "positive": "{} positive",
    "nonzero": "{} not zero",
    "unit": "{} between -1 and 1",
}
"""What a domain asks of an argument."""

KINKS = {
    "abs": "zero", "sign": "zero", "relu": "zero", "step": "zero", "norm1": "zero",
}  # fmt: skip
"""Functions with a kink (or a jump): no entry of their argument may lie there."""

STRUCTURES: dict[str, tuple[str, str]] = {
    "symmetric": (
        "{} is symmetric: keep the symmetric part",
        "{1} is symmetric too and meets only the symmetric part of G: df = ⟨(G+G')/2, {1}⟩.",
    ),
    "skew": ("{} is skew: keep the skew part", "{1} is skew too and meets only the skew part of G: (G-G')/2."),
    "diagonal": ("{} is diagonal: keep the diagonal", "{1} is diagonal too and meets only the diagonal of G."),
    "lower": ("{} is lower triangular: keep that triangle", "{1} is zero above the diagonal, so nothing there counts."),
    "upper": ("{} is upper triangular: keep that triangle", "{1} is zero below the diagonal, so nothing there counts."),
    "orthogonal": (
        "{} is orthogonal: project on the tangent space",
        "{1} keeps {0}'*{0} = I, so {0}'*{1} is skew, and such increments meet only G - {0}*({0}'*G+G'*{0})/2.",
    ),
}
"""The last step for a variable with structure: title and why, with the names of the variable and its increment."""
