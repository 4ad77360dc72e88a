"""Python read as formulas: text by its syntax, functions by their source or by NumPy's protocols; nothing is run
that the text does not hold."""

from frechet.language.python.looks import looks_like_python
from frechet.language.python.problem import read_python

__all__ = ["looks_like_python", "read_python"]
