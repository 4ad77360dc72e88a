"""Rules in one line: a lambda by itself would leave the type of its argument open."""

from __future__ import annotations

from collections.abc import Callable

from frechet.algebra.node import Node


def rule(of: Callable[[Node], Node | None]) -> Callable[[Node], Node | None]:
    """A rule about one node, for the fields of `Rules`: x is an application of the operation whose record it is in."""
    return of


def rule_of_two(of: Callable[[Node, Node], Node | None]) -> Callable[[Node, Node], Node | None]:
    """The same where another node comes with it (the exponent of a power)."""
    return of
