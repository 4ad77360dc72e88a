"""docs/language.md: complete, and what it gives as formulas can be read."""

from __future__ import annotations

import re

import pytest

import frechet as fr
from frechet.language.calls import callable_name
from frechet.language.declarations import ASSUMPTIONS
from frechet.ops import REGISTRY
from judge.corpus import HOME

PAGE = (HOME.parent / "docs" / "language.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[A-Za-z_]\w*", " ".join(re.findall(r"`([^`]*)`", PAGE.replace("\n", " ")))))


@pytest.mark.parametrize("name", sorted(n for n in REGISTRY if callable_name(n)))
def test_every_function_is_on_the_page(name: str) -> None:
    assert name in WORDS


@pytest.mark.parametrize("words", sorted(ASSUMPTIONS))
def test_every_assumption_is_on_the_page(words: str) -> None:
    assert f"`{words}`" in PAGE


FORMULA = re.compile(r"[A-Za-z][\w.]*[\[('*@^.+-][^`…]*")
NO_FORMULAS = {
    "an equation": re.compile(r"[^=]=[^=]"),
    "indices, which need the other side": re.compile(r"\[[a-z,]*[a-z]\]|\bi\b|delta"),
    "a choice or a misuse that is explained": re.compile(r"\|1?2?\)?$|1\|2|X\*W \+ b'|polygamma\(k"),
    "a file or an ending": re.compile(r"\.md|^\.T"),
}
SHOWN = sorted({t for t in re.findall(r"`([^`\n]+)`", PAGE) if FORMULA.fullmatch(t)})
READ = [text for text in SHOWN if not any(kind.search(text) for kind in NO_FORMULAS.values())]


def test_there_is_much_to_read() -> None:
    assert len(READ) > 60


@pytest.mark.parametrize("text", READ)
def test_what_the_page_shows_is_read(text: str) -> None:
    fr.parse(text, functions=["sigma"])
