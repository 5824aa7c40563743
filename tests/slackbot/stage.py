"""The local Slack as the stage on which the surface's contract is tried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from bots.chat.metrics import Metrics
from bots.chat.surface import Surface
from bots.slackbot.access import OneToken
from bots.slackbot.half_said import HalfSaid
from bots.slackbot.ids import place_of
from bots.slackbot.joining import parts_of, shared_of
from bots.slackbot.surface import SlackSurface
from bots.slackbot.voices import Voice
from bots.slackbot.web import Web
from bots.slackbot.wires import Wires
from bots.slackbot.workspaces import OneWorkspace
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.debates import Debates
from engine.ports.limits import Limits
from engine.ports.readers import Readers
from engine.settings import read_settings
from tests.fakes.slack.apps import Installation
from tests.fakes.slack.faults import Fault, fails, loses_answer, rate_limits
from tests.slackbot.office import Office


class SlackStage:
    """Each thread hangs from a message of Ana's in a channel of its own."""

    def __init__(
        self,
        office: Office,
        surface: Surface,
        groups: dict[str, str],
        apps: Mapping[str, Installation],
    ) -> None:
        self.office, self.surface, self.groups = office, surface, groups
        self._bots = [office.installed.bot, *(app.bot for app in apps.values())]

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        office: Office,
        debates: Debates,
        readers: Readers,
        limits: Limits,
        apps: Mapping[str, Installation] | None = None,
    ) -> AsyncIterator[SlackStage]:
        """With a user group for the second debater, in which Luis is; `apps`: those of personas."""
        group = office.slack.group(office.team, "juristas", office.luis)
        groups = {"jurista": group.id}
        clock = SystemClock()
        token, url = office.installed.bot_token, office.slack.api_url
        given = {"groups": groups, "bot_token": token, "api_url": url}
        settings = read_settings(slack=given)
        async with Wires.open(settings.slack, limits, clock, Metrics("slack"), 0.0) as wires:
            shared = shared_of(wires, debates, readers, settings)
            voices = {
                persona: Voice(Web(wires, OneToken(app.bot_token)), app.bot.id, app.bot_id)
                for persona, app in (apps or {}).items()
            }
            parts = replace(await parts_of(shared, OneToken(token)), voices=voices)
            workspaces = OneWorkspace(parts)
            half_said = HalfSaid(workspaces, clock, 0.0, is_on=True)
            surface = SlackSurface(workspaces, _nothing_comes_of_it, half_said, 0.0)
            yield cls(office, surface, groups, apps or {})

    def thread(self) -> Place:
        office = self.office
        people = (office.ana.user, office.luis.user, *self._bots)
        channel = office.slack.channel(office.team, "debate", *people)
        root = office.ana.says(channel, "What do you think?")
        return place_of(office.team.id, channel.id, root.ts)

    async def seen(self, place: Place) -> list[str]:
        channel = self.office.slack.workspaces.channels[place.channel]
        _root, *replies = self.office.ana.sees_thread(channel, place.thread)
        assert len(self.office.ana.sees(channel)) == 1, "nothing stands beside the thread"
        return [seen.text for seen in replies]

    async def pinged(self, place: Place) -> list[str]:
        personas = {group: persona for persona, group in self.groups.items()}
        pings = [p for p in self.office.slack.posting.pings if p.channel == place.channel]
        assert all(ping.why == "group" for ping in pings), pings
        return [personas[next(iter(personas))] for _ in pings]

    def lose_answer(self, place: Place) -> None:
        self._plan(place, "chat.postMessage", loses_answer())

    def fail(self, place: Place) -> None:
        self._plan(place, "chat.postMessage", fails())

    def too_many(self, place: Place, seconds: int) -> None:
        self._plan(place, "chat.postMessage", rate_limits(seconds))

    def hide(self, place: Place) -> None:
        self._plan(place, "conversations.replies", fails())

    def remove(self, place: Place) -> None:
        channel = self.office.slack.workspaces.channels[place.channel]
        del channel.messages[place.thread]

    def _plan(self, place: Place, method: str, fault: Fault) -> None:
        self.office.slack.faults.plan(
            method,
            fault,
            where=lambda args: args["channel"] == place.channel,
        )


async def _nothing_comes_of_it(_debate: str, _place: Place, _state: Debate) -> bool:
    return False
