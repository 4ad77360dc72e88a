"""Formulas with indices as array formulas: named axes, ranges, members of families.

Here belongs what makes an array of a formula that speaks of entries; how such a formula is typed belongs to its notation.
"""
