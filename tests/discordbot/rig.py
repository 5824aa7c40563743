"""A Discord bot in the local Discord, with the real engine, a worker and a model to be played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bots.chat.metrics import Metrics
from bots.discordbot import syncing
from bots.discordbot.bot import Bot, open_bot
from bots.discordbot.rest import Rest
from bots.discordbot.timing import Timing
from engine.adapters.system_clock import SystemClock
from engine.bootstrap import open_debates, open_worker
from engine.debate.events import Event
from engine.ports.debates import Debates
from engine.settings import Settings, read_settings
from tests.discordbot.club import READY_S, Club, club
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.screen import Seen
from tests.fakes.discord.timing import Timing as DiscordTiming
from tests.fakes.model_behaviours import Behaviour
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.webroom.speaker import Speaker

HASTY = Timing(
    lands_within=0.05,
    card=0.0,
    edit=0.0,
    later=0.05,
    starting=2.0,
    answer=2.0,
    thinking=0.5,
    identify=0.0,
    server=READY_S,
    again=0.1,
)
LONG_S = 30.0
TRANSCRIPTS = ("transcript.md", "transcript.json", "transcript.html")


@dataclass
class House:
    """A club with Ana (who owns it, in Spanish) and Luis in #general, and an engine for it."""

    club: Club
    settings: Settings
    debates: Debates
    speaker: Speaker

    @asynccontextmanager
    async def bot(
        self, timing: Timing = HASTY, *, waits: bool = True, **discord: object
    ) -> AsyncIterator[Bot]:
        """A bot process, as far as one is in this one; without `waits`, connected or not."""
        settings = self.settings
        if discord:
            given = settings.discord.model_copy(update=discord)
            settings = settings.model_copy(update={"discord": given})
        async with open_bot(settings, timing) as bot:
            running = asyncio.create_task(bot.run())
            try:
                if waits:
                    await self.until(lambda: bot.ailing() is None or running.done())
                yield bot
            finally:
                bot.stop()
                await asyncio.wait([running])
                if not running.cancelled():
                    running.result()

    async def publish(self) -> None:
        """Publishes the commands, as an admin does."""
        token = self.club.app.token
        opened = Rest.open(token, self.settings.discord, SystemClock(), Metrics("publishing"))
        async with opened as rest:
            await syncing.sync(rest, self.club.app.id)

    async def until(self, met: Callable[[], object], within_s: float = LONG_S) -> None:
        """Waits until this is so."""
        async with asyncio.timeout(within_s):
            while not met():  # noqa: ASYNC110 - not all of it is announced
                await asyncio.sleep(0.01)

    async def until_async(self, ask: Callable[[], Awaitable[object]], answer: object) -> None:
        """Waits until this is the answer."""
        async with asyncio.timeout(LONG_S):
            while await ask() != answer:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def threads(self, of: Channel | None = None) -> list[Channel]:
        """The threads of a channel, of #general if none is named."""
        parent = of or self.club.general
        channels = self.club.discord.world.channels.values()
        return [channel for channel in channels if channel.parent is parent]

    async def a_thread(self, of: Channel | None = None) -> Channel:
        """The channel's only thread, once it is there."""
        await self.until(lambda: self.threads(of))
        (thread,) = self.threads(of)
        return thread

    def posts(self, thread: Channel) -> list[Seen]:
        """What personas and the bot posted, the card and the files left out."""
        seen = self.club.ana.sees(thread)
        return [s for s in seen if _is_ours(s) and not is_card(s) and not s.files]

    async def closed(self, thread: Channel) -> list[Seen]:
        """The posts of a thread once its debate is closed and its files are there."""
        await self.until(lambda: any(s.files == TRANSCRIPTS for s in self.club.ana.sees(thread)))
        return self.posts(thread)

    async def log(self) -> list[Event]:
        """The latest debate's events."""
        (listed, *_rest) = await self.debates.recent(9)
        return [record.event for record in await self.debates.records(listed.debate)]

    async def events(self, name: str) -> list[object]:
        """Those of this type."""
        return [event for event in await self.log() if type(event).__name__ == name]


def is_card(seen: Seen) -> bool:
    """Whether it has the buttons that steer."""
    return any(label and label != "❓" for label in seen.buttons)


def _is_ours(seen: Seen) -> bool:
    return bool(seen.message.webhook_id) or seen.message.author.is_bot


@asynccontextmanager
async def house(
    server: RedisServer,
    shard: str,
    *,
    speaks: bool = True,
    waits: DiscordTiming | None = None,
    model: Behaviour | None = None,
) -> AsyncIterator[House]:
    """Opens it; without `speaks`, no worker runs; `waits`: how patient Discord is.

    `model`: how the model behaves, instead of as `House.speaker` does.
    """
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(club(waits))
        serving = await stack.enter_async_context(FakeModelServer.open())
        speaker = Speaker()
        serving.always(model or speaker)
        settings = read_settings(
            redis={"url": server.url, "shard": shard},
            model={"url": serving.url},
            worker={"lease_s": 1, "drain_s": 0},
            discord={
                "token": opened.app.token,
                "api_url": opened.discord.api_url,
                "gateway_url": opened.discord.gateway_url,
                "cdn_url": opened.discord.url,
                "health_port": 0,
                "drain_s": 5,
                "timeout_s": 5,
            },
        )
        debates = await stack.enter_async_context(open_debates(settings))
        if speaks:
            await stack.enter_async_context(_working(settings))
        home = House(opened, settings, debates, speaker)
        yield home
        assert opened.discord.unknown_routes == []


@asynccontextmanager
async def _working(settings: Settings) -> AsyncIterator[None]:
    async with open_worker(settings) as worker:
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await running
