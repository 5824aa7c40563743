"""Slack's threads as they are read back; see `bots.chat.missed`.

Slack sends again what was not acknowledged, for an hour at most and only a few times; what is said
in a longer outage has to be read. Where it lets threads be read once a minute, that takes its time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bots.slackbot.heard import Said, heard
from bots.slackbot.ids import PLATFORM
from bots.slackbot.parts import Parts
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place
from engine.ports.readers import platform_of

PAGE = 200
_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})

Json = dict[str, Any]
Take = Callable[[Parts, Said], Awaitable[None]]
Words = Callable[[Parts, str], Awaitable[str]]
Waits = Callable[[str, Place, float | None], None]


class SlackThreads:
    """An `Archive` of what people said; what is no person's is passed over."""

    def __init__(self, workspaces: Workspaces, take: Take, words: Words, waits: Waits) -> None:
        """`take`: takes in what was said, and returns once that is done; `Unknown`: not now.

        `words`: a text of Slack's as the log has it. `waits`: shows how long that takes.
        """
        self._workspaces, self._take, self._words = workspaces, take, words
        self._waits = waits

    def is_here(self, place: Place) -> bool:
        """See `Archive.is_here`; a workspace that is served no more refuses to be read."""
        return platform_of(place) == PLATFORM

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, Json]]:
        """See `Archive.page`; Slack gives the thread's root with every page."""
        parts = await self._workspaces.at(place)
        page = await parts.web.call(
            "conversations.replies",
            channel=place.channel,
            ts=place.thread,
            oldest=after,
            limit=str(PAGE),
        )
        found = [(str(message["ts"]), message) for message in page["messages"]]
        new = ((ts, message) for ts, message in found if float(ts) > float(after))
        return sorted(new, key=lambda one: float(one[0]))

    def before(self, message: str) -> str:
        """See `Readable.before`: a ts has six decimals."""
        seconds, _, part = message.partition(".")
        earlier = int(seconds + part) - 1
        return f"{earlier // 10**6}.{earlier % 10**6:06}"

    async def edited(self, place: Place, message: Json) -> str | None:
        """See `Readable.edited`."""
        if not message.get("edited"):
            return None
        parts = await self._workspaces.at(place)
        return await self._words(parts, str(message.get("text") or ""))

    async def take(self, place: Place, message: Json) -> None:
        """See `Archive.take`."""
        parts = await self._workspaces.at(place)
        found = _said(message, place, parts.team.bot_user)
        if found is not None:
            await self._take(parts, found)

    def waits(self, debate: str, place: Place, seconds: float | None) -> None:
        """See `Archive.waits`."""
        self._waits(debate, place, seconds)


def _said(message: Json, place: Place, bot_user: str) -> Said | None:
    """What a person said, as an event would have told it."""
    if message.get("subtype") not in _SPOKEN:
        return None
    names_app = f"<@{bot_user}>" in str(message.get("text") or "")
    kind = "app_mention" if names_app else "message"
    event = {name: value for name, value in message.items() if name not in ("edited", "subtype")}
    is_direct = {"channel_type": "im"} if place.channel.startswith("D") else {}
    told = heard(event | {"type": kind, "channel": place.channel} | is_direct, bot_user)
    return told if isinstance(told, Said) else None
