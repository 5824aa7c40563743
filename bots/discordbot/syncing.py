"""The commands as they are published: compared with what Discord has, and published anew.

Discord counts what is created, so nothing is published that is there already, and nothing by the
bot itself: an admin does it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import discord
import structlog

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.commands import commands_of
from bots.discordbot.parts import Parts
from bots.discordbot.rest import Rest

_KEPT = frozenset(
    {
        *("name", "type", "description", "options", "choices", "value", "required"),
        *("autocomplete", "min_value", "max_value", "name_localizations"),
        *("description_localizations", "default_member_permissions"),
    }
)
"""What the commands are made of; Discord adds ids and versions of its own."""

Json = dict[str, Any]

log = structlog.get_logger()


async def sync(rest: Rest, app: str) -> bool:
    """Publishes the commands of the application, if they are others; whether they were.

    Raises:
        Refused, RetryAfter, Unknown
    """
    wanted = await commands()
    if digest(wanted) == digest(await _published(rest, app)):
        return False
    await rest.call("PUT /applications/{app}/commands", wanted, app=app)
    return True


async def tell_if_differs(parts: Parts) -> None:
    """Logs that the commands are to be published anew, if they are."""
    try:
        published = await _published(parts.rest, parts.us.app)
    except (Refused, RetryAfter, Unknown) as error:
        log.info("commands.not_read", error=str(error))
        return
    if digest(await commands()) != digest(published):
        log.warning("commands.differ", do="tertulia discord sync")


async def commands() -> list[Json]:
    """The commands, as Discord is given them."""
    tree = await commands_of(discord.Client(intents=discord.Intents(guilds=True)))
    translator = tree.translator
    assert translator is not None  # noqa: S101 - they have one
    return [
        await command.get_translated_payload(tree, translator) for command in tree.get_commands()
    ]


def digest(commands: Sequence[Json]) -> str:
    """The same for the same commands, whatever Discord adds to them. Pure."""
    told = sorted((_told(command) for command in commands), key=lambda c: (c["type"], c["name"]))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


async def _published(rest: Rest, app: str) -> list[Json]:
    query = {"with_localizations": "true"}
    found: list[Json] = await rest.call("GET /applications/{app}/commands", query=query, app=app)
    return found


def _told(value: Any) -> Any:
    """What says something; Discord fills in the rest, or leaves it out."""
    if isinstance(value, dict):
        kept = value if not _KEPT & set(value) else {k: v for k, v in value.items() if k in _KEPT}
        return {k: _told(v) for k, v in kept.items() if v not in (None, False, [], {}, "")}
    return [_told(inner) for inner in value] if isinstance(value, list) else value
