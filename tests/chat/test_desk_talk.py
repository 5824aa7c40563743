"""What people say in a thread reaches the debate, and whom they tag."""

from __future__ import annotations

import pytest

from bots.chat.desk import NOTHING, Upload
from engine.debate.commands import (
    CastVote,
    Correct,
    Erase,
)
from engine.debate.events import (
    DebateStarted,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    VoteCast,
)
from engine.debate.state import Phase
from tests.chat.at_the_desk import (
    ANA,
    BEA,
    HOME,
    AtTheDesk,
    refused,
)


async def started_as(here: AtTheDesk, debate: str) -> DebateStarted:
    return (await here.door.load(debate)).started


async def test_a_message_is_heard_with_its_author_place_and_id(here: AtTheDesk) -> None:
    debate = await here.started()
    text = "Mail a@newcomer.com, please stop."
    assert await here.desk.say(text, BEA, message="m1", payloads=["E1"]) == NOTHING
    assert await here.last(debate) == MessageHeard(BEA.person, text, None, "m1", HOME)


async def test_a_message_that_is_delivered_twice_is_heard_once(here: AtTheDesk) -> None:
    debate = await here.started()
    for _ in range(2):
        assert await here.desk.say("Hello", BEA, payloads=["E1"]) == NOTHING
    heard = [e for e in await here.events(debate) if isinstance(e, MessageHeard)]
    assert len(heard) == 1


@pytest.mark.parametrize("text", ["@newcomer why?", "hey @AI Newcomer, why?", "@ai-newcomer: why"])
async def test_a_typed_name_calls_its_persona(here: AtTheDesk, text: str) -> None:
    debate = await here.started()
    assert await here.desk.say(text, BEA) == NOTHING
    heard = next(e for e in await here.events(debate) if isinstance(e, MessageHeard))
    assert (heard.to, heard.text) == ("ai-newcomer", text)


async def test_the_id_that_the_platform_gives_decides_over_a_typed_name(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.desk.say("@newcomer why?", BEA, to="ai-doomer")
    heard = next(e for e in await here.events(debate) if isinstance(e, MessageHeard))
    assert heard.to == "ai-doomer"


async def test_a_name_that_fits_several_is_asked_back_and_nothing_is_said(here: AtTheDesk) -> None:
    debate = await here.started()
    answer = await here.desk.say("@ai why?", BEA, message="m1")
    assert [seat.name for seat in answer.choices][:2] == ["AI Researcher", "AI Philosopher"]
    assert "AI Newcomer" in refused(answer)
    assert not any(isinstance(e, MessageHeard) for e in await here.events(debate))
    await here.desk.say("@ai why?", BEA, to=answer.choices[1].id, message="m1")
    heard = next(e for e in await here.events(debate) if isinstance(e, MessageHeard))
    assert heard.to == "ai-philosopher"


async def test_what_is_said_to_the_moderator_and_no_command_is_put_to_it(here: AtTheDesk) -> None:
    debate = await here.started()
    assert await here.desk.mention("stop talking over people", BEA, message="m1") == NOTHING
    assert await here.desk.say("@Coordinator skip the small talk", BEA) == NOTHING
    heard = [e for e in await here.events(debate) if isinstance(e, MessageHeard)]
    assert [message.to for message in heard] == ["coordinator", "coordinator"]


async def test_what_is_said_to_the_app_is_put_to_whom_it_names(here: AtTheDesk) -> None:
    debate = await here.started()
    assert await here.desk.mention("@newcomer what do you think?", BEA, message="m1") == NOTHING
    assert len((await here.desk.mention("@ai what do you think?", BEA)).choices) > 1
    heard = [e for e in await here.events(debate) if isinstance(e, MessageHeard)]
    assert [message.to for message in heard] == ["ai-newcomer"]


@pytest.mark.parametrize("text", ["stop", "@Coordinator stop", " @moderator: stop, please"])
async def test_a_command_to_the_moderator_who_was_picked_is_one(here: AtTheDesk, text: str) -> None:
    debate = await here.started()
    assert await here.desk.say(text, ANA, to="coordinator", message="m1") == NOTHING
    assert (await here.door.load(debate)).phase is Phase.CLOSING


@pytest.mark.parametrize("text", ["Stop?", "¿Otra ronda?", "@Moderator stop?"])
async def test_a_question_to_the_moderator_steers_nothing(here: AtTheDesk, text: str) -> None:
    debate = await here.started()
    assert await here.desk.say(text, ANA, to="coordinator", message="m1") == NOTHING
    assert await here.last(debate) == MessageHeard(ANA.person, text, "coordinator", "m1", HOME)


async def test_files_that_come_with_words_to_the_app_are_handed_in_once(here: AtTheDesk) -> None:
    debate = await here.started()
    files = [Upload("a.txt", b"One."), Upload("b.txt", b"Two.", "F2")]
    for _ in range(2):
        told = await here.desk.mention("Look at these", BEA, "m1", ["E1"], files)
        assert told == NOTHING
    *_, one, two, heard = await here.events(debate)
    assert one == MaterialAdded("a.txt", "One.", BEA.person, "m1:1")
    assert two == MaterialAdded("b.txt", "Two.", BEA.person, "F2")
    assert heard == MessageHeard(BEA.person, "Look at these", "coordinator", "m1", HOME)
    assert await here.desk.mention("", BEA, "m2", uploads=[Upload("c.txt", b"Three.")]) == NOTHING
    assert await here.last(debate) == MaterialAdded("c.txt", "Three.", BEA.person, "m2:1")


async def test_a_file_that_cannot_be_read_holds_back_the_files_and_no_words(
    here: AtTheDesk,
) -> None:
    debate = await here.started()
    files = [Upload("a.txt", b"One."), Upload("b.exe", b"MZ")]
    told = await here.desk.mention("What of this?", ANA, "m1", uploads=files)
    assert "b.exe" in refused(told)
    told = await here.desk.say("And this?", ANA, None, "m2", uploads=files)
    assert "b.exe" in refused(told)
    said = [type(event).__name__ for event in await here.events(debate)]
    assert said.count("MessageHeard") == 2
    assert "MaterialAdded" not in said


async def test_a_mention_starts_a_debate_where_there_is_none(here: AtTheDesk) -> None:
    answer = await here.desk.mention("debate tabs or spaces?", ANA)
    assert answer.debate
    assert (await started_as(here, answer.debate)).topic == "tabs or spaces?"


@pytest.mark.parametrize("text", ["", " \u00a0\n", "help", "ayuda"])
async def test_a_bare_mention_is_answered_with_help(here: AtTheDesk, text: str) -> None:
    assert "status — " in refused(await here.desk.mention(text, BEA))
    await here.started()
    assert "status — " in refused(await here.desk.mention(text, BEA))


async def test_words_in_a_thread_without_a_debate_are_nobodys(here: AtTheDesk) -> None:
    assert await here.desk.say("@newcomer stop", BEA) == NOTHING


async def test_too_long_a_message_is_refused(here: AtTheDesk) -> None:
    await here.started()
    assert "40000" in refused(await here.desk.say("x" * 40_001, BEA))


async def test_an_edit_a_deletion_and_a_vote_go_through(here: AtTheDesk) -> None:
    debate = await here.started()
    await here.spoken(debate, 1)
    await here.desk.say("Helo", BEA, message="m1")
    assert await here.desk.submit(Correct(BEA.actor, "m1", "Hello"), BEA) == NOTHING
    assert isinstance(await here.last(debate), MessageEdited)
    assert refused(await here.desk.submit(Erase(ANA.actor, "m1"), ANA))
    assert await here.desk.submit(Erase(BEA.actor, "m1"), BEA) == NOTHING
    assert isinstance(await here.last(debate), MessageErased)
    assert await here.desk.submit(CastVote(BEA.actor, 1, 1), BEA) == NOTHING
    assert await here.desk.ask("vote 1 down", BEA) == NOTHING
    assert await here.last(debate) == VoteCast(1, BEA.person, -1)
    assert "9" in refused(await here.desk.ask("vote 9 up", BEA))
