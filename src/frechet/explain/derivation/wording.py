"""What is said of each rule: one table for differentials, one for adjoints, one for what a rule needs.

Keyed by the operation's name; the passes look words up and know no operation themselves.
"""

from __future__ import annotations

from frechet.core.words import Words

MN8, MN9 = "Magnus & Neudecker ch. 8", "Magnus & Neudecker ch. 9"
PP2, PP10 = "Petersen & Pedersen sec. 2", "Petersen & Pedersen sec. 10.2"
FUNDAMENTAL = f"{MN8}; {PP2}"
ADJOINT = "Giles sec. 2"
BACKPROP = "Goodfellow, Bengio & Courville sec. 6.5"
MN5, MN10 = "Magnus & Neudecker ch. 5", "Magnus & Neudecker ch. 10"

BOOKS: dict[str, str] = {
    "Magnus & Neudecker": "J. R. Magnus and H. Neudecker, Matrix Differential Calculus with Applications in "
    "Statistics and Econometrics, 3rd ed., 2019",
    "Petersen & Pedersen": "K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012",
    "Giles": "M. B. Giles, Collected matrix derivative results for forward and reverse mode algorithmic "
    "differentiation, 2008",
    "Goodfellow, Bengio & Courville": "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016",
    "Hjørungnes": "A. Hjørungnes, Complex-Valued Matrix Derivatives, 2011",
    "Higham": "N. J. Higham, Functions of Matrices, 2008",
    "Bishop": "C. M. Bishop, Pattern Recognition and Machine Learning, 2006",
    "Boyd & Vandenberghe": "S. Boyd and L. Vandenberghe, Convex Optimization, 2004",
    "Murray": "I. Murray, Differentiation of the Cholesky decomposition, 2016",
    "Golub & Pereyra": "G. H. Golub and V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares "
    "problems whose variables separate, 1973",
    "Townsend": "J. Townsend, Differentiating the singular value decomposition, 2016",
    "Watson": "G. A. Watson, Characterization of the subdifferential of some matrix norms, 1992",
}
"""The books that rules are referred to, by the names they are called by."""

RULES: dict[str, Words] = {
    "sum of terms": Words(
        "Term by term", "d(U + V) = dU + dV, and what does not move has no differential.", FUNDAMENTAL
    ),
    "product": Words(
        "The product rule",
        "Each factor moves in turn while the others stay, and every factor keeps its place: d(U*V) = dU*V + U*dV.",
        FUNDAMENTAL,
    ),
    "factor": Words(
        "The product rule, one factor moving",
        "What does not move stands where it stood: d(A*U*B) = A*dU*B.",
        FUNDAMENTAL,
    ),
    "scalar factor": Words(
        "The product rule, one factor moving", "A factor that does not move stays: d(c*U) = c*dU.", FUNDAMENTAL
    ),
    "quotient": Words("The quotient rule", "The product rule for u*v^-1: d(u/v) = du/v - u*dv/v^2.", FUNDAMENTAL),
    "equotient": Words("The quotient rule, entry by entry", "In each entry d(u/v) = du/v - u*dv/v^2.", FUNDAMENTAL),
    "reciprocal": Words("The quotient rule, a constant above", "d(1/v) = -dv/v^2.", FUNDAMENTAL),
    "power": Words("The power rule", "u is a number here: d(u^k) = k*u^(k-1)*du.", FUNDAMENTAL),
    "matrix power": Words(
        "The power rule for a matrix",
        "A power is a product of equal factors, and each moves in turn: d(U*U) = dU*U + U*dU. They need not commute.",
        FUNDAMENTAL,
    ),
    "inverse power": Words(
        "The inverse's differential",
        "S*S^-1 = I does not move: dS*S^-1 + S*d(S^-1) = 0.",
        f"{MN8}; {PP2}.2",
    ),
    "exponential": Words(
        "A number to a power that moves", "u^v = exp(v*log(u)): d(u^v) = u^v*(dv*log(u) + v*du/u).", FUNDAMENTAL
    ),
    "epower": Words(
        "Powers, entry by entry", "Each entry is a function of one number: d(u.^k) = k*u.^(k-1).*du.", FUNDAMENTAL
    ),
    "squared norm": Words(
        "The squared norm",
        "‖u‖² = ⟨u, u⟩, and both places move by the same amount: d‖u‖² = 2⟨u, du⟩.",
        f"{MN8}; {PP2}.7",
    ),
    "norm2": Words("The norm", "‖u‖ is the root of ⟨u, u⟩, so d‖u‖ = ⟨u, du⟩/‖u‖.", f"{PP2}.6"),
    "norm1": Words("The sum of moduli", "d|u| = sign(u)*du for each entry that is not zero.", FUNDAMENTAL),
    "inv": Words(
        "The inverse's differential",
        "S*inv(S) = I does not move, so dS*inv(S) + S*d(inv(S)) = 0; multiply by inv(S) from the left.",
        f"{MN8}; {PP2}.2",
    ),
    "det": Words(
        "The determinant's differential (Jacobi)",
        "det is linear in each entry, its cofactor the slope: d det(S) = tr(adj(S)*dS), and adj(S) = det(S)*inv(S).",
        f"{MN8}; {PP2}.1",
    ),
    "logdet": Words(
        "The log-determinant's differential (Jacobi)",
        "d det(S) = det(S)*tr(inv(S)*dS), and the logarithm divides by det(S).",
        f"{MN8}; {PP2}.1",
    ),
    "adj": Words("The adjugate's differential", "adj(S) = det(S)*inv(S): the product rule.", MN8),
    "softmax": Words(
        "The softmax's differential",
        "Every entry feels its own exponent and, through the sum below, all of them: ds = s.*(du - ⟨s, du⟩).",
        "Bishop sec. 4.3.4",
    ),
    "softmax by rows": Words(
        "The softmax's differential, row by row",
        "In each row every entry feels its own exponent and, through the sum below, all of that row: "
        "ds = s.*(du - ⟨s, du⟩).",
        "Bishop sec. 4.3.4",
    ),
    "softmax by columns": Words(
        "The softmax's differential, column by column",
        "In each column every entry feels its own exponent and, through the sum below, all of that column: "
        "ds = s.*(du - ⟨s, du⟩).",
        "Bishop sec. 4.3.4",
    ),
    "logsumexp": Words(
        "The differential of log-sum-exp",
        "The slope of log(Σ exp(u)) in u is softmax(u).",
        "Boyd & Vandenberghe sec. 3.1.5",
    ),
    "prod": Words("A product of entries", "Each entry moves in turn: dΠu = Πu · Σ du/u.", FUNDAMENTAL),
    "max": Words("The larger of the two moves", "Where one argument is the larger, only it counts.", MN5),
    "min": Words("The smaller of the two moves", "Where one argument is the smaller, only it counts.", MN5),
    "largest": Words(
        "The largest entry moves", "Only the entry that is the largest counts: the others are below it.", MN5
    ),
    "smallest": Words(
        "The smallest entry moves", "Only the entry that is the smallest counts: the others are above it.", MN5
    ),
    "tr": Words("The trace is linear", "The differential passes under the trace: d tr(U) = tr(dU).", FUNDAMENTAL),
    "linear": Words(
        "A linear operation passes the differential on",
        "What only rearranges or adds entries does so to the increment.",
        FUNDAMENTAL,
    ),
    "conjugate": Words(
        "Conjugation passes the differential on",
        "d conj(U) = conj(dU), and so for herm, real and imag.",
        "Hjørungnes ch. 3",
    ),
    "expm": Words(
        "The matrix exponential's differential",
        "In the series Σ S^k/k! each factor moves in turn; what that adds up to is written expm_frechet(S,dS).",
        "Higham ch. 10",
    ),
    "logm": Words(
        "The matrix logarithm's differential",
        "logm undoes expm: logm_frechet(S,dS) is the E with expm_frechet(logm(S),E) = dS.",
        "Higham ch. 11",
    ),
    "sqrtm": Words(
        "The matrix root's differential",
        "R*R = S for the root R, so R*dR + dR*R = dS; the solution of A*Y + Y*B = C is written sylvester(A,B,C).",
        "Higham ch. 6",
    ),
    "sylvester": Words(
        "The differential of a Sylvester equation",
        "A*Y + Y*B = C: differentiated, A*dY + dY*B = dC - dA*Y - Y*dB, the same equation with another right side.",
        "Higham app. B",
    ),
    "chol": Words(
        "The Cholesky factor's differential",
        "S = L*L', so inv(L)*dS*inv(L)' = inv(L)*dL + (inv(L)*dL)': phi takes the lower triangle, its diagonal halved.",
        "Murray",
    ),
    "pinv": Words(
        "The pseudoinverse's differential",
        "From S*P*S = S, P*S*P = P and the symmetry of S*P and P*S, at constant rank.",
        "Golub & Pereyra",
    ),
    "eigvalsh": Words(
        "An eigenvalue's differential",
        "S*q = λq with a unit q: multiplied by q' from the left the share of dq cancels, and dλ = q'*dS*q.",
        f"{MN8}; {PP2}.3",
    ),
    "eigvecs": Words(
        "An eigenvector's differential",
        "S*q = λq differentiated: dq has the share p'*dS*q/(λ - μ) along each other eigenvector p, of eigenvalue μ.",
        f"{MN8}; {PP2}.3",
    ),
    "svdvals": Words(
        "A singular value's differential",
        "S*v = σu with unit u and v: multiplied by u' from the left, dσ = u'*dS*v.",
        "Townsend",
    ),
    "svd_u": Words("The left singular vectors' differential", "They are the eigenvectors of S*S'.", "Townsend"),
    "svd_v": Words("The right singular vectors' differential", "They are the eigenvectors of S'*S.", "Townsend"),
    "norm_nuclear": Words(
        "The nuclear norm's differential",
        "It is the sum of the singular values, and dσ = u'*dS*v for each: together tr(V*U'*dS).",
        "Watson",
    ),
    "norm_spectral": Words(
        "The spectral norm's differential",
        "It is the largest singular value, and dσ = u'*dS*v with its unit vectors u and v.",
        "Watson",
    ),
    "matrix function": Words(
        "The differential of a matrix function",
        "The derivative of the function in the direction of its argument's increment.",
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
    "vector hadamard": "a'*(b.*v) = (a.*b)'*v",
    "hadamard": "tr(A'*(B.*M)) = tr((A.*B)'*M)",
    "vector sum": "sum(v) = ones'*v",
    "sum": "sum(M) = tr(ones'*M)",
    "vector sum of products": "sum(a.*v) = a'*v",
    "sum of products": "sum(A.*M) = tr(A'*M)",
    "mean": "mean(M) is sum(M) over the count",
    "diag": "⟨A, diag(u)⟩ = ⟨diag(A), u⟩",
    "kron": "⟨N, kron(A,M)⟩ adds up the blocks of N, each times its entry of A",
    "kron left": "⟨N, kron(M,A)⟩: an entry of M meets the inner product of its block of N with A",
    "entry": "an entry is e'*M*e, with e a column of the identity",
    "vec": "⟨vec(A), vec(M)⟩ = ⟨A, M⟩",
    "edivide": "dividing entry by entry is multiplying by 1./A",
    "triangle": "a triangle kept on one side of ⟨·, ·⟩ may be kept on the other",
    "expm_frechet": "⟨A, expm_frechet(S,M)⟩ = ⟨expm_frechet(S',A), M⟩",
    "logm_frechet": "⟨A, logm_frechet(S,M)⟩ = ⟨logm_frechet(S',A), M⟩",
    "sylvester": "⟨A, sylvester(P,Q,M)⟩ = ⟨sylvester(P',Q',A), M⟩",
    "identity": "tr(M) = tr(I*M)",
    "scalar increment": "a number may stand anywhere in a product",
    "expm commutes": "what commutes with S passes through: expm_frechet(S,S) = expm(S)*S",
    "logm commutes": "what commutes with S passes through: logm_frechet(S,S) = inv(S)*S",
    "sylvester commutes": "where C commutes with R, sylvester(R,R,C) is inv(R)*C/2",
    "merge": "terms that are the same number are counted together",
    "collect": "what multiplies the increment is added up",
}
"""The moves that bring the increment to the end of a line, by what stands in its way."""

BACKWARD: dict[str, str] = {
    "left": "⟨G, A*M⟩ = tr(G'*A*M) = ⟨A'*G, M⟩",
    "right": "⟨G, M*B⟩ = tr(B*G'*M) = ⟨G*B', M⟩",
    "vector left": "⟨g, A*v⟩ = g'*A*v = ⟨A'*g, v⟩",
    "transpose": "⟨G, M'⟩ = ⟨G', M⟩",
    "hadamard": "⟨G, A.*M⟩ = ⟨A.*G, M⟩",
    "edivide": "⟨G, M./A⟩ = ⟨G./A, M⟩",
    "divide": "a number multiplies either side",
    "tr": "tr(M) = ⟨I, M⟩",
    "sum": "sum(M) = ⟨ones, M⟩",
    "mean": "mean(M) = ⟨ones, M⟩ over the count",
    "diag": "⟨G, diag(u)⟩ = ⟨diag(G), u⟩",
    "diag of": "⟨g, diag(M)⟩ = ⟨diag(g), M⟩",
    "vec": "⟨g, vec(M)⟩ = ⟨reshape(g), M⟩",
    "reshape": "reshaping moves no number",
    "kron": "⟨G, kron(A,M)⟩ adds up the blocks of G, each times its entry of A",
    "kron left": "⟨G, kron(M,A)⟩: an entry of M meets the inner product of its block of G with A",
    "tril": "⟨G, tril(M)⟩ = ⟨tril(G), M⟩",
    "triu": "⟨G, triu(M)⟩ = ⟨triu(G), M⟩",
    "hcat": "each block of G goes to the block it stands over",
    "vcat": "each block of G goes to the block it stands over",
    "einsum": "⟨G, ·⟩ is a sum over all indices, and the increment's factor is what is left of it",
    "expm_frechet": "⟨G, expm_frechet(S,M)⟩ = ⟨expm_frechet(S',G), M⟩",
    "logm_frechet": "⟨G, logm_frechet(S,M)⟩ = ⟨logm_frechet(S',G), M⟩",
    "sylvester": "⟨G, sylvester(P,Q,M)⟩ = ⟨sylvester(P',Q',G), M⟩",
    "phi": "⟨G, phi(M)⟩ = ⟨phi(G), M⟩",
}
"""How each operation is moved across an inner product: its adjoint."""

STACKED: dict[str, str] = {
    "kron column": "vec(A*M*B) = kron(B',A)*vec(M)",
    "kron row": "with rows stacked, A*M*B is kron(A,B') times M",
    "commutation": "commutation(m,n)*vec(M) = vec(M') for M m×n",
    "hadamard": "vec(A.*M) = diag(vec(A))*vec(M)",
    "diag": "diag(u)*v = u.*v",
    "sylvester": "A*Y + Y*B = C is (kron(eye(n),A) + kron(B',eye(m)))*vec(Y) = vec(C)",
    "expm": "the upper right block of expm([A, E; 0, B]) is the derivative in the direction E where A = B",
    "turned": "a row is set upright: (a'*M)' = M'*a",
}
"""What turns a line of matrices into one of vectors, by what stands in the result."""

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
