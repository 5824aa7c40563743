"""A Slack bot in the local Slack, with the real engine, a worker and a model that a test plays."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bots import slackbot
from bots.slackbot.bot import open_bot
from bots.slackbot.timing import Timing
from engine.bootstrap import open_debates, open_worker
from engine.ports.debates import Debates
from engine.settings import Settings, read_settings
from tests.fakes.model_behaviours import Behaviour
from tests.fakes.model_server import FakeModelServer
from tests.fakes.slack.apps import Installation
from tests.fakes.slack.people import Person
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.screen import Seen
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.fakes.slack.workspace import Channel, Team
from tests.redis_server import RedisServer
from tests.webroom.speaker import Speaker

HASTY = Timing(
    lands_within=0.05,
    minute=0.0,
    card=0.0,
    edit=0.0,
    append=0.02,
    answer=2.0,
    ping=1.0,
    later=0.05,
    starting=4.0,
)
LONG_S = 60.0
MANIFEST = Path(slackbot.__file__).parent / "manifest.json"


def manifest(**settings: object) -> Json:
    """The bot's own; `settings` go over those of Socket Mode."""
    given: Json = json.loads(MANIFEST.read_text())
    given["settings"] |= settings
    return given


@dataclass
class House:
    """A workspace with Ana (an admin, in Spanish) and Luis in #general, and an engine for it."""

    slack: LocalSlack
    team: Team
    ana: Person
    luis: Person
    general: Channel
    installed: Installation
    app_token: str
    settings: Settings
    debates: Debates
    model: FakeModelServer
    speaker: Speaker

    @asynccontextmanager
    async def bot(
        self, timing: Timing = HASTY, **slack: object
    ) -> AsyncIterator[asyncio.Task[None]]:
        """A bot process, as far as one is in this one; cancel its task to kill it."""
        settings = self.settings
        if slack:
            given = settings.slack.model_copy(update=slack)
            settings = settings.model_copy(update={"slack": given})
        async with open_bot(settings, timing) as bot:
            running = asyncio.create_task(bot.run())
            try:
                await self.until(lambda: bot.ailing() is None or running.done())
                yield running
            finally:
                bot.stop()
                await asyncio.wait([running])
                if not running.cancelled():
                    running.result()

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

    def client_of(self, token: str) -> AsyncWebClient:
        """A client without retries that speaks with this token."""
        return AsyncWebClient(token, base_url=self.slack.api_url, retry_handlers=[])

    def card(self, channel: Channel | None = None) -> Seen:
        """The only card in the channel."""
        there = self.ana.sees(channel or self.general)
        (card,) = [seen for seen in there if not seen.is_ephemeral]
        return card

    def thread(self, channel: Channel | None = None, root: str | None = None) -> list[Seen]:
        """What stands below the card, or another root."""
        there = channel or self.general
        return self.ana.sees_thread(there, root or self.card(there).ts)[1:]

    def texts(self) -> list[str]:
        """What stands below the card."""
        return [seen.text for seen in self.thread()]

    async def closed(self) -> list[Seen]:
        """The thread once its debate is closed and its files are there."""
        await self.until(lambda: self.ana.sees(self.general))
        await self.until(lambda: any(seen.files for seen in self.thread()))
        return self.thread()


@asynccontextmanager
async def house(
    server: RedisServer,
    shard: str,
    *,
    speaks: bool = True,
    waits: SlackTiming | None = None,
    model: Behaviour | None = None,
    **app: object,
) -> AsyncIterator[House]:
    """Opens it; without `speaks`, no worker runs; `waits`: how patient Slack is.

    `model`: how the model behaves, instead of as `House.speaker` does.
    """
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(LocalSlack.open(waits))
        serving = await stack.enter_async_context(FakeModelServer.open())
        speaker = Speaker()
        serving.always(model or speaker)
        team = slack.team()
        ana = slack.person(team, "ana", locale="es-ES", is_admin=True)
        luis = slack.person(team, "luis")
        made = slack.app(manifest(**app))
        installed = slack.install(made, team)
        general = slack.channel(team, "general", ana, luis, installed.bot)
        app_token = slack.registry.app_token(made, "connections:write")
        settings = read_settings(
            redis={"url": server.url, "shard": shard},
            model={"url": serving.url},
            worker={"lease_s": 1, "drain_s": 0},
            slack={
                "bot_token": installed.bot_token,
                "app_token": app_token,
                "signing_secret": made.signing_secret,
                "api_url": slack.api_url,
                "port": 0,
                "health_port": 0,
                "drain_s": 5,
            },
        )
        debates = await stack.enter_async_context(open_debates(settings))
        if speaks:
            await stack.enter_async_context(_working(settings))
        parts = (slack, team, ana, luis, general, installed, app_token, settings, debates)
        yield House(*parts, serving, speaker)


@asynccontextmanager
async def _working(settings: Settings) -> AsyncIterator[None]:
    async with open_worker(settings) as worker:
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            await running
