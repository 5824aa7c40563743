"""What of a turn can be shown while it is spoken, and what its post has beyond that. Pure."""

from __future__ import annotations

import re

from bots.chat.mentions import inert
from bots.chat.surface import Part, Role, Segment, Speaker
from engine.debate.text import clean

_LAST_BLANK = re.compile(r"\s+\S*\Z")


def showable(text: str) -> str:
    """What of words that go on can be shown: whole ones, so that nothing in them calls anybody."""
    last = _LAST_BLANK.search(text)
    return inert(clean(text[: last.start()])) if last else ""


def added(shown: str, said: str) -> str | None:
    """What `said` has beyond `shown`; `None`: it is not how it begins."""
    return said[len(shown) :] if said.startswith(shown) else None


def words_of(part: Part, speaker: Speaker) -> str | None:
    """The words with which a part begins, as `showable` has them; `None`: it is not this turn's."""
    match part.segments:
        case (Segment(Role.WORDS, text, None), *_) if part.speaker == speaker and not part.key.part:
            return inert(text)
    return None
