"""`tertulia budget …`: what was used is shown, and limits of one's own count at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.debate.commands import Actor, Rejected, StartDebate
from engine.debate.events import Person, Place, Reason
from tests.debate.given import start
from tests.deploy.admin import Admin
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of, close_of, turns


def begun(thread: str) -> StartDebate:
    place = Place("slack:T1", "C1", thread)
    return replace(start(), by=Actor(Person("slack:T1:U1", "Ana"), place))


async def test_what_was_used_is_shown_beside_what_is_allowed(admin: Admin, rig: Rig) -> None:
    async with FakeModelServer.open() as models, client_of(models.url) as model, rig.worker(model):
        await rig.log_until_closed(await rig.start(begun("1")))
    shown = await admin.json("budget", "show", TERTULIA_CHANNEL__TURNS="10")
    channel, workspace = sorted(shown["accounts"], key=lambda it: -len(it["whose"]))
    assert (channel["whose"], workspace["whose"]) == ("slack:T1/C1", "slack:T1")
    assert channel["used"]["turns"] == workspace["used"]["turns"] == 4
    assert (channel["used"]["debates"], channel["used"]["debates_open"]) == (1, 0)
    assert (channel["allowed"]["turns"], workspace["allowed"]["turns"]) == (10, None)
    assert "4 / 10" in await admin.does("budget", "show", TERTULIA_CHANNEL__TURNS="10")
    assert (await admin.json("budget", "show", "--day", "2020-01-01"))["accounts"] == []


async def test_a_channels_own_limit_counts_from_the_next_turn_on(admin: Admin, rig: Rig) -> None:
    assert await admin.json("budget", "set", "slack:T1/C1", "turns=6") == {
        "whose": "slack:T1/C1",
        "own": {"turns": 6},
    }
    async with FakeModelServer.open() as models, client_of(models.url) as model, rig.worker(model):
        await rig.log_until_closed(await rig.start(begun("1")))
        log = await rig.log_until_closed(await rig.start(begun("2")))
        assert len(turns(log)) == 2
        assert close_of(log).reason is Reason.TURN_BUDGET
        with pytest.raises(Rejected, match="today"):
            await rig.start(begun("3"))
        await admin.json("budget", "set", "slack:T1/C1", "turns=none")
        log = await rig.log_until_closed(await rig.start(begun("3")))
        assert close_of(log).reason is Reason.ROUNDS


async def test_limits_are_added_changed_and_taken_away_one_by_one(admin: Admin) -> None:
    async def sets(*limits: str) -> object:
        return (await admin.json("budget", "set", "slack:T1", *limits))["own"]

    assert await sets("seconds=1.5", "debates_at_once=3") == {"seconds": 1.5, "debates_at_once": 3}
    assert await sets("tokens=none") == {"seconds": 1.5, "debates_at_once": 3, "tokens": None}
    assert await sets("seconds=usual", "tokens=2000000") == {
        "debates_at_once": 3,
        "tokens": 2000000,
    }
    (account,) = (await admin.json("budget", "show"))["accounts"]
    assert account["own"] == {"debates_at_once": 3, "tokens": 2000000}
    assert await sets("debates_at_once=usual", "tokens=usual") == {}
    assert (await admin.json("budget", "show"))["accounts"] == []


@pytest.mark.parametrize(
    ("whose", "limit", "why"),
    [
        ("slack:T1", "turn=3", "turn=3 is no limit; write one of turns, tokens, "),
        ("slack:T1", "turns=0", "turns=0: the value must be a number over 0"),
        ("slack:T1", "turns=lots", "turns=lots: the value must be a number over 0"),
        ("slack:T1/C1/1690", "turns=3", "slack:T1/C1/1690 is no workspace and no channel"),
    ],
)
async def test_what_is_no_limit_is_refused(admin: Admin, whose: str, limit: str, why: str) -> None:
    assert (await admin.fails("budget", "set", whose, limit)).startswith(why)
