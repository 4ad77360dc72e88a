"""Formulas with indices as array formulas: named axes, ranges, members of families."""
