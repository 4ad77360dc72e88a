"""The constructors: every node is made here, and here its invariants are kept.

* a product is coefficient · scalars · chain; scalars leave every chain, Hadamard product, ``inv``, ``diag``, ``kron``;
  a piece of a chain from a one-row factor to a one-column factor is a scalar and is cut out;
* transposes sit on atoms; a sum, a Hadamard product, a function is stored in one orientation;
* a sum is primitive (its coefficients are coprime integers) and its least term is positive;
* an outer product inside a Hadamard product is a diagonal scaling.

So ``x'*x``, ``tr(x*x')`` and ``sum(x.^2)`` are one node.

To read them in order: `products`, `commuting`, `transposes`, `powers`, `entrywise`, `sums`, `functions`, `shapes`,
`tensors`, `rings`, `neighbours`, `recognise`, `determinants`, `rebuild`.  Each imports only what stands before it.
They recurse all the same (a transpose of a product is a product of transposes, a chain that closes is a trace); a call
the other way goes through `late`.
"""

from __future__ import annotations

from frechet.algebra.atoms import U, eye, number, ones, value_of
from frechet.algebra.constructors import late
from frechet.algebra.constructors.determinants import determinant, inverse, log_abs, logdet
from frechet.algebra.constructors.entrywise import all_ones, hadamard
from frechet.algebra.constructors.functions import again, apply, elementwise, under
from frechet.algebra.constructors.neighbours import join, simplify
from frechet.algebra.constructors.powers import nonnegative, power
from frechet.algebra.constructors.products import mul, neg, parts, scale
from frechet.algebra.constructors.rebuild import rebuild, substitute
from frechet.algebra.constructors.recognise import (
    recognise_bases,
    recognise_network,
    recognise_product,
    recognise_terms,
)
from frechet.algebra.constructors.rings import bilinear, trace
from frechet.algebra.constructors.shapes import diag, diagonal, kron, unvec, vec
from frechet.algebra.constructors.sums import add, plus, size_of
from frechet.algebra.constructors.tensors import einsum
from frechet.algebra.constructors.transposes import T, conj, herm, require_holomorphic

late.tie(
    T=T,
    add=add,
    again=again,
    all_ones=all_ones,
    bilinear=bilinear,
    diag=diag,
    diagonal=diagonal,
    elementwise=elementwise,
    join=join,
    kron=kron,
    power=power,
    rebuild=rebuild,
    recognise_bases=recognise_bases,
    recognise_product=recognise_product,
    recognise_terms=recognise_terms,
    simplify=simplify,
    trace=trace,
)

__all__ = [
    "T", "U", "add", "again", "all_ones", "apply", "bilinear", "conj", "determinant", "diag", "diagonal",
    "einsum", "elementwise", "eye", "hadamard", "herm", "inverse", "join", "kron", "log_abs", "logdet",
    "mul", "neg", "nonnegative", "number", "ones", "parts", "plus", "power", "rebuild", "recognise_bases",
    "recognise_network", "recognise_product",
    "recognise_terms", "require_holomorphic", "scale", "simplify", "size_of", "substitute", "trace", "under", "unvec",
    "value_of", "vec",
]  # fmt: skip
