"""Writing: from a node to the formula that a textbook would print, in ASCII, Unicode and LaTeX.

Here belongs how formulas look, and which of several equal ones is shown.  Nothing is derived here, and no text is
read: that what is printed parses again is a matter of tests.  In reading order: `precedence`, `ascii`, `unicode`,
`latex`; then `write` (node to formula), `tidy` (which of equal nodes), `naming` (what stands twice), `index` (entries).
"""
