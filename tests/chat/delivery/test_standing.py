"""What a surface is told when a thread stands, and when its holder died."""

from __future__ import annotations

import asyncio
from functools import partial

from tests.chat.delivery.given import HOME, TURNS, Bench, Process, texts_of, until


async def test_whoever_takes_a_thread_over_from_the_dead_is_told(bench: Bench) -> None:
    debate, reached = await bench.debate(HOME), asyncio.Event()

    async def stall(n: int) -> None:
        if n == 2:
            reached.set()
            await asyncio.Event().wait()

    async with bench.process() as one:
        one.surface.before_it_stands = stall
        await debate.grow(TURNS[0])
        await asyncio.wait_for(reached.wait(), 30)
        assert one.surface.taken_over == []
        await one.kill()
    async with bench.process() as two:
        await until(lambda: stood(two, 2))
        assert two.surface.taken_over == [HOME.thread]
        await until(partial(given_back, bench))
    async with bench.process() as three:
        await debate.grow(TURNS[1])
        await until(lambda: stood(three, 3))
        assert three.surface.taken_over == [], "who gives it back leaves nothing"


async def test_whoever_comes_back_to_a_thread_that_another_one_holds_is_told(
    bench: Bench,
) -> None:
    debate, thaw = await bench.debate(HOME), asyncio.Event()

    async def stall() -> None:
        await thaw.wait()

    async with bench.process(frozen=True) as one:
        one.readers.before_record = stall
        await debate.grow(TURNS[0])
        await bench.shown(HOME, 1)
        async with bench.process() as two:
            await bench.recorded(debate, HOME, 2)
            thaw.set()
            await until(lambda: has_lost_it(one))
            assert two.surface.lost == []


async def test_what_comes_while_a_thread_stands_is_shown_by_whoever_holds_it(
    bench: Bench,
) -> None:
    debate, grown, reached = await bench.debate(HOME), asyncio.Event(), asyncio.Event()

    async def look_on(n: int) -> bool:
        if n == 2:
            reached.set()
            await grown.wait()
        return n == 2

    async with bench.process() as one:
        one.surface.before_it_stands = look_on
        await debate.grow(TURNS[0])
        await asyncio.wait_for(reached.wait(), 30)
        async with bench.process():
            await debate.grow(TURNS[1])
            grown.set()
            await until(lambda: stood(one, 3))
    assert bench.server.texts(HOME.thread) == texts_of(TURNS[:2])


async def has_lost_it(process: Process) -> bool:
    """Whether it was told."""
    return HOME.thread in process.surface.lost


async def given_back(bench: Bench) -> bool:
    """Whether nobody holds a thread."""
    return await bench.mail_left() == 0


async def stood(process: Process, n: int) -> bool:
    """Whether the thread was shown everything up to there."""
    return (HOME.thread, n) in process.surface.stood
