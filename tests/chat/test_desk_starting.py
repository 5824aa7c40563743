"""A debate starts as was asked for, else as its channel likes it, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.chat.desk import NOTHING, Asker, Desk, Upload
from bots.chat.grammar import Start
from engine.debate.commands import Erase, Rejected
from engine.debate.events import (
    DebateStarted,
    MaterialAdded,
    MessageErased,
    Pace,
    Place,
    Steering,
)
from engine.debate.panel import Handoff
from engine.panels.loader import load_panel
from tests.chat.at_the_desk import (
    ANA,
    BEA,
    BOSS,
    HOME,
    AtTheDesk,
    at,
    refused,
)


async def started_as(here: AtTheDesk, debate: str) -> DebateStarted:
    return (await here.door.load(debate)).started


async def test_a_topic_starts_a_debate_in_its_thread(here: AtTheDesk) -> None:
    debate = await here.started("¿Tabs o espacios?", ANA)
    started = await started_as(here, debate)
    assert (started.topic, started.panel, started.language) == ("¿Tabs o espacios?", "ai-es", "es")
    assert (started.home, started.started_by) == (HOME, ANA.person)
    assert (started.pace, started.steering) == (Pace.READING, Steering.STARTER)
    assert started.budget.turns == 40
    assert await here.places.debate_at(HOME) == debate


async def test_the_options_that_were_given_hold(here: AtTheDesk) -> None:
    debate = await here.started(
        "T? panel=decision language=en rounds=2 rule=addressed pace=step steering=everyone"
    )
    started = await started_as(here, debate)
    assert (started.panel, started.rounds, started.handoff) == ("decision-en", 2, Handoff.ADDRESSED)
    assert (started.pace, started.steering) == (Pace.STEP, Steering.EVERYONE)


@pytest.mark.parametrize(
    ("text", "panel"),
    [
        ("T?", "ai-es"),
        ("T? language=en", "ai-en"),
        ("T? panel=decision", "decision-es"),
        ("T? panel=ai-en", "ai-en"),
        ("T? panel=ai-en language=es", "ai-es"),
    ],
)
async def test_a_panel_speaks_the_language_asked_for_else_the_readers(
    here: AtTheDesk, text: str, panel: str
) -> None:
    assert (await started_as(here, await here.started(text, ANA))).panel == panel


async def test_the_channels_settings_stand_in_for_what_is_not_said(here: AtTheDesk) -> None:
    told = await here.desk.ask("settings panel=decision language=en rounds=2 pace=step", BOSS)
    assert not told.private
    assert "panel=decision" in told.text
    started = await started_as(here, await here.started("T? rounds=1", ANA))
    assert (started.panel, started.rounds, started.pace) == ("decision-en", 1, Pace.STEP)
    elsewhere = at(ANA, Place(HOME.workspace, "other", "1.2"))
    assert (await started_as(here, await here.started("T?", elsewhere))).panel == "ai-es"


async def test_settings_are_for_managers_to_change_and_for_all_to_see(here: AtTheDesk) -> None:
    assert "manage the channel" in refused(await here.desk.ask("settings rounds=2", BEA))
    assert "rounds" not in (await here.desk.ask("settings", BEA)).text
    await here.desk.ask("settings rounds=2", BOSS)
    await here.desk.ask("settings pace=live", BOSS)
    assert "rounds=2 pace=live" in (await here.desk.ask("settings", BEA)).text
    await here.desk.ask("settings reset", BOSS)
    assert "rounds" not in (await here.desk.ask("settings", BEA)).text


async def test_settings_are_told_in_the_readers_language(here: AtTheDesk) -> None:
    await here.desk.ask("settings rounds=2 rule=ring", BOSS)
    told = (await here.desk.ask("ajustes", ANA)).text
    assert "panel=ai-es rondas=2 regla=anillo ritmo=lectura conduce=autor" in told
    told = (await here.desk.ask("settings", BEA)).text
    assert "panel=ai-en rounds=2 rule=ring pace=reading steering=starter" in told


@pytest.mark.parametrize(("asker", "panel"), [(ANA, "decision-es"), (BEA, "decision-en")])
async def test_where_nothing_is_said_the_first_panel_in_the_readers_language_sits(
    here: AtTheDesk, asker: Asker, panel: str
) -> None:
    panels = {name: load_panel(name) for name in ("decision-en", "decision-es")}
    answer = await Desk(here.door, panels, here.new_id).ask("T?", asker)
    assert answer.debate
    assert (await started_as(here, answer.debate)).panel == panel


async def test_a_debate_is_held_in_a_thread(here: AtTheDesk) -> None:
    nowhere = at(ANA, replace(HOME, thread=""))
    assert "hilo" in refused(await here.desk.ask("T?", nowhere))
    assert await here.door.recent(10) == []
    assert (await here.desk.prepare(Start("T?"), nowhere)).topic == "T?"


async def test_settings_that_no_debate_could_start_with_are_not_kept(here: AtTheDesk) -> None:
    desk = Desk(here.door, {"ai-en": load_panel("ai-en")}, here.new_id)
    assert "does not speak" in refused(await desk.ask("settings panel=ai language=es", BOSS))
    assert await here.places.defaults(HOME.workspace, HOME.channel) == {}


async def test_a_setting_of_another_version_is_passed_over(here: AtTheDesk) -> None:
    await here.places.set_defaults(
        HOME.workspace, HOME.channel, {"panel": "gone", "mood": "blue", "rounds": "2"}
    )
    started = await started_as(here, await here.started("T?", ANA))
    assert (started.panel, started.rounds) == ("ai-es", 2)


async def test_what_is_handed_in_becomes_material(here: AtTheDesk) -> None:
    uploads = [Upload("thread.md", b"First.\nSecond."), Upload("notes.txt", "Sí.".encode())]
    answer = await here.desk.ask("T?", ANA, uploads=uploads)
    assert answer.debate
    added = [e for e in await here.events(answer.debate) if isinstance(e, MaterialAdded)]
    assert [(m.name, m.text) for m in added] == [
        ("thread.md", "First.\nSecond."),
        ("notes.txt", "Sí."),
    ]


async def test_material_that_cannot_be_read_starts_nothing(here: AtTheDesk) -> None:
    answer = await here.desk.ask("T?", ANA, uploads=[Upload("a.exe", b"MZ")])
    assert "a.exe" in refused(answer)
    assert await here.places.debate_at(HOME) is None


async def test_material_can_be_handed_in_later(here: AtTheDesk) -> None:
    debate = await here.started()
    assert await here.desk.attach(Upload("more.txt", b"More."), BEA) == NOTHING
    assert await here.last(debate) == MaterialAdded("more.txt", "More.", BEA.person)


async def test_material_that_came_with_a_message_is_taken_back_by_its_id(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.desk.attach(Upload("more.txt", b"More."), BEA, "m-7")
    n = len(await here.events(debate))
    assert await here.desk.submit(Erase(BEA.actor, "m-7"), BEA) == NOTHING
    assert await here.last(debate) == MessageErased(n, (), "m-7", BEA.person)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "tema"),
        ("rounds=2", "tema"),
        ("x" * 2_001, "2000"),
        ("T? pace=fast", "pace"),
        ("stop eating meat", "comillas"),
        ("pausa", "hilo"),
    ],
)
async def test_a_refusal_is_the_askers_alone_and_in_their_language(
    here: AtTheDesk, text: str, told: str
) -> None:
    assert told in refused(await here.desk.ask(text, ANA))
    assert await here.places.debate_at(HOME) is None


async def test_a_thread_has_one_debate_at_a_time(here: AtTheDesk) -> None:
    debate = await here.started()
    refused(await here.desk.ask("Another topic, is it?", BEA))
    assert await here.places.debate_at(HOME) == debate


async def test_a_start_that_is_delivered_twice_starts_one_debate(here: AtTheDesk) -> None:
    first = await here.desk.ask("T?", ANA, payloads=["E1"])
    assert first.debate
    elsewhere = at(ANA, replace(HOME, thread="2.2"))
    assert await here.desk.ask("T?", elsewhere, payloads=["E1"]) == NOTHING
    assert len(await here.door.recent(10)) == 1


async def test_who_must_make_a_thread_first_can_prepare_and_start_later(here: AtTheDesk) -> None:
    command = await here.desk.prepare(Start("T?"), ANA)
    assert await here.door.recent(10) == []
    debate = here.new_id()
    await here.door.start(debate, command)
    assert await here.places.debate_at(HOME) == debate
    with pytest.raises(Rejected):
        await here.desk.prepare(Start(""), ANA)
