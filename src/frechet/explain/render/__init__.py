"""Derivations and ledgers on a page: text, Markdown, LaTeX, HTML.

Here belongs how steps and tables are set, and how words with formulas in them are (`prose`), and shapes (`shapes`).
It stands below those who make derivations and ledgers, and knows none of them: it sets `explain.steps` and
`explain.table`.  How a formula itself is written is a matter of `notation`.
"""
