"""The guild that most tests here are in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discordbot.club import Club, club
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
