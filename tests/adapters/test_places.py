"""What Redis keeps of people's likes, and of debates whose thread is being made."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.debate.events import Place

ANA, BEN = "slack:T1:U1", "slack:T1:U2"
HERE, THERE = "slack:T1", "slack:T2"
LONG_MS = 60_000


@pytest.fixture
def places(redis: Redis, shard: str) -> RedisPlaces:
    return RedisPlaces(redis, shard=shard, keep_ms=LONG_MS)


async def test_what_somebody_likes_is_theirs_and_set_one_by_one(places: RedisPlaces) -> None:
    assert await places.preferences(ANA) == {}
    await asyncio.gather(
        places.set_preference(ANA, "panel", "ai-es"), places.set_preference(ANA, "pace", "live")
    )
    assert await places.preferences(ANA) == {"panel": "ai-es", "pace": "live"}
    assert await places.preferences(BEN) == {}
    await places.set_preference(ANA, "panel", None)
    await places.set_preference(ANA, "rounds", None)
    assert await places.preferences(ANA) == {"pace": "live"}


async def test_who_likes_something_changes_no_channel_of_that_name(places: RedisPlaces) -> None:
    await places.set_preference(ANA, "pace", "live")
    assert await places.defaults("slack:T1", "U1") == {}


async def test_a_note_is_nobody_elses_while_its_maker_has_time(places: RedisPlaces) -> None:
    await places.begin(HERE, "d1", "a note", LONG_MS)
    assert await places.left_over(HERE, LONG_MS) == {}


async def test_a_note_whose_makers_time_is_over_is_given_to_one_at_a_time(
    places: RedisPlaces,
) -> None:
    await places.begin(HERE, "d1", "ñ", 0)
    await places.begin(THERE, "d2", "another workspace's", 0)
    found = await asyncio.gather(*[places.left_over(HERE, LONG_MS) for _ in range(5)])
    assert sorted(found, key=len) == [{}, {}, {}, {}, {"d1": "ñ"}]
    assert await places.left_over(THERE, 0) == {"d2": "another workspace's"}
    assert await places.left_over(THERE, 0) == {"d2": "another workspace's"}, "it was not ended"


async def test_what_is_ended_is_left_over_no_more(places: RedisPlaces) -> None:
    await places.begin(HERE, "d1", "a note", 0)
    await places.end(HERE, "d1")
    await places.end(HERE, "d1")
    assert await places.left_over(HERE, LONG_MS) == {}


async def test_how_far_a_thread_was_heard_only_ever_grows(places: RedisPlaces) -> None:
    thread = Place(HERE, "C1", "1.1")
    for message, kept in [("9.2", "9.2"), ("9.1", "9.2"), ("10.1", "10.1"), ("9.9", "10.1")]:
        await places.set_heard_to(thread, message)
        assert await places.heard_to(thread) == kept


async def test_a_card_is_known_for_as_long_as_its_debate(
    places: RedisPlaces, shard: str, redis: Redis
) -> None:
    debate = new_debate_id(shard)
    await places.set_card(debate, "1.1")
    assert await places.card(debate) is None, "there is no such debate"
    log = DebateKeys(debate).log
    await redis.xadd(log, {"b": "{}"})
    await places.set_card(debate, "1.1")
    await redis.pexpire(log, LONG_MS)
    await places.set_card(debate, "1.2")
    assert await places.card(debate) == "1.2"
    assert 0 < await redis.pttl(DebateKeys(debate).readers) <= LONG_MS
