"""An independent judge of answers: its own reading, its own numbers, differences for the truth.

Nothing here imports frechet (``run`` does, to ask it for answers), so that a mistake in the rules cannot
hide in the check.
"""
