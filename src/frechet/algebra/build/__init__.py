"""The constructors: every node is made here, and here its invariants are kept.

* a product is coefficient · scalars · chain; scalars leave every chain, Hadamard product, ``inv``, ``diag``, ``kron``;
  a piece of a chain from a one-row factor to a one-column factor is a scalar and is cut out;
* transposes sit on atoms; a sum, a Hadamard product, a function is stored in one orientation;
* a sum is primitive (its coefficients are coprime integers) and its least term is positive;
* an outer product inside a Hadamard product is a diagonal scaling.

So ``x'*x``, ``tr(x*x')`` and ``sum(x.^2)`` are one node.

To read them in order: `products`, `transposes`, `powers`, `sums`, `entrywise`, `shapes`, `rings`, `neighbours`,
`functions`, `recognise`, `determinants`.  Each imports only what stands before it.  They recurse all the same (a
transpose of a product is a product of transposes, a chain that closes is a trace), so a few calls go the other way;
those are written ``build.kron(…)``, through this package, and are looked up when they are made.
"""

from __future__ import annotations

from frechet.algebra.atoms import U, eye, number, ones, value_of
from frechet.algebra.build.determinants import determinant, inverse, log_abs, logdet
from frechet.algebra.build.entrywise import all_ones, hadamard
from frechet.algebra.build.functions import again, apply, elementwise, under
from frechet.algebra.build.neighbours import join, simplify
from frechet.algebra.build.powers import nonnegative, power
from frechet.algebra.build.products import mul, neg, parts, scale
from frechet.algebra.build.recognise import recognise_bases, recognise_product, recognise_terms
from frechet.algebra.build.rings import bilinear, trace
from frechet.algebra.build.shapes import diag, diagonal, einsum, kron, unvec, vec
from frechet.algebra.build.sums import add, plus, size_of
from frechet.algebra.build.transposes import T, conj, herm, require_holomorphic

__all__ = [
    "T", "U", "add", "again", "all_ones", "apply", "bilinear", "conj", "determinant", "diag", "diagonal",
    "einsum", "elementwise", "eye", "hadamard", "herm", "inverse", "join", "kron", "log_abs", "logdet",
    "mul", "neg", "nonnegative", "number", "ones", "parts", "plus", "power", "recognise_bases", "recognise_product",
    "recognise_terms", "require_holomorphic", "scale", "simplify", "size_of", "trace", "under", "unvec",
    "value_of", "vec",
]  # fmt: skip
