"""What an event says that people did, or nothing: bots, this one too, are never heard. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.debate.events import Vote

Json = dict[str, Any]

_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_VOTES: dict[str, Vote] = {"+1": 1, "thumbsup": 1, "-1": -1, "thumbsdown": -1}


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody posted a message."""

    channel: str
    ts: str
    thread: str | None
    user: str
    text: str
    """As Slack has it, escaped and with its mentions."""
    files: tuple[Json, ...]
    is_direct: bool
    """In a direct message with the app."""
    names_app: bool
    gesture: str | None
    """What the person's client calls the message; one gesture may be delivered as two."""


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed what their message says."""

    channel: str
    ts: str
    thread: str
    user: str
    text: str


@dataclass(frozen=True, slots=True)
class Erased:
    """A message was taken back."""

    channel: str
    ts: str
    thread: str
    user: str
    files: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody reacted to a message with a thumb, or took that back."""

    channel: str
    ts: str
    user: str
    vote: Vote
    author: str | None
    """Whose message it is, where Slack says so."""


Heard = Said | Edited | Erased | Voted


def heard(event: Json, bot_user: str) -> Heard | None:
    """What people did, by this event."""
    match event.get("type"):
        case "app_mention":
            return None if event.get("edited") else _said(event, bot_user)
        case "message":
            return _message(event, bot_user)
        case "reaction_added" | "reaction_removed":
            return _voted(event)
    return None


def _message(event: Json, bot_user: str) -> Heard | None:
    match event.get("subtype"):
        case "message_changed":
            return _changed(event)
        case "message_deleted":
            return _erased(event)
        case subtype if subtype in _SPOKEN:
            said = _said(event, bot_user)
            # It comes as an `app_mention` too, but not in direct messages.
            is_doubled = said is not None and said.names_app and not said.is_direct
            return None if is_doubled else said
    return None


def _said(event: Json, bot_user: str) -> Said | None:
    if not _by_person(event):
        return None
    text, thread = str(event.get("text") or ""), event.get("thread_ts")
    return Said(
        str(event["channel"]),
        str(event["ts"]),
        str(thread) if thread else None,
        str(event["user"]),
        text,
        tuple(event.get("files") or ()),
        event.get("channel_type") == "im",
        f"<@{bot_user}>" in text,
        event.get("client_msg_id"),
    )


def _changed(event: Json) -> Edited | Erased | None:
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return _erased(event)
    if not _by_person(message) or message.get("text") == before.get("text"):
        return None
    ts = str(message["ts"])
    thread = str(message.get("thread_ts") or ts)
    return Edited(
        str(event["channel"]), ts, thread, str(message["user"]), str(message.get("text") or "")
    )


def _erased(event: Json) -> Erased | None:
    before = event.get("previous_message") or {}
    if not _by_person(before):
        return None
    ts = str(before["ts"])
    return Erased(
        str(event["channel"]),
        ts,
        str(before.get("thread_ts") or ts),
        str(before["user"]),
        tuple(before.get("files") or ()),
    )


def _voted(event: Json) -> Voted | None:
    item, name = event.get("item") or {}, str(event.get("reaction", "")).partition("::")[0]
    if item.get("type") != "message" or name not in _VOTES:
        return None
    vote: Vote = _VOTES[name] if event["type"] == "reaction_added" else 0
    author = str(event["item_user"]) if event.get("item_user") else None
    return Voted(str(item["channel"]), str(item["ts"]), str(event["user"]), vote, author)


def _by_person(message: Json) -> bool:
    by_app = message.get("bot_id") or message.get("app_id")
    return bool(message.get("user")) and not by_app and message["user"] != "USLACKBOT"
