"""One debate in a Discord thread and a Slack thread at once: two bots, one engine, one log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bots.chat.mentions import BREAK
from engine.debate.events import Event, MessageHeard, TurnSpoken
from tests.discordbot import rig as on_discord
from tests.discordbot.test_bot_journeys import QUESTION, count, ephemeral
from tests.fakes.discord.guilds import Channel
from tests.redis_server import RedisServer
from tests.slackbot import rig as on_slack

pytestmark = pytest.mark.timeout(240)


@dataclass
class Both:
    """A debate that began in Discord and is held up in its second turn; Slack shows it too."""

    discord: on_discord.House
    slack: on_slack.House
    thread: Channel
    root: str
    """The ts of the message that Slack's thread hangs from."""

    def in_discord(self) -> list[str]:
        """Everything in the thread there."""
        return [seen.text.replace(BREAK, "") for seen in self.discord.club.ana.sees(self.thread)]

    def in_slack(self) -> list[str]:
        """Everything below the root there."""
        return [seen.text.replace(BREAK, "") for seen in self.slack.thread(root=self.root)]

    def says_in_slack(self, words: str) -> None:
        """Luis, of Slack."""
        self.slack.luis.says(self.slack.general, words, thread=self.root)

    async def heard(self, messages: int) -> None:
        """Waits until so many messages stand in the log."""
        await self.discord.until_async(lambda: count(self.discord, "MessageHeard"), messages)

    async def closes(self) -> None:
        """Lets the debate go on to its end."""
        self.discord.speaker.go_on()
        await self.discord.closed(self.thread)

    async def log(self) -> list[Event]:
        """The debate's events."""
        return await self.discord.log()


@pytest.fixture
async def both(server: RedisServer, shard: str, redis: object) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(on_discord.house(server, shard))
        slack = await stack.enter_async_context(on_slack.house(server, shard, speaks=False))
        club = discord.club
        await discord.publish()
        discord.speaker.hold(1)
        await stack.enter_async_context(discord.bot())
        await stack.enter_async_context(slack.bot())
        club.ana.says(club.general, f"@Panel debate {QUESTION}")
        thread = await discord.a_thread()
        await discord.until(lambda: discord.posts(thread))
        await club.ana.runs(club.app, "debate mirror", thread)
        await discord.until(lambda: ephemeral(club.ana, thread))
        code = ephemeral(club.ana, thread)[0].rpartition(" ")[2]
        root = slack.ana.says(slack.general, "Our friends in Discord debate this:").ts
        slack.ana.says(slack.general, f"@tertulia mirror {code}", thread=root)
        shown = Both(discord, slack, thread, root)
        await discord.until(lambda: any("This thread shows" in text for text in shown.in_slack()))
        yield shown


async def test_people_on_both_sides_are_heard_and_each_side_sees_every_event_once_in_order(
    both: Both,
) -> None:
    luis = both.discord.club.luis
    luis.says(both.thread, "Said in Discord.")
    await both.discord.until(lambda: found(both.in_slack(), "Said in Discord."))
    both.says_in_slack("Said in Slack.")
    await both.heard(2)
    await both.closes()
    luis.says(both.thread, "@doomer what if you are wrong?")
    await both.discord.until(lambda: found(both.in_slack(), "To Luis:"))
    both.says_in_slack("@newcomer and you, what do you say?")
    await both.discord.until_async(lambda: count(both.discord, "TurnSpoken"), 10)
    said = [event for event in await both.log() if isinstance(event, MessageHeard | TurnSpoken)]
    texts = [event.answer if isinstance(event, TurnSpoken) else event.text for event in said]
    assert len(set(texts)) == 14
    await both.discord.until(lambda: found(both.in_discord(), texts[-1]))
    await both.discord.until(lambda: found(both.in_slack(), texts[-1]))
    first = next(number for number, event in enumerate(said) if isinstance(event, MessageHeard))
    assert_once_in_order(both.in_discord(), texts)
    assert_once_in_order(both.in_slack(), texts[first:])
    (theirs,) = (s for s in both.discord.posts(both.thread) if "Said in Slack." in s.text)
    (ours,) = (s for s in both.slack.thread(root=both.root) if "Said in Discord." in s.text)
    assert "luis" in theirs.author.lower()
    assert "luis" in ours.author.lower()
    assert (both.discord.club.luis.pings, both.slack.luis.pings) == ([], [])


async def test_what_is_corrected_or_taken_back_on_one_side_is_told_on_the_other(
    both: Both,
) -> None:
    luis = both.discord.club.luis
    said = luis.says(both.thread, "Nine hours.")
    await both.heard(1)
    luis.edits(said, "Ten hours.")
    await both.discord.until(lambda: found(both.in_slack(), "Ten hours."))
    words = both.slack.luis.says(both.slack.general, "In Slack: two.", thread=both.root)
    await both.discord.until(lambda: found(both.in_discord(), "In Slack: two."))
    both.slack.luis.edits(words, "In Slack: three.")
    await both.discord.until(lambda: found(both.in_discord(), "In Slack: three."))
    luis.deletes(said)
    both.slack.luis.deletes(words)
    for shown in (both.in_discord, both.in_slack):
        await both.discord.until(
            lambda: sum("was taken back" in text for text in shown()) == 2  # noqa: B023
        )
    assert not any("hours" in str(event) or "In Slack" in str(event) for event in await both.log())
    await both.closes()


async def test_once_the_mirror_is_ended_its_thread_shows_and_hears_nothing_more(
    both: Both,
) -> None:
    both.slack.ana.says(both.slack.general, "@tertulia mirror end", thread=both.root)
    await both.discord.until(lambda: found(both.in_slack(), "no longer shows the debate"))
    await both.discord.until(lambda: found(both.in_discord(), "no longer shows this debate"))
    both.says_in_slack("Nobody hears this.")
    before = both.in_slack()
    await both.closes()
    assert await both.discord.events("MessageHeard") == []
    assert both.in_slack() == before


def found(texts: list[str], words: str) -> bool:
    """Whether it stands there."""
    return any(words in text for text in texts)


def assert_once_in_order(shown: list[str], texts: list[str]) -> None:
    """Each of these stands in one message, and these follow one another."""
    places = [[n for n, text in enumerate(shown) if words in text] for words in texts]
    assert all(len(there) == 1 for there in places), list(zip(texts, places, strict=True))
    assert places == sorted(places)
