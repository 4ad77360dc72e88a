"""A command that never ends with a traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

import frechet
from frechet.apps.guard import guarded
from frechet.apps.problem import fail

CLICKS = (click.ClickException, click.exceptions.Exit, click.Abort)
"""What click itself ends a command with."""


def reported(command: Callable[..., None]) -> Callable[..., None]:
    """The command; what goes wrong in it without a word for it is an error of kind `internal`, exit status 1."""

    @functools.wraps(command)
    def call(*args: Any, **given: Any) -> None:
        problem = str(given.get("expression") or given.get("left") or "")
        if given.get("right"):
            problem = f"{problem} = {given['right']}"
        if given.get("claim"):
            problem = f"{problem}, claim {given['claim']}"
        try:
            with guarded(problem, CLICKS):
                command(*args, **given)
        except frechet.FrechetError as error:
            fail(error, problem, as_json=bool(given.get("as_json")) or given.get("style") == "json")

    return call
