"""The matrix of the discrete Fourier transform, a complex constant.

Sources: Golub & Van Loan, Matrix Computations (4th ed.), 1.4 and 4.8; Davis, Circulant Matrices (1979).
"""

from __future__ import annotations

from typing import Any

from frechet.algebra import atoms
from frechet.algebra import constructors as b
from frechet.algebra.node import Node
from frechet.core.code import Code
from frechet.core.dim import Dim, Shape, settle
from frechet.core.expr import Expr
from frechet.core.facts import Facts, Identity, Rules
from frechet.core.looks import Looks
from frechet.core.op import Op, Params, Unify
from frechet.ops.arrays import settled


def _dft_shape(shapes: tuple[Shape, ...], params: Params, unify: Unify) -> Shape:
    """n×n."""
    return settle((Dim.of(params[0]), Dim.of(params[0])))


def _dft(xp: Any, params: Params) -> Any:
    (n,) = params
    k = xp.arange(n)
    # The remainder first: the angle of a long transform keeps its digits.
    return settled(xp, xp.exp(-2j * xp.pi * ((k[:, None] * k) % n) / n))


def _dft_reading(e: Expr) -> Node:
    """A leaf of its own; of one entry it is 1."""
    return dft(Dim.of(e.params[0]))


def dft(n: Dim) -> Node:
    """The matrix F of the transform, F[j,k] = exp(-2πi(j-1)(k-1)/n)."""
    return b.eye(n) if n == 1 else atoms.constant("dft", (n, n), n)


def _beside(x: Node, y: Node) -> list[Node] | None:
    """F·conj(F) = n·I: the transform and its inverse."""
    return [b.mul(atoms.size(x.rows), b.eye(x.rows))] if b.conj(x) is y else None


DFT_TORCH = """
def dft(n, like):
    \"\"\"The matrix of the discrete Fourier transform, in the precision of an array.\"\"\"
    k = torch.arange(n, dtype=like.real.dtype, device=like.device)
    return torch.exp(-2j * torch.pi * (k[:, None] * k % n) / n)
"""
DFT = Op(
    "dft",
    _dft_shape,
    _dft,
    normal=_dft_reading,
    facts=Facts(complex=True, symmetric=True),
    rules=Rules(beside=_beside),
    source="constant",
    example="real(dft(n)*x)",
    doc="The matrix of the discrete Fourier transform, F[j,k] = exp(-2πi(j-1)(k-1)/n).",
    python=("linalg.dft",),
    call="d",
    looks=Looks(letter="F", latex_letter=r"F"),
    identities=(
        Identity("the inverse transform", "dft(n)*conj(dft(n))", "n*eye(n)", source="Golub & Van Loan 1.4.2"),
        Identity("symmetric", "dft(n)'", "dft(n)", source="Golub & Van Loan 1.4.1"),
    ),
    code=Code(torch="dft({p0}, {array})", torch_helpers=(DFT_TORCH,)),
    shown='>>> F = fr.dft("n")\n>>> fr.derive(fr.norm2(F @ fr.vector("x", "n")) ** 2, "x").gradient\n2*n*x',
)

FOURIER = (DFT,)
