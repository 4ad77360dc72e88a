"""Mathematical text: product signs that were left out, sums with signs of their own.

Here belongs what text has and the formula language has not; both share the grammar.
"""
