"""Commands are carried out by the real engine, and people are told what they must know."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bots.chat.desk import NOTHING
from engine.adapters.redis_server import connect
from engine.debate.commands import (
    EndForBudget,
    SpeakSeat,
)
from engine.debate.events import (
    DebatePaused,
    Pace,
    PaceChanged,
    Problem,
    Reason,
    Scope,
    SeatLeft,
    SeatTaken,
    SummaryAsked,
    SynthesisRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.state import Phase
from engine.ports.readers import Hold
from engine.ports.store import StoreAway
from tests.chat.at_the_desk import (
    ANA,
    BEA,
    BOSS,
    HOME,
    AtTheDesk,
    at,
    refused,
)
from tests.debate.given import close

# --- steering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("pause", DebatePaused(ANA.person)),
        ("detener", SynthesisRequested(Reason.STOPPED, ANA.person)),
        ("saltar", TurnSkipped(3, "ai-philosopher", ANA.person)),
        ("resumen", SummaryAsked(ANA.person)),
        ("ritmo paso", PaceChanged(Pace.STEP, ANA.person)),
    ],
)
async def test_commands_reach_the_engine_from_all_three_doors(
    here: AtTheDesk, text: str, event: object
) -> None:
    for way in ("ask", "mention", "say"):
        asker = at(ANA, replace(HOME, thread=way))
        debate = await here.started(asker=asker)
        await here.spoken(debate, 2)
        match way:
            case "ask":
                answer = await here.desk.ask(text, asker)
            case "mention":
                answer = await here.desk.mention(text, asker)
            case _:
                answer = await here.desk.say(f"@Moderator {text}", asker)
        assert answer == NOTHING
        assert event in await here.events(debate)


async def test_whoever_may_not_steer_is_told_so_alone(here: AtTheDesk) -> None:
    debate = await here.started()
    assert "Ana" in refused(await here.desk.ask("stop", BEA))
    assert (await here.door.load(debate)).phase is Phase.DEBATING
    assert await here.desk.ask("stop", BOSS) == NOTHING
    assert (await here.door.load(debate)).phase is Phase.CLOSING


async def test_another_round_opens_a_closed_debate(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 1)
    assert (await here.closed(debate)).phase is Phase.CLOSED
    assert await here.desk.mention("otra ronda", ANA) == NOTHING
    assert (await here.door.load(debate)).phase is Phase.DEBATING


# --- seats ---------------------------------------------------------------------------------------


async def test_a_seat_is_taken_by_name_spoken_for_and_left(here: AtTheDesk) -> None:
    debate = await here.started()
    assert await here.desk.ask("seat researcher", BEA) == NOTHING
    assert await here.last(debate) == SeatTaken("ai-researcher", BEA.person)
    await here.spoken(debate, 1)
    said = SpeakSeat(BEA.actor, "I measured it.", "Did you?")
    assert await here.desk.submit(said, BEA) == NOTHING
    spoken = [e for e in await here.events(debate) if isinstance(e, TurnSpoken)][-1]
    assert (spoken.persona, spoken.by, spoken.person) == ("ai-researcher", "person", BEA.person)
    assert await here.desk.mention("seat leave", BEA) == NOTHING
    assert await here.last(debate) == SeatLeft("ai-researcher", BEA.person)


async def test_free_text_in_the_thread_speaks_for_a_seat_that_is_called(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.desk.ask("seat @researcher", BEA)
    await here.spoken(debate, 1)
    assert await here.desk.say("I measured it. Did you?", BEA, message="m7") == NOTHING
    spoken = [e for e in await here.events(debate) if isinstance(e, TurnSpoken)][-1]
    assert (spoken.answer, spoken.question) == ("I measured it.", "Did you?")


async def test_a_seat_that_is_not_clear_or_not_there_is_asked_back(here: AtTheDesk) -> None:
    await here.started()
    assert len((await here.desk.ask("seat ai", BEA)).choices) == 5
    assert "no persona @Socrates" in refused(await here.desk.ask("seat @Socrates", BEA))
    refused(await here.desk.ask("seat Socrates", BEA))


# --- asking --------------------------------------------------------------------------------------


async def test_status_says_how_far_it_is_in_the_askers_language(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 2)
    english = await here.desk.ask("status", BEA)
    assert not english.private
    assert english.text.split("\n")[:3] == [
        "Tabs or spaces?",
        "Turn 3 of 8: AI Philosopher.",
        "Pace: live.",
    ]
    assert "2/40 turns" in english.text
    assert "Turno 3 de 8: AI Philosopher." in (await here.desk.ask("estado", ANA)).text


async def test_status_tells_a_pause_a_wait_a_side_turn_and_the_end(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 1)
    await here.desk.ask("pace step", ANA)
    await here.desk.say("@doomer why?", BEA)
    assert "AI Doomer answers Bea." in (await here.desk.ask("status", BEA)).text
    await here.desk.ask("pause", ANA)
    assert "Paused." in (await here.desk.ask("status", BEA)).text
    await here.desk.ask("stop", ANA)
    assert "Closing" in (await here.desk.ask("status", BEA)).text
    await here.closed(debate)
    assert "Closed: somebody stopped it." in (await here.desk.ask("status", BEA)).text


async def test_status_tells_whose_budget_ended_it(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 2)
    await here.door.submit(debate, EndForBudget(Reason.TOKEN_BUDGET, Scope.CHANNEL))
    await here.door.submit(debate, close(await here.door.load(debate)))
    assert "what the channel may use is used up" in (await here.desk.ask("status", BEA)).text


async def test_a_thread_that_rests_says_why_and_is_tried_again_by_whoever_is_there(
    here: AtTheDesk,
) -> None:
    readers = here.readers()
    await readers.open()
    debate = await here.started()
    desk = here.reading(readers)
    for way in ("ask", "say"):
        (mail,) = await readers.take(1, 1_000)
        hold = await readers.acquire(mail)
        assert isinstance(hold, Hold)
        assert await readers.rest(hold, Problem("{name} is away.", {"name": "The cat"})) is None
        answer = await (desk.ask("status", BEA) if way == "ask" else desk.say("Hello?", BEA))
        assert (await readers.standing(debate, HOME)).resting is None
        assert ("here: The cat is away." in answer.text) is (way == "ask")
    assert "away" not in (await desk.ask("status", BEA)).text


async def test_the_transcript_is_given_as_files(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 2)
    answer = await here.desk.ask("export", BEA)
    names = [file.name for file in answer.files]
    assert names == ["transcript.md", "transcript.json", "transcript.html"]
    answer = await here.desk.ask("export json", BEA)
    assert [file.name for file in answer.files] == ["transcript.json"]
    assert json.loads(answer.files[0].content)["debate"] == debate


async def test_panels_and_help_need_no_debate(here: AtTheDesk) -> None:
    panels = refused(await here.desk.ask("panels", BEA))
    assert "ai-es — " in panels
    assert "Pensador Crítico" in panels
    assert "otra ronda" in refused(await here.desk.ask("ayuda", ANA))


async def test_a_debate_that_is_kept_no_longer_is_as_none(here: AtTheDesk) -> None:
    await here.places.bind(HOME, here.new_id())
    assert await here.desk.say("Hello", BEA) == NOTHING
    assert "thread" in refused(await here.desk.ask("status", BEA))


async def test_a_store_that_is_away_is_the_surfaces_to_know(shard: str) -> None:
    away = connect("redis://127.0.0.1:1/0")
    nowhere = AtTheDesk(away, shard)
    with pytest.raises(StoreAway):
        await nowhere.desk.say("Hello there, is it?", ANA)
    await away.aclose()
