"""Discord as delivery sees it: posts to threads under the personas' names, and reads them back.

A post of our own application shows its key, which we see of our own messages always and of our
webhooks' with the message-content intent. A persona's post that shows none is the part that is
looked for if it is newer than the last that is recorded: a thread is posted to by one process at a
time, in order, and nothing but parts comes from a persona.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bots.chat.references import references
from bots.chat.surface import CannotTell, Found, Key, Missing, Part, RetryAfter, Unknown
from bots.discordbot.history import since
from bots.discordbot.ids import channel_of, is_direct, link_to
from bots.discordbot.markdown import length
from bots.discordbot.marks import key_in
from bots.discordbot.message import LIMIT, Link, message, nonce_in
from bots.discordbot.parts import Parts
from bots.discordbot.refusals import FORBIDDEN, MISSING_PERMISSION, DiscordRefused
from bots.discordbot.speaking import Speaking
from bots.discordbot.tags import Tags
from bots.discordbot.webhooks import Webhooks
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.store import StoreAway

READING = "GET /channels/{channel}/messages"
PAGE = 100

Stands = Callable[[str, Place, Debate], Awaitable[None]]
Before = Callable[[str, Place, int], Awaitable[None]]


class DiscordSurface:
    """A `Surface`; `on_stands` is told of threads that have been shown everything.

    `before` is told of a debate's event and its place, when its first part is about to be posted;
    it may raise `RetryAfter`.
    """

    limit = LIMIT

    def __init__(
        self,
        parts: Parts,
        webhooks: Webhooks,
        on_stands: Stands,
        before: Before,
        lands_within_s: float,
    ) -> None:
        self._parts, self._webhooks = parts, webhooks
        self._on_stands, self._before = on_stands, before
        self._lands_within_s = lands_within_s
        self._speaking, self._tags = Speaking(parts, webhooks), Tags(parts)
        self._voices = {voice.user for voice in parts.voices.values()}

    @property
    def lands_within_s(self) -> float:
        """See `Surface.lands_within_s`."""
        return self._lands_within_s

    def length(self, text: str) -> int:
        """See `Surface.length`."""
        return length(text)

    async def post(self, place: Place, part: Part) -> str:
        """See `Surface.post`."""
        if part.key.part == 0:
            await self._before(part.key.debate, place, part.key.n)
        calls = await self._tags.of(place, part)
        body = message(part, calls, await self._links(place, part))
        return await self._speaking.post(place, part, body)

    async def find(self, place: Place, key: Key, after: str | None) -> Found | Missing | CannotTell:
        """See `Surface.find`."""
        try:
            read_to = after or await since(self._parts, place, key.debate, key.n)
            while True:
                page = await self._page(place, after=read_to, limit=str(PAGE))
                if not page and read_to == after:
                    await self._must_be_readable(place)
                page.sort(key=lambda told: int(told["id"]))
                for told in page:
                    if self._is_it(place, told, key):
                        return Found(str(told["id"]), key_in(told))
                if len(page) < PAGE:
                    return Missing()
                read_to = str(page[-1]["id"])
        except (RetryAfter, Unknown, StoreAway):
            return CannotTell()

    def takes_over(self, place: Place) -> None:
        """See `Surface.takes_over`: nothing stands there that is no post."""

    async def loses(self, place: Place) -> None:
        """See `Surface.loses`."""

    async def stands(self, debate: str, place: Place, state: Debate) -> bool:
        """See `Surface.stands`."""
        await self._on_stands(debate, place, state)
        return False

    async def _page(self, place: Place, **query: str) -> list[Any]:
        found: list[Any] = await self._parts.rest.call(
            READING, query=query, channel=channel_of(place)
        )
        return found

    async def _must_be_readable(self, place: Place) -> None:
        """Whom Discord does not let read a thread's history, it shows an empty one.

        Raises:
            DiscordRefused: nothing stands there, though we posted to it.
        """
        if not await self._page(place, limit="1"):
            raise DiscordRefused(FORBIDDEN, MISSING_PERMISSION, READING)

    def _is_it(self, place: Place, told: Mapping[str, Any], key: Key) -> bool:
        """Whether a message that is not recorded is the part of this key."""
        author = str(told["author"]["id"])
        is_personas = self._webhooks.is_ours(told) or author in self._voices
        if not is_personas and author != self._parts.us.user:
            return False
        known = key_in(told)
        if known is not None:
            return known.slot == key.slot
        if not is_personas or is_direct(place):
            return False
        return told.get("nonce") in (None, nonce_in(place, key))

    async def _links(self, place: Place, part: Part) -> list[Link]:
        found = await references(self._parts.debates, self._parts.readers, place, part)
        return [(link_to(place, turn.message), turn.name) for turn in found]
