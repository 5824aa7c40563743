"""Every turn stands in its Discord thread once, in order, whoever is killed, and when."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from redis.asyncio import Redis

from bots.chat.delivery import Delivery, DeliveryLimits, Ports
from bots.discordbot.surface import DiscordSurface
from bots.discordbot.webhooks import Webhooks
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.runtime.door import Door
from tests.chat.delivery.given import LEASE_MS, Debate, Log, Process, Readers, stalls, until
from tests.chat.logs import turn
from tests.discordbot.club import Club
from tests.discordbot.stage import DiscordStage, nothing, stage_in
from tests.fakes.discord.applications import PRIVILEGED, Intent
from tests.fakes.discord.faults import breaks_off, fails, fails_after, loses_answer, rate_limits

TURNS = 12


@dataclass
class Bench:
    """A debate in a thread, and bot processes that can be killed."""

    stage: DiscordStage
    redis: Redis
    shard: str
    place: Place
    debate: Debate
    store: RedisStore

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        """A process that runs; killed at the end."""
        clock, readers = SystemClock(), readers_of(self.redis, self.shard)
        places = RedisPlaces(self.redis, shard=self.shard, keep_ms=60_000)
        log = Log(self.store, Door(self.store, clock, places))
        parts = replace(self.stage.parts, readers=readers)
        webhooks = Webhooks(parts.rest, parts.us)
        surface: Any = DiscordSurface(parts, webhooks, nothing, nothing, 0.05)
        ports = Ports(readers, log, surface, clock, visible=lambda _seconds: None)
        delivery = Delivery(ports, DeliveryLimits(drain_s=5.0))
        process = Process(delivery, readers, log, surface)
        process.start()
        try:
            yield process
        finally:
            await process.kill()

    async def shown(self, count: int) -> None:
        """Waits until so many messages stand in the thread."""
        thread = self.stage.channel(self.place)
        await self.stage.club.discord.until(lambda: len(thread.messages) >= count, 30.0)

    async def all_shown(self) -> None:
        """Waits until all is recorded, and looks at what stands there."""
        readers = readers_of(self.redis, self.shard)

        async def is_there() -> bool:
            standing = await readers.standing(self.debate.id, self.place)
            return standing.cursor.n >= TURNS + 1

        await until(is_there, 30.0)
        seen = await self.stage.seen(self.place)
        answers = [turn(number).answer for number in range(1, TURNS + 1)]
        assert [text.partition("\n")[0] for text in seen] == answers

    async def grow(self, pause_s: float = 0.0) -> None:
        """Adds the turns."""
        for number in range(1, TURNS + 1):
            await self.debate.grow(turn(number))
            await asyncio.sleep(pause_s)


def readers_of(redis: Redis, shard: str) -> Readers:
    return Readers(
        *(redis, SystemClock()),
        shard=shard,
        platform="discord",
        consumer=secrets.token_hex(4),
        lease_ms=LEASE_MS,
    )


@pytest.fixture(params=["webhook", "webhook without content", "bots"])
async def bench(
    request: pytest.FixtureRequest, place: Club, redis: Redis, shard: str
) -> AsyncIterator[Bench]:
    identity, _, without = request.param.partition(" ")
    place.app.allowed = Intent(0) if without else PRIVILEGED
    async with stage_in(place, redis, shard, identity) as stage:
        await readers_of(redis, shard).open()
        thread = stage.thread()
        store = RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=60_000)
        debate = Debate(store, shard, thread)
        await debate.begin()
        yield Bench(stage, redis, shard, thread, debate, store)


@pytest.mark.parametrize("seed", range(2))
async def test_killed_between_post_and_record_again_and_again(bench: Bench, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - to be repeated
    await bench.grow()
    posted = bench.stage.channel(bench.place).messages
    while left := TURNS - len(posted):
        found = int(bool(posted))
        async with bench.process() as process:
            reached = stalls(process, at=found + dice.randint(1, min(2, left)))
            await asyncio.wait_for(reached.wait(), 30)
            await process.kill()
    async with bench.process():
        await bench.all_shown()


@pytest.mark.parametrize("seed", range(2))
async def test_kills_and_faults_in_any_order_lose_double_and_swap_nothing(
    bench: Bench, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - to be repeated
    faults = [loses_answer(), breaks_off(), fails(), fails_after(502), rate_limits(0.05)]
    bench.stage.plan(bench.place, *dice.choices(faults, k=6))
    growing = asyncio.create_task(bench.grow(0.02))
    for count in sorted(dice.sample(range(TURNS), 4)):
        async with bench.process() as process:
            await bench.shown(count)
            await asyncio.sleep(dice.random() / 50)
            await process.kill()
    async with bench.process():
        await growing
        await bench.all_shown()
    assert bench.stage.club.discord.faults.pending == 0
