"""Functions that act entry by entry, one record each.

Here belongs a function of one number that is applied to every entry, with its slope, and the identities that are its
own.  What couples entries (a sum, softmax, the largest entry) stands in `reductions` and `softmax`.
"""

from __future__ import annotations

from frechet.ops.elementwise.activations import ACTIVATIONS
from frechet.ops.elementwise.bent import BENT
from frechet.ops.elementwise.declared import DECLARED
from frechet.ops.elementwise.exponential import EXPONENTIAL
from frechet.ops.elementwise.normal import NORMAL
from frechet.ops.elementwise.pieces import PIECES
from frechet.ops.elementwise.special import SPECIAL
from frechet.ops.elementwise.trigonometric import ATAN2, HYPERBOLIC, TRIGONOMETRIC

ELEMENTWISE = (
    *EXPONENTIAL, *PIECES, *TRIGONOMETRIC, ATAN2, *HYPERBOLIC, *SPECIAL, *NORMAL, *ACTIVATIONS, *BENT, DECLARED,
)  # fmt: skip
