"""While a turn is awaited, its thread shows that somebody is typing; and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from engine.panels.loader import load_panel
from tests.discordbot.club import voices_in
from tests.discordbot.rig import House, house
from tests.discordbot.test_bot_journeys import QUESTION, count
from tests.fakes.discord.faults import fails
from tests.fakes.discord.guilds import Channel
from tests.redis_server import RedisServer

TYPING = "POST /channels/{channel}/typing"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


def shown_in(home: House, thread: Channel) -> int:
    """How often it was shown there."""
    calls = home.club.discord.trace.calls(TYPING)
    return sum(call["channel"] == thread.id for call in calls)


async def test_it_is_shown_again_until_the_turn_is_there(home: House) -> None:
    place = home.club
    home.speaker.hold(0)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: shown_in(home, thread) >= 3)
        home.speaker.go_on()
        await home.closed(thread)
        before = shown_in(home, thread)
        place.luis.says(thread, "@doomer what if you are wrong?")
        await home.until(lambda: "**To Luis:**" in home.posts(thread)[-1].text)
        assert shown_in(home, thread) <= before + 2, "a closed debate thinks of nothing"


async def test_nobody_types_while_a_debate_is_paused(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: home.posts(thread))
        place.ana.says(thread, "@Panel pause")
        await home.until_async(lambda: count(home, "DebatePaused"), 1)
        home.speaker.go_on()
        await home.until(lambda: len(home.posts(thread)) == 3)
        shown = shown_in(home, thread)
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        await home.until_async(lambda: debates(home), 2)
        await home.until(lambda: files_in(home))
        assert shown_in(home, thread) <= shown + 1


async def test_a_personas_own_bot_is_who_types(home: House) -> None:
    place = home.club
    voices = voices_in(place, load_panel("ai-en"))
    tokens = {persona: SecretStr(voice.token) for persona, voice in voices.items()}
    home.speaker.hold(1)
    async with home.bot(identity="bots", persona_tokens=tokens):
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        await home.a_thread()
        researcher = voices["ai-researcher"].id
        await home.until(lambda: researcher in typists(home))
        home.speaker.go_on()
    assert place.app.id not in typists(home)


async def test_that_it_cannot_be_shown_holds_nothing_up(home: House) -> None:
    place = home.club
    place.discord.faults.plan(TYPING, *[fails()] * 100)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        assert len(await home.closed(await home.a_thread())) == 9


def typists(home: House) -> set[str]:
    """The applications that said so."""
    entries = home.club.discord.trace.entries
    return {str(entry.data["app"]) for entry in entries if entry.kind == TYPING}


async def debates(home: House) -> int:
    return len(await home.debates.recent(9))


def files_in(home: House) -> list[str]:
    """All that were attached in any thread."""
    seen = [one for thread in home.threads() for one in home.club.ana.sees(thread)]
    return [name for one in seen for name in one.files]
