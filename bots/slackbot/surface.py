"""Slack as delivery sees it: posts to threads under the personas' names, and reads them back."""

from __future__ import annotations

from collections.abc import Callable

from bots.chat.surface import (
    CannotTell,
    Found,
    Key,
    Missing,
    Part,
    Refused,
    RetryAfter,
    Role,
    Unknown,
)
from bots.slackbot.message import LIMIT, Link, arguments, key_of, length
from bots.slackbot.pacing import Pacing
from bots.slackbot.parts import Parts
from bots.slackbot.refusals import GONE, SlackRefused
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.store import StoreAway, UnknownDebate

PAGE = 200
MOST_LINKS = 40

Stands = Callable[[str, Place, Debate], None]


class SlackSurface:
    """A `Surface`; `on_stands` is told of threads that have been shown everything."""

    limit = LIMIT

    def __init__(
        self,
        parts: Parts,
        pacing: Pacing,
        on_stands: Stands,
        lands_within_s: float,
    ) -> None:
        self._parts, self._pacing, self._on_stands = parts, pacing, on_stands
        self._web, self._team = parts.web, parts.team
        self._lands_within_s = lands_within_s

    @property
    def lands_within_s(self) -> float:
        """See `Surface.lands_within_s`."""
        return self._lands_within_s

    def length(self, text: str) -> int:
        """See `Surface.length`."""
        return length(text)

    async def post(self, place: Place, part: Part) -> str:
        """See `Surface.post`."""
        wait_s = self._pacing.wait_s(place.channel, place.thread, self._parts.clock.monotonic())
        if wait_s > 0:
            raise RetryAfter(wait_s)
        links = await self._links(place, part)
        said = arguments(part, self._team.id, self._parts.groups, links)
        where = {"channel": place.channel, "thread_ts": place.thread}
        answer = await self._web.call("chat.postMessage", **where, **said)
        if answer.get("message", {}).get("thread_ts") != place.thread:
            await self._take_back(place, str(answer["ts"]))
            raise Refused(GONE)
        return str(answer["ts"])

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        """See `Surface.find`."""
        cursor: str | None = None
        while True:
            try:
                page = await self._web.call(
                    "conversations.replies",
                    channel=place.channel,
                    ts=place.thread,
                    oldest=after or place.thread,
                    include_all_metadata=True,
                    limit=str(PAGE),
                    cursor=cursor,
                )
            except (RetryAfter, Unknown):
                return CannotTell()
            for message in page["messages"]:
                known = key_of(message) if self._team.is_ours(message) else None
                if known is not None and known.slot == key.slot:
                    return Found(str(message["ts"]), known)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return Missing()

    def stands(self, debate: str, place: Place, state: Debate) -> None:
        """See `Surface.stands`."""
        self._on_stands(debate, place, state)

    async def _links(self, place: Place, part: Part) -> list[Link]:
        """To the turns that a synthesis rests on, below the last part of it."""
        roles = {segment.role for segment in part.segments}
        is_synthesis = part.speaker.seat is not None and roles & {Role.ITEM, Role.NOTICE}
        if not is_synthesis or part.key.more:
            return []
        try:
            state = await self._parts.debates.load(part.key.debate)
            messages = await self._parts.readers.messages(part.key.debate, place)
        except (StoreAway, UnknownDebate):
            return []
        spoken = [turn for turn in enumerate(state.turns, 1) if turn[1].n in messages]
        return [
            (
                self._team.permalink(place, messages[turn.n][0]),
                f"{number} {state.seat(turn.persona).name}",
            )
            for number, turn in spoken[-MOST_LINKS:]
        ]

    async def _take_back(self, place: Place, message: str) -> None:
        """A post that Slack put beside the thread; of one with a name, it refuses even that."""
        try:
            await self._web.call("chat.delete", channel=place.channel, ts=message)
        except (SlackRefused, RetryAfter, Unknown):
            return
