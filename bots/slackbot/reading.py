"""Reads channels and threads for what the app posted there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bots.slackbot.card import CARD
from bots.slackbot.parts import Parts
from bots.slackbot.web import Json
from engine.debate.events import Place
from engine.ports.store import UnknownDebate

PAGE = 100
SKEW_MS = 60_000
"""By how much Slack's clock and ours may differ."""


async def find_card(parts: Parts, debate: str, place: Place) -> str | None:
    """The message that is the debate's card: the thread's root, or a reply since it began.

    Raises:
        Refused, RetryAfter, Unknown, StoreAway
    """
    where = {"channel": place.channel, "ts": place.thread, "limit": str(PAGE)}
    oldest, cursor = await _since(parts, debate, place), None
    root = await parts.web.call(
        "conversations.replies", include_all_metadata=True, **where | {"limit": "1"}
    )
    found = _card_in(parts, debate, root)
    while found is None:
        page = await parts.web.call(
            "conversations.replies",
            include_all_metadata=True,
            oldest=oldest,
            cursor=cursor,
            **where,
        )
        found = _card_in(parts, debate, page)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return found


async def _since(parts: Parts, debate: str, place: Place) -> str:
    """A moment before the debate began; others may have talked there for long."""
    try:
        (record, *_later) = await parts.debates.records(debate)
    except (UnknownDebate, ValueError):  # ValueError: there is no such event
        return place.thread
    return f"{max((record.at_ms - SKEW_MS) / 1000, float(place.thread)):.6f}"


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
