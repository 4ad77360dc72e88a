"""What the README shows is what the program prints (the errors measured by the verification aside)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from frechet.apps.cli import main

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")

SHOWN = [
    (command, output.strip())
    for block in re.findall(r"```\n(\$ frechet.*?)```", README, re.S)
    for command, output in re.findall(r"\$ (frechet[^\n]*)\n(.*?)(?=\n\$ |\Z)", block, re.S)
]


def test_there_is_something_to_compare() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_the_output_shown_is_the_output(command: str, output: str) -> None:
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exit_code == 0

    def steady(text: str) -> str:
        return re.sub(r"error \S+", "error", text.strip())

    assert steady(done.output) == steady(output)
