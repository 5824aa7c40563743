"""Reactions to a message."""

from __future__ import annotations

from tests.fakes.discord.limits import REACTIONS
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.rest.call import Call, Route


def _emoji(call: Call) -> str:
    """Emoji of a guild's own come as `name:id`; words are none."""
    found = call.params["emoji"]
    if found.isascii() and ":" not in found and not found[0].isdigit():
        raise Refused(10014)
    return found


def _add(call: Call) -> None:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    message, emoji = call.message(channel), _emoji(call)
    if emoji not in message.reactions:
        call.channel(Permission.ADD_REACTIONS)
    call.discord.posting.react(channel, message, call.app.user, emoji)


def _take_back(call: Call) -> None:
    channel = call.channel()
    call.discord.posting.unreact(channel, call.message(channel), call.app.user, _emoji(call))


def _take_away(call: Call) -> None:
    channel = call.channel(Permission.MANAGE_MESSAGES)
    user = call.discord.world.users.get(call.params["user"])
    if user is None:
        raise Refused(10013)
    call.discord.posting.unreact(channel, call.message(channel), user, _emoji(call))


def _who(call: Call) -> list[Json]:
    message = call.message(call.channel())
    users = message.reactions.get(_emoji(call), [])
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    found = sorted((user for user in users if int(user) > after), key=int)[:limit]
    return [call.discord.world.users[user].as_json() for user in found]


_ONE = "/channels/{channel}/messages/{message}/reactions/{emoji}"
ROUTES = [
    Route("PUT", f"{_ONE}/@me", _add, REACTIONS),
    Route("DELETE", f"{_ONE}/@me", _take_back, REACTIONS),
    Route("DELETE", f"{_ONE}/{{user}}", _take_away, REACTIONS),
    Route("GET", _ONE, _who),
]
