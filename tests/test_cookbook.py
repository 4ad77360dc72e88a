"""The Matrix Cookbook's identities: frechet's answer is right, and so is the book's exactly where the table says so."""

from __future__ import annotations

import pytest

from cookbook import IDENTITIES, Identity
from cookbook.identity import fault, of_form, stated
from pages.identities import answer

pytestmark = pytest.mark.slow

LINES = pytest.mark.parametrize("identity", IDENTITIES, ids=lambda k: f"{k.equation} {k.expression} by {k.wrt}")


def test_the_table_is_long_enough() -> None:
    assert len(IDENTITIES) >= 120
    assert all(identity.remark for identity in IDENTITIES if not identity.agrees)


@LINES
def test_frechet_is_right(identity: Identity) -> None:
    found = answer(identity)
    formula = of_form(identity, found)
    assert formula is not None, found.get("error") or found.get("missing")
    assert not fault(identity, formula, found["where"])


@LINES
def test_the_book_is_right_where_the_table_says_so(identity: Identity) -> None:
    reason = fault(identity, stated(identity))
    assert bool(reason) is not identity.agrees, reason or "the book is right"
