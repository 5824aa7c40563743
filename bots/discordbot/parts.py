"""What the Discord bot is made with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.discordbot.rest import Rest
from bots.discordbot.roles import Roles
from engine.debate.panel import Panel
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.settings import DiscordSettings

FILES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Us:
    """Who the bot is: the one that listens, and posts what no persona says."""

    app: str
    """Its application's id; older bots have another than `user`."""
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A persona's own bot, of identity `bots`: it posts, and hears nothing."""

    user: str
    """Its user id: who is tagged, and who tags it."""
    rest: Rest


@dataclass(frozen=True, slots=True)
class Parts:
    """One bot, in all its servers, and the engine."""

    rest: Rest
    """With the listening bot's token."""
    us: Us
    roles: Roles
    clock: Clock
    debates: Debates
    readers: Readers
    desk: Desk
    panels: Mapping[str, Panel]
    """By their ids."""
    new_id: Callable[[], str]
    background: Background
    settings: DiscordSettings
    voices: Mapping[str, Voice] = field(default_factory=dict)
    """By the personas' ids; empty for identity `webhook`."""
    files: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    """Held while the files of one message are in memory: they may have a hundred megabytes."""
