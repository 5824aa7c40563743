"""Who of a panel debates: chosen by command, which completes itself, or in the form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.discordbot.rig import House, house
from tests.discordbot.test_bot_journeys import ephemeral
from tests.fakes.discord.typed_options import Value
from tests.redis_server import RedisServer

START = "debate start"
TWO = ["ai-doomer", "ai-newcomer"]


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        await opened.publish()
        yield opened


async def test_a_debate_is_held_among_the_personas_that_are_named(home: House) -> None:
    place = home.club
    async with home.bot():
        given = {"topic": "Night buses?", "panel": "ai-en", "pace": "live"}
        await place.ana.runs(
            place.app, START, place.general, seats="AI Doomer, ai-newcomer", **given
        )
        thread = await home.a_thread()
        posts = await home.closed(thread)
    assert await debaters(home) == TWO
    assert len(posts) == 1 + 2 + 1


async def test_the_names_complete_themselves_one_after_the_other(home: House) -> None:
    place = home.club
    async with home.bot():
        first = await place.luis.types(
            place.app, START, place.general, "seats", panel="ai-en", seats="doo"
        )
        second = await place.luis.types(
            place.app, START, place.general, "seats", panel="ai-en", seats="ai-doomer, ai-"
        )
    assert [choice["value"] for choice in first] == ["ai-doomer"]
    assert "ai-doomer, ai-newcomer" in [choice["value"] for choice in second]
    assert "ai-doomer, ai-doomer" not in [choice["value"] for choice in second]


async def test_where_the_panel_is_chosen_the_form_asks_who_of_it_debates(home: House) -> None:
    place = home.club
    async with home.bot():
        options: dict[str, Value] = {"panel": "ai", "language": "en", "seats": TWO[0], "rounds": 2}
        ran = await place.ana.runs(place.app, START, place.general, **options)
        assert ran.modal is not None
        fields = [label["component"] for label in ran.modal["components"]]
        names = [field["custom_id"] for field in fields]
        assert names == ["topic", "seats", "rounds", "rule", "pace"]
        assert [chosen(field) for field in fields[1:3]] == [["ai-doomer"], ["2"]]
        await place.ana.submits(topic="Night buses?", seats=" ".join(TWO), rounds="1", pace="live")
        await home.closed(await home.a_thread())
    (listed,) = await home.debates.recent(9)
    assert listed.started.panel == "ai-en"
    assert await debaters(home) == TWO


async def test_what_the_form_does_not_ask_for_is_kept(home: House) -> None:
    place = home.club
    home.speaker.hold(0)
    async with home.bot():
        options = {"language": "en", "steering": "everyone"}
        ran = await place.ana.runs(place.app, START, place.general, **options)
        assert ran.modal is not None
        await place.ana.submits(topic="Night buses?")
        await home.a_thread()
        (listed,) = await home.debates.recent(9)
        home.speaker.go_on()
    assert (listed.started.language, listed.started.steering) == ("en", "everyone")


async def test_personas_of_another_panel_are_refused_to_who_asked(home: House) -> None:
    place = home.club
    async with home.bot():
        given = {"topic": "Night buses?", "panel": "ai-en", "seats": "ai-doomer, nobody"}
        await place.ana.runs(place.app, START, place.general, **given)
        await home.until(lambda: ephemeral(place.ana, place.general))
    assert "otro panel" in ephemeral(place.ana, place.general)[0]
    assert await home.debates.recent(9) == []


async def debaters(home: House) -> list[str]:
    """Of the only debate."""
    (listed,) = await home.debates.recent(9)
    return [seat.id for seat in listed.started.seats[1:]]


def chosen(menu: dict[str, Any]) -> list[str]:
    """What is chosen already."""
    return [option["value"] for option in menu["options"] if option.get("default")]
