"""A sample is taken: debates go on, a bot and a worker are killed, and what they leave is kept."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from bots.chat.beginning import Beginning
from bots.chat.desk import Asker
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import CastVote, Material, StartDebate
from engine.debate.panel import Handoff
from engine.ports.work import Claim, Wakeup
from tests.chat.delivery.given import Bench, stalls, until
from tests.fakes.thread_server import ThreadServer
from tests.upgrade.course import (
    BEGUN,
    CLOSED,
    PAUSED,
    REOPENED,
    RESUMED,
    SEATS,
    SEVEN,
    STEERED,
    WORDS,
    Course,
    words,
)
from tests.upgrade.facts import DOCUMENT, HELD, told
from tests.upgrade.house import ANA, CAST, CHANNEL, LEASE_MS, WORKSPACE, House, bea, thread
from tests.upgrade.keys import Sample, taken_down

MANY = 100
LONG_S = 86_400.0


async def sample(redis: Redis, shard: str, version: str) -> Sample:
    """What this version leaves on the shard."""
    house = House(redis, shard)
    course = Course(house)
    async with ThreadServer.open() as server:
        bench = Bench(redis, shard, server)
        await house.readers("a bot").open()
        debates = await _debates(course, bench)
        await _killed_in_mid_turn(course, bench, debates["talk"])
        await _worker_killed(house, debates)
        books = await _books(house, debates["talk"])
        day = datetime.fromtimestamp(SystemClock().now_ms() / 1000, UTC).date().isoformat()
        facts = await told(house, day) | books
        threads = {name: [asdict(m) for m in there] for name, there in server.threads.items()}
    return Sample(version, shard, await taken_down(redis, shard), threads, facts)


async def _debates(course: Course, bench: Bench) -> dict[str, str]:
    """Debates at every point, shown as far as they are."""
    bench.server.gone.add("blocked")
    debates: dict[str, str] = {}
    async with bench.process() as bot:
        debates["talk"] = talk = await course.start("talk")
        for mirror in ("mirror", "mirror ended"):
            await course.mirror(talk, mirror)
        await course.go_on(talk, *WORDS)
        debates["steered"] = await course.start("steered", *STEERED)
        debates["seats"] = await course.start("seats", *SEATS)
        debates["paused"] = await course.start("paused", *PAUSED)
        debates["resumed"] = await course.start("resumed", *RESUMED)
        debates["blocked"] = blocked = await course.start("blocked", *BEGUN)
        debates["closed"] = await course.start("closed", *CLOSED)
        debates["reopened"] = await course.start("reopened", *REOPENED)
        debates["closing"] = await course.start("closing", *SEVEN)
        for rule in (Handoff.ADDRESSED, Handoff.MODERATED):
            debates[rule.value] = await course.start(rule.value, *BEGUN, handoff=rule)
        debates["long"] = await course.start("long", *BEGUN)
        await course.talk_for_long(debates["long"])
        debates["buried"] = await course.start("buried")
        await until(lambda: _rests(bench, blocked), within_s=60)
        await until(lambda: _all_shown(bench), within_s=60)
        bot.ask_to_stop()
        await bot.ended()
    return debates


async def _killed_in_mid_turn(course: Course, bench: Bench, talk: str) -> None:
    """Between a post and its record, parts of the turn to come; and then it went on."""
    async with bench.process() as bot:
        reached = stalls(bot, at=2)
        await course.go_on(talk, words)
        async with asyncio.timeout(60):
            await reached.wait()
        await bot.kill()
    await course.go_on(talk, CastVote(bea("talk"), 4, 1))


async def _worker_killed(house: House, debates: dict[str, str]) -> None:
    """It held one debate, had taken up all others, and one had outlived too many before it."""
    queue = house.queue("a worker")
    taken = await _taken(queue, {debates["buried"], debates["addressed"]})
    await queue.bury(taken[debates["buried"]], "delivered 21 times")
    assert isinstance(await queue.claim(taken[debates["addressed"]]), Claim)


async def _taken(queue: RedisQueue, debates: set[str]) -> dict[str, Wakeup]:
    taken: dict[str, Wakeup] = {}
    async with asyncio.timeout(60):
        while debates - taken.keys():
            taken |= {wakeup.debate: wakeup for wakeup in await queue.take(MANY, LEASE_MS)}
    return taken


async def _books(house: House, talk: str) -> dict[str, Any]:
    """What is kept besides debates; answers what of it can be asked for but once."""
    places, note = house.places, _begun(f"{house.shard}-begun")
    await places.set_defaults(WORKSPACE, CHANNEL, {"pace": "reading", "rounds": "3"})
    await places.set_preference(ANA.id, "locale", "es")
    await places.set_heard_to(thread("talk"), "171.5")
    await places.begin(WORKSPACE, f"{house.shard}-begun", note, 1)
    await house.upkeep.set_limits(WORKSPACE, CHANNEL, {"debates_at_once": 50, "tokens": None})
    await house.limits.hold_off(HELD, LONG_S)
    await house.vault.put(DOCUMENT, b'{"bot_token": "made up"}')
    code = await places.create_code(talk)
    return {"begun": {f"{house.shard}-begun": note}, "code": [code, talk]}


def _begun(debate: str) -> str:
    """What is noted of a debate that nobody could start yet."""
    asker = Asker(ANA, thread(""), "es", manages=True)
    command = StartDebate("¿Ñ?", CAST, by=asker.actor, material=(Material("a.md", "α"),))
    return Beginning(debate, command, asker, ("payload",), 1_700_000_000_000).note()


async def _rests(bench: Bench, debate: str) -> bool:
    standing = await bench.readers().standing(debate, thread("blocked"))
    return standing.resting is not None


async def _all_shown(bench: Bench) -> bool:
    return await bench.mail_left() == 0
