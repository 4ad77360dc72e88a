"""Formulas with indices as array formulas: named axes, ranges, members of families.

Here belongs what makes an array of a formula that speaks of entries; how it is typed belongs to its notation.
"""
