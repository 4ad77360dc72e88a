"""The books that rules are referred to, and the rules that many operations have in common, in words.

A rule of one operation stands in that operation's record; here is what several records say alike.
"""

from __future__ import annotations

from frechet.core.words import Words

MN3, MN5, MN8, MN9, MN10 = (f"Magnus & Neudecker ch. {chapter}" for chapter in (3, 5, 8, 9, 10))
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
    "Bishop": "C. M. Bishop, Pattern Recognition and Machine Learning, 2006",
    "Boyd & Vandenberghe": "S. Boyd and L. Vandenberghe, Convex Optimization, 2004",
    "Murray": "I. Murray, Differentiation of the Cholesky decomposition, 2016",
    "Golub & Pereyra": "G. H. Golub and V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares "
    "problems whose variables separate, 1973",
    "Townsend": "J. Townsend, Differentiating the singular value decomposition, 2016",
    "Walter": "S. F. Walter, Structured Higher-Order Algorithmic Differentiation in the Forward and Reverse Mode with "
    "Application in Optimum Experimental Design, 2012",
    "Kao & Hennequin": "T.-C. Kao and G. Hennequin, Automatic differentiation of Sylvester, Lyapunov, and algebraic "
    "Riccati equations, 2020",
    "Murray, Li & Sastry": "R. M. Murray, Z. Li and S. S. Sastry, A Mathematical Introduction to Robotic Manipulation, "
    "1994",
    "Watson": "G. A. Watson, Characterization of the subdifferential of some matrix norms, 1992",
}
"""The books by the names they are called by."""

LINEAR = Words(
    "A linear operation passes the differential on",
    "What only rearranges or adds entries does so to the increment.",
    FUNDAMENTAL,
    rule="linear",
)
CONJUGATE = Words(
    "Conjugation passes the differential on",
    "d conj(U) = conj(dU), and so for herm, real and imag.",
    "Hjørungnes ch. 3",
    rule="conjugate",
)
DIRECTION = Words(
    "A derivative is linear in its direction",
    "The matrix stays and its direction moves: d f(S,E) = f(S,dE).",
    "Higham ch. 3",
    rule="direction",
)
TRIANGLE = "a triangle kept on one side of ⟨·, ·⟩ may be kept on the other"
"""How an increment is brought out of a triangle."""
STACKING = "⟨vec(A), vec(M)⟩ = ⟨A, M⟩"
"""How an increment is brought out of what only stacks entries."""
