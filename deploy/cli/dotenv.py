"""`.env` beside `tertulia.toml`: the secrets of whoever runs `tertulia` here, as variables.

Only `TERTULIA_…` is taken from it, and what the real environment says goes before. The lines are
such that sh, systemd and compose read them alike.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

FILE = Path(".env")
PREFIX = "TERTULIA_"

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_SINGLE = re.compile(r"'([^']*)'\s*(?:#.*)?")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_BARE = re.compile(r"[^\s'\"#$`\\]+")


def load() -> None:
    """Takes up what the file says, if there is one.

    Raises:
        Explained: it cannot be read, or a line of it.
    """
    if not FILE.exists():
        return
    for name, value in parse(read(FILE)).items():
        if name.startswith(PREFIX):
            os.environ.setdefault(name, value)


def read(file: Path) -> str:
    """The file's text.

    Raises:
        Explained
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        from engine.debate.explained import Explained, reason

        why = reason(error) if isinstance(error, OSError) else Explained("it is no text")
        raise Explained("{file} cannot be read: {why}", file=file, why=why) from error


def parse(text: str) -> dict[str, str]:
    """The variables. Pure.

    Raises:
        Explained: a line is no `NAME=value`.
    """
    return {name: value for _number, name, value in assignments(text)}


def assignments(text: str) -> Iterator[tuple[int, str, str]]:
    """Each with the number of its line, from 0.

    Raises:
        Explained: see `parse`.
    """
    for number, line in enumerate(text.splitlines()):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise _wrong(number)
        yield number, found[1], _value(found[2].strip(), number)


def line_for(name: str, value: str) -> str:
    """The line that says this."""
    if value == "" or _BARE.fullmatch(value):
        return f"{name}={value}"
    if "'" not in value:
        return f"{name}='{value}'"
    escaped = re.sub(r'(["\\$`])', r"\\\1", value)
    return f'{name}="{escaped}"'


def _value(written: str, number: int) -> str:
    if found := _SINGLE.fullmatch(written):
        return found[1]
    if found := _DOUBLE.fullmatch(written):
        return re.sub(r"\\(.)", r"\1", found[1])
    if written[:1] in ("'", '"'):
        raise _wrong(number)
    return re.split(r"\s+#", written)[0].rstrip()


def _wrong(number: int) -> Exception:
    from engine.debate.explained import Explained

    # Without the line itself, which may be secret.
    return Explained("{file}, line {number}: write NAME=value", file=FILE, number=number + 1)
