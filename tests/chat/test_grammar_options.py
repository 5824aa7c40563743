"""An option is known in many forms, and one that will not do is explained."""

from __future__ import annotations

import pytest

from bots.chat.grammar import (
    Options,
    Start,
)
from engine.debate.events import Pace, Steering
from engine.debate.panel import Handoff
from tests.chat.cast import asked, refusal


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("panel=ai-en T?", Options(panel="ai-en")),
        ("T? panel=ai-en", Options(panel="ai-en")),
        ("--panel ai-en T?", Options(panel="ai-en")),
        ("T? --panel=ai-en", Options(panel="ai-en")),
        ("panel: ai-en T?", Options(panel="ai-en")),
        ("T? panel: ai-en", Options(panel="ai-en")),
        ("T? panel:ai-en", Options(panel="ai-en")),
        ("panel = AI-EN T?", Options(panel="ai-en")),
        ("panel= ai-en T?", Options(panel="ai-en")),
        ("panel =ai-en T?", Options(panel="ai-en")),
        ('panel="ai-en" T?', Options(panel="ai-en")),
        ("panel=“ai” T?", Options(panel="ai")),
        ("—panel ai-en T?", Options(panel="ai-en")),
        ("–rounds=2 T?", Options(rounds=2)),
        ("ｐａｎｅｌ＝ai-en T?", Options(panel="ai-en")),
        ("rounds=2 T?", Options(rounds=2)),
        ("Rondas=2 T?", Options(rounds=2)),
        ("T? 2 rounds", Options(rounds=2)),
        ("T?, 2 rondas.", Options(rounds=2)),
        ("2 rounds: T?", Options(rounds=2)),
        ("1 ronda «T?»", Options(rounds=1)),
        ("T?\nrounds: 3", Options(rounds=3)),
        ("T?\n2 rounds", Options(rounds=2)),
        ("T? rule=addressed", Options(rule=Handoff.ADDRESSED)),
        ("T? regla=moderada", Options(rule=Handoff.MODERATED)),
        ("T? handoff=ring", Options(rule=Handoff.RING)),
        ("T? language=English", Options(language="en")),
        ("T? idioma=español", Options(language="es")),
        ("T? lang: es", Options(language="es")),
        ("T? pace=step", Options(pace=Pace.STEP)),
        ("T? ritmo=en-vivo", Options(pace=Pace.LIVE)),
        ("T? steering=everyone", Options(steering=Steering.EVERYONE)),
        ("T? conduce=autor", Options(steering=Steering.STARTER)),
        ("T? rounds=2 rounds=2", Options(rounds=2)),
        (
            "panel=ai --rounds 2 «T?» rule=ring; language=es, pace: live --steering starter",
            Options("ai", 2, Handoff.RING, "es", Pace.LIVE, Steering.STARTER),
        ),
    ],
)
def test_an_option_may_be_written_in_many_ways(text: str, options: Options) -> None:
    ask = asked(text)
    assert isinstance(ask, Start)
    assert (ask.topic.rstrip(","), ask.options) == ("T?", options)


def test_options_without_a_topic_wait_for_one() -> None:
    assert asked("rounds=2 pace=step") == Start("", Options(rounds=2, pace=Pace.STEP))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pannel=ai-en tabs", "There is no option 'pannel'; did you mean 'panel'?"),
        ("tabs --ronds 2", "There is no option 'ronds'; did you mean 'rounds'?"),
        ("--colour=red tabs", "There is no option 'colour'; there are: panel, rounds"),
        ("tabs --colour red", "put the topic in quotes"),
        ("tabs panel=ai-xx", "'ai-xx' is no value of panel; choose one of: ai, ai-en, ai-es"),
        ("panel: ai-ens tabs", "'ai-ens' is no value of panel; did you mean 'ai-e"),
        ("tabs panel=law", "choose one of: ai, ai-en, ai-es, decision"),
        ("tabs pace=fast", "'fast' is no value of pace; choose one of: live, reading, step"),
        ("tabs pace=stepp", "did you mean 'step'?"),
        ("tabs rounds=0", "'0' is no value of rounds; choose one of: 1-20"),
        ("tabs rounds=21", "choose one of: 1-20"),
        ("tabs rounds=two", "choose one of: 1-20"),
        ("tabs language=fr", "choose one of: en, es"),
        ("tabs --rounds", "rounds needs a value: 1-20"),
        ("tabs rounds=", "rounds needs a value: 1-20"),
        ("rounds=2 tabs rounds=3", "rounds is given twice"),
        ("settings pace=fast", "'fast' is no value of pace"),
        ("settings rounds=1 rounds=2", "rounds is given twice"),
        ('"tabs" --colour red', "There is no option 'colour'"),
    ],
)
def test_an_option_that_will_not_do_is_explained(text: str, told: str) -> None:
    assert told in refusal(text)
