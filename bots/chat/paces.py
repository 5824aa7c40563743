"""What a pace is called."""

from __future__ import annotations

from engine.debate.events import Pace
from engine.debate.explained import marked as _

PACES = {
    Pace.LIVE: _("live"),
    Pace.READING: _("at reading speed"),
    Pace.STEP: _("step by step"),
}
"""In English, to be translated."""
