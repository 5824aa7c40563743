"""`views.*`: modals, which need a fresh trigger, and Home tabs."""

from __future__ import annotations

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method


def _open(call: Call) -> Json:
    user = call.slack.triggers.exchange(call.text("trigger_id"), call.installation.app)
    view = call.slack.views.open(call.installation, user, call.structure("view"))
    return {"view": view.as_json()}


def _push(call: Call) -> Json:
    user = call.slack.triggers.exchange(call.text("trigger_id"), call.installation.app)
    view = call.slack.views.push(call.installation, user, call.structure("view"))
    return {"view": view.as_json()}


def _update(call: Call) -> Json:
    view = call.slack.views.find(call.text("view_id"), call.text("external_id"))
    if view.installation is not call.installation:
        raise Refused("not_found")
    if call.text("hash") and call.text("hash") != view.hash:
        raise Refused("hash_conflict")
    return {"view": call.slack.views.update(view, call.structure("view")).as_json()}


def _publish(call: Call) -> Json:
    if not call.installation.app.has_home:
        raise Refused("not_enabled")
    user = call.slack.workspaces.users.get(call.text("user_id"))
    if user is None or user.team_id != call.team.id:
        raise Refused.arguments("[ERROR] invalid user_id: /user_id")
    view = call.slack.views.publish(
        call.installation, user.id, call.structure("view"), call.text("hash")
    )
    return {"view": view.as_json()}


METHODS = {
    "views.open": Method(_open, Tier.FOUR, required=("view",), tokens=("bot",)),
    "views.push": Method(_push, Tier.FOUR, required=("view",), tokens=("bot",)),
    "views.update": Method(_update, Tier.FOUR, required=("view",), tokens=("bot",)),
    "views.publish": Method(_publish, Tier.FOUR, required=("user_id", "view"), tokens=("bot",)),
}
