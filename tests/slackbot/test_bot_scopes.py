"""An app that was not granted all it asks for: what it can still do, it does, and says the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


def grant(home: House, *without: str) -> None:
    """What the app asks for, but for these."""
    scopes = frozenset(home.installed.app.bot_scopes) - frozenset(without)
    home.slack.install(home.installed.app, home.team, scopes=scopes)


async def test_without_names_of_their_own_turns_begin_with_the_personas_names(
    home: House,
) -> None:
    grant(home, "chat:write.customize")
    with capture_logs() as logs:
        async with home.bot():
            await home.ana.runs("/debate", QUESTION, home.general)
            *turns, _closing, _files = await home.closed()
    assert len([entry for entry in logs if entry["event"] == "scope.missing"]) == 1
    assert {turn.author for turn in turns} == {"Tertulia"}
    names = [turn.text.splitlines()[0] for turn in turns]
    assert names[:2] == ["Coordinator", "AI Researcher"]
    assert len(set(names)) == 8
    for turn, following in pairwise(range(8)):
        assert f"→ {names[following]}: " in turns[turn].text
    first = turns[0].message
    assert first.text.startswith("Coordinator: "), "what notifications show says it too"
    assert first.blocks[0]["elements"][0]["elements"][0]["style"] == {"bold": True}


async def test_a_scope_that_is_granted_is_used(
    home: House,
) -> None:
    grant(home)
    with capture_logs() as logs:
        async with home.bot():
            await home.ana.runs("/debate", QUESTION, home.general)
            first, *_ = await home.closed()
    assert first.author == "Coordinator"
    assert not first.text.startswith("Coordinator")
    assert "scope.missing" not in {entry["event"] for entry in logs}
