"""One installation for a whole Enterprise Grid: each workspace keeps to itself what is its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.redis_server import RedisServer
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import Place, Town, town

GRID = "E012345678"
SHOWN = "• Should the team meet less?"


@pytest.fixture
async def here(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[Town]:
    async with town(server, shard, unused_tcp_port) as opened:
        yield opened


async def installed(here: Town) -> list[Place]:
    """The app in two workspaces of a Grid at once, and in both of their channels."""
    north, south = (here.team(name, enterprise_id=GRID) for name in ("north", "south"))
    await north.installs(org="1")
    south.admin.invites(south.installed, south.general)
    return [north, south]


async def tab(here: Town, place: Place) -> str:
    """The Home tab before the place's admin, drawn anew."""
    views, admin = len(here.home.slack.trace.calls("views.publish")), place.admin
    admin.opens_home(here.app)
    await here.home.until(lambda: len(here.home.slack.trace.calls("views.publish")) > views)
    await here.home.until(lambda: "Help" in admin.sees_home(here.app))
    return admin.sees_home(here.app)


async def test_the_home_tab_lists_no_debate_of_another_workspace(here: Town) -> None:
    async with here.bot():
        north, south = await installed(here)
        await north.admin.runs("/debate", QUESTION, north.general)
        await north.closed()
        assert SHOWN in await tab(here, north)
        assert SHOWN not in await tab(here, south)


async def test_the_home_tab_lists_a_private_debate_only_for_who_started_it(here: Town) -> None:
    async with here.bot():
        north, _south = await installed(here)
        slack = here.home.slack
        luis = slack.person(north.team, "north-luis")
        board = slack.channel(north.team, "board", north.admin, luis, kind="private")
        north.admin.invites(north.installed, board)
        await north.admin.runs("/debate", QUESTION, board)
        await here.home.until(lambda: north.admin.sees(board))
        assert SHOWN in await tab(here, north)
        luis.opens_home(here.app)
        await here.home.until(lambda: "Help" in luis.sees_home(here.app))
        assert SHOWN not in luis.sees_home(here.app)


async def test_user_groups_are_looked_for_in_every_workspace(here: Town) -> None:
    south_group: list[str] = []
    north, south = (here.team(name, enterprise_id=GRID) for name in ("north", "south"))
    south_group.append(here.home.slack.group(south.team, "panelists", south.admin).id)
    slack = here.home.settings.slack.model_copy(update={"allow_groups": tuple(south_group)})
    here.home.settings = here.home.settings.model_copy(update={"slack": slack})
    async with here.bot():
        await north.installs(org="1")
        south.admin.invites(south.installed, south.general)
        await north.admin.runs("/debate", QUESTION, north.general)
        assert "may not be used here" in north.admin.sees(north.general)[-1].text
        await south.admin.runs("/debate", QUESTION, south.general)
        await south.closed()
    assert len(here.home.slack.trace.calls("auth.teams.list")) == 1
