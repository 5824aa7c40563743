"""The close that is written from the log, where the model gives none."""

from __future__ import annotations

from engine.debate.events import Reason, Synthesis
from engine.debate.state import Debate
from engine.debate.wording import wording


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
