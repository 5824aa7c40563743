"""How a debate can be held, in words to choose from in a form: English, to be translated."""

from __future__ import annotations

from engine.debate.events import Pace, Steering
from engine.debate.explained import marked as _
from engine.debate.panel import Handoff

PACES = {
    Pace.READING: _("At reading speed"),
    Pace.LIVE: _("Live"),
    Pace.STEP: _("Step by step"),
}
RULES = {
    Handoff.RING: _("In a ring"),
    Handoff.ADDRESSED: _("Whom the speaker chooses"),
    Handoff.MODERATED: _("Whom the moderator calls"),
}
STEERING = {
    Steering.STARTER: _("Whoever starts it"),
    Steering.EVERYONE: _("Everyone"),
}
