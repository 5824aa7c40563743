"""What delivery needs of a platform: the `Surface` Protocol, what it is given, what it may answer.

A surface writes as it must: names and faces, markup, tags. It makes every text inert
(`bots.chat.mentions`) and escapes it; the one thing in a part that may ping is a segment's tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from engine.debate.events import Person, Place, Seat
from engine.debate.explained import Explained
from engine.debate.panel import Language
from engine.debate.state import Debate

_KEY = re.compile(r"([a-z0-9-]{1,64}):([0-9]{1,9}):([0-9]{1,5}):([0-9]{1,9})(\+?):([0-9a-f]{8})")


class Role(StrEnum):
    """What a piece of text is, so that a surface can set it apart."""

    WORDS = "words"
    """What somebody says."""
    QUESTION = "question"
    """What they ask whoever is next."""
    ITEM = "item"
    """An item of a list; items come one after the other."""
    HEADING = "heading"
    """The app's, over what follows."""
    NOTICE = "notice"
    """The app's, about the debate."""

    @property
    def from_log(self) -> bool:
        """Whether it is somebody's words; the app's own may be worded otherwise tomorrow."""
        return self not in (Role.HEADING, Role.NOTICE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Under whose name something is posted; neither: the app's own."""

    seat: Seat | None = None
    person: Person | None = None
    """With a seat: the person who speaks for it. Without: somebody from another thread."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Whom a post calls: a seat, by its role, group or name, or a person."""

    seat: Seat | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a post, to be made inert and escaped. A blank line stands between two."""

    role: Role
    text: str
    tag: Tag | None = None
    """To be written before it, and to ping, if whoever it is can be reached here."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a message is known by when a thread is read back. Its text is ASCII, below 100 long."""

    debate: str
    n: int
    """The event that it shows."""
    part: int
    """Which part of it, from 0."""
    end: int
    """Where the part ends in the event's words."""
    more: bool
    """The event has a further part."""
    digest: str
    """Of the text: two messages for one place in a thread can be told apart."""

    @property
    def slot(self) -> str:
        """The place in the thread, whatever stands there: what `find` looks for."""
        return f"{self.debate}:{self.n}:{self.part}"

    def __str__(self) -> str:
        return f"{self.slot}:{self.end}{'+' if self.more else ''}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """The key written like this; `None`: it is none."""
        found = _KEY.fullmatch(text)
        if found is None:
            return None
        debate, n, part, end, more, digest = found.groups()
        return cls(debate, int(n), int(part), int(end), bool(more), digest)


@dataclass(frozen=True, slots=True)
class Part:
    """One message to post. No longer than the surface's limit, its tags aside."""

    key: Key
    speaker: Speaker
    segments: tuple[Segment, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Found:
    """A thread was read back, and the part stands there."""

    message: str
    key: Key | None
    """As it stands in the message; `None`: the platform shows none, but it can be no other."""


class Missing:
    """A thread was read back, and the part does not stand there."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The thread cannot be read back just now."""

    seconds: float | None = None
    """How long the platform asked to be left alone."""


class Refused(Explained):
    """It will never work like this: the thread is gone, a permission is missing. Not posted."""


class RetryAfter(Exception):
    """Not posted, and may be posted later: too many requests, or nobody answers the connection."""

    def __init__(self, seconds: float | None = None) -> None:
        """`seconds`: how long the platform asked to be left alone."""
        super().__init__(f"retry after {seconds} s" if seconds is not None else "retry later")
        self.seconds = seconds


class Unknown(Exception):
    """The answer was lost: it may be posted, or land yet."""


class Surface(Protocol):
    """A chat platform, as far as delivery goes. No call sends a write twice by itself."""

    @property
    def limit(self) -> int:
        """How long a part may be, room for its tag and markup already taken off."""
        ...

    @property
    def lands_within_s(self) -> float:
        """After how many seconds a post whose answer was lost has landed, or never will."""
        ...

    def length(self, text: str) -> int:
        """A text's length as the limit counts it, inert and escaped as it will be sent."""
        ...

    async def post(self, place: Place, part: Part) -> str:
        """Posts one message to the thread, and nowhere else; answers the platform's id of it.

        Raises:
            Refused, RetryAfter: surely not posted.
            Unknown: perhaps posted. Any other way to fail is one of these three.
        """
        ...

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        """Reads the thread back for the message in this key's slot.

        It was posted after message `after`; `None`: nothing was posted to this thread before.

        Raises:
            Refused: the thread is gone, or may not be read.
        """
        ...

    def takes_over(self, place: Place) -> None:
        """A process died while it held this thread: what it may have left there is seen to."""
        ...

    async def loses(self, place: Place) -> None:
        """Another process holds this thread by now: what this one has not ended there goes."""
        ...

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        """The thread has been shown everything: the time for a status, a card, a close's files.

        The thread is held meanwhile, and its mail comes again if this process dies. So only what
        has to come of it is waited for; what may be late, or left, goes on without. True: there is
        more in the log by now, which is to be shown before the thread is given back.
        """
        ...
