"""Apply a function of the algebra again, by its name."""

from __future__ import annotations

from frechet.algebra import build as b
from frechet.algebra import directions, spectra
from frechet.algebra.node import Node


def function_again(x: Node, args: list[Node]) -> Node:
    """The application x with other arguments, through the constructor that knows the function."""
    if x.params[:1] == ("elementwise",):
        return b.elementwise(x.op, args[0], *x.params[1:])
    if x.op == "inv":
        return b.inverse(args[0])
    if x.op == "det":
        return b.determinant(args[0])
    if x.op == "logdet":
        return b.logdet(args[0])
    if x.op == "softmax":
        return b.softmax(args[0], x.params[0])
    if x.op == "logsumexp":
        return b.logsumexp(args[0], x.params[0])
    if x.op == "power" and not x.scalar:
        return spectra.matrix_power(*args)
    maker = spectra.MAKERS.get(x.op) or directions.MAKERS.get(x.op)
    return maker(*args) if maker is not None else b.apply(x.op, args, x.shape, *x.params)
