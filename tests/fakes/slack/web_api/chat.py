"""`chat.*`: posting, editing and deleting messages."""

from __future__ import annotations

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.content import content, identity, message_metadata
from tests.fakes.slack.workspace import Channel

MOST_IN_EDIT = 4_000
"""The reference counts characters; UTF-8 bytes are what was seen to be refused, and are fewer."""


def writable(call: Call) -> Channel:
    """The channel to post to; a user's id stands for the direct message with them.

    Raises:
        Refused: `channel_not_found`, `is_archived`, `not_in_channel`, `restricted_action_…`.
    """
    named = call.text("channel")
    if named.startswith(("U", "W")):
        user = call.slack.workspaces.users.get(named)
        if user is None or user.team_id != call.team.id:
            raise Refused("channel_not_found")
        return call.slack.workspaces.direct(call.team.id, (user.id, call.user.id))
    channel = call.channel()
    if channel.is_archived:
        raise Refused("is_archived")
    if call.user.id not in channel.members and "chat:write.public" not in call.scopes:
        raise Refused("not_in_channel")
    if channel.refuses:
        raise Refused(channel.refuses)
    return channel


def root_of(call: Call, channel: Channel) -> Message | None:
    """The message under which to reply; `None`: none was named.

    Raises:
        Refused: `thread_not_found`, `cannot_reply_to_message`, `restricted_action_thread_locked`.
    """
    if not call.text("thread_ts"):
        return None
    root = call.message(channel, "thread_ts", "thread_not_found")
    if root.thread_ts not in (None, root.ts):
        raise Refused("cannot_reply_to_message")
    if root.ts in channel.locked_threads:
        raise Refused("restricted_action_thread_locked")
    return root


def draft(call: Call, channel: Channel, text: str = "") -> Message:
    """A message of the caller's, not posted yet."""
    made = Message(call.slack.clock.ts(), channel.id, call.team.id, call.user.id, text)
    made.app_id = call.installation.app.id
    if call.user.is_bot:
        made.bot_id, made.bot_name = call.user.bot_id, call.user.real_name
    return made


def reply_to(root: Message | None, message: Message) -> None:
    """Puts the message into the thread of this root."""
    if root is not None:
        message.thread_ts, message.parent_user = root.ts, root.user


def _post_message(call: Call) -> Json:
    channel = writable(call)
    said = content(call)
    root = root_of(call, channel)
    kept = message_metadata(call)
    message = draft(call, channel, said.text)
    message.blocks, message.attachments = said.blocks, said.attachments
    message.links_names, message.metadata = said.links_names, kept
    message.identity = identity(call)
    message.is_broadcast = root is not None and call.flag("reply_broadcast")
    reply_to(root, message)
    call.slack.posting.post(channel, message)
    shown = message.as_json(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _post_ephemeral(call: Call) -> Json:
    channel = writable(call)
    if call.text("user") not in channel.members:
        raise Refused("user_not_in_channel")
    said = content(call)
    message = draft(call, channel, said.text)
    message.blocks, message.attachments = said.blocks, said.attachments
    message.identity, message.only_for = identity(call), call.text("user")
    message.thread_ts = call.text("thread_ts") or None
    call.slack.posting.post_ephemeral(message)
    return {"message_ts": message.ts}


def own(call: Call, channel: Channel, error: str) -> Message:
    """The caller's own message that the call names.

    Raises:
        Refused: `message_not_found`, or `error` for another's.
    """
    message = call.message(channel, "ts")
    is_own = message.user == call.user.id and message.app_id == call.installation.app.id
    if not is_own or message.subtype == "tombstone":
        raise Refused(error)
    return message


def _update(call: Call) -> Json:
    channel = call.channel()
    message = own(call, channel, "cant_update_message")
    if channel.is_archived:
        raise Refused("is_inactive")
    if message.stream is not None and message.stream.takes_more(call.slack.clock.seconds()):
        raise Refused("streaming_state_conflict")
    window = call.team.edit_window_s
    if window is not None and call.slack.clock.seconds() - message.posted_at > window:
        raise Refused("edit_window_closed")
    if len(call.text("text").encode()) > MOST_IN_EDIT:
        raise Refused("msg_too_long")
    said = content(call)
    kept = message_metadata(call) if "metadata" in call.args else message.metadata
    previous = message.as_json()
    message.text, message.blocks, message.attachments = said.text, said.blocks, said.attachments
    message.links_names, message.metadata = said.links_names, kept
    if message.stream is not None:
        message.stream.is_open = False
    message.identity = None  # an edit takes no name and icon, and does not keep those it had
    if not said.blocks:
        message.edited = {"user": call.user.id, "ts": call.slack.clock.ts()}
    call.slack.posting.edited(channel, message, previous)
    shown = message.as_json(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _delete(call: Call) -> Json:
    channel = call.channel()
    message = own(call, channel, "cant_delete_message")
    if message.identity is not None:
        raise Refused("cant_delete_message")
    call.slack.posting.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.team.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts not in (None, message.ts):
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


_WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(_post_message, Tier.POSTING, _WRITE, ("channel",)),
    "chat.postEphemeral": Method(_post_ephemeral, Tier.FOUR, _WRITE, ("channel", "user")),
    "chat.update": Method(_update, Tier.THREE, _WRITE, ("channel", "ts")),
    "chat.delete": Method(_delete, Tier.THREE, _WRITE, ("channel", "ts")),
    "chat.getPermalink": Method(
        _permalink, Tier.SPECIAL, required=("channel", "message_ts"), takes_json=False
    ),
}
