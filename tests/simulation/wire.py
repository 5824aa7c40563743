"""One connection to the simulated store, as both its ends have it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.simulation.loop import Host
from tests.simulation.lua import ScriptSocket

Command = list[bytes]
Receive = Callable[["Wire", list[Command]], None]


class Wire:
    """One connection, as both its ends have it."""

    def __init__(self, receive: Receive, host: Host, socket: ScriptSocket) -> None:
        self.host = host
        self.socket = socket
        self.open = True
        self.broken = False
        """By the network, or the server: what is still on its way never arrives."""
        self._receive = receive
        self._inbox: deque[Any] = deque()
        self._reading: asyncio.Future[None] | None = None

    @property
    def number(self) -> int:
        return self.socket.number

    @property
    def unread(self) -> bool:
        """Whether there is something to read, be it the connection's end."""
        return bool(self._inbox) or not self.open

    def send(self, commands: list[Command]) -> None:
        """On their way.

        Raises:
            ConnectionResetError: the connection is broken, and known to be.
        """
        if not self.open:
            raise ConnectionResetError(104, "Connection reset by peer")
        self._receive(self, commands)

    async def read(self, timeout_s: float | None) -> Any:
        """The next answer.

        Raises:
            TimeoutError
            ConnectionResetError
        """
        if not self._inbox and self.open:
            loop = asyncio.get_running_loop()
            self._reading = loop.create_future()
            timer = None if timeout_s is None else loop.call_later(timeout_s, self._give_up)
            try:
                await self._reading
            finally:
                self._reading = None
                if timer is not None:
                    timer.cancel()
        if self._inbox:
            return self._inbox.popleft()
        if not self.open:
            raise ConnectionResetError(104, "Connection reset by peer")
        raise TimeoutError

    def deliver(self, answers: list[Any]) -> None:
        """They arrive."""
        if self.open:
            self._inbox.extend(answers)
            self._wake()

    def close(self) -> None:
        """Broken off, by either end."""
        if self.open:
            self.open = False
            self.socket.leave()
            self._wake()

    def _give_up(self) -> None:
        self._wake()

    def _wake(self) -> None:
        if self._reading is not None and not self._reading.done():
            self._reading.set_result(None)
