"""Whether an app is in a channel, and how it comes into one that is open to all."""

from __future__ import annotations

from bots.chat.surface import Refused
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.web import Web

_IS_IN = frozenset({"already_in_channel", "method_not_supported_for_channel_type"})
"""Only public channels can be joined; of others, an app knows only those that it is in."""
PAGE = 1_000


async def come_into(web: Web, channel: str) -> None:
    """Has the app of this token be in the channel.

    Raises:
        Refused: it is not, and has to be invited.
        RetryAfter, Unknown
    """
    try:
        await web.call("conversations.join", channel=channel)
    except SlackRefused as refusal:
        if refusal.code in _IS_IN:
            return
        if refusal.code in ("channel_not_found", "missing_scope"):
            raise Refused("The app is not in that channel; invite it there.") from refusal
        raise


async def is_member(web: Web, channel: str, user: str) -> bool:
    """Whether somebody is in a channel, as far as the app may see it; always so in direct messages.

    Raises:
        Refused: the app may not see it, and has to be invited.
        RetryAfter, Unknown
    """
    if channel.startswith("D"):
        return True
    cursor: str | None = None
    try:
        while True:
            page = await web.call(
                "conversations.members", channel=channel, limit=str(PAGE), cursor=cursor
            )
            if user in page["members"]:
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return False
    except SlackRefused as refusal:
        if refusal.code == "channel_not_found":
            raise Refused("The app is not in that channel; invite it there.") from refusal
        raise
