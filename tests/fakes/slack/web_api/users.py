"""`users.*` and `usergroups.*`: who is there."""

from __future__ import annotations

from tests.fakes.slack.limits import Tier
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.web_api.call import Call, Method
from tests.fakes.slack.web_api.pages import page
from tests.fakes.slack.workspace import User, UserGroup


def _info(call: Call) -> Json:
    user = call.slack.workspaces.users.get(call.text("user"))
    if user is None or not call.slack.workspaces.has(call.team.id, user):
        raise Refused("user_not_found")
    return {"user": _as_json(call, user)}


def _list(call: Call) -> Json:
    workspaces, team = call.slack.workspaces, call.team.id
    users = [user for user in workspaces.users.values() if workspaces.has(team, user)]
    shown, following = page(users, call.text("cursor"), call.number("limit", 1_000, 1_000))
    members = [_as_json(call, user) for user in shown]
    return {"members": members, "response_metadata": following}


def _as_json(call: Call, user: User) -> Json:
    return user.as_json(locale=call.flag("include_locale"), email="users:read.email" in call.scopes)


def _groups(call: Call) -> Json:
    if not call.team.is_paid:
        raise Refused("plan_upgrade_required")
    shown = [
        _group_json(call, group)
        for group in call.slack.workspaces.groups.values()
        if group.team_id == call.team.id
        and (not group.is_disabled or call.flag("include_disabled"))
    ]
    return {"usergroups": shown}


def _group_json(call: Call, group: UserGroup) -> Json:
    shown: Json = {
        "id": group.id,
        "team_id": group.team_id,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_delete": 1 if group.is_disabled else 0,
    }
    if call.flag("include_users"):
        shown["users"] = list(group.users)
    if call.flag("include_count"):
        shown["user_count"] = len(group.users)
    return shown


def _group_users(call: Call) -> Json:
    if not call.team.is_paid:
        raise Refused("plan_upgrade_required")
    group = call.slack.workspaces.groups.get(call.text("usergroup"))
    if group is None or group.team_id != call.team.id:
        raise Refused("no_such_subteam")
    is_shown = not group.is_disabled or call.flag("include_disabled")
    return {"users": list(group.users) if is_shown else []}


METHODS = {
    "users.info": Method(_info, Tier.FOUR, ("users:read",), ("user",), takes_json=False),
    "users.list": Method(_list, Tier.TWO, ("users:read",), takes_json=False),
    "usergroups.list": Method(_groups, Tier.TWO, ("usergroups:read",), takes_json=False),
    "usergroups.users.list": Method(
        _group_users, Tier.TWO, ("usergroups:read",), ("usergroup",), takes_json=False
    ),
}
