"""A message's text as people read it, and whom it mentions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARK = re.compile(
    r"<(?P<sign>@&|@!?|#)(?P<id>\d{1,20})>"
    r"|<a?:(?P<emoji>\w{1,64}):\d{1,20}>"
    r"|</(?P<command>[^<>:\n]{1,100}):\d{1,20}>"
)


def users_in(text: str) -> list[str]:
    """The users that the text mentions, by id, in order."""
    return [mark["id"] for mark in _MARK.finditer(text) if mark["sign"] in ("@", "@!")]


def roles_in(text: str) -> list[str]:
    """The roles that the text mentions, by id, in order."""
    return [mark["id"] for mark in _MARK.finditer(text) if mark["sign"] == "@&"]


def without(text: str, *mentions: str) -> str:
    """The text without the first mention of one of these users or roles."""
    for mark in _MARK.finditer(text):
        if mark["id"] in mentions and mark["sign"] != "#":
            return f"{text[: mark.start()]} {text[mark.end() :]}".strip()
    return text.strip()


def readable(text: str, names: Mapping[str, str]) -> str:
    """What it reads like; `names` of the users, roles and channels in it, by their ids."""

    def read(mark: re.Match[str]) -> str:
        if mark["emoji"]:
            return f":{mark['emoji']}:"
        if mark["command"]:
            return f"/{mark['command']}"
        sign = "#" if mark["sign"] == "#" else "@"
        return f"{sign}{names.get(mark['id'], mark['id'])}"

    return _MARK.sub(read, text)
