"""Reads channels and threads for what the app posted there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.slackbot.card import CARD
from bots.slackbot.parts import Parts
from bots.slackbot.web import Json
from engine.debate.events import Place

PAGE = 100


async def find_card(parts: Parts, debate: str, place: Place) -> str | None:
    """The message that is the debate's card: the thread's root, or any reply.

    Others may have talked there for long before the debate began, so every page is looked through.

    Raises:
        Refused, RetryAfter, Unknown
    """
    cursor: str | None = None
    while True:
        page = await parts.web.call(
            "conversations.replies",
            channel=place.channel,
            ts=place.thread,
            include_all_metadata=True,
            limit=str(PAGE),
            cursor=cursor,
        )
        found = _card_in(parts, debate, page)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if found is not None or cursor is None:
            return found


async def find_root_card(parts: Parts, debate: str, channel: str) -> str | None:
    """The card as it stands in the channel itself, among the last messages.

    Raises:
        Refused, RetryAfter, Unknown
    """
    page = await parts.web.call(
        "conversations.history",
        channel=channel,
        include_all_metadata=True,
        limit=str(PAGE),
    )
    return _card_in(parts, debate, page)


async def message_at(parts: Parts, channel: str, ts: str) -> Json | None:
    """One message, in a thread or beside it.

    Raises:
        Refused, RetryAfter, Unknown
    """
    page = await parts.web.call(
        "conversations.replies",
        channel=channel,
        ts=ts,
        oldest=ts,
        latest=ts,
        inclusive=True,
        include_all_metadata=True,
        limit="2",
    )
    return next((m for m in page["messages"] if m.get("ts") == ts), None)


def payload_of(message: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """What a message's metadata of this kind says; empty: it has none."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == kind else None
    return payload if isinstance(payload, dict) else {}


def _card_in(parts: Parts, debate: str, page: Json) -> str | None:
    for message in page["messages"]:
        is_it = payload_of(message, CARD).get("debate") == debate
        if is_it and parts.is_ours(message):
            return str(message["ts"])
    return None
