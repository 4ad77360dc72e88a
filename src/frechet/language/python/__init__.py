"""Python read as formulas: text by its syntax, never run; functions by their source or by NumPy's protocols."""

from frechet.language.python.files import read_file
from frechet.language.python.functions import problem_of
from frechet.language.python.problem import read_python
from frechet.language.python_or_formula import looks_like_python

__all__ = ["looks_like_python", "problem_of", "read_file", "read_python"]
