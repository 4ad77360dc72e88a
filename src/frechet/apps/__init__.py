"""The command line and its pages: cards, JSON, LaTeX, Markdown, batches.

Here belongs what a person at a terminal sees.  An application uses the public library only, as any program would: what
it can do, a script can do.
"""
