"""`conversations.history` and `conversations.replies`: reading what was said."""

from __future__ import annotations

import re

from tests.fakes.slack.limits import MOST_READ_BY_DISTRIBUTED, Tier
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.pages import page
from tests.fakes.slack.workspace import Channel

_TS = re.compile(r"\d+(\.\d+)?")


def _history(call: Call) -> Json:
    channel = _readable(call)
    is_within = _Window(call)
    found = [m for m in reversed(channel.messages.values()) if m.is_root and is_within(m.ts)]
    shown, following = page(found, call.text("cursor"), _limit(call, 100, 999))
    return {
        "messages": [_as_json(call, channel, message) for message in shown],
        "has_more": bool(following["next_cursor"]),
        "pin_count": 0,
        "response_metadata": following,
    }


def _replies(call: Call) -> Json:
    channel = _readable(call)
    named = call.message(channel, "ts", "thread_not_found")
    root = channel.messages.get(named.thread_ts or named.ts, named)
    is_within = _Window(call)
    found = [message for message in channel.thread(root.ts) if is_within(message.ts)]
    # The root stands first on every page, whatever window was asked for.
    limit = max(1, _limit(call, 1_000, 1_000) - 1)
    shown, following = page(found, call.text("cursor"), limit)
    return {
        "messages": [_as_json(call, channel, message) for message in (root, *shown)],
        "has_more": bool(following["next_cursor"]),
        "response_metadata": following,
    }


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.require(f"{channel.scope_prefix}:history")
    if call.user.is_bot and call.user.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


class _Window:
    def __init__(self, call: Call) -> None:
        self.oldest, self.latest = call.text("oldest"), call.text("latest")
        self.is_inclusive = call.flag("inclusive")
        for name, value in (("oldest", self.oldest), ("latest", self.latest)):
            if value and value != "now" and not _TS.fullmatch(value):
                raise Refused(f"invalid_ts_{name}")

    def __call__(self, ts: str) -> bool:
        if self.is_inclusive and ts in (self.oldest, self.latest):
            return True
        is_after = not self.oldest or float(ts) > float(self.oldest)
        is_before = self.latest in ("", "now") or float(ts) < float(self.latest)
        return is_after and is_before


def _limit(call: Call, default: int, most: int) -> int:
    if call.installation.app.is_distributed:
        default, most = MOST_READ_BY_DISTRIBUTED, MOST_READ_BY_DISTRIBUTED
    return call.number("limit", default, most)


def _as_json(call: Call, channel: Channel, message: Message) -> Json:
    shown = message.as_json(with_metadata=call.flag("include_all_metadata"))
    replies = channel.thread(message.ts)
    if replies:
        users = list(dict.fromkeys(reply.user for reply in replies))
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "reply_users": users,
            "latest_reply": replies[-1].ts,
            "is_locked": message.ts in channel.locked_threads,
        }
    return shown


METHODS = {
    "conversations.history": Method(
        _history, Tier.THREE, required=("channel",), reads_messages=True
    ),
    "conversations.replies": Method(
        _replies, Tier.THREE, required=("channel", "ts"), reads_messages=True, takes_json=False
    ),
}
