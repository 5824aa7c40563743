"""What many tests stand on: a real Redis server, and a shard of it for each."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from engine import logs
from engine.adapters.redis_keys import PERMANENT, PREFIX
from engine.adapters.redis_server import connect
from tests.redis_server import RedisServer, redis_server


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """As a worker logs."""
    logs.configure("json", "info")


@pytest.fixture(scope="session")
def server() -> Iterator[RedisServer]:
    """One server for the whole run."""
    with redis_server() as started:
        yield started


@pytest.fixture
def shard() -> str:
    """A shard that no other test uses."""
    return f"t{secrets.token_hex(6)}"


@pytest.fixture
async def redis(server: RedisServer, shard: str) -> AsyncIterator[Redis]:
    """A client; when the test is over, no key of its shard may be one that never goes away."""
    client = connect(server.url)
    yield client
    lasting = [key async for key in _lasting(client, shard)]
    await client.aclose()
    assert lasting == [], "keys without an expiry that are not meant to be permanent"


async def _lasting(client: Redis, shard: str) -> AsyncIterator[str]:
    async for key in client.scan_iter(match=f"{PREFIX}:{{{shard}}}:*"):
        name = cast(bytes, key).decode()
        permanent = name.rpartition(":")[2] in PERMANENT
        if await client.pttl(name) == -1 and not permanent and not await _of_open(client, name):
            yield name


async def _of_open(client: Redis, name: str) -> bool:
    """Whether an open debate needs this key."""
    _root, _, rest = name.partition("}:")
    parts = rest.split(":")
    if parts[0] == "panel":
        open_key = name if name.endswith(":open") else f"{name}:open"
        return bool(await cast(Any, client.scard(open_key)))
    log = f"{name.removesuffix(':log')}:log"
    last = cast(Any, await client.xrevrange(log, count=1))
    return bool(last) and last[0][1][b"e"] != b"debate.closed"
