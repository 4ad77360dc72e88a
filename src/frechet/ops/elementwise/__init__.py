"""Functions that act entry by entry, one record each.

Here belongs a function of one number that is applied to every entry, with its slope, and the identities that are its
own.  What couples entries (a sum, softmax, the largest entry) stands in `reductions` and `softmax`.
"""

from __future__ import annotations

from frechet.ops.elementwise.activations import ACTIVATIONS
from frechet.ops.elementwise.declared import DECLARED
from frechet.ops.elementwise.exponential import EXPONENTIAL
from frechet.ops.elementwise.pieces import PIECES
from frechet.ops.elementwise.special import SPECIAL
from frechet.ops.elementwise.trigonometric import HYPERBOLIC, TRIGONOMETRIC

ELEMENTWISE = (*EXPONENTIAL, *PIECES, *TRIGONOMETRIC, *HYPERBOLIC, *SPECIAL, *ACTIVATIONS, DECLARED)
