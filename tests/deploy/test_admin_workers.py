"""`tertulia workers …`: they are seen with what they hold, and stop when they are asked to."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from tests.deploy.admin import LIMIT_S, Admin
from tests.fakes.model_behaviours import send
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.runtime.rig import Rig, client_of
from tests.system.test_worker_process import worker


async def listed(admin: Admin, **wanted: Any) -> dict[str, Any]:
    """The one worker, once its report says so."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            for seen in await admin.json("workers", "list"):
                report = seen["report"] or {}
                if wanted.items() <= report.items():
                    return dict(seen)


async def test_a_worker_is_seen_with_what_it_holds_and_how_fast_it_is(
    admin: Admin, rig: Rig
) -> None:
    async with (
        FakeModelServer.open() as models,
        client_of(models.url) as model,
        rig.worker(model, lease_ms=60_000),
    ):
        await rig.log_until_closed(await rig.start())
        models.will(send(then="hang"))
        held = await rig.start()
        await models.until(running=1)
        seen = await listed(admin, held=1)
        assert (seen["worker"], seen["state"], seen["holds"]) == ("worker1", "works", [held])
        report = seen["report"]
        assert (report["version"], report["turns"], report["most"]) == ("1.2.3", 4, 16)
        assert 0 < report["cached_tokens"] < report["prompt_tokens"]
        assert report["tokens_per_s"] > 0
        columns, line = (await admin.does("workers", "list")).splitlines()
        assert dict(zip(columns.split("\t"), line.split("\t"), strict=True))["holds"] == "1 / 16"
        await rig.finish(held)


async def test_a_worker_that_is_drained_finishes_its_turn_and_ends(
    admin: Admin, tmp_path: Path, server: RedisServer, redis: Redis, shard: str
) -> None:
    rig = Rig(redis, shard)
    async with (
        FakeModelServer.open() as models,
        worker(tmp_path, **admin.settings, TERTULIA_MODEL__URL=models.url) as running,
    ):
        await running.until("process.runs")
        await rig.log_until_closed(await rig.start())
        (seen,) = await admin.json("workers", "list")
        answer = await admin.json("workers", "drain", seen["worker"][:4], "--wait", "30")
        assert answer == {"asked": [seen["worker"]], "left": []}
        async with asyncio.timeout(LIMIT_S):
            assert await running.process.wait() == 0
    assert await admin.json("workers", "list") == []


async def test_a_worker_that_is_still_speaking_when_the_wait_is_over_is_named(
    admin: Admin, rig: Rig
) -> None:
    async with (
        FakeModelServer.open() as models,
        client_of(models.url) as model,
        rig.worker(model, lease_ms=60_000, drain_s=30) as drained,
    ):
        models.will(send(then="hang"))
        debate = await rig.start()
        await models.until(running=1)
        await listed(admin, held=1)
        answer = await admin.json("workers", "drain", "--all", "--wait", "0.1", status=1)
        assert answer == {"asked": ["worker1"], "left": ["worker1"]}
        assert (await admin.json("workers", "list"))[0]["state"] == "drains"
        await rig.finish(debate)
        drained.stop()


async def test_nobody_stops_every_worker_by_leaving_a_name_out(admin: Admin) -> None:
    assert await admin.fails("workers", "drain") == (
        "say which workers, as `tertulia workers list` names them, or --all"
    )
    assert await admin.fails("workers", "drain", "nobody") == (
        "nobody begins the names of 0 workers that answer; `tertulia workers list` has them"
    )
    assert await admin.json("workers", "drain", "--all") == {"asked": [], "left": []}
