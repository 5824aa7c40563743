"""What was corrected or taken back while nobody listened is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bots.chat.changed import MOST_PAGES, Changed
from bots.chat.surface import Refused, RetryAfter, Unknown
from engine.adapters.system_clock import SystemClock
from engine.debate.events import MessageEdited, MessageErased, MessageHeard, Place
from tests.chat.at_the_desk import ANA, HOME, QUESTION, AtTheDesk

PAGE = 2


class Thread:
    """A thread on paper, by the ids of its messages; `stumbles` are raised first."""

    def __init__(self, *messages: str, **edits: str) -> None:
        self.messages, self.edits = messages, {f"1.{n[1:]}": text for n, text in edits.items()}
        self.stumbles: list[Exception] = []
        self.pages = 0

    def before(self, message: str) -> str:
        return f"1.{int(message[2:]) - 1}"

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, str]]:
        self.pages += 1
        if self.stumbles:
            raise self.stumbles.pop(0)
        return [(m, m) for m in self.messages if m > after][:PAGE]

    async def edited(self, place: Place, message: str) -> str | None:
        return self.edits.get(message)


async def heard(here: AtTheDesk, *messages: str) -> str:
    """A debate that heard these; its id."""
    debate = (await here.desk.ask(QUESTION, ANA)).debate
    assert debate is not None
    for message in messages:
        await here.desk.say(f"Words {message}.", ANA, None, message)
    return debate


async def looked(here: AtTheDesk, debate: str, thread: Thread) -> list[object]:
    """What came of a look: the edits' texts, and the numbers of what was erased."""
    before = len(await here.events(debate))
    await Changed(here.door, SystemClock(), thread).look(debate, HOME)
    found: list[object] = []
    for event in (await here.events(debate))[before:]:
        assert isinstance(event, MessageEdited | MessageErased)
        found.append(event.text if isinstance(event, MessageEdited) else event.message)
    return found


async def test_what_is_gone_is_erased_and_what_was_changed_is_corrected(here: AtTheDesk) -> None:
    debate = await heard(here, "1.11", "1.12", "1.13", "1.14")
    thread = Thread("1.10", "1.11", "1.13", "1.14", "1.15", _13="Other words.")
    assert await looked(here, debate, thread) == ["1.12", "Other words."]
    assert await looked(here, debate, thread) == [], "looked at again, nothing is new"
    (first, *_rest) = [e for e in await here.events(debate) if isinstance(e, MessageHeard)]
    assert first.text == "Words 1.11."


async def test_where_nothing_changed_nothing_is_written(here: AtTheDesk) -> None:
    debate = await heard(here, "1.11", "1.12")
    assert await looked(here, debate, Thread("1.11", "1.12", _12="Words 1.12.")) == []


async def test_what_a_reading_did_not_reach_is_not_taken_for_gone(here: AtTheDesk) -> None:
    debate = await heard(here, "1.11", "1.90")
    others = [f"1.{n}" for n in range(11, 11 + MOST_PAGES * PAGE + 3)]
    thread = Thread(*others)
    assert await looked(here, debate, thread) == []
    assert thread.pages == MOST_PAGES


async def test_a_thread_that_cannot_be_read_has_lost_nothing(here: AtTheDesk) -> None:
    debate = await heard(here, "1.11")
    thread = Thread()
    thread.stumbles = [RetryAfter(0.01), Refused("gone")]
    assert await looked(here, debate, thread) == []


async def test_a_thread_that_shows_nothing_at_all_has_lost_nothing(here: AtTheDesk) -> None:
    """Discord shows none of what was said before to a bot that may not read the history."""
    debate = await heard(here, "1.11")
    assert await looked(here, debate, Thread()) == []


async def test_a_debate_in_which_nobody_spoke_costs_no_call(here: AtTheDesk) -> None:
    thread = Thread()
    assert await looked(here, await heard(here), thread) == []
    assert thread.pages == 0


async def test_it_is_tried_a_few_times(here: AtTheDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bots.chat.changed.AGAIN_S", 0.01)
    debate = await heard(here, "1.11")
    thread = Thread("1.20")
    thread.stumbles = [Unknown(), RetryAfter(0.01)]
    assert await looked(here, debate, thread) == ["1.11"]


async def test_a_log_of_a_newer_version_is_left_to_it(here: AtTheDesk) -> None:
    debate = await heard(here, "1.11")
    here.door.newer = frozenset({debate})
    thread = Thread()
    await Changed(here.door, SystemClock(), thread).look(debate, HOME)
    assert thread.pages == 0
