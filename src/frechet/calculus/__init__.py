"""Differentiation: the differential, its adjoint, and every form that a derivative is written in.

Here belongs what computes a derivative or chooses its form.  How formulas are spelled is a matter of `notation`, what
an operation's own rule is stands in its record, whether an answer is right is asked by `verify`.  In reading order:
`differential`, `adjoint`, `sweep`, `jacobian`, `forms`, `second`; then the special cases.
"""
