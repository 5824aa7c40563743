"""What a person likes: the language that the app speaks to them, and how their debates start.

What a channel's managers set for its debates goes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bots.chat.desk.starting import defaults_of
from bots.chat.grammar import Options
from engine.debate.panel import Language
from engine.ports.places import PlaceBook

READS = "reads"
"""Beside it, an option is kept by its key."""
_LANGUAGES: dict[str, Language] = {"en": "en", "es": "es"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's."""

    reads: Language | None = None
    """`None`: what the platform says of them."""
    options: Options = field(default_factory=Options)
    """What their own debates start with."""


async def preferences(places: PlaceBook, person: str, panels: Sequence[str]) -> Preferences:
    """Those of the person with this id.

    Raises:
        StoreAway
    """
    kept = await places.preferences(person)
    return Preferences(_LANGUAGES.get(kept.get(READS, "")), defaults_of(kept, panels))
