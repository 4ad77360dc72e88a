"""Verification: is every formula of an answer, as printed, the derivative of the original expression?

Here belongs evaluation with numbers, the points it is done at, and the comparison with differences.  Nothing here sees
the algebra, the calculus or the notation: what checks shares no rule with what is checked.
"""
