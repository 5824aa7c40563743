"""A `Surface` for the thread server, as a platform's is made: real requests, none sent twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from bots.chat.mentions import inert
from bots.chat.surface import (
    CannotTell,
    Found,
    Key,
    Missing,
    Part,
    Refused,
    RetryAfter,
    Segment,
    Tag,
    Unknown,
)
from engine.debate.events import Place
from engine.debate.state import Debate

LIMIT = 500
TIMEOUT_S = 5.0


class HttpSurface:
    """Posts to the thread server; a thread's name there is the place's thread."""

    def __init__(self, session: ClientSession, url: str, lands_within_s: float) -> None:
        self._session = session
        self._url = url
        self._lands_within_s = lands_within_s
        self.limit = LIMIT
        self.stood: list[tuple[str, int]] = []
        """The threads that were shown everything, and up to which event."""
        self.taken_over: list[str] = []
        """The threads whose holder had died."""
        self.lost: list[str] = []
        """The threads that another process holds by now."""
        self.before_it_stands: Callable[[int], Awaitable[object]] = _at_once
        """True: there is more in the log by now."""
        self.before_it_posts: Callable[[], Awaitable[object]] = _now

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, lands_within_s: float = 0.0) -> AsyncIterator[HttpSurface]:
        """Connects when first used."""
        async with ClientSession(timeout=ClientTimeout(total=TIMEOUT_S)) as session:
            yield cls(session, url, lands_within_s)

    @property
    def lands_within_s(self) -> float:
        return self._lands_within_s

    def length(self, text: str) -> int:
        return len(inert(text))

    async def post(self, place: Place, part: Part) -> str:
        await self.before_it_posts()
        body = {
            "key": str(part.key),
            "text": "\n\n".join(_text(segment) for segment in part.segments),
            "pings": [_called(segment.tag) for segment in part.segments if segment.tag],
        }
        try:
            async with self._session.post(self._at(place), json=body) as answer:
                if answer.status == 429:
                    raise RetryAfter(float(answer.headers["Retry-After"]))
                if answer.status == 404:
                    raise Refused("The thread {thread} is gone.", thread=place.thread)
                if answer.status != 200:
                    raise Unknown(f"status {answer.status}")
                return str((await answer.json())["id"])
        except ClientConnectorError as error:
            raise RetryAfter from error
        except (ClientError, TimeoutError) as error:
            raise Unknown(str(error)) from error

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        try:
            async with self._session.get(self._at(place), params={"after": after or "0"}) as answer:
                if answer.status == 404:
                    raise Refused("The thread {thread} is gone.", thread=place.thread)
                if answer.status != 200:
                    return CannotTell()
                messages = await answer.json()
        except (ClientError, TimeoutError):
            return CannotTell()
        for message in messages:
            known = Key.parse(message["key"])
            if known is not None and known.slot == key.slot:
                return Found(message["id"], known)
        return Missing()

    def takes_over(self, place: Place) -> None:
        self.taken_over.append(place.thread)

    async def loses(self, place: Place) -> None:
        self.lost.append(place.thread)

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        is_more = await self.before_it_stands(state.n)
        self.stood.append((place.thread, state.n))
        return is_more is True

    def _at(self, place: Place) -> str:
        return f"{self._url}/threads/{place.thread}/messages"


def _text(segment: Segment) -> str:
    text = inert(segment.text)
    return f"→ {_called(segment.tag)}: {text}" if segment.tag else text


def _called(tag: Tag) -> str:
    called = tag.person or tag.seat
    return called.id if called else ""


async def _at_once(n: int) -> None:
    """Nothing is waited for."""


async def _now() -> None:
    """Nothing is waited for."""
