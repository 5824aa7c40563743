"""`reactions.*`."""

from __future__ import annotations

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method

_MOST_EMOJI = 23
"""Different ones on a message."""


def _reacted(call: Call) -> Message:
    if not (call.text("channel") and call.text("timestamp")):
        raise Refused("no_item_specified")
    channel = call.channel()
    if channel.is_archived:
        raise Refused("is_archived")
    return call.message(channel, "timestamp")


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not name or not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise Refused("invalid_name")
    return name


def _add(call: Call) -> Json:
    message, name = _reacted(call), _name(call)
    if len(message.reactions) >= _MOST_EMOJI and name not in message.reactions:
        raise Refused("too_many_emoji")
    if not call.slack.posting.react(message, call.user, name, is_added=True):
        raise Refused("already_reacted")
    return {}


def _remove(call: Call) -> Json:
    if not call.slack.posting.react(_reacted(call), call.user, _name(call), is_added=False):
        raise Refused("no_reaction")
    return {}


def _get(call: Call) -> Json:
    message = _reacted(call)
    return {"type": "message", "channel": message.channel, "message": message.as_json()}


METHODS = {
    "reactions.add": Method(_add, Tier.THREE, ("reactions:write",), ("name",)),
    "reactions.remove": Method(_remove, Tier.TWO, ("reactions:write",), ("name",)),
    "reactions.get": Method(_get, Tier.THREE, ("reactions:read",), takes_json=False),
}
