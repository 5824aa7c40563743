"""Channels and threads: reading, changing, opening, joining, closing."""

from __future__ import annotations

from tests.fakes.discord.guilds import Channel, Kind
from tests.fakes.discord.mentions import Allowed
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused, bounded
from tests.fakes.discord.rest.call import Call, Route
from tests.fakes.discord.rest.drafting import fill

ARCHIVE_MIN = (60, 1440, 4320, 10080)


def _get(call: Call) -> Json:
    return call.channel().as_json(call.app.id)


def _change(call: Call) -> Json:
    channel, body = call.channel(), call.body
    if not channel.is_thread:
        call.channel(Permission.MANAGE_CHANNELS)
        channel.name = bounded(body, "name", 1, 100, channel.name)
        channel.topic = body.get("topic") or channel.topic
        call.discord.announcer.channel("CHANNEL_UPDATE", channel)
        return channel.as_json(call.app.id)
    if channel.owner_id != call.app.id or "locked" in body:
        call.channel(Permission.MANAGE_THREADS)
    if channel.is_archived and body.get("archived") is not False:
        raise Refused(50083)
    if channel.is_locked and "archived" in body:
        call.channel(Permission.MANAGE_THREADS)
    channel.name = bounded(body, "name", 1, 100, channel.name)
    channel.auto_archive_min = _archive_min(body, channel.auto_archive_min)
    call.discord.change_thread(
        channel,
        is_archived=bool(body.get("archived", channel.is_archived)),
        is_locked=bool(body.get("locked", channel.is_locked)),
    )
    return channel.as_json(call.app.id)


def _delete(call: Call) -> Json:
    channel = call.channel()
    needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
    call.channel(needed)
    call.discord.remove_channel(channel)
    return channel.as_json(call.app.id)


def _from_message(call: Call) -> Json:
    channel = call.channel(Permission.CREATE_PUBLIC_THREADS)
    return _opened(call, channel, call.message(channel).id)


def _open(call: Call) -> Json:
    channel = call.channel()
    if channel.kind is Kind.FORUM:
        return _post_in_forum(call)
    call.channel(Permission.CREATE_PUBLIC_THREADS)
    return _opened(call, channel, None)


def _opened(call: Call, channel: Channel, start: str | None) -> Json:
    name = bounded(call.body, "name", 1, 100)
    archive_min = _archive_min(call.body, 4320)
    message = channel.messages[start] if start is not None else None
    thread = call.discord.posting.open_thread(channel, call.app.user, name, message, archive_min)
    return thread.as_json(call.app.id)


def _post_in_forum(call: Call) -> Json:
    channel = call.channel(Permission.SEND_MESSAGES)
    name = bounded(call.body, "name", 1, 100)
    archive_min = _archive_min(call.body, 4320)
    call.body = dict(call.body.get("message") or {})
    draft = call.discord.draft(channel, call.app.user)
    fill(call, draft)
    thread = call.discord.post_in_forum(
        channel, name, draft, Allowed.read(call.body.get("allowed_mentions")), archive_min
    )
    return thread.as_json(call.app.id) | {"message": call.show(draft)}


def _archive_min(body: Json, default: int) -> int:
    given = body.get("auto_archive_duration") or default
    if given not in ARCHIVE_MIN:
        raise Refused.form("auto_archive_duration", f"Value must be one of {ARCHIVE_MIN}.")
    return int(given)


def _join(call: Call) -> None:
    thread = call.channel()
    call.discord.posting.must_be_open(thread)
    call.discord.posting.join_thread(thread, call.app.user)


def _add_member(call: Call) -> None:
    thread = call.channel(Permission.SEND_MESSAGES_IN_THREADS)
    call.discord.posting.must_be_open(thread)
    user = call.discord.world.users.get(call.params["user"])
    if user is None:
        raise Refused(10013)
    call.discord.posting.join_thread(thread, user)


def _members(call: Call) -> list[Json]:
    thread = call.channel()
    return [thread.member_json(user) for user in thread.members]


def _active(call: Call) -> Json:
    guild, may = call.guild(), call.discord.world.may
    threads = [
        thread
        for thread in call.discord.world.threads_of(guild)
        if may(call.app.id, thread, Permission.VIEW_CHANNEL)
    ]
    joined = [thread for thread in threads if call.app.id in thread.members]
    return {
        "threads": [thread.as_json(call.app.id) for thread in threads],
        "members": [thread.member_json(call.app.id) for thread in joined],
    }


def _archived(call: Call) -> Json:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    threads = [
        thread.as_json(call.app.id)
        for thread in call.discord.world.channels.values()
        if thread.parent is channel and thread.is_archived
    ]
    return {"threads": threads[::-1], "members": [], "has_more": False}


_ONE = "/channels/{channel}"
ROUTES = [
    Route("GET", _ONE, _get),
    Route("PATCH", _ONE, _change),
    Route("DELETE", _ONE, _delete),
    Route("POST", "/channels/{channel}/messages/{message}/threads", _from_message),
    Route("POST", "/channels/{channel}/threads", _open),
    Route("GET", "/channels/{channel}/threads/archived/public", _archived),
    Route("PUT", "/channels/{channel}/thread-members/@me", _join),
    Route("PUT", "/channels/{channel}/thread-members/{user}", _add_member),
    Route("GET", "/channels/{channel}/thread-members", _members),
    Route("GET", "/guilds/{guild}/threads/active", _active),
]
