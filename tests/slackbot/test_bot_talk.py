"""What people write in a thread, beside the plain cases of the journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bots.slackbot.board import CLAIM_S
from engine.debate.events import MaterialAdded, MessageErased
from tests.fakes.slack.faults import fails, rate_limits, refuses
from tests.fakes.slack.screen import Seen
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_faults import heard
from tests.slackbot.test_bot_going_wrong import paused, went_on
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_a_thread_that_was_refused_is_tried_again_when_somebody_writes_in_it(
    home: House,
) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        home.slack.faults.plan(
            "chat.postMessage", refuses("restricted_action"), where=lambda a: a.get("thread_ts")
        )
        home.speaker.go_on()
        await home.until_async(lambda: paused(home), True)
        said = home.luis.says(home.general, "Is anybody there?", thread=home.card().ts)
        thread = await home.closed()
    went_on([seen for seen in thread if seen.ts != said.ts])


async def test_a_file_that_came_with_a_mention_is_taken_back_with_its_message(
    home: House,
) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        words = "@tertulia mind these figures"
        said = home.luis.shares(
            home.general, "rents.txt", b"Up by a third.", words=words, thread=home.card().ts
        )
        await home.until_async(lambda: log(home), [MaterialAdded])
        await home.until_async(lambda: heard(home), ["mind these figures"])
        home.luis.deletes(said)
        erased = [MessageErased, MessageErased]  # the file, and the words
        await home.until_async(lambda: log(home), [MaterialAdded, *erased])
        home.speaker.go_on()


async def log(home: House) -> list[type]:
    """What became of material."""
    (listed,) = await home.debates.recent(9)
    events = [type(record.event) for record in await home.debates.records(listed.debate)]
    return [kind for kind in events if kind in (MaterialAdded, MessageErased)]


async def test_words_are_heard_though_their_file_will_not_do(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        root = home.card().ts
        home.luis.shares(home.general, "cat.png", b"\x89PNG", words="Look, a cat.", thread=root)
        await home.until_async(lambda: heard(home), ["Look, a cat."])
        await home.until(
            lambda: [s for s in home.luis.sees_thread(home.general, root) if s.is_ephemeral]
        )
        (told,) = [s for s in home.luis.sees_thread(home.general, root) if s.is_ephemeral]
        assert "cat.png is of a kind that cannot be read" in told.text
        home.speaker.go_on()


async def test_a_debate_begins_though_a_file_of_its_mention_will_not_do(home: House) -> None:
    async with home.bot():
        words = f"@tertulia debate {QUESTION}"
        said = home.luis.shares(home.general, "cat.png", b"\x89PNG", words=words)
        await home.until(
            lambda: (
                [s for s in home.luis.sees(home.general) if s.is_ephemeral]
                or [s for s in home.luis.sees_thread(home.general, said.ts) if s.is_ephemeral]
            )
        )
        assert len(await home.debates.recent(9)) == 1


async def test_whoever_is_refused_is_told_so_once_though_slack_sends_it_again(
    home: House,
) -> None:
    async with home.bot():
        home.luis.says(home.general, "@tertulia stop")
        await home.until(lambda: told_beside(home))
        home.slack.deliveries._start(home.slack.deliveries.all[-1])
        await home.slack.deliveries.settle()
        home.luis.says(home.general, "@tertulia pause")
        await home.until(lambda: len(told_beside(home)) > 1)
    assert len(told_beside(home)) == 2


async def test_a_choice_that_cannot_be_done_now_is_answered(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        root = home.card().ts
        home.luis.says(home.general, "@ai why?", thread=root)
        await home.until(lambda: told(home, root))
        (asked,) = told(home, root)
        home.slack.faults.plan("conversations.replies", fails(503), where=lambda a: a.get("latest"))
        await home.luis.presses(asked, asked.buttons[0].action_id)
        await home.until(lambda: len(told(home, root)) == 2)
        assert told(home, root)[1].text.startswith("That could not be done just now")
        await home.luis.presses(asked, asked.buttons[0].action_id)
        await home.until_async(lambda: heard(home), ["@ai why?"])
        home.speaker.go_on()


def told(home: House, root: str) -> list[Seen]:
    """What Luis alone is told in this thread."""
    return [seen for seen in home.luis.sees_thread(home.general, root) if seen.is_ephemeral]


def told_beside(home: House) -> list[Seen]:
    """And beside all threads."""
    return [seen for seen in home.luis.sees(home.general) if seen.is_ephemeral]


async def test_a_card_that_had_to_wait_is_posted_as_soon_as_it_may_be(home: House) -> None:
    home.slack.faults.plan(
        "chat.postMessage", rate_limits(1), where=lambda args: "tertulia_card" in str(args)
    )
    async with home.bot():
        said = home.luis.says(home.general, "Should we move the office?")
        words = f"@tertulia debate {QUESTION}"
        home.luis.says(home.general, words, thread=said.ts)
        await home.until(
            lambda: any(seen.buttons for seen in home.luis.sees_thread(home.general, said.ts)),
            within_s=CLAIM_S / 2,
        )
    assert home.slack.faults.pending == 0
