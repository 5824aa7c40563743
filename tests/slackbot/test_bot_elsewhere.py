"""Debates that are asked for where the app is not a member: it comes in, or says that it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.faults import refuses
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION

NOT_IN = "The app is not in that channel; invite it there."


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def test_a_command_brings_the_app_into_an_open_channel(home: House) -> None:
    lobby = home.slack.channel(home.team, "lobby", home.luis)
    async with home.bot():
        await home.luis.runs("/debate", f"{QUESTION} panel=ai-en", lobby)
        await home.until_async(lambda: count(home), 1)
    assert home.installed.bot.id in lobby.members


async def test_a_command_in_a_closed_channel_is_told_to_invite_the_app(home: House) -> None:
    board = home.slack.channel(home.team, "board", home.luis, kind="private")
    async with home.bot():
        await home.luis.runs("/debate", QUESTION, board)
        await home.until(lambda: home.luis.sees(board))
    (told,) = home.luis.sees(board)
    assert (told.text, told.is_ephemeral) == (NOT_IN, True)
    assert await home.debates.recent(9) == []


async def test_the_form_says_that_the_app_is_not_in_the_channel(home: House) -> None:
    board = home.slack.channel(home.team, "board", home.luis, kind="private")
    async with home.bot():
        said = home.luis.says(board, "Should we move the office?")
        await home.luis.takes_shortcut("debate_this", said)
        await home.luis.submits({"panel": "ai-en"})
        assert home.luis.modal is not None
        assert home.luis.modal.errors == {"topic": NOT_IN}


async def test_a_message_of_an_open_channel_is_debated_there(home: House) -> None:
    lobby = home.slack.channel(home.team, "lobby", home.luis)
    async with home.bot():
        said = home.luis.says(lobby, "Should we move the office?")
        await home.luis.takes_shortcut("debate_this", said)
        await home.luis.submits({"panel": "ai-en"})
        assert home.luis.modal is None
        await home.until_async(lambda: count(home), 1)
    assert home.installed.bot.id in lobby.members


async def test_a_card_that_slack_refuses_is_told_of_by_the_response_url(home: House) -> None:
    home.slack.faults.plan("chat.postMessage", refuses("not_in_channel"))
    home.slack.faults.plan("chat.postEphemeral", refuses("user_not_in_channel"))
    async with home.bot():
        await home.luis.runs("/debate", f"{QUESTION} panel=ai-en", home.general)
        await home.until(lambda: home.luis.sees(home.general))
    (told,) = home.luis.sees(home.general)
    assert (told.text, told.is_ephemeral) == ("The app is not in the channel; invite it.", True)
