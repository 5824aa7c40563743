"""A topic stays as it was written, whatever it begins with."""

from __future__ import annotations

import pytest

from bots.chat.grammar import (
    Start,
    control,
)
from tests.chat.cast import KNOWN, asked, topic_of

TOPICS = [
    "Tabs or spaces?",
    "¿Debe la biblioteca abrir de noche?",
    "Stop eating meat?",
    "Stop eating meat",
    "Stop killer robots before they are built",
    "Stop: what should we no longer do?",
    "Pausa activa en el trabajo: ¿sirve para algo?",
    "Pausa: ¿lujo o necesidad?",
    "Parar el cambio climático con impuestos, ¿funciona?",
    "Para qué sirve la filosofía",
    "para qué sirve la filosofía en la escuela",
    "Seguir creciendo, ¿hasta cuándo?",
    "Continue funding the arts?",
    "Siguiente generación de reactores: ¿sí o no?",
    "Next-generation nuclear",
    "Next generation nuclear reactors",
    "Skip the middleman? Direct sales in farming",
    "Saltar etapas en el desarrollo: ¿es posible?",
    "Summary justice: ever right?",
    "Resumen ejecutivo o informe completo, ¿qué leemos?",
    "Another world is possible",
    "Otra economía es posible",
    "Status symbols: useless?",
    "Estado de bienestar: ¿cuánto Estado?",
    "Estado y mercado, socios o rivales",
    "Mirror neurons: overhyped science",
    "Mirror, mirror on the wall: is vanity bad?",
    "Settings for default privacy in apps",
    "Ajustes fiscales en tiempos de crisis",
    "Export controls on chips",
    "Exportar agua: ¿negocio o crimen?",
    "Panels on every roof?",
    "Seat belts on buses",
    "Vote at 16?",
    "Vote 16 or vote 18 in local elections",
    "Votar a los 16 años",
    "Help the homeless by housing first?",
    "Ayuda al desarrollo: ¿funciona o crea dependencia?",
    "Pace of change in AI: too fast?",
    "Ritmo de trabajo y salud mental",
    "End of history?",
    "Finish what you start, always?",
    "Start small or think big?",
    "Start school later in the morning",
    "Debate culture in our schools",
    "Begin with why?",
    "Empezar de cero a los cuarenta años",
    "Wait for fusion or build wind now?",
    "E=mc2: still true?",
    "Is x=1 a good default?",
    "2 rounds of chemo or 3?",
    "2 rondas de vacunas bastan",
    "Can Ali beat Frazier in 2 rounds",
    "Should panel=ai-en matter in the middle?",
    "Do we need --force at all in git",
    "Why rounds: 2 and not 3 in code review?",
    "Idioma: en peligro de extinción",
    "Language: a tool of power?",
    "language: a tool of power?",
    "Rule: of law or of men?",
    "Ritmo: paso a paso o de golpe",
    "Best programming language: rust",
    "Tabs — or spaces",
    "Tabs - or spaces",
    "Public–private partnership",
    "https://example.org/?panel=ai-en&rounds=2",
    "Inflation",
    "Feudalism",
    "Pacifismo",
    "¿?",
    "42",
    "😀",
    "'Tis the season?",
    '"AI" or "machine learning"?',
    "«IA» o «aprendizaje automático»",
    "Is “open source” still open",
    "First line\nsecond line: why?",
    "@newcomer knows best",
    "<script>alert(1)</script>",
    "{0.__class__} or %s?",
    "Ünïcödé ﬁrst",
]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_stays_as_it_was_written(topic: str) -> None:
    assert topic_of(topic) == topic
    assert control(topic, KNOWN) is None


@pytest.mark.parametrize("topic", TOPICS)
def test_options_around_a_topic_leave_it_whole(topic: str) -> None:
    quoted = topic if "»" in topic else f"«{topic}»"
    for text in (f"{topic} rounds=2", f"rounds=2 {quoted}", f"--rounds 2 {quoted} --pace=step"):
        ask = asked(text)
        assert isinstance(ask, Start)
        assert ask.options.rounds == 2
        assert ask.topic == topic


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "„“", "«»", "»«", "‘’", "””"])
@pytest.mark.parametrize("topic", ["Stop", "pause", "mirror end", "Tabs or spaces?", "sumary"])
def test_whatever_stands_in_quotes_is_a_topic(topic: str, quotes: str) -> None:
    assert topic_of(f"{quotes[0]}{topic}{quotes[1]}") == topic
    assert control(f"{quotes[0]}{topic}{quotes[1]}", KNOWN) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("start tabs or spaces", "tabs or spaces"),
        ("debate los coches en la ciudad", "los coches en la ciudad"),
        ("debatir ¿tabs o espacios?", "¿tabs o espacios?"),
        ("Debate: tabs or spaces", "tabs or spaces"),
        ("Debate “tabs or spaces”", "tabs or spaces"),
        ("Empezar ¿tabs o espacios?", "¿tabs o espacios?"),
        ("start stop", "stop"),
        ("start stop eating meat", "stop eating meat"),
        ("  \u00a0 Tabs\u00a0or spaces? \n", "Tabs\u00a0or spaces?"),
        ("a\r\nb\x00\x1b[31m\u202e c d e", "a\nb[31m c d e"),
    ],
)
def test_a_word_for_start_is_no_part_of_the_topic(text: str, topic: str) -> None:
    assert topic_of(text) == topic


@pytest.mark.parametrize("text", ["", "  \n\t\u00a0", "start", "Debatir", "begin!", "\x00\u202e"])
def test_without_a_topic_a_form_can_ask_for_it(text: str) -> None:
    assert asked(text) == Start("")
