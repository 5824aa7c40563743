"""`chat.startStream`, `appendStream`, `stopStream`, and the thinking status."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.messages import Message, Stream
from tests.fakes.slack.posting import Status
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.chat import draft, reply_to, root_of, writable
from tests.fakes.slack.web_api.content import (
    identity,
    markdown_blocks,
    message_blocks,
    message_metadata,
)
from tests.fakes.slack.workspace import Channel

_CHUNKS = ("markdown_text", "task_update", "plan_update", "blocks")
_MOST_IN_TASK = 256
_MOST_BLOCKS = 50
_MOST_LOADING = 10
_RESERVED = ("slackbot", "slack", "channel", "here", "everyone")


def _start(call: Call) -> Json:
    channel = writable(call)
    if channel.kind == "mpim":
        raise Refused("channel_type_not_supported")
    if channel.kind != "im":
        _check_recipient(call)
    root = root_of(call, channel)
    said = _text(call)
    message = draft(call, channel, said)
    message.identity, message.subtype = identity(call), "bot_message"
    message.blocks = markdown_blocks(call, said) if said else []
    ends_at = call.slack.clock.seconds() + call.slack.timing.stream_s
    message.stream = Stream(ends_at)
    reply_to(root, message)
    call.slack.posting.post(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _check_recipient(call: Call) -> None:
    if not call.text("recipient_team_id"):
        raise Refused("missing_recipient_team_id")
    if not call.text("recipient_user_id"):
        raise Refused("missing_recipient_user_id")
    user = call.slack.workspaces.users.get(call.text("recipient_user_id"))
    if user is None or user.is_bot:
        raise Refused("user_not_found")
    if call.text("recipient_team_id") not in (call.team.id, call.team.enterprise_id):
        raise Refused("team_not_found")


def _append(call: Call) -> Json:
    channel, message, stream = _open_stream(call)
    if stream.is_stopped_by_reader:
        raise Refused("stopped_by_user")
    said = _text(call)
    if not said and not call.structure("chunks", "invalid_chunks"):
        raise Refused("no_text")
    _grow(call, message, said)
    call.slack.posting.grown(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _stop(call: Call) -> Json:
    channel, message, stream = _open_stream(call)
    said = _text(call)
    blocks = message_blocks(call)
    if len(blocks) > _MOST_BLOCKS:
        raise Refused("msg_blocks_too_many")
    kept = message_metadata(call)
    previous = message.as_json()
    _grow(call, message, said)
    message.blocks += blocks
    message.metadata = kept
    stream.is_open = False
    call.slack.posting.edited(channel, message, previous)
    shown = message.as_json(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _open_stream(call: Call) -> tuple[Channel, Message, Stream]:
    channel = call.channel()
    message = call.message(channel, "ts")
    if message.app_id != call.installation.app.id:
        raise Refused("message_not_owned_by_app")
    stream = message.stream
    if stream is None or not stream.takes_more(call.slack.clock.seconds()):
        raise Refused("message_not_in_streaming_state")
    return channel, message, stream


def _grow(call: Call, message: Message, said: str) -> None:
    message.text += said
    message.blocks = markdown_blocks(call, message.text[:12_000]) if message.text else []


def _text(call: Call) -> str:
    """What this call adds, its chunks included."""
    said = call.text("markdown_text")
    for chunk in call.structure("chunks", "invalid_chunks") or []:
        said += _chunk_text(chunk)
    if len(said) > 12_000:
        raise Refused("msg_too_long")
    return said


def _chunk_text(chunk: Any) -> str:
    if not isinstance(chunk, dict) or chunk.get("type") not in _CHUNKS:
        raise Refused("invalid_chunks")
    if chunk["type"] == "markdown_text":
        return str(chunk.get("text", ""))
    if any(len(str(chunk.get(name, ""))) > _MOST_IN_TASK for name in ("title", "details")):
        raise Refused("invalid_chunks")
    return ""


def _set_status(call: Call) -> Json:
    channel = call.channel("channel_id")
    if call.text("thread_ts") not in channel.messages:
        raise Refused("invalid_thread_ts")
    if call.text("username").lower() in _RESERVED:
        raise Refused("reserved_username")
    if len(call.structure("loading_messages") or []) > _MOST_LOADING:
        raise Refused.arguments("[ERROR] no more than 10 items allowed: loading_messages")
    text = call.text("status")
    ends_at = call.slack.clock.seconds() + call.slack.timing.status_s
    status = Status(text, ends_at, identity(call)) if text else None
    call.slack.posting.set_status(channel.id, call.text("thread_ts"), status)
    return {}


_WRITE = ("chat:write",)
METHODS = {
    "chat.startStream": Method(_start, Tier.TWO, _WRITE, ("channel",), tokens=("bot",)),
    "chat.appendStream": Method(_append, Tier.FOUR, _WRITE, ("channel", "ts"), tokens=("bot",)),
    "chat.stopStream": Method(_stop, Tier.TWO, _WRITE, ("channel", "ts"), tokens=("bot",)),
    "assistant.threads.setStatus": Method(
        _set_status, Tier.SPECIAL, _WRITE, ("channel_id", "thread_ts"), tokens=("bot",)
    ),
}
