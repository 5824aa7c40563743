"""What the Slack bot is made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bots.chat.background import Background
from bots.chat.desk import Desk
from bots.slackbot.team import Team
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
    groups: Mapping[str, str] = field(default_factory=dict)
    """The user groups that stand for personas, by the personas' ids."""
