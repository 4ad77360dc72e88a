"""Derivations and ledgers on a page: text, Markdown, LaTeX, HTML."""
