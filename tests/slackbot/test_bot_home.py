"""The Home tab in the local Slack: what it shows, and what people set there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from engine.bootstrap import new_id
from engine.debate.commands import Actor, StartDebate
from engine.debate.events import Pace, Person, Place
from engine.panels.loader import load_panel
from tests.fakes.slack.faults import waits_for
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


async def shown(home: House, words: str) -> str:
    """The Home tab before Luis, once these words stand in it."""
    app = home.installed.app
    await home.until(lambda: words in home.luis.sees_home(app))
    return home.luis.sees_home(app)


async def opened(home: House, words: str = "Your settings") -> str:
    home.luis.opens_home(home.installed.app)
    return await shown(home, words)


async def test_it_shows_debates_panels_settings_and_help(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
        text = await opened(home, "• Should the team meet less?")
    titles = ["Running debates", "Recent debates", "Panels", "Your settings", "Help"]
    lines = text.splitlines()
    assert [line for line in lines if line in titles] == titles
    assert lines.index("None.") < lines.index("Recent debates")
    assert "• Question on artificial intelligence (ai-en):" in text or "(ai-en): 🧭" in text
    assert "Write a topic to have it debated" in text
    assert home.luis.notices == []


async def test_the_language_that_was_chosen_goes_before_the_profiles(home: House) -> None:
    async with home.bot():
        await opened(home)
        await home.luis.presses_home(home.installed.app, "like:reads", "es")
        await shown(home, "Sus ajustes")
        await home.luis.runs("/debate", "help", home.general)
        assert "Escriba un tema" in home.luis.sees(home.general)[-1].text
    async with home.bot():  # another process
        await home.luis.runs("/debate", "help", home.general)
        assert "Escriba un tema" in home.luis.sees(home.general)[-1].text
        home.luis.opens_home(home.installed.app)
        await home.luis.presses_home(home.installed.app, "like:reads", "-")
        await shown(home, "Your settings")


async def test_what_is_chosen_while_the_tab_is_shown_stands_in_it_at_last(home: House) -> None:
    async with home.bot():
        await opened(home)
        landing = asyncio.Event()
        home.slack.faults.plan("views.publish", waits_for(landing))
        home.luis.opens_home(home.installed.app)
        await home.until(lambda: home.slack.faults.pending == 0)
        await home.luis.presses_home(home.installed.app, "like:reads", "es")
        await shown(home, "Sus ajustes")
        shown_so_far = len(home.slack.trace.calls("views.publish"))
        landing.set()
        await home.until(lambda: len(home.slack.trace.calls("views.publish")) > shown_so_far)
        await shown(home, "Sus ajustes")


async def test_their_own_debates_start_as_they_like_unless_the_channel_says_otherwise(
    home: House,
) -> None:
    async with home.bot():
        await opened(home)
        await home.luis.presses_home(home.installed.app, "like:panel", "decision-en")
        await home.luis.presses_home(home.installed.app, "like:pace", "step")
        await home.luis.runs("/debate", "Night buses?", home.general)
        await home.until_async(lambda: panels(home), [("decision-en", "step")])
        await home.ana.runs("/debate", "settings pace=live", home.general)
        await home.luis.runs("/debate", "Day buses?", home.general)
        await home.until_async(
            lambda: panels(home), [("decision-en", "live"), ("decision-en", "step")]
        )
        await home.ana.runs("/debate", "Trams? pace=step", home.general)
        await home.until_async(lambda: count(home), 3)
        assert (await panels(home))[0] == ("ai-es", "step"), "what Luis likes is Luis's"


async def test_its_button_starts_a_debate_in_a_channel_that_is_asked_for(home: House) -> None:
    quiet = home.slack.channel(home.team, "quiet", home.luis)
    board = home.slack.channel(home.team, "board", home.luis, kind="private")
    async with home.bot():
        await opened(home)
        await home.luis.presses_home(home.installed.app, "new")
        assert home.luis.modal is not None
        given = {"topic": "Night buses?", "panel": "ai-en", "pace": "live"}
        await home.luis.submits(given)
        assert "channel" in home.luis.modal.errors
        await home.luis.submits({"channel": board.id})
        assert home.luis.modal.errors["channel"].endswith("invite it there.")
        await home.luis.submits({"channel": quiet.id})
        assert home.luis.modal is None
        await home.until(lambda: home.luis.sees(quiet))
    assert home.luis.sees(quiet)[0].text.startswith("Night buses?")


async def panels(home: House) -> list[tuple[str, str]]:
    started = [listed.started for listed in await home.debates.recent(9)]
    return [(one.panel, one.pace.value) for one in started]


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


async def test_whoever_is_not_let_in_sees_no_debates_at_home(home: House) -> None:
    async with home.bot(block_users=(home.luis.user.id,), allow_channels=(home.general.id,)):
        for person in (home.ana, home.luis):
            person.opens_home(home.installed.app)
            await home.until(partial(person.sees_home, home.installed.app))
    assert home.luis.sees_home(home.installed.app).strip() == "The app may not be used here."
    assert "Debates en curso" in home.ana.sees_home(home.installed.app)


async def test_debates_of_other_workspaces_do_not_push_ones_own_out(home: House) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until_async(lambda: count(home), 1)
        panel = load_panel("ai-en")
        for number in range(110):
            place = Place("slack:T0ELSEWHERE", "C1", f"{number}.1")
            by = Actor(Person("slack:T0ELSEWHERE:U1", "Gil"), place)
            command = StartDebate("Of no concern here?", panel, by=by, pace=Pace.STEP)
            await home.debates.start(new_id(home.settings), command)
        text = await opened(home, "• Should the team meet less?")
    assert "Of no concern here?" not in text
