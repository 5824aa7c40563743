"""Workers of two versions on one Redis."""

from __future__ import annotations

import json

from engine.adapters.redis_keys import DebateKeys, ShardKeys
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of


async def test_a_debate_that_a_newer_version_wrote_to_is_left_to_it(rig: Rig) -> None:
    debate = await rig.start()
    keys, n = DebateKeys(debate), (await rig.door.load(debate)).n
    unknown = {"e": "vote.bought", "at": 1, "b": json.dumps({})}
    await rig.redis.xadd(keys.log, unknown, id=f"{n + 1}-0")  # type: ignore[arg-type] # mixed keys
    await rig.redis.hset(keys.state, "n", n + 1)
    passed: list[int] = []

    async def watch() -> None:
        passed.append(await rig.redis.zcard(ShardKeys(rig.shard).timers))

    async with (
        FakeModelServer.open() as model,
        client_of(model.url) as client,
        rig.worker(client) as old,
    ):
        for _ in range(3):  # it comes by again and again
            while not (passed and passed[-1]):
                await watch()
            while passed[-1]:
                await watch()
        assert old.registry.get_sample_value("tertulia_crashes_total") == 0
        assert await rig.redis.xlen(ShardKeys(rig.shard).dead) == 0
    written = [key async for key in rig.redis.scan_iter(match=f"{ShardKeys(rig.shard).root}:*")]
    await rig.redis.delete(*written)
