"""The same upgrade in Discord, whose gateway sends each process everything, and nothing twice.

`pytest tests/slow/test_discord_upgrade.py`
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_inspection import RedisInspection
from engine.debate.commands import Actor, CastVote
from engine.debate.events import Event, MessageHeard, Person, TurnSpoken
from engine.ports.debates import Listed
from tests.discordbot.rig import TRANSCRIPTS, House, house
from tests.fakes.discord.guilds import Channel
from tests.redis_server import RedisServer
from tests.slow.test_discord_kills import answer_in
from tests.slow.versions import Version, taken_back
from tests.system.program import ROOT

pytestmark = pytest.mark.timeout(600)

DEBATES = 3
QUESTION = "@Panel debate Meet less? 10 rounds panel=ai-en pace=live"
WORDS = "What about the interns?"
ANA = Actor(Person("discord:ana", "Ana"))
PATIENCE_S = 300.0


async def test_an_upgrade_in_mid_debate_loses_nothing_and_doubles_nothing(
    server: RedisServer,
    shard: str,
    redis: Redis,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken_back(tmp_path / "old")
    old, new = Version(tmp_path / "old", tmp_path / "old.log"), Version(ROOT, tmp_path / "new.log")
    async with house(server, shard, speaks=False) as home:
        home.speaker.pause_s = 0.02
        async with running(old, home):
            first, *others = await begun(home)
            await home.debates.submit(first.debate, CastVote(ANA, 1, 1))
            await home.until(lambda: gave_back(old), PATIENCE_S)
            home.club.luis.says(thread_of(home, first), WORDS)
            async with running(new, home):
                await home.until_async(lambda: heard(home, first), [WORDS])
                for other in others:
                    await home.debates.submit(other.debate, CastVote(ANA, 1, 1))
                assert not any(one.closed for one in await home.debates.recent(9))
                await old.leaves()
                for one in (first, *others):
                    await home.until(lambda: files_in(home, one) == TRANSCRIPTS, PATIENCE_S)  # noqa: B023
                posts = [await in_order(home, one) for one in (first, *others)]
                await new.leaves()
    assert await RedisInspection(redis, shard=shard).count_dead() == 0
    assert "crashed" not in old.said + new.said
    with capsys.disabled():
        print(f"\n{len(posts)} debates, {sum(posts)} turns, each once and in order")  # noqa: T201


@asynccontextmanager
async def running(version: Version, home: House) -> AsyncIterator[None]:
    """Its worker and its bot, which Discord reaches."""
    ours, redis, place = home.settings.discord, home.settings.redis, home.club
    there = len(place.discord.gateway.of(place.app))
    settings = {
        "REDIS__URL": redis.url,
        "REDIS__SHARD": redis.shard,
        "MODEL__URL": home.settings.model.url,
        "WORKER__PORT": "0",
        "WORKER__LEASE_S": "3",
        "DISCORD__TOKEN": place.app.token,
        "DISCORD__API_URL": ours.api_url,
        "DISCORD__GATEWAY_URL": ours.gateway_url,
        "DISCORD__CDN_URL": ours.cdn_url,
        "DISCORD__HEALTH_PORT": "0",
        "DISCORD__TIMEOUT_S": "2",
    }
    told = {f"TERTULIA_{name}": value for name, value in settings.items()}
    async with version.running("bots.discordbot", {**os.environ, **told}):
        await home.until(lambda: len(place.discord.gateway.of(place.app)) > there, PATIENCE_S)
        yield


async def begun(home: House) -> list[Listed]:
    """Debates, two turns each in their threads."""
    for _ in range(DEBATES):
        home.club.luis.says(home.club.general, QUESTION)
    await home.until(lambda: len(home.threads()) == DEBATES, PATIENCE_S)
    for thread in home.threads():
        await home.until(lambda: len(home.posts(thread)) >= 2, PATIENCE_S)  # noqa: B023 - waited for
    return await home.debates.recent(9)


def gave_back(version: Version) -> bool:
    """Whether worker and bot have met what they do not know."""
    return all(what in version.said for what in ("worker.too_old", "delivery.too_new"))


def thread_of(home: House, listed: Listed) -> Channel:
    """Where it is held."""
    assert listed.started.home is not None
    return home.club.discord.world.channels[listed.started.home.thread]


def files_in(home: House, listed: Listed) -> tuple[str, ...]:
    """All that were attached."""
    seen = home.club.ana.sees(thread_of(home, listed))
    return tuple(name for one in seen for name in one.files)


async def heard(home: House, listed: Listed) -> list[str]:
    """What people said in it."""
    return [event.text for event in await log(home, listed) if isinstance(event, MessageHeard)]


async def in_order(home: House, listed: Listed) -> int:
    """Every turn of the log stands in the thread once, in order; answers how many."""
    turns = [event.answer for event in await log(home, listed) if isinstance(event, TurnSpoken)]
    posts = [seen for seen in home.posts(thread_of(home, listed)) if seen.author != "Panel"]
    assert [answer_in(seen) for seen in posts[:-1]] == turns
    return len(turns)


async def log(home: House, listed: Listed) -> list[Event]:
    return [record.event for record in await home.debates.records(listed.debate)]
