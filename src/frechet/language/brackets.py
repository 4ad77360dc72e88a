"""When a piece of a formula needs brackets where it is put."""

from __future__ import annotations


def closed(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    for k, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return k == len(text) - 1
    return False


def unbracketed(text: str) -> str:
    """The text without brackets around the whole."""
    return text[1:-1] if text.startswith("(") and closed(text) else text


def _outside(text: str, signs: str) -> bool:
    """Whether one of the signs stands outside all brackets."""
    depth = 0
    for sign in text[1:]:
        depth += (sign in "([") - (sign in ")]")
        if not depth and sign in signs:
            return True
    return False


def as_term(text: str) -> str:
    """In brackets where it is a sum."""
    return f"({text})" if _outside(text, "+-") else text


def as_divisor(text: str) -> str:
    """In brackets where it is a sum, a product or a quotient."""
    return f"({text})" if _outside(text, "+-*/⊗") else text


def as_factor(text: str) -> str:
    """In brackets where it is anything but one operand."""
    return f"({text})" if _outside(text, "+-*/.⊗") else text
