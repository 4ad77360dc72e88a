"""LaTeX, read as mathematical text: the frame of a formula, its names, its sums, the grammar.

Here belongs what is peculiar to LaTeX; the tree that comes out is that of every notation.
"""
