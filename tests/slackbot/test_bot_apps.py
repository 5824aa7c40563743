"""Each persona by an app of its own, in the local Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from pydantic import SecretStr

from bots.slackbot.bot import open_bot
from bots.slackbot.setup import NotSetUp
from engine.panels.loader import load_panel
from tests.fakes.slack.apps import Installation
from tests.fakes.slack.faults import fails, loses_answer
from tests.redis_server import RedisServer
from tests.slackbot.apps import installed
from tests.slackbot.rig import HASTY, House, house
from tests.slackbot.test_bot_journeys import QUESTION

NAMES = {persona.id: persona.name for persona in load_panel("ai-en").personas}


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


@pytest.fixture
async def apps(home: House) -> dict[str, Installation]:
    return installed(home.slack, home.team, NAMES)


def of(apps: dict[str, Installation]) -> dict[str, Any]:
    """The settings for them."""
    tokens = {persona: SecretStr(app.bot_token) for persona, app in apps.items()}
    return {"identity": "apps", "personas": tokens}


async def test_each_turn_is_its_own_apps_and_tags_the_next_one_for_real(
    home: House, apps: dict[str, Installation]
) -> None:
    async with home.bot(**of(apps)):
        await home.ana.runs("/debate", QUESTION, home.general)
        *turns, closing, _files = await home.closed()
        card = home.card()
    by_user = {app.bot.id: persona for persona, app in apps.items()}
    assert [by_user[turn.message.user] for turn in turns] == list(NAMES)
    assert all(turn.message.identity is None for turn in turns)
    for spoken, following in pairwise(turns):
        assert f"→ @{following.author.lower()}: " in spoken.text
        assert {"type": "user", "user_id": following.message.user} in elements(
            spoken.message.blocks
        )
    assert closing.message.user == turns[0].message.user
    assert card.author == "Tertulia"
    assert set(by_user) <= set(home.general.members), "they came into the channel by themselves"
    assert home.luis.pings == []


async def test_who_mentions_a_personas_app_in_the_thread_asks_that_persona(
    home: House, apps: dict[str, Installation]
) -> None:
    async with home.bot(**of(apps)):
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
        home.luis.says(home.general, "@ai doomer what if you are wrong?", thread=home.card().ts)
        await home.until(lambda: home.texts()[-1].startswith("To luis:"))
        assert home.thread()[-1].message.user == apps["ai-doomer"].bot.id
        (listed,) = await home.debates.recent(9)
        events = [record.event for record in await home.debates.records(listed.debate)]
        assert len([e for e in events if type(e).__name__ == "MessageHeard"]) == 1


async def test_an_app_that_may_not_come_in_is_stood_in_for_and_that_is_said_once(
    home: House, apps: dict[str, Installation]
) -> None:
    board = home.slack.channel(home.team, "board", home.ana, home.installed.bot, kind="private")
    invited = [app for persona, app in apps.items() if persona != "ai-doomer"]
    for app in invited:
        home.ana.invites(app, board)
    async with home.bot(**of(apps)):
        question = "Should the team meet less? panel=ai-en pace=live rounds=2"
        await home.ana.runs("/debate", question, board)
        await home.until(lambda: home.ana.sees(board))
        await home.until(lambda: any(seen.files for seen in home.thread(board)))
        thread = home.thread(board)
    doomer = [seen for seen in thread if seen.author == "AI Doomer"]
    assert len(doomer) == 2
    assert {seen.message.user for seen in doomer} == {home.installed.bot.id}
    told = [seen for seen in thread if "invite it to the channel" in seen.text]
    assert told == doomer[:1]
    assert len([seen for seen in thread if seen.message.user in {a.bot.id for a in invited}]) == 14


@pytest.mark.parametrize("fault", [loses_answer, fails], ids=lambda fault: fault.__name__)
async def test_whatever_becomes_of_an_answer_each_turn_stands_there_once(
    home: House, apps: dict[str, Installation], fault: type
) -> None:
    async with home.bot(**of(apps)):
        in_thread = home.slack.faults
        in_thread.plan("chat.postMessage", fault(), fault(), where=lambda a: a.get("thread_ts"))
        await home.ana.runs("/debate", QUESTION, home.general)
        thread = await home.closed()
    assert [seen.author for seen in thread[:8]] == list(NAMES.values())
    assert len(thread) == 10


async def test_a_token_that_can_be_no_personas_is_said_at_the_start(
    home: House, apps: dict[str, Installation]
) -> None:
    elsewhere = home.slack.install(apps["ai-doomer"].app, home.slack.team("other"))
    for given, told in [
        ({}, "slack.personas is empty"),
        ({"ai-doom": SecretStr("xoxb-1")}, "no panel has a persona ai-doom"),
        ({"ai-doomer": SecretStr("xoxb-1")}, "does not take the token of ai-doomer"),
        ({"ai-doomer": SecretStr(elsewhere.bot_token)}, "is in another workspace"),
    ]:
        slack = home.settings.slack.model_copy(update={"identity": "apps", "personas": given})
        with pytest.raises(NotSetUp, match=told):
            async with open_bot(home.settings.model_copy(update={"slack": slack}), HASTY):
                pass


def elements(blocks: list[dict[str, object]]) -> list[object]:
    """Everything in these blocks' sections."""
    sections = [section for block in blocks for section in as_list(block["elements"])]
    return [part for section in sections for part in as_list(section["elements"])]


def as_list(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value
