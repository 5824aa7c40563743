"""The worker: whole debates, models and stores that go away, claims that are lost, and draining."""

from __future__ import annotations

import asyncio
import itertools

from engine.debate.commands import Say, StopDebate
from engine.debate.events import (
    HeadReason,
    HeadStarted,
    MessageHeard,
    ModelUnavailable,
    Reason,
    SynthesisRequested,
    TurnSpoken,
)
from engine.ports.live import LiveText
from tests.debate.given import ANA, ES_PANEL, start
from tests.fakes.model_behaviours import chunk, fail, hang_up, say, send
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import HastyClock, Rig, client_of, close_of, turns, wait_until

HANGS = send(chunk({"content": "{"}), then="hang")


async def test_a_debate_runs_to_its_synthesis(rig: Rig, fake: FakeModelServer) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    assert [turn.persona for turn in turns(log)] == ["mod", "ada", "bel", "cri"]
    assert close_of(log).repaired is None
    assert len(fake.received) == 5


async def test_every_prompt_begins_with_the_one_before_and_its_reply(
    rig: Rig, fake: FakeModelServer
) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        await rig.log_until_closed(await rig.start(start(rounds=3)))
    prompts = [received.body["messages"] for received in fake.received]
    assert len(prompts) == 11
    for before, after in itertools.pairwise(prompts):
        assert after[: len(before)] == before
        assert [message["role"] for message in after[len(before) :]] == ["assistant", "user"]


async def test_a_debate_keeps_to_one_replica_by_its_session_header(
    rig: Rig, fake: FakeModelServer
) -> None:
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start()
        await rig.log_until_closed(debate)
    assert {received.headers["X-Session-Id"] for received in fake.received} == {debate}


async def test_many_debates_run_at_once(rig: Rig, fake: FakeModelServer) -> None:
    async with client_of(fake.url) as model, rig.worker(model, debates_at_once=8):
        debates = [await rig.start() for _ in range(8)]
        logs = await asyncio.gather(*map(rig.log_until_closed, debates))
    assert all(len(turns(log)) == 4 for log in logs)
    first = [received.headers["X-Session-Id"] for received in fake.received][:16]
    assert len(set(first)) > 4


async def test_a_full_worker_lets_waiting_debates_have_turns_too(
    rig: Rig, fake: FakeModelServer
) -> None:
    debates = [await rig.start(start(rounds=3)) for _ in range(3)]
    async with client_of(fake.url) as model, rig.worker(model, debates_at_once=1):
        await asyncio.gather(*map(rig.log_until_closed, debates))
    order = [received.headers["X-Session-Id"] for received in fake.received]
    assert set(order[:6]) == set(debates)


async def test_words_said_while_a_turn_is_spoken_reach_the_next_speaker(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(HANGS)
    async with client_of(fake.url, idle_timeout_s=0.3) as model, rig.worker(model):
        debate = await rig.start()
        await fake.until(running=1)
        await rig.door.submit(debate, Say(ANA, "What of the cost?"))
        log = await rig.log_until_closed(debate)
    heard = next(n for n, event in enumerate(log) if isinstance(event, MessageHeard))
    spoken = next(n for n, event in enumerate(log) if isinstance(event, TurnSpoken))
    assert heard < spoken
    prompts = [str(received.body["messages"]) for received in fake.received]
    assert "What of the cost?" not in prompts[1]
    assert "What of the cost?" in prompts[2]


async def test_a_stop_takes_the_floor_from_whoever_speaks(rig: Rig, fake: FakeModelServer) -> None:
    fake.will(HANGS)
    async with client_of(fake.url) as model, rig.worker(model):
        debate = await rig.start()
        await fake.until(running=1)
        await rig.door.submit(debate, StopDebate(ANA))
        log = await rig.log_until_closed(debate)
    assert turns(log) == []
    assert close_of(log).reason is Reason.STOPPED
    assert SynthesisRequested(Reason.STOPPED, ANA.person) in log


async def test_a_model_gone_for_good_closes_the_debate_with_its_reason(
    rig: Rig, fake: FakeModelServer
) -> None:
    async with client_of(fake.url) as model, rig.worker(model, model_patience_s=0.2):
        debate = await rig.start()
        fake.will(say(), *[hang_up()] * 50)
        log = await rig.log_until_closed(debate)
    closed = close_of(log)
    assert closed.reason is Reason.MODEL_AWAY
    assert closed.repaired == "default"
    assert closed.error
    assert len(turns(log)) == 1


async def test_a_model_away_for_half_a_minute_is_said_before_it_is_given_up(
    rig: Rig, fake: FakeModelServer
) -> None:
    rig.clock = HastyClock()
    async with client_of(fake.url) as model, rig.worker(model, model_patience_s=120):
        fake.always(hang_up())
        log = await rig.log_until_closed(await rig.start())
    (said,) = [event for event in log if isinstance(event, ModelUnavailable)]
    assert said.turn == 1
    assert "{where}" in said.error.text, "each reader is told in their language"
    assert close_of(log).reason is Reason.MODEL_AWAY
    assert turns(log) == []


async def test_a_model_that_refuses_closes_the_debate_and_says_what_it_said(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(say(), fail(400, {"error": {"message": "no such luck"}}))
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    closed = close_of(log)
    assert closed.reason is Reason.MODEL_REFUSED
    assert "no such luck" in str(closed.error)


async def test_a_model_that_comes_back_in_time_is_all_that_was_needed(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(fail(503, {}), hang_up())
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    assert len(turns(log)) == 4
    assert not any(isinstance(event, ModelUnavailable) for event in log)


async def test_a_full_context_is_summed_up_and_the_debate_goes_on(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.models = [{"id": "fake", "max_model_len": 2_900}]
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start(start(rounds=4)))
    heads = [event for event in log if isinstance(event, HeadStarted)]
    assert [head.reason for head in heads[:2]] == [HeadReason.START, HeadReason.OVERFLOW]
    assert all(head.summary for head in heads[1:])
    assert len(turns(log)) == 13
    assert close_of(log).reason is Reason.ROUNDS
    assert max(received.prompt_tokens for received in fake.received) < 2_900


async def test_a_context_that_the_server_finds_full_is_summed_up_too(
    rig: Rig, fake: FakeModelServer
) -> None:
    overflow = {"error": {"message": "maximum context length is 10", "code": 400}}
    fake.will(say(), say(), fail(400, overflow))
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(await rig.start())
    reasons = [event.reason for event in log if isinstance(event, HeadStarted)]
    assert reasons == [HeadReason.START, HeadReason.OVERFLOW]
    assert len(turns(log)) == 4


async def test_another_model_starts_a_new_head_and_repeats_what_was_said(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(say(), HANGS)
    async with client_of(fake.url) as model, rig.worker(model, drain_s=0):
        debate = await rig.start()
        await wait_until(lambda: len(fake.received) == 2)
    fake.models = [{"id": "newer", "max_model_len": 32_768}]
    async with client_of(fake.url) as model, rig.worker(model):
        log = await rig.log_until_closed(debate)
    heads = [event for event in log if isinstance(event, HeadStarted)]
    assert [(head.reason, head.model) for head in heads] == [
        (HeadReason.START, "fake"),
        (HeadReason.UPGRADE, "newer"),
    ]
    assert turns(log)[0].answer in str(fake.received[-1].body["messages"])


async def test_a_worker_asked_to_stop_ends_its_turn_and_gives_the_debate_back(
    rig: Rig, fake: FakeModelServer
) -> None:
    async with client_of(fake.url) as model:
        async with rig.worker(model) as first:
            debate = await rig.start(start(rounds=10))
            await wait_until(lambda: len(fake.received) > 3)
            first.stop()
        async with rig.worker(model):
            log = await rig.log_until_closed(debate)
    assert len(turns(log)) == 31
    assert len(fake.received) == 32, "no turn was asked for twice"


async def test_a_worker_that_must_stop_now_gives_back_what_it_had_not_finished(
    rig: Rig, fake: FakeModelServer
) -> None:
    fake.will(HANGS)
    async with client_of(fake.url) as model:
        async with rig.worker(model, drain_s=0):
            debate = await rig.start()
            await fake.until(running=1)
        await fake.until(running=0)
        async with rig.worker(model):
            log = await rig.log_until_closed(debate, within_s=0.5)
    assert len(turns(log)) == 4


async def test_who_looks_on_gets_the_words_as_they_are_spoken(
    rig: Rig, fake: FakeModelServer
) -> None:
    parts = [chunk({"content": piece}) for piece in ('{"answer":"One', " two", " three", " four")]
    fake.always(send(*parts, then="hang"))
    async with client_of(fake.url) as model:
        debate = await rig.start()
        heard: list[LiveText] = []
        follower = rig.door.follow(debate)
        await anext(follower)
        async with asyncio.timeout(5), rig.worker(model, drain_s=0):
            async for item in follower:
                if isinstance(item, LiveText):
                    heard.append(item)
                    break
    assert heard[0].part == "answer"
    assert heard[0].persona == "mod"
    assert heard[0].text.startswith("One")
    assert heard[0].offset == 0


async def test_a_bug_in_one_debate_leaves_the_others_alone(rig: Rig, fake: FakeModelServer) -> None:
    broken = await rig.start()
    panel = (await rig.door.load(broken)).started.panel_hash
    await rig.redis.set(f"tertulia:{{{rig.shard}}}:panel:{panel}", b"no panel", px=60_000)
    async with client_of(fake.url) as model, rig.worker(model) as worker:
        await wait_until(lambda: worker.registry.get_sample_value("tertulia_crashes_total"))
        log = await rig.log_until_closed(await rig.start(start(panel=ES_PANEL)))
        await rig.door.submit(broken, StopDebate())
    assert len(turns(log)) == 4
