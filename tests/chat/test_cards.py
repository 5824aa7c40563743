"""Cards tell how their debates stand, whoever showed them last."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bots.chat.cards import Card, Cards
from bots.chat.surface import Refused
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.debate.state import Debate
from tests.chat.at_the_desk import ANA, HOME, AtTheDesk, at

OTHER = Place("chat:T1", "general", "2.0")


class Wall:
    """A `Board`; `shown` is what its one card shows."""

    def __init__(self) -> None:
        self.shown: list[Card] = []
        self.looked = 0
        self.gone = ""
        """A message that cannot be edited, once."""

    def card(self, debate: str, state: Debate, unheard_s: float = 0.0) -> Card:
        return {"debate": debate, "paused": state.paused, "unheard_s": unheard_s}

    async def find(self, debate: str, place: Place) -> str | None:
        self.looked += 1
        return "1.1" if self.shown else None

    async def post(self, place: Place, card: Card) -> str:
        self.shown.append(card)
        return "1.1"

    async def edit(self, place: Place, message: str, card: Card) -> None:
        if message == self.gone:
            self.gone = ""
            raise Refused("message_not_found")
        self.shown.append(card)


@contextmanager
def running(here: AtTheDesk, wall: Wall) -> Iterator[Cards]:
    """The cards as one process sees to them."""
    cards = Cards(wall, here.door, SystemClock(), 0.0, 0.0)
    task = asyncio.create_task(cards.run())
    try:
        yield cards
    finally:
        task.cancel()


async def until_shown(wall: Wall, count: int) -> None:
    async with asyncio.timeout(30):
        while len(wall.shown) < count:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)


async def test_what_another_process_showed_meanwhile_does_not_stay(here: AtTheDesk) -> None:
    wall, debate = Wall(), await here.started()
    with running(here, wall) as first, running(here, wall) as second:
        for number, (cards, wish) in enumerate(
            ((first, ""), (second, "pause"), (first, "resume")), start=1
        ):
            if wish:
                await here.desk.ask(wish, ANA)
            cards.stands(debate, HOME, await here.door.load(debate))
            await until_shown(wall, number)
    assert [card["paused"] for card in wall.shown] == [False, True, False]


async def test_a_card_that_is_late_shows_how_the_debate_stands_by_then(here: AtTheDesk) -> None:
    wall, debate = Wall(), await here.started()
    before = await here.door.load(debate)
    await here.desk.ask("pause", ANA)
    with running(here, wall) as cards:
        cards.stands(debate, HOME, before)
        await until_shown(wall, 1)
    assert wall.shown[-1]["paused"]


async def test_a_card_says_how_long_it_takes_to_read_what_was_missed(here: AtTheDesk) -> None:
    wall, debate = Wall(), await here.started()
    with running(here, wall) as cards:
        cards.behind(debate, HOME, 60.0)
        await until_shown(wall, 1)
        cards.behind(debate, HOME, None)
        await until_shown(wall, 2)
    first, then = [card["unheard_s"] for card in wall.shown]
    assert 50 < first <= 60
    assert then == 0


async def test_the_next_process_knows_the_card_without_looking_for_it(here: AtTheDesk) -> None:
    wall, debate = Wall(), await here.started()
    state = await here.door.load(debate)
    for number in (1, 2):
        with running(here, wall) as cards:
            cards.stands(debate, HOME, state)
            await until_shown(wall, number)
            await noted(here, debate)
    assert wall.looked == 1


async def test_a_card_that_was_taken_away_is_posted_anew(here: AtTheDesk) -> None:
    wall, debate = Wall(), await here.started()
    await here.places.set_card(debate, "0.9")
    wall.gone = "0.9"
    with running(here, wall) as cards:
        cards.stands(debate, HOME, await here.door.load(debate))
        await until_refused(wall)
        cards.stands(debate, HOME, await here.door.load(debate))
        await until_shown(wall, 1)
        await noted(here, debate)


async def noted(here: AtTheDesk, debate: str) -> None:
    async with asyncio.timeout(30):
        while await here.places.card(debate) != "1.1":  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_refused(wall: Wall) -> None:
    async with asyncio.timeout(30):
        while wall.gone:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_mirror_that_is_read_gets_no_card_and_keeps_none_from_the_home(
    here: AtTheDesk,
) -> None:
    wall, debate = Wall(), await here.started()
    with running(here, wall) as cards:
        cards.behind(debate, OTHER, 60.0)
        cards.stands(debate, HOME, await here.door.load(debate))
        await until_shown(wall, 1)
        cards.behind(debate, OTHER, 60.0)
        cards.behind(debate, OTHER, None)
        cards.stands(debate, HOME, await here.door.load(debate))
        await until_shown(wall, 2)
    assert [card["unheard_s"] for card in wall.shown] == [0, 0]


async def test_a_log_of_a_newer_version_holds_up_no_other_card(here: AtTheDesk) -> None:
    wall, newer = Wall(), await here.started()
    other = await here.started(asker=at(ANA, OTHER))
    states = [await here.door.load(debate) for debate in (newer, other)]
    here.door.newer = frozenset({newer})
    with running(here, wall) as cards:
        cards.stands(newer, HOME, states[0])
        cards.stands(other, OTHER, states[1])
        await until_shown(wall, 1)
    assert wall.shown[0]["debate"] == other
