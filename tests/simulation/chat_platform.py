"""A chat platform: its threads, what people do in them, and all the ways in which it misbehaves."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bots.chat.surface import (
    CannotTell,
    Found,
    Key,
    Missing,
    Part,
    Refused,
    RetryAfter,
    Unknown,
)
from engine.debate.events import Place
from engine.debate.state import Debate
from tests.simulation.faults import Faults
from tests.simulation.loop import SimulatedLoop, host_now
from tests.simulation.plan import Kind
from tests.simulation.trace import Trace

LIMIT = 160
"""So short that a synthesis takes several messages."""
DEADLINE_S = 4.0
LANDS_WITHIN_S = 5.0
"""A post lands at most so long after it was sent, whatever was said of it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in a thread."""

    id: str
    key: Key
    by: str
    thawed: bool
    """Its poster stood still between its last look at its lease and the write."""


@dataclass(slots=True)
class PlatformThread:
    """What stands in a thread, and until when it takes nothing."""

    posts: list[Posted] = field(default_factory=list)
    refuses_until: float = 0.0
    refused: set[str] = field(default_factory=set)
    """Debates of which it would not take a message, and whose bots are to be told when it does."""


Landed = Callable[[Place, Posted], None]
Cleared = Callable[[str, Place], None]


class Platform:
    """The platform's servers."""

    def __init__(
        self, loop: SimulatedLoop, chance: random.Random, faults: Faults, trace: Trace
    ) -> None:
        self.threads: dict[Place, PlatformThread] = {}
        self.posts = 0
        self.finds = 0
        self.landed: Landed | None = None
        """Told of each message that stands in a thread from now on."""
        self.cleared: Cleared | None = None
        """Told when a thread that refused takes messages again."""
        self._loop = loop
        self._chance = chance
        self._faults = faults
        self._trace = trace

    def thread(self, place: Place) -> PlatformThread:
        """What stands there."""
        return self.threads.setdefault(place, PlatformThread())

    async def post(self, place: Place, part: Part) -> str:
        """One request. See `Surface.post`."""
        self.posts += 1
        post, host = self.posts, host_now()
        host.posted += 1
        frozen = host.freezes
        await asyncio.sleep(self._chance.uniform(0.000_5, 0.02))  # a connection, headers
        written = Posted(str(post), part.key, host.name, host.freezes != frozen)
        answer: asyncio.Future[str] = self._loop.create_future()
        self._write(place, written, answer)
        host.posted += 1  # counted twice: faults aim at both sides of the write
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await answer
        except TimeoutError as error:
            raise Unknown("no answer in time") from error

    def _write(self, place: Place, post: Posted, answer: asyncio.Future[str]) -> None:
        number, take = int(post.id), self._faults.take
        soon = self._chance.uniform(0.01, 0.3)
        if refusal := self._refusal(place, post.key.debate, number):
            self._trace("platform", f"post {post.id} {post.key} of {post.by}: {refusal!r}")
            self._loop.later(soon, _fail, answer, refusal)
        elif take(Kind.POST_LOST, number):
            self._silence(answer, Unknown("lost"))
        elif take(Kind.POST_UNANSWERED, number):
            self._loop.later(soon, self._land, place, post, None)
            self._silence(answer, Unknown("unanswered"))
        elif take(Kind.POST_LATE, number):
            late = self._chance.uniform(soon, LANDS_WITHIN_S - 0.1)
            self._loop.later(soon, _fail, answer, Unknown("bad gateway"))
            self._loop.later(late, self._land, place, post, None)
        else:
            self._loop.later(soon, self._land, place, post, answer)

    def _refusal(self, place: Place, debate: str, number: int) -> Exception | None:
        """Why this post surely does not land."""
        thread = self.thread(place)
        if refuses := self._faults.take(Kind.THREAD_REFUSES, number):
            thread.refuses_until = self._loop.time() + refuses.for_s
            self._loop.later(refuses.for_s, self._clear, place)
        if self._loop.time() < thread.refuses_until:
            thread.refused.add(debate)
            return Refused("The thread takes nothing.")
        if limited := self._faults.take(Kind.POST_LIMITED, number):
            return RetryAfter(limited.for_s or None)
        return RetryAfter() if self._faults.take(Kind.POST_RESET, number) else None

    def _clear(self, place: Place) -> None:
        thread = self.thread(place)
        if self._loop.time() < thread.refuses_until or self.cleared is None:
            return
        refused, thread.refused = sorted(thread.refused), set()
        for debate in refused:
            self.cleared(debate, place)

    def _silence(self, answer: asyncio.Future[str], error: Exception) -> None:
        """Either the connection breaks, or nothing comes until the deadline."""
        if self._chance.random() < 0.5:
            self._loop.later(self._chance.uniform(0.1, 2.0), _fail, answer, error)

    def _land(self, place: Place, post: Posted, answer: asyncio.Future[str] | None) -> None:
        self.thread(place).posts.append(post)
        self._trace("platform", f"post {post.id} {post.key} of {post.by} lands in {place.thread}")
        if self.landed is not None:
            self.landed(place, post)
        if answer is not None:
            self._loop.later(self._chance.uniform(0.001, 0.1), _answer, answer, post.id)

    async def find(self, place: Place, key: Key) -> Found | Missing | CannotTell:
        """Reads the thread back. See `Surface.find`."""
        self.finds += 1
        unreadable = self._faults.take(Kind.UNREADABLE, self.finds)
        await asyncio.sleep(self._chance.uniform(0.01, 0.2))
        if unreadable:
            return CannotTell()
        found = [post for post in self.thread(place).posts if post.key.slot == key.slot]
        await asyncio.sleep(self._chance.uniform(0.01, 0.1))
        return Found(found[0].id, found[0].key) if found else Missing()

    def mend(self) -> None:
        """Every thread takes messages again."""
        for place, thread in self.threads.items():
            thread.refuses_until = 0.0
            self._clear(place)


def _answer(answer: asyncio.Future[str], message: str) -> None:
    if not answer.done():
        answer.set_result(message)


def _fail(answer: asyncio.Future[str], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
        answer.exception()  # whoever asked may be dead


class SimulatedSurface:
    """`Surface` of that platform."""

    limit = LIMIT
    lands_within_s = LANDS_WITHIN_S

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def length(self, text: str) -> int:
        return len(text)

    async def post(self, place: Place, part: Part) -> str:
        return await self._platform.post(place, part)

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        return await self._platform.find(place, key)

    def takes_over(self, place: Place) -> None:
        """Nothing is left behind."""

    async def loses(self, place: Place) -> None:
        """Nothing is left behind."""

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        """Nothing to show."""
        return False
