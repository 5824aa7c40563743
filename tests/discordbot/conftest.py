"""The guild that most tests here are in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.discordbot.club import Club, club
from tests.discordbot.stage import DiscordStage, stage_in
from tests.fakes.discord.timing import Timing


@pytest.fixture
async def place() -> AsyncIterator[Club]:
    """A club where Discord waits as long as it says it does."""
    async with club() as opened:
        yield opened


@pytest.fixture
async def hasty() -> AsyncIterator[Club]:
    """A club where interactions are to be answered ten times sooner."""
    async with club(Timing(answer_s=0.3)) as opened:
        yield opened


@pytest.fixture
async def stage(place: Club, redis: Redis, shard: str) -> AsyncIterator[DiscordStage]:
    """A surface in identity `webhook`."""
    async with stage_in(place, redis, shard) as opened:
        yield opened


@pytest.fixture
async def bots(place: Club, redis: Redis, shard: str) -> AsyncIterator[DiscordStage]:
    """A surface in identity `bots`."""
    async with stage_in(place, redis, shard, "bots") as opened:
        yield opened


@pytest.fixture(params=["webhook", "bots"])
async def either(
    request: pytest.FixtureRequest, place: Club, redis: Redis, shard: str
) -> AsyncIterator[DiscordStage]:
    """The one, then the other."""
    async with stage_in(place, redis, shard, request.param) as opened:
        yield opened
