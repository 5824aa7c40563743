"""What was missed is read back once, from where a thread was last heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bots.chat.missed import Missed
from bots.chat.surface import Refused, RetryAfter, Unknown
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from tests.chat.at_the_desk import ANA, BEA, HOME, QUESTION, THERE, AtTheDesk, at

OTHER = Place("chat:T1", "general", "2.0")


class Shelf:
    """Threads on paper; `stumbles` are raised first, one a page."""

    def __init__(self, **threads: list[str]) -> None:
        self.threads = threads
        self.taken: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.stumbles: list[Exception] = []
        self.told: list[tuple[str, float | None]] = []

    def is_here(self, place: Place) -> bool:
        return place.workspace == HOME.workspace

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, str]]:
        self.asked.append((place.thread, after))
        if self.stumbles:
            raise self.stumbles.pop(0)
        thread = self.threads[f"t{place.thread.partition('.')[0]}"]
        found = [m for m in thread if float(m) > float(after)]
        return [(m, m) for m in found[:2]]

    def before(self, message: str) -> str:
        return f"{float(message) - 0.01:.2f}"

    async def edited(self, place: Place, message: str) -> str | None:
        return None

    async def take(self, place: Place, message: str) -> None:
        self.taken.append(message)

    def waits(self, debate: str, place: Place, seconds: float | None) -> None:
        self.told.append((place.thread, seconds))


class Hasty(SystemClock):
    """It waits for nothing."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


@asynccontextmanager
async def reading(here: AtTheDesk, shelf: Shelf) -> AsyncIterator[Missed[str]]:
    """It reads once it may."""
    missed = Missed(here.door, Hasty(), shelf)
    task = asyncio.create_task(missed.run())
    try:
        yield missed
    finally:
        task.cancel()


async def read(missed: Missed[str], shelf: Shelf, taken: list[str]) -> None:
    """Until so much is taken in."""
    missed.read()
    async with asyncio.timeout(10):
        while shelf.taken != taken:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_open_threads_are_read_page_by_page_from_the_mark_on(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    await here.places.set_heard_to(HOME, "1.3")
    shelf = Shelf(t1=["1.2", "1.3", "1.4", "1.5", "1.6"])
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["1.4", "1.5", "1.6"])
        await until_heard_to(here, "1.6")


async def test_a_thread_without_a_mark_is_read_from_its_beginning(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    shelf = Shelf(t1=["1.1", "1.2"])
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["1.2"])


async def test_nothing_is_marked_while_something_may_be_missing(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    shelf = Shelf(t1=["1.2", "1.3"])
    async with reading(here, shelf) as missed:
        await missed.heard(HOME, "1.3")
        assert await here.places.heard_to(HOME) is None, "1.2 may not have been heard"
        await read(missed, shelf, ["1.2", "1.3"])
        await until_heard_to(here, "1.3")
        await marked(here, missed, "1.4")
        missed.lose()
        await missed.heard(HOME, "1.9")
        assert await here.places.heard_to(HOME) == "1.4"


async def test_limits_are_waited_for_and_a_thread_that_is_gone_is_passed_over(
    here: AtTheDesk,
) -> None:
    await here.desk.ask(QUESTION, ANA)
    await here.desk.ask(QUESTION, at(BEA, OTHER))
    shelf = Shelf(t1=["1.2"], t2=["2.1"])
    shelf.stumbles = [Refused("gone"), RetryAfter(0.01), RetryAfter(0.01)]
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["1.2"])
    assert [thread for thread, _after in shelf.asked].count("2.0") == 1


async def test_all_who_wait_for_a_limit_are_told_how_long(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    await here.desk.ask(QUESTION, at(BEA, OTHER))
    shelf = Shelf(t1=["1.2"], t2=["2.1"])
    shelf.stumbles = [RetryAfter(60)]
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["2.1", "1.2"])
        await until_heard_to(here, "1.2")
    assert shelf.told[:3] == [("2.0", 60), (HOME.thread, 120), ("2.0", None)]


async def test_what_was_heard_while_a_gap_was_read_is_marked_once_it_is(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    shelf = Shelf(t1=["1.2"])
    async with reading(here, shelf) as missed:
        await missed.heard(HOME, "1.5")
        assert await here.places.heard_to(HOME) is None
        missed.read()
        await until_heard_to(here, "1.5")


async def test_threads_of_other_places_are_not_read(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, at(ANA, THERE))
    shelf = Shelf(t9=["9.95"])
    async with reading(here, shelf) as missed:
        missed.read()
        await marked(here, missed, "1.4")
    assert shelf.asked == []


async def marked(here: AtTheDesk, missed: Missed[str], message: str) -> None:
    """Waits until nothing is missing, so that a message is marked as it is heard."""
    async with asyncio.timeout(10):
        while await here.places.heard_to(HOME) != message:
            await missed.heard(HOME, message)
            await asyncio.sleep(0.01)


async def until_heard_to(here: AtTheDesk, message: str) -> None:
    async with asyncio.timeout(10):
        while await here.places.heard_to(HOME) != message:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_thread_that_cannot_be_read_holds_up_no_other(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    await here.desk.ask(QUESTION, at(BEA, OTHER))
    shelf = Shelf(t1=["1.2"], t2=["2.1"])
    shelf.stumbles = [Unknown("no answer")]
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["1.2"])
    assert [thread for thread, _after in shelf.asked][:2] == ["2.0", "1.1"]


async def test_a_log_of_a_newer_version_holds_up_no_other(here: AtTheDesk) -> None:
    newer = (await here.desk.ask(QUESTION, ANA)).debate
    await here.desk.ask(QUESTION, at(BEA, OTHER))
    assert newer is not None
    here.door.newer = frozenset({newer})
    shelf = Shelf(t1=["1.2"], t2=["2.1"])
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["2.1"])


class Stumbling(Shelf):
    """Something is wrong with every message of the second thread."""

    async def take(self, place: Place, message: str) -> None:
        if place == OTHER:
            raise LookupError(message)
        await super().take(place, message)


async def test_a_thread_with_which_something_is_wrong_holds_up_no_other(here: AtTheDesk) -> None:
    await here.desk.ask(QUESTION, ANA)
    await here.desk.ask(QUESTION, at(BEA, OTHER))
    shelf = Stumbling(t1=["1.2"], t2=["2.1"])
    async with reading(here, shelf) as missed:
        await read(missed, shelf, ["1.2"])
