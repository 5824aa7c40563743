"""Turns shown word by word: each ends as one post, and nothing half said is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bots.slackbot import stream, streaming
from bots.slackbot.message import key_of
from engine.panels.loader import load_panel
from tests.fakes.model_behaviours import DONE, Received, chunk
from tests.fakes.slack.faults import Fault, breaks_off, fails, loses_answer, rate_limits, refuses
from tests.fakes.slack.screen import Seen
from tests.redis_server import RedisServer
from tests.slackbot.apps import installed
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_apps import of
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.test_bot_pings import Attacker, attacks, by_the_bot

STREAM = ("chat.startStream", "chat.appendStream", "chat.stopStream")
DOCUMENTED = (
    "invalid_blocks",
    "message_not_in_streaming_state",
    "missing_recipient_team_id",
    "missing_recipient_user_id",
    "msg_too_long",
    "restricted_action",
    "stopped_by_user",
    "channel_type_not_supported",
)
"""One a turn; after the last, none is tried there."""


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        opened.speaker.pause_s = 0.02
        opened.slack.group(opened.team, "juristas", opened.luis)
        yield opened


def growing(home: House) -> list[Seen]:
    """What is being said."""
    has_begun = home.ana.sees(home.general)
    return [seen for seen in home.thread() if seen.is_streaming] if has_begun else []


def whole(thread: list[Seen]) -> None:
    """Eight turns and a close, once and in order, all known by their keys; and the files."""
    posts = [seen for seen in thread if not seen.files]
    assert not any(seen.is_streaming for seen in posts)
    keys = [key_of(seen.message.as_json(with_metadata=True)) for seen in posts]
    assert None not in keys, "a message that nothing recognises"
    numbers = [key.n for key in keys if key is not None]
    assert len(numbers) == 9, [seen.text for seen in posts]
    assert numbers == sorted(set(numbers))
    assert all("→ " in seen.text for seen in posts[:7]), "its question stands below each turn"
    assert len(thread) == 10


async def begins(home: House) -> Seen:
    """Ana starts a debate; the first turn, in the middle of it."""
    home.speaker.hold()
    await home.ana.runs("/debate", QUESTION, home.general)
    await home.until(lambda: growing(home))
    return growing(home)[0]


async def test_a_turn_grows_under_its_name_and_ends_as_its_one_post(home: House) -> None:
    async with home.bot(streaming=True):
        first = await begins(home)
        assert (first.author, first.icon) == ("Coordinator", "🧭")
        await home.until(lambda: len(growing(home)[0].text) > len(first.text))
        home.speaker.go_on()
        thread = await home.closed()
    whole(thread)
    assert thread[0].ts == first.ts
    assert len(home.slack.trace.calls("chat.stopStream")) >= 1
    assert home.slack.trace.calls("chat.delete") == []


async def test_without_the_setting_no_turn_is_shown_before_it_is_whole(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        whole(await home.closed())
    assert not any(home.slack.trace.calls(method) for method in STREAM)


async def test_personas_with_apps_of_their_own_stream_by_them(home: House) -> None:
    names = {persona.id: persona.name for persona in load_panel("ai-en").personas}
    apps = installed(home.slack, home.team, names)
    for app in apps.values():
        home.slack.join(home.general, app.bot)
    async with home.bot(streaming=True, **of(apps)):
        first = await begins(home)
        assert first.message.user == apps["coordinator"].bot.id
        assert first.message.identity is None
        home.speaker.go_on()
        thread = await home.closed()
    whole(thread)
    assert thread[0].ts == first.ts


@pytest.mark.parametrize("method", STREAM)
async def test_whatever_slack_refuses_the_turn_is_one_post(home: House, method: str) -> None:
    marks_it = "metadata" if method == "chat.stopStream" else "channel"
    refusals = [refuses(code) for code in DOCUMENTED]
    home.slack.faults.plan(method, *refusals, where=lambda args: marks_it in args)
    async with home.bot(streaming=True):
        await home.ana.runs("/debate", QUESTION, home.general)
        whole(await home.closed())
    assert home.slack.faults.pending == 0


@pytest.mark.parametrize("method", STREAM)
@pytest.mark.parametrize("fault", [breaks_off, fails, loses_answer, rate_limits])
async def test_whatever_goes_wrong_the_turn_is_one_post(
    home: House, method: str, fault: Callable[[], Fault]
) -> None:
    home.slack.faults.plan(method, fault(), fault())
    async with home.bot(streaming=True):
        await home.ana.runs("/debate", QUESTION, home.general)
        whole(await home.closed())
    assert home.slack.faults.pending == 0


async def test_what_a_process_leaves_half_said_the_next_one_takes_back(home: House) -> None:
    async with home.bot(streaming=True) as killed:
        first = await begins(home)
        killed.cancel()
        await asyncio.wait([killed])
        assert growing(home) == [first]
    async with home.bot(streaming=True):
        await home.until(lambda: first.ts not in [seen.ts for seen in home.thread()])
        home.speaker.go_on()
        whole(await home.closed())


async def test_where_slack_deletes_nothing_the_message_says_that_it_was_taken_back(
    home: House,
) -> None:
    home.slack.faults.plan("chat.delete", refuses("cant_delete_message"))
    async with home.bot(streaming=True):
        first = await begins(home)
        await home.ana.presses(home.card(), "do:skip")
        await home.until(lambda: home.thread()[0].text == "A message was taken back.")
        assert home.thread()[0].ts == first.ts
        home.speaker.go_on()
        await home.closed()


async def test_a_process_that_stops_takes_back_what_is_half_said(home: House) -> None:
    async with home.bot(streaming=True):
        await begins(home)
    assert home.thread() == []
    async with home.bot():
        home.speaker.go_on()
        whole(await home.closed())


async def test_two_processes_show_each_turn_once(home: House) -> None:
    async with home.bot(streaming=True), home.bot(streaming=True):
        await home.ana.runs("/debate", QUESTION, home.general)
        whole(await home.closed())
    assert home.slack.trace.calls("chat.startStream")
    assert home.slack.trace.calls("chat.delete") == [], "whoever showed the words posted the turn"


async def test_a_turn_that_is_skipped_is_gone(home: House) -> None:
    async with home.bot(streaming=True):
        first = await begins(home)
        await home.ana.presses(home.card(), "do:skip")
        await home.until(lambda: first.ts not in [seen.ts for seen in home.thread()])
        home.speaker.go_on()
        thread = await home.closed()
    assert "Coordinator" not in [seen.author for seen in thread[:2]]


async def test_what_people_say_meanwhile_stops_nothing(home: House) -> None:
    async with home.bot(streaming=True):
        first = await begins(home)
        said = home.luis.says(home.general, "I was there.", thread=home.card().ts)
        await home.until(lambda: len(growing(home)[0].text) > len(first.text))
        home.speaker.go_on()
        thread = await home.closed()
    whole([seen for seen in thread if seen.ts != said.ts])
    assert thread[0].ts == first.ts


async def test_a_message_ends_before_slack_ends_it(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIFE_S", 0.3)
    async with home.bot(streaming=True):
        first = await begins(home)
        await home.until(lambda: first.ts not in [seen.ts for seen in home.thread()])
        home.speaker.go_on()
        whole(await home.closed())


async def test_no_more_grow_at_once_than_there_is_room_for(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "AT_ONCE", 1)
    other = home.slack.channel(home.team, "other", home.ana, home.installed.bot)
    async with home.bot(streaming=True):
        await begins(home)
        await home.ana.runs("/debate", QUESTION, other)
        home.speaker.go_on()
        whole(await home.closed())
        await home.until(lambda: home.thread(other) and home.thread(other)[-1].files)
        whole(home.thread(other))


class SlowAttacker(Attacker):
    """It says its attacks piece by piece, so that they are read half said."""

    async def answer(
        self, request: web.Request, received: Received, reply: str
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for start in range(0, len(reply), 7):
            await response.write(chunk({"content": reply[start : start + 7]}))
            await asyncio.sleep(0.005)
        usage = {"prompt_tokens": received.prompt_tokens, "completion_tokens": 9}
        await response.write(chunk({}, "stop") + chunk({}, None, usage=usage) + DONE)
        return response


async def test_words_that_grow_call_nobody(home: House) -> None:
    attacker = SlowAttacker(attacks(home))
    home.model.always(attacker)
    async with home.bot(streaming=True):
        await home.ana.runs("/debate", QUESTION, home.general)
        thread = await home.closed()
    assert attacker.said >= 200
    assert len(home.slack.trace.calls("chat.appendStream")) >= 8, "half said"
    assert [(ping.user, ping.why) for ping in by_the_bot(home)] == [(home.ana.user.id, "user")]
    assert by_the_bot(home)[0].ts == thread[-2].ts, "at the close, who started it"
