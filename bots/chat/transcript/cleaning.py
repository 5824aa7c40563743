"""Makes anybody's words fit to stand in a transcript, whatever its form.

No control characters, no direction overrides, nothing that XML forbids. What is one line stays one
line. A colour is a colour. The forms escape the rest, each by its own rules.
"""

from __future__ import annotations

import re

from engine.debate.events import Person, Problem, Seat, Synthesis
from engine.debate.text import clean

NO_COLOUR = "#808080"
NO_NAME = "?"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NOT_XML = {0xFFFE: None, 0xFFFF: None}


def paragraphs(text: str) -> str:
    """Cleaned; its lines kept."""
    return clean(text).translate(_NOT_XML)


def one_line(text: str) -> str:
    """Cleaned, on one line."""
    return " ".join(paragraphs(text).split())


def named(person: Person) -> str:
    """A person's name. Their id is between them and their platform."""
    return one_line(person.name) or NO_NAME


def clean_seat(seat: Seat) -> Seat:
    """A seat whose name, face and colour are what they say they are."""
    colour = seat.colour if _COLOUR.fullmatch(seat.colour) else NO_COLOUR
    return Seat(one_line(seat.id), one_line(seat.name), one_line(seat.emoji), colour)


def clean_problem(error: Problem) -> Problem:
    """What went wrong, on one line."""
    values = {n: one_line(v) if isinstance(v, str) else v for n, v in error.values.items()}
    return Problem(one_line(error.text), values)


def clean_synthesis(said: Synthesis) -> Synthesis:
    """A synthesis without empty items, each of them one line."""
    lists = (said.agreements, said.disagreements, said.open_questions)
    lines = (tuple(filter(None, map(one_line, items))) for items in lists)
    return Synthesis(paragraphs(said.summary), *lines)
