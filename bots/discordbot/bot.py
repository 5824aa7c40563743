"""The Discord bot as a whole: what it is made of, joined; and its run, from first word to last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CollectorRegistry

from bots.chat.cards import Cards
from bots.chat.closing import Closing
from bots.chat.delivery import Delivery, DeliveryLimits
from bots.chat.delivery import Ports as DeliveryPorts
from bots.chat.metrics import Metrics
from bots.chat.starting import Starting
from bots.discordbot.board import DiscordBoard
from bots.discordbot.ids import workspace_of
from bots.discordbot.joining import Posting, hearing_of, open_parts
from bots.discordbot.opening import Opening
from bots.discordbot.parts import Parts
from bots.discordbot.pointing import pointed
from bots.discordbot.setup import checked
from bots.discordbot.shelf import DiscordShelf
from bots.discordbot.surface import DiscordSurface
from bots.discordbot.thinking import Thinking
from bots.discordbot.timing import Timing
from bots.discordbot.waking import Waking
from bots.discordbot.webhooks import Webhooks
from engine.bootstrap import open_debates, open_readers
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.settings import Settings

log = structlog.get_logger()


class Bot:
    """Ready to `run`."""

    def __init__(self, parts: Parts, metrics: Metrics, timing: Timing) -> None:
        self._metrics = metrics
        self._parts, self._timing = parts, timing
        self._cards = Cards(
            *(DiscordBoard(parts), parts.debates, parts.clock, timing.card, timing.edit)
        )
        self._closing = Closing(
            *(DiscordShelf(parts), parts.debates, parts.readers, parts.clock),
            later_s=max(timing.later, timing.lands_within),
        )
        self._thinking = Thinking(parts, timing.thinking)
        webhooks, opening = Webhooks(parts.rest, parts.us), Opening(parts, timing.lands_within)
        self._starting = Starting(
            *(opening, parts.debates, self._cards, parts.new_id, parts.clock),
            patience_s=max(timing.starting, 4 * timing.lands_within),
            open_thread=opening.has_thread,
        )
        posting = Posting(self._starting, Waking(parts, webhooks))
        self._hearing = hearing_of(parts, posting, metrics, timing)
        self._delivery = self._delivering(webhooks)
        self._stopping = asyncio.Event()
        self.registry: CollectorRegistry = metrics.registry

    def stop(self) -> None:
        """Ends `run` once what is being done is done, or `drain_s` is over."""
        self._stopping.set()

    def ailing(self) -> str | None:
        """What is wrong with the process, if anything is."""
        if self._stopping.is_set():
            return "stopping"
        voices = self._parts.voices.items()
        dumb = [persona for persona, voice in voices if voice.rest.is_locked_out]
        if self._parts.rest.is_locked_out or dumb:
            return f"Discord does not accept the token of {', '.join(dumb) or 'the bot'}"
        return self._hearing.gateway.problem

    async def run(self) -> None:
        """Listens and posts until `stop`.

        Raises:
            StoreAway: at the start only.
            NotSetUp: Discord does not grant what the settings ask for.
        """
        await self._parts.readers.open()
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._delivery.run())
            carding = tasks.create_task(self._cards.run())
            thinking = tasks.create_task(self._thinking.run())
            finishing = tasks.create_task(self._starting.finish(self._workspaces))
            listening = tasks.create_task(self._hearing.gateway.run())
            reading = tasks.create_task(self._hearing.taking.run())
            await self._stopping.wait()
            reading.cancel()
            thinking.cancel()
            self._delivery.stop()
            await self._parts.background.close(self._parts.settings.drain_s)
            listening.cancel()  # it has the connection that answers go by
            await showing
            carding.cancel()
            finishing.cancel()

    async def _workspaces(self) -> list[str]:
        servers = [str(guild.id) for guild in self._hearing.gateway.client.guilds]
        return [workspace_of(guild) for guild in (*servers, None)]

    def _delivering(self, webhooks: Webhooks) -> Delivery:
        parts = self._parts
        surface = DiscordSurface(
            parts, webhooks, self._stands, self._cards.before, self._timing.lands_within
        )
        visible = self._metrics.visible_s.observe
        ports = DeliveryPorts(parts.readers, parts.debates, surface, parts.clock, visible)
        return Delivery(ports, DeliveryLimits(drain_s=parts.settings.drain_s))

    async def _stands(self, debate: str, place: Place, state: Debate) -> None:
        self._cards.stands(debate, place, state)
        self._thinking.stands(debate, place, state)
        await self._closing.stands(debate, place, state)


@asynccontextmanager
async def open_bot(
    settings: Settings, timing: Timing | None = None, metrics: Metrics | None = None
) -> AsyncIterator[Bot]:
    """A bot in all the servers that it was invited to.

    Raises:
        NotSetUp, Refused: a setting is missing, or Discord does not take a token.
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway, RetryAfter, Unknown: Redis or Discord does not answer.
    """
    ours, metrics = checked(settings.discord), metrics or Metrics("discord")
    with pointed(ours):
        async with (
            open_debates(settings) as debates,
            open_readers(settings, "discord") as readers,
            open_parts(settings, debates, readers, metrics) as parts,
        ):
            yield Bot(parts, metrics, timing or Timing(lands_within=ours.timeout_s))
