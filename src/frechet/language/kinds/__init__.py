"""What names stand for: habits, the search for kinds that fit, what is odd, what has to be asked.

Here belongs how a name is taken for a number, a vector, a matrix; sizes are solved for in `language.sizes`.
"""
