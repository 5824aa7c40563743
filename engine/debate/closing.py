"""The close that is written from the log, where the model gives none."""

from __future__ import annotations

from engine.debate.events import Reason, Synthesis
from engine.debate.state import Debate
from engine.debate.text import cut_words
from engine.debate.wording import wording

DIGEST_WORDS = 20
DIGEST_TURNS = 12


def stand_in(debate: Debate, reason: Reason) -> Synthesis:
    """A synthesis that claims no more than the log shows: who spoke, why it ended, what is open."""
    words = wording(debate.started.language)
    names = dict.fromkeys(debate.seat(turn.persona).name for turn in debate.turns)
    template = words.stand_in if names else words.stand_in_nobody
    summary = template.format(
        topic=debate.started.topic,
        ended=words.ended[reason],
        turns=debate.turn,
        names=", ".join(names),
    )
    return Synthesis(summary, open_questions=_left_open(debate))


def digest(debate: Debate) -> str:
    """What stands in for a running summary: how the last answers of the personas began.

    What people said is left out, there as here: they may take it back.
    """
    spoken = [turn for turn in debate.turns[-DIGEST_TURNS:] if turn.by == "model"]
    return "\n".join(
        f"{debate.seat(turn.persona).name}: {cut_words(turn.answer, DIGEST_WORDS)}"
        for turn in spoken
    )


def _left_open(debate: Debate) -> tuple[str, ...]:
    order = debate.order
    asked_by_person = any(turn.n == order.asked_at and turn.by == "person" for turn in debate.turns)
    return (order.question,) if order.question and not asked_by_person else ()
