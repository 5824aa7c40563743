"""What an admin does at the command line needs no other rights than the deployed engine has."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_upkeep import RedisUpkeep
from tests.deploy.test_redis import admin, app, folder
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of

__all__ = ["admin", "app", "folder"]


async def test_all_that_is_looked_at_and_done_is_allowed(
    app: Redis, admin: Any, shard: str
) -> None:
    admin.acl_log_reset()
    rig = Rig(app, shard)
    look, upkeep = RedisInspection(app, shard=shard), RedisUpkeep(app, rig.store, shard=shard)
    archive = RedisArchive(app, shard=shard)
    async with FakeModelServer.open() as model, client_of(model.url) as client, rig.worker(client):
        debate = await rig.start()
        await rig.log_until_closed(debate)
        await look.workers()
        await upkeep.drain("worker1")
    for seen in (look.server, look.queue, look.timers, look.mail, look.bots, look.open_debates):
        await seen()
    await look.accounts("2026-11-23")
    await look.dead(10)
    await look.wakeups(10)
    await upkeep.set_limits("slack:T1", "C1", {"turns": 5})
    await upkeep.retry("1-0")
    await upkeep.drop(["1-0"])
    pieces = [piece async for piece in archive.read()]
    assert (await archive.write(pieces, replace=True)).debates == 1
    await upkeep.purge(debate)
    assert admin.acl_log() == []
