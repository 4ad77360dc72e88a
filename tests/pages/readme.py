"""The README, its blocks of commands run again: what follows a line `$ frechet …` is what the command prints now."""

from __future__ import annotations

import re
import shlex

from click.testing import CliRunner

from frechet.apps.cli import main

BLOCK = re.compile(r"```\n(\$ frechet.*?)```", re.S)
COMMAND = re.compile(r"^\$ (frechet[^\n]*)\n(.*?)(?=^\$ |\Z)", re.S | re.M)


def shown(text: str) -> list[tuple[str, str]]:
    """Every command of a page, and what the page says it prints."""
    found = (pair for block in BLOCK.findall(text) for pair in COMMAND.findall(block))
    return [(command, output.strip()) for command, output in found]


def printed(command: str) -> str:
    """What a command prints, in a pipe."""
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    question = done.exit_code == 1 and "could be" in done.output
    assert done.exit_code == 0 or question, (command, done.output)
    return done.output.strip()


def refreshed(text: str) -> str:
    """The page with the output of every command as it is now."""

    def again(block: re.Match[str]) -> str:
        runs = [f"$ {command}\n{printed(command)}\n" for command, _ in COMMAND.findall(block[1])]
        return "```\n" + "\n".join(runs) + "```"

    return BLOCK.sub(again, text)
