"""Variables changed in the text of `.env`: all else in it stays as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from deploy.cli.dotenv import assignments, line_for, parse


def with_variables(text: str, given: Mapping[str, str], to_fill_in: Iterable[str]) -> str:
    """The text that says these too; `to_fill_in`: names for which there is a line at least.

    Raises:
        Explained: the text is none of `NAME=value` lines.
    """
    lines, there = text.splitlines(), {}
    for number, name, value in assignments(text):
        there[name] = value
        if name in given and value != given[name]:
            lines[number] = line_for(name, given[name])
    lines += [line_for(name, value) for name, value in given.items() if name not in there]
    for name in to_fill_in:
        mentioned = re.compile(rf"\s*#?\s*{name}=")
        if name not in there and name not in given and not any(map(mentioned.match, lines)):
            lines.append(f"#{name}=")
    return "\n".join([*lines, ""]) if lines else ""


def changes(before: str, after: str) -> Iterator[str]:
    """Which variables are others, without their values."""
    old, new = parse(before), parse(after)
    for name in new:
        if name not in old:
            yield f"+{name}=…"
        elif old[name] != new[name]:
            yield f"-{name}=…"
            yield f"+{name}=…"
    known = set(before.splitlines())
    yield from (f"+{line}" for line in after.splitlines() if line[:1] == "#" and line not in known)
