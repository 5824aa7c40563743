"""What a debate looks like in Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from bots.discordbot.ids import link_to, place_of
from tests.discordbot.rig import house
from tests.discordbot.test_bot_journeys import QUESTION
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer


@pytest.fixture
async def posts(server: RedisServer, shard: str, redis: object) -> AsyncIterator[list[Seen]]:
    """Of a whole debate."""
    async with house(server, shard) as home, home.bot():
        home.club.ana.says(home.club.general, f"@Panel debate {QUESTION}")
        yield await home.closed(await home.a_thread())


async def test_the_synthesis_leads_to_the_turns_it_rests_on(posts: list[Seen]) -> None:
    *turns, close = posts
    message = close.message
    place = place_of(message.guild_id, "any", message.channel_id)
    (embed,) = message.embeds
    links = embed["description"].split(" · ")
    assert len(links) == len(turns) == 8
    for number, (link, turn) in enumerate(zip(links, turns, strict=True), 1):
        name = turn.author.partition(" ")[2]
        assert link == f"[{number} {name}]({link_to(place, turn.message.id)})"
    assert all(not turn.message.embeds for turn in turns)


async def test_a_question_is_set_apart_and_says_whom_it_is_for(posts: list[Seen]) -> None:
    for turn, following in pairwise(posts[:8]):
        answer, _, question = turn.text.partition("\n\n> ")
        assert answer
        name = following.author.partition(" ")[2]
        assert question.startswith(f"→ **{name}**\n> **")
        assert question.endswith("?**")
    assert "\n> " not in posts[7].text, "the last turn asks nobody"


async def test_every_post_can_be_asked_about_and_calls_nobody_by_itself(posts: list[Seen]) -> None:
    for post in posts:
        (row,) = post.message.components
        (button,) = row["components"]
        assert button["emoji"] == {"name": "❓"}
        assert post.message.mentions.roles == []
