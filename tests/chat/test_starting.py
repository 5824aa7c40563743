"""A debate that begins beside all threads begins once, whoever dies over it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bots.chat.beginning import Beginning
from bots.chat.cards import Card, Cards
from bots.chat.desk import Upload
from bots.chat.grammar import Options, Start
from bots.chat.starting import OLD_MS, Root, Starting
from bots.chat.surface import Refused
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.debate.state import Debate
from tests.chat.at_the_desk import ANA, HOME, AtTheDesk, at

CHANNEL = replace(HOME, thread="")
HASTY_S = 0.4


class Field:
    """`Roots` that a test can stop from growing."""

    def __init__(self) -> None:
        self.cards: dict[str, Place] = {}
        """The place of each card that was posted and not removed, by its debate."""
        self.begun_in: dict[str, Place] = {}
        self.may_grow = asyncio.Event()
        self.may_grow.set()
        self.growing = 0
        """How many wait just now."""
        self.posts = 0
        self.refuses = False

    async def grow(self, debate: str, beside: Place, state: Debate, *, again: bool) -> Root:
        self.growing += 1
        try:
            await self.may_grow.wait()
        finally:
            self.growing -= 1
        if self.refuses:
            raise Refused("The channel is archived.")
        if not (again and debate in self.cards):
            self.posts += 1
            self.cards[debate] = replace(beside, thread=f"{self.posts}.1")
        return Root(self.cards[debate], self.cards[debate].thread)

    async def begun(self, debate: str, place: Place) -> None:
        self.begun_in[debate] = place

    async def remove(self, root: Root) -> None:
        self.cards = {d: place for d, place in self.cards.items() if place != root.place}


class Board:
    """A `Board` that nobody looks at."""

    def card(self, debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
        return {"debate": debate, "turns": len(state.turns)}

    async def find(self, debate: str, place: Place) -> str | None:
        return None

    async def post(self, place: Place, card: Card) -> str:
        return "1.1"

    async def edit(self, place: Place, message: str, card: Card) -> None:
        return


@pytest.fixture
def field() -> Field:
    return Field()


@pytest.fixture
def starting(here: AtTheDesk, field: Field) -> Starting:
    clock = SystemClock()
    return Starting(field, here.door, Cards(Board(), here.door, clock), here.new_id, clock, HASTY_S)


async def begun(here: AtTheDesk, starting: Starting, payload: str = "p1") -> Beginning:
    asker = at(ANA, CHANNEL)
    command = await here.desk.prepare(Start("¿Tabs?", Options(panel="ai-es")), asker)
    return await starting.begin(command, asker, [payload])


async def finished(here: AtTheDesk, starting: Starting) -> None:
    """Others finish until nothing is left over."""

    async def workspaces() -> list[str]:
        return [CHANNEL.workspace]

    finishing = asyncio.create_task(starting.finish(workspaces))
    try:
        async with asyncio.timeout(30):
            while await here.noted(CHANNEL.workspace):  # noqa: ASYNC110 - Redis announces nothing
                await asyncio.sleep(0.02)
    finally:
        finishing.cancel()


async def test_a_debate_hangs_from_the_card_that_was_posted_for_it(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    told = await begun(here, starting)
    answer = await starting.start(told)
    assert answer.debate == told.debate
    state = await here.door.load(told.debate)
    assert state.started.home == field.cards[told.debate]
    assert state.started.started_by == ANA.person
    assert not await here.noted(CHANNEL.workspace)


async def test_what_nobody_started_is_started_by_others(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    told = await begun(here, starting)
    await finished(here, starting)
    assert (await here.door.load(told.debate)).started.topic == "¿Tabs?"
    assert field.posts == 1


async def test_what_takes_too_long_is_gone_on_with_by_others(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    field.may_grow.clear()
    told = await begun(here, starting)
    answer = await starting.start(told)
    assert "empezará en cuanto pueda" in answer.text
    field.may_grow.set()
    await finished(here, starting)
    assert (await here.door.load(told.debate)).started.home == field.cards[told.debate]


async def test_of_several_that_were_left_none_waits_for_another(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    told = [await begun(here, starting, f"p{n}") for n in range(3)]
    field.may_grow.clear()

    async def let_grow() -> None:
        while field.growing < len(told):  # noqa: ASYNC110 - the field announces nothing
            await asyncio.sleep(0.01)
        field.may_grow.set()

    await asyncio.gather(finished(here, starting), asyncio.wait_for(let_grow(), 30))
    assert set(field.cards) == {one.debate for one in told}
    assert field.posts == 3


async def test_one_that_began_and_whose_note_stayed_is_left_as_it_is(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    told = await begun(here, starting)
    await starting.start(told)
    before = await here.door.records(told.debate)
    await here.places.begin(CHANNEL.workspace, told.debate, told.note(), 0)
    field.begun_in.clear()
    await finished(here, starting)
    assert await here.door.records(told.debate) == before
    assert field.begun_in == field.cards, "whoever began it may have died before it told"
    assert list(field.cards) == [told.debate]
    assert field.posts == 1


async def test_a_payload_that_came_twice_begins_one_debate_under_one_card(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    first, second = await begun(here, starting), await begun(here, starting)
    assert (await starting.start(first)).debate == first.debate
    assert (await starting.start(second)).debate is None
    assert list(field.cards) == [first.debate]
    assert not await here.noted(CHANNEL.workspace)


async def test_what_is_refused_is_told_and_not_tried_again(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    field.refuses = True
    answer = await starting.start(await begun(here, starting))
    assert "archived" in answer.text
    assert not await here.noted(CHANNEL.workspace)


async def test_notes_that_are_old_or_of_another_version_are_dropped(
    here: AtTheDesk, field: Field, starting: Starting
) -> None:
    told = await begun(here, starting)
    old = replace(told, at_ms=told.at_ms - OLD_MS - 1)
    await here.places.begin(CHANNEL.workspace, told.debate, old.note(), 0)
    await here.places.begin(CHANNEL.workspace, "t-other", '{"of": "another version"}', 0)
    await finished(here, starting)
    assert field.posts == 0
    assert await here.door.recent(9) == []


async def test_one_asked_for_in_a_thread_to_be_is_begun_there_by_others_with_its_material(
    here: AtTheDesk, field: Field
) -> None:
    opened: list[tuple[str, str]] = []

    async def open_thread(place: Place, topic: str) -> None:
        opened.append((place.thread, topic))

    clock, cards = SystemClock(), Cards(Board(), here.door, SystemClock())
    starting = Starting(
        *(field, here.door, cards, here.new_id, clock, HASTY_S), open_thread=open_thread
    )
    asker, file = at(ANA, HOME), Upload("facts.md", b"Nine hours.")
    wish = Start("¿Tabs?", Options(panel="ai-es"))
    told = await starting.begin(await here.desk.prepare(wish, asker, [file]), asker, ["p1"])
    again = await starting.begin(await here.desk.prepare(wish, asker), asker, ["p1"])
    await finished(here, starting)
    state = await here.door.load(told.debate)
    assert (state.started.home, state.material[0].text) == (HOME, "Nine hours.")
    assert opened == [(HOME.thread, "¿Tabs?")] * 2
    assert field.begun_in == {told.debate: HOME}, "the second payload tells of the first debate"
    assert again.debate != told.debate
