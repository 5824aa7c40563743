"""Each stored sample, put back into Redis as its version left it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import PREFIX
from engine.adapters.redis_server import connect
from tests.redis_server import RedisServer
from tests.upgrade.house import House
from tests.upgrade.keys import FOLDER, Sample, put_back

FILES = sorted(FOLDER.glob("*.json"))


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def left(request: pytest.FixtureRequest) -> Sample:
    """What one version left."""
    file: Path = request.param
    return Sample.read(file)


@pytest.fixture
async def house(left: Sample, server: RedisServer) -> AsyncIterator[House]:
    """Its shard, where this version now moves in."""
    client = connect(server.url)
    try:
        await put_back(client, left.keys)
        yield House(client, left.shard)
    finally:
        await _cleared(client, left.shard)
        await client.aclose()


async def _cleared(client: Redis, shard: str) -> None:
    keys = [key async for key in client.scan_iter(match=f"{PREFIX}:{{{shard}}}:*")]
    await client.delete("no key", *keys)
