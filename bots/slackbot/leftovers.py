"""What a process left half said in a thread: messages under a persona's name without a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.slackbot.message import key_of
from bots.slackbot.parts import Parts
from bots.slackbot.stream import take_back
from bots.slackbot.web import Web
from engine.debate.events import Place
from engine.debate.panel import Language

PAGE = 200


async def clear(parts: Parts, debate: str, place: Place, language: Language) -> None:
    """Takes back what stands there after the last post that is recorded.

    Raises:
        Refused: the thread may not be read.
        RetryAfter, Unknown, StoreAway: to be tried again.
    """
    after = (await parts.readers.standing(debate, place)).cursor.message or place.thread
    cursor: str | None = None
    while True:
        page = await parts.web.call(
            "conversations.replies",
            channel=place.channel,
            ts=place.thread,
            oldest=after,
            include_all_metadata=True,
            limit=str(PAGE),
            cursor=cursor,
        )
        for message in page["messages"]:
            web = _speaker_of(parts, message)
            if web is not None and message["ts"] > after and key_of(message) is None:
                await take_back(web, place.channel, str(message["ts"]), language)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return


def _speaker_of(parts: Parts, message: Mapping[str, Any]) -> Web | None:
    """Who posted it, if it was under a persona's name."""
    bot = message.get("bot_id")
    for voice in parts.voices.values():
        if voice.bot_id == bot:
            return voice.web
    return parts.web if bot == parts.team.bot_id and message.get("username") else None
