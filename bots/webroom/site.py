"""What the web room is made with, and who a visitor is at the desk."""

from __future__ import annotations

import asyncio
from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from starlette.requests import Request

from bots.chat.desk import Asker, Desk
from bots.webroom.identity import visitor
from bots.webroom.refusals import Full, Unnamed
from engine.debate.events import DebateStarted, Pace, Place, Record
from engine.debate.panel import Panel
from engine.debate.state import Debate
from engine.ports.debates import Debates, Listed
from engine.ports.store import UnknownDebate

MOST_STREAMS = 48
"""Browsers that look on at once: each reads by a connection of its own to the store."""
MOST_LARGE = 3
"""Large bodies that are held in memory at once; the next waits with its bytes still on the line."""

_ID_BYTES = 10
"""What the letters of an id hold."""
_READ_OUT = str.maketrans("lo", "89")
"""An id may be read out loud."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What debates may be started with here."""

    panels: Mapping[str, Panel]
    """By id; the first of a language is offered first."""
    pace: Pace = Pace.READING
    """The one that is chosen already."""
    tiny_model: bool = False
    """The model is the one that comes along, and the reader is told what to expect of it."""


@dataclass(slots=True)
class Site:
    """The room's parts."""

    debates: Debates
    desk: Desk
    new_id: Callable[[], str]
    offer: Offer
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the room closes."""
    most_streams: int = MOST_STREAMS
    streams: int = 0
    """Browsers that look on now."""
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_LARGE))
    """Held while a large body is read and used."""

    def id_for(self, payloads: Sequence[str]) -> str:
        """An id for the debate that these start: the same one each time the browser sends them."""
        new = self.new_id()
        if not payloads:
            return new
        shard, _, _ = new.partition("-")
        letters = b32encode(sha256("\n".join(payloads).encode()).digest()[:_ID_BYTES]).decode()
        return f"{shard}-{letters.lower().translate(_READ_OUT)}"

    async def records(self, debate: str) -> list[Record]:
        """The log of a debate that is held in this room; others are as if there were none.

        Raises:
            UnknownDebate, StoreAway
        """
        records = await self.debates.records(debate)
        started = records[0].event
        if not isinstance(started, DebateStarted) or started.home != place_of(debate):
            raise UnknownDebate(debate)
        return records

    async def load(self, debate: str) -> Debate:
        """How such a debate stands.

        Raises:
            UnknownDebate, StoreAway
        """
        state = await self.debates.load(debate)
        if state.started.home != place_of(debate):
            raise UnknownDebate(debate)
        return state

    async def recent(self, most: int) -> list[Listed]:
        """Those of the latest debates that are held here, the latest first.

        Raises:
            StoreAway
        """
        listed = await self.debates.recent(most)
        return [each for each in listed if each.started.home == place_of(each.debate)]

    def take_place(self) -> None:
        """Counts one more browser that looks on.

        Raises:
            Full
        """
        if self.streams >= self.most_streams:
            raise Full
        self.streams += 1

    def give_place_back(self) -> None:
        """One that looked on is gone."""
        self.streams -= 1


def site(request: Request) -> Site:
    """The site that a request came to."""
    found = request.app.state.site
    assert isinstance(found, Site)  # noqa: S101 - `create_app` put it there
    return found


def place_of(debate: str) -> Place:
    """A debate's thread: in the web room that is its page."""
    return Place("web", "room", debate)


def asker(request: Request, debate: str) -> Asker:
    """Who comes to the desk, from a debate's thread.

    Raises:
        Unnamed: they have not said what they are called.
    """
    who = visitor(request)
    if who.person is None:
        raise Unnamed
    return Asker(who.person, place_of(debate), who.language)
