"""LaTeX, read as mathematical text: the frame of a formula, its names, its sums, the grammar."""
