"""frechet: matrix calculus that shows its work and proves it."""

from frechet.core.dim import Dim as Dim
from frechet.errors import FrechetError as FrechetError
from frechet.explain.plain import Answer as Answer
from frechet.explain.render.typeset import typeset as typeset
from frechet.library.check import check as check
from frechet.library.compiling import compile as compile
from frechet.library.declared import dims as dims
from frechet.library.declared import matrix as matrix
from frechet.library.declared import parse as parse
from frechet.library.declared import scalar as scalar
from frechet.library.declared import tensor as tensor
from frechet.library.declared import variable as variable
from frechet.library.declared import vector as vector
from frechet.library.derivative import Derivative as Derivative
from frechet.library.derive import derive as derive
from frechet.library.derive import source as source
from frechet.library.derive import spelled as spelled
from frechet.library.equality import equal as equal
from frechet.library.explain import conventions as conventions
from frechet.library.explain import explain as explain
from frechet.library.formula import Formula as Formula
from frechet.library.formula import Operand as Operand
from frechet.library.operation import Operation as Operation
from frechet.library.operation import operation as operation
from frechet.library.printing import printed_by as _printed_by
from frechet.library.signs import einsum as einsum
from frechet.library.signs import hadamard as hadamard
from frechet.library.signs import hcat as hcat
from frechet.library.signs import power as power
from frechet.library.signs import vcat as vcat
from frechet.library.unspecified import Function as Function
from frechet.library.unspecified import function as function
from frechet.library.words import Array as Array
from frechet.library.words import Assumption as Assumption
from frechet.library.words import Explained as Explained
from frechet.library.words import Form as Form
from frechet.library.words import Given as Given
from frechet.library.words import Language as Language
from frechet.library.words import Layout as Layout
from frechet.library.words import Order as Order
from frechet.library.words import Size as Size
from frechet.library.words import VecOrder as VecOrder
from frechet.pages.printed import paged as _page
from frechet.pages.printed import printed as _card

__version__ = "0.1.0"

_printed_by(_card, _page)


def __getattr__(name: str) -> object:
    """The function of an operation, made from its record when it is first asked for: a bare import stays light."""
    if name == "__all__":
        return _public()
    if not name.startswith("_"):
        from frechet.library.functions import function_of

        made = function_of(name)
        if made is not None:
            return globals().setdefault(name, made)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _public() -> list[str]:
    """The public names: those above, and the functions of operations."""
    from types import ModuleType

    from frechet.library.functions import names

    here = (name for name, value in globals().items() if name[0] != "_" and not isinstance(value, ModuleType))
    return sorted({*here, *names()})


def __dir__() -> list[str]:
    return [*_public(), "__version__", "__doc__", "__all__"]
