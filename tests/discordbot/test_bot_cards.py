"""A card's buttons, wherever it stands: each steers the debate whose card it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from engine.debate.state import Debate, Phase
from tests.discordbot.rig import HASTY, House, house, is_card
from tests.discordbot.test_bot_journeys import QUESTION, about_button, count, ephemeral
from tests.fakes.discord.faults import refuses
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def starts(home: House, where: Channel, topic: str = "Fewer meetings?") -> None:
    """Luis asks for a debate by command."""
    given = {"topic": topic, "panel": "ai-en", "pace": "live"}
    await home.club.luis.runs(home.club.app, "debate start", where, **given)


async def the_card(home: House, where: Channel, offers: str) -> Seen:
    """The latest card there, once it has this button."""

    def cards() -> list[Seen]:
        return [seen for seen in home.club.luis.sees(where) if offers in seen.buttons]

    await home.until(cards)
    return cards()[-1]


async def test_every_button_of_a_card_in_the_channel_works(home: House) -> None:
    place = home.club
    await home.publish()
    home.speaker.hold(1)
    async with home.bot():
        await starts(home, place.general)
        for button, event in (
            ("Pause", "DebatePaused"),
            ("Resume", "DebateResumed"),
            ("Skip", "TurnSkipped"),
            ("Summary", "SummaryAsked"),
        ):
            card = await the_card(home, place.general, button)
            await place.luis.presses(card.message, button)
            await comes(home, event)
        card = await the_card(home, place.general, "Take a seat")
        form = await place.luis.presses(card.message, "Take a seat")
        assert form.modal is not None
        await place.luis.submits(seat="ai-doomer")
        await home.until_async(lambda: count(home, "SeatTaken"), 1)
        await place.luis.presses((await the_card(home, place.general, "Stop")).message, "Stop")
        await home.until_async(lambda: count(home, "SynthesisRequested"), 1)
        home.speaker.go_on()
        card = await the_card(home, place.general, "Another round")
        await place.luis.presses(card.message, "Another round")
        await comes(home, "DebateReopened")
    assert ephemeral(place.luis, place.general) == []
    assert place.luis.notices == []


async def test_a_card_in_a_direct_message_steers_its_own_debate(home: House) -> None:
    place = home.club
    await home.publish()
    home.speaker.hold(0)
    async with home.bot():
        direct = place.luis.direct(place.app)
        await starts(home, direct, "The first?")
        first = await the_card(home, direct, "Stop")
        await home.until_async(lambda: topics(home, Phase.DEBATING), {"The first?"})
        await starts(home, direct, "The second?")
        await home.until_async(lambda: topics(home, Phase.DEBATING), {"The first?", "The second?"})
        await place.luis.presses(first.message, "Stop")
        await home.until_async(lambda: topics(home, Phase.DEBATING), {"The second?"})
        home.speaker.go_on()
        await home.until(lambda: len([s for s in place.luis.sees(direct) if s.files]) == 2)


async def test_a_post_of_an_earlier_debate_says_who_spoke(home: House) -> None:
    place = home.club
    async with home.bot():
        direct = place.luis.direct(place.app)
        place.luis.says(direct, f"debate {QUESTION}")
        await home.until(lambda: len([s for s in place.luis.sees(direct) if s.files]) == 1)
        spoken = next(s for s in place.luis.sees(direct) if "❓" not in s.text and is_post(s))
        place.luis.says(direct, f"debate {QUESTION}")
        await home.until(lambda: len([s for s in place.luis.sees(direct) if s.files]) == 2)
        await place.luis.presses(spoken.message, about_button(spoken))
        await home.until(lambda: ephemeral(place.luis, direct))
    (told,) = ephemeral(place.luis, direct)
    assert "Model:" in told


async def test_a_button_that_this_version_does_not_know_is_answered(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        card = await the_card(home, thread, "Pause")
        (listed,) = await home.debates.recent(1)
        row = next(c for c in card.message.components[0]["components"] if c["type"] == 1)
        row["components"][0]["custom_id"] = f"do:fly:{listed.debate}"
        await place.luis.presses(card.message, "Pause")
        await home.until(lambda: ephemeral(place.luis, thread))
        home.speaker.go_on()
    assert "/debate help" in ephemeral(place.luis, thread)[0]


def is_post(seen: Seen) -> bool:
    """Whether a persona says it."""
    return bool(seen.message.components) and not is_card(seen)


async def comes(home: House, event: str) -> None:
    """Waits until the latest debate's log has such an event."""

    async def is_there() -> bool:
        return bool(await count(home, event))

    await home.until_async(is_there, True)


async def topics(home: House, phase: Phase) -> set[str]:
    """Of the debates that are so far."""
    listed = await home.debates.recent(9)
    states: list[Debate] = [await home.debates.load(one.debate) for one in listed]
    return {state.started.topic for state in states if state.phase is phase}


async def test_a_debate_far_down_a_long_thread_has_one_card(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    thread = place.luis.opens_thread(place.general, "Meetings")
    for number in range(120):
        place.luis.says(thread, f"Thought {number}")
    async with home.bot():
        place.luis.says(thread, f"@Panel debate {QUESTION}")
        await the_card(home, thread, "Pause")
    async with home.bot():
        place.luis.says(thread, "@Panel pause")
        await the_card(home, thread, "Resume")
        home.speaker.go_on()
    assert len([seen for seen in place.luis.sees(thread) if is_card(seen)]) == 1


async def test_the_card_stands_in_the_thread_of_a_mention_before_the_first_turn(
    home: House,
) -> None:
    place = home.club
    async with home.bot(replace(HASTY, edit=2.0)):
        for _ in range(3):  # the board is busy with the cards of others
            place.luis.says(place.general, f"@Panel debate {QUESTION}")
        await home.until(lambda: len(home.threads()) == 3)
        for thread in home.threads():
            await home.closed(thread)
    for thread in home.threads():
        seen = [s for s in place.luis.sees(thread) if is_card(s) or is_post(s)]
        assert is_card(seen[0])
        assert sum(map(is_card, seen)) == 1


async def test_a_debate_whose_card_cannot_be_posted_goes_on_without(home: House) -> None:
    place = home.club
    post = "POST /channels/{channel}/messages"
    place.discord.faults.plan(post, *[refuses(50_013)] * 9, where=has_buttons)
    async with home.bot():
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        assert len(await home.closed(await home.a_thread())) == 9


def has_buttons(args: dict[str, object]) -> bool:
    return bool(args.get("components"))
