"""A text as Slack's own markup takes it: escaped, and so that nothing in it calls anybody. Pure."""

from __future__ import annotations

import html
import re

from bots.chat.mentions import inert

_CONTROL = re.compile(r"<(?P<sign>[@#!]?)(?P<what>[^<>|\s]*)(?:\|(?P<label>[^<>]*))?>")


def escaped(text: str) -> str:
    """Anybody's words, to be shown as they are."""
    safe = inert(text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentioned(text: str) -> list[str]:
    """The users and user groups that a message's text mentions, by id, in order."""
    found = []
    for mark in _CONTROL.finditer(text):
        if mark["sign"] == "@":
            found.append(mark["what"])
        elif mark["what"].startswith("subteam^"):
            found.append(mark["what"].removeprefix("subteam^"))
    return found


def plain(text: str, names: dict[str, str]) -> str:
    """What a person reads of a message's text; `names` of the users and groups it mentions."""

    def read(mark: re.Match[str]) -> str:
        sign, what, label = mark["sign"], mark["what"], mark["label"]
        if sign == "@" or what.startswith("subteam^"):
            name = names.get(what.removeprefix("subteam^"), label or what)
            return f"@{name.removeprefix('@')}"
        if sign == "#":
            return f"#{label or what}"
        if sign == "!":
            return label or f"@{what.partition('^')[0]}"
        return what if not label or label in what else f"{label} ({what})"

    return html.unescape(_CONTROL.sub(read, text))
