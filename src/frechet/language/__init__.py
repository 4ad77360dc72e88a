"""The formula language: text to expressions (syntax.md), with shapes inferred and refusals that show the place."""

from frechet.language.declarations import ASSUMPTIONS, read_size
from frechet.language.problem import Problem, parse, read_formula

__all__ = ["ASSUMPTIONS", "Problem", "parse", "read_formula", "read_size"]
