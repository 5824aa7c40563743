"""What is said while no process listens to Slack reaches the debate, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from engine.debate.events import LateMessage, MessageEdited, MessageHeard
from tests.fakes.slack.faults import rate_limits
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    """In a Slack that sends no event again."""
    async with house(server, shard, waits=SlackTiming(retries_s=())) as opened:
        yield opened


async def texts(home: House) -> list[str]:
    """What was heard, in order."""
    (listed,) = await home.debates.recent(9)
    events = [record.event for record in await home.debates.records(listed.debate)]
    return [event.text for event in events if isinstance(event, MessageHeard)]


async def test_what_is_said_between_two_processes_reaches_the_debate(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        root = home.card().ts
        home.luis.says(home.general, "Heard by the first.", thread=root)
        await home.until_async(lambda: texts(home), ["Heard by the first."])
    home.luis.says(home.general, "Heard by nobody.", thread=root)
    home.ana.says(home.general, "@tertulia pause", thread=root)
    await home.slack.deliveries.settle()
    async with home.bot():
        await home.until_async(lambda: texts(home), ["Heard by the first.", "Heard by nobody."])
        await home.until(lambda: any("paused" in text for text in home.texts()))
        home.ana.says(home.general, "@tertulia resume", thread=root)
        home.speaker.go_on()
        await home.closed()
    assert await texts(home) == ["Heard by the first.", "Heard by nobody."]


async def test_what_was_corrected_or_taken_back_between_two_processes_is_noticed(
    home: House,
) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        root = home.card().ts
        wrong = home.luis.says(home.general, "I am worng.", thread=root)
        await home.until_async(lambda: texts(home), ["I am worng."])
        regretted = home.luis.says(home.general, "I regret this.", thread=root)
        await home.until_async(lambda: texts(home), ["I am worng.", "I regret this."])
    home.luis.edits(wrong, "I am wrong.")
    home.luis.deletes(regretted)
    await home.slack.deliveries.settle()
    async with home.bot():
        await home.until_async(lambda: texts(home), ["I am worng.", ""])
        await home.until_async(lambda: corrections(home), ["I am wrong."])
        home.speaker.go_on()
        await home.closed()
    async with home.bot():
        home.luis.says(home.general, "Thanks!", thread=root)
        await home.until_async(lambda: late(home), 1)
    assert await corrections(home) == ["I am wrong."]


async def corrections(home: House) -> list[str]:
    (listed,) = await home.debates.recent(9)
    events = [record.event for record in await home.debates.records(listed.debate)]
    return [event.text for event in events if isinstance(event, MessageEdited)]


async def late(home: House) -> int:
    (listed,) = await home.debates.recent(9)
    records = await home.debates.records(listed.debate)
    return len([record for record in records if isinstance(record.event, LateMessage)])


async def test_a_limit_on_reading_is_waited_for(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        root = home.card().ts
    home.luis.says(home.general, "Heard by nobody.", thread=root)
    await home.slack.deliveries.settle()
    home.slack.faults.plan(
        "conversations.replies", rate_limits(1), where=lambda args: args.get("oldest")
    )
    async with home.bot():
        await home.until_async(lambda: texts(home), ["Heard by nobody."])
        home.speaker.go_on()
        await home.closed()
    assert home.slack.faults.pending == 0


async def test_the_card_says_how_long_reading_takes_where_slack_has_it_wait(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
    home.slack.faults.plan(
        "conversations.replies", rate_limits(60), where=lambda args: args.get("oldest")
    )
    async with home.bot():
        words = "is still being read: about 1 min."
        await home.until(lambda: words in home.card().text)


async def test_what_stood_in_a_thread_before_its_debate_is_not_said_to_it(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        said = home.ana.says(home.general, "Should we move the office?")
        home.luis.says(home.general, "Rents are up.", thread=said.ts)
        home.luis.says(home.general, "@tertulia stop", thread=said.ts)
        await home.slack.deliveries.settle()
        await home.luis.takes_shortcut("debate_this", said)
        await home.luis.submits({"panel": "ai-en", "pace": "live"})
        await home.until_async(lambda: count(home), 1)
    home.luis.says(home.general, "Heard by nobody.", thread=said.ts)
    await home.slack.deliveries.settle()
    async with home.bot():
        await home.until_async(lambda: texts(home), ["Heard by nobody."])
        (listed,) = await home.debates.recent(9)
        assert not listed.closed
        home.speaker.go_on()


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def test_a_mention_in_a_thread_marks_it_though_a_gap_is_being_read(home: House) -> None:
    home.speaker.hold(1)
    home.slack.faults.plan("conversations.replies", rate_limits(30))
    async with home.bot():
        await home.ana.runs("/debate", f"{QUESTION} panel=ai-en", home.general)
        await home.until_async(lambda: count(home), 1)
    async with home.bot():
        said = home.ana.says(home.general, "Should we move the office?")
        home.luis.says(home.general, "Rents are up.", thread=said.ts)
        words = "@tertulia debate Should we move? panel=ai-en"
        asked = home.luis.says(home.general, words, thread=said.ts)
        await home.until_async(lambda: count(home), 2)
        place = next(listed.started.home for listed in await home.debates.recent(1))
        assert place is not None
        await home.until_async(lambda: home.debates.places.heard_to(place), asked.ts)


async def test_a_card_below_a_long_talk_is_found_by_the_next_process(home: House) -> None:
    home.speaker.hold(1)
    said = home.ana.says(home.general, "Should we move the office?")
    for number in range(120):
        home.luis.says(home.general, f"Reason {number}.", thread=said.ts)
    async with home.bot():
        words = f"@tertulia debate {QUESTION}"
        home.luis.says(home.general, words, thread=said.ts)
        await home.until(lambda: cards(home, said.ts))
    async with home.bot():
        home.speaker.go_on()
        await home.until(
            lambda: any(seen.files for seen in home.ana.sees_thread(home.general, said.ts))
        )
    assert cards(home, said.ts) == 1


def cards(home: House, root: str) -> int:
    return len([seen for seen in home.ana.sees_thread(home.general, root) if seen.buttons])
