"""docs/frechet.1: the manual page, made from the commands' own help."""

from __future__ import annotations

import click

from frechet import __version__
from frechet.apps.cli import HELP, main


def plain(text: str) -> str:
    """Text as roff takes it: no line begins with a sign that means something, no backslash escapes."""
    lines = (line.strip() for line in text.replace("\\", "\\e").replace("-", "\\-").splitlines())
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in lines)


def command(name: str, made: click.Command) -> list[str]:
    """One command: its arguments, what it does, its options."""
    context = click.Context(made, info_name=f"frechet {name}")
    usage = " ".join(made.collect_usage_pieces(context))
    out = [f".SS frechet {name} {plain(usage)}", plain((made.help or "").replace("\b", ""))]
    for parameter in made.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            out += [".TP", f".B {plain(record[0])}", plain(record[1])]
    return out


def page() -> str:
    """The page; `man docs/frechet.1` shows it."""
    out = [
        f'.TH FRECHET 1 "" "frechet {__version__}" "User Commands"',
        ".SH NAME",
        "frechet \\- matrix calculus that shows its work and proves it",
        ".SH SYNOPSIS",
        ".B frechet",
        "COMMAND [ARGUMENTS]",
        ".SH EXAMPLES",
        *(f".nf\n{plain(line)}\n.fi" for line in HELP.splitlines() if line.startswith("  frechet ")),
        ".SH COMMANDS",
    ]
    for name, made in sorted(main.commands.items()):
        out += command(name, made)
    out += [
        ".SH EXIT STATUS",
        "0 done; 1 the problem could not be answered (the message says why); 2 the command line is wrong; 3 with",
        plain("--strict where the verdict of check is not right, or that of equal not always equal."),
    ]
    return "\n".join(out) + "\n"
