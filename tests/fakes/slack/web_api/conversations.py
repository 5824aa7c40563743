"""`conversations.*` and `users.conversations`: which there are, who is in them."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.pages import page
from tests.fakes.slack.workspace import Channel

_TYPES = {
    "public_channel": "public",
    "private_channel": "private",
    "mpim": "mpim",
    "im": "im",
}
_READS = {"public": "channels:read", "private": "groups:read", "mpim": "mpim:read", "im": "im:read"}


def _info(call: Call) -> Json:
    channel = _known(call)
    shown = channel.as_json(call.user.id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"channel": shown}


def _members(call: Call) -> Json:
    channel = _known(call)
    shown, following = page(channel.members, call.text("cursor"), call.number("limit", 100, 1000))
    return {"members": shown, "response_metadata": following}


def _known(call: Call) -> Channel:
    channel = call.channel()
    call.require(_READS[channel.kind])
    return channel


def _join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if call.user.id in channel.members:
        call.warnings.append("already_in_channel")
    else:
        call.slack.join(channel, call.user)
    return {"channel": channel.as_json(call.user.id)}


def _open(call: Call) -> Json:
    if call.text("channel"):
        return {"channel": {"id": call.channel().id}}
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 8:
        raise Refused("too_many_users")
    call.require("im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        found = call.slack.workspaces.users.get(user)
        if found is None or found.team_id != call.team.id:
            raise Refused("user_not_found")
        if found.is_deleted:
            raise Refused("user_disabled")
    opened = call.slack.workspaces.direct(call.team.id, (*users, call.user.id))
    shown = opened.as_json(call.user.id) if call.flag("return_im") else {"id": opened.id}
    return {"channel": shown}


def _list(call: Call) -> Json:
    return _channels(call, lambda c: c.kind == "public" or call.user.id in c.members)


def _of_user(call: Call) -> Json:
    user = call.text("user") or call.user.id
    return _channels(
        call,
        lambda c: user in c.members and (c.kind == "public" or call.user.id in c.members),
    )


def _channels(call: Call, is_shown: Callable[[Channel], bool]) -> Json:
    kinds = []
    for name in (call.text("types") or "public_channel").split(","):
        if name.strip() not in _TYPES:
            raise Refused("invalid_types")
        kinds.append(_TYPES[name.strip()])
        call.require(_READS[kinds[-1]])
    found = [
        channel
        for channel in call.slack.workspaces.of_team(call.team.id)
        if channel.kind in kinds
        and is_shown(channel)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    shown, following = page(found, call.text("cursor"), call.number("limit", 100, 999))
    channels = [channel.as_json(call.user.id) for channel in shown]
    return {"channels": channels, "response_metadata": following}


METHODS = {
    "conversations.info": Method(_info, Tier.THREE, required=("channel",), takes_json=False),
    "conversations.members": Method(_members, Tier.FOUR, required=("channel",), takes_json=False),
    "conversations.join": Method(_join, Tier.THREE, ("channels:join",), ("channel",)),
    "conversations.open": Method(_open, Tier.THREE),
    "conversations.list": Method(_list, Tier.TWO, takes_json=False),
    "users.conversations": Method(_of_user, Tier.THREE, takes_json=False),
}
