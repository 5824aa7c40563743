"""Which line of a TOML text a field stands on, which tomllib does not tell.

The text is cut into statements (a header, or a key and its value) by letting tomllib say where each
one is complete, so strings and arrays of many lines hold no surprises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
"""Keys and indexes from the top, such as `("debaters", 2, "colour")`."""

_CLOSERS = ('"""', "'''", "]", "}")


def lines_of(source: str) -> dict[Path, int]:
    """The line, from 1, of each field and table of a text that tomllib can read.

    All of an inline table is on the line where its statement begins.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    header: Path = ()
    for line, text, table in _statements(source):
        if not table:
            continue
        if text.lstrip().startswith("["):
            header = _header(table, counts)
            lines.setdefault(header, line)
            if header[-1] == 0:
                lines.setdefault(header[:-1], line)
        else:
            for path in _paths(table, header):
                lines.setdefault(path, line)
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line, from 1, of the field; if it is not there, of the table it is missing from."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def unfinished_line(source: str) -> int:
    """The line, from 1, on which the statement begins that tomllib cannot read."""
    return next((line for line, _, table in _statements(source) if table is None), 1)


def _statements(source: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Each statement's first line, its text and its meaning; `None` for one without any."""
    start, text = 1, ""
    for number, line in enumerate(source.split("\n"), 1):
        # Later lines of a statement are tried only where it can end, or long texts would take long.
        may_end = not text or any(closer in line for closer in _CLOSERS)
        text += line + "\n"
        if not may_end:
            continue
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError):
            continue
        yield start, text, table
        start, text = number + 1, ""
    if text:
        yield start, text, None


def _header(table: dict[str, Any], counts: dict[Path, int]) -> Path:
    """The path that a header opens; `counts` has the entries of each `[[array]]` so far."""
    path: Path = ()
    rest: Any = table
    while rest:
        key, rest = next(iter(rest.items()))
        path += (key,)
        if isinstance(rest, list):
            counts[path] = counts.get(path, 0) + 1
            rest = rest[0]
        if path in counts:
            path += (counts[path] - 1,)
    return path


def _paths(value: Any, path: Path) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _paths(inner, (*path, key))
