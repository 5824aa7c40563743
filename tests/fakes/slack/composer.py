"""What Slack makes of what a person types: names from the picker become mentions, the rest text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.slack.protocol import Json
from tests.fakes.slack.workspace import Workspaces

_BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True, slots=True)
class Typed:
    """A message as a person's client sends it."""

    text: str
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class _Named:
    """Something that the picker offers after an `@`."""

    name: str
    markup: str
    element: Json


def typed(workspaces: Workspaces, team_id: str, words: str) -> Typed:
    """`@name` is chosen from the picker where the team has such a name; nothing else is markup."""
    text, elements, plain = "", [], ""
    for part in _parts(words, _picker(workspaces, team_id)):
        if isinstance(part, str):
            text, plain = text + escaped(part), plain + part
            continue
        if plain:
            elements.append({"type": "text", "text": plain})
        text, plain = text + part.markup, ""
        elements.append(part.element)
    if plain:
        elements.append({"type": "text", "text": plain})
    section = {"type": "rich_text_section", "elements": elements}
    return Typed(text, [{"type": "rich_text", "block_id": "typed", "elements": [section]}])


def escaped_command(workspaces: Workspaces, team_id: str, words: str) -> str:
    """The text of a command that asked for names to be escaped: `<@U…|name>`, `<#C…|name>`."""
    text = ""
    for part in _parts(words, _picker(workspaces, team_id)):
        if isinstance(part, str):
            text += escaped(part)
        elif part.markup.startswith("<!"):
            text += part.markup
        else:
            text += f"{part.markup[:-1]}|{part.name}>"
    for channel in workspaces.of_team(team_id):
        if channel.name:
            text = text.replace(f"#{channel.name}", f"<#{channel.id}|{channel.name}>")
    return text


def escaped(words: str) -> str:
    """With the three characters replaced that are markup to Slack."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parts(words: str, picker: list[_Named]) -> Iterator[str | _Named]:
    while words:
        before, at, after = words.partition("@")
        if before:
            yield before
        if not at:
            return
        found = next((n for n in picker if after.lower().startswith(n.name.lower())), None)
        if found is None:
            yield at
            words = after
        else:
            yield found
            words = after[len(found.name) :]


def _picker(workspaces: Workspaces, team_id: str) -> list[_Named]:
    """Longest names first, so that none hides another that it begins."""
    offered = [
        _Named(user.name, f"<@{user.id}>", {"type": "user", "user_id": user.id})
        for user in workspaces.users.values()
        if workspaces.has(team_id, user)
    ]
    offered += [
        _Named(
            group.handle,
            f"<!subteam^{group.id}>",
            {"type": "usergroup", "usergroup_id": group.id},
        )
        for group in workspaces.groups.values()
        if group.team_id == team_id
    ]
    offered += [
        _Named(reach, f"<!{reach}>", {"type": "broadcast", "range": reach}) for reach in _BROADCASTS
    ]
    return sorted(offered, key=lambda named: -len(named.name))
