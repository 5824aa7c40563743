"""Socket Mode by two connections, so that one listens while Slack renews the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.wires import Wires
from engine.ports.clock import Clock

CONNECTIONS = 2
PING_S = 5.0
LOOK_S = 5.0
PATIENCE_S = 30.0
ANSWERED_S = 3.0
"""Slack waits no longer for an answer to what people did before the connections close."""


class _Handler(AsyncSocketModeHandler):
    """One connection, which knows what it has not answered yet."""

    unanswered: set[asyncio.Future[None]]

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.unanswered.add(answered)
        try:
            await super().handle(client, req)  # type: ignore[arg-type] # bolt means its own client
        finally:
            self.unanswered.discard(answered)
            if not answered.done():
                answered.set_result(None)


class Sockets:
    """The connections to Slack."""

    def __init__(self, handlers: Sequence[AsyncSocketModeHandler], clock: Clock) -> None:
        self._handlers, self._clock = handlers, clock
        self._seen = [clock.monotonic()] * len(handlers)

    async def watch(self, tell: Callable[[str | None], None]) -> None:
        """Says whether Slack can reach the bot, until it is cancelled.

        A connection that cannot be made gets a new address: the SDK by itself tries the old one
        for ever.
        """
        while True:
            states = [await handler.client.is_connected() for handler in self._handlers]
            tell(None if any(states) else "not connected to Slack")
            now = self._clock.monotonic()
            for number, is_open in enumerate(states):
                if is_open:
                    self._seen[number] = now
                elif now - self._seen[number] > PATIENCE_S:
                    self._handlers[number].client.wss_uri = None
            await self._clock.sleep(LOOK_S)


async def _first_address(handler: AsyncSocketModeHandler, wires: Wires, token: str) -> None:
    """Asked for here, so that a refusal is told: the SDK by itself asks again for ever.

    Raises:
        Refused
    """
    asking = wires.client().apps_connections_open(app_token=token)
    with suppress(RetryAfter, Unknown):
        handler.client.wss_uri = (await wires.answered("apps.connections.open", asking))["url"]


@asynccontextmanager
async def connected(
    app: AsyncApp, wires: Wires, app_token: str, clock: Clock, ping_s: float = PING_S
) -> AsyncIterator[Sockets]:
    """Connected for as long as the `async with` lasts.

    Raises:
        Refused: Slack does not take the app-level token.
    """
    handlers = [
        _Handler(app, app_token, logging.getLogger(__name__), wires.client(), ping_interval=ping_s)
        for _ in range(CONNECTIONS)
    ]
    for handler in handlers:
        handler.unanswered = set()
    try:
        await _first_address(handlers[0], wires, app_token)
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call] # bolt says no types
        yield Sockets(handlers, clock)
    finally:
        unanswered = [payload for handler in handlers for payload in handler.unanswered]
        if unanswered:
            await asyncio.wait(unanswered, timeout=ANSWERED_S)
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call] # bolt says no types
