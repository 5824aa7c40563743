"""Who comes to the desk, and what they get there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.chat.gate import Verdict
from bots.chat.i18n import Translate, translator
from bots.chat.names import Address
from engine.debate.commands import Actor
from engine.debate.events import Person, Place, Seat
from engine.debate.explained import one_line
from engine.debate.panel import Language


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, from where, and in which language they read. The surface vouches for all of it."""

    person: Person
    place: Place
    """The thread; where there is none yet, its `thread` is empty."""
    language: Language
    manages: bool = False
    """They manage the channel, or administer the workspace."""
    may_start: Verdict = Verdict.ADMITTED
    """Whether they may start debates there; steering and taking part are not meant."""

    @property
    def actor(self) -> Actor:
        """The same, as the engine's commands have it."""
        return Actor(self.person, self.place, self.manages)

    @property
    def translate(self) -> Translate:
        """Gives an English text in their language."""
        return translator(self.language)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody hands in, or the message that they want debated."""

    name: str
    content: bytes
    message: str | None = None
    """What the platform knows it by, where that is not what came with it: to take it back."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach to an answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to whoever asked."""

    text: str = ""
    """Plain, in the asker's language; other people's words may stand in it, so it is to be escaped.
    Empty: there is nothing to say, the debate's log shows what came of it."""
    private: bool = True
    """Only for the asker's eyes."""
    secret: bool = False
    """Whoever else read it could make use of it: it is told in private or not at all."""
    choices: tuple[Seat, ...] = ()
    """Whom a typed name can mean. Nothing was passed on: show them, and say it again with the one
    that is picked."""
    files: tuple[File, ...] = ()
    debate: str | None = None
    """The debate that was started."""


NOTHING = Answer()
"""There is nothing to say."""


def both(first: Answer, then: Answer) -> Answer:
    """What came of two things that one message asked for, to be told in one."""
    text = "\n\n".join(answer.text for answer in (first, then) if answer.text)
    return replace(then, text=text)


def which(address: Address, seats: Sequence[Seat], asker: Asker) -> Answer:
    """Asks whom of several the name means."""
    choices = tuple(seat for seat in seats if seat.id in address.choices)
    text = asker.translate(
        "“{typed}” can be {names}. Nothing was passed on yet: say whom you mean."
    )
    known = ", ".join(seat.name for seat in choices)
    return Answer(text.format(typed=one_line(address.typed), names=known), choices=choices)
