"""Slack's posts: made, read back and taken away again, as the bot does it in a debate."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bots.chat.i18n import translator
from bots.slackbot.refusals import SlackRefused
from bots.slackbot.setup import secret
from deploy.cli.chat.slack_api import SlackApi
from deploy.cli.doctor.findings import Asked, Finding, Mending, fail, ok, warn
from engine.debate.explained import Explained
from engine.debate.explained import marked as _

KINDS = "public_channel,private_channel"
METADATA = {"event_type": "tertulia_doctor", "event_payload": {"key": "probe"}}
NAME, ICON = "Doctor", "🩺"
GREETING = _("Tertulia's doctor tries whether it can post here. This goes away by itself.")

Json = dict[str, Any]


@dataclass(slots=True)
class Thread:
    """A thread of the probe's own, whose messages are deleted when all is done."""

    api: SlackApi
    channel: str
    root: str

    async def post(self, text: str, **more: object) -> Json:
        """A message in it; answers all that Slack tells."""
        return await self.api.call(
            "chat.postMessage", channel=self.channel, thread_ts=self.root, text=text, **more
        )

    async def read(self) -> list[Json]:
        """Its messages, with their metadata."""
        told = await self.api.call(
            "conversations.replies",
            channel=self.channel,
            ts=self.root,
            include_all_metadata=True,
        )
        return list(told["messages"])


async def posts(asked: Asked) -> AsyncIterator[Finding]:
    """In a channel that the app is in, or is to be in."""
    slack = asked.settings.slack
    token = secret(slack.bot_token)
    if not token:
        return
    async with SlackApi.open(slack, token) as api, AsyncExitStack() as stack:
        try:
            channel = asked.slack_channel or await _first(api)
            if channel is None:
                yield _in_no_channel()
                return
            text = translator(asked.language)(GREETING)
            told = await api.call("chat.postMessage", channel=channel, text=text, metadata=METADATA)
        except SlackRefused as refused:
            yield _not_posted(asked, refused)
            return
        ts = str(told["ts"])
        stack.push_async_callback(_delete, api, channel, ts)
        yield ok("slack.post", Explained("it posts to {channel}", channel=channel))
        thread = Thread(api, channel, ts)
        for probe in (_metadata, _customize, _same_twice, _status):
            yield await probe(thread, stack)


async def _metadata(thread: Thread, _stack: AsyncExitStack) -> Finding:
    why = Explained("Without it, a post whose answer was lost may be posted twice.")
    mend = Explained("Slack keeps it for bot tokens with channels:history; install the app again.")
    try:
        first = (await thread.read())[0]
    except SlackRefused as refused:
        return fail("slack.read", refused, why, mend)
    if first.get("metadata") == METADATA:
        return ok("slack.metadata", Explained("a post's metadata are kept and read back"))
    return fail(
        "slack.metadata", Explained("a post's metadata do not come back with it"), why, mend
    )


async def _customize(thread: Thread, stack: AsyncExitStack) -> Finding:
    """Slack deletes no post with a name of its own; an edit takes the name away."""
    told = await thread.post("…", username=NAME, icon_emoji=ICON)
    ts = str(told["ts"])
    stack.push_async_callback(_plain_then_delete, thread, ts)
    if told.get("message", {}).get("username") == NAME:
        return ok("slack.customize", Explained("it posts under a persona's name"))
    return fail(
        "slack.customize",
        Explained("it was posted under the app's own name, not under the persona's"),
        Explained("Nobody sees who of the panel is speaking."),
        Explained("Give the app the scope chat:write.customize, and install it again."),
    )


async def _same_twice(thread: Thread, stack: AsyncExitStack) -> Finding:
    """Not relied on: it is good to know in which workspace it is so."""
    id_ = str(uuid.uuid4())
    try:
        sent = [str((await thread.post("…", client_msg_id=id_))["ts"]) for _n in range(2)]
    except SlackRefused as refused:
        return ok(
            "slack.client_msg_id", Explained("client_msg_id is refused: {code}", code=refused.code)
        )
    for ts in set(sent):
        stack.push_async_callback(_delete, thread.api, thread.channel, ts)
    if len(set(sent)) == 1:
        return ok("slack.client_msg_id", Explained("a message sent twice is posted once here"))
    return ok("slack.client_msg_id", Explained("a message sent twice is posted twice here"))


async def _status(thread: Thread, _stack: AsyncExitStack) -> Finding:
    where = {"channel_id": thread.channel, "thread_ts": thread.root}
    try:
        await thread.api.call("assistant.threads.setStatus", status="…", **where)
        await thread.api.call("assistant.threads.setStatus", status="", **where)
    except SlackRefused as refused:
        return warn(
            "slack.status",
            Explained("who is thinking cannot be shown here: {code}", code=refused.code),
            Explained("Between two turns, nothing says that the next is on its way."),
            Explained("Nothing has to be done; in some sorts of channels Slack does not show it."),
        )
    return ok("slack.status", Explained("it shows who is thinking"))


async def _first(api: SlackApi) -> str | None:
    """A channel that the app is in."""
    told = await api.call("users.conversations", types=KINDS, exclude_archived=True, limit=100)
    return next((str(channel["id"]) for channel in told["channels"]), None)


def _in_no_channel() -> Finding:
    return fail(
        "slack.channel",
        Explained("the app is in no channel"),
        Explained("It hears and posts only where it was invited."),
        Explained("Write /invite @Tertulia in a channel, or name one: --slack-channel C…"),
    )


def _not_posted(asked: Asked, refused: SlackRefused) -> Finding:
    can_join = refused.code in ("not_in_channel", "channel_not_found")
    joins = _joining(asked) if can_join and asked.slack_channel else None
    return fail(
        "slack.post",
        refused,
        Explained("Debates are not shown where the app may not post."),
        Explained("Write /invite @Tertulia in the channel, and let apps post there."),
        joins,
    )


def _joining(asked: Asked) -> Mending:
    async def mending() -> None:
        slack = asked.settings.slack
        async with SlackApi.open(slack, secret(slack.bot_token)) as api:
            await api.call("conversations.join", channel=asked.slack_channel)

    return mending


async def _plain_then_delete(thread: Thread, ts: str) -> None:
    try:
        await thread.api.call("chat.update", channel=thread.channel, ts=ts, text="…")
    except SlackRefused:
        return
    await _delete(thread.api, thread.channel, ts)


async def _delete(api: SlackApi, channel: str, ts: str) -> None:
    try:
        await api.call("chat.delete", channel=channel, ts=ts)
    except SlackRefused:
        return  # it is gone, or Slack keeps it; it says of itself what it is
