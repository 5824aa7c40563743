"""What takes longer than Slack waits: it is done once, in its order, and people are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from engine.debate.events import MessageHeard
from tests.fakes.slack.faults import waits_for
from tests.fakes.slack.people import Person
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house
from tests.slackbot.test_bot_faults import begins
from tests.slackbot.test_bot_going_wrong import silent
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import Town, town

QUICK = replace(HASTY, answer=0.5)
STILL = "That takes longer than usual"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, waits=SlackTiming(retries_s=(0.1, 0.5, 1.0))) as opened:
        yield opened


def told(person: Person, home: House, thread: str | None = None) -> list[str]:
    """What they alone are shown, in a thread or beside it."""
    seen = person.sees_thread(home.general, thread) if thread else person.sees(home.general)
    return [one.text for one in seen if one.is_ephemeral]


async def test_a_form_is_taken_once_however_long_the_engine_needs(
    home: House, server: RedisServer
) -> None:
    async with home.bot(QUICK):
        await home.luis.runs("/debate", "", home.general)
        with silent(server):
            outcome = await home.luis.submits({"topic": "Night buses?", "pace": "live"})
            assert outcome is not None
            assert outcome.is_acknowledged
            assert home.luis.modal is None
        await home.until_async(lambda: count(home), 1)
        await home.closed()
    assert told(home.luis, home)[0].startswith(STILL)


async def test_a_press_that_takes_long_is_done_once_and_not_broken_off(
    home: House, server: RedisServer
) -> None:
    async with home.bot(QUICK):
        root = await begins(home, 1)
        with silent(server):
            assert (await home.ana.presses(home.card(), "do:skip")).is_acknowledged
        await home.until(lambda: any("skipped" in text for text in home.texts()))
        home.speaker.go_on()
        await home.closed()
    assert len([text for text in home.texts() if "skipped" in text]) == 1
    assert len(told(home.ana, home, root)) == 1


async def test_what_is_refused_after_the_form_was_closed_is_given_back(
    home: House, server: RedisServer
) -> None:
    async with home.bot(QUICK):
        root = await begins(home, 0)
        await home.luis.presses(home.card(), "seat")
        await home.luis.submits({"seat": "ai-researcher"})
        await home.until(lambda: any("takes AI Researcher" in text for text in home.texts()))
        home.speaker.go_on()
        await home.until(lambda: [p for p in home.luis.pings if p.why == "user"])
        await home.luis.presses(home.card(), "seat")
        words = "word " * 501
        with silent(server):
            await home.luis.submits({"answer": words, "question": "Why?"})
            assert home.luis.modal is None
        await home.until(lambda: any("502 words" in text for text in told(home.luis, home, root)))
    given_back = told(home.luis, home, root)[-1]
    assert words.strip() in given_back
    assert given_back.endswith("Why?")


async def test_in_a_thread_the_first_is_heard_first_and_other_threads_do_not_wait(
    home: House,
) -> None:
    """Slack is slow to tell who Luis is."""
    answered = asyncio.Event()
    async with home.bot():
        root = await begins(home, 1)
        slow = [waits_for(answered)] * 2
        home.slack.faults.plan("users.info", *slow, where=lambda args: args["user"] == luis(home))
        home.luis.says(home.general, "First.", thread=root)
        await home.until(lambda: home.slack.faults.pending == 1)
        home.ana.says(home.general, "Second.", thread=root)
        home.ana.says(home.general, f"@tertulia debate {QUESTION}")
        await home.until_async(lambda: count(home), 2)
        debate = (await home.debates.recent(9))[-1].debate
        await home.until_async(lambda: said_in(home, debate), ["First.", "Second."])
        answered.set()


def luis(home: House) -> str:
    return home.luis.user.id


async def said_in(home: House, debate: str) -> list[str]:
    """What people said, as its log has it."""
    events = [record.event for record in await home.debates.records(debate)]
    return [event.text for event in events if isinstance(event, MessageHeard)]


async def test_over_http_what_cannot_be_placed_is_not_acknowledged_and_is_sent_again(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> None:
    """A process that has just started knows no workspace yet; it is all one event to it."""
    async with town(server, shard, unused_tcp_port) as here:
        serve_http(here)
        place, slack = here.team("north"), here.home.slack
        slack.sockets.timing = replace(slack.sockets.timing, retries_s=(0.1, 1.0, 2.0, 4.0))
        async with here.home.bot(mode="http"):
            await place.installs()
        async with here.home.bot(mode="http"):
            with silent(server):
                place.admin.says(place.general, f"@tertulia debate {QUESTION}")
                mention = slack.deliveries.all[-1]
                await here.home.until(lambda: len(mention.outcomes) > 1)
                assert not mention.is_heard
            await here.home.until(lambda: mention.is_heard)
            await here.home.until_async(lambda: count(here.home), 1)
            await slack.deliveries.settle()
        assert await count(here.home) == 1


def serve_http(here: Town) -> None:
    """The app's manifest sends everything to the bot's own server."""
    settings, url = here.app.manifest["settings"], f"{here.url}/slack/events"
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = url
    settings["interactivity"]["request_url"] = url
    here.app.manifest["features"]["slash_commands"][0]["url"] = url


async def count(home: House) -> int:
    return len(await home.debates.recent(9))
