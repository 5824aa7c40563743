"""What is made of a model's reply, good or bad."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.debate.events import Synthesis
from engine.debate.reply import (
    canonical_turn,
    judge_cut_off,
    judge_summary,
    judge_synthesis,
    judge_turn,
    settle,
    settle_synthesis,
    synthesis_schema,
    turn_schema,
)
from engine.debate.state import Cue
from engine.debate.text import word_count
from tests.debate.given import CLOSE, PANEL

ASKS = Cue(2, "ada", ask=("bel",), asked_by="mod")
CHOOSES = Cue(2, "ada", ask=("bel", "cri"), asked_by="mod")
LAST = Cue(4, "cri", asked_by="bel")

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["answer", "question", "next", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def judged(value: Any, cue: Cue = ASKS) -> Any:
    return judge_turn(json.dumps(value), value, cue, PANEL)


def test_the_schema_leaves_no_field_out_and_no_field_over() -> None:
    assert turn_schema(ASKS, PANEL)["required"] == ["answer", "question"]
    assert turn_schema(LAST, PANEL)["required"] == ["answer"]
    assert turn_schema(CHOOSES, PANEL)["properties"]["next"]["enum"] == ["bel", "cri"]
    assert synthesis_schema()["additionalProperties"] is False


def test_a_good_reply_passes_as_the_model_wrote_it() -> None:
    raw = '{"answer": "Yes, tabs.", "question": "Why not?"}'
    settled = settle([judge_turn(raw, json.loads(raw), ASKS, PANEL)], ASKS, PANEL)
    assert (settled.answer, settled.question, settled.next) == ("Yes, tabs.", "Why not?", "bel")
    assert (settled.repaired, settled.raw) == (None, raw)


def test_a_reply_that_is_canonical_already_is_not_kept_twice() -> None:
    raw = canonical_turn("Sí, ñ.", "¿No?", None)
    assert settle([judge_turn(raw, json.loads(raw), ASKS, PANEL)], ASKS, PANEL).raw is None


def test_a_reply_padded_with_blanks_is_repeated_in_canonical_form() -> None:
    raw = '{"answer": "Yes.",' + " " * 500 + '"question": "Why?"}'
    assert settle([judge_turn(raw, json.loads(raw), ASKS, PANEL)], ASKS, PANEL).raw is None


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        (None, "not a JSON object"),
        (["Yes."], "not a JSON object"),
        ({}, "not a JSON object"),
        ({"question": "Why?"}, '"answer"'),
        ({"answer": "", "question": "Why?"}, '"answer"'),
        ({"answer": 5, "question": "Why?"}, '"answer"'),
        ({"answer": "Yes."}, '"question"'),
        ({"answer": "Yes.", "question": ["Why?"]}, '"question"'),
        ({"answer": "Yes.", "question": " \u202e "}, '"question"'),
    ],
)
def test_a_bad_reply_is_told_what_is_wrong_with_it(value: Any, flaw: str) -> None:
    assert flaw in judged(value).flaw


def test_a_choice_that_is_not_allowed_is_a_flaw_and_the_first_allowed_is_taken() -> None:
    attempt = judged({"answer": "Yes.", "next": "mod", "question": "Why?"}, CHOOSES)
    assert "bel, cri" in attempt.flaw
    assert settle([attempt, attempt], CHOOSES, PANEL).next == "bel"


def test_a_question_where_nobody_may_be_asked_is_passed_over() -> None:
    settled = settle([judged({"answer": "Yes.", "question": "Why?"}, LAST)], LAST, PANEL)
    assert (settled.answer, settled.question, settled.next) == ("Yes.", None, None)


def test_a_good_second_try_is_marked_as_a_repair() -> None:
    bad, good = judged(None), judged({"answer": "Yes.", "question": "Why?"})
    assert settle([bad, good], ASKS, PANEL).repaired == "repair"


def test_after_two_bad_tries_the_panels_phrases_stand_in() -> None:
    settled = settle([judged(None), judged({"answer": " "})], ASKS, PANEL)
    assert settled.answer == "No usable answer came."
    assert settled.question == "What would you add, AI Bel?"
    assert (settled.next, settled.repaired) == ("bel", "default")


def test_what_one_of_two_bad_tries_gave_is_kept() -> None:
    settled = settle([judged({"answer": "Yes."}), judged({"question": "Why?"})], ASKS, PANEL)
    assert (settled.answer, settled.question, settled.repaired) == ("Yes.", "Why?", "default")


def test_a_reply_nested_in_its_own_answer_is_taken_out() -> None:
    inner = {"answer": "Yes.", "question": "Why?"}
    for value in ({"answer": json.dumps(inner)}, {"answer": inner}, inner):
        assert (judged(value).answer, judged(value).question) == ("Yes.", "Why?")


def test_another_personas_name_before_the_words_is_taken_off() -> None:
    attempt = judged({"answer": "AI Bel: Yes.", "question": "**Crítico Mayor:** Why?"})
    assert (attempt.answer, attempt.question) == ("Yes.", "Why?")


def test_what_looks_like_a_tag_stays_words() -> None:
    attempt = judged({"answer": "@everyone <!channel> ask cri", "question": "cri, why?"})
    assert attempt.next == "bel"
    assert attempt.answer == "@everyone <!channel> ask cri"


def test_fields_too_long_are_cut_not_repaired() -> None:
    attempt = judged({"answer": "Yes. " + "no " * 20_000, "question": "why " * 500})
    assert attempt.flaw is None
    assert attempt.answer == "Yes."
    assert word_count(attempt.question) <= PANEL.question_words


def test_a_reply_cut_off_keeps_its_whole_sentences_and_its_question_is_defaulted() -> None:
    attempt = judge_cut_off("…", {"answer": "One. Two. Thr"}, ASKS, PANEL)
    settled = settle([attempt], ASKS, PANEL)
    assert settled.answer == "One. Two."
    assert settled.question == "What would you add, AI Bel?"
    assert settled.repaired == "default"


def test_a_reply_cut_off_in_its_question_keeps_the_answer_whole() -> None:
    attempt = judge_cut_off("…", {"answer": "One. Two, no dot", "question": "Wh"}, ASKS, PANEL)
    assert settle([attempt], ASKS, PANEL).answer == "One. Two, no dot"


@given(st.lists(JSON, min_size=1, max_size=2), st.sampled_from([ASKS, CHOOSES, LAST]))
def test_whatever_comes_a_turn_comes_out_that_keeps_the_handoff(
    values: list[Any], cue: Cue
) -> None:
    attempts = [judge_turn(json.dumps(v), v, cue, PANEL) for v in values]
    settled = settle(attempts, cue, PANEL)
    assert settled.answer.strip()
    assert word_count(settled.answer) <= PANEL.answer_words
    if cue.ask:
        assert (settled.question or "").strip()
        assert settled.next in cue.ask
    else:
        assert (settled.question, settled.next) == (None, None)
    settled.answer.encode()


def test_a_synthesis_needs_a_summary_and_may_lack_the_lists() -> None:
    assert judge_synthesis({"summary": "All said."}) == Synthesis("All said.")
    assert judge_synthesis({"agreements": ["a"]}) is None
    assert judge_synthesis("All said.") is None


def test_a_synthesis_has_at_most_five_of_each_and_none_twice() -> None:
    close = judge_synthesis({"summary": "S.", "agreements": ["a", "a", 5, "", *"bcdefgh"]})
    assert close is not None
    assert close.agreements == ("a", "b", "c", "d", "e")


def test_where_the_model_gives_no_synthesis_the_stand_in_closes() -> None:
    settled = settle_synthesis("garbage", None, repaired=True, stand_in=CLOSE)
    assert (settled.synthesis, settled.repaired, settled.raw) == (CLOSE, "default", None)


def test_a_running_summary_is_cut_to_its_words() -> None:
    assert judge_summary({"summary": "One two. Three four."}, 3) == "One two."
    assert judge_summary({}, 3) is None
