"""Turns shown word by word: a message grows while one is spoken, and ends as its post.

1. The thread is held meanwhile, so whoever shows the words posts the turn: one message, which has
   the turn's key once it is whole.
2. What does not fit takes the message back, and the turn is posted whole: words that were taken
   back, another post before it, four minutes, and whatever Slack refuses.
3. What a process leaves behind that dies, the next one that holds the thread takes back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from bots.chat.live import Live
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.slackbot.half_said import HalfSaid
from bots.slackbot.parts import Parts
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.stream import begin, can_begin
from bots.slackbot.thinking import REFUSED_S, thinks
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place, Record
from engine.debate.state import Cue, Debate
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import StoreAway

EVERY_S = 1.5
"""Between two times that a message grows: Slack takes a hundred a minute in a workspace."""
AT_ONCE = 20
"""Messages that grow at once in a process: each holds its thread, and Slack begins few."""
PATIENCE_S = 60.0
"""For a turn's first words, once its pace is over; then it is posted whole."""
_UNSUPPORTED = frozenset({"channel_type_not_supported", "method_not_supported_for_channel_type"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Turn:
    """One that is being spoken, for a thread."""

    debate: str
    place: Place
    state: Debate
    cue: Cue
    parts: Parts


class Streaming:
    """Shows turns in all workspaces of a process."""

    def __init__(
        self,
        workspaces: Workspaces,
        debates: Debates,
        half_said: HalfSaid,
        clock: Clock,
        *,
        every_s: float = EVERY_S,
        at_once: int = AT_ONCE,
    ) -> None:
        """`at_once`: 0, if turns are posted whole."""
        self._workspaces, self._debates, self._clock = workspaces, debates, clock
        self._half_said, self._every_s, self._room = half_said, every_s, at_once
        self._refused: dict[tuple[str, str], float] = {}
        """Workspaces' channels, and until when: it does not work in all sorts of them."""
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Takes back what is half said, and begins no more."""
        self._stopping.set()

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        """Shows the turn that is being spoken; see `Surface.stands`."""
        language, cue = state.started.language, _spoken(state, place)
        stream = self._half_said.streams.get(place)
        is_its = stream is not None and cue is not None and stream.cue == (cue.turn, cue.persona)
        if not is_its:
            await self._half_said.take_back(debate, place, language)
        parts = await self._parts(place, state, cue) if cue is not None else None
        if cue is None or parts is None:
            return False
        self._room -= 1
        try:
            is_more = await self._show(_Turn(debate, place, state, cue, parts))
        finally:
            self._room += 1
        if not is_more:
            await self._half_said.take_back(debate, place, language)
        return is_more

    async def _parts(self, place: Place, state: Debate, cue: Cue) -> Parts | None:
        """Where the turn can be shown while it is spoken; `None`: it cannot be."""
        refused_until = self._refused.get((place.workspace, place.channel), float("-inf"))
        is_refused = self._clock.monotonic() < refused_until
        if is_refused or not self._room or self._stopping.is_set():
            return None
        try:
            parts = await self._workspaces.at(place)
        except (Refused, RetryAfter, Unknown):
            return None
        return parts if can_begin(parts, state, cue.persona) else None

    async def _show(self, turn: _Turn) -> bool:
        """Whether there is more in the log; else nothing was said for long, or for too long."""
        live = Live(turn.cue.turn, turn.cue.persona)
        reading = asyncio.create_task(_follow(self._debates, turn.debate, turn.state.n, live))
        stopping = asyncio.create_task(self._stopping.wait())
        tasks = (reading, stopping)
        ends_at = self._clock.monotonic() + turn.state.waiting.for_s + PATIENCE_S
        try:
            while self._clock.monotonic() < ends_at:
                done, _ = await asyncio.wait(
                    tasks, timeout=self._every_s, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    break
                await self._tell(turn, live)
                if stream := self._half_said.streams.get(turn.place):
                    ends_at = stream.ends_at
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        return not reading.cancelled() and reading.result()

    async def _tell(self, turn: _Turn, live: Live) -> None:
        """Shows what is new; if that fails, the turn is posted whole."""
        stream, channel = self._half_said.streams.get(turn.place), turn.place.channel
        try:
            if stream is not None:
                await stream.grow(live.text.get("answer", ""))
            elif not self._half_said.is_untidy(turn.place):
                await self._begin(turn, live)
        except RetryAfter:
            return  # There will be more words by then.
        except Unknown:
            log.warning("stream.unknown", channel=channel)
        except Refused as refusal:
            log.info("stream.refused", channel=channel, error=str(refusal))
            if isinstance(refusal, SlackRefused) and refusal.code in _UNSUPPORTED:
                until = self._clock.monotonic() + REFUSED_S
                self._refused[turn.place.workspace, channel] = until

    async def _begin(self, turn: _Turn, live: Live) -> None:
        now = self._clock.monotonic()
        try:
            stream = await begin(turn.parts, turn.place, turn.state, live, now)
        except (Unknown, asyncio.CancelledError):
            self._half_said.takes_over(turn.place)
            raise
        if stream is not None:
            self._half_said.streams[turn.place] = stream


def _spoken(state: Debate, place: Place) -> Cue | None:
    """The turn that is spoken, if its post will begin with what is heard of it."""
    cue = state.pending
    is_turn = cue is not None and cue.turn > 0 and cue.answers is None
    return cue if is_turn and thinks(state, place) is not None else None


async def _follow(debates: Debates, debate: str, after: int, live: Live) -> bool:
    """Hears what is said until the log goes beyond number `after`; false: Redis is away."""
    try:
        async for news in debates.follow(debate, after):
            if isinstance(news, Record):
                return True
            live.hear(news)
    except StoreAway as error:
        log.warning("store.away", debate=debate, error=str(error))
    return False
