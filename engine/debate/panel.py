"""A panel: the cast of a debate, as values.

A persona has three names that are never mixed up: `id` (an ASCII slug; the engine matches by it and
by nothing else), `name` (as people read it, accents and spaces kept) and the tag that a surface
makes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["en", "es"]

REPEATS_AT = 0.8


class Handoff(StrEnum):
    """The rule that says who is next."""

    RING = "ring"
    """The order of the seats; each asks the one after."""
    ADDRESSED = "addressed"
    """Whoever speaks chooses among those who have not spoken in this round."""
    MODERATED = "moderated"
    """The moderator speaks between the debaters, and chooses."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One member of a panel."""

    id: str
    name: str
    card: str
    """Who this is: what they value, what they ask, what would change their mind, how they speak."""
    stance: str
    """The card in one line; it stands in every cue, close to what the model writes next."""
    emoji: str
    colour: str
    """`#rrggbb`."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What stands in for words that a model failed to give; `{name}` is whoever is asked."""

    answer: str
    question: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A cast: a moderator, and the debaters in their order."""

    id: str
    title: str
    language: Language
    handoff: Handoff
    rounds: int
    answer_words: int
    question_words: int
    moderator: Persona
    debaters: tuple[Persona, ...]
    phrases: Phrases
    repeats_at: float = REPEATS_AT
    """Two turns this much alike (0 to 1) say the same, and the moderator steps in."""

    @property
    def personas(self) -> tuple[Persona, ...]:
        """The moderator, then the debaters in their order."""
        return (self.moderator, *self.debaters)

    def persona(self, persona_id: str) -> Persona:
        """The member with this id.

        Raises:
            KeyError: nobody here has it.
        """
        for persona in self.personas:
            if persona.id == persona_id:
                return persona
        raise KeyError(persona_id)
