"""Functions that are known by name only: ``sigma(x)``, smooth, of every entry, with derivatives of every order."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from frechet.errors import FrechetError
from frechet.library.arguments import kind, whole_number
from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.library.formula import Operand


@final
class Function:
    """Some smooth function of every entry, known by its name: ``sigma(x)``, ``sigma.derivative()(x)`` is σ'(x).

    >>> import frechet as fr
    >>> sigma, x = fr.function("sigma"), fr.scalar("x")
    >>> sigma(x), sigma.derivative()(x), fr.derive(sigma(2 * x), "x").derivative
    (sigma(x), sigma'(x), 2*sigma'(2*x))
    """

    __slots__ = ("name", "order")

    def __init__(self, name: str, order: int = 0) -> None:
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FrechetError("input", f"the name of a function is a text; got {kind(name)}")
        self.name, self.order = name, whole_number("the order of a derivative", order)

    def __call__(self, x: Operand) -> Formula:
        """The function applied to every entry of x."""
        return build("declared", x, params=(self.name, self.order))

    def derivative(self, order: int = 1) -> Function:
        """The derivative of the function."""
        return Function(self.name, self.order + whole_number("the order of a derivative", order))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and (self.name, self.order) == (other.name, other.order)

    def __hash__(self) -> int:
        return hash((self.name, self.order))

    def __repr__(self) -> str:
        return self.name + "'" * self.order


def function(name: str) -> Function:
    """An unspecified smooth function that acts entry by entry.

    To evaluate a formula that has one, pass ``functions={"sigma": f}`` with f(array, order of the derivative).

    >>> import frechet as fr
    >>> fr.function("sigma")(fr.vector("x", "n"))
    sigma(x)
    """
    from frechet.language import callable_name, checked

    plain = checked(name, "a function")
    if callable_name(plain):
        raise FrechetError("name", f"{plain} is a function of the language: an unspecified one needs another name")
    return Function(plain)
