"""Every event is shown once, in order, in the right thread, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bots.chat.delivery import loop
from bots.chat.delivery.loop import MOST_DELIVERIES
from engine.debate.events import DebatePaused, MessageHeard, MirrorOpened
from engine.ports.readers import Shown
from engine.ports.store import StoreAway
from tests.chat.delivery.given import (
    ANA,
    HOME,
    LONG,
    TURNS,
    Bench,
    texts_of,
    thread,
    until,
    words_of,
)
from tests.chat.logs import STARTED, closed
from tests.fakes.thread_server import (
    Fault,
    answer_after,
    break_off,
    fail,
    land_later,
    lose_answer,
    too_many,
    wait_for,
)


async def test_a_debate_is_shown_in_order_and_each_message_leads_to_its_event(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as process:
        for spoken in TURNS:
            await debate.grow(spoken)
        await debate.grow(closed())
        *turns, close = await bench.shown(HOME, 7)
        assert turns == texts_of(TURNS)
        assert "Hace falta un piloto." in close
        await bench.recorded(debate, HOME, 8)
        posted = bench.server.threads["100"]
        assert [message.pings for message in posted[:2]] == [("medica",), ("jurista",)]
        assert posted[-1].pings == (ANA.id,), "and at the close, who started it"
        messages = await process.readers.messages(debate.id, HOME)
        assert messages == {n: [posted[n - 2].id] for n in range(2, 9)}
        assert await process.readers.event_of(debate.id, HOME, posted[2].id) == Shown(4, 0)


async def test_a_long_turn_is_shown_in_parts_and_the_one_asked_is_called_once(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as process:
        await debate.grow(LONG)
        await bench.recorded(debate, HOME, 2)
        shown = bench.server.texts("100")
        assert len(shown) > 3
        assert words_of(shown) == LONG.answer.split()
        assert [len(message.pings) for message in bench.server.threads["100"]][:-1] == [0] * (
            len(shown) - 1
        )
        assert (await process.readers.messages(debate.id, HOME)).keys() == {2}


async def test_what_is_known_of_a_debate_is_not_read_again(bench: Bench) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as process:
        for n, spoken in enumerate(TURNS, start=2):
            await debate.grow(spoken)
            await bench.recorded(debate, HOME, n)
        await bench.shown(HOME, 6)
        assert process.log.read_after[-1] >= 5
        assert process.log.read_after.count(0) == 1


@pytest.mark.parametrize(
    "fault", [lose_answer, break_off, fail, lambda: too_many(0.05)], ids=lambda f: f.__name__
)
async def test_whatever_becomes_of_an_answer_the_turn_is_shown_once(
    bench: Bench, fault: Callable[[], Fault]
) -> None:
    debate = await bench.debate(HOME)
    bench.server.will("100", *(fault() for _ in range(3)))
    async with bench.process():
        await debate.grow(*TURNS)
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_post_that_lands_late_is_waited_for_before_it_is_looked_for(bench: Bench) -> None:
    debate, landing = await bench.debate(HOME), asyncio.Event()
    bench.server.will("100", land_later(bench.server, landing))
    async with bench.process(lands_within_s=0.3):
        await debate.grow(*TURNS)
        await bench.server.until(lambda: ("post", "100") in bench.server.asked)
        asyncio.get_running_loop().call_later(0.1, landing.set)
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_while_a_thread_cannot_be_read_back_nothing_is_posted_again(bench: Bench) -> None:
    debate = await bench.debate(HOME)
    bench.server.will("100", lose_answer())
    bench.server.unreadable.append("100")
    async with bench.process():
        await debate.grow(*TURNS)
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_slow_thread_holds_up_no_other(bench: Bench) -> None:
    slow, answered = thread("300"), asyncio.Event()
    debate, other = await bench.debate(slow), await bench.debate(HOME)
    bench.server.will("300", wait_for(answered))
    async with bench.process(lands_within_s=5.0):
        await debate.grow(*TURNS)
        await bench.server.until(lambda: ("post", "300") in bench.server.asked)
        await other.grow(*TURNS)
        await bench.recorded(other, HOME, 7)
        assert bench.server.texts("300") == []
        answered.set()
        await bench.recorded(debate, slow, 7)
    assert bench.server.texts("300") == texts_of(TURNS)


async def test_a_refused_thread_rests_with_its_reason_until_it_is_woken(bench: Bench) -> None:
    gone = thread("400")
    debate = await bench.debate(HOME, gone)
    bench.server.gone.add("400")
    async with bench.process() as process:
        await debate.grow(MirrorOpened(gone), *TURNS)
        await bench.recorded(debate, HOME, 8)
        readers = process.readers

        async def rests() -> bool:
            return (await readers.standing(debate.id, gone)).resting is not None

        await until(rests)
        why = (await readers.standing(debate.id, gone)).resting
        assert why is not None
        assert why.values == {"thread": "400"}
        asked = bench.server.asked.count(("post", "400"))
        await debate.grow(DebatePaused())
        await bench.recorded(debate, HOME, 9)
        assert bench.server.asked.count(("post", "400")) == asked
        bench.server.gone.clear()
        await readers.wake(debate.id, gone)
        await bench.recorded(debate, gone, 9)
    assert bench.server.texts("400")[1:7] == texts_of(TURNS)
    assert len(bench.server.texts("400")) == 8


async def test_a_thread_that_is_woken_as_it_is_laid_to_rest_is_tried_again(bench: Bench) -> None:
    debate, other = await bench.debate(HOME), bench.readers()
    bench.server.gone.add("100")

    async def woken() -> None:
        if bench.server.gone:
            bench.server.gone.clear()
            await other.wake(debate.id, HOME)
            await until(only_its_own_is_left)

    async def only_its_own_is_left() -> bool:
        for mail in await other.take(1, 1):
            await other.acquire(mail)
        return await bench.mail_left() == 1

    async with bench.process() as process:
        process.readers.before_rest = woken
        await debate.grow(*TURNS)
        await bench.recorded(debate, HOME, 9)
    assert bench.server.texts("100")[:6] == texts_of(TURNS)


async def test_a_debate_pauses_while_its_thread_takes_nothing_and_goes_on_once_it_does(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    bench.server.gone.add("100")
    async with bench.process() as process:
        await debate.grow(*TURNS)

        async def is_paused() -> bool:
            return (await debate.state()).paused

        await until(is_paused)
        obstacle = (await debate.state()).obstacle
        assert obstacle is not None
        assert obstacle.values == {"thread": "100"}
        bench.server.gone.clear()
        await process.readers.wake(debate.id, HOME)
        await bench.recorded(debate, HOME, 9)
        assert not (await debate.state()).paused
    paused, goes_on = bench.server.texts("100")[6:]
    assert "100" in paused
    assert goes_on == "El debate sigue."


async def test_a_mirror_that_takes_nothing_pauses_nothing(bench: Bench) -> None:
    gone = thread("400")
    debate = await bench.debate(HOME, gone)
    bench.server.gone.add("400")
    async with bench.process() as process:
        await debate.grow(MirrorOpened(gone), *TURNS)

        async def rests() -> bool:
            return (await process.readers.standing(debate.id, gone)).resting is not None

        await until(rests)
        assert not (await debate.state()).paused


async def test_an_event_of_a_newer_version_is_waited_for_and_left_to_it(bench: Bench) -> None:
    debate = await bench.debate(HOME)
    async with bench.process() as old:
        old.log.too_old = True
        await debate.grow(*TURNS)

        async def tried() -> bool:
            return len(old.readers.deliveries) >= 3

        await until(tried)
        assert set(old.readers.deliveries) == {1}, "it never failed"
        async with bench.process():
            await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_each_thread_is_shown_what_was_said_in_the_other_and_not_its_own(
    bench: Bench,
) -> None:
    mirror = thread("500")
    debate = await bench.debate(HOME, mirror)
    here = MessageHeard(ANA, "Dicho en casa.", message="m1", place=HOME)
    there = MessageHeard(ANA, "Dicho enfrente.", message="m2", place=mirror)
    async with bench.process():
        await debate.grow(TURNS[0], MirrorOpened(mirror), here, there, TURNS[1])
        await bench.recorded(debate, HOME, 6)
        await bench.recorded(debate, mirror, 6)
    at_home, in_mirror = bench.server.texts("100"), bench.server.texts("500")
    assert [at_home[0], *at_home[2:]] == [*texts_of(TURNS[:1]), there.text, *texts_of(TURNS[1:2])]
    assert in_mirror[1:] == [here.text, *texts_of(TURNS[1:2])]
    assert STARTED.topic in in_mirror[0]


async def test_stopping_ends_after_the_post_being_made_and_leaves_the_rest_in_order(
    bench: Bench,
) -> None:
    debate, answered = await bench.debate(HOME), asyncio.Event()
    bench.server.will("100", answer_after(answered))
    async with bench.process() as one:
        await debate.grow(*TURNS)
        await bench.shown(HOME, 1)
        one.ask_to_stop()
        await asyncio.sleep(0)
        answered.set()
        await one.ended()
    assert bench.server.texts("100") == texts_of(TURNS[:1])
    assert (await bench.readers().standing(debate.id, HOME)).cursor.n == 2
    async with bench.process(lands_within_s=60.0):
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)
    assert ("list", "100") not in bench.server.asked, "nothing was in doubt"


async def test_stopping_does_not_wait_for_a_thread_that_waits(bench: Bench) -> None:
    debate = await bench.debate(HOME)
    bench.server.will("100", too_many(3_600))
    async with bench.process() as one:
        await debate.grow(*TURNS)
        await bench.server.until(lambda: ("post", "100") in bench.server.asked)
        one.ask_to_stop()
        await one.ended()
    async with bench.process():
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_store_that_is_away_just_after_a_post_costs_no_second_one(bench: Bench) -> None:
    debate, away = await bench.debate(HOME), asyncio.Event()

    async def fails_once() -> None:
        if not away.is_set():
            away.set()
            raise StoreAway("Redis does not answer: {why}", why="gone")

    async with bench.process() as one:
        one.readers.before_record = fails_once
        await debate.grow(*TURNS)
        await asyncio.wait_for(away.wait(), 5)
        one.ask_to_stop()
        await one.ended()
    async with bench.process():
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_bug_over_one_debate_does_not_end_the_others(bench: Bench) -> None:
    broken = thread("600")
    one, other = await bench.debate(broken), await bench.debate(HOME)
    async with bench.process():
        await one.grow(replace(TURNS[0], persona="nobody"))
        await other.grow(*TURNS)
        await bench.recorded(other, HOME, 7)
    assert bench.server.texts("600") == []


async def test_a_thread_over_which_processes_fail_again_and_again_rests_until_one_starts(
    bench: Bench,
) -> None:
    debate = await bench.debate(HOME)
    (mail,) = await bench.readers().take(1, 1_000)
    await bench.delivered(mail, times=MOST_DELIVERIES + 1)
    async with bench.process() as process:

        async def rests() -> bool:
            return (await process.readers.standing(debate.id, HOME)).resting is not None

        await until(rests)
    assert bench.server.asked == []
    await debate.grow(*TURNS)
    async with bench.process() as better:
        await better.readers.open()
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_a_thread_over_which_processes_failed_is_tried_again_without_a_new_start(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "FAILED_RESTS_LEASES", 5)
    debate = await bench.debate(HOME)
    (mail,) = await bench.readers().take(1, 1_000)
    await bench.delivered(mail, times=MOST_DELIVERIES + 1)
    await debate.grow(*TURNS)
    async with bench.process():
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)
