"""The close that is written from the log, where the model gives none."""

from __future__ import annotations

import json

from engine.debate.events import Reason, Synthesis
from engine.debate.state import Debate
from engine.debate.text import cut_words
from engine.debate.wording import wording

DIGEST_WORDS = 20
DIGEST_TURNS = 12


def stand_in(debate: Debate, reason: Reason) -> Synthesis:
    """A synthesis that claims no more than the log shows: who spoke, why it ended, what is open."""
    words = wording(debate.started.language)
    names = dict.fromkeys(debate.seat(persona).name for persona in debate.order_spoken)
    template = words.stand_in if names else words.stand_in_nobody
    summary = template.format(
        topic=debate.started.topic,
        ended=words.ended[reason],
        turns=debate.turn,
        names=", ".join(names),
    )
    left = (debate.open_question,) if debate.open_question else ()
    return Synthesis(summary, open_questions=left)


def digest(debate: Debate) -> str:
    """What stands in for a running summary: how each answer of the head began."""
    lines = []
    for exchange in debate.head.exchanges if debate.head else ():
        answer = json.loads(exchange.reply).get("answer", "")
        lines.append(f"{debate.seat(exchange.cue.persona).name}: {cut_words(answer, DIGEST_WORDS)}")
    return "\n".join(lines[-DIGEST_TURNS:])
