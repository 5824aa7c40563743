"""Slack as delivery sees it: posts to threads under the personas' names, and reads them back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bots.chat.references import references
from bots.chat.surface import (
    CannotTell,
    Found,
    Key,
    Missing,
    Part,
    RetryAfter,
    Unknown,
)
from bots.slackbot.half_said import HalfSaid
from bots.slackbot.message import LIMIT, Link, key_of, length
from bots.slackbot.parts import Parts
from bots.slackbot.speaking import Speaking
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place
from engine.debate.state import Debate

PAGE = 200

Stands = Callable[[str, Place, Debate], Awaitable[bool]]


class SlackSurface:
    """A `Surface`; `on_stands` is told of threads that have been shown everything."""

    limit = LIMIT

    def __init__(
        self,
        workspaces: Workspaces,
        on_stands: Stands,
        half_said: HalfSaid,
        lands_within_s: float,
    ) -> None:
        self._workspaces, self._on_stands, self._half_said = workspaces, on_stands, half_said
        self._lands_within_s = lands_within_s
        self._speaking = Speaking()

    @property
    def lands_within_s(self) -> float:
        """See `Surface.lands_within_s`."""
        return self._lands_within_s

    def length(self, text: str) -> int:
        """See `Surface.length`."""
        return length(text)

    async def post(self, place: Place, part: Part) -> str:
        """See `Surface.post`."""
        parts = await self._workspaces.at(place)
        links = await _links(parts, place, part)
        message = await self._half_said.end(parts, place, part, links)
        return message or await self._speaking.post(parts, place, part, links)

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        """See `Surface.find`."""
        cursor: str | None = None
        while True:
            try:
                parts = await self._workspaces.at(place)
                page = await parts.web.call(
                    "conversations.replies",
                    channel=place.channel,
                    ts=place.thread,
                    oldest=after or place.thread,
                    include_all_metadata=True,
                    limit=str(PAGE),
                    cursor=cursor,
                )
            except RetryAfter as error:
                return CannotTell(error.seconds)
            except Unknown:
                return CannotTell()
            for message in page["messages"]:
                known = key_of(message) if parts.is_ours(message) else None
                if known is not None and known.slot == key.slot:
                    self._half_said.found(place, str(message["ts"]))
                    return Found(str(message["ts"]), known)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return Missing()

    def takes_over(self, place: Place) -> None:
        """See `Surface.takes_over`."""
        self._half_said.takes_over(place)

    async def loses(self, place: Place) -> None:
        """See `Surface.loses`."""
        await self._half_said.loses(place)

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        """See `Surface.stands`."""
        return await self._on_stands(debate, place, state)


async def _links(parts: Parts, place: Place, part: Part) -> list[Link]:
    found = await references(parts.debates, parts.readers, place, part)
    return [(parts.team.permalink(place, turn.message), turn.name) for turn in found]
