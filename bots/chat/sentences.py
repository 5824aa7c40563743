"""What people did to a debate's course, in sentences that threads and transcripts share."""

from __future__ import annotations

from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Event,
    MaterialAdded,
    PaceChanged,
    RoundAdded,
    TurnSkipped,
)
from engine.debate.explained import marked as _

STEERED: dict[type[Event], str] = {
    DebatePaused: _("{who} paused the debate."),
    DebateResumed: _("{who} let it go on."),
    PaceChanged: _("{who} changed the pace to {pace}."),
    RoundAdded: _("{who} added a round."),
    DebateReopened: _("{who} opened the debate for another round."),
    TurnSkipped: _("{who} skipped {name}."),
    MaterialAdded: _("{who} handed in material: «{name}»."),
}
"""In English, to be translated; the names stand in their braces."""

PASSED_OVER = _("{name} was passed over.")
"""Instead, where nobody skipped the turn: it could not be spoken."""

OBSTRUCTED = _("The debate paused: it could not be shown in its thread. {why}")
CLEARED = _("The debate goes on.")
"""Instead, where nobody paused it and let it go on."""
