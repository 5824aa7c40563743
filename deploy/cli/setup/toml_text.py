"""Settings changed in the text of `tertulia.toml`: all else in it stays as it is. Pure."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from engine.debate.explained import Explained
from engine.settings import FILE

Name = tuple[str, str]
"""A part and a field of it: `("redis", "url")`."""

_HEADER = re.compile(r"\s*\[")


class CannotChange(Explained):
    """The file is no TOML, or is written in a way that only its author can change."""


def read(text: str) -> dict[str, Any]:
    """What it says.

    Raises:
        CannotChange
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotChange("{file}: {why}", file=FILE, why=error) from error


def with_settings(text: str, wanted: Mapping[Name, Any]) -> str:
    """The text that says these too; the same where it says them already.

    Raises:
        CannotChange
    """
    for (part, field), value in wanted.items():
        before = read(text)
        if field in before.get(part, {}) and before[part][field] == value:
            continue
        expected = copy.deepcopy(before)
        expected.setdefault(part, {})[field] = value
        text = _changed(text, part, f"{field} = {written(value)}", field)
        if _read_or_none(text) != expected:
            raise CannotChange(
                "{file} cannot be changed here; write it yourself: {part}.{field} = {value}",
                file=FILE,
                part=part,
                field=field,
                value=written(value),
            )
    return text


def written(value: Any) -> str:
    """A value as TOML has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case Mapping():
            inner = ", ".join(f"{json.dumps(k)} = {written(v)}" for k, v in value.items())
            return f"{{{inner}}}"
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
    return json.dumps(str(value), ensure_ascii=False)


def value_of(text: str) -> Any:
    """What somebody wrote for a value: TOML, or else a text as it stands."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _changed(text: str, part: str, line: str, field: str) -> str:
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\s*{re.escape(part)}\s*\]\s*(#.*)?")
    start = next((n for n, found in enumerate(lines) if header.fullmatch(found)), None)
    if start is None:
        return "\n".join([*lines, *([""] if lines else []), f"[{part}]", line, ""])
    end = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    there = re.compile(rf"\s*{re.escape(field)}\s*=")
    at = next((n for n in range(start + 1, end) if there.match(lines[n])), None)
    if at is not None:
        lines[at] = line
    else:
        last = max(n for n in range(start, end) if lines[n].strip())
        lines.insert(last + 1, line)
    return "\n".join([*lines, ""])


def _read_or_none(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
