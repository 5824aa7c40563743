"""A cluster of Redis servers: a client finds the node of its shard, wherever that goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from aiohttp import web
from redis.asyncio import Redis

from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_server import RedisUnsuitable, check, connect, store_errors
from engine.bootstrap import open_debates, open_worker
from engine.debate.events import DebateClosed, Reason, TurnSpoken
from engine.debate.state import Phase
from engine.ports.debates import Debates
from engine.ports.store import StoreAway
from engine.settings import Settings
from tests.debate.given import start
from tests.fakes.model_behaviours import Received, say
from tests.fakes.model_server import FakeModelServer
from tests.redis_cluster import RedisCluster, redis_cluster

SHARD = "b"
"""Its slot is the first node's, which has replicas; that of the model's slots is the third's."""


@pytest.fixture
def cluster() -> Iterator[RedisCluster]:
    with redis_cluster() as formed:
        yield formed


@pytest.fixture
async def fake() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server


def settings_of(cluster: RedisCluster, model: str) -> Settings:
    return Settings.model_validate(
        {
            "redis": {"url": cluster.url, "shard": SHARD, "durability": "replicated"},
            "model": {"url": model, "name": "fake", "slots": 4},
            "worker": {"lease_s": 1, "port": 0},
        }
    )


async def test_a_client_follows_its_shard_to_another_node(cluster: RedisCluster) -> None:
    client = connect(cluster.url, shard=SHARD)
    await client.set(f"x:{{{SHARD}}}", "here")
    cluster.fail_over()
    assert await client.get(f"x:{{{SHARD}}}") == b"here"
    await client.aclose()


async def test_a_cluster_of_which_no_node_answers_is_away(cluster: RedisCluster) -> None:
    for node in cluster.nodes:
        node.kill()
    settings = settings_of(cluster, "http://127.0.0.1:1/v1")
    with pytest.raises(StoreAway):
        async with open_debates(settings):
            pass


async def test_a_cluster_that_does_not_let_it_in_is_not_waited_for(cluster: RedisCluster) -> None:
    url = cluster.url.replace("//", "//nobody:hush-hush@")
    client = connect(url, shard=SHARD)
    with pytest.raises(RedisUnsuitable, match="refuses the user or password"):
        await check(client)
    await client.aclose()


async def test_a_cluster_that_is_not_called_one_is_said_to_be_one(cluster: RedisCluster) -> None:
    client = connect(f"redis://127.0.0.1:{cluster.masters[0].port}")
    with pytest.raises(RedisUnsuitable, match="write redis\\+cluster:// for redis://"):
        await check(client)
    await client.aclose()


async def test_a_cluster_that_has_lost_slots_is_away_until_it_has_them(
    cluster: RedisCluster,
) -> None:
    client = connect(cluster.url, shard=SHARD)
    for node in cluster.nodes:
        node.ask("CLUSTER", "DELSLOTS", 16_383)
    with pytest.raises(StoreAway), store_errors():
        while True:
            await client.set(f"x:{{{SHARD}}}", "here")
    cluster.masters[-1].ask("CLUSTER", "ADDSLOTS", 16_383)
    await up(client)
    await client.aclose()


async def up(client: Redis) -> None:
    """Waits until it takes writes."""
    async with asyncio.timeout(30):
        while True:
            with suppress(StoreAway), store_errors():
                await client.set(f"x:{{{SHARD}}}", "here")
                return


@pytest.mark.parametrize(
    "url", ["redis+cluster://a:6379/1", "http+cluster://a", "redis+cluster://a:b"]
)
def test_an_address_that_names_no_cluster_is_refused(url: str) -> None:
    with pytest.raises(RedisUnsuitable, match="is no Redis URL"):
        connect(url, shard=SHARD)


async def test_a_debate_goes_on_when_the_node_that_holds_it_is_killed(
    cluster: RedisCluster, fake: FakeModelServer
) -> None:
    reply = say()
    killed = asyncio.Event()

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        if received.n == 4:
            cluster.masters[0].kill()
            killed.set()
        return await reply(request, received)

    fake.always(behave)
    settings = settings_of(cluster, fake.url)
    async with open_debates(settings) as debates, open_worker(settings) as worker:
        running = asyncio.create_task(worker.run())
        debate = new_debate_id(SHARD)
        await debates.start(debate, start(rounds=3))
        await closed(debates, debate)
        worker.stop()
        await running
        events = [record.event for record in await debates.records(debate)]
    assert killed.is_set()
    spoken = [event.turn for event in events if isinstance(event, TurnSpoken)]
    assert spoken == list(range(1, len(spoken) + 1))
    assert isinstance(events[-1], DebateClosed)
    assert events[-1].reason is Reason.ROUNDS


async def closed(debates: Debates, debate: str) -> None:
    """Waits for its end."""
    async with asyncio.timeout(60):
        while True:
            with suppress(StoreAway):
                if (await debates.load(debate)).phase is Phase.CLOSED:
                    return
            await asyncio.sleep(0.1)
