"""Places: which debate a thread shows, how channels and people like theirs, codes for mirrors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.debate.events import Place

CODE_S = 600
"""How long a mirror's code can be used."""
CODE_LETTERS = 8
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Codes are typed by hand: no i, l, o, 0, 1. Eight of these are 39 bits, for ten minutes."""


class PlaceBook(Protocol):
    """What is known of the places that debates are held in. Every call may raise `StoreAway`."""

    async def debate_at(self, place: Place) -> str | None:
        """The debate that this thread shows; a debate's home is bound as it starts."""
        ...

    async def bind(self, place: Place, debate: str) -> bool:
        """Shows a debate in a thread; answers whether the thread shows it now, and no other."""
        ...

    async def unbind(self, place: Place, debate: str) -> None:
        """Shows it there no longer."""
        ...

    async def begin(self, workspace: str, debate: str, note: str, within_ms: int) -> None:
        """Notes that a thread is being made for a debate, until `end`.

        Whoever makes it has so long; then they are taken for dead, and the note is left over.
        """
        ...

    async def left_over(self, workspace: str, within_ms: int) -> dict[str, str]:
        """Notes that nobody sees to, by their debates; the caller has so long for each of them."""
        ...

    async def end(self, workspace: str, debate: str) -> None:
        """Takes the note back: the debate began, or never will."""
        ...

    async def defaults(self, workspace: str, channel: str) -> dict[str, str]:
        """What a channel's debates start with where nothing else is said: option to value."""
        ...

    async def set_defaults(self, workspace: str, channel: str, options: Mapping[str, str]) -> None:
        """Keeps these options for the channel, in place of those before."""
        ...

    async def preferences(self, person: str) -> dict[str, str]:
        """What this person, by id, likes: name to value."""
        ...

    async def set_preference(self, person: str, name: str, value: str | None) -> None:
        """Keeps one of them; `None`: they like nothing in particular any more."""
        ...

    async def heard_to(self, place: Place) -> str | None:
        """The message up to which a thread was heard, as `set_heard_to` keeps it."""
        ...

    async def set_heard_to(self, place: Place, message: str) -> None:
        """Every message of this thread up to this one was taken in, or was nothing to take in.

        It only ever grows: an earlier message than the one that is kept changes nothing.
        """
        ...

    async def card(self, debate: str) -> str | None:
        """The message that is the debate's card, as `set_card` keeps it."""
        ...

    async def set_card(self, debate: str, message: str) -> None:
        """This message is the debate's card; that is kept for as long as its log is."""
        ...

    async def create_code(self, debate: str) -> str:
        """A code that lets another thread show this debate: once, and within `CODE_S`."""
        ...

    async def redeem(self, code: str, place: Place) -> str | None:
        """The debate that the code was made for; `None`: it is no good.

        The first place that shows it uses it up; asked again, the same place gets the same answer.
        """
        ...
