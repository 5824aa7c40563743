"""Shows in a debate's threads that somebody is about to speak: Discord's «… is typing».

It lasts ten seconds, so it is shown again for as long as the turn is awaited. One call at a time,
whatever the number of threads: it is the first thing that may come late.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.ids import channel_of, is_direct
from bots.discordbot.parts import Parts
from bots.discordbot.rest import Rest
from bots.discordbot.shown import loaded
from engine.debate.codec import UnknownEvent
from engine.debate.events import Place
from engine.debate.pace import due_in_s
from engine.debate.state import Cue, Debate
from engine.ports.store import StoreAway

AGAIN_S = 8.0
LONGEST_S = 600.0
"""A turn that takes longer has another reason than thought."""
MOST = 1_000
"""Threads; the oldest are let go of."""

_Thread = tuple[str, Place]


@dataclass(slots=True)
class _Thought:
    cue: Cue
    at: float
    until: float


class Thinking:
    """Who is awaited in which thread."""

    def __init__(self, parts: Parts, again_s: float = AGAIN_S) -> None:
        self._parts, self._again_s = parts, again_s
        self._thoughts: dict[_Thread, _Thought] = {}
        self._news = asyncio.Event()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The thread has been shown everything: whoever is called on is awaited from now on."""
        self._thoughts.pop((debate, place), None)
        cue = _awaited(state, place)
        if cue is None:
            return
        now = self._parts.clock.monotonic()
        at = now + (due_in_s(state) or 0.0)
        self._thoughts[debate, place] = _Thought(cue, at, at + LONGEST_S)
        if len(self._thoughts) > MOST:
            self._thoughts.pop(next(iter(self._thoughts)))
        self._news.set()

    async def run(self) -> None:
        """Shows it until it is cancelled."""
        while True:
            self._news.clear()
            first = min(self._thoughts, key=lambda thread: self._thoughts[thread].at, default=None)
            if first is None:
                await self._news.wait()
                continue
            thought, now = self._thoughts[first], self._parts.clock.monotonic()
            if thought.at > now:
                await self._wait(thought.at - now)
                continue
            thought.at = now + self._again_s
            if now > thought.until or not await self._is_shown(first, thought):
                self._thoughts.pop(first, None)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _is_shown(self, thread: _Thread, thought: _Thought) -> bool:
        """Shows it, if the turn is still awaited; whether to come back."""
        debate, place = thread
        try:
            state = await loaded(self._parts, debate)  # another process may show this thread now
            if state is None or _awaited(state, place) != thought.cue:
                return self._thoughts.get(thread) is not thought
            route = "POST /channels/{channel}/typing"
            await self._voice(thought.cue, place).call(route, channel=channel_of(place))
        except RetryAfter as error:
            thought.at += error.seconds or 0.0
        except (Unknown, StoreAway):
            pass  # it comes again
        except (Refused, UnknownEvent):
            return False
        return True

    def _voice(self, cue: Cue, place: Place) -> Rest:
        voice = None if is_direct(place) else self._parts.voices.get(cue.persona)
        return voice.rest if voice else self._parts.rest


def _awaited(state: Debate, place: Place) -> Cue | None:
    """Whom the model is asked to speak for; `None`: nobody, not here, or that is told otherwise."""
    if place not in state.threads:
        return None
    told_otherwise = state.queued_at is not None or state.unavailable_since_ms is not None
    if told_otherwise or due_in_s(state) is None or state.waiting.person is not None:
        return None
    return state.pending
