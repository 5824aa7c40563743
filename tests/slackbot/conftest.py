"""The workspace that most tests here are in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.timing import Timing
from tests.slackbot.office import Office, office


@pytest.fixture
async def place() -> AsyncIterator[Office]:
    """An office where Slack waits as long as it says it does."""
    async with office() as opened:
        yield opened


@pytest.fixture
async def hasty() -> AsyncIterator[Office]:
    """An office where acknowledgements and retries are due ten times sooner."""
    async with office(Timing(ack_s=0.3, retries_s=(0.0, 0.1, 1.5), warning_s=0.3)) as opened:
        yield opened
