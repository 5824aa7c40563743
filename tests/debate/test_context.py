"""When a prompt head is full, and what is kept free in it."""

from __future__ import annotations

from dataclasses import replace

from engine.debate.commands import Material
from engine.debate.context import estimated_tokens, material_chars, new_head_for, reserved
from engine.debate.events import HeadReason
from engine.debate.prompt import render
from engine.debate.state import Debate
from tests.debate.given import CONTEXT, MODEL, PANEL, after, head, speak, spoken, start


def reason(debate: Debate, *, model: str = MODEL, context: int = CONTEXT) -> HeadReason | None:
    return new_head_for(debate, render(debate, PANEL), model, context)


def test_a_debate_begins_with_a_head() -> None:
    assert reason(after(start())) is HeadReason.START
    assert reason(after(start(), head())) is None


def test_another_model_or_another_rendering_begins_a_new_head() -> None:
    debate = after(start(), head())
    assert reason(debate, model="another") is HeadReason.UPGRADE
    assert reason(after(start(), replace(head(), prompt_version=0))) is HeadReason.UPGRADE


def test_a_head_overflows_before_reply_and_close_would_not_fit() -> None:
    debate = spoken(after(start(), head()), 1)
    needed = estimated_tokens(debate, render(debate, PANEL)) + reserved(debate)
    assert reason(debate, context=needed) is None
    assert reason(debate, context=needed - 1) is HeadReason.OVERFLOW


def test_a_head_just_begun_does_not_overflow_again() -> None:
    assert reason(after(start(), head()), context=10) is None


def test_what_the_server_counted_is_taken_over_the_estimate() -> None:
    debate = after(start(), head())
    turn = speak(debate)
    counted = after(start(), head(), replace(turn, spent=replace(turn.spent, context_used=5_000)))
    cue = render(counted, PANEL)[-1]["content"]
    assert estimated_tokens(counted, render(counted, PANEL)) == 5_000 + len(cue) // 3


def test_material_takes_at_most_a_quarter_of_the_context() -> None:
    debate = after(start(material=(Material("a.md", "x" * 100_000),)))
    assert material_chars(debate, 8_000) == 2_000 * 3
    assert material_chars(after(start(material=(Material("a.md", "short"),))), 8_000) == 5
