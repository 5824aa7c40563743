"""One process serves many workspaces, and an Enterprise Grid as one; each keeps to itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.slackbot.setup import NotSetUp, checked
from engine.debate.events import MessageHeard
from engine.settings import read_settings
from tests.redis_server import RedisServer
from tests.slackbot.rig import house
from tests.slackbot.test_bot_going_wrong import in_order
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import Town, town


@pytest.fixture
async def here(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[Town]:
    async with town(server, shard, unused_tcp_port) as opened:
        yield opened


async def test_two_workspaces_debate_at_once_each_in_its_own_threads(here: Town) -> None:
    places = [here.team("north"), here.team("south")]
    async with here.bot(), here.bot(port=0):
        for place in places:
            await place.installs()
        topics = [f"Shall {place.team.name} move? panel=ai-en pace=live" for place in places]
        await asyncio.gather(
            *(
                place.admin.runs("/debate", topic, place.general)
                for place, topic in zip(places, topics, strict=True)
            )
        )
        for place in places:
            in_order(await place.closed())
            assert f"Shall {place.team.name} move?" in place.admin.sees(place.general)[0].text
            assert place.admin.notices == []
    listed = await here.home.debates.recent(9)
    homes = {one.started.home.workspace for one in listed if one.started.home}
    assert homes == {f"slack:{place.team.id}" for place in places}


async def test_where_the_app_was_never_installed_people_are_told_so(here: Town) -> None:
    """As after somebody pressed «Install to Workspace» on the app's own page."""
    home = here.home
    async with here.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        (told,) = home.ana.sees(home.general)
        home.ana.says(home.general, f"@tertulia debate {QUESTION}")
        await home.slack.deliveries.settle()
    assert "install it again" in told.text
    assert "vuelva a instalarla" in told.text
    assert await home.debates.recent(9) == []


async def test_a_grid_is_served_by_one_installation_under_one_id(here: Town) -> None:
    grid = "E012345678"
    places = [here.team(name, enterprise_id=grid) for name in ("north", "south")]
    async with here.bot():
        await places[0].installs(org="1")
        for place in places:
            if place.installed.bot.id not in place.general.members:
                place.admin.invites(place.installed, place.general)
            await place.admin.runs("/debate", QUESTION, place.general)
            in_order(await place.closed())
    listed = await here.home.debates.recent(9)
    assert {one.started.home.workspace for one in listed if one.started.home} == {f"slack:{grid}"}
    assert {
        one.started.started_by.id.rpartition(":")[0] for one in listed if one.started.started_by
    } == {f"slack:{grid}"}


async def test_what_people_of_a_grid_write_reaches_the_debate_they_write_under(
    here: Town,
) -> None:
    place = here.team("south", enterprise_id="E012345678")
    async with here.bot():
        await place.installs(org="1")
        here.home.speaker.hold(2)
        await place.admin.runs("/debate", QUESTION, place.general)
        await here.home.until(lambda: len(place.thread()) == 2)
        root = place.admin.sees(place.general)[0].ts
        place.admin.says(place.general, "What about the nights?", thread=root)
        await here.home.slack.deliveries.settle()
        here.home.speaker.go_on()
        await place.closed()
    (listed,) = await here.home.debates.recent(9)
    records = await here.home.debates.records(listed.debate)
    said = [r.event.text for r in records if isinstance(r.event, MessageHeard)]
    assert said == ["What about the nights?"]


async def test_a_workspace_of_a_grid_may_have_an_installation_of_its_own(here: Town) -> None:
    place = here.team("north", enterprise_id="E012345678")
    async with here.bot():
        await place.installs()
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())
    (listed,) = await here.home.debates.recent(9)
    assert listed.started.home is not None
    assert listed.started.home.workspace == f"slack:{place.team.id}"


async def test_bolts_own_variables_change_nothing(
    server: RedisServer,
    shard: str,
    redis: object,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    names = ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "SIGNING_SECRET", "SCOPES", "USER_SCOPES")
    for name in (*names, "REDIRECT_URI", "INSTALL_PATH", "VERIFICATION_TOKEN"):
        monkeypatch.setenv(f"SLACK_{name}", "somebody-elses")
    monkeypatch.setenv("HOME", str(tmp_path))
    async with house(server, shard) as home, home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())
    async with town(server, shard, unused_tcp_port) as here, here.bot():
        place = here.team("north")
        assert "somebody-elses" not in (await place.installs()).back
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())
    assert [found.name for found in tmp_path.iterdir() if "bolt" in found.name] == []  # noqa: ASYNC240


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"client_id": "1"}, "slack.client_secret"),
        ({"client_secret": "1"}, "slack.client_id"),
        ({"client_id": "1", "client_secret": "1"}, "slack.public_url"),
        ({"client_id": "1", "client_secret": "1", "public_url": "bot"}, "slack.public_url"),
        ({"client_id": "1", "client_secret": "1", "bot_token": "xoxb-1"}, "set one of them"),
    ],
)
def test_what_is_missing_for_many_workspaces_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(NotSetUp) as told:
        checked(read_settings(slack=given).slack)
    assert says in str(told.value)
