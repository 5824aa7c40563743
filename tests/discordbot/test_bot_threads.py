"""Threads that are closed, forbidden or busy; and what is found when one is read back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bots.chat.surface import Found, Missing, Refused, RetryAfter, Speaker
from bots.discordbot.history import SKEW_MS
from engine.adapters.redis_store import RedisStore
from engine.debate.events import Record
from engine.ports.store import Append
from engine.ports.work import Work
from tests.chat.logs import STARTED
from tests.chat.surface_contract import part, words
from tests.discordbot.stage import MESSAGES, DiscordStage
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.faults import rate_limits
from tests.fakes.discord.permissions import Permission


async def test_an_archived_thread_is_opened_by_the_next_post(either: DiscordStage) -> None:
    place = either.thread()
    either.club.ana.archives(either.channel(place))
    await either.surface.post(place, part(words()))
    assert len(await either.seen(place)) == 1


async def test_a_locked_thread_refuses_until_it_is_opened_again(either: DiscordStage) -> None:
    place = either.thread()
    await either.surface.post(place, part(words()))
    either.club.ana.archives(either.channel(place), locks=True)
    with pytest.raises(Refused, match="locked"):
        await either.surface.post(place, part(words(), n=3))
    either.club.ana.reopens(either.channel(place))
    await either.surface.post(place, part(words(), n=3))
    assert len(await either.seen(place)) == 2


async def test_a_channel_that_may_not_be_seen_cannot_be_read_back(either: DiscordStage) -> None:
    place, club = either.thread(), either.club
    club.discord.overwrite(club.general, club.app.user, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(Refused, match="cannot see"):
        await either.surface.find(place, part(words()).key, None)


async def test_a_debate_says_the_same_in_two_threads_of_one_bot(either: DiscordStage) -> None:
    """Discord takes an author's nonce once, whichever channel it comes from."""
    notice = replace(part(words()), speaker=Speaker())
    for said in (part(words(), n=3), notice):
        home, mirror = either.thread(), either.thread()
        assert await either.surface.post(home, said) != await either.surface.post(mirror, said)
        assert len(await either.seen(home)) == len(await either.seen(mirror)) == 1


async def test_a_thread_whose_history_may_not_be_read_is_not_taken_for_an_empty_one(
    either: DiscordStage,
) -> None:
    """Discord refuses nothing then, and shows nothing: what was posted would be posted again."""
    place, club = either.thread(), either.club
    first = await either.surface.post(place, part(words()))
    await either.surface.post(place, part(words(), n=3))
    club.discord.overwrite(club.general, club.app.user, deny=Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(Refused, match="read its history"):
        await either.surface.find(place, part(words(), n=3).key, first)
    club.discord.overwrite(club.general, club.app.user)
    assert isinstance(await either.surface.find(place, part(words(), n=3).key, first), Found)


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_whoever_is_told_to_wait_is_not_heard_of_before(
    either: DiscordStage, scope: str
) -> None:
    place = either.thread()
    await either.surface.post(place, part(words()))
    either.plan(place, rate_limits(20, scope))
    for _try in range(3):
        with pytest.raises(RetryAfter) as told:
            await either.surface.post(place, part(words(), n=3))
        assert told.value.seconds is not None
        assert 15 < told.value.seconds <= 20
    assert len(either.club.discord.trace.calls(either.posting)) == 2


async def test_what_stood_there_before_is_not_taken_for_what_is_looked_for(
    stage: DiscordStage,
) -> None:
    stage.club.app.allowed = Intent(0)
    place, looked_for = stage.thread(), part(words("Otra."), n=3).key
    first = await stage.surface.post(place, part(words(), n=2))
    assert isinstance(await stage.surface.find(place, looked_for, first), Missing)


async def test_the_posts_of_an_earlier_debate_are_not_taken_for_a_new_ones(
    stage: DiscordStage, redis: Redis, shard: str
) -> None:
    stage.club.app.allowed = Intent(0)
    place, debate = stage.thread(), stage.parts.new_id()
    await stage.surface.post(place, part(words()))
    later = Record(1, stage.parts.clock.now_ms() + 2 * SKEW_MS, STARTED)
    store = RedisStore(redis, shard=shard, lease_ms=600, keep_ms=60_000)
    await store.append(
        Append(debate, 0, (later,), op="1", work=Work.KEEP, panel_hash="h", panel=b"cast")
    )
    looked_for = replace(part(words()).key, debate=debate, n=1)
    assert isinstance(await stage.surface.find(place, looked_for, None), Missing)


async def test_people_and_other_apps_are_not_taken_for_a_persona(stage: DiscordStage) -> None:
    club, place = stage.club, stage.thread()
    club.app.allowed = Intent(0)
    there = stage.channel(place)
    club.luis.says(there, "I am no persona.")
    other = club.discord.app("Other", club.ana)
    club.discord.install(other, club.guild)
    await stage.parts.rest.call(MESSAGES, {"content": "A card."}, channel=there.id)
    assert isinstance(await stage.surface.find(place, part(words()).key, None), Missing)


async def test_more_than_a_page_is_read_back(stage: DiscordStage) -> None:
    place, club = stage.thread(), stage.club
    for number in range(130):
        club.luis.says(stage.channel(place), f"{number}")
    message = await stage.surface.post(place, part(words()))
    found = await stage.surface.find(place, part(words()).key, None)
    assert isinstance(found, Found)
    assert found.message == message
