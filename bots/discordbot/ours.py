"""Who the bots of ours are, as Discord tells by their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

from bots.chat.metrics import Metrics
from bots.chat.surface import Refused
from bots.discordbot.parts import Us, Voice
from bots.discordbot.refusals import DiscordRefused
from bots.discordbot.rest import Rest
from engine.ports.clock import Clock
from engine.settings import DiscordSettings


async def us_of(rest: Rest) -> Us:
    """The bot whose token this is.

    Raises:
        Refused: Discord does not take the token.
        RetryAfter, Unknown: Discord does not answer.
    """
    app = await rest.call("GET /oauth2/applications/@me")
    user = await rest.call("GET /users/@me")
    return Us(str(app["id"]), str(user["id"]), str(user["username"]))


async def open_voices(
    stack: AsyncExitStack, discord: DiscordSettings, clock: Clock, metrics: Metrics
) -> Mapping[str, Voice]:
    """The personas' own bots, by the personas' ids; none for identity `webhook`.

    Raises:
        Refused: Discord does not take one of the tokens.
        RetryAfter, Unknown: Discord does not answer.
    """
    voices: dict[str, Voice] = {}
    for persona, token in discord.persona_tokens.items() if discord.identity == "bots" else ():
        opened = Rest.open(token.get_secret_value().strip(), discord, clock, metrics)
        rest = await stack.enter_async_context(opened)
        try:
            user = await rest.call("GET /users/@me")
        except DiscordRefused as refused:
            raise Refused(
                "discord.persona_tokens: Discord does not take the token of {persona}.",
                persona=persona,
            ) from refused
        voices[persona] = Voice(str(user["id"]), rest)
    return voices
