"""What is written from the log where the model is silent."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.closing import digest, stand_in
from engine.debate.events import Reason
from tests.debate.given import ES_PANEL, after, head, spoken, start


def test_a_stand_in_says_who_spoke_why_it_ended_and_what_is_open() -> None:
    debate = spoken(after(start(), head()), 2)
    written = stand_in(debate, Reason.MODEL_AWAY)
    assert "«Tabs or spaces?» ended because the model server went away" in written.summary
    assert "after 2 turns by Moderadora, AI Ada" in written.summary
    assert written.open_questions == ("Question of turn 2?",)
    assert written.agreements == written.disagreements == ()


def test_a_debate_nobody_spoke_in_has_a_stand_in_too() -> None:
    written = stand_in(after(start(panel=ES_PANEL)), Reason.MODEL_REFUSED)
    assert "antes de que nadie hablara" in written.summary


def test_braces_in_a_topic_are_no_template() -> None:
    debate = after(replace(start(), topic="{turns} {x}"))
    assert "«{turns} {x}»" in stand_in(debate, Reason.STOPPED).summary


def test_a_digest_tells_how_each_answer_began() -> None:
    debate = spoken(after(start(), head()), 2)
    assert digest(debate) == (
        "Moderadora: words of mod in turn 1.\nAI Ada: words of ada in turn 2."
    )
