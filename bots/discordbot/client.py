"""The gateway: one client after another, until one is connected; and what it may hear."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord
import structlog
from aiohttp import ClientError

from bots.discordbot.setup import NotSetUp, token_of
from engine.ports.clock import Clock
from engine.settings import DiscordSettings

IDENTIFY_S = 5.0
"""Between two sessions that are begun; Discord takes one in five seconds."""
SERVER_S = 2.0
"""How long the next server is waited for before the bot is ready."""
AGAIN_S = 5.0
LONGEST_S = 300.0
"""A new session costs one of a thousand a day."""

log = structlog.get_logger()

Register = Callable[[discord.Client], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How the gateway is dealt with, in seconds; see the constants."""

    identify: float = IDENTIFY_S
    server: float = SERVER_S
    again: float = AGAIN_S


class Gateway:
    """The connection; `client` is the one of the moment."""

    def __init__(self, settings: DiscordSettings, clock: Clock, pace: Pace) -> None:
        self._settings, self._clock, self._pace = settings, clock, pace
        self._register: Register | None = None
        self._wait_s = pace.again
        self.client = self._made()
        self.problem: str | None = "not connected to Discord yet"

    def listen(self, register: Register) -> None:
        """`register` hangs the listeners into each new client."""
        self._register = register

    async def run(self) -> None:
        """Stays connected until it is cancelled.

        Raises:
            NotSetUp: Discord takes the token no more, or does not grant what is asked for.
        """
        while True:
            try:
                async with self.client:
                    await self._connect()
            except discord.LoginFailure as error:
                raise NotSetUp(
                    "Discord does not accept discord.token; take it anew from the bot's page."
                ) from error
            except discord.PrivilegedIntentsRequired as error:
                raise _no_content() from error
            except (
                discord.HTTPException,
                discord.GatewayNotFound,
                discord.ConnectionClosed,
                ClientError,
                OSError,
                _NeverConnected,
            ) as error:
                self.problem = f"not connected to Discord: {type(error).__name__}: {error}"
                log.warning("gateway.away", error=str(error), again_in_s=self._wait_s)
            await self._clock.sleep(self._wait_s)
            self._wait_s = min(2 * self._wait_s, LONGEST_S)
            self.client = self._made()

    def connected(self) -> None:
        """Discord sends what happens."""
        self.problem, self._wait_s = None, self._pace.again

    def disconnected(self) -> None:
        """It does not, for now."""
        self.problem = "not connected to Discord"

    async def _connect(self) -> None:
        client = self.client
        if self._register is not None:
            await self._register(client)
        await client.login(token_of(self._settings))
        self._check_intents(client)
        try:
            await client.connect()
        except AttributeError as error:
            # Where the first connection fails, discord.py asks it how far it was: there is none.
            if client.ws is None:
                raise _NeverConnected(str(error.__context__)) from error
            raise

    def _check_intents(self, client: discord.Client) -> None:
        """Before a session is spent on it."""
        flags = client.application_flags
        granted = flags.gateway_message_content or flags.gateway_message_content_limited
        if self._settings.message_content and not granted:
            raise _no_content()

    def _made(self) -> discord.Client:
        kind = _Sharded if self._settings.shards else _Single
        client = kind(
            intents=_intents(self._settings),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=self._pace.server,
        )
        client.identify_s = self._pace.identify
        return client


class _NeverConnected(Exception):
    """The gateway could not be reached at all."""


class _Single(discord.Client):
    identify_s = IDENTIFY_S

    async def before_identify_hook(
        self,
        shard_id: int | None,  # noqa: ARG002 - discord.py's
        *,
        initial: bool = False,
    ) -> None:
        """Leaves some time between two sessions."""
        if not initial:
            await asyncio.sleep(self.identify_s)


class _Sharded(_Single, discord.AutoShardedClient):
    """As many connections as Discord recommends."""


def _intents(settings: DiscordSettings) -> discord.Intents:
    """The least that it takes to hear people in threads."""
    return discord.Intents(
        guilds=True,
        webhooks=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        dm_reactions=True,
        message_content=settings.message_content,
    )


def _no_content() -> NotSetUp:
    return NotSetUp(
        "Discord does not let the bot read messages: switch on the Message Content Intent on its"
        " page at discord.com/developers/applications, under Bot; or set discord.message_content"
        " to false, and it hears only what mentions it."
    )
