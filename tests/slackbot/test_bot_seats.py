"""Seats in Slack: taken by a form, spoken for by another, or in the thread."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.posting import Ping
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


def calls(home: House) -> list[Ping]:
    """How often Luis was called on."""
    return [ping for ping in home.luis.pings if ping.why == "user"]


async def seated(home: House, question: str = QUESTION) -> str:
    """Luis has a seat of a debate that is about to begin; its thread."""
    home.speaker.hold(0)
    await home.ana.runs("/debate", question, home.general)
    await home.until(lambda: home.ana.sees(home.general))
    await home.until_async(lambda: count(home), 1)
    await home.luis.presses(home.card(), "seat")
    await home.luis.submits({"seat": "ai-researcher"})
    await home.until(lambda: any("takes AI Researcher" in text for text in home.texts()))
    home.speaker.go_on()
    await home.until(lambda: calls(home))
    return home.card().ts


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def test_a_person_takes_a_seat_and_speaks_by_a_form(home: House) -> None:
    async with home.bot():
        await seated(home)
        await home.luis.presses(home.card(), "seat")
        await home.luis.submits({"answer": "Fewer, I say.", "question": "What would you lose?"})
        assert home.luis.modal is None
        await home.closed()
    spoken = next(seen for seen in home.thread() if "Fewer, I say." in seen.text)
    assert spoken.author == "luis (AI Researcher)"
    assert "→ AI Philosopher: What would you lose?" in spoken.text


async def test_an_answer_that_was_written_for_one_turn_is_not_spoken_as_a_later_one(
    home: House,
) -> None:
    """It stays in its form, so that whoever wrote it loses nothing."""
    async with home.bot():
        root = await seated(home, f"{QUESTION} rounds=2")
        await home.luis.presses(home.card(), "seat")
        form = home.luis.modal
        assert form is not None
        home.luis.says(home.general, "I say it here. What about you?", thread=root)
        await home.until(lambda: any("I say it here." in text for text in home.texts()))
        await home.until(lambda: len(calls(home)) == 2)
        await home.luis.submits({"answer": "Fewer, I say.", "question": "What would you lose?"})
        assert home.luis.modal is form
        assert form.errors == {"answer": "This turn is over; what you wrote was not said."}
        assert form.values["answer"]["answer"]["value"] == "Fewer, I say."
        home.luis.says(home.general, "Now this. And you?", thread=root)
        await home.closed()
    assert not any("Fewer, I say." in text for text in home.texts())
