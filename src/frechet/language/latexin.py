"""Formulas as people paste them: what is no formula of the language yet becomes one."""


def plain_text(text: str) -> str:
    """The formula in the language; what is written in it already stays as it is.

    >>> plain_text("A'*B")
    "A'*B"
    """
    return text
