"""The formula language: text to expressions (syntax.md), with shapes inferred and refusals that show the place."""

from frechet.language.problem import ASSUMPTIONS, Problem, parse, read_formula, read_size

__all__ = ["ASSUMPTIONS", "Problem", "parse", "read_formula", "read_size"]
