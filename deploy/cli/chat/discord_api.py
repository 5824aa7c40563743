"""Discord's REST for one token, called by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bots.chat.metrics import Metrics
from bots.discordbot.ours import us_of
from bots.discordbot.parts import Us
from bots.discordbot.rest import Json, Rest
from bots.discordbot.setup import checked, token_of
from deploy.cli.chat.away import patiently
from engine.bootstrap import system_clock
from engine.settings import DiscordSettings

NAME = "Discord"


class DiscordApi:
    """One token's."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest

    @classmethod
    @asynccontextmanager
    async def open(cls, discord: DiscordSettings, token: str = "") -> AsyncIterator[DiscordApi]:
        """Connects when first used; `token`: another than the listening bot's.

        Raises:
            NotSetUp: there is no token.
        """
        token = token or token_of(checked(discord))
        async with Rest.open(token, discord, system_clock(), Metrics("discord")) as rest:
            yield cls(rest)

    async def call(
        self,
        route: str,
        body: Json | list[Json] | None = None,
        *,
        query: dict[str, str] | None = None,
        **ids: str,
    ) -> Any:
        """See `Rest.call`; waits as long as Discord asks for.

        Raises:
            DiscordRefused, PlatformAway
        """
        return await patiently(
            NAME, lambda: self.rest.call(route, body, query=query, files=(), **ids)
        )

    async def us(self) -> Us:
        """Whose token it is.

        Raises:
            DiscordRefused, PlatformAway
        """
        return await patiently(NAME, lambda: us_of(self.rest))
