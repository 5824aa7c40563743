"""Whatever breaks between people and the bot: what they write reaches the debate, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discordbot.rig import House, house
from tests.discordbot.test_bot_journeys import QUESTION, count
from tests.fakes.discord.faults import fails, rate_limits
from tests.fakes.discord.guilds import Channel
from tests.redis_server import RedisServer

READING = "GET /channels/{channel}/messages"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def held(home: House) -> Channel:
    """A debate's thread, where the second turn does not come to an end."""
    home.speaker.hold(1)
    home.club.ana.says(home.club.general, f"@Panel debate {QUESTION}")
    thread = await home.a_thread()
    await home.until(lambda: len(home.posts(thread)) == 1)
    return thread


async def texts(home: House) -> list[str]:
    """What was heard, in order."""
    return [getattr(event, "text", "?") for event in await home.events("MessageHeard")]


async def test_what_is_said_in_a_gateway_outage_reaches_the_debate(home: House) -> None:
    """The session is lost, and meanwhile the bot goes on posting over REST."""
    place, gateway = home.club, home.club.discord.gateway
    async with home.bot() as bot:
        thread = await held(home)
        gateway.goes_down()
        await home.until(bot.ailing)
        place.luis.says(thread, "Said in the dark.")
        home.speaker.pause_s = 0.02
        home.speaker.go_on()
        await home.until(lambda: len(home.posts(thread)) > 2)
        place.luis.says(thread, "And this, after posts of the bot.")
        home.speaker.hold()
        gateway.forget(place.app)
        gateway.comes_back()
        await home.until_async(
            lambda: texts(home), ["Said in the dark.", "And this, after posts of the bot."]
        )
        await home.until(lambda: bot.ailing() is None)
        home.speaker.pause_s = 0.0
        home.speaker.go_on()
        assert len(await home.closed(thread)) == 9


async def test_who_is_asked_after_the_close_while_nobody_listens_answers(home: House) -> None:
    place = home.club
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.closed(thread)
    place.luis.says(thread, "@doomer what if you are wrong?")
    async with home.bot():
        await home.until(lambda: home.posts(thread)[-1].text.startswith("**To Luis:**"))


async def test_what_a_resumed_session_brings_is_heard_once(home: House) -> None:
    place, gateway = home.club, home.club.discord.gateway
    async with home.bot() as bot:
        thread = await held(home)
        gateway.goes_down()
        await home.until(bot.ailing)
        place.luis.says(thread, "Said in the dark.")
        gateway.comes_back()
        await home.until_async(lambda: texts(home), ["Said in the dark."])
        assert gateway.identifies[place.app.id] == 1
        home.speaker.go_on()
        await home.closed(thread)
    assert await texts(home) == ["Said in the dark."]


async def test_what_is_said_between_two_processes_reaches_the_debate(home: House) -> None:
    place = home.club
    async with home.bot():
        thread = await held(home)
        place.luis.says(thread, "Heard by the first.")
        await home.until_async(lambda: texts(home), ["Heard by the first."])
    place.luis.says(thread, "Heard by nobody.")
    place.ana.says(thread, "@Panel pause")
    async with home.bot():
        await home.until_async(lambda: texts(home), ["Heard by the first.", "Heard by nobody."])
        await home.until_async(lambda: count(home, "DebatePaused"), 1)
        place.ana.says(thread, "@Panel resume")
        home.speaker.go_on()
        assert len(await home.closed(thread)) >= 9
    assert await texts(home) == ["Heard by the first.", "Heard by nobody."]


async def test_what_was_corrected_or_taken_back_between_two_processes_is_noticed(
    home: House,
) -> None:
    place = home.club
    async with home.bot():
        thread = await held(home)
        kept, wrong, regretted = (
            place.luis.says(thread, words) for words in ("I stay.", "I am worng.", "I regret this.")
        )
        await home.until_async(lambda: texts(home), ["I stay.", "I am worng.", "I regret this."])
        await home.until_async(lambda: heard_to(home, thread), regretted.id)
    place.luis.edits(wrong, "I am wrong.")
    place.luis.deletes(regretted)
    async with home.bot():
        await home.until_async(lambda: texts(home), ["I stay.", "I am worng.", ""])
        await home.until_async(lambda: count(home, "MessageEdited"), 1)
    async with home.bot():
        said = place.luis.says(thread, "And now?")
        await home.until_async(lambda: heard_to(home, thread), said.id)
        home.speaker.go_on()
        await home.closed(thread)
    assert await texts(home) == ["I stay.", "I am worng.", "", "And now?"]
    (edited,) = await home.events("MessageEdited")
    assert getattr(edited, "text", "") == "I am wrong."
    assert await count(home, "MessageErased") == 1
    assert kept.id in thread.messages


async def test_what_was_heard_before_a_restart_is_not_taken_again(home: House) -> None:
    """A command that was refused leaves no trace in the log; it is not answered twice."""
    place = home.club
    async with home.bot():
        thread = await held(home)
        refused = place.luis.says(thread, "@Panel stop")
        await home.until(lambda: replies(home, thread, refused.id))
        await home.until_async(lambda: heard_to(home, thread), refused.id)
    async with home.bot():
        place.luis.says(thread, "Hello again.")
        await home.until_async(lambda: texts(home), ["Hello again."])
        home.speaker.go_on()
        await home.closed(thread)
    assert replies(home, thread, refused.id) == 1


async def test_a_long_gap_is_read_page_by_page_though_discord_stumbles(home: House) -> None:
    place = home.club
    async with home.bot():
        thread = await held(home)
    said = [f"Point {n}." for n in range(130)]
    for words in said:
        place.luis.says(thread, words)
    is_mine = lambda args: "after" in args  # noqa: E731
    place.discord.faults.plan(READING, fails(), rate_limits(0.05), where=is_mine)
    async with home.bot():
        await home.until_async(lambda: texts(home), said)
        home.speaker.go_on()


async def test_a_thread_that_is_gone_does_not_keep_others_from_being_read(home: House) -> None:
    place = home.club
    async with home.bot():
        thread = await held(home)
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        await home.until(lambda: len(home.threads()) == 2)
        other = next(found for found in home.threads() if found is not thread)
        await home.until_async(lambda: debates(home), 2)
    place.discord.remove_channel(thread)
    place.luis.says(other, "Still here.")
    async with home.bot():
        await home.until_async(lambda: texts(home), ["Still here."])
        home.speaker.go_on()


async def test_redis_may_be_away_while_people_talk(home: House, server: RedisServer) -> None:
    place = home.club
    async with home.bot():
        thread = await held(home)
        server.kill()
        for n in range(3):
            place.luis.says(thread, f"Point {n}.")
        await home.until(lambda: place.discord.trace)
        server.start()
        await home.until_async(lambda: texts(home), ["Point 0.", "Point 1.", "Point 2."])
        home.speaker.go_on()
        await home.closed(thread)


def replies(home: House, thread: Channel, to: str) -> int:
    seen = home.club.ana.sees(thread)
    return len([s for s in seen if s.message.replied_to and s.message.replied_to.id == to])


async def heard_to(home: House, thread: Channel) -> str | None:
    (listed, *_rest) = await home.debates.recent(9)
    assert listed.started.home is not None
    assert listed.started.home.thread == thread.id
    return await home.debates.places.heard_to(listed.started.home)


async def debates(home: House) -> int:
    return len(await home.debates.recent(9))
