"""Forms, files, seats, and what completes itself as it is typed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bots.chat.material import MOST_BYTES
from bots.discordbot import forms
from bots.discordbot.marks import SEAT
from tests.discordbot.rig import House, house, is_card
from tests.discordbot.test_bot_journeys import QUESTION, count, ephemeral
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.redis_server import RedisServer


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def test_a_start_without_a_topic_opens_a_form_that_starts_a_debate(home: House) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        ran = await place.ana.runs(place.app, "debate start", place.general)
        assert ran.modal is not None
        assert ran.modal["title"] == "Nuevo debate", "Ana reads Spanish"
        await place.ana.submits(topic="Night buses?", panel="ai-en", rounds="1", pace="live")
        thread = await home.a_thread()
        assert len(await home.closed(thread)) == 9
    (listed,) = await home.debates.recent(9)
    assert (listed.started.topic, listed.started.panel) == ("Night buses?", "ai-en")


async def test_a_message_is_debated_below_itself_with_what_it_says_and_brings(
    home: House,
) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        files = {"rents.md": b"Rents are up by a third.", "view.png": b"\x89PNG"}
        said = place.luis.says(place.general, "Should we move the office?", files=files)
        ran = await place.ana.uses(place.app, "Debate this", said)
        assert ran.modal is not None
        await place.ana.submits(panel="ai-en", pace="live")
        thread = await home.a_thread()
        await home.closed(thread)
        (listed,) = await home.debates.recent(9)
        state = await home.debates.load(listed.debate)
    assert thread.id == said.id
    assert state.started.topic == "Should we move the office?"
    assert [(m.name, m.text) for m in state.material] == [
        ("message.txt", "Luis: Should we move the office?"),
        ("rents.md", "Rents are up by a third."),
    ]


async def test_files_that_come_with_a_mention_or_a_command_are_material(home: House) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        words = f"@Panel debate {QUESTION}"
        place.luis.says(place.general, words, files={"facts.md": b"We meet 9 h a week."})
        await home.until_async(lambda: debates(home), 1)
        file = place.discord.attach(place.general.id, "more.txt", b"And on Fridays.")
        await place.ana.runs(
            place.app, "debate start", place.general, topic="Fridays?", panel="ai-en", file=file
        )
        await home.until_async(lambda: debates(home), 2)
        listed = await home.debates.recent(9)
        states = [await home.debates.load(one.debate) for one in listed]
    assert sorted(m.text for state in states for m in state.material) == [
        "And on Fridays.",
        "We meet 9 h a week.",
    ]


async def test_a_file_in_the_thread_is_material_until_it_is_taken_back(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)

        async def material() -> list[str]:
            return [getattr(event, "text", "?") for event in await home.events("MaterialAdded")]

        shared = place.luis.says(thread, "See this", files={"a.txt": b"Nine hours."})
        await home.until_async(material, ["Nine hours."])
        place.luis.deletes(shared)
        await home.until_async(material, [""])
        home.speaker.go_on()


async def test_a_file_that_is_too_large_is_refused_below_it_once(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)
        large = place.luis.says(thread, "", files={"a.txt": b"x" * (MOST_BYTES + 1)})
        await home.until(lambda: answers(home, thread, large))
        (told,) = answers(home, thread, large)
        home.speaker.go_on()
    assert "at most 10 MB are read" in told
    assert place.luis.pings == []


async def test_a_person_takes_a_seat_and_speaks_by_a_form(home: House) -> None:
    place = home.club
    home.speaker.hold(0)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: cards(home, thread))
        await place.luis.presses(cards(home, thread)[0], "Take a seat")
        await place.luis.submits(seat="ai-researcher")
        await home.until_async(lambda: count(home, "SeatTaken"), 1)
        home.speaker.go_on()
        await home.until(lambda: place.luis.pings)
        await place.luis.presses(cards(home, thread)[0], "Take a seat")
        await place.luis.submits(answer="Fewer, I say.", question="What would you lose?")
        posts = await home.closed(thread)
    spoken = next(seen for seen in posts if "Fewer, I say." in seen.text)
    assert spoken.author == "🔬 Luis (AI Researcher)"
    assert "What would you lose?" in spoken.text


async def test_what_could_not_be_said_for_a_seat_is_given_back(home: House) -> None:
    place = home.club
    home.speaker.hold(0)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: cards(home, thread))
        (listed,) = await home.debates.recent(1)
        await place.luis.presses(cards(home, thread)[0], f"{SEAT}:{listed.debate}")
        assert place.luis.modal is not None
        assert place.luis.modal.modal is not None
        place.luis.modal.modal["custom_id"] = f"{forms.SPEAK}:{listed.debate}"
        await place.luis.submits(seat="ai-researcher")
        await home.until(lambda: ephemeral(place.luis, thread))
        home.speaker.go_on()
    assert await home.events("SeatTaken") == []


async def test_panels_and_personas_complete_themselves(home: House) -> None:
    place = home.club
    await home.publish()
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)
        panels = await place.luis.types(
            place.app, "debate start", place.general, "panel", panel="DECISI"
        )
        personas = await place.luis.types(
            place.app, "debate seat", thread, "persona", persona="doom"
        )
        nobody = await place.luis.types(
            place.app, "debate seat", place.general, "persona", persona=""
        )
        home.speaker.go_on()
    assert [choice["value"] for choice in panels] == ["decision-en", "decision-es"]
    assert [choice["value"] for choice in personas] == ["ai-doomer"]
    assert nobody == []


async def test_who_manages_the_channel_sets_how_its_debates_start(home: House) -> None:
    place = home.club
    await home.publish()
    async with home.bot():
        options = {"panel": "decision-en", "pace": "live"}
        await place.luis.runs(place.app, "debate settings", place.general, **options)
        await home.until(lambda: ephemeral(place.luis, place.general))
        await place.ana.runs(place.app, "debate settings", place.general, **options)
        await home.until(
            lambda: [s for s in place.ana.sees(place.general) if "decision-en" in s.text]
        )
        place.luis.says(place.general, "@Panel debate Tabs?")
        await home.until_async(lambda: debates(home), 1)
    (refused,) = ephemeral(place.luis, place.general)
    assert refused == "Only those who manage the channel can do that."
    (listed,) = await home.debates.recent(9)
    assert listed.started.panel == "decision-en"


async def debates(home: House) -> int:
    return len(await home.debates.recent(9))


def cards(home: House, thread: Channel) -> list[Message]:
    return [seen.message for seen in home.club.ana.sees(thread) if is_card(seen)]


def answers(home: House, thread: Channel, to: Message) -> list[str]:
    seen = home.club.ana.sees(thread)
    return [s.text for s in seen if s.message.replied_to is to]


async def test_a_form_whose_custom_id_was_forged_shows_no_message_of_another_channel(
    home: House,
) -> None:
    place = home.club
    await home.publish()
    hidden = place.discord.channel(place.guild, "board-room")
    secret = place.ana.says(hidden, "Heliotrope is to be sold.")
    async with home.bot():
        said = place.luis.says(place.general, "Should we move the office?")
        ran = await place.luis.uses(place.app, "Debate this", said)
        assert ran.modal is not None
        ran.modal["custom_id"] = f"start:{hidden.id}:{secret.id}"
        await place.luis.submits(topic="What is sold?", panel="ai-en", pace="live")
        await home.until(lambda: ephemeral(place.luis, place.general))
    assert await home.debates.recent(9) == []
    assert "another channel" in ephemeral(place.luis, place.general)[0]


async def test_what_is_said_with_a_file_that_will_not_do_is_said_all_the_same(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until_async(lambda: count(home, "DebateStarted"), 1)
        for words in ("@Panel see this", "@doomer and this"):
            unreadable = place.luis.says(thread, words, files={"a.txt": b"\xff\xfe\xfd"})
            await told(home, thread, unreadable)
        shared = place.luis.says(thread, "Or this", files={"b.txt": b"gone"})
        place.discord.world.files.clear()
        await home.until_async(lambda: count(home, "MessageHeard"), 3)
        await told(home, thread, shared)
        home.speaker.go_on()


async def told(home: House, thread: Channel, message: Message) -> None:
    """Waits for an answer to this message."""
    await home.until(lambda: answers(home, thread, message))


async def test_a_file_that_is_too_large_is_not_downloaded(home: House) -> None:
    place = home.club
    async with home.bot():
        large = {"a.txt": b"x" * (MOST_BYTES + 1)}
        asked = place.luis.says(place.general, f"@Panel debate {QUESTION}", files=large)
        place.discord.world.files.clear()
        await home.until(lambda: answers(home, place.general, asked))
    (answer,) = answers(home, place.general, asked)
    assert "at most 10 MB are read" in answer
    assert home.threads() == []


async def test_what_was_written_for_a_turn_that_is_over_is_given_back(home: House) -> None:
    place = home.club
    home.speaker.hold(0)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: cards(home, thread))
        await place.luis.presses(cards(home, thread)[0], "Take a seat")
        await place.luis.submits(seat="ai-researcher")
        await home.until_async(lambda: count(home, "SeatTaken"), 1)
        home.speaker.go_on()
        await home.until(lambda: place.luis.pings)
        form = await place.luis.presses(cards(home, thread)[0], "Take a seat")
        assert form.modal is not None
        kind, debate, turn = form.modal["custom_id"].split(":")
        form.modal["custom_id"] = f"{kind}:{debate}:{int(turn) - 1}"
        await place.luis.submits(answer="Fewer, I say.", question="Why?")
        await home.until(lambda: ephemeral(place.luis, thread))
        (answer,) = ephemeral(place.luis, thread)
    assert "turn is over" in answer
    assert "Fewer, I say." in answer


async def test_who_may_not_use_the_bot_by_their_roles_may_not_in_a_direct_message(
    home: House,
) -> None:
    place = home.club
    role = place.discord.role(place.guild, "guests", place.luis)
    async with home.bot(block_roles=(role.id,)):
        direct = place.luis.direct(place.app)
        asked = place.luis.says(direct, f"debate {QUESTION}")
        await home.until(lambda: len(place.luis.sees(direct)) == 2)
    assert place.luis.sees(direct)[1].message.replied_to is asked
    assert "could not be told" in place.luis.sees(direct)[1].text
    assert await home.debates.recent(9) == []
