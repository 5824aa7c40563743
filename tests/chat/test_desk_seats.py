"""What somebody in a seat writes is their turn once they can know that they are called on."""

from __future__ import annotations

import asyncio

from bots.chat.desk import NOTHING
from engine.adapters.redis_readers import RedisReaders
from engine.debate.commands import TakeSeat
from engine.debate.events import MessageHeard, TurnSpoken
from engine.ports.readers import Cursor, Hold, Shown
from tests.chat.at_the_desk import BEA, HOME, AtTheDesk, refused

CALLED_AT = "1790000005.000100"
BEFORE, AFTER = "1790000004.000100", "1790000006.000100"


async def test_words_from_before_the_call_are_heard_and_leave_the_turn_to_their_author(
    here: AtTheDesk,
) -> None:
    readers = here.readers()
    await readers.open()
    desk, debate = here.reading(readers), await here.started()
    await here.desk.ask("seat researcher", BEA)
    since = (await here.spoken(debate, 1)).waiting.since
    await desk.say("While nobody is called.", BEA, message=BEFORE)
    assert isinstance(await here.last(debate), MessageHeard), "the thread does not show the call"
    await show(readers, since)
    await desk.say("It was said earlier.", BEA, message="1790000004.000200")
    assert isinstance(await here.last(debate), MessageHeard)
    await desk.say("I measured it. Did you?", BEA, message=AFTER)
    (spoken,) = [e for e in await here.events(debate) if is_by_a_person(e)]
    assert isinstance(spoken, TurnSpoken)
    assert spoken.answer == "I measured it."


async def test_an_answer_that_is_quicker_than_the_record_of_the_call_is_their_turn(
    here: AtTheDesk,
) -> None:
    readers = here.readers()
    await readers.open()
    desk, debate = here.reading(readers), await here.started()
    await here.desk.ask("seat researcher", BEA)
    since = (await here.spoken(debate, 1)).waiting.since
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.say("I measured it. Did you?", BEA, message=AFTER))
        tasks.create_task(show(readers, since))
    assert any(is_by_a_person(event) for event in await here.events(debate))


async def test_what_was_meant_for_another_debate_does_nothing_to_this_one(here: AtTheDesk) -> None:
    debate = await here.started()
    wish = TakeSeat(BEA.actor, "ai-researcher")
    assert "another debate" in refused(await here.desk.submit(wish, BEA, debate="another"))
    assert await here.desk.submit(wish, BEA, debate=debate) == NOTHING


def is_by_a_person(event: object) -> bool:
    return isinstance(event, TurnSpoken) and event.by == "person"


async def show(readers: RedisReaders, event: int) -> None:
    """Records that the thread shows it."""
    (mail,) = await readers.take(1, 1_000)
    hold = await readers.acquire(mail)
    assert isinstance(hold, Hold)
    await readers.record(hold, Cursor(event, message=CALLED_AT), Shown(event, 0))
    await readers.drop(hold, clean=True)
    assert hold.place == HOME
