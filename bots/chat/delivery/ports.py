"""What delivery stands on, and how it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from bots.chat.surface import Surface
from engine.debate.commands import Showing
from engine.debate.events import Record
from engine.ports.clock import Clock
from engine.ports.readers import Readers
from engine.ports.store import StoreAway

LEAST_WAIT_S = 0.05
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STORE_AWAY_WAIT_S = 1.0

log = structlog.get_logger()

T = TypeVar("T")


class Log(Protocol):
    """Where debates are read, and told what becomes of them here."""

    async def records(self, debate: str, after: int = 0) -> list[Record]:
        """The records after number `after`, in order.

        Raises:
            UnknownDebate: there is no such log.
            UnknownEvent: a newer version wrote it.
            StoreAway
        """
        ...

    async def submit(self, debate: str, command: Showing) -> object:
        """Tells a debate whether its thread can be shown.

        Raises:
            UnknownDebate, UnknownEvent, StoreAway
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What delivery stands on."""

    readers: Readers
    log: Log
    surface: Surface
    clock: Clock
    visible: Callable[[float], None]
    """Told of each turn how many seconds it took from the log into its debate's home thread."""


class Stopped(Exception):
    """This process is to end, and what it waits for is another one's to see to."""


class Stopping:
    """Says to everything that waits that this process is to end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Everything that waits ends with `Stopped`."""
        self._asked.set()

    async def asked(self) -> None:
        """Waits until `ask`."""
        await self._asked.wait()

    def check(self) -> None:
        """Raises `Stopped` if it was asked for."""
        if self._asked.is_set():
            raise Stopped

    async def sleep(self, seconds: float) -> None:
        """Waits, unless this process is to end.

        Raises:
            Stopped
        """
        waits = [
            asyncio.create_task(self._clock.sleep(seconds)),
            asyncio.create_task(self._asked.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self.check()

    async def until_stored(self, call: Callable[[], Awaitable[T]]) -> T:
        """Asks the store again until it answers.

        Raises:
            Stopped
        """
        while True:
            try:
                return await call()
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self.sleep(STORE_AWAY_WAIT_S)


def wait_s(failures: int, asked_for_s: float | None = None) -> float:
    """How long to wait after so many failures in a row, or as long as the platform asked for."""
    if asked_for_s is not None:
        return max(asked_for_s, LEAST_WAIT_S)
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * float(2 ** min(failures - 1, 10)))
