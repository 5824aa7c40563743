"""When the pending cue may be spoken: pauses, the reader's pace, and people in seats."""

from __future__ import annotations

from engine.debate.events import Kind, Pace
from engine.debate.state import Debate

READ_WORDS_PER_S = 4.0
"""238 words a minute in silence (Brysbaert 2019, doi:10.1016/j.jml.2019.104047)."""

LOOK_UP_S = 2.0
"""To see who speaks, and to take the question in."""

LONGEST_READ_S = 60.0

INTERRUPTIBLE = (Kind.ORDER, Kind.STEP_IN)
"""What people's asides go before, while it has not begun."""


def reading_s(text: str) -> float:
    """How long a reader needs for a turn."""
    return round(min(LONGEST_READ_S, LOOK_UP_S + len(text.split()) / READ_WORDS_PER_S), 1)


def wait_s(debate: Debate, said: str) -> float:
    """How long the next turn is to wait after `said`, by the debate's pace."""
    return reading_s(said) if debate.pace is Pace.READING and said else 0.0


def due_in_s(debate: Debate) -> float | None:
    """How long whoever is called on is to be left alone, counted from when they were called.

    0: a worker has something to do at once. `None`: not before a person says something. A pause
    holds the order; what people ask for is spoken in it too.
    """
    cue, waiting = debate.pending, debate.waiting
    if cue is None:
        return None
    if cue.kind not in INTERRUPTIBLE:
        return 0.0
    if waiting.person is not None:
        return None if debate.paused else debate.started.seat_wait_s / 2
    if debate.asides:
        return 0.0
    return None if debate.paused or waiting.next_call else waiting.for_s
