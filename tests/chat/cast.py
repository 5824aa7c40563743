"""The cast that the tests of grammar, names and desk speak of."""

from __future__ import annotations

import pytest

from bots.chat.grammar import Ask, Known, Misunderstood, Options, Start, parse
from engine.debate.events import Seat

SEATS = tuple(
    Seat(id_, name, "🎭", "#808080")
    for id_, name in (
        ("coordinador", "Coordinador"),
        ("ai-researcher", "AI Researcher"),
        ("ai-philosopher", "AI Philosopher"),
        ("revisor-cientifico", "Revisor Científico"),
        ("ai-doomer", "AI Doomer"),
        ("ai-enthusiast", "AI Enthusiast"),
        ("ai-newcomer", "AI Newcomer"),
        ("pensador-critico", "Pensador Crítico"),
    )
)
KNOWN = Known(("ai-en", "ai-es", "decision-en", "decision-es"), SEATS)


def asked(text: str) -> Ask:
    return parse(text, KNOWN)


def topic_of(text: str) -> str:
    ask = asked(text)
    assert isinstance(ask, Start), ask
    assert ask.options == Options()
    return ask.topic


def refusal(text: str) -> str:
    with pytest.raises(Misunderstood) as refused:
        asked(text)
    return str(refused.value)
