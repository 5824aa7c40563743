"""The Slack bot as a whole: what it is made of, joined; and its run, from first word to last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from prometheus_client import CollectorRegistry

from bots.chat.delivery import Delivery, DeliveryLimits
from bots.chat.delivery import Ports as DeliveryPorts
from bots.slackbot.cards import Cards
from bots.slackbot.closing import Closing
from bots.slackbot.joining import listeners, parts_of
from bots.slackbot.metrics import Metrics
from bots.slackbot.pacing import Pacing
from bots.slackbot.parts import Parts
from bots.slackbot.requests import serving
from bots.slackbot.setup import checked, secret
from bots.slackbot.sockets import connected
from bots.slackbot.surface import SlackSurface
from bots.slackbot.timing import Timing
from bots.slackbot.waking import wake_all
from bots.slackbot.web import Web
from engine.bootstrap import open_debates, open_readers, system_clock
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.settings import Settings, SlackSettings

log = structlog.get_logger()


class Bot:
    """Ready to `run`."""

    def __init__(self, parts: Parts, metrics: Metrics, settings: Settings, timing: Timing) -> None:
        self._parts, self._settings, self._timing = parts, settings.slack, timing
        self._cards = Cards(parts, timing.card, timing.edit)
        self._closing = Closing(parts, timing.later)
        self._app = listeners(parts, self._cards, metrics, settings, timing)
        self._delivery = self._delivering(settings)
        self._stopping = asyncio.Event()
        self._ailing: str | None = "not connected to Slack yet"
        self.registry: CollectorRegistry = metrics.registry

    def stop(self) -> None:
        """Ends `run` once what is being done is done, or `drain_s` is over."""
        self._stopping.set()

    def ailing(self) -> str | None:
        """What is wrong with the process, if anything is."""
        return self._ailing

    async def run(self) -> None:
        """Listens and posts until `stop`.

        Raises:
            StoreAway: at the start only.
            NotSetUp: the settings lack what the mode needs.
            OSError: the port is taken.
        """
        await self._parts.readers.open()
        await wake_all(self._parts)
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._delivery.run())
            carding = tasks.create_task(self._cards.run())
            async with AsyncExitStack() as stack:
                await self._listen(stack, tasks, self._settings)
                await self._stopping.wait()
            self._ailing = "stopping"
            self._delivery.stop()
            await self._parts.background.close(self._settings.drain_s)
            await showing
            carding.cancel()

    async def _listen(
        self, stack: AsyncExitStack, tasks: asyncio.TaskGroup, slack: SlackSettings
    ) -> None:
        if slack.mode == "http":
            address = await stack.enter_async_context(serving(self._app, slack.host, slack.port))
            self._ailing = None
            log.info("slack.ready", mode="http", address=address)
            return
        token, clock = secret(slack.app_token), self._parts.clock
        opened = connected(self._app, self._parts.web, token, clock, self._timing.ping)
        sockets = await stack.enter_async_context(opened)

        def told(problem: str | None) -> None:
            self._ailing = problem

        watching = tasks.create_task(sockets.watch(told))
        stack.callback(watching.cancel)
        self._ailing = None
        log.info("slack.ready", mode="socket")

    def _delivering(self, settings: Settings) -> Delivery:
        parts, timing = self._parts, self._timing
        surface = SlackSurface(
            parts, Pacing(timing.post_interval), self._stands, timing.lands_within
        )
        ports = DeliveryPorts(parts.readers, parts.debates, surface, parts.clock)
        return Delivery(ports, DeliveryLimits(drain_s=settings.slack.drain_s))

    def _stands(self, debate: str, place: Place, state: Debate) -> None:
        self._cards.stands(debate, place, state)
        self._closing.stands(debate, place, state)


@asynccontextmanager
async def open_bot(settings: Settings, timing: Timing | None = None) -> AsyncIterator[Bot]:
    """A bot in the workspace that its token is of.

    Raises:
        NotSetUp, Refused: a setting is missing, or Slack does not take the token.
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway, RetryAfter, Unknown: Redis or Slack does not answer.
    """
    slack = checked(settings.slack)
    metrics, clock = Metrics(), system_clock()
    async with (
        Web.open(slack, clock, metrics) as web,
        open_debates(settings) as debates,
        open_readers(settings, "slack") as readers,
    ):
        parts = await parts_of(web, clock, debates, readers, settings)
        yield Bot(parts, metrics, settings, timing or Timing(lands_within=slack.timeout_s))
