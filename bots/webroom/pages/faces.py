"""Seats as a page's script gets them: with a colour for light and one for dark ground."""

from __future__ import annotations

import re

from bots.chat.transcript.colour import DARK, LIGHT, legible
from engine.debate.events import Seat
from engine.debate.panel import Persona
from engine.debate.text import clean

NO_COLOUR = "#808080"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def face(seat: Seat | Persona) -> dict[str, str]:
    """One seat, as JSON."""
    colour = seat.colour if _COLOUR.fullmatch(seat.colour) else NO_COLOUR
    return {
        "id": seat.id,
        "name": clean(seat.name),
        "emoji": clean(seat.emoji),
        "light": legible(colour, LIGHT),
        "dark": legible(colour, DARK),
    }
