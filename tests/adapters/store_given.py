"""What the contracts of the store and the queue are tried with."""

from __future__ import annotations

import asyncio

from engine.adapters.redis_queue import RedisQueue
from engine.debate.events import (
    DebateClosed,
    Event,
    MaterialAdded,
    Reason,
    Record,
    Synthesis,
)
from engine.ports.store import Append
from engine.ports.work import Claim, Wakeup, Work

LEASE_MS = 200
KEEP_MS = 60_000
NOTE = MaterialAdded("note", "ñ «»")
CLOSED = DebateClosed(Reason.STOPPED, Synthesis("Done."))


def append(debate: str, after: int, *events: Event, work: Work = Work.WAKE) -> Append:
    records = tuple(Record(n, 1_000 + n, event) for n, event in enumerate(events, after + 1))
    return Append(debate, after, records, op=f"op{after}", work=work, panel_hash="h", panel=b"cast")


async def taken(queue: RedisQueue, wait_ms: int = 5_000) -> Wakeup:
    """The next wake-up, within a bound."""
    async with asyncio.timeout(wait_ms / 1000):
        while True:
            if wakeups := await queue.take(1, 100):
                return wakeups[0]


async def claimed(queue: RedisQueue) -> Claim:
    claim = await queue.claim(await taken(queue))
    assert isinstance(claim, Claim)
    return claim
