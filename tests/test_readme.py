"""What the README shows is what the program prints (the errors measured by the verification aside)."""

from __future__ import annotations

import re

import pytest

from pages import README
from pages.readme import printed, shown

SHOWN = shown(README.read_text(encoding="utf-8"))


def test_there_is_something_to_compare() -> None:
    assert {command.split()[1] for command, _ in SHOWN} >= {"derive", "explain", "conventions", "check"}


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_the_output_shown_is_the_output(command: str, output: str) -> None:
    def steady(text: str) -> str:
        return re.sub(r"error \S+", "error", text.strip())

    assert steady(printed(command)) == steady(output), "make pages"
