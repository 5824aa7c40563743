"""An upgrade with debates going on: processes of a new version come, those of the old one leave.

The old version is this one, taken back: it has a lower number, folds another way, and knows nothing
of votes. `pytest tests/slow/test_upgrade.py`
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_inspection import RedisInspection
from engine.debate.commands import Actor, CastVote
from engine.debate.events import MessageHeard, Person, Record, TurnSpoken
from engine.ports.debates import Listed
from tests.fakes.slack.workspace import Channel
from tests.redis_server import RedisServer
from tests.slackbot.processes import begin, environment, listens
from tests.slackbot.rig import House, house
from tests.slackbot.shown import Shown, shown
from tests.slow.versions import OLD, Version, taken_back
from tests.system.program import ROOT

pytestmark = pytest.mark.timeout(600)

DEBATES = 4
QUESTION = "Should the team meet less? panel=ai-en pace=live rounds=10"
WORDS = "What about the interns?"
ANA = Actor(Person("slack:T1:ana", "Ana"))
LEASE_S = 3.0
DRAIN_S = 60.0
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Two versions, and a house in which debates go on."""

    home: House
    old: Version
    new: Version
    inspection: RedisInspection

    async def begun(self) -> list[Listed]:
        """Debates, spoken and shown by the old version; two turns each."""
        home = self.home
        for n in range(DEBATES):
            there = (home.ana, home.luis, home.installed.bot)
            await begin(home, home.slack.channel(home.team, f"room{n}", *there), QUESTION)
        await until(lambda: as_many(home))
        debates = await home.debates.recent(100)
        await moves(home, debates, 2)
        return debates

    async def old_cannot_read(self, first: Listed, others: list[Listed]) -> None:
        """The new version is here, if only with a command: one debate waits, the others go on."""
        await vote(self.home, first)
        await until(lambda: said(self.old, "worker.too_old", "delivery.too_new"))
        stood = await turns(self.home, first)
        self.home.luis.says(room(self.home, first), WORDS, thread=root(first))
        await moves(self.home, others, 2)
        assert await turns(self.home, first) == stood
        assert await self.inspection.count_dead() == 0

    async def new_takes_over(self, first: Listed, others: list[Listed]) -> set[str]:
        """It goes on with what waited, while the old one still works; answers their versions."""
        await moves(self.home, [first], 2)
        seen = [worker.report for worker in await self.inspection.workers()]
        for other in others:
            await vote(self.home, other)
        await moves(self.home, others, 1)
        return {report.version for report in seen if report}

    async def old_leaves(self) -> None:
        """In mid-debate; it finishes what it speaks and posts."""
        under_way = [one for one in await self.home.debates.recent(100) if not one.closed]
        assert len(under_way) == DEBATES, "they were to be going on when the old version leaves"
        await self.old.leaves()


@asynccontextmanager
async def scene(
    server: RedisServer, shard: str, redis: Redis, folder: Path
) -> AsyncIterator[Scene]:
    """The old version runs."""
    taken_back(folder / "old")
    old = Version(folder / "old", folder / "old.log")
    async with house(server, shard, speaks=False) as home:
        home.speaker.pause_s = 0.02
        work = {"lease_s": LEASE_S, "drain_s": DRAIN_S}
        worker = home.settings.worker.model_copy(update=work)
        home.settings = home.settings.model_copy(update={"worker": worker})
        new, inspection = Version(ROOT, folder / "new.log"), RedisInspection(redis, shard=shard)
        async with running(old, home):
            yield Scene(home, old, new, inspection)


@asynccontextmanager
async def running(version: Version, home: House) -> AsyncIterator[None]:
    """Its worker and its bot, which Slack reaches."""
    async with version.running("bots.slackbot", environment(home.settings)) as bot:
        await listens(home, bot, "socket", 0)
        yield


async def test_an_upgrade_in_mid_debate_loses_nothing_and_doubles_nothing(
    server: RedisServer,
    shard: str,
    redis: Redis,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scene(server, shard, redis, tmp_path) as on:
        first, *others = await on.begun()
        await on.old_cannot_read(first, others)
        async with running(on.new, on.home):
            versions = await on.new_takes_over(first, others)
            await on.old_leaves()
            found = await ended(on.home)
            assert await on.inspection.count_dead() == 0
            await on.new.leaves()
    assert len(versions) == 2
    assert OLD in versions
    for one in found:
        one.check()
    heard = [r.event.text for one in found for r in one.log if isinstance(r.event, MessageHeard)]
    assert heard == [WORDS]
    assert "crashed" not in on.old.said + on.new.said
    with capsys.disabled():
        print(f"\n{figures(on, found)}")  # noqa: T201 - what this run is for


def figures(on: Scene, found: list[Shown]) -> str:
    """What it came to."""
    posts = sum(len(one.posts) for one in found)
    claims, threads = on.old.said.count("worker.too_old"), on.old.said.count("delivery.too_new")
    return (
        f"{len(found)} debates, {posts} posts, each once and in order; given back by the old "
        f"version: {claims} claims, {threads} threads"
    )


async def as_many(home: House) -> bool:
    """Whether all have begun."""
    return len(await home.debates.recent(100)) == DEBATES


async def vote(home: House, listed: Listed) -> None:
    """What the old version does not know."""
    await home.debates.submit(listed.debate, CastVote(ANA, 1, 1))


async def moves(home: House, debates: list[Listed], by: int) -> None:
    """Waits until each has so many turns more, in its thread too."""
    for one in debates:
        goal = await turns(home, one) + by
        await until(lambda: has_shown(home, one, goal))  # noqa: B023 - it is waited for at once


async def has_shown(home: House, listed: Listed, goal: int) -> bool:
    if await turns(home, listed) < goal:
        return False
    there = {n for n, _, _ in (await shown(home, listed)).posts}
    return len([r for r in await spoken(home, listed) if r.n in there]) >= goal


async def turns(home: House, listed: Listed) -> int:
    """How many were spoken."""
    return len(await spoken(home, listed))


async def spoken(home: House, listed: Listed) -> list[Record]:
    log = await home.debates.records(listed.debate)
    return [record for record in log if isinstance(record.event, TurnSpoken)]


async def said(version: Version, *what: str) -> bool:
    """Whether it has said all of this."""
    return all(one in version.said for one in what)


async def ended(home: House) -> list[Shown]:
    """Every debate, once all of it stands in its thread, the files too."""
    await until(lambda: all_there(home))
    return [await shown(home, listed) for listed in await home.debates.recent(100)]


async def all_there(home: House) -> bool:
    return all([(await shown(home, one)).files for one in await home.debates.recent(100)])


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Waits until this is so.

    Raises:
        TimeoutError
    """
    async with asyncio.timeout(PATIENCE_S):
        while not await met():  # noqa: ASYNC110 - not all of it is announced
            await asyncio.sleep(0.2)


def room(home: House, listed: Listed) -> Channel:
    """The channel that it is held in."""
    assert listed.started.home is not None
    return home.slack.workspaces.channels[listed.started.home.channel]


def root(listed: Listed) -> str:
    """Its thread."""
    assert listed.started.home is not None
    return listed.started.home.thread
