"""Socket Mode by two connections, so that one listens while Slack renews the other."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bots.slackbot.wires import Wires
from engine.ports.clock import Clock

CONNECTIONS = 2
PING_S = 5.0
LOOK_S = 5.0
PATIENCE_S = 30.0


class Sockets:
    """The connections to Slack."""

    def __init__(self, handlers: list[AsyncSocketModeHandler], clock: Clock) -> None:
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


@asynccontextmanager
async def connected(
    app: AsyncApp, wires: Wires, app_token: str, clock: Clock, ping_s: float = PING_S
) -> AsyncIterator[Sockets]:
    """Connected for as long as the `async with` lasts.

    Raises:
        Refused: Slack does not take the app-level token.
        RetryAfter, Unknown: Slack cannot be reached.
    """
    handlers = [
        AsyncSocketModeHandler(
            app, app_token, logging.getLogger(__name__), wires.client(), ping_interval=ping_s
        )
        for _ in range(CONNECTIONS)
    ]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call] # bolt says no types
        yield Sockets(handlers, clock)
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call] # bolt says no types
