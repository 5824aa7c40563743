"""Messages of a channel: posting with a nonce, reading, editing, deleting, pinning, typing."""

from __future__ import annotations

from tests.fakes.discord.guilds import Channel, Kind
from tests.fakes.discord.limits import EDITS, POSTS
from tests.fakes.discord.mentions import Allowed
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.rest.call import Call, Route
from tests.fakes.discord.rest.drafting import fill

LONGEST_NONCE = 25
MOST_READ = 100


def may_post(call: Call) -> Channel:
    """The channel, where the caller may post into it.

    Raises:
        Refused: 50008, 50013
    """
    channel = call.channel()
    needed = Permission.SEND_MESSAGES
    if channel.is_thread:
        needed = Permission.SEND_MESSAGES_IN_THREADS
    channel = call.channel(needed)
    if call.files:
        call.channel(Permission.ATTACH_FILES)
    if channel.kind is Kind.FORUM:
        raise Refused(50008)
    return channel


def _create(call: Call) -> Json:
    channel, posting = may_post(call), call.discord.posting
    nonce = call.body.get("nonce")
    if nonce is not None and len(str(nonce)) > LONGEST_NONCE:
        raise Refused.form("nonce", f"Must be {LONGEST_NONCE} or fewer in length.")
    if nonce is not None and call.body.get("enforce_nonce"):
        before = posting.of_nonce(call.app.user, str(nonce))
        if before is not None:
            return call.show(before)
    message = call.discord.draft(channel, call.app.user)
    message.nonce = None if nonce is None else str(nonce)
    reference = call.body.get("message_reference")
    if reference:
        message.type = 19
        message.replied_to = channel.messages.get(str(reference["message_id"]))
        if message.replied_to is None and reference.get("fail_if_not_exists", True):
            raise Refused.form("message_reference", "Unknown message")
    fill(call, message)
    posting.post(channel, message, Allowed.read(call.body.get("allowed_mentions")))
    return call.show(message)


def _list(call: Call) -> list[Json]:
    channel = call.channel()
    if not call.discord.world.may(call.app.id, channel, Permission.READ_MESSAGE_HISTORY):
        return []  # so it is documented: nothing is shown, and nothing is refused
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= MOST_READ:
        raise Refused.form("limit", f"Must be between 1 and {MOST_READ}.")
    found = list(channel.messages.values())
    if "before" in call.query:
        found = [m for m in found if int(m.id) < int(call.query["before"])][-limit:]
    elif "after" in call.query:
        found = [m for m in found if int(m.id) > int(call.query["after"])][:limit]
    elif "around" in call.query:
        middle = int(call.query["around"])
        nearest = sorted(found, key=lambda m: abs(int(m.id) - middle))[:limit]
        found = sorted(nearest, key=lambda m: int(m.id))
    return [call.show(message) for message in reversed(found[-limit:])]


def _get(call: Call) -> Json:
    return call.show(call.message(call.channel(Permission.READ_MESSAGE_HISTORY)))


def _edit(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.app.user:
        raise Refused(50005)
    edit(call, channel, message)
    return call.show(message)


def edit(call: Call, channel: Channel, message: Message) -> None:
    """Changes what the body names; mentions are read anew, as far as the body allows them.

    Raises:
        Refused
    """
    allowed = Allowed.read(call.body.get("allowed_mentions"))
    call.discord.posting.must_take_edits(channel, message)
    fill(call, message)
    call.discord.posting.edited(channel, message, allowed)


def _delete(call: Call) -> None:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.app.user:
        call.channel(Permission.MANAGE_MESSAGES)
    call.discord.posting.must_be_open(channel)
    call.discord.posting.delete(channel, message)


def _type(call: Call) -> None:
    call.discord.announcer.typing(may_post(call), call.app.user)


def _pin(call: Call) -> None:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.message(channel)
    message.is_pinned = True
    call.discord.posting.changed(channel, message)


def _unpin(call: Call) -> None:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.message(channel)
    message.is_pinned = False
    call.discord.posting.changed(channel, message)


_ALL = "/channels/{channel}/messages"
_ONE = "/channels/{channel}/messages/{message}"
ROUTES = [
    Route("POST", _ALL, _create, POSTS),
    Route("GET", _ALL, _list),
    Route("PUT", "/channels/{channel}/messages/pins/{message}", _pin),
    Route("DELETE", "/channels/{channel}/messages/pins/{message}", _unpin),
    Route("GET", _ONE, _get),
    Route("PATCH", _ONE, _edit, EDITS),
    Route("DELETE", _ONE, _delete),
    Route("POST", "/channels/{channel}/typing", _type),
]
