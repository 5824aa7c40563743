"""What a card offers to do with a debate as it stands. Pure."""

from __future__ import annotations

from bots.chat.grammar import Verb
from engine.debate.events import Pace
from engine.debate.explained import marked as _
from engine.debate.state import Debate, Phase

LABELS = {
    Verb.PAUSE: _("Pause"),
    Verb.RESUME: _("Resume"),
    Verb.NEXT: _("Next"),
    Verb.SKIP: _("Skip"),
    Verb.SUMMARY: _("Summary"),
    Verb.STOP: _("Stop"),
    Verb.ANOTHER: _("Another round"),
}
TAKE_A_SEAT = _("Take a seat")


def verbs(state: Debate) -> list[Verb]:
    """The buttons, in their order."""
    if state.phase is not Phase.DEBATING:
        return [Verb.ANOTHER]
    step = [Verb.NEXT] if state.pace is Pace.STEP else []
    pause = Verb.RESUME if state.paused else Verb.PAUSE
    return [pause, *step, Verb.SKIP, Verb.SUMMARY, Verb.STOP]


def has_seats(state: Debate) -> bool:
    """Whether people may take seats."""
    return state.phase is Phase.DEBATING
