"""All records by name.

The records are written in `ops`, on top of the algebra that they are stated in; what stands below `ops` asks for them
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from frechet.core.code import NO_CODE, Code
from frechet.core.facts import NO_RULES, NOTHING_KNOWN, Facts, Rule, Rules
from frechet.core.looks import PLAIN, Looks
from frechet.core.op import Op
from frechet.core.slips import NO_SLIPS, Slips

_records: dict[str, Op] = {}
_rules: dict[str, dict[str, Rule]] = {name: {} for name in Rules.__dataclass_fields__ if name != "under"}
_formulas: dict[str, Code] = {}
_equal: dict[str, str] = {}
_changes = [0]

RECORDS: Mapping[str, Op] = MappingProxyType(_records)
"""Every operation, those included that the language has no name for."""


def enter(op: Op) -> None:
    """Add a record; its name must be new.

    >>> enter(RECORDS["exp"])
    Traceback (most recent call last):
        ...
    ValueError: there is an operation exp
    """
    if op.name in _records:
        raise ValueError(f"there is an operation {op.name}")
    _records[op.name] = op
    _changes[0] += 1
    for name, table in _rules.items():
        rule: Rule | None = getattr(op.rules, name)
        if rule is not None:
            table[op.name] = rule


def withdraw(name: str) -> None:
    """Take a record out again: only for what was entered from outside and has proved wrong."""
    del _records[name]
    _changes[0] += 1
    for table in _rules.values():
        table.pop(name, None)


def write(codes: Mapping[str, Code]) -> None:
    """Say how formulas are written as code that lose digits as they stand."""
    _formulas.update(codes)
    _changes[0] += 1


def equate(names: Mapping[str, str]) -> None:
    """Say which formulas of code are an operation."""
    _equal.update(names)


def operation_of(formula: str) -> str:
    """The operation that a formula of code is; nothing where it is none.

    >>> operation_of("exp(x)/(exp(x)+exp(y))")
    'sigmoid'
    """
    return _equal.get(formula, "")


def changes() -> int:
    """How often a record was entered or taken out: what is made of all records is kept for as long as this stays."""
    return _changes[0]


def record(name: str) -> Op:
    """The operation of that name."""
    return _records[name]


def facts(name: str) -> Facts:
    """What is known of the operation of that name; of a name that is none, nothing.

    >>> facts("tanh").mirror, facts("inv").triangular, facts("X").mirror
    ('odd', 'kept', '')
    """
    op = _records.get(name)
    return op.facts if op is not None else NOTHING_KNOWN


def looks(name: str) -> Looks:
    """How the operation of that name is written; a name that is none has no looks of its own."""
    op = _records.get(name)
    return op.looks if op is not None else PLAIN


def rules(name: str) -> Rules:
    """The rules of the operation of that name; of a name that is none, no rules."""
    op = _records.get(name)
    return op.rules if op is not None else NO_RULES


def slips(name: str) -> Slips:
    """The slips people make with the operation of that name; with a name that is none, no slips."""
    op = _records.get(name)
    return op.slips if op is not None else NO_SLIPS


def code(name: str) -> Code:
    """How the operation of that name, or a formula that loses digits as it stands, is written as code.

    A name that is neither has no code of its own.

    >>> code("tanh").text, code("exp(x)-1").text, code("X").text
    ('{xp}.tanh({0})', '{xp}.expm1({0})', '')
    """
    op = _records.get(name)
    return op.code if op is not None else _formulas.get(name, NO_CODE)


def helpers(library: str = "") -> frozenset[str]:
    """The names of the helper functions that code may call; of PyTorch's code its own too.

    >>> sorted(helpers())[:2], sorted(helpers("torch"))[:2]
    (['cholesky_inverse', 'log1mexp'], ['adjugate', 'block'])
    """
    return _helpers(changes(), library)


@lru_cache(maxsize=4)
def _helpers(_: int, library: str) -> frozenset[str]:
    codes = (*(op.code for op in _records.values()), *_formulas.values())
    texts = (text for c in codes for text in (c.helper, *(c.torch_helpers if library == "torch" else ())) if text)
    return frozenset(text.strip().partition("(")[0].removeprefix("def ") for text in texts)


def signs() -> Mapping[str, Op]:
    """The operations by the signs that are read as them.

    >>> signs()["|X|"], signs()["√"], signs()["‖x‖_F"]
    (<op det>, <op sqrt>, <op norm2>)
    """
    return _by_sign(changes())


@lru_cache(maxsize=1)
def _by_sign(_: int) -> Mapping[str, Op]:
    return {sign: op for op in _records.values() for sign in op.signs}


def of_matrices(name: str) -> Op | None:
    """The function of matrices that acts on the eigenvalues as the function of that name does on entries.

    >>> of_matrices("exp"), of_matrices("tanh")
    (<op expm>, None)
    """
    return _by_entries(changes()).get(name)


@lru_cache(maxsize=1)
def _by_entries(_: int) -> Mapping[str, Op]:
    return {op.facts.entrywise: op for op in _records.values() if op.facts.entrywise}


def having(rule: str) -> Mapping[str, Rule]:
    """The rules of one kind (a field of `Rules`) by their operations' names; it grows as records are entered."""
    return MappingProxyType(_rules[rule])


def named_under(other: str, name: str) -> Rule | None:
    """The rule by which the operation `other` sees through an application of `name`."""
    return rules(name).under.get(other)
