"""Every event is shown once, in order, whoever is killed or frozen, and when."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from engine.debate.events import MessageErased, MessageHeard, MirrorOpened
from tests.chat.delivery.given import (
    ANA,
    HOME,
    LEASE_MS,
    LONG,
    TURNS,
    Bench,
    Debate,
    Process,
    stalls,
    texts_of,
    thread,
    until,
    words_of,
)
from tests.chat.logs import turn
from tests.fakes.thread_server import answer_after, break_off, fail, lose_answer, too_many, wait_for


async def test_killed_after_the_post_and_before_the_answer(bench: Bench) -> None:
    debate, never = await bench.debate(HOME), asyncio.Event()
    bench.server.will("100", answer_after(never))
    async with bench.process() as one:
        await debate.grow(*TURNS)
        await bench.shown(HOME, 1)
        await one.kill()
    never.set()
    async with bench.process():
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_killed_while_the_post_is_on_its_way(bench: Bench) -> None:
    debate, landing = await bench.debate(HOME), asyncio.Event()
    bench.server.will("100", wait_for(landing))
    async with bench.process() as one:
        await debate.grow(*TURNS)
        await bench.server.until(lambda: ("post", "100") in bench.server.asked)
        await one.kill()
    async with bench.process(lands_within_s=0.3) as two:
        await until(two.log.is_read)
        landing.set()
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


@pytest.mark.parametrize("posted", [1, 3, 6])
async def test_killed_between_the_answer_and_the_record(bench: Bench, posted: int) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as one:
        reached = stalls(one, at=posted)
        await debate.grow(*TURNS)
        await asyncio.wait_for(reached.wait(), 5)
        await one.kill()
    assert len(bench.server.texts("100")) == posted
    async with bench.process():
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_killed_over_what_stands_below_the_last_event(bench: Bench) -> None:
    debate, reached = await bench.debate(HOME), asyncio.Event()

    async def stall(n: int) -> None:
        if n == 7:
            reached.set()
            await asyncio.Event().wait()

    async with bench.process() as one:
        one.surface.before_it_stands = stall
        await debate.grow(*TURNS)
        await asyncio.wait_for(reached.wait(), 30)
        await one.kill()
    assert ("100", 7) not in one.surface.stood
    async with bench.process() as two:
        await until(lambda: _stood(two, 7))
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_post_that_was_not_sent_when_the_lease_ended_is_never_sent(bench: Bench) -> None:
    debate, reached, thaw = await bench.debate(HOME), asyncio.Event(), asyncio.Event()

    async def stall_once() -> None:
        if not reached.is_set():
            reached.set()
            await thaw.wait()

    async with bench.process(frozen=True) as one:
        one.surface.before_it_posts = stall_once
        await debate.grow(*TURNS)
        await asyncio.wait_for(reached.wait(), 30)
        await bench.recorded(debate, HOME, 7)
        thaw.set()
        await until(one.log.is_read)
    assert bench.server.texts("100") == texts_of(TURNS)


async def _stood(process: Process, n: int) -> bool:
    return ("100", n) in process.surface.stood


async def test_killed_in_mid_turn_and_gone_on_with_by_a_version_of_other_limits(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as one:
        reached = stalls(one, at=2)
        await debate.grow(LONG)
        await asyncio.wait_for(reached.wait(), 5)
        await one.kill()
    async with bench.process(limit=700):
        await bench.recorded(debate, HOME, 2)
    shown = bench.server.texts("100")
    assert words_of(shown) == LONG.answer.split()
    assert len(shown[0]) <= 500 < len(shown[2])


@pytest.mark.parametrize("words", [5, 80])
async def test_a_message_taken_back_in_mid_delivery_costs_the_next_turn_no_word(
    bench: Bench, words: int
) -> None:
    mirror = thread("500")
    debate = await bench.debate(HOME, mirror)
    said = MessageHeard(ANA, LONG.answer, message="m1", place=HOME)
    spoken = replace(TURNS[0], answer=" ".join(f"word{n:02}" for n in range(words)))
    async with bench.process() as one:
        await debate.grow(MirrorOpened(mirror))
        await bench.recorded(debate, mirror, 2)
        await bench.recorded(debate, HOME, 2)
        reached = stalls(one, at=2)
        await debate.grow(said)
        await asyncio.wait_for(reached.wait(), 5)
        await debate.grow(spoken)
        await one.kill()
    await debate.grow(MessageErased(3, (), "m1", ANA), erase=(3,))
    async with bench.process():
        await bench.recorded(debate, mirror, 5)
    shown = " ".join(bench.server.texts("500")).split()
    assert [word for word in shown if word.startswith("word")] == spoken.answer.split()


async def test_a_frozen_process_comes_back_to_find_that_it_is_no_longer_its_turn(
    bench: Bench,
) -> None:
    debate, thaw = await bench.debate(HOME), asyncio.Event()
    bench.server.will("100", answer_after(thaw))
    async with bench.process(frozen=True) as one:
        await debate.grow(*TURNS)
        await bench.shown(HOME, 1)
        async with bench.process():
            await bench.recorded(debate, HOME, 7)
            thaw.set()
            one.ask_to_stop()
            await one.ended()
    assert bench.server.texts("100") == texts_of(TURNS)
    assert (await bench.readers().standing(debate.id, HOME)).cursor.n == 7


async def test_nothing_is_posted_under_a_lease_that_ran_out_while_it_was_waited(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    bench.server.will("100", too_many(3 * LEASE_MS / 1000))
    async with bench.process(frozen=True) as one:
        await debate.grow(*TURNS)
        await bench.server.until(lambda: ("post", "100") in bench.server.asked)
        async with bench.process():
            await bench.recorded(debate, HOME, 7)
            await asyncio.sleep(3 * LEASE_MS / 1000)
            one.ask_to_stop()
            await one.ended()
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_two_processes_race_and_every_event_is_shown_once(bench: Bench) -> None:
    threads = [thread(f"{n}") for n in range(200, 205)]
    debates = [await bench.debate(place) for place in threads]
    async with bench.process(), bench.process():
        for spoken in TURNS:
            await asyncio.gather(*(debate.grow(spoken) for debate in debates))
        for debate, place in zip(debates, threads, strict=True):
            await bench.recorded(debate, place, 7)
    for place in threads:
        assert bench.server.texts(place.thread) == texts_of(TURNS)


@pytest.mark.parametrize("seed", range(2))
async def test_kills_and_faults_in_any_order_lose_double_and_swap_nothing(
    bench: Bench, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - to be repeated
    debate = await bench.debate(HOME)
    faults = [lose_answer(), break_off(), fail(), too_many(0.05)]
    bench.server.will("100", *dice.choices(faults, k=8))
    growing = asyncio.create_task(_grow_slowly(debate, dice))
    for shown in sorted(dice.sample(range(12), 4)):
        async with bench.process(lands_within_s=0.1) as process:
            await bench.shown(HOME, shown)
            await asyncio.sleep(dice.random() / 100)
            await process.kill()
    async with bench.process(lands_within_s=0.1):
        await growing
        await bench.recorded(debate, HOME, 13)
    assert bench.server.texts("100") == texts_of([turn(n) for n in range(1, 13)])


async def _grow_slowly(debate: Debate, dice: random.Random) -> None:
    for number in range(1, 13):
        await debate.grow(turn(number))
        await asyncio.sleep(dice.random() / 50)
