"""Tells fenced code from plain text, in time linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"(?P<marks>`{3,}|~{3,})(?P<info>[\w+#.-]*) *")


@dataclass(frozen=True, slots=True)
class Plain:
    """Lines outside any fence."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Lines between two fences."""

    info: str
    """The language, as far as one is named."""
    text: str


def pieces(text: str) -> Iterator[Plain | Code]:
    """The text's pieces in order.

    An opening fence without its end is no fence: it would swallow the rest of the transcript.
    """
    lines = text.split("\n")
    last = {line.rstrip(): place for place, line in enumerate(lines)}
    plain: list[str] = []
    place = 0
    while place < len(lines):
        fence = _FENCE.fullmatch(lines[place])
        if fence is None or last.get(fence["marks"], 0) <= place:
            plain.append(lines[place])
            place += 1
            continue
        end = next(i for i in range(place + 1, len(lines)) if lines[i].rstrip() == fence["marks"])
        yield Plain("\n".join(plain))
        yield Code(fence["info"], "\n".join(lines[place + 1 : end]))
        plain = []
        place = end + 1
    yield Plain("\n".join(plain))
