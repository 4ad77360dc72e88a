"""A function of every entry as a record: what all of them share is filled in here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frechet.algebra import constructors as b
from frechet.algebra.atoms import U
from frechet.algebra.constructors import hadamard
from frechet.algebra.node import Node
from frechet.core.code import NO_CODE, Code
from frechet.core.expr import Expr
from frechet.core.facts import NO_RULES, NOTHING_KNOWN, Facts, Identity, Rules
from frechet.core.looks import PLAIN, Looks
from frechet.core.op import Op, Params
from frechet.core.slips import NO_SLIPS, Slips
from frechet.core.words import NOTHING_TOLD, Telling
from frechet.core.written import Written
from frechet.ops.shapes import unchanged

Slope = Callable[[Node], Node]
"""x → f'(x), entry by entry."""


def function(
    name: str,
    slope: Slope | None = None,
    value: Callable[..., Any] | None = None,
    *,
    differential: Callable[..., Node] | None = None,
    domain: str = "any",
    facts: Facts = NOTHING_KNOWN,
    rules: Rules = NO_RULES,
    identities: tuple[Identity, ...] = (),
    example: str = "",
    doc: str = "",
    caution: str = "",
    source: str = "",
    python: tuple[str, ...] = (),
    formulas: tuple[Written, ...] = (),
    latex: tuple[str, ...] = (),
    call: str = "x",
    elsewhere: tuple[str, ...] = (),
    looks: Looks = PLAIN,
    signs: tuple[str, ...] = (),
    noun: str = "",
    slips: Slips = NO_SLIPS,
    needs: str = "",
    telling: Telling = NOTHING_TOLD,
    code: Code = NO_CODE,
    derived: str = "",
    shown: str = "",
) -> Op:
    """The record of f, applied to every entry: dy = f'(x).*dx with the `slope` f'.

    The value is NumPy's function of that name unless another is given; `differential` is for what needs more than a
    slope (a function with parameters, the modulus of a complex number).  `derived` is the derivative at a number x, as
    it is printed: what the docstring shows where nothing else is `shown`.
    """
    return Op(
        name,
        unchanged,
        value or library(name),
        normal=applied(name),
        differential=differential or (by_slope(slope) if slope else None),
        elementwise=True,
        domain=(domain,),
        caution=caution,
        source=source,
        example=example or f"{name}(x)",
        doc=doc,
        python=python,
        formulas=formulas,
        latex=latex,
        call=call,
        elsewhere=elsewhere,
        looks=looks,
        signs=signs,
        noun=noun,
        turned=unchanged_params,
        needs=needs,
        telling=telling,
        shown=shown or (f'>>> fr.derive(fr.{name}(fr.scalar("x")), "x").derivative\n{derived}' if derived else ""),
        facts=facts,
        rules=rules,
        identities=identities,
        slips=slips,
        code=code,
    )


def unchanged_params(params: Params) -> Params:
    """f(X') = f(X)' with the same parameters."""
    return params


def by_slope(slope: Slope) -> Callable[[Node, Node], Node]:
    """The differential dy = f'(x).*dx."""

    def differential(y: Node, dx: Node) -> Node:
        return hadamard([(slope(y.args[0]), U), (dx, U)])

    return differential


def applied(name: str) -> Callable[..., Node]:
    """How an expression f(x) reads in the algebra; of a complex x only where f is differentiable."""

    def reading(e: Expr, x: Node) -> Node:
        if x.complex and not e.op.facts.splits:
            b.require_holomorphic(name, x)
        return b.elementwise(name, x, *e.params)

    return reading


def library(name: str) -> Callable[[Any, Params, Any], Any]:
    """The function of that name in NumPy or its look-alike."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        return getattr(xp, name)(x)

    return value


def special(name: str) -> Callable[[Any, Params, Any], Any]:
    """The function of that name in scipy.special, which is imported when first used."""

    def value(xp: Any, params: Params, x: Any) -> Any:
        import scipy.special  # pyright: ignore[reportMissingTypeStubs]

        return getattr(scipy.special, name)(x)

    return value


def alike(name: str, cost: int = 1) -> Code:
    """The code of a function that NumPy, JAX and PyTorch call by the same name."""
    return Code(text=f"{{xp}}.{name}({{0}})", cost=cost)


def of_special(name: str) -> Code:
    """The code of a function of scipy.special that JAX and PyTorch have under the same name."""
    return Code(text=f"{{special}}.{name}({{0}})", torch=f"torch.special.{name}({{0}})", cost=20)
