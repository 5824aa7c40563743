"""Who posts a part: the channel's webhook, a persona's own bot, or the bot itself."""

from __future__ import annotations

import contextlib

from bots.chat.i18n import explained
from bots.chat.surface import Part, Refused, RetryAfter, Unknown
from bots.discordbot.faces import face_of, name_of
from bots.discordbot.ids import channel_of, is_direct
from bots.discordbot.markdown import plain, quoted
from bots.discordbot.message import Json, headed, marked, nonce, once
from bots.discordbot.parts import Parts, Voice
from bots.discordbot.refusals import (
    FORBIDDEN,
    UNAUTHORISED,
    UNKNOWN_CHANNEL,
    UNKNOWN_WEBHOOK,
    WRONG_WEBHOOK_TOKEN,
    DiscordRefused,
)
from bots.discordbot.webhooks import Webhook, Webhooks
from engine.debate.events import Place, Seat

MESSAGES = "POST /channels/{channel}/messages"
_ANOTHER = frozenset({UNKNOWN_CHANNEL, UNKNOWN_WEBHOOK, WRONG_WEBHOOK_TOKEN})
"""The webhook is gone, or was moved to another channel; if it was not, the thread is gone."""


class Speaking:
    """Posts for everybody. Every method may raise `Refused`, `RetryAfter` or `Unknown`."""

    def __init__(self, parts: Parts, webhooks: Webhooks) -> None:
        self._parts, self._webhooks = parts, webhooks

    async def post(self, place: Place, part: Part, body: Json) -> str:
        """Posts the part, which `body` says, under its speaker's name; answers the message's id.

        What the app says, everything in a direct message, and in mode `bots` whoever has no bot
        of their own is the bot's own to post, with the speaker's name over it.
        """
        speaker = part.speaker
        if (speaker.seat is None and speaker.person is None) or is_direct(place):
            return await self._as_bot(place, part, body)
        if self._parts.settings.identity == "webhook":
            return await self._by_webhook(place, part, body)
        voice = self._parts.voices.get(speaker.seat.id) if speaker.seat else None
        if voice is None or speaker.person is not None or speaker.seat is None:
            return await self._as_bot(place, part, body)
        return await self._as_persona(place, part, body, voice, speaker.seat)

    async def _as_bot(self, place: Place, part: Part, body: Json) -> str:
        said = once(marked(headed(body, part), part.key), part.key, place)
        told = await self._parts.rest.call(MESSAGES, said, channel=channel_of(place))
        return str(told["id"])

    async def _as_persona(
        self, place: Place, part: Part, body: Json, voice: Voice, seat: Seat
    ) -> str:
        """Without a button: its presses would come to a bot that hears nothing."""
        said = once(body, part.key, place)
        try:
            told = await voice.rest.call(MESSAGES, said, channel=channel_of(place))
        except DiscordRefused as refused:
            if refused.status not in (UNAUTHORISED, FORBIDDEN):
                raise
            raise Refused(
                "{name}'s own bot may not write here; check its token, its invitation and its"
                " permissions.",
                name=seat.name,
            ) from refused
        return str(told["id"])

    async def _by_webhook(self, place: Place, part: Part, body: Json) -> str:
        settings = self._parts.settings
        said = marked(body, part.key) | {
            "username": name_of(part.speaker, settings),
            "avatar_url": face_of(part.speaker, settings),
        }
        webhook = await self._webhook(place, part)
        try:
            return await self._executed(webhook, place, said)
        except DiscordRefused as refused:
            if refused.code not in _ANOTHER:
                raise
            self._webhooks.forget(place.channel)
            another = await self._webhooks.of(place.channel)
            if another == webhook:
                raise
            return await self._executed(another, place, said)

    async def _webhook(self, place: Place, part: Part) -> Webhook:
        """The channel's; where there can be none, the thread is told why it stays empty."""
        try:
            return await self._webhooks.of(place.channel)
        except DiscordRefused as refused:
            with contextlib.suppress(Refused, RetryAfter, Unknown):
                await self._tell(place, part, explained(refused, part.language))
            raise

    async def _tell(self, place: Place, part: Part, why: str) -> None:
        """Says it in the bot's own name, once in the next minutes, however often it is tried."""
        said = {
            "content": quoted(plain(why), "-# "),
            "allowed_mentions": {"parse": []},
            "nonce": nonce(f"why:{part.key.debate}:{place.thread}:{why}"),
            "enforce_nonce": True,
        }
        await self._parts.rest.call(MESSAGES, said, channel=channel_of(place))

    async def _executed(self, webhook: Webhook, place: Place, said: Json) -> str:
        told = await self._parts.rest.call(
            "POST /webhooks/{webhook}/{token}",
            said,
            query={"wait": "true", "thread_id": place.thread},
            webhook=webhook.id,
            token=webhook.token,
        )
        return str(told["id"])
