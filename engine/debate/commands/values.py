"""Who asks, and what is handed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.debate.events import (
    Person,
    Place,
    Usage,
)
from engine.debate.explained import Explained


class Rejected(Explained):
    """The debate's rules do not allow what a person asked; the text says why and may be shown."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and from where; the surface vouches for both."""

    person: Person
    place: Place | None = None
    """The thread; `None`: none of the debate's, as with the admin's command line."""
    manages: bool = False
    """They manage the channel, or administer the workspace."""


@dataclass(frozen=True, slots=True)
class Material:
    """Text to debate, and what it is called."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What it took to have something said."""

    usage: Usage = field(default_factory=Usage)
    calls: int = 1
    seconds: float = 0.0
    context_used: int = 0
    """Tokens of the prompt and the reply as the next prompt will have them."""
