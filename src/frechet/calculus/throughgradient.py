"""A Hessian in terms of the value and of the gradient, as the Hessian of a quotient is printed everywhere.

The gradient of r = a/c is g = (da - r*dc)/c, and its Hessian (d2a - r*d2c - g*dc' - dc*g')/c: what the formula computes
again is r and g.  Both are definitions solved for their heaviest part, put where that part stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from frechet.algebra import constructors as b
from frechet.algebra.constructors.rebuild import substitute
from frechet.algebra.expand import expand
from frechet.algebra.node import Node
from frechet.calculus.subchains import Chain, named


def by_value(value: Node, r: Node) -> tuple[Node, Node] | None:
    """The numerator of a quotient, and what it is by the name of the quotient: x'*H*x = r*(x'*x)."""
    coef, scalars, chain = b.parts(value)
    above = [s for s, e in scalars if e == 1 and s.args]
    if chain or len(above) != 1 or not any(e < 0 for _, e in scalars):
        return None
    rest = b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars if s is not above[0]))
    return above[0], b.mul(r, b.power(rest, -1))


def by_gradient(gradient: Node, g: Node) -> Iterator[tuple[Chain, Node]]:
    """Products among the terms of a gradient, the heaviest first, and what each is by the gradient's name.

    >>> from frechet.language import parse
    >>> from frechet.notation.ascii import text
    >>> from frechet.notation.write import Writer
    >>> from frechet.ops.normalise import node_of
    >>> shapes = {"H": ["n", "n"], "x": ["n"], "g": ["n"], "r": [], "c": []}
    >>> gradient, g = (node_of(parse(formula, shapes).value) for formula in ("2*(H*x-r*x)/c", "g"))
    >>> [(text(Writer().write(b.mul(*run))), text(Writer().write(value))) for run, value in by_gradient(gradient, g)]
    [('H*x', '(c*g+2*r*x)/2')]
    """
    coef, scalars, chain = b.parts(gradient)
    if gradient.kind == "sum":
        whole, terms = g, gradient.terms
    elif len(chain) == 1 and chain[0].kind == "sum":
        outside = b.mul(b.number(coef), *(b.power(s, e) for s, e in scalars))
        whole, terms = b.mul(g, b.power(outside, -1)), chain[0].terms
    else:
        return
    for t, c in sorted(terms, key=lambda term: -term[0].weight):
        factor, numbers, run = b.parts(t)
        if len(run) > 1:
            others = b.add([(whole, 1), *((o, -k) for o, k in terms if o is not t)])
            scale = b.power(b.mul(b.number(factor * c), *(b.power(s, e) for s, e in numbers)), -1)
            yield run, b.mul(scale, others)


def rewritten(hessian: Node, numerator: tuple[Node, Node] | None, product: tuple[Chain, Node] | None) -> Node:
    """The Hessian with what is known of the value and of the gradient put in."""
    if numerator is not None:
        hessian = substitute(hessian, {numerator[0]: numerator[1]})
    if product is None:
        return hessian
    flat = expand([(hessian, b.U)])
    return named(b.add(flat) if flat else hessian, *product)
