"""What `durability = "replicated"` rests on, with two real servers."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.adapters.redis_replica import Replica
from engine.adapters.redis_server import connect
from engine.ports.store import StoreAway
from tests.chaos.programs import Programs
from tests.chaos.store import Store
from tests.chaos.wire import Wire

LONG_S = 30.0


@asynccontextmanager
async def two_servers(folder: Path) -> AsyncIterator[tuple[Programs, Store]]:
    """A primary and the replica that follows it."""
    programs = Programs()
    wire = Wire(programs)
    store = Store(folder, programs, wire, "open-sesame")
    keeping = [asyncio.create_task(programs.keep(name)) for name in store.names]
    try:
        await store.ready()
        yield programs, store
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await programs.end()
        await wire.close()


async def has_all_in_time(replica: Replica) -> None:
    """Waits until the replica has caught up."""
    async with asyncio.timeout(LONG_S):
        while True:
            try:
                return await replica.has_all()
            except StoreAway:
                continue


async def test_nothing_counts_that_only_one_server_has(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as (programs, store):
        client = connect(store.url)
        replica = Replica(client, shard="main")
        await has_all_in_time(replica)
        programs.all[store.replica].signal(signal.SIGSTOP)
        with pytest.raises(StoreAway):
            await replica.has_all()
        programs.all[store.replica].signal(signal.SIGCONT)
        await has_all_in_time(replica)
        await client.aclose()


async def test_what_the_replica_has_survives_a_failover(tmp_path: Path) -> None:
    async with two_servers(tmp_path) as (_, store):
        client = connect(store.url)
        await client.set("said", "by another connection")
        await has_all_in_time(Replica(client, shard="main"))
        await client.aclose()
        assert await store.fail_over()
        client = connect(store.url)
        assert await client.get("said") == b"by another connection"
        await client.aclose()
