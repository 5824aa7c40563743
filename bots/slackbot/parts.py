"""What the Slack bot is made with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.slackbot.message import Reach
from bots.slackbot.team import Team
from bots.slackbot.voices import Voice
from bots.slackbot.web import Web
from engine.debate.panel import Panel
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.readers import Readers


@dataclass(frozen=True, slots=True)
class Parts:
    """One workspace, and the engine."""

    web: Web
    team: Team
    clock: Clock
    debates: Debates
    readers: Readers
    desk: Desk
    panels: Mapping[str, Panel]
    """By their ids."""
    new_id: Callable[[], str]
    background: Background
    files: asyncio.Semaphore
    """Held while the files of one message are in memory; of the whole process."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """The user groups that stand for personas, by the personas' ids."""
    voices: Mapping[str, Voice] = field(default_factory=dict)
    """The apps of personas that have one each, by the personas' ids."""

    @property
    def reach(self) -> Reach:
        """Who can be called here."""
        users = {persona: voice.user for persona, voice in self.voices.items()}
        return Reach(self.team.id, self.groups, users)

    def is_ours(self, message: Mapping[str, Any]) -> bool:
        """Whether one of our apps posted it."""
        ours = {self.team.bot_id, *(voice.bot_id for voice in self.voices.values())}
        return message.get("bot_id") in ours
