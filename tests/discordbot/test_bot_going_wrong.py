"""Whatever breaks: every turn stands in its thread once, in order; what is mended goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from itertools import pairwise

import pytest
from pydantic import SecretStr

from bots.discordbot.bot import Bot
from engine.panels.loader import load_panel
from tests.discordbot.club import voices_in
from tests.discordbot.rig import House, house, is_card
from tests.discordbot.stage import MESSAGES, WEBHOOK
from tests.discordbot.test_bot_journeys import QUESTION
from tests.fakes.discord.faults import (
    Fault,
    breaks_off,
    fails,
    fails_after,
    loses_answer,
    rate_limits,
)
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer

FAULTS = {
    "loses_answer": loses_answer,
    "breaks_off": breaks_off,
    "fails": fails,
    "fails_after": fails_after,
    "rate_limits": lambda: rate_limits(0.2),
    "shared": lambda: rate_limits(0.2, "shared"),
    "global": lambda: rate_limits(0.2, "global"),
}
WRITING = Permission.SEND_MESSAGES_IN_THREADS
EDITS = "PATCH /channels/{channel}/messages/{message}"


class Home:
    """A house, and how its personas speak."""

    def __init__(self, house: House, identity: str) -> None:
        self.house, self.club, self.identity = house, house.club, identity
        self.posting = WEBHOOK if identity == "webhook" else MESSAGES
        spoken = voices_in(house.club, load_panel("ai-en")) if identity == "bots" else {}
        self._tokens = {persona: SecretStr(voice.token) for persona, voice in spoken.items()}

    def bot(self) -> AbstractAsyncContextManager[Bot]:
        """A bot process."""
        return self.house.bot(identity=self.identity, persona_tokens=self._tokens)

    async def asked(self) -> Channel:
        """The thread of a debate that Ana asks for."""
        self.club.ana.says(self.club.general, f"@Panel debate {QUESTION}")
        return await self.house.a_thread()

    def plan(self, *faults: Fault) -> None:
        """The next posts of personas go wrong."""

        def is_personas(args: dict[str, object]) -> bool:
            return "webhook" in args or ("nonce" in args and "components" not in args)

        self.club.discord.faults.plan(self.posting, *faults, where=is_personas)

    async def first(self, thread: Channel) -> None:
        """Waits for the first turn."""
        await self.house.until(lambda: self.house.posts(thread))


@pytest.fixture(params=["webhook", "bots"])
async def home(
    request: pytest.FixtureRequest, server: RedisServer, shard: str, redis: object
) -> AsyncIterator[Home]:
    async with house(server, shard) as opened:
        yield Home(opened, request.param)


def in_order(posts: list[Seen]) -> None:
    """Eight turns, each asking the next, and a close."""
    turns = [seen for seen in posts if seen.author != "Panel"]  # which says why it waited
    assert len(turns) == 9, [seen.text for seen in turns]
    for spoken, following in pairwise(turns[:8]):
        called = spoken.text.partition("> → ")[2].partition("\n")[0].strip("@*")
        assert following.author.endswith(called)
        assert called
    assert turns[8].author == turns[0].author


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_whatever_becomes_of_an_answer_each_turn_stands_there_once(
    home: Home, fault: Callable[[], Fault]
) -> None:
    async with home.bot():
        home.plan(fault(), fault())
        thread = await home.asked()
        in_order(await home.house.closed(thread))
    assert home.club.discord.faults.pending == 0


@pytest.mark.parametrize("fault", [loses_answer, fails, breaks_off], ids=lambda f: f.__name__)
async def test_there_is_one_card_and_one_transcript_whatever_becomes_of_them(
    server: RedisServer, shard: str, redis: object, fault: Callable[[], Fault]
) -> None:
    async with house(server, shard) as opened:
        home = Home(opened, "webhook")
        async with home.bot():
            home.club.discord.faults.plan(MESSAGES, fault())
            home.club.discord.faults.plan(EDITS, fault())
            thread = await home.asked()
            in_order(await opened.closed(thread))
            sees = home.club.ana.sees
            await opened.until(lambda: any(is_card(seen) for seen in sees(thread)))
            assert len([seen for seen in sees(thread) if is_card(seen)]) == 1
            assert len([seen for seen in sees(thread) if seen.files]) == 1


async def test_a_locked_thread_gets_the_rest_once_it_is_opened_again(home: Home) -> None:
    home.house.speaker.hold(1)
    async with home.bot():
        thread = await home.asked()
        await home.first(thread)
        home.club.ana.archives(thread, locks=True)
        home.house.speaker.go_on()
        await home.house.until_async(lambda: is_paused(home), True)
        assert len(home.house.posts(thread)) == 1
        home.club.ana.reopens(thread)
        in_order(await home.house.closed(thread))


async def test_a_thread_that_is_archived_in_mid_debate_is_opened_by_the_next_post(
    home: Home,
) -> None:
    home.house.speaker.hold(1)
    async with home.bot():
        thread = await home.asked()
        await home.first(thread)
        home.club.ana.archives(thread)
        home.house.speaker.go_on()
        in_order(await home.house.closed(thread))
    assert not thread.is_archived


async def test_a_permission_that_is_taken_in_mid_debate_and_given_back_costs_time_alone(
    home: Home,
) -> None:
    needed = Permission.MANAGE_WEBHOOKS if home.identity == "webhook" else WRITING
    club = home.club
    home.house.speaker.hold(1)
    async with home.bot():
        thread = await home.asked()
        await home.first(thread)
        club.discord.world.webhooks.clear()  # who may not manage them had them taken, too
        for app in club.discord.world.apps.values():
            club.discord.overwrite(club.general, app.user, deny=needed)
        home.house.speaker.go_on()
        await home.house.until_async(lambda: is_paused(home), True)
        for app in club.discord.world.apps.values():
            club.discord.overwrite(club.general, app.user)
        in_order(await home.house.closed(thread))


async def test_a_gateway_that_goes_away_again_and_again_changes_nothing_in_the_thread(
    home: Home,
) -> None:
    gateway = home.club.discord.gateway
    home.house.speaker.pause_s = 0.02
    async with home.bot() as bot:
        thread = await home.asked()
        for turns in (1, 3, 5):
            await home.house.until(lambda: len(home.house.posts(thread)) >= turns)  # noqa: B023
            gateway.goes_down()
            await home.house.until(bot.ailing)
            if turns == 3:
                gateway.forget(home.club.app)
            gateway.comes_back()
            await home.house.until(lambda: bot.ailing() is None)
        in_order(await home.house.closed(thread))


async def test_a_channel_that_the_bot_may_not_write_to_gets_the_rest_once_it_may(
    home: Home,
) -> None:
    needed = Permission.MANAGE_WEBHOOKS if home.identity == "webhook" else WRITING
    club = home.club
    apps = [app.user for app in club.discord.world.apps.values()]
    async with home.bot():
        for user in apps:
            club.discord.overwrite(club.general, user, deny=needed)
        thread = await home.asked()
        await home.house.until_async(lambda: is_paused(home), True)
        for user in apps:
            club.discord.overwrite(club.general, user)
        in_order(await home.house.closed(thread))


async def test_a_thread_that_is_gone_gets_nothing_and_nothing_stands_beside_it(home: Home) -> None:
    home.house.speaker.hold(1)
    async with home.bot():
        thread = await home.asked()
        await home.first(thread)
        home.club.discord.remove_channel(thread)
        home.house.speaker.go_on()
        await home.house.until_async(lambda: is_paused(home), True)
    assert [seen.author for seen in home.club.ana.sees(home.club.general)] == ["ana"]


async def test_under_discords_limits_a_debate_comes_whole_and_few_requests_are_too_many(
    home: Home,
) -> None:
    home.club.discord.limits.is_on = True
    async with home.bot():
        thread = await home.asked()
        in_order(await home.house.closed(thread))
    assert len(home.club.discord.limits.refused) <= 2


async def test_a_webhook_that_is_deleted_in_mid_debate_is_made_anew(
    server: RedisServer, shard: str, redis: object
) -> None:
    async with house(server, shard) as opened:
        home = Home(opened, "webhook")
        opened.speaker.hold(1)
        async with home.bot():
            thread = await home.asked()
            await home.first(thread)
            home.club.discord.world.webhooks.clear()
            opened.speaker.go_on()
            in_order(await opened.closed(thread))


async def is_paused(home: Home) -> bool:
    """Whether the latest debate waits for its thread."""
    listed = await home.house.debates.recent(1)
    if not listed:
        return False
    return (await home.house.debates.load(listed[0].debate)).paused
