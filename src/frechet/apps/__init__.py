"""The command line: questions, batches, JSON, and the pages that `pages` sets.

Here belongs what a person at a terminal sees.  An application uses the public library only, as any program would: what
it can do, a script can do.
"""
