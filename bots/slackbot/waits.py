"""Waits that Slack told: kept by every process, each method of a workspace by itself."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import structlog

from bots.chat.surface import RetryAfter
from engine.ports.clock import Clock
from engine.ports.limits import Limits, Rate
from engine.ports.store import StoreAway

LOOK_S = 0.5
"""Longer than Redis takes, and short beside what Slack waits for an answer."""
STORE_AWAY_S = 1.0
_REMEMBERED = 10_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in the queue for rates; whoever asks again under the same name has kept it."""

    rates: tuple[Rate, ...]
    who: str
    is_strict: bool = True
    """Without Redis, which keeps the queue, it does not come."""


class Waits:
    """One process's view of them: what it was told itself, it need not ask for."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.clock = clock
        self._limits = limits
        self._not_before: OrderedDict[str, float] = OrderedDict()

    async def admit(self, call: str, turn: Turn | None = None) -> None:
        """Returns if the call may be made now; with a turn, one round trip to Redis has said so.

        Without Redis a strict turn has to wait; other calls are made, for Slack itself says what is
        too much.

        Raises:
            RetryAfter
        """
        wait_s = self._not_before.get(call, 0.0) - self.clock.monotonic()
        if wait_s > 0:
            raise RetryAfter(wait_s)
        try:
            async with asyncio.timeout(LOOK_S):
                rates, who = (turn.rates, turn.who) if turn else ((), "")
                wait_s = await self._limits.admit(call, rates, who)
        except (StoreAway, TimeoutError) as error:
            if turn is not None and turn.is_strict:
                raise RetryAfter(STORE_AWAY_S) from error
            return
        if wait_s > 0:
            if turn is None:
                self._remember(call, wait_s)
            raise RetryAfter(wait_s)

    async def told(self, call: str, seconds: float) -> None:
        """Slack wants to be left alone with this call for so long."""
        self._remember(call, seconds)
        try:
            async with asyncio.timeout(LOOK_S):
                await self._limits.hold_off(call, seconds)
        except (StoreAway, TimeoutError) as error:
            log.warning("wait.not_shared", call=call, error=str(error))

    def _remember(self, call: str, seconds: float) -> None:
        self._not_before[call] = self.clock.monotonic() + seconds
        self._not_before.move_to_end(call)
        if len(self._not_before) > _REMEMBERED:
            self._not_before.popitem(last=False)
