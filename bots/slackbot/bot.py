"""The Slack bot as a whole: what it is made of, joined; and its run, from first word to last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog
from prometheus_client import CollectorRegistry

from bots.chat.cards import Cards
from bots.chat.closing import Closing
from bots.chat.delivery import Delivery, DeliveryLimits
from bots.chat.delivery import Ports as DeliveryPorts
from bots.chat.metrics import Metrics
from bots.chat.starting import Starting
from bots.slackbot import streaming
from bots.slackbot.access import OneToken
from bots.slackbot.board import SlackBoard
from bots.slackbot.half_said import HalfSaid
from bots.slackbot.joining import Shared, listeners, parts_of, shared_of
from bots.slackbot.material import material_at
from bots.slackbot.oauth import Served, by_oauth
from bots.slackbot.requests import requests, serving
from bots.slackbot.roots import SlackRoots
from bots.slackbot.setup import checked, secret
from bots.slackbot.shelf import SlackShelf
from bots.slackbot.sockets import connected
from bots.slackbot.streaming import Streaming
from bots.slackbot.surface import SlackSurface
from bots.slackbot.thinking import Thinking
from bots.slackbot.timing import Timing
from bots.slackbot.waking import wake_all
from bots.slackbot.wires import Wires
from bots.slackbot.workspaces import OneWorkspace
from engine.bootstrap import open_debates, open_limits, open_readers, open_vault, system_clock
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.settings import Settings

log = structlog.get_logger()


class Bot:
    """Ready to `run`."""

    def __init__(self, shared: Shared, served: Served, settings: Settings, timing: Timing) -> None:
        workspaces, self._pages = served.workspaces, served.pages
        self._shared, self._workspaces = shared, workspaces
        self._settings, self._timing = settings.slack, timing
        clock = shared.wires.clock
        board = SlackBoard(workspaces, clock)
        self._cards = Cards(board, shared.debates, clock, timing.card, timing.edit)
        self._thinking = Thinking(workspaces, shared.debates, clock)
        at_once = streaming.AT_ONCE if settings.slack.streaming else 0
        self._half_said = HalfSaid(workspaces, clock, timing.lands_within, is_on=at_once > 0)
        self._streaming = Streaming(
            *(workspaces, shared.debates, self._half_said, clock),
            every_s=timing.append,
            at_once=at_once,
        )
        shelf = SlackShelf(workspaces)
        self._closing = Closing(
            *(shelf, shared.debates, shared.readers, clock),
            later_s=max(timing.later, timing.lands_within),
        )
        roots = SlackRoots(workspaces, clock, timing.lands_within)
        self._starting = Starting(
            *(roots, shared.debates, self._cards, shared.new_id, clock),
            patience_s=max(timing.starting, 4 * timing.lands_within),
            gather=partial(material_at, workspaces),
        )
        self._app, self._missed = listeners(
            shared, workspaces, self._starting, self._cards, settings, timing
        )
        self._delivery = self._delivering()
        self._stopping = asyncio.Event()
        self._ailing: str | None = "not connected to Slack yet"
        self.registry: CollectorRegistry = shared.wires.metrics.registry

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
            Refused: Slack does not take the app-level token.
            OSError: the port is taken.
        """
        shared = self._shared
        await shared.readers.open()
        await wake_all(shared.debates, shared.readers, await self._workspaces.ids())
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._delivery.run())
            carding = tasks.create_task(self._cards.run())
            finishing = tasks.create_task(self._starting.finish(self._workspaces.ids))
            thinking = tasks.create_task(self._thinking.run())
            reading = tasks.create_task(self._missed.run())
            async with AsyncExitStack() as stack:
                listening = tasks.create_task(self._listen(stack, tasks))
                stopping = tasks.create_task(self._stopping.wait())
                await asyncio.wait((listening, stopping), return_when=asyncio.FIRST_COMPLETED)
                if not self._stopping.is_set():
                    await stopping
                listening.cancel()  # Where Slack cannot be reached, it tries for ever.
            self._ailing = "stopping"
            reading.cancel()
            self._streaming.stop()
            self._delivery.stop()
            await shared.background.close(self._settings.drain_s)
            await showing
            await self._half_said.close(self._settings.drain_s)
            carding.cancel()
            finishing.cancel()
            thinking.cancel()

    async def _listen(self, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        slack, wires = self._settings, self._shared.wires
        routes = [*self._pages, *([requests(self._app)] if slack.mode == "http" else [])]
        if routes:
            address = await stack.enter_async_context(serving(routes, slack.host, slack.port))
            log.info("slack.serves", address=address)
        if slack.mode == "socket":
            token, ping_s = secret(slack.app_token), self._timing.ping
            opened = connected(self._app, wires, token, wires.clock, ping_s)
            sockets = await stack.enter_async_context(opened)
            watching = tasks.create_task(sockets.watch(self._told))
            stack.callback(watching.cancel)
        self._ailing = None
        self._missed.read()
        log.info("slack.ready", mode=slack.mode)

    def _told(self, problem: str | None) -> None:
        if problem is not None:
            self._missed.lose()
        elif self._ailing is not None:
            self._missed.read()
        self._ailing = problem

    def _delivering(self) -> Delivery:
        shared, timing = self._shared, self._timing
        half_said = self._half_said
        surface = SlackSurface(self._workspaces, self._stands, half_said, timing.lands_within)
        visible = shared.wires.metrics.visible_s.observe
        ports = DeliveryPorts(shared.readers, shared.debates, surface, shared.wires.clock, visible)
        return Delivery(ports, DeliveryLimits(drain_s=self._settings.drain_s))

    async def _stands(self, debate: str, place: Place, state: Debate) -> bool:
        self._cards.stands(debate, place, state)
        self._thinking.stands(debate, place, state)
        await self._closing.stands(debate, place, state)
        return await self._streaming.stands(debate, place, state)


@asynccontextmanager
async def open_bot(
    settings: Settings, timing: Timing | None = None, metrics: Metrics | None = None
) -> AsyncIterator[Bot]:
    """A bot in the workspace that its token is of, or in all where its app is installed.

    Raises:
        NotSetUp, Refused: a setting is missing, or Slack does not take the token.
        VaultLocked: without keys, nobody can install the app.
        RedisUnsuitable, EmbeddedPartFailed: the settings name no usable server.
        StoreAway, RetryAfter, Unknown: Redis or Slack does not answer.
    """
    slack = checked(settings.slack)
    metrics, clock = metrics or Metrics("slack"), system_clock()
    timing = timing or Timing(lands_within=slack.timeout_s)
    async with (
        AsyncExitStack() as stack,
        open_limits(settings) as limits,
        Wires.open(slack, limits, clock, metrics, timing.minute) as wires,
        open_debates(settings) as debates,
        open_readers(settings, "slack") as readers,
    ):
        shared = shared_of(wires, debates, readers, settings)
        if slack.client_id:
            vault = await stack.enter_async_context(open_vault(settings))
            served = by_oauth(shared, vault, slack)
        else:
            parts = await parts_of(shared, OneToken(secret(slack.bot_token)))
            served = Served(OneWorkspace(parts))
        yield Bot(shared, served, settings, timing)
