"""What many tests stand on: a real Redis server, and a shard of it for each."""

from __future__ import annotations

import secrets
import signal
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


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> None:
    """Heeded by the processes that tests start, though a shell in the background ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
def redis_url(server: RedisServer) -> str:
    """Where debates are kept."""
    return server.url


@pytest.fixture
async def redis(redis_url: str, shard: str) -> AsyncIterator[Redis]:
    """A client; when the test is over, no key of its shard may be one that never goes away."""
    client = connect(redis_url, shard=shard)
    yield client
    lasting = [key async for key in _lasting(client, shard)]
    await client.aclose()
    assert lasting == [], "keys without an expiry that are not meant to be permanent"


async def _lasting(client: Redis, shard: str) -> AsyncIterator[str]:
    async for key in client.scan_iter(match=f"{PREFIX}:{{{shard}}}:*"):
        name = cast(bytes, key).decode()
        what, _, rest = name.partition("}:")[2].partition(":")
        if what in PERMANENT or await client.pttl(name) != -1:
            continue
        if not await _of_open(client, shard, what, rest):
            yield name


async def _of_open(client: Redis, shard: str, what: str, rest: str) -> bool:
    """Whether an open debate needs this key."""
    root = f"{PREFIX}:{{{shard}}}"
    if what == "panel":
        open_key = f"{root}:panel:{rest.removesuffix(':open')}:open"
        return bool(await cast(Any, client.scard(open_key)))
    if what == "thread":
        debate = cast(bytes, await client.get(f"{root}:thread:{rest}") or b"").decode()
    else:
        debate = rest.partition(":")[0]
    state = f"{root}:d:{debate}"
    is_there = await client.exists(f"{state}:log")
    return bool(is_there) and not await cast(Any, client.hexists(state, "closed"))
