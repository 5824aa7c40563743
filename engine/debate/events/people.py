"""What people say in a debate, and the seats they take."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events.values import (
    Person,
    Place,
    Vote,
)


@dataclass(frozen=True, slots=True)
class MessageHeard:
    """A person said something in the thread. Its words are kept apart, so they can be erased."""

    author: Person
    text: str = ""
    """Empty once it was erased."""
    to: str | None = None
    """The persona it is addressed to, by id."""
    message: str | None = None
    """The platform's id of the message."""
    place: Place | None = None
    """Where it was written; the other threads of the debate show it."""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A person corrected what they had said."""

    author: Person
    of: int
    """The number of the message in the log."""
    text: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class MessageErased:
    """A person took back what they had said: its words are no longer kept."""

    of: int
    """The number of the message, material or person's turn; 0: taken back before it was heard."""
    others: tuple[int, ...] = ()
    """The numbers of its corrections and of summaries made since; their words go too."""
    message: str | None = None
    """The platform's id of the message, should it be delivered again."""
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class LateMessage:
    """Somebody wrote to nobody after the close; it is not kept, and said once."""

    author: Person


@dataclass(frozen=True, slots=True)
class VoteCast:
    """A person liked a turn, or did not."""

    turn: int
    by: Person
    vote: Vote
    """0 takes the person's vote back."""


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """A person speaks for a seat from its next turn on."""

    seat: str
    person: Person


@dataclass(frozen=True, slots=True)
class SeatLeft:
    """The seat is its persona's again."""

    seat: str
    person: Person


@dataclass(frozen=True, slots=True)
class SeatReminded:
    """Half of a person's time for a turn is over."""

    turn: int
    person: Person


@dataclass(frozen=True, slots=True)
class SeatLapsed:
    """A person's time for a turn is over; its persona speaks this one."""

    turn: int
    person: Person


PeopleEvent = (
    MessageHeard
    | MessageEdited
    | MessageErased
    | LateMessage
    | VoteCast
    | SeatTaken
    | SeatLeft
    | SeatReminded
    | SeatLapsed
)
