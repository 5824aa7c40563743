"""A house to open rooms in, for each test, and a browser to look at them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser
from redis.asyncio import Redis

from tests.redis_server import RedisServer
from tests.webroom.browsing import Window, chromium, window
from tests.webroom.rig import House, Room


@pytest.fixture
async def house(server: RedisServer, shard: str, redis: Redis) -> AsyncIterator[House]:
    """On the test's own shard."""
    async with House.built(server, shard) as built:
        yield built


@pytest.fixture
async def room(house: House) -> AsyncIterator[Room]:
    """A room with a worker."""
    async with house.room() as opened:
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def ana(browser: Browser) -> AsyncIterator[Window]:
    """A newcomer's window."""
    async with window(browser) as opened:
        yield opened
