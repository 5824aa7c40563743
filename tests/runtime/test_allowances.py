"""Budgets of channels and workspaces: who may start, and what ends a debate that is open."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from engine.adapters.redis_keys import ShardKeys
from engine.debate.allowance import Allowance
from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    EndMirror,
    OpenMirror,
    Rejected,
    Say,
    StartDebate,
)
from engine.debate.events import Pace, Person, Place, Reason, Scope, SynthesisRequested
from tests.debate.given import start
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of, close_of, turns


def begun(channel: str, thread: str) -> StartDebate:
    place = Place("slack:T1", channel, thread)
    return replace(start(), by=Actor(Person("slack:T1:U1", "Ana"), place))


async def test_a_channel_holds_as_many_debates_at_once_as_it_may(rig: Rig) -> None:
    rig.allowances[Scope.CHANNEL] = Allowance(debates_at_once=1)
    first = await rig.start(begun("C1", "1"))
    with pytest.raises(Rejected, match=r"this channel may hold at once .* when one closes"):
        await rig.start(begun("C1", "2"))
    other = await rig.start(begun("C2", "3"))
    await rig.finish(first)
    await rig.finish(await rig.start(begun("C1", "4")))
    await rig.finish(other)


async def test_a_workspace_debates_as_often_a_day_as_it_may_and_is_told_when_again(
    rig: Rig,
) -> None:
    rig.allowances[Scope.WORKSPACE] = Allowance(debates_a_day=2)
    for thread in ("1", "2"):
        await rig.finish(await rig.start(begun("C1", thread)))
    with pytest.raises(Rejected, match=r"again in \d+ h \d+ min, at midnight UTC"):
        await rig.start(begun("C2", "3"))


async def test_a_start_that_is_refused_leaves_nothing_behind(rig: Rig) -> None:
    rig.allowances[Scope.WORKSPACE] = Allowance(debates_at_once=1)
    first = await rig.start(begun("C1", "1"))
    with pytest.raises(Rejected):
        await rig.start(begun("C1", "2"))
    assert [listed.debate for listed in await rig.door.recent(10)] == [first]
    assert await rig.places.debate_at(Place("slack:T1", "C1", "2")) is None
    await rig.finish(first)


@pytest.mark.parametrize("scope", [Scope.CHANNEL, Scope.WORKSPACE])
async def test_a_debate_closes_with_its_synthesis_when_its_channel_has_used_the_day_up(
    rig: Rig, fake: FakeModelServer, scope: Scope
) -> None:
    rig.allowances[scope] = Allowance(turns=6)
    async with client_of(fake.url) as model, rig.worker(model):
        await rig.log_until_closed(await rig.start(begun("C1", "1")))
        log = await rig.log_until_closed(await rig.start(begun("C1", "2")))
        assert len(turns(log)) == 2
        assert close_of(log).reason is Reason.TURN_BUDGET
        assert SynthesisRequested(Reason.TURN_BUDGET, scope=scope) in log
        with pytest.raises(Rejected, match="today"):
            await rig.start(begun("C1", "3"))


async def test_a_round_too_many_is_refused_and_the_debate_stays_closed(
    rig: Rig, fake: FakeModelServer
) -> None:
    rig.allowances[Scope.CHANNEL] = Allowance(debates_at_once=1)
    async with client_of(fake.url) as model, rig.worker(model):
        first = await rig.start(begun("C1", "1"))
        await rig.log_until_closed(first)
    second = await rig.start(begun("C1", "2"))
    command = begun("C1", "1")
    with pytest.raises(Rejected, match="at once"):
        await rig.door.submit(first, AddRound(command.by))
    await rig.finish(second)


async def test_a_thread_has_one_open_debate(rig: Rig) -> None:
    first = await rig.start(begun("C1", "1"))
    assert await rig.places.debate_at(Place("slack:T1", "C1", "1")) == first
    with pytest.raises(Rejected, match="in this thread already"):
        await rig.start(begun("C1", "1"))
    await rig.finish(first)
    second = await rig.start(begun("C1", "1"))
    assert await rig.places.debate_at(Place("slack:T1", "C1", "1")) == second
    await rig.finish(second)


async def test_the_debates_started_last_are_listed_first(rig: Rig) -> None:
    debates = [await rig.start(begun("C1", str(n))) for n in range(3)]
    await rig.finish(debates[0])
    listed = await rig.door.recent(2)
    assert {entry.debate for entry in listed} <= set(debates)
    assert len(listed) == 2
    assert all(entry.started.topic == "Tabs or spaces?" for entry in listed)
    for debate in debates[1:]:
        await rig.finish(debate)
    assert all(entry.closed for entry in await rig.door.recent(3))


async def test_a_mirrors_code_is_good_for_one_place(rig: Rig) -> None:
    here, there = Place("discord:G1", "C1", "9"), Place("slack:T2", "C1", "9")
    code = await rig.places.create_code("main-abc")
    assert await rig.places.redeem(f" {code.upper()} ", here) == "main-abc"
    assert await rig.places.redeem(code, there) is None
    assert await rig.places.redeem(code, here) == "main-abc", "its answer may have been lost"
    assert await rig.places.redeem("zzzzzzzz", here) is None


async def test_a_thread_is_bound_to_one_debate_until_it_is_unbound(rig: Rig) -> None:
    place = Place("discord:G1", "C1", "9")
    assert await rig.places.bind(place, "main-abc")
    assert await rig.places.bind(place, "main-abc")
    assert not await rig.places.bind(place, "main-xyz")
    await rig.places.unbind(place, "main-xyz")
    assert await rig.places.debate_at(place) == "main-abc"
    await rig.places.unbind(place, "main-abc")
    assert await rig.places.debate_at(place) is None


async def test_a_channels_defaults_are_kept_and_replaced_whole(rig: Rig) -> None:
    await rig.places.set_defaults("slack:T1", "C1", {"panel": "ai-en", "pace": "step"})
    await rig.places.set_defaults("slack:T1", "C1", {"pace": "live"})
    assert await rig.places.defaults("slack:T1", "C1") == {"pace": "live"}
    await rig.places.set_defaults("slack:T1", "C1", {})
    assert await rig.places.defaults("slack:T1", "C1") == {}


@pytest.mark.parametrize(("pace", "at_once"), [(Pace.STEP, 16), (Pace.LIVE, 1)])
async def test_the_day_is_kept_to_by_paced_debates_and_by_workers_that_are_full(
    rig: Rig, fake: FakeModelServer, pace: Pace, at_once: int
) -> None:
    rig.allowances[Scope.CHANNEL] = Allowance(turns=2)
    command = replace(begun("C1", "1"), pace=pace)
    async with client_of(fake.url) as model, rig.worker(model, debates_at_once=at_once):
        debate = await rig.start(command)
        if pace is Pace.STEP:
            await rig.log_until_turn(debate, 1)
            await rig.idle()
            await rig.door.submit(debate, CallNext(command.by))
        log = await rig.log_until_closed(debate)
    assert len(turns(log)) == 2
    assert close_of(log).reason is Reason.TURN_BUDGET


async def test_a_closed_debate_is_no_way_round_the_days_budget(
    rig: Rig, fake: FakeModelServer
) -> None:
    rig.allowances[Scope.WORKSPACE] = Allowance(turns=5)
    command = begun("C1", "1")
    assert command.by is not None
    follow_up = Say(command.by, "One more?", to="bel")
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(command)
        await rig.log_until_closed(debate)
        await rig.door.submit(debate, follow_up)
        await rig.log_until_turn(debate, 5)
        with pytest.raises(Rejected, match="today"):
            await rig.door.submit(debate, follow_up)


async def test_of_many_starts_in_one_thread_at_once_one_is_started(rig: Rig) -> None:
    starts = [rig.start(begun("C1", "1")) for _ in range(5)]
    started = await asyncio.gather(*starts, return_exceptions=True)
    debates = [debate for debate in started if isinstance(debate, str)]
    assert len(debates) == 1
    assert sum(isinstance(refused, Rejected) for refused in started) == 4
    await rig.finish(debates[0])


async def test_a_mirrors_thread_is_known_as_long_as_the_debate_and_not_after_it_ends(
    rig: Rig,
) -> None:
    home, there = Place("slack:T1", "C1", "1"), Place("discord:G1", "C1", "9")
    manager = Actor(Person("discord:U9", "Bo"), there, manages=True)
    debate = await rig.start(begun("C1", "1"))
    assert await rig.places.bind(there, debate)
    await rig.door.submit(debate, OpenMirror(manager, there))
    key = ShardKeys(rig.shard).thread(there)
    assert await rig.redis.pttl(key) == -1
    await rig.finish(debate)
    assert await rig.redis.pttl(key) > 0
    assert await rig.places.debate_at(there) == debate
    assert await rig.places.bind(there, "other-debate"), "a thread whose debate is over is free"
    await rig.places.unbind(there, "other-debate")
    assert await rig.places.debate_at(home) == debate


async def test_a_mirror_that_is_ended_frees_its_thread(rig: Rig) -> None:
    there = Place("discord:G1", "C1", "9")
    manager = Actor(Person("discord:U9", "Bo"), there, manages=True)
    debate = await rig.start(begun("C1", "1"))
    await rig.places.bind(there, debate)
    await rig.door.submit(debate, OpenMirror(manager, there))
    await rig.door.submit(debate, EndMirror(manager, there))
    assert await rig.places.debate_at(there) is None
    await rig.finish(debate)


async def test_a_closed_debate_does_not_speak_into_a_thread_that_shows_another(rig: Rig) -> None:
    mail = ShardKeys(rig.shard).mail("slack")
    await rig.redis.xadd(mail, {"d": "none", "p": "none"})
    first = await rig.start(begun("C1", "1"))
    await rig.finish(first)
    second = await rig.start(begun("C1", "1"))
    before = await rig.redis.xlen(mail)
    by = begun("C1", "1").by
    assert by is not None
    await rig.door.submit(first, Say(by, "One more?", to="bel"))
    assert await rig.redis.xlen(mail) == before
    await rig.finish(second)
    await rig.finish(first)
