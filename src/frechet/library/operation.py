"""An operation from outside: :func:`operation` makes a record of what a user knows of it, and adds it to the language.

From then on it is read in all notations, inferred, differentiated, verified, explained, printed and checked like any
other: the passes read records and know no operation by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, final

from frechet.errors import FrechetError
from frechet.library.arguments import kind, name_list
from frechet.library.formula import Formula, build

if TYPE_CHECKING:
    from frechet.core.op import Op

Value = Callable[..., Any]
"""The numbers: NumPy arrays in, an array out."""

DOMAINS = ("any", "positive", "nonzero", "unit", "probability", "invertible")
"""Where an argument may lie: anywhere, above 0, not at 0, between -1 and 1, at an invertible matrix."""


@final
class Operation:
    """An operation that was added to the language, to be called in Python: ``mish(A @ x)``.

    >>> import frechet as fr
    >>> def cubed(x: fr.Array) -> fr.Array:
    ...     return x**3
    >>> cube = fr.operation("cube", cubed, derivative="3*x.^2")
    >>> cube(fr.parse("A*x"))
    cube(A*x)
    >>> cube.remove()
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any) -> Formula:
        """The operation applied to formulas, numbers and sizes."""
        from frechet.ops import REGISTRY

        if self.name not in REGISTRY:
            raise FrechetError("name", f"the operation {self.name} was removed")
        count = len(REGISTRY[self.name].call)
        if len(arguments) != count:
            plural = "argument" if count == 1 else "arguments"
            raise FrechetError("syntax", f"{self.name} takes {count} {plural}; got {len(arguments)}")
        return build(self.name, *arguments)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def remove(self) -> None:
        """Take the operation out of the language again, with the adjoint and the matrix that were made for it."""
        from frechet.ops import RECORDS, remove

        for name in (self.name, f"{self.name}_adjoint", f"{self.name}_matrix"):
            if name in RECORDS:
                remove(name)


def operation(
    name: str,
    value: Value,
    *,
    derivative: str | None = None,
    differential: str | None = None,
    adjoint: str | Value | None = None,
    matrix: str | None = None,
    signature: str | None = None,
    arguments: str | None = None,
    domain: str | Sequence[str] = "any",
    doc: str = "",
    source: str = "",
    why: str = "",
    caution: str = "",
    latex: Sequence[str] = (),
    python: Sequence[str] = (),
    verify: bool = True,
) -> Operation:
    """Add an operation to the language: a function of every entry, a linear map, or a function of matrices.

    `value` computes it with NumPy.  What else is given says which of the three it is:

    * a function that acts entry by entry: its `derivative` as a formula in ``x``.  Without one the function stays
      unspecified, its derivative is written ``name'``, and evaluated by differences.
    * a linear map: its `adjoint`, the map back with ⟨G, L(X)⟩ = ⟨L*(G), X⟩, as a formula in ``G`` or as a function of
      arrays (which becomes the operation ``name_adjoint``).  `matrix` is the formula of K with vec(L(X)) = K*vec(X);
      without one it is the constant ``name_matrix(m,n)``.
    * a function of matrices: its `differential` as a formula in the arguments, their increments ``dA``, ``dQ`` and the
      value ``Y``.  Where that applies the operation itself to an increment, in its last argument, the operation is
      linear there, and needs the `adjoint` besides, a formula in the arguments and ``G``.

    `signature` gives the sizes as NumPy's generalised functions do, ``"(n,n),(n,n)->(n,n)"``; without one the value has
    the shape of its argument.  `arguments` are the letters of the formulas (``"A,Q"``); `domain` says where each
    argument may lie: "any", "positive", "nonzero", "unit" (-1 to 1), "probability" (0 to 1), "invertible".  `why` is
    the sentence that a derivation says of the rule, `source` where it stands, `latex` and `python` are its names there
    beside its own.

    Unless `verify` is false the rules are checked at once, by differences and by ⟨G, L(E)⟩ = ⟨L*(G), E⟩; a rule that
    fails is an error, and the operation is not added.

    >>> import frechet as fr
    >>> def bent(x: fr.Array) -> fr.Array:
    ...     return x / (1 + x**2) ** 0.5
    >>> bend = fr.operation("bend", bent, derivative="1./(1+x.^2).^(3/2)")
    >>> fr.derive("sum(bend(A*x))", wrt="x").gradient
    A'*(1./(1+(A*x).^2).^(3/2))
    >>> bend.remove()
    """
    from frechet.library.outside import Told, record
    from frechet.ops import RECORDS, add, remove

    plain = _new_name(name)
    texts = {"derivative": derivative, "differential": differential, "matrix": matrix, "signature": signature}
    _texts(plain, {**texts, "arguments": arguments}, none=True)
    _texts(plain, {"doc": doc, "source": source, "why": why, "caution": caution}, none=False)
    _consistent(plain, value, derivative, differential, adjoint)
    domains = _domains(domain)
    told = Told(
        doc=doc,
        source=source or "as given",
        why=why,
        caution=caution,
        latex=_words(plain, "latex", latex),
        python=_words(plain, "python", python),
    )
    before = set(RECORDS)
    try:
        for op in record(plain, value, derivative, differential, adjoint, matrix, signature, arguments, domains, told):
            add(op)
        if verify:
            _verified(RECORDS[plain])
    except BaseException:
        for made in set(RECORDS) - before:
            remove(made)
        raise
    return Operation(plain)


def _new_name(name: object) -> str:
    """The name, if no other operation has it."""
    from frechet.language import callable_name, checked
    from frechet.ops import RECORDS

    plain = checked(name, "an operation")
    if callable_name(plain) or plain in RECORDS:
        raise FrechetError("name", f"there is an operation {plain}: choose another name, or remove the first")
    if len(plain) == 1:
        raise FrechetError(
            "name", f"{plain} is a variable to every reader: an operation has a name of two letters or more"
        )
    return plain


def _texts(name: str, given: Mapping[str, object], none: bool) -> None:
    for what, text in given.items():
        if not (isinstance(text, str) or (none and text is None)):
            raise FrechetError("input", f"{what} of {name} is a text; got {kind(text)}")


def _consistent(name: str, value: object, derivative: object, differential: object, adjoint: object) -> None:
    """Refuse what does not make sense together."""
    if not callable(value):
        raise FrechetError("input", f"the value of {name} is a function of NumPy arrays; got {value!r}")
    if adjoint is not None and not isinstance(adjoint, str) and not callable(adjoint):
        raise FrechetError("input", f"the adjoint of {name} is a formula or a function of arrays; got {kind(adjoint)}")
    if derivative is not None and (differential is not None or adjoint is not None):
        raise FrechetError(
            "input", f"{name} acts entry by entry (derivative=) or on whole arrays (differential=, adjoint=), not both"
        )


def _domains(given: object) -> tuple[str, ...]:
    listed = (given,) if isinstance(given, str) else tuple(name_list("the domains of arguments", given))
    for one in listed or ("",):
        if one not in DOMAINS:
            raise FrechetError("input", f"a domain is one of {', '.join(DOMAINS)}; got {one!r}")
    return listed


def _words(name: str, where: str, given: object) -> tuple[str, ...]:
    """Its names in LaTeX or in Python, if no other operation has them there."""
    from frechet.language import callable_name
    from frechet.ops import REGISTRY

    words = tuple(name_list(f"the names of {name} in {where}", given))
    for word in words:
        other = next((op.name for op in REGISTRY.values() if word in getattr(op, where)), "")
        if not other and where == "latex" and callable_name(word):
            other = word
        if other:
            raise FrechetError("name", f"{word} is read as {other} in {where}: choose another name for {name}")
        if not all(part.isidentifier() for part in word.split(".")) or (where == "latex" and not word.isalpha()):
            raise FrechetError("name", f"{word!r} cannot be a name in {where}")
    return words


def _verified(op: Op) -> None:
    """Differentiate the operation itself and check every form: a wrong rule names its operation."""
    from frechet.library.derive import derive

    letters = re.findall(r"[A-Za-z]\w*", op.example.partition("(")[2])
    for letter in dict.fromkeys(letters):
        try:
            derive(op.example, wrt=letter)
        except FrechetError as trouble:
            if trouble.kind != "unverified":
                raise FrechetError(trouble.kind, f"{op.name}, by {letter}: {trouble.message}") from None
            said = f"the rules of {op.name} do not agree with its values, by {letter}: {trouble.message}"
            raise FrechetError("unverified", said) from None
        except Exception as trouble:  # the value is the user's, and may raise anything
            said = f"the value of {op.name} fails where it is tried: {type(trouble).__name__}: {trouble}"
            raise FrechetError("input", said) from trouble
