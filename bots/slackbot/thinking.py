"""That somebody is thinking, shown under a thread while its next turn is being spoken.

Slack takes it away by itself: with the next post, and after two minutes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bots.chat.i18n import translator
from bots.chat.surface import Refused, RetryAfter, Speaker, Unknown
from bots.slackbot.message import identity
from bots.slackbot.voices import voice_of
from bots.slackbot.workspaces import Workspaces
from engine.debate.codec import UnknownEvent
from engine.debate.events import Place, Seat
from engine.debate.state import Debate, Phase
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import StoreAway, UnknownDebate

AGAIN_S = 90.0
"""Sooner than Slack takes it away."""
MOST_TIMES = 10
REFUSED_S = 3_600.0
"""After a refusal; who manages the workspace may have changed what was in the way."""
REMEMBERED = 10_000

log = structlog.get_logger()


@dataclass(slots=True)
class _Status:
    debate: str
    seat: Seat
    text: str
    due_at: float
    times: int = MOST_TIMES


class Thinking:
    """Shows it in all workspaces of a process; where Slack refuses, nothing is shown."""

    def __init__(self, workspaces: Workspaces, debates: Debates, clock: Clock) -> None:
        self._workspaces, self._debates, self._clock = workspaces, debates, clock
        self._statuses: dict[Place, _Status] = {}
        self._refused: OrderedDict[tuple[str, str], float] = OrderedDict()
        """Workspaces' channels, and until when: it does not work in all sorts of them."""
        self._news = asyncio.Event()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The thread has been shown everything up to here."""
        before, seat = self._statuses.pop(place, None), thinks(state, place)
        now = self._clock.monotonic()
        if seat is not None and not self._is_refused(place):
            text = translator(state.started.language)("is thinking…")
            self._statuses[place] = _Status(debate, seat, text, now)
        elif before is not None:
            # What was on its way when the last post took it away may have come after that post.
            self._statuses[place] = _Status(debate, before.seat, "", now, times=1)
        self._news.set()

    def _is_refused(self, place: Place) -> bool:
        until = self._refused.get((place.workspace, place.channel))
        return until is not None and self._clock.monotonic() < until

    async def run(self) -> None:
        """Shows and repeats until it is cancelled."""
        while True:
            self._news.clear()
            due = min(((s.due_at, p) for p, s in self._statuses.items()), default=None, key=_first)
            wait_s = due[0] - self._clock.monotonic() if due else None
            if due is None or (wait_s is not None and wait_s > 0):
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._news.wait()
            else:
                await self._show(due[1], self._statuses[due[1]])

    async def _show(self, place: Place, status: _Status) -> None:
        is_repeat = status.times < MOST_TIMES and status.text
        status.due_at, status.times = self._clock.monotonic() + AGAIN_S, status.times - 1
        if status.times <= 0:
            del self._statuses[place]
        try:
            if is_repeat and not await self._still(place, status):
                if self._statuses.get(place) is status:
                    del self._statuses[place]
                return
            await self._say(place, status.seat, status.text)
        except Refused as refusal:
            log.info("thinking.refused", channel=place.channel, error=str(refusal))
            self._statuses.pop(place, None)
            self._refuse((place.workspace, place.channel))
        except (RetryAfter, Unknown, StoreAway):
            return  # It is not worth a second try.

    async def _still(self, place: Place, status: _Status) -> bool:
        """Another process may have shown more in this thread meanwhile."""
        try:
            return thinks(await self._debates.load(status.debate), place) == status.seat
        except (UnknownDebate, UnknownEvent):
            return False

    def _refuse(self, channel: tuple[str, str]) -> None:
        self._refused[channel] = self._clock.monotonic() + REFUSED_S
        self._refused.move_to_end(channel)
        if len(self._refused) > REMEMBERED:
            self._refused.popitem(last=False)

    async def _say(self, place: Place, seat: Seat, status: str) -> None:
        parts = await self._workspaces.at(place)
        speaker = Speaker(seat)
        voice = voice_of(parts.voices, speaker)
        web, name = (voice.web, {}) if voice else (parts.web, identity(speaker))
        where = {"channel_id": place.channel, "thread_ts": place.thread}
        await web.call("assistant.threads.setStatus", status=status, **where, **name)


def thinks(state: Debate, place: Place) -> Seat | None:
    """Whose turn a model speaks next, if the thread shows it and nothing is waited for."""
    cue = state.pending
    waiting = state.waiting
    is_persons = waiting.person is not None and not waiting.lapsed
    waits = state.paused or waiting.next_call or is_persons
    if cue is None or waits or state.phase is Phase.CLOSED or place not in state.threads:
        return None
    return state.seat(cue.persona)


def _first(due: tuple[float, Place]) -> float:
    return due[0]
