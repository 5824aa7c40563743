"""People in a debate that a worker holds: what they say and steer takes hold at once, and lasts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from engine.adapters.redis_keys import SLOT_KEYS
from engine.adapters.redis_slots import RedisSlots
from engine.debate.commands import (
    AddRound,
    CallNext,
    Erase,
    PauseDebate,
    ResumeDebate,
    Say,
    SetPace,
    SkipTurn,
    SpeakSeat,
    StopDebate,
    SumUp,
    TakeSeat,
)
from engine.debate.events import (
    DebateClosed,
    DebatePaused,
    Kind,
    MessageHeard,
    Pace,
    Place,
    SeatLapsed,
    SeatReminded,
    SummaryGiven,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.state import Phase
from engine.ports.store import AlreadyTaken
from tests.debate.given import ANA, BEA, start
from tests.fakes.model_behaviours import chunk, held_back_by, say, send
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of, turns

BEA_ELSEWHERE = replace(BEA, place=Place("slack:T2", "C1", "1.1"))
BEGUN = replace(start(), by=ANA)
STEP = replace(BEGUN, pace=Pace.STEP)
HANGS = send(chunk({"content": '{"answer":"Half a'}), then="hang")
LONG_LEASE_MS = 60_000


async def test_a_skip_cancels_the_stream_at_once_and_what_was_begun_is_not_kept(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(HANGS)
    async with client_of(fake.url) as model, rig.worker(model, lease_ms=LONG_LEASE_MS):
        debate = await rig.start(BEGUN)
        await fake.until(running=1)
        await rig.door.submit(debate, SkipTurn(ANA))
        log = await rig.log_until_closed(debate)
    assert [e.persona for e in log if isinstance(e, TurnSkipped)] == ["mod"]
    assert [turn.persona for turn in turns(log)] == ["ada", "bel", "cri"]
    assert "Half a" not in str(log)


async def test_a_pause_lets_the_running_turn_finish_and_a_resume_goes_on(
    rig: Rig, fake: FakeModelServer
) -> None:
    gate = asyncio.Event()
    fake.will(held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(BEGUN)
        await fake.until(running=1)
        await rig.door.submit(debate, PauseDebate(ANA))
        gate.set()
        await rig.log_until_turn(debate, 1)
        paused = await rig.door.load(debate)
        assert (paused.turn, paused.paused) == (1, True)
        await rig.idle()
        assert len(fake.received) == 1, "nobody speaks while it is paused"
        await rig.door.submit(debate, ResumeDebate(ANA))
        log = await rig.log_until_closed(debate)
    assert sum(isinstance(event, DebatePaused) for event in log) == 1
    assert len(turns(log)) == 4


async def test_a_pause_and_a_resume_during_one_turn_do_not_disturb_it(
    rig: Rig, fake: FakeModelServer
) -> None:
    gate = asyncio.Event()
    fake.will(held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(BEGUN)
        await fake.until(running=1)
        await rig.door.submit(debate, PauseDebate(ANA))
        await rig.door.submit(debate, ResumeDebate(ANA))
        gate.set()
        await rig.log_until_closed(debate)
    assert len(fake.received) == 5, "four turns and the close, each asked for once"


async def test_in_step_pace_each_turn_waits_for_next(rig: Rig, fake: FakeModelServer) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(STEP)
        for turn in (1, 2, 3):
            await rig.log_until_turn(debate, turn)
            await rig.idle()
            assert (await rig.door.load(debate)).turn == turn
            await rig.door.submit(debate, CallNext(ANA))
        await rig.log_until_closed(debate)


async def test_a_readers_wait_outlives_every_worker(rig: Rig, fake: FakeModelServer) -> None:
    fake.will(say('{"answer":"Yes.","question":"No?"}'))
    async with client_of(fake.url) as model:
        async with rig.worker(model):
            debate = await rig.start(replace(BEGUN, pace=Pace.READING))
            await rig.log_until_turn(debate, 1)
        waiting = await rig.door.load(debate)
        assert waiting.waiting.for_s > 2
        async with rig.worker(model):
            await rig.log_until_turn(debate, 2)
            await rig.door.submit(debate, SetPace(Pace.LIVE, ANA))
            await rig.log_until_closed(debate)


async def test_a_tagged_persona_answers_next_while_another_speaks(
    rig: Rig, fake: FakeModelServer
) -> None:
    gate = asyncio.Event()
    fake.will(say(), held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(BEGUN)
        await fake.until(running=1)
        await rig.log_until_turn(debate, 1)
        await fake.until(running=1)
        await rig.door.submit(debate, Say(BEA, "Cri, what does it cost?", to="cri"))
        gate.set()
        log = await rig.log_until_closed(debate)
    spoken = turns(log)
    assert [turn.persona for turn in spoken] == ["mod", "ada", "cri", "bel", "cri"]
    assert [turn.kind for turn in spoken][2] is Kind.SIDE
    assert "what does it cost?" in str(fake.received[2].body["messages"][-1])


async def test_a_person_in_a_seat_is_called_reminded_and_spoken_for(
    rig: Rig, fake: FakeModelServer
) -> None:
    gate = asyncio.Event()
    fake.will(held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(replace(STEP, seat_wait_s=0.3))
        await rig.door.submit(debate, TakeSeat(BEA, "ada"))
        gate.set()
        log = await rig.log_until_turn(debate, 2)
    called = next(e for e in log if isinstance(e, TurnRequested) and e.turn == 2)
    assert called.person == BEA.person
    order = [type(e) for e in log if isinstance(e, SeatReminded | SeatLapsed | TurnSpoken)]
    assert order == [TurnSpoken, SeatReminded, SeatLapsed, TurnSpoken]
    assert turns(log)[1].by == "model"


async def test_what_a_person_says_in_a_seat_is_the_turn(rig: Rig, fake: FakeModelServer) -> None:
    gate = asyncio.Event()
    fake.will(held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(BEGUN)
        await rig.door.submit(debate, TakeSeat(BEA, "ada"))
        gate.set()
        await rig.log_until(debate, lambda e: isinstance(e, TurnRequested) and e.person is not None)
        await rig.door.submit(debate, SpeakSeat(BEA, "I would not.", "Would you?"))
        log = await rig.log_until_closed(debate)
    assert turns(log)[1].person == BEA.person
    assert "I would not." in str(fake.received[1].body["messages"])


async def test_the_synthesis_so_far_comes_in_mid_debate(rig: Rig, fake: FakeModelServer) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(STEP)
        await rig.log_until_turn(debate, 1)
        await rig.door.submit(debate, SumUp(ANA))
        log = await rig.log_until(debate, lambda e: isinstance(e, SummaryGiven))
        await rig.door.submit(debate, StopDebate(ANA))
        await rig.log_until_closed(debate)
    assert len(turns(log)) == 1


async def test_after_the_close_a_tag_gets_a_follow_up_and_a_round_reopens_what_then_stays(
    rig: Rig, fake: FakeModelServer
) -> None:
    log_key = "tertulia:{%s}:d:%s:log"
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(BEGUN)
        await rig.log_until_closed(debate)
        await rig.door.submit(debate, Say(BEA, "Bel, one more?", to="bel"))
        log = await rig.log_until_turn(debate, 5)
        assert (await rig.door.load(debate)).phase is Phase.CLOSED
        assert await rig.redis.pttl(log_key % (rig.shard, debate)) > 0
        await rig.door.submit(debate, AddRound(ANA))
        assert await rig.redis.pttl(log_key % (rig.shard, debate)) == -1, "open: no expiry"
        log = await rig.log_until_turn(debate, 9)
        closes: list[DebateClosed] = []
        while len(closes) < 2:
            log = [record.event for record in await rig.door.records(debate)]
            closes = [event for event in log if isinstance(event, DebateClosed)]
            await asyncio.sleep(0.01)
    assert [turn.persona for turn in turns(log)][5:] == ["mod", "ada", "bel", "cri"]


async def test_a_payload_that_is_delivered_twice_is_taken_in_once(rig: Rig) -> None:
    debate = await rig.start(BEGUN)
    said = Say(BEA, "Costs?")
    await rig.door.submit(debate, said, payloads=["Ev1", "C1/9.1"])
    for again in (["Ev1"], ["Ev2", "C1/9.1"]):
        with pytest.raises(AlreadyTaken):
            await rig.door.submit(debate, said, payloads=again)
    heard = [r for r in await rig.door.records(debate) if isinstance(r.event, MessageHeard)]
    assert len(heard) == 1
    await rig.finish(debate)


async def test_a_start_sent_twice_starts_one_debate(rig: Rig) -> None:
    debate = await rig.start(BEGUN)
    await rig.door.start(debate, BEGUN)
    await rig.door.submit(debate, Say(BEA, "Costs?"))
    await rig.door.start(debate, BEGUN)
    assert len(await rig.door.records(debate)) == 3
    await rig.finish(debate)


async def test_erased_words_are_nowhere_in_the_store(rig: Rig, fake: FakeModelServer) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start(STEP)
        await rig.door.submit(debate, Say(BEA, "Xylophones!", message="m1"))
        await rig.log_until_turn(debate, 1)
        assert await rig.kept_anywhere(b"Xylophones")
        await rig.door.submit(debate, Erase(BEA, "m1"))
        assert not await rig.kept_anywhere(b"Xylophones")
        heard = [r.event for r in await rig.door.records(debate)]
        assert [e.text for e in heard if isinstance(e, MessageHeard)] == [""]
        await rig.door.submit(debate, CallNext(ANA))
        await rig.log_until_turn(debate, 2)
        await rig.door.submit(debate, StopDebate(ANA))
        await rig.log_until_closed(debate)
    later = [str(received.body["messages"]) for received in list(fake.received)[1:]]
    assert later
    assert not any("Xylophones" in prompt for prompt in later)


async def test_when_the_model_is_full_a_debate_waits_and_its_thread_is_told_its_place(
    rig: Rig, fake: FakeModelServer
) -> None:
    await rig.redis.delete(*SLOT_KEYS)
    rig.slots = RedisSlots(rig.redis, most=1, lease_ms=LONG_LEASE_MS)
    gate = asyncio.Event()
    fake.will(held_back_by(gate))
    async with client_of(fake.url) as model, rig.worker(model):
        first = await rig.start(BEGUN)
        await fake.until(running=1)
        second = await rig.start(replace(BEGUN, by=BEA_ELSEWHERE))
        queued = await rig.log_until(second, lambda e: isinstance(e, TurnQueued))
        assert queued[-1] == TurnQueued(1, 1)
        gate.set()
        logs = [await rig.log_until_closed(debate) for debate in (first, second)]
    assert all(len(turns(log)) == 4 for log in logs)
    assert await rig.redis.zcard(SLOT_KEYS[0]) == 0, "nobody keeps a slot"
