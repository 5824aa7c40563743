"""Whether the settings have what the bot needs, said before anything is opened."""

from __future__ import annotations

from engine.debate.explained import Explained
from engine.settings import DiscordSettings


class NotSetUp(Explained):
    """A setting is missing or cannot be right; the text says which, and what would do."""


def checked(discord: DiscordSettings) -> DiscordSettings:
    """The same settings.

    Raises:
        NotSetUp
    """
    if not token_of(discord):
        raise NotSetUp(
            "discord.token (TERTULIA_DISCORD__TOKEN) is not set; it is on the bot's page at"
            " discord.com/developers/applications."
        )
    if discord.identity == "bots" and not discord.persona_tokens:
        raise NotSetUp(
            "discord.persona_tokens (TERTULIA_DISCORD__PERSONA_TOKENS) is not set; it has a bot's"
            " token for each persona. Or set discord.identity to webhook."
        )
    return discord


def token_of(discord: DiscordSettings) -> str:
    """The listening bot's; empty: none is set."""
    return discord.token.get_secret_value().strip() if discord.token else ""
