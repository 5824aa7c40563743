"""The webhooks that personas speak through: one for each channel, found again, or made.

Threads and forum posts use their channel's. One that Discord says is gone is not used again; the
next post finds or makes another.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.chat.surface import RetryAfter, Unknown
from bots.discordbot.parts import Us
from bots.discordbot.rest import Rest

NAME = "Tertulia"
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Webhook:
    """What it takes to post through one. The token is a secret."""

    id: str
    token: str


class Webhooks:
    """One bot's webhooks, by channel."""

    def __init__(self, rest: Rest, us: Us) -> None:
        self._rest, self._us = rest, us
        self._known: OrderedDict[str, Webhook] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def of(self, channel: str) -> Webhook:
        """The channel's webhook; nothing was posted if this fails.

        Raises:
            DiscordRefused: the bot may not manage webhooks, or there are too many.
            RetryAfter
        """
        async with self._asking.setdefault(channel, asyncio.Lock()):
            found = self._known.get(channel)
            if found is None:
                try:
                    found = await self._find(channel) or await self._make(channel)
                except Unknown as error:
                    raise RetryAfter from error  # one that was made all the same is found then
                self._known[channel] = found
                if len(self._known) > REMEMBERED:
                    gone, _webhook = self._known.popitem(last=False)
                    self._asking.pop(gone, None)
        return found

    def forget(self, channel: str) -> None:
        """The channel's webhooks changed, or its own is gone."""
        self._known.pop(channel, None)

    def is_ours(self, message: Mapping[str, Any]) -> bool:
        """Whether one of this bot's webhooks posted it, one that is gone by now too."""
        return bool(message.get("webhook_id")) and message.get("application_id") == self._us.app

    async def _find(self, channel: str) -> Webhook | None:
        """The oldest, so that processes that made one each come to use the same."""
        listed = await self._rest.call("GET /channels/{channel}/webhooks", channel=channel)
        ours = [
            (int(told["id"]), Webhook(str(told["id"]), str(told["token"])))
            for told in listed
            if told.get("name") == NAME
            and told.get("application_id") == self._us.app
            and told.get("token")
        ]
        return min(ours)[1] if ours else None

    async def _make(self, channel: str) -> Webhook:
        route = "POST /channels/{channel}/webhooks"
        told = await self._rest.call(route, {"name": NAME}, channel=channel)
        return Webhook(str(told["id"]), str(told["token"]))
