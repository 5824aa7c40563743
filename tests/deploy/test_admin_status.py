"""`tertulia status`: the whole deployment in one look, and what is to be seen to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_roll import RedisRoll
from engine.adapters.redis_server import connect
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import Actor
from engine.debate.events import Person, Place
from engine.ports.roll import Report
from tests.debate.given import start
from tests.deploy.admin import LIMIT_S, Admin
from tests.fakes.model_behaviours import send
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import redis_server
from tests.runtime.rig import Rig, client_of

ANA = Actor(Person("slack:T1:U1", "Ana"), Place("slack:T1", "C1", "1690.1"))


async def status(admin: Admin, held: int) -> dict[str, Any]:
    """The status, once its worker has said that it holds so many."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            ended = await admin.run("status", "--json")
            told: dict[str, Any] = ended.events[0]
            reports = [worker["report"] or {} for worker in told["workers"]]
            if [report.get("held") for report in reports] == [held]:
                return told | {"status": ended.status}


async def test_processes_debates_and_queues_are_told_in_one_look(admin: Admin, rig: Rig) -> None:
    readers = RedisReaders(
        rig.redis,
        SystemClock(),
        shard=rig.shard,
        platform="slack",
        consumer="bot:1",
        lease_ms=60_000,
    )
    await readers.open()
    async with (
        FakeModelServer.open() as models,
        client_of(models.url) as model,
        rig.worker(model, lease_ms=60_000),
    ):
        await rig.log_until_closed(await rig.start())
        models.will(send(then="hang"))
        debate = await rig.start(replace(start(), by=ANA))
        await models.until(running=1)
        (letter, *_others) = await readers.take(10, 1_000)
        assert letter.debate == debate
        told = await status(admin, held=1)
        assert told["server"]["name"] == "Valkey"
        assert told["debates"] == {"open": 1, "speaking": 1}
        assert told["queue"]["held"] == 1
        assert told["mail"]["slack"]["held"] > 0
        assert [(bot["name"], bot["platform"]) for bot in told["bots"]] == [("bot:1", "slack")]
        assert told["tokens_per_s"] > 0
        assert 0 < told["cached_share"] < 1
        assert (told["amiss"], told["status"]) == ([], 0)
        text = (await admin.does("status", LANG="es")).splitlines()
        assert "debates abiertos\t1" in text
        await rig.finish(debate)


async def test_what_is_amiss_is_said_with_what_to_do(admin: Admin, rig: Rig) -> None:
    told = await admin.json("status", status=1)
    assert told["amiss"] == ["No worker answers: debates do not go on. Start one: python -m engine"]
    await rig.redis.xadd(f"tertulia:{{{rig.shard}}}:dead", {"d": "x", "why": "y"})
    told = await admin.json("status", status=1)
    assert told["amiss"][1] == "Dead letters: 1. See them: tertulia queue dead"


async def test_an_open_debate_is_counted_though_a_thousand_began_after_it(
    admin: Admin, rig: Rig
) -> None:
    debates = [await rig.start(), await rig.start()]
    await rig.redis.zrem(ShardKeys(rig.shard).recent, debates[0])
    assert (await admin.json("status", status=1))["debates"] == {"open": 2, "speaking": 0}
    await rig.finish(debates[0])
    assert (await admin.json("status", status=1))["debates"] == {"open": 1, "speaking": 0}
    await rig.finish(debates[1])


async def test_two_versions_at_work_are_noticed(admin: Admin, rig: Rig) -> None:
    group = f"tertulia:{{{rig.shard}}}:work"
    await rig.redis.xgroup_create(group, "workers", id="0", mkstream=True)
    for name, version in (("old", "1.0"), ("new", "1.1")):
        await rig.redis.xgroup_createconsumer(group, "workers", name)
        roll = RedisRoll(rig.redis, shard=rig.shard, worker=name)
        assert not await roll.answer(Report(version, "m", started_ms=0, most=1, held=0))
    (amiss,) = (await admin.json("status", status=1))["amiss"]
    assert amiss == (
        "Workers of several versions run; once the upgrade is done: tertulia workers drain OLD"
    )


async def test_a_store_that_is_away_is_a_status_of_its_own(admin: Admin) -> None:
    nowhere = {"TERTULIA_REDIS__URL": "redis://127.0.0.1:9"}
    why = await admin.fails("status", status=3, **nowhere)
    assert why.startswith("Redis does not answer: ")


async def test_a_store_that_may_lose_debates_is_said(admin: Admin) -> None:
    with redis_server() as server:
        redis = connect(server.url)
        await redis.config_set("appendonly", "no")
        await redis.aclose()
        told = await replace(admin, server=server).json("status", status=1)
    assert any(line.startswith("append-only file is off") for line in told["amiss"])
