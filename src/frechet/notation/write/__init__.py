"""From a node to the formula a textbook would print.

The algebra stores one thing where people write many (``x'*x``, ``norm2(x)^2``, ``tr(x*x')``); here the shortest of
the usual ways is chosen.  Nothing is simplified: every formula is another spelling of its node.

To read them in order: `writer` (what is remembered, and which function writes which kind), `leaves`, `cells`, `sums`,
`entrywise`, `functions`, `chains`, `rings`, `products`, `factors`.  Each of these imports only what stands before it;
where they recurse all the same, a sum of products of sums, they go through the writer they are given (`pen`).
"""

from frechet.notation.write.writer import Writer

__all__ = ["Writer"]
