"""App manifests: what api.slack.com would say is wrong, and the links that carry one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.slack.protocol import Json

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "agent_session_stopped": (),
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Events that this Slack has, and the scopes of which an app needs one."""

_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")


def from_link(link: str) -> Json:
    """The manifest of a prefilled link, `…/apps?new_app=1&manifest_json=…`.

    Raises:
        ValueError: the link carries none in JSON.
    """
    query = parse_qs(urlsplit(link).query)
    if query.get("new_app") != ["1"] or "manifest_json" not in query:
        raise ValueError("the link opens no new app from a manifest in JSON")
    manifest: Json = json.loads(query["manifest_json"][0])
    return manifest


def problems(manifest: Json) -> list[str]:
    """One line for each thing that would keep it from being taken."""
    return [
        *_of_names(manifest),
        *_of_events(manifest),
        *_of_commands(manifest),
        *_of_urls(manifest),
    ]


def _of_names(manifest: Json) -> Iterator[str]:
    about = _at(manifest, "display_information")
    yield from _length("display_information.name", about.get("name"), 35, is_needed=True)
    yield from _length("display_information.description", about.get("description"), 140)
    bot = _at(manifest, "features", "bot_user")
    if bot or _at(manifest, "oauth_config", "scopes").get("bot"):
        yield from _length("bot_user.display_name", bot.get("display_name"), 80, is_needed=True)
    for shortcut in _at(manifest, "features").get("shortcuts", ()):
        yield from _length("shortcuts.name", shortcut.get("name"), 24, is_needed=True)
        yield from _length("shortcuts.callback_id", shortcut.get("callback_id"), 255)
        if shortcut.get("type") not in ("message", "global"):
            yield "shortcuts.type must be message or global"


def _of_events(manifest: Json) -> Iterator[str]:
    scopes = set(_at(manifest, "oauth_config", "scopes").get("bot", ()))
    for event in _at(manifest, "settings", "event_subscriptions").get("bot_events", ()):
        if event not in EVENT_SCOPES:
            yield f"no such bot event here: {event}"
        elif EVENT_SCOPES[event] and not scopes.intersection(EVENT_SCOPES[event]):
            yield f"{event} needs the scope {' or '.join(EVENT_SCOPES[event])}"


def _of_commands(manifest: Json) -> Iterator[str]:
    commands = _at(manifest, "features").get("slash_commands", ())
    if commands and "commands" not in _at(manifest, "oauth_config", "scopes").get("bot", ()):
        yield "slash commands need the scope commands"
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            yield f"not a command: {command.get('command')}"
        yield from _length("slash_commands.description", command.get("description"), 2_000, True)
        yield from _length("slash_commands.usage_hint", command.get("usage_hint"), 1_000)


def _of_urls(manifest: Json) -> Iterator[str]:
    settings = _at(manifest, "settings")
    if settings.get("socket_mode_enabled"):
        return
    events = _at(settings, "event_subscriptions")
    if events.get("bot_events") and not events.get("request_url"):
        yield "event_subscriptions.request_url is needed without Socket Mode"
    interactivity = _at(settings, "interactivity")
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield "interactivity.request_url is needed without Socket Mode"


def _length(name: str, value: object, most: int, is_needed: bool = False) -> Iterator[str]:
    if value in (None, "") and is_needed:
        yield f"{name} is missing"
    if isinstance(value, str) and len(value) > most:
        yield f"{name} takes {most} characters"


def _at(manifest: Json, *path: str) -> Json:
    found: Any = manifest
    for name in path:
        found = found.get(name) or {}
    return dict(found)
