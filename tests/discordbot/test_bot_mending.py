"""What an admin does so that a thread goes on is heard, and the rest of it wakes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bots.discordbot.waking import Waking
from bots.discordbot.webhooks import Webhooks
from tests.discordbot.rig import House, house
from tests.discordbot.stage import DiscordStage
from tests.discordbot.test_bot_journeys import QUESTION
from tests.fakes.discord.faults import refuses
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.permissions import EVERYONE, Permission
from tests.redis_server import RedisServer


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def paused(home: House) -> Channel:
    """The thread of a debate that cannot be shown."""
    home.club.luis.says(home.club.general, f"@Panel debate {QUESTION}")

    async def is_paused() -> bool:
        listed = await home.debates.recent(1)
        return bool(listed) and (await home.debates.load(listed[0].debate)).paused

    await home.until_async(is_paused, True)
    return await home.a_thread()


async def test_a_role_that_the_bot_is_given_wakes_its_threads(home: House) -> None:
    place = home.club
    member = place.guild.members[place.app.id]
    for role_id in member.roles:
        place.guild.roles[role_id].permissions = EVERYONE
    role = place.discord.role(place.guild, "speaker")
    role.permissions = EVERYONE | Permission.MANAGE_WEBHOOKS
    async with home.bot():
        thread = await paused(home)
        member.roles.append(role.id)
        place.discord.announcer.member("GUILD_MEMBER_UPDATE", place.guild, member)
        await home.closed(thread)


async def test_room_for_a_webhook_wakes_the_channels_threads(home: House) -> None:
    place = home.club
    place.discord.faults.plan("POST /channels/{channel}/webhooks", *[refuses(30007)] * 3)
    async with home.bot():
        thread = await paused(home)
        place.discord.faults._planned.clear()
        place.discord.announcer.webhooks(place.general)
        await home.closed(thread)


async def test_a_storm_of_changes_wakes_once(stage: DiscordStage) -> None:
    waking, woken = Waking(stage.parts, Webhooks(stage.parts.rest, stage.parts.us)), []

    async def wake() -> None:
        woken.append(1)

    for _change in range(50):
        waking.soon("1", wake)
    await stage.parts.background.close(30)
    assert woken == [1]
