"""The main journeys pass between Slack and the bot exactly as their stored traces have it.

After a change that is meant, write them anew, and read what `git diff` shows:

    REWRITE_TRACES=1 .venv/bin/pytest tests/slackbot/test_bot_traces.py
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest

from engine.debate.events import MessageEdited, MessageErased, MessageHeard
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import town
from tests.slackbot.traces import compare


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_from_the_command_to_the_files(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
    compare(home.slack.trace, "debate")


async def test_a_mention_in_a_thread(home: House) -> None:
    home.speaker.hold(0)
    async with home.bot():
        said = home.luis.says(home.general, "Rents are up by a third.")
        home.luis.says(home.general, f"@tertulia debate {QUESTION}", thread=said.ts)
        thread = partial(home.luis.sees_thread, home.general, said.ts)
        await home.until(lambda: any(seen.buttons for seen in thread()))
        home.speaker.go_on()
        await home.until(lambda: any(seen.files for seen in thread()))
        home.luis.says(home.general, "@doomer what if you are wrong?", thread=said.ts)
        await home.until(lambda: any(seen.text.startswith("To luis:") for seen in thread()))
    compare(home.slack.trace, "mention")


async def test_pause_and_resume_by_button(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await stands(home, 1)
        await home.ana.presses(home.card(), "do:pause")
        await home.until(lambda: any("paused" in text for text in home.texts()))
        await home.until(lambda: "do:resume" in {b.action_id for b in home.card().buttons})
        await home.ana.presses(home.card(), "do:resume")
        await home.until(lambda: len(home.texts()) == 3)
    compare(home.slack.trace, "buttons")


async def test_a_seat_taken_and_spoken_for_by_forms(home: House) -> None:
    home.speaker.hold(0)
    async with home.bot():
        await stands(home, 0)
        await home.luis.presses(home.card(), "seat")
        await home.luis.submits({"seat": "ai-researcher"})
        await home.until(lambda: any("takes AI Researcher" in text for text in home.texts()))
        home.speaker.go_on()
        await home.until(lambda: [p for p in home.luis.pings if p.why == "user"])
        home.speaker.hold()
        await home.luis.presses(home.card(), "seat")
        await home.luis.submits({"answer": "Fewer, I say.", "question": "What would you lose?"})
        await home.until(lambda: any("Fewer, I say." in text for text in home.texts()))
    compare(home.slack.trace, "seat")


async def test_what_was_said_is_corrected_and_taken_back(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await stands(home, 1)
        said = home.luis.says(home.general, "Meetings bore me.", thread=home.card().ts)
        await home.until_async(lambda: heard(home), [MessageHeard])
        home.luis.edits(said, "Long meetings bore me.")
        await home.until_async(lambda: heard(home), [MessageHeard, MessageEdited])
        home.luis.deletes(said)
        await home.until_async(lambda: heard(home), [MessageHeard, MessageEdited, MessageErased])
    compare(home.slack.trace, "edits")


async def test_the_app_installed_by_oauth(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> None:
    async with town(server, shard, unused_tcp_port) as here, here.bot():
        place = here.team("north")
        await place.installs()
        await here.home.slack.deliveries.settle()
        here.home.speaker.hold(1)
        await place.admin.runs("/debate", QUESTION, place.general)
        await here.home.until(lambda: len(place.thread()) == 1)
        await here.home.slack.deliveries.settle()
        compare(here.home.slack.trace, "oauth")


async def stands(home: House, turns: int) -> None:
    """Ana's debate is there, with so many turns."""
    await home.ana.runs("/debate", QUESTION, home.general)
    await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == turns)


async def heard(home: House) -> list[type]:
    """What became of messages."""
    (listed,) = await home.debates.recent(1)
    kinds = [type(record.event) for record in await home.debates.records(listed.debate)]
    return [kind for kind in kinds if kind in (MessageHeard, MessageEdited, MessageErased)]
