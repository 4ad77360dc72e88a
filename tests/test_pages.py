"""The pages of docs/ that are made from the program are what the program makes."""

from __future__ import annotations

import inspect

import click
import pytest

from frechet.apps.cli import main
from frechet.ops import REGISTRY
from pages import DOCS, PAGES, STUB, stub


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_is_made_now(name: str) -> None:
    held = (DOCS / name).read_text(encoding="utf-8")
    assert held == PAGES[name](), "make pages"


def test_the_stub_is_what_is_made_now() -> None:
    assert STUB.read_text(encoding="utf-8") == stub.page(), "make pages"


@pytest.mark.parametrize("name", main.commands)
def test_the_manual_page_has_every_option_of_a_command(name: str) -> None:
    held = (DOCS / "frechet.1").read_text(encoding="utf-8")
    section = held.partition(f".SS frechet {name} ")[2].partition(".SS ")[0]
    for option in main.commands[name].params:
        if isinstance(option, click.Option):
            assert option.opts[0].replace("-", "\\-") in section, "make pages"


@pytest.mark.parametrize("name", REGISTRY)
def test_a_record_says_what_the_page_needs(name: str) -> None:
    op = REGISTRY[name]
    assert op.doc.endswith("."), "a sentence on what the operation means"
    assert inspect.getdoc(op.shape), "the shape rule in words"
    assert op.example
    assert op.source or op.differential is None, "where the differential is from"
