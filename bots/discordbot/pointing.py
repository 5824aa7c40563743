"""Where discord.py finds Discord: it keeps the addresses in its classes, for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from engine.settings import DiscordSettings


@contextmanager
def pointed(discord: DiscordSettings) -> Iterator[None]:
    """Has it use the settings' addresses for as long as the `with` lasts."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    Route.BASE = discord.api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(discord.gateway_url)
    Asset.BASE = discord.cdn_url.rstrip("/")
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = before
