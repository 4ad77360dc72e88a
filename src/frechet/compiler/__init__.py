"""Derivatives as code: a straight-line program of contractions, kernels, factorisations and solves, and its source.

`values` is the program, `lower` makes it of the algebra, `contraction` orders its products, `emit` and the dialects
write it for NumPy, JAX and PyTorch.
"""
