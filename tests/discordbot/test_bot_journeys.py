"""Whole journeys in the local Discord, from the first word to the files."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from engine.panels.loader import load_panel
from tests.discordbot.club import by_id, speaking, voices_in
from tests.discordbot.rig import House, house, is_card
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.people import Person
from tests.fakes.discord.rest.drafting import custom_ids
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer
from tests.webroom.speaker import SYNTHESIS

QUESTION = "Should the team meet less? panel=ai-en pace=live"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_a_mention_becomes_a_thread_and_a_whole_debate_in_it(home: House) -> None:
    place = home.club
    async with home.bot():
        said = place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        posts = await home.closed(thread)
        cards = [seen for seen in place.ana.sees(thread) if is_card(seen)]
        assert [card.buttons for card in cards] == [["Another round"]]
    assert thread.id == said.id, "a thread made from a message has its id"
    assert thread.name == "Should the team meet less?"
    assert len(posts) == 9
    assert [seen.author for seen in posts[:2]] == ["🧭 Coordinator", "🔬 AI Researcher"]
    assert len({seen.author for seen in posts}) == 8
    assert str(SYNTHESIS["summary"]) in posts[8].text
    assert {ping.user_id for ping in place.ana.pings} == {place.ana.user.id}, "at the close"
    assert place.luis.pings == []
    assert len(place.ana.sees(place.general)) == 1


async def test_a_command_becomes_a_card_and_a_thread_below_it(home: House) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        await place.ana.runs(
            place.app,
            "debate start",
            place.general,
            topic="Should the team meet less?",
            panel="ai-en",
            pace="live",
        )
        thread = await home.a_thread()
        posts = await home.closed(thread)
        (card,) = place.ana.sees(place.general)
        await home.until(lambda: place.ana.sees(place.general)[0].buttons == ["Another round"])
    assert thread.id == card.message.id
    assert len(posts) == 9
    assert place.ana.notices == []


async def test_the_role_that_the_bot_came_with_is_its_name_too(home: House) -> None:
    place = home.club
    roles = place.guild.roles.values()
    role = next(role for role in roles if role.app_id == place.app.id)
    async with home.bot():
        place.luis.says(place.general, f"<@&{role.id}> debate {QUESTION}")
        thread = await home.a_thread()
        assert len(await home.closed(thread)) == 9


async def test_a_debate_in_a_forum_is_held_in_its_post(home: House) -> None:
    place = home.club
    async with home.bot():
        post = place.ana.posts(place.forum, "Meetings", f"@Panel debate {QUESTION}")
        assert len(await home.closed(post)) == 9


async def test_debates_in_a_direct_message_follow_one_another(home: House) -> None:
    place = home.club
    async with home.bot():
        direct = place.luis.direct(place.app)
        place.luis.says(direct, f"debate {QUESTION}")
        await home.until(lambda: len([s for s in place.luis.sees(direct) if s.files]) == 1)
        place.luis.says(direct, "@doomer what if you are wrong?")
        await home.until(lambda: "**To Luis:**" in place.luis.sees(direct)[-1].text)
        place.luis.says(direct, f"debate {QUESTION}")
        await home.until(lambda: len([s for s in place.luis.sees(direct) if s.files]) == 2)
    assert len(await home.debates.recent(9)) == 2


async def test_who_started_it_steers_by_button_command_and_mention(home: House) -> None:
    place = home.club
    await home.publish()
    home.speaker.hold(1)
    async with home.bot():
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: [s for s in place.luis.sees(thread) if is_card(s)])
        (card,) = (seen for seen in place.luis.sees(thread) if is_card(seen))
        await place.luis.presses(card.message, "Pause")
        await home.until_async(lambda: count(home, "DebatePaused"), 1)
        await place.luis.runs(place.app, "debate resume", thread)
        await home.until_async(lambda: count(home, "DebateResumed"), 1)
        place.luis.says(thread, "@Panel stop")
        await home.until_async(lambda: count(home, "SynthesisRequested"), 1)
        home.speaker.go_on()
        await home.closed(thread)
        assert not [seen for seen in place.luis.sees(thread) if seen.is_thinking]
    assert place.luis.notices == []


async def test_nobody_else_steers_and_only_they_are_told(home: House) -> None:
    place = home.club
    await home.publish()
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: [s for s in place.luis.sees(thread) if is_card(s)])
        (card,) = (seen for seen in place.luis.sees(thread) if is_card(seen))
        await place.luis.presses(card.message, "Stop")
        await home.until(lambda: [s for s in place.luis.sees(thread) if s.is_ephemeral])
        await place.luis.runs(place.app, "debate skip", thread)
        await home.until(lambda: len(ephemeral(place.luis, thread)) == 2)
        told = ephemeral(place.luis, thread)
        assert told[0] == told[1] != ""
        assert ephemeral(place.ana, thread) == []
        home.speaker.go_on()
        await home.closed(thread)
    assert await home.events("TurnSkipped") == []


async def test_what_is_said_is_heard_corrected_and_taken_back(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)
        said = place.luis.says(thread, "Meetings & I <3 @ana")
        await home.until_async(lambda: count(home, "MessageHeard"), 1)
        (heard,) = await home.events("MessageHeard")
        assert getattr(heard, "text", "") == "Meetings & I <3 @Ana"
        place.luis.edits(said, "Meetings bore me")
        await home.until_async(lambda: count(home, "MessageEdited"), 1)
        place.luis.deletes(said)
        await home.until_async(lambda: count(home, "MessageErased"), 1)
        home.speaker.go_on()
        posts = await home.closed(thread)
        events = await events_of(home)
    assert not any("bore" in seen.text for seen in posts)
    assert not any("bore" in str(event) for event in events)


async def test_thumbs_count_and_a_question_mark_is_answered_to_the_asker_alone(
    home: House,
) -> None:
    place = home.club
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        posts = await home.closed(thread)
        place.luis.reacts(posts[1].message, "👍🏽")
        place.ana.reacts(posts[1].message, "👎")
        (listed,) = await home.debates.recent(1)

        async def votes() -> dict[str, int]:
            state = await home.debates.load(listed.debate)
            return {p.rpartition(":")[2]: v for p, v in state.votes.get(2, {}).items()}

        luis, ana = place.luis.user.id, place.ana.user.id
        await home.until_async(votes, {luis: 1, ana: -1})
        place.ana.unreacts(posts[1].message, "👎")
        await home.until_async(votes, {luis: 1})
        place.luis.reacts(posts[1].message, "❓")
        direct = place.luis.direct(place.app)
        await home.until(lambda: place.luis.sees(direct))
        await place.luis.presses(
            posts[1].message, str(posts[1].message.components[0]["components"][0]["custom_id"])
        )
        await home.until(lambda: ephemeral(place.luis, thread))
    (told,) = place.luis.sees(direct)
    assert told.text.startswith("AI Researcher (ai-researcher)\nTurn 2.\nModel: ")
    assert "Tokens: " in told.text
    assert ephemeral(place.luis, thread) == [told.text]
    assert len(home.posts(thread)) == 9


async def test_the_code_of_a_mirror_is_written_to_who_asked_and_stands_in_no_thread(
    home: House,
) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)
        place.ana.says(thread, "@Panel mirror")
        direct = place.ana.direct(place.app)
        await home.until(lambda: place.ana.sees(direct))
        home.speaker.go_on()
        await home.closed(thread)
    (told,) = place.ana.sees(direct)
    code = told.text.rpartition(" ")[2]
    assert len(code) >= 8
    assert not any(code in seen.text for seen in place.luis.sees(thread))


async def test_a_persona_is_asked_by_its_role_or_by_a_typed_name(home: House) -> None:
    place = home.club
    place.discord.role(place.guild, "AI Doomer", place.luis, is_mentionable=True)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.closed(thread)
        place.ana.says(thread, "@AI Doomer what if you are wrong?")
        await home.until(lambda: "**To Ana:**" in home.posts(thread)[-1].text)
        assert home.posts(thread)[-1].author == "🌋 AI Doomer"
        place.ana.says(thread, "and you, @newcomer?")
        await home.until(lambda: home.posts(thread)[-1].author == "🌱 AI Newcomer")


async def test_the_ping_of_a_reply_starts_nothing_and_calls_nobody(home: House) -> None:
    place = home.club
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.closed(thread)
        files = next(seen for seen in place.ana.sees(thread) if seen.files)
        place.luis.says(thread, "Thanks!", reply_to=files.message)
        await home.until_async(lambda: count(home, "LateMessage"), 1)
    assert await home.events("MessageHeard") == []


async def test_other_bots_and_our_own_posts_start_nothing_and_say_nothing(home: House) -> None:
    place = home.club
    other = place.discord.app("Other", place.ana)
    place.discord.install(other, place.guild)
    async with home.bot(), speaking(other) as client:
        mention = f"<@{place.app.id}> debate {QUESTION}"
        await by_id(client, place.general).send(mention)
        place.luis.says(place.general, "Is anybody there?")
        place.luis.says(place.general, "@Panel help")
        await home.until(lambda: len(place.luis.sees(place.general)) == 4)
    assert await home.debates.recent(9) == []


async def test_without_the_content_intent_it_works_by_mentions_and_says_so(home: House) -> None:
    place = home.club
    place.app.allowed = Intent(0)
    home.speaker.hold(1)
    async with home.bot(message_content=False):
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(
            lambda: any("Mention me" in s.text for s in place.luis.sees(place.general))
        )
        place.luis.says(thread, "This is not heard.")
        place.luis.says(thread, "@Panel this is heard.")
        await home.until_async(lambda: count(home, "MessageHeard"), 1)
        home.speaker.go_on()
        await home.closed(thread)
    (heard,) = await home.events("MessageHeard")
    assert getattr(heard, "text", "") == "this is heard."


async def test_in_bots_mode_a_persona_is_asked_by_its_own_bot(home: House) -> None:
    place = home.club
    voices = voices_in(place, load_panel("ai-en"))
    tokens = {persona: SecretStr(voice.token) for persona, voice in voices.items()}
    async with home.bot(identity="bots", persona_tokens=tokens):
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        posts = await home.closed(thread)
        assert [seen.author for seen in posts[:2]] == ["Coordinator", "AI Researcher"]
        place.luis.says(thread, f"<@{voices['ai-doomer'].id}> what if you are wrong?")
        await home.until(lambda: home.posts(thread)[-1].text.startswith("**To Luis:**"))
        assert home.posts(thread)[-1].author == "AI Doomer"
        assert place.discord.gateway.identifies == {place.app.id: 1}, "one listens for all"
    heard = await home.events("MessageHeard")
    assert len(heard) == 1, "what the personas' bots post is nothing that people said"


HOSTILE = "@everyone @here <@{luis}> <@&{role}> </debate:1> ||x|| ```\n[a](https://b.example)"


async def test_hostile_words_call_nobody_wherever_they_are_repeated(home: House) -> None:
    place = home.club
    role = place.discord.role(place.guild, "staff", place.luis, is_mentionable=True)
    words = HOSTILE.format(luis=place.luis.user.id, role=role.id)
    async with home.bot():
        place.ana.says(place.general, f"@Panel seat {words}")
        await home.until(lambda: len(place.ana.sees(place.general)) == 2)
        place.ana.says(place.general, f'@Panel debate "{words}" panel=ai-en pace=live')
        thread = await home.a_thread()
        await home.closed(thread)
        place.ana.says(thread, f"@doomer {words}")
        await home.until_async(lambda: count(home, "MessageHeard"), 1)
        await home.until(lambda: home.posts(thread)[-1].text.startswith("**To Ana:**"))
    by_bots = [p for p in place.luis.pings if p.message.author is not place.ana.user]
    assert by_bots == []


async def count(home: House, name: str) -> int:
    return len(await home.events(name)) if await home.debates.recent(1) else 0


async def events_of(home: House) -> list[object]:
    (listed, *_rest) = await home.debates.recent(1)
    return [record.event for record in await home.debates.records(listed.debate)]


def ephemeral(person: Person, channel: Channel) -> list[str]:
    """What only they see there."""
    return [s.text for s in person.sees(channel) if s.is_ephemeral and not s.is_thinking]


def about_button(seen: Seen) -> str:
    """The custom id of the button below a post."""
    return next(str(found["custom_id"]) for found in custom_ids(seen.message.components))
