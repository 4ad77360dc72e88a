"""What an answer looks like: cards, statements, pages of LaTeX and Markdown.

Here belongs how an answer is set: from the plain data of `library/report` and the formulas of the library to lines
that a person reads.  Nothing here asks a question, reads a command line or computes.
"""
