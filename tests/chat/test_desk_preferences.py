"""What somebody likes, who takes part, and who may start: at the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.chat.desk.preferences import Preferences, preferences
from bots.chat.desk.starting import Unfit
from bots.chat.gate import Verdict
from bots.chat.grammar import Options, Start
from engine.debate.events import Pace
from tests.chat.at_the_desk import ANA, BEA, BOSS, AtTheDesk, refused

PANELS = ("ai-en", "ai-es")


async def test_ones_own_debates_start_as_one_likes(here: AtTheDesk) -> None:
    await here.places.set_preference(ANA.person.id, "panel", "decision-en")
    await here.places.set_preference(ANA.person.id, "pace", "step")
    command = await here.desk.prepare(Start("T?"), ANA)
    assert (command.panel.id, command.pace) == ("decision-en", Pace.STEP)
    command = await here.desk.prepare(Start("T?", Options(pace=Pace.LIVE)), ANA)
    assert (command.panel.id, command.pace) == ("decision-en", Pace.LIVE)
    assert (await here.desk.prepare(Start("T?"), BEA)).panel.id == "ai-en"


async def test_what_a_channel_is_set_to_goes_before_what_somebody_likes(here: AtTheDesk) -> None:
    await here.places.set_preference(ANA.person.id, "panel", "decision-en")
    await here.places.set_preference(ANA.person.id, "pace", "step")
    await here.desk.ask("settings pace=live", BOSS)
    command = await here.desk.prepare(Start("T?"), ANA)
    assert (command.panel.id, command.pace) == ("decision-en", Pace.LIVE)
    usual = await here.desk.usual(ANA)
    assert (usual.panel, usual.pace) == ("decision-en", Pace.LIVE)


async def test_likes_that_are_none_any_more_are_passed_over(here: AtTheDesk) -> None:
    for name, value in [("panel", "gone-en"), ("reads", "xx"), ("pace", "warp"), ("old", "1")]:
        await here.places.set_preference(ANA.person.id, name, value)
    assert await preferences(here.places, ANA.person.id, PANELS) == Preferences()


async def test_some_of_a_panels_debaters_can_debate_in_its_order(here: AtTheDesk) -> None:
    ask = Start("T?", Options(panel="ai-en"), ("ai-newcomer", "ai-doomer"))
    command = await here.desk.prepare(ask, ANA)
    assert [persona.id for persona in command.panel.debaters] == ["ai-doomer", "ai-newcomer"]
    assert command.panel.moderator.id == "coordinator"


@pytest.mark.parametrize("seats", [("ai-doomer",), ("ai-doomer", "ai-doomer"), ("x", "y")])
async def test_too_few_debaters_or_another_panels_will_not_do(
    here: AtTheDesk, seats: tuple[str, ...]
) -> None:
    with pytest.raises(Unfit) as error:
        await here.desk.prepare(Start("T?", Options(panel="ai-en"), seats), ANA)
    assert error.value.option == "seats"


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.CANNOT_TELL])
async def test_who_may_not_start_is_told_so_and_may_do_all_else(
    here: AtTheDesk, verdict: Verdict
) -> None:
    debate = await here.started(asker=ANA)
    guest = replace(BEA, may_start=verdict)
    assert "start" in refused(await here.desk.ask("T?", guest)) or verdict is Verdict.CANNOT_TELL
    assert (await here.desk.say("Why?", guest)).text == ""
    assert type(await here.last(debate)).__name__ == "MessageHeard"
    assert len(await here.door.recent(9)) == 1
