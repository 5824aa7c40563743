"""Whole journeys in the local Slack, from the first word to the files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from tests.fakes.slack.faults import refuses, waits_for
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house, manifest
from tests.webroom.speaker import SYNTHESIS

QUESTION = "Should the team meet less? panel=ai-en pace=live"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_a_debate_runs_from_the_command_to_its_files(home: House) -> None:
    async with home.bot():
        outcome = await home.ana.runs("/debate", QUESTION, home.general)
        assert outcome.is_acknowledged
        thread = await home.closed()
        turns, closing, files = thread[:8], thread[8], thread[9:]
        assert [(seen.author, seen.icon) for seen in turns[:2]] == [
            ("Coordinator", "🧭"),
            ("AI Researcher", "🔬"),
        ]
        assert len({seen.author for seen in turns}) == 8
        for spoken, following in pairwise(turns):
            assert f"→ {following.author}: " in spoken.text
        assert "→" not in turns[-1].text
        assert str(SYNTHESIS["summary"]) in closing.text
        assert [seen.files for seen in files] == [
            ("transcript.md", "transcript.json", "transcript.html")
        ]
        await home.until(lambda: "do:another" in {b.action_id for b in home.card().buttons})
        card = home.card()
        assert (card.author, card.is_edited) == ("Tertulia", False)
        assert card.text.startswith("Should the team meet less?")
    assert [ping.why for ping in home.ana.pings] == ["user"], "at the close, who started it"
    assert home.luis.pings == []
    assert home.ana.notices == []


async def test_the_synthesis_leads_to_the_turns_it_rests_on(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        *turns, closing, _files = await home.closed()
    links = [
        part["url"]
        for section in closing.message.blocks[0]["elements"]
        for part in section["elements"]
        if part["type"] == "link"
    ]
    assert [link.partition("?")[0].rpartition("/p")[2] for link in links] == [
        turn.ts.replace(".", "") for turn in turns
    ]


async def test_a_mention_holds_the_debate_in_its_own_thread_under_one_card(home: House) -> None:
    async with home.bot():
        said = home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.until(
            lambda: any(seen.files for seen in home.luis.sees_thread(home.general, said.ts))
        )
        thread = home.luis.sees_thread(home.general, said.ts)
        assert len(home.luis.sees(home.general)) == 1
    cards = [seen for seen in thread if seen.buttons]
    assert len(cards) == 1
    assert cards[0].author == "Tertulia"
    assert len([seen for seen in thread if seen.is_app and not seen.buttons]) == 10


async def test_a_persona_that_is_tagged_answers_whoever_asked(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
        home.luis.says(home.general, "@doomer what if you are wrong?", thread=home.card().ts)
        await home.until(lambda: home.texts()[-1].startswith("To luis:"))
        assert home.thread()[-1].author == "AI Doomer"
        assert [seen.files for seen in home.thread() if seen.files] != []


async def test_who_started_it_steers_by_button_and_by_mention(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.luis.runs("/debate", QUESTION, home.general)
        await home.until(lambda: len(home.thread()) == 1)
        outcome = await home.luis.presses(home.card(), "do:pause")
        assert outcome.is_acknowledged
        await home.until(lambda: any("paused" in text for text in home.texts()))
        await home.until(lambda: "do:resume" in {b.action_id for b in home.card().buttons})
        await home.luis.presses(home.card(), "do:resume")
        home.luis.says(home.general, "@tertulia stop", thread=home.card().ts)
        await home.until(lambda: any("stopped the debate" in text for text in home.texts()))
        home.speaker.go_on()
        await home.closed()
    assert len([seen for seen in home.thread() if "→" in seen.text]) == 1


async def test_nobody_else_steers_and_only_they_are_told(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: len(home.thread()) == 1)
        await home.luis.presses(home.card(), "do:stop")
        card = home.card().ts
        await home.until(
            lambda: any(s.is_ephemeral for s in home.luis.sees_thread(home.general, card))
        )
        assert not any(seen.is_ephemeral for seen in home.ana.sees_thread(home.general, card))
        home.speaker.go_on()
        await home.closed()
    assert len([seen for seen in home.thread() if "→" in seen.text]) == 7


async def test_thumbs_on_a_turn_are_votes_and_are_taken_back(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
        second = home.thread()[1].message
        home.luis.reacts(second, "+1::skin-tone-3")
        home.ana.reacts(second, "-1")
        (listed,) = await home.debates.recent(1)

        async def votes() -> dict[str, int]:
            state = await home.debates.load(listed.debate)
            return {name.rpartition(":")[2]: v for name, v in state.votes.get(2, {}).items()}

        luis, ana = home.luis.user.id, home.ana.user.id
        await home.until_async(votes, {luis: 1, ana: -1})
        home.ana.unreacts(second, "-1")
        await home.until_async(votes, {luis: 1})


async def test_what_is_said_in_the_thread_is_heard_corrected_and_taken_back(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: len(home.thread()) == 1)
        said = home.luis.says(home.general, "Meetings &amp; I <3 @ana", thread=home.card().ts)
        (listed,) = await home.debates.recent(1)

        async def log() -> list[str]:
            records = await home.debates.records(listed.debate)
            names = [type(record.event).__name__ for record in records]
            return [name for name in names if name.startswith("Message")]

        await home.until_async(log, ["MessageHeard"])
        heard = [r.event for r in await home.debates.records(listed.debate)][-1]
        assert getattr(heard, "text", "") == "Meetings &amp; I <3 @ana"
        home.luis.edits(said, "Meetings bore me")
        await home.until_async(log, ["MessageHeard", "MessageEdited"])
        home.luis.deletes(said)
        await home.until_async(log, ["MessageHeard", "MessageEdited", "MessageErased"])
        home.speaker.go_on()
        await home.closed()
    assert not any("bore" in seen.text for seen in home.thread())


async def test_every_second_delivery_does_nothing(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        home.slack.deliveries.double(2)
        said = home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.slack.deliveries.settle()
        assert len(await home.debates.recent(9)) == 1
        home.slack.deliveries.double(1)
        home.luis.says(home.general, "Twice?", thread=said.ts)
        await home.slack.deliveries.settle()
        (listed,) = await home.debates.recent(9)
        records = await home.debates.records(listed.debate)
        heard = [r for r in records if type(r.event).__name__ == "MessageHeard"]
        assert len(heard) == 1
        home.speaker.go_on()


async def test_other_apps_and_its_own_posts_start_nothing_and_say_nothing(home: House) -> None:
    deaf = home.slack.app(manifest(event_subscriptions={"bot_events": []}))
    other = home.slack.install(deaf, home.team)
    async with home.bot():
        home.slack.join(home.general, other.bot)
        for token in (home.installed.bot_token, other.bot_token):
            client = home.client_of(token)
            await client.chat_postMessage(
                channel=home.general.id, text=f"<@{home.installed.bot.id}> debate {QUESTION}"
            )
        await home.slack.deliveries.settle()
        assert await home.debates.recent(9) == []
    assert len(home.ana.sees(home.general)) == 2


async def test_while_a_persona_is_spoken_for_the_thread_says_that_it_thinks(home: House) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        await home.until(lambda: status(home) == ("is thinking…", "AI Researcher"))
        await home.ana.presses(home.card(), "do:pause")
        await home.until(lambda: any("pausa" in text or "paused" in text for text in home.texts()))
        await home.until(lambda: status(home) is None)
        await home.until(lambda: "do:resume" in {b.action_id for b in home.card().buttons})
        await home.ana.presses(home.card(), "do:resume")
        home.speaker.go_on()
        await home.closed()
        await home.until(lambda: status(home) is None)


async def test_a_status_that_comes_after_the_post_it_was_for_is_taken_away(home: House) -> None:
    method, late = "assistant.threads.setStatus", asyncio.Event()
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == 1)
        await home.until(lambda: status(home) == ("is thinking…", "AI Researcher"))
        home.slack.faults.plan(method, waits_for(late))
        await home.ana.presses(home.card(), "do:skip")
        await home.until(lambda: not home.slack.faults.pending)
        await home.ana.presses(home.card(), "do:pause")
        await home.until(lambda: any("pausa" in text or "paused" in text for text in home.texts()))
        late.set()
        await home.until(lambda: home.slack.trace.calls(method)[-1]["status"] == "")
        assert status(home) is None
        home.speaker.go_on()


async def test_where_slack_shows_no_thinking_the_debate_goes_on(home: House) -> None:
    method = "assistant.threads.setStatus"
    home.slack.faults.plan(method, *[refuses("channel_type_not_supported")] * 20)
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.slack.trace.calls(method))
        home.speaker.go_on()
        await home.closed()
    assert len(home.slack.trace.calls(method)) <= 2, "it is not asked for again and again"


def status(home: House) -> tuple[str, str] | None:
    """What stands under the thread, and in whose name."""
    found = home.slack.posting.status(home.general.id, home.card().ts)
    return (found.text, found.identity.username) if found and found.identity else None
