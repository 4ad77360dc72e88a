"""Conjugates, real and imaginary parts.

Sources: Kreutz-Delgado, The Complex Gradient Operator and the CR-Calculus (2009); Hjørungnes, Complex-Valued Matrix
Derivatives (2011).  None of the four is holomorphic, so none has a derivative by Z alone: Z and conj(Z) are two
variables.
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.atoms import HALF
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Shape, rows_cols, settle, show
from frechet.core.expr import Expr
from frechet.core.facts import Facts
from frechet.core.op import Op, Params, Unify
from frechet.core.words import Telling
from frechet.ops.arrays import as_matrix, settled
from frechet.ops.books import CONJUGATE
from frechet.ops.shapes import shape_error, unchanged


def _turned(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """m×n becomes n×m."""
    if len(shapes[0]) > 2:
        raise shape_error(f"herm(X) needs a matrix; got a tensor {show(shapes[0])}")
    m, n = rows_cols(shapes[0])
    return settle((n, m))


def _conj(xp: Any, params: Params, x: Any) -> Any:
    return xp.conj(x)


def _herm(xp: Any, params: Params, x: Any) -> Any:
    return xp.conj(x) if x.ndim == 0 else settled(xp, xp.conj(as_matrix(xp, x)).T)


def _real(xp: Any, params: Params, x: Any) -> Any:
    return xp.real(xp.asarray(x))  # of a bare number NumPy gives no array


def _imag(xp: Any, params: Params, x: Any) -> Any:
    # Not the imaginary part that a real array lacks: some libraries refuse it.
    return xp.real(xp.asarray(0.5j * (xp.conj(x) - x)))


def _conj_node(_: Expr, x: Node) -> Node:
    return b.conj(x)


def _herm_node(_: Expr, x: Node) -> Node:
    return b.herm(x)


def _real_node(_: Expr, x: Node) -> Node:
    """(x + conj(x))/2."""
    return b.scale(HALF, b.plus(x, b.conj(x))) if x.complex else x


def _imag_node(_: Expr, x: Node) -> Node:
    """(x - conj(x))/(2i)."""
    if not x.complex:
        return b.add([(x, 0)])
    return b.mul(b.number(-HALF), atoms.imaginary(), b.plus(x, b.conj(x), -1))


CONJ = Op(
    "conj",
    unchanged,
    _conj,
    normal=_conj_node,
    elementwise=True,
    telling=Telling(step=CONJUGATE),
    facts=Facts(cancels=True, linear="together"),
    source="Kreutz-Delgado, CR-calculus: d conj(Z) = conj(dZ)",
    example="conj(X)",
    doc="The complex conjugate of every entry; of a real array the array.",
    python=("conj", "conjugate"),
    code=Code(text="{0}.conj()"),
    shown='>>> fr.conj(fr.vector("z", "n", complex=True))\nconj(z)',
)
HERM = Op(
    "herm",
    _turned,
    _herm,
    normal=_herm_node,
    telling=Telling(step=CONJUGATE),
    facts=Facts(cancels=True, linear="together"),
    source="Hjørungnes, Complex-Valued Matrix Derivatives: d herm(Z) = herm(dZ)",
    example="herm(X)",
    doc="The conjugate transpose, conj(X)'.",
    shown='>>> fr.herm(fr.matrix("Z", "m", "n", complex=True)).shape\n(\'n\', \'m\')',
)
REAL = Op(
    "real",
    unchanged,
    _real,
    normal=_real_node,
    facts=Facts(cancels=True, linear="together", real=True),
    elementwise=True,
    telling=Telling(step=CONJUGATE),
    source="Kreutz-Delgado, CR-calculus: real(Z) = (Z + conj(Z))/2",
    example="real(X)",
    doc="The real part of every entry.",
    python=("real",),
    latex=("Re", "Real"),
    code=Code(text="{0}.real"),
    shown='>>> fr.real(fr.scalar("z", complex=True))\nreal(z)',
)
IMAG = Op(
    "imag",
    unchanged,
    _imag,
    normal=_imag_node,
    facts=Facts(cancels=True, linear="together", real=True),
    elementwise=True,
    telling=Telling(step=CONJUGATE),
    source="Kreutz-Delgado, CR-calculus: imag(Z) = (Z - conj(Z))/2i",
    example="imag(X)",
    doc="The imaginary part of every entry, a real array.",
    python=("imag",),
    latex=("Im", "Imag"),
    shown='>>> fr.imag(fr.scalar("z", complex=True))\nimag(z)',
)

COMPLEX = (CONJ, HERM, REAL, IMAG)
